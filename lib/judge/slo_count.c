/*
 * What an SLO counts: its queries are taken apart into counters, sum(rate(x[5m])) is x, and their increases are exact.
 */
#include "judge/slo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/sources.h"
#include "promql/functions.h"

struct term {
	double sign;
	const struct pq_selector *sel;
};

struct terms {
	VEC(struct term) of;
};

static bool
is_zero(const struct pq_expr *x)
{
	x = pq_strip(x);
	return x->kind == PQ_CALL && strcmp(x->call.fn->name, "vector") == 0 && x->call.n == 1 && x->call.args[0]->kind == PQ_NUMBER &&
	    x->call.args[0]->number.value == 0;
}

/* False: it is no sum of counters. */
static bool
take(struct terms *t, const struct pq_expr *x, double sign)
{
	switch (x->kind) {
	case PQ_PAREN:
		return take(t, x->inner, sign);
	case PQ_UNARY:
		return take(t, x->unary.x, x->unary.minus ? -sign : sign);
	case PQ_AGGREGATION:
		return x->aggregation.op == PQ_SUM && take(t, x->aggregation.x, sign);
	case PQ_CALL:
		return (strcmp(x->call.fn->name, "rate") == 0 || strcmp(x->call.fn->name, "increase") == 0) && x->call.n == 1 &&
		    x->call.args[0]->kind == PQ_RANGE && take(t, x->call.args[0], sign);
	case PQ_BINARY:
		if (x->binary.op == PQ_OP_OR && is_zero(x->binary.right))
			return take(t, x->binary.left, sign);
		if (x->binary.op != PQ_OP_ADD && x->binary.op != PQ_OP_SUB)
			return false;
		return take(t, x->binary.left, sign) && take(t, x->binary.right, x->binary.op == PQ_OP_SUB ? -sign : sign);
	case PQ_SELECT:
	case PQ_RANGE:
		if (x->shift.at != PQ_AT_NONE || x->shift.offset != 0)
			return false;
		*vec_add(&t->of) = (struct term){sign, x->kind == PQ_RANGE ? x->range.selector : x->selector};
		return true;
	default:
		return false;
	}
}

struct sv
slo_without_window(struct arena *a, struct sv text)
{
	struct sb s = {0};
	struct sv rest = text;
	size_t open, close;

	for (;;) {
		open = sv_find(rest, SV("{{"));
		sb_addv(&s, sv_head(rest, open));
		if (open == rest.n)
			break;
		rest = sv_from(rest, open);
		close = sv_find(rest, SV("}}"));
		sb_addv(&s, sv_is(sv_trim(sv_head(sv_from(rest, 2), close < 2 ? 0 : close - 2)), ".window") ? SV("5m") : sv_head(rest, close + 2));
		rest = sv_from(rest, close + 2);
	}
	rest = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return rest;
}

/* 0, or -1: what is wrong with the text. The caller frees t->of. */
static int
parse(struct arena *a, struct sv text, struct terms *t, struct err *e)
{
	struct err why = {0};
	const struct pq_expr *x = pq_parse(a, slo_without_window(a, text), &why);

	if (x == NULL)
		return err_set(e, ERR_INPUT, "'%" SV_FMT "': %s", SV_ARG(text), why.msg);
	if (!take(t, x, 1))
		return err_set(e, ERR_INPUT, "'%" SV_FMT "' is no sum of counters: it cannot be counted exactly", SV_ARG(text));
	return 0;
}

int
slo_check(const struct slo *o, struct err *e)
{
	struct arena a = {0};
	struct terms t = {0};
	struct err why = {0};
	int rc = o->kind != SLO_COUNTED ? (slo_value_parse(&a, o, &why) == NULL ? -1 : 0) : parse(&a, o->total, &t, &why);

	if (rc == 0 && o->kind == SLO_COUNTED)
		rc = parse(&a, o->good.n > 0 ? o->good : o->bad, &t, &why);
	vec_free(&t.of);
	arena_free(&a);
	return rc < 0 ? doc_err(o->at, e, "%s", why.msg) : 0;
}

/* ----- counting ------------------------------------------------------------------------------ */

struct counted {
	VEC(struct slo_unit) of;
};

