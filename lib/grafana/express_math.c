/*
 * Math over answers: numbers, $A, ${A}, + - * / % **, comparisons, && || !, functions. Series are joined by their labels.
 */
#include "grafana/express.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/num.h"

#define DEEPEST 60
#define MOST_PAIRS 10000

struct reading {
	struct gfx *x;
	struct sv rest;
	int depth;
};

enum op { OP_OR, OP_AND, OP_EQ, OP_NE, OP_GE, OP_LE, OP_GT, OP_LT, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD, OP_POW };
#define LEVELS 6
/* What binds weaker comes first; of those of a level the longer ones. */
static const struct {
	const char *text;
	enum op op;
	int level;
} operators[] = {{"||", OP_OR, 0}, {"&&", OP_AND, 1}, {"==", OP_EQ, 2}, {"!=", OP_NE, 2}, {">=", OP_GE, 2}, {"<=", OP_LE, 2}, {">", OP_GT, 2}, {"<", OP_LT, 2},
    {"+", OP_ADD, 3}, {"-", OP_SUB, 3}, {"**", OP_POW, 5}, {"*", OP_MUL, 4}, {"/", OP_DIV, 4}, {"%", OP_MOD, 4}};

static struct gfx_set
fail(struct reading *r, const char *why)
{
	if (r->x->why == NULL)
		r->x->why = why;
	return (struct gfx_set){NULL, 0};
}

/* --- labels ---------------------------------------------------------------------------------- */

static bool
contains(const struct labels *all, const struct labels *some, struct arena *a)
{
	size_t i;

	for (i = 0; i < some->n; i++)
		if (!sv_eq(labels_get(all, arena_str(a, some->v[i].name)), some->v[i].value))
			return false;
	return true;
}

/* May the two be combined, and which labels has the result? */
static bool
pair(const struct labels *a, const struct labels *b, struct arena *arena, const struct labels **out)
{
	*out = a->n == 0 ? b : a;
	if (a->n == 0 || b->n == 0 || labels_cmp(a, b) == 0)
		return true;
	if (a->n == b->n)
		return false;
	*out = a->n > b->n ? a : b;
	return a->n > b->n ? contains(a, b, arena) : contains(b, a, arena);
}

/* --- arithmetic ------------------------------------------------------------------------------ */

static double
apply(enum op op, double a, double b)
{
	if ((op == OP_OR && a != 0 && !isnan(a)) || (op == OP_AND && a == 0))
		return op == OP_OR;
	if (isnan(a) || isnan(b))
		return NAN;
	switch (op) {
	case OP_OR:
	case OP_AND:
		return b != 0;
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	case OP_GE:
		return a >= b;
	case OP_LE:
		return a <= b;
	case OP_GT:
		return a > b;
	case OP_LT:
		return a < b;
	case OP_ADD:
		return a + b;
	case OP_SUB:
		return a - b;
	case OP_MUL:
		return a * b;
	case OP_DIV:
		return a / b;
	case OP_MOD:
		return fmod(a, b);
	case OP_POW:
		return pow(a, b);
	}
	return NAN;
}

/* Two series have a value where both have one. */
static struct gfx_value
combine(struct gfx *x, enum op op, const struct gfx_value *a, const struct gfx_value *b, const struct labels *labels)
{
	const struct gfx_value *series = a->number ? b : a;
	struct gfx_value out = gfx_like(x, series, series->n);
	double *t = NULL;
	size_t i, k = 0, n = 0;

	if (x->why != NULL)
		return out;
	out.labels = *labels;
	if (!a->number && !b->number)
		out.t = t = arena_new(x->all->arena, series->n, sizeof(*t));
	for (i = 0; i < series->n; i++) {
		if (t == NULL) {
			out.v[n++] = apply(op, a->v[a->number ? 0 : i], b->v[b->number ? 0 : i]);
			continue;
		}
		while (k < b->n && b->t[k] < a->t[i])
			k++;
		if (k == b->n || b->t[k] != a->t[i])
			continue;
		t[n] = a->t[i];
		out.v[n++] = apply(op, a->v[i], b->v[k]);
	}
	out.n = n;
	return out;
}

