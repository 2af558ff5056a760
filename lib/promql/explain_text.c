/* An explanation in words. */
#include "promql/explain.h"

#include <stdio.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/time.h"
#include "promql/format.h"
#include "promql/functions.h"

#define DEEPEST 40 /* levels that are shown as indents; deeper ones stand there, too */

struct writer {
	const struct pq_explanation *ex;
	size_t next; /* reading */
	struct sb *out;
};

static void
begin(struct writer *w, int level)
{
	sb_addf(w->out, "%*s", 2 * (level < DEEPEST ? level : DEEPEST), "");
}

static void
duration(int64_t ms, struct sb *out)
{
	char buf[TIME_TEXT];

	sb_adds(out, time_duration_text(ms, buf));
}

static void
names(const char *word, const struct pq_names *l, struct sb *out)
{
	size_t i;

	sb_addf(out, " %s (", word);
	for (i = 0; i < l->n; i++) {
		sb_adds(out, i > 0 ? ", " : "");
		clean_add(out, l->v[i]);
	}
	sb_addc(out, ')');
}

static void
binary(const struct pq_binary *b, struct sb *out)
{
	const struct pq_matching *m = &b->matching;

	sb_addf(out, "%s%s", pq_op_symbol(b->op), b->bool_result ? " bool" : "");
	if (!b->vectors)
		return;
	if (m->on || m->labels.n > 0)
		names(m->on ? "on" : "ignoring", &m->labels, out);
	if (m->card == PQ_MANY_TO_ONE || m->card == PQ_ONE_TO_MANY)
		names(m->card == PQ_MANY_TO_ONE ? "group_left" : "group_right", &m->include, out);
}

/* A subquery without the expression in it: "every 1m over 1h, offset 5m". */
static void
subquery(const struct pq_expr *x, struct sb *out)
{
	char buf[TIME_TEXT];

	sb_adds(out, "subquery over ");
	duration(x->subquery.range, out);
	if (x->subquery.step != 0) {
		sb_adds(out, ", step ");
		duration(x->subquery.step, out);
	}
	if (x->shift.at == PQ_AT_TIME)
		sb_addf(out, ", @ %s", time_text(x->shift.at_ms, buf));
	else if (x->shift.at != PQ_AT_NONE)
		sb_adds(out, x->shift.at == PQ_AT_START ? ", @ start()" : ", @ end()");
	if (x->shift.offset != 0) {
		sb_adds(out, ", offset ");
		duration(x->shift.offset, out);
	}
}

void
pq_reading_doubt(const struct pq_reading *r, struct sb *out)
{
	if (r->fit == PQ_FIT)
		return;
	sb_adds(out, "range ");
	duration(r->x->range.range, out);
	sb_adds(out, " of ");
	pq_format(r->x, out);
	if (r->interval == 0) {
		sb_adds(out, ": no series has two samples");
	} else {
		sb_adds(out, " is shorter than twice the sample interval of ");
		duration(r->interval, out);
	}
	sb_adds(out, r->fit == PQ_FIT_NEVER ? ": cannot be answered from these samples"
					    : ": it holds one sample at most times");
}

static void
reading(struct writer *w, const struct pq_expr *x, int level)
{
	char from[TIME_TEXT], to[TIME_TEXT], series[NUM_TEXT], samples[NUM_TEXT];
	const struct pq_reading *r = &w->ex->v[w->next];

	if (w->next >= w->ex->n || r->x != x)
		return;
	w->next++;
	begin(w, level);
	sb_addf(w->out, "%s series, %s sample%s from %s to %s", num_count((int64_t)r->n_series, series),
	    num_count((int64_t)r->n_samples, samples), r->n_samples == 1 ? "" : "s", time_text(r->from, from),
	    time_text(r->to, to));
	if (r->interval > 0) {
		sb_adds(w->out, ", one each ");
		duration(r->interval, w->out);
	}
	sb_addc(w->out, '\n');
	if (r->fit != PQ_FIT) {
		begin(w, level);
		sb_adds(w->out, "warning: ");
		pq_reading_doubt(r, w->out);
		sb_addc(w->out, '\n');
	}
}

/* What a node is, in a line; the parts of it follow below. */
static void
label(const struct pq_expr *x, struct sb *out)
{
	switch (x->kind) {
	case PQ_NUMBER:
	case PQ_TEXT:
	case PQ_SELECT:
	case PQ_RANGE:
		pq_format(x, out);
		break;
	case PQ_SUBQUERY:
		subquery(x, out);
		break;
	case PQ_UNARY:
		sb_addc(out, x->unary.minus ? '-' : '+');
		break;
	case PQ_BINARY:
		binary(&x->binary, out);
		break;
	case PQ_AGGREGATION:
		sb_adds(out, pq_aggregate_name(x->aggregation.op));
		if (x->aggregation.without || x->aggregation.labels.n > 0)
			names(x->aggregation.without ? "without" : "by", &x->aggregation.labels, out);
		break;
	case PQ_CALL:
		sb_addf(out, "%s()", x->call.fn->name);
		break;
	case PQ_PAREN:
		break;
	}
}

static void
node(struct writer *w, const struct pq_expr *x, int level)
{
	const struct pq_expr *part;
	size_t i;

	x = pq_strip(x);
	begin(w, level);
	label(x, w->out);
	if (level == 0)
		sb_addf(w->out, "  (%s)", pq_type_name(x->type));
	sb_addc(w->out, '\n');
	level++;
	if (x->kind == PQ_SELECT || x->kind == PQ_RANGE)
		reading(w, x, level);
	for (i = 0; (part = pq_child(x, i)) != NULL; i++)
		node(w, part, level);
}

void
pq_explain_text(const struct pq_expr *x, const struct pq_explanation *ex, struct sb *out)
{
	struct writer w = {ex, 0, out};

	node(&w, x, 0);
}
