/* The tree to text. */
#include "rules/template.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rules/template_in.h"

int
tmpl_fail(struct tmpl_run *r, const char *fmt, ...)
{
	char what[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(r->e, ERR_INPUT, "template: line %d: %s", r->line, what);
}

static int
work(struct tmpl_run *r)
{
	if (++r->work > TMPL_MAX_WORK)
		return tmpl_fail(r, "it takes too long");
	return r->out.n > TMPL_MAX_OUTPUT ? tmpl_fail(r, "it writes more than %d bytes", TMPL_MAX_OUTPUT) : 0;
}

static struct tmpl_variable *
variable(struct tmpl_run *r, struct sv name)
{
	size_t i;

	for (i = r->vars.n; i > 0; i--)
		if (sv_eq(r->vars.v[i - 1].name, name))
			return &r->vars.v[i - 1];
	return NULL;
}

static void
set_variable(struct tmpl_run *r, struct sv name, const struct tmpl_value *v)
{
	struct tmpl_variable *var = vec_add(&r->vars);

	var->name = name;
	var->v = *v;
}

/* ----- values --------------------------------------------------------------------------- */

static struct tmpl_value
label_of(const struct labels *l, struct sv name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (sv_eq(l->v[i].name, name))
			return tmpl_text(l->v[i].value);
	return tmpl_text(SV("")); /* missingkey=zero */
}

static int
field_of(struct tmpl_run *r, const struct tmpl_value *v, struct sv name, struct tmpl_value *out)
{
	size_t i;

	if (v->kind == TV_LABELS) {
		*out = label_of(v->labels, name);
		return 0;
	}
	if (v->kind == TV_SAMPLE && sv_is(name, "Labels")) {
		*out = (struct tmpl_value){.kind = TV_LABELS, .labels = &v->sample->labels};
		return 0;
	}
	if (v->kind == TV_SAMPLE && sv_is(name, "Value")) {
		*out = (struct tmpl_value){.kind = TV_FLOAT, .f = v->sample->value};
		return 0;
	}
	if (v->kind == TV_DATA && sv_is(name, "Labels")) {
		*out = (struct tmpl_value){.kind = TV_LABELS, .labels = r->data->labels};
		return 0;
	}
	if (v->kind == TV_DATA && sv_is(name, "ExternalLabels")) {
		*out = (struct tmpl_value){.kind = TV_LABELS, .labels = r->data->external};
		return 0;
	}
	if (v->kind == TV_DATA && sv_is(name, "ExternalURL")) {
		*out = tmpl_text(r->data->external_url);
		return 0;
	}
	if (v->kind == TV_DATA && sv_is(name, "Value")) {
		*out = (struct tmpl_value){.kind = TV_FLOAT, .f = r->data->value};
		return 0;
	}
	if (v->kind == TV_ARGS && sv_starts(name, "arg"))
		for (i = 0; i < v->n; i++)
			if (sv_is(name, arena_fmt(r->a, "arg%zu", i))) {
				*out = v->arg[i];
				return 0;
			}
	return tmpl_fail(r, "can't evaluate field %" SV_FMT, SV_ARG(name));
}

static int eval_pipe(struct tmpl_run *r, const struct tmpl_pipe *p, const struct tmpl_value *dot, struct tmpl_value *out);

static int
eval_operand(struct tmpl_run *r, const struct tmpl_operand *o, const struct tmpl_value *dot, struct tmpl_value *out)
{
	struct tmpl_value v = o->value;
	struct tmpl_variable *var;
	size_t i;

	switch (o->kind) {
	case TO_VALUE:
		break;
	case TO_DOT:
		v = *dot;
		break;
	case TO_VAR:
		if ((var = variable(r, o->name)) == NULL)
			return tmpl_fail(r, "undefined variable: %" SV_FMT, SV_ARG(o->name));
		v = var->v;
		break;
	case TO_FUNC:
		if (o->fn->min > 0)
			return tmpl_fail(r, "wrong number of args for %s: want %zu got 0", o->fn->name, o->fn->min);
		if (o->fn->call(r, NULL, 0, &v) < 0)
			return -1;
		break;
	case TO_PIPE:
		if (eval_pipe(r, o->pipe, dot, &v) < 0)
			return -1;
		break;
	}
	for (i = 0; i < o->n_fields; i++)
		if (field_of(r, &v, o->field[i], &v) < 0)
			return -1;
	*out = v;
	return 0;
}

/* and, or look at no more than they must. */
static int
eval_logic(struct tmpl_run *r, const struct tmpl_command *c, const struct tmpl_value *dot, const struct tmpl_value *final,
    struct tmpl_value *out)
{
	bool all = strcmp(c->operand->fn->name, "and") == 0;
	const struct tmpl_operand *o;

	if (c->n == 1 && final == NULL)
		return tmpl_fail(r, "wrong number of args for %s: want at least 1 got 0", c->operand->fn->name);
	for (o = c->operand->next; o != NULL; o = o->next) {
		if (eval_operand(r, o, dot, out) < 0)
			return -1;
		if (tmpl_true(out) != all)
			return 0;
	}
	if (final != NULL)
		*out = *final;
	return 0;
}

static int
eval_command(struct tmpl_run *r, const struct tmpl_command *c, const struct tmpl_value *dot, const struct tmpl_value *final,
    struct tmpl_value *out)
{
	const struct tmpl_function *fn = c->operand->fn;
	const struct tmpl_operand *o;
	struct tmpl_value *arg;
	size_t n = 0;

	if (work(r) < 0)
		return -1;
	if (c->operand->kind != TO_FUNC) {
		if (c->operand->kind == TO_VALUE && c->operand->value.kind == TV_NIL)
			return tmpl_fail(r, "nil is not a command");
		return eval_operand(r, c->operand, dot, out);
	}
	if (strcmp(fn->name, "and") == 0 || strcmp(fn->name, "or") == 0)
		return eval_logic(r, c, dot, final, out);
	arg = arena_new(r->a, c->n + 1, sizeof(*arg));
	for (o = c->operand->next; o != NULL; o = o->next)
		if (eval_operand(r, o, dot, &arg[n++]) < 0)
			return -1;
	if (final != NULL)
		arg[n++] = *final;
	if (n < fn->min || n > fn->max)
		return tmpl_fail(r, "wrong number of args for %s: want %zu got %zu", fn->name, n < fn->min ? fn->min : fn->max, n);
	return fn->call(r, arg, n, out);
}

/* Its value; variables are not set here. */
static int
eval_pipe(struct tmpl_run *r, const struct tmpl_pipe *p, const struct tmpl_value *dot, struct tmpl_value *out)
{
	const struct tmpl_command *c;
	struct tmpl_value v = {0}, next;
	struct tmpl_variable *var;

	for (c = p->command; c != NULL; c = c->next) {
		next = (struct tmpl_value){0};
		if (eval_command(r, c, dot, c == p->command ? NULL : &v, &next) < 0)
			return -1;
		v = next;
	}
	if (p->n_vars == 1 && p->assign && (var = variable(r, p->var[0])) != NULL)
		var->v = v;
	else if (p->n_vars == 1)
		set_variable(r, p->var[0], &v);
	*out = v;
	return 0;
}

/* ----- nodes ------------------------------------------------------------------------------ */

enum flow { FLOW_ERROR = -1, FLOW_ON, FLOW_BREAK, FLOW_CONTINUE };

static enum flow walk(struct tmpl_run *r, const struct tmpl_node *n, const struct tmpl_value *dot);

/* Element i of what a range goes over: 1, 0 behind the last, -1. */
static int
element(struct tmpl_run *r, const struct tmpl_value *v, size_t i, struct tmpl_value *key, struct tmpl_value *e)
{
	*key = (struct tmpl_value){.kind = TV_INT, .i = (int64_t)i};
	switch (v->kind) {
	case TV_NIL:
		return 0;
	case TV_VECTOR:
		if (i >= v->n)
			return 0;
		*e = (struct tmpl_value){.kind = TV_SAMPLE, .sample = &v->sample[i]};
		return 1;
	case TV_LABELS:
		if (i >= v->labels->n)
			return 0;
		*key = tmpl_text(v->labels->v[i].name);
		*e = tmpl_text(v->labels->v[i].value);
		return 1;
	default:
		return tmpl_fail(r, "range can't iterate over that");
	}
}

static enum flow
walk_range(struct tmpl_run *r, const struct tmpl_node *n, const struct tmpl_value *dot)
{
	struct tmpl_value v = {0}, key, e;
	struct tmpl_pipe silent = *n->pipe;
	size_t i, vars = r->vars.n;
	enum flow f = FLOW_ON;
	int rc;

	silent.n_vars = 0;
	if (eval_pipe(r, &silent, dot, &v) < 0)
		return FLOW_ERROR;
	for (i = 0; (rc = element(r, &v, i, &key, &e)) > 0; i++) {
		r->vars.n = vars;
		if (n->pipe->n_vars == 2)
			set_variable(r, n->pipe->var[0], &key);
		if (n->pipe->n_vars > 0)
			set_variable(r, n->pipe->var[n->pipe->n_vars - 1], &e);
		f = walk(r, n->body, &e);
		if (f == FLOW_ERROR || f == FLOW_BREAK)
			break;
	}
	r->vars.n = vars;
	if (rc < 0 || f == FLOW_ERROR)
		return FLOW_ERROR;
	return i == 0 && rc == 0 ? walk(r, n->other, dot) : FLOW_ON;
}

static enum flow
walk_if(struct tmpl_run *r, const struct tmpl_node *n, const struct tmpl_value *dot)
{
	struct tmpl_value v = {0};
	size_t vars = r->vars.n;
	enum flow f;

	if (eval_pipe(r, n->pipe, dot, &v) < 0)
		return FLOW_ERROR;
	if (tmpl_true(&v))
		f = walk(r, n->body, n->kind == TN_WITH ? &v : dot);
	else
		f = walk(r, n->other, dot);
	r->vars.n = vars;
	return f;
}

static enum flow
walk_template(struct tmpl_run *r, const struct tmpl_node *n, const struct tmpl_value *dot)
{
	const struct tmpl_define *d = r->t->define;
	struct tmpl_value v = {0};
	struct tmpl_variable *held = r->vars.v;
	size_t vars = r->vars.n, cap = r->vars.cap;
	enum flow f;

	while (d != NULL && !sv_eq(d->name, n->text))
		d = d->next;
	if (d == NULL)
		return tmpl_fail(r, "template \"%" SV_FMT "\" not defined", SV_ARG(n->text)), FLOW_ERROR;
	if (n->pipe != NULL && eval_pipe(r, n->pipe, dot, &v) < 0)
		return FLOW_ERROR;
	if (++r->depth > TMPL_MAX_DEPTH)
		return tmpl_fail(r, "templates call each other too deep"), FLOW_ERROR;
	held = r->vars.v;
	cap = r->vars.cap;
	r->vars.v = NULL; /* it sees none of ours */
	r->vars.n = r->vars.cap = 0;
	set_variable(r, SV("$"), &v);
	f = walk(r, d->body, &v);
	vec_free(&r->vars);
	r->vars.v = held;
	r->vars.n = vars;
	r->vars.cap = cap;
	r->depth--;
	return f;
}

static enum flow
walk(struct tmpl_run *r, const struct tmpl_node *n, const struct tmpl_value *dot)
{
	struct tmpl_value v;
	enum flow f = FLOW_ON;

	for (; n != NULL && f == FLOW_ON; n = n->next) {
		r->line = n->line;
		if (work(r) < 0)
			return FLOW_ERROR;
		switch (n->kind) {
		case TN_TEXT:
			sb_addv(&r->out, n->text);
			break;
		case TN_ACTION:
			v = (struct tmpl_value){0};
			if (eval_pipe(r, n->pipe, dot, &v) < 0)
				return FLOW_ERROR;
			if (n->pipe->n_vars == 0)
				tmpl_print(&v, &r->out);
			break;
		case TN_IF:
		case TN_WITH:
			f = walk_if(r, n, dot);
			break;
		case TN_RANGE:
			f = walk_range(r, n, dot);
			break;
		case TN_TEMPLATE:
			f = walk_template(r, n, dot);
			break;
		case TN_BREAK:
			return FLOW_BREAK;
		case TN_CONTINUE:
			return FLOW_CONTINUE;
		}
	}
	return f;
}

int
tmpl_expand(const struct tmpl *t, const struct tmpl_data *d, struct arena *a, struct sv *out, struct err *e)
{
	struct tmpl_run r = {.t = t, .data = d, .a = a, .e = e};
	struct tmpl_value dot = {.kind = TV_DATA}, v;
	enum flow f;

	if (t->body == NULL || (t->body->kind == TN_TEXT && t->body->next == NULL)) {
		*out = t->body == NULL ? SV("") : t->body->text;
		return 0;
	}
	set_variable(&r, SV("$"), &dot);
	v = (struct tmpl_value){.kind = TV_LABELS, .labels = d->labels};
	set_variable(&r, SV("$labels"), &v);
	v.labels = d->external;
	set_variable(&r, SV("$externalLabels"), &v);
	v = tmpl_text(d->external_url);
	set_variable(&r, SV("$externalURL"), &v);
	v = (struct tmpl_value){.kind = TV_FLOAT, .f = d->value};
	set_variable(&r, SV("$value"), &v);
	f = walk(&r, t->body, &dot);
	if (f != FLOW_ERROR && r.out.n > TMPL_MAX_OUTPUT)
		f = tmpl_fail(&r, "it writes more than %d bytes", TMPL_MAX_OUTPUT);
	if (f != FLOW_ERROR)
		*out = arena_sv(a, sb_sv(&r.out));
	sb_free(&r.out);
	vec_free(&r.vars);
	return f == FLOW_ERROR ? -1 : 0;
}
