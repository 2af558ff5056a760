/*
 * Which queries an expression reads, their answers as numbers and series, and math, reduce and threshold made of them.
 */
#include "grafana/express.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "grafana/transform.h"

#define MOST_VALUES 5e6

struct gfx_value
gfx_like(struct gfx *x, const struct gfx_value *like, size_t n)
{
	struct gfx_value v = *like;

	v.n = 0;
	v.v = NULL;
	x->room -= (double)n + 1;
	if (x->room < 0) {
		x->why = "it makes too many values";
		return v;
	}
	v.v = arena_new(x->all->arena, n, sizeof(*v.v));
	v.n = n;
	return v;
}

/* --- answers ----------------------------------------------------------------------------------- */

/* A row's number; its texts are its labels. */
static struct gfx_value
row_value(struct gfx *x, const struct gf_frame *f, const struct gf_column *c, size_t r)
{
	struct gfx_value v = {.number = true, .n = 1, .labels = c->labels};
	size_t i, n = 0;

	v.v = arena_new(x->all->arena, 1, sizeof(*v.v));
	v.v[0] = c->cell[r].v;
	for (i = 0; i < f->n_columns; i++)
		n += f->column[i].kind == GF_STRING && f->column[i].cell[r].text.n > 0;
	if (n == 0)
		return v;
	v.labels = (struct labels){arena_new(x->all->arena, n, sizeof(struct label)), 0};
	for (i = 0; i < f->n_columns; i++)
		if (f->column[i].kind == GF_STRING && f->column[i].cell[r].text.n > 0)
			v.labels.v[v.labels.n++] = (struct label){f->column[i].name, f->column[i].cell[r].text};
	if (labels_sort(&v.labels) < 0)
		v.labels.n = 0;
	return v;
}

static void
series_value(struct gfx *x, const struct gf_frame *f, const struct gf_column *time, const struct gf_column *c, struct gfx_value *out)
{
	double *t = arena_new(x->all->arena, f->n_rows, sizeof(*t));
	size_t r;

	*out = (struct gfx_value){.labels = c->labels, .step = f->step};
	*out = gfx_like(x, out, f->n_rows);
	out->t = t;
	for (r = 0; r < out->n; r++) {
		t[r] = time->cell[r].v;
		out->v[r] = c->cell[r].v;
	}
}

struct gfx_set
gfx_answer(struct gfx *x, struct sv ref)
{
	VEC(struct gfx_value) set = {0};
	struct gfx_set out;
	size_t i, k, r;

	for (i = 0; i < x->all->n; i++) {
		const struct gf_frame *f = &x->all->v[i];
		const struct gf_column *time = gf_column_named(f, SV("Time"));
		bool table = false;

		if (!sv_eq(f->ref_id, ref))
			continue;
		for (k = 0; k < f->n_columns; k++)
			table |= f->column[k].kind == GF_STRING;
		for (k = 0; k < f->n_columns; k++) {
			if (f->column[k].kind != GF_NUMBER)
				continue;
			if (time != NULL && !table && f->step > 0)
				series_value(x, f, time, &f->column[k], vec_add(&set));
			else
				for (r = 0; r < f->n_rows && x->room-- > 0; r++)
					*vec_add(&set) = row_value(x, f, &f->column[k], r);
		}
	}
	if (x->why != NULL)
		set.n = 0;
	out.n = set.n;
	out.v = arena_keep(x->all->arena, set.v, set.n, sizeof(*set.v));
	return out;
}

/* --- reduce, threshold -------------------------------------------------------------------------- */

static struct gfx_set
reduce(struct gfx *x, const struct gf_target *t)
{
	struct gfx_set in = gfx_answer(x, t->expr), out = {arena_new(x->all->arena, in.n, sizeof(*out.v)), 0};
	struct sv how = gf_str(t->doc, "reducer"), mode = gf_str(t->doc, "settings.mode");
	double by = gf_num(t->doc, "settings.replaceWithValue", 0);
	static const char *const known[] = {"sum", "mean", "min", "max", "count", "last", "median", NULL};
	size_t i, k, n;

	for (i = 0; known[i] != NULL && !sv_is(how, known[i]); i++)
		;
	if (known[i] == NULL)
		x->why = arena_fmt(x->all->arena, "the reduction '%" SV_FMT "' is not done here", SV_ARG(how));
	for (i = 0; x->why == NULL && i < in.n; i++) {
		struct gfx_value *v = &in.v[i], one = {.labels = v->labels, .number = true};
		double *kept = mem_new(v->n, sizeof(*kept));
		bool understood, nan = false;

		for (k = n = 0; k < v->n; k++) {
			double c = isfinite(v->v[k]) || mode.n == 0 || sv_is(mode, "strict") ? v->v[k] : sv_is(mode, "replaceNN") ? by : NAN;

			if (isnan(c) && sv_is(mode, "dropNN"))
				continue;
			nan |= isnan(c);
			kept[n++] = c;
		}
		out.v[out.n] = gfx_like(x, &one, 1);
		if (x->why == NULL) {
			/* Strict: what holds a value that is none is none. */
			out.v[out.n].v[0] = sv_is(how, "count") ? (double)n : sv_is(how, "last") ? (n > 0 ? kept[n - 1] : NAN) : n == 0 ? (sv_is(how, "sum") ? 0 : NAN) :
			    nan ? NAN : gf_reduce(how, kept, kept, n, &understood);
			out.n++;
		}
		mem_free(kept);
	}
	return out;
}