static struct gfx_set
binary(struct reading *r, enum op op, struct gfx_set a, struct gfx_set b)
{
	static const struct labels none = {NULL, 0};
	struct arena *arena = r->x->all->arena;
	struct gfx_set out = {NULL, 0};
	const struct labels *labels;
	size_t i, k, n = 0;

	if (r->x->why != NULL || a.n == 0 || b.n == 0)
		return out;
	if (a.n > MOST_PAIRS / b.n)
		return fail(r, "too many series meet each other");
	for (i = 0; i < a.n; i++)
		for (k = 0; k < b.n; k++)
			n += pair(&a.v[i].labels, &b.v[k].labels, arena, &labels);
	out.v = arena_new(arena, n + 1, sizeof(*out.v));
	for (i = 0; i < a.n; i++)
		for (k = 0; k < b.n && r->x->why == NULL; k++)
			if (pair(&a.v[i].labels, &b.v[k].labels, arena, &labels))
				out.v[out.n++] = combine(r->x, op, &a.v[i], &b.v[k], labels);
	/* One and one are combined whatever they are called. */
	if (n == 0 && a.n == 1 && b.n == 1)
		out.v[out.n++] = combine(r->x, op, &a.v[0], &b.v[0], &none);
	if (n == 0 && a.n * b.n > 1)
		return fail(r, "the labels of its two sides do not fit each other");
	return r->x->why != NULL ? (struct gfx_set){NULL, 0} : out;
}

/* --- one operand ------------------------------------------------------------------------------ */

static double
round_away(double v)
{
	return round(v);
}

static double
is_nan(double v)
{
	return isnan(v) ? 1 : 0;
}

static double
is_inf(double v)
{
	return isinf(v) ? 1 : 0;
}

static double
is_number(double v)
{
	return isfinite(v) ? 1 : 0;
}

static double
negate(double v)
{
	return -v;
}

static double
invert(double v)
{
	return isnan(v) ? NAN : v == 0 ? 1 : 0;
}

static const struct {
	const char *name;
	double (*apply)(double v);
} functions[] = {{"abs", fabs}, {"log", log}, {"round", round_away}, {"ceil", ceil}, {"floor", floor}, {"is_nan", is_nan}, {"is_inf", is_inf}, {"is_number", is_number}};

static struct gfx_set
map(struct reading *r, struct gfx_set a, double (*function)(double v))
{
	struct gfx_set out = {arena_new(r->x->all->arena, a.n, sizeof(*out.v)), 0};
	size_t i, k;

	for (i = 0; i < a.n && r->x->why == NULL; i++) {
		out.v[i] = gfx_like(r->x, &a.v[i], a.v[i].n);
		for (k = 0; r->x->why == NULL && k < a.v[i].n; k++)
			out.v[i].v[k] = function(a.v[i].v[k]);
		out.n++;
	}
	return r->x->why != NULL ? (struct gfx_set){NULL, 0} : out;
}

static struct gfx_set
scalar(struct reading *r, double v)
{
	static const struct gfx_value none = {.number = true};
	struct gfx_set out = {arena_new(r->x->all->arena, 1, sizeof(*out.v)), 1};

	out.v[0] = gfx_like(r->x, &none, 1);
	if (r->x->why != NULL)
		return (struct gfx_set){NULL, 0};
	out.v[0].v[0] = v;
	return out;
}

static bool
takes(struct reading *r, const char *text)
{
	r->rest = sv_trim(r->rest);
	if (!sv_starts(r->rest, text))
		return false;
	r->rest = sv_from(r->rest, strlen(text));
	return true;
}