static int
by_end(const void *a, const void *b)
{
	const struct slo_unit *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

size_t
slo_unite(struct slo_unit *v, size_t count)
{
	size_t i, n = 0;

	if (count > 1)
		qsort(v, count, sizeof(*v), by_end);
	for (i = 0; i < count; i++) {
		struct slo_unit *last = n > 0 ? &v[n - 1] : NULL;

		if (last != NULL && last->from == v[i].from && last->to == v[i].to) {
			last->total += v[i].total;
			last->bad += v[i].bad;
		} else {
			v[n++] = v[i];
		}
	}
	return n;
}

static void
not_known(struct slo_units *out, struct arena *a, const struct pq_selector *sel, const struct increase *in)
{
	struct sb text = {0};

	pq_format_selector(sel, &text);
	out->known = false;
	if (in->untold.n > 0)
		out->why = sv_of(arena_fmt(a, "no series of %" SV_FMT " has the label %" SV_FMT, SV_ARG(sel->name), SV_ARG(in->untold)));
	else if (!in->exists)
		out->why = sv_of(arena_fmt(a, "%s was never seen", sb_str(&text)));
	else
		out->why = sv_of(arena_fmt(a, "no two samples of %s lie in the run", sb_str(&text)));
	sb_free(&text);
}

/* Adds one side of the ratio. 0 or -1. */
static int
add_side(struct increase_run *r, const struct terms *t, bool is_total, const struct span *span, size_t n, struct counted *c,
    struct slo_units *out, struct err *e)
{
	struct increase in;
	size_t i, k;

	for (i = 0; i < t->of.n && out->known; i++) {
		if (increase_over(r, t->of.v[i].sel, span, n, &in, e) < 0)
			return -1;
		if (!in.known) {
			not_known(out, r->arena, t->of.v[i].sel, &in);
			break;
		}
		for (k = 0; k < in.n; k++)
			*vec_add(&c->of) = (struct slo_unit){in.step[k].from, in.step[k].to, is_total ? t->of.v[i].sign * in.step[k].delta : 0,
			    is_total ? 0 : t->of.v[i].sign * in.step[k].delta};
		/* Before there is any series of the total there is no traffic to speak of. */
		if (is_total && (i == 0 || in.there.covered < out->coverage.covered))
			out->coverage = in.there;
		else if (!is_total && in.coverage.covered < out->coverage.covered)
			out->coverage = in.coverage;
		out->at_least = out->at_least || in.at_least;
	}
	return 0;
}

int
slo_count(struct increase_run *r, const struct slo *o, const struct span *span, size_t n, struct slo_units *out, struct err *e)
{
	bool good = o->good.n > 0;
	struct terms total = {0}, part = {0};
	struct counted c = {0};
	size_t i;
	int rc;

	if (o->kind != SLO_COUNTED)
		return slo_value_count(r, o, span, n, out, e);
	*out = (struct slo_units){.known = true};
	rc = parse(r->arena, o->total, &total, e);
	if (rc == 0)
		rc = parse(r->arena, good ? o->good : o->bad, &part, e);
	if (rc == 0)
		rc = add_side(r, &total, true, span, n, &c, out, e);
	if (rc == 0)
		rc = add_side(r, &part, false, span, n, &c, out, e);
	c.of.n = slo_unite(c.of.v, c.of.n);
	for (i = 0; i < c.of.n && good; i++)
		c.of.v[i].bad = c.of.v[i].total - c.of.v[i].bad;
	vec_free(&total.of);
	vec_free(&part.of);
	out->n = c.of.n;
	out->v = arena_keep(r->arena, c.of.v, c.of.n, sizeof(*c.of.v));
	return rc;
}

int
slo_sources(struct judging *j, struct criterion_result *r, const struct slo *o, int64_t from, int64_t to, struct err *e)
{
	struct sources *s = sources_new();
	struct terms t = {0};
	size_t i;
	int rc = o->kind != SLO_COUNTED ? slo_value_sources(s, j, o, from, to, e) : parse(j->arena, o->total, &t, e);

	if (rc == 0 && o->kind == SLO_COUNTED)
		rc = parse(j->arena, o->good.n > 0 ? o->good : o->bad, &t, e);
	for (i = 0; i < t.of.n && rc == 0; i++)
		rc = sources_samples(s, j, t.of.v[i].sel, from, to, e);
	if (rc == 0)
		rc = sources_list(s, j, r, e);
	if (rc == 0)
		rc = sources_torn(s, j, r, e);
	vec_free(&t.of);
	sources_free(s);
	return rc;
}