static struct gfx_set
threshold(struct gfx *x, const struct gf_target *t)
{
	struct sv type = gf_str(t->doc, "conditions.0.evaluator.type");
	double low = gf_num(t->doc, "conditions.0.evaluator.params.0", NAN), high = gf_num(t->doc, "conditions.0.evaluator.params.1", NAN);
	struct gfx_set in = gfx_answer(x, t->expr), out = {arena_new(x->all->arena, in.n, sizeof(*out.v)), 0};
	size_t i, k;

	if (isnan(low) || (sv_find(type, SV("range")) < type.n && isnan(high)))
		x->why = "its threshold is no number";
	for (i = 0; x->why == NULL && i < in.n; i++) {
		out.v[i] = gfx_like(x, &in.v[i], in.v[i].n);
		for (k = 0; k < out.v[i].n; k++) {
			double v = in.v[i].v[k];
			int truth = sv_is(type, "gt") ? v > low : sv_is(type, "lt") ? v < low : sv_is(type, "gte") ? v >= low : sv_is(type, "lte") ? v <= low :
			    sv_is(type, "eq") ? v == low : sv_is(type, "ne") ? v != low : sv_is(type, "within_range") ? v > low && v < high :
			    sv_is(type, "outside_range") ? v < low || v > high : -1;

			if (truth < 0)
				x->why = arena_fmt(x->all->arena, "the condition '%" SV_FMT "' is not evaluated here", SV_ARG(type));
			out.v[i].v[k] = isnan(v) ? NAN : truth;
		}
		out.n++;
	}
	return out;
}

/* --- the whole ------------------------------------------------------------------------------------ */

bool
gf_express_reads(const struct gf_target *t, struct sv ref)
{
	struct sv rest = t->expr;

	if (t->expression.n == 0 || ref.n == 0)
		return false;
	if (!sv_is(t->expression, "math"))
		return sv_eq(sv_trim(t->expr), ref);
	while (rest.n > 0) {
		rest = sv_from(rest, sv_chr(rest, '$'));
		rest = sv_from(rest, 1);
		if (sv_starts(rest, "{") ? sv_eq(sv_head(sv_from(rest, 1), sv_chr(sv_from(rest, 1), '}')), ref) :
		    sv_eq(sv_head(rest, ref.n), ref) &&
			(rest.n == ref.n || strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.", rest.p[ref.n]) == NULL))
			return true;
	}
	return false;
}

static struct gf_frame
frame_of(struct gfx *x, const struct gf_target *t, const struct gfx_value *v)
{
	struct gf_frame f = gf_frame_new(x->all, v->number ? 1 : 2, v->n);
	struct gf_column *c = &f.column[f.n_columns - 1];
	size_t r;

	f.ref_id = t->ref_id;
	f.step = v->step;
	*c = (struct gf_column){.name = t->ref_id, .labels = v->labels, .kind = GF_NUMBER, .cell = c->cell};
	for (r = 0; r < v->n; r++)
		c->cell[r].v = v->v[r];
	if (v->number)
		return f;
	f.column[0].name = SV("Time");
	f.column[0].kind = GF_TIME;
	for (r = 0; r < v->n; r++)
		f.column[0].cell[r].v = v->t[r];
	return f;
}

const char *
gf_express(const struct gf_target *t, struct gf_frames *all)
{
	struct gfx x = {.all = all, .room = MOST_VALUES};
	struct gfx_set out = {NULL, 0};
	struct gf_frame *v;
	size_t i;

	if (sv_is(t->expression, "math"))
		out = gfx_math(&x, t->expr);
	else if (sv_is(t->expression, "reduce"))
		out = reduce(&x, t);
	else if (sv_is(t->expression, "threshold"))
		out = threshold(&x, t);
	else
		x.why = arena_fmt(all->arena, "expressions of the kind '%" SV_FMT "' are not evaluated here", SV_ARG(t->expression));
	if (x.why != NULL)
		return x.why;
	v = arena_new(all->arena, all->n + out.n, sizeof(*v));
	if (all->n > 0)
		memcpy(v, all->v, all->n * sizeof(*v));
	for (i = 0; i < out.n; i++)
		v[all->n + i] = frame_of(&x, t, &out.v[i]);
	all->v = v;
	all->n += out.n;
	return NULL;
}