static struct sv
word(struct reading *r)
{
	size_t n = 0;
	struct sv w;

	while (n < r->rest.n && (isalnum((unsigned char)r->rest.p[n]) || r->rest.p[n] == '_' || r->rest.p[n] == '.'))
		n++;
	/* 1e-3 */
	if (n > 1 && isdigit((unsigned char)r->rest.p[0]) && (r->rest.p[n - 1] | 32) == 'e' && n < r->rest.n && (r->rest.p[n] == '-' || r->rest.p[n] == '+'))
		for (n++; n < r->rest.n && isdigit((unsigned char)r->rest.p[n]); n++)
			;
	w = sv_head(r->rest, n);
	r->rest = sv_from(r->rest, n);
	return w;
}

static struct gfx_set read_level(struct reading *r, int level);

static struct gfx_set
read_function(struct reading *r, struct sv name)
{
	struct gfx_set a;
	size_t i;

	if (!takes(r, "("))
		return fail(r, arena_fmt(r->x->all->arena, "'%" SV_FMT "' is neither a number nor a function", SV_ARG(name)));
	if (takes(r, ")")) {
		if (sv_is(name, "inf"))
			return scalar(r, INFINITY);
		if (sv_is(name, "infn"))
			return scalar(r, -INFINITY);
		if (sv_is(name, "nan"))
			return scalar(r, NAN);
		return fail(r, arena_fmt(r->x->all->arena, "%" SV_FMT "() is not evaluated here", SV_ARG(name)));
	}
	a = read_level(r, 0);
	if (!takes(r, ")"))
		return fail(r, "a parenthesis is not closed");
	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (sv_is(name, functions[i].name))
			return map(r, a, functions[i].apply);
	return fail(r, arena_fmt(r->x->all->arena, "%" SV_FMT "() is not evaluated here", SV_ARG(name)));
}

static struct gfx_set
read_operand(struct reading *r)
{
	struct gfx_set out = {NULL, 0};
	struct sv name;
	double v;

	if (++r->depth > DEEPEST) {
		fail(r, "it is nested too deeply");
	} else if (takes(r, "(")) {
		out = read_level(r, 0);
		if (!takes(r, ")"))
			out = fail(r, "a parenthesis is not closed");
	} else if (takes(r, "!")) {
		out = map(r, read_operand(r), invert);
	} else if (takes(r, "-")) {
		out = map(r, read_operand(r), negate);
	} else if (takes(r, "${")) {
		name = sv_head(r->rest, sv_chr(r->rest, '}'));
		if (name.n == r->rest.n)
			out = fail(r, "a brace is not closed");
		else
			out = gfx_answer(r->x, name);
		r->rest = sv_from(r->rest, name.n + 1);
	} else if (takes(r, "$")) {
		name = word(r);
		out = name.n == 0 ? fail(r, "a '$' names no query") : gfx_answer(r->x, name);
	} else {
		name = word(r);
		out = name.n == 0 ? fail(r, "an operand is missing") : num_parse(name, &v) && isdigit((unsigned char)name.p[0]) ? scalar(r, v) : read_function(r, name);
	}
	r->depth--;
	return out;
}

static struct gfx_set
read_level(struct reading *r, int level)
{
	struct gfx_set left = level == LEVELS ? read_operand(r) : read_level(r, level + 1);
	size_t i;

	while (level < LEVELS && r->x->why == NULL) {
		r->rest = sv_trim(r->rest);
		for (i = 0; i < sizeof(operators) / sizeof(*operators); i++)
			if (sv_starts(r->rest, operators[i].text))
				break;
		if (i == sizeof(operators) / sizeof(*operators) || operators[i].level != level)
			break;
		r->rest = sv_from(r->rest, strlen(operators[i].text));
		left = binary(r, operators[i].op, left, read_level(r, level + 1));
	}
	return left;
}

struct gfx_set
gfx_math(struct gfx *x, struct sv text)
{
	struct reading r = {x, sv_trim(text), 0};
	struct gfx_set out = read_level(&r, 0);

	r.rest = sv_trim(r.rest);
	if (x->why == NULL && r.rest.n > 0)
		fail(&r, arena_fmt(x->all->arena, "'%" SV_FMT "' is not understood", SV_ARG(sv_head(r.rest, 40))));
	return x->why != NULL ? (struct gfx_set){NULL, 0} : out;
}
