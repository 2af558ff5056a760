#include "promql/words.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/time.h"
#include "promql/functions.h"

/* A function of a range, and how one speaks of it; "%s" is the range. */
struct phrase {
	const char *name, *text;
};

static const struct phrase over_time[] = {
	{"max_over_time", "the highest value in %s of "},
	{"min_over_time", "the lowest value in %s of "},
	{"avg_over_time", "the mean in %s of "},
	{"sum_over_time", "the sum over %s of "},
	{"count_over_time", "the number of samples in %s of "},
	{"last_over_time", "the last value in %s of "},
	{"present_over_time", "whether there was, in %s, "},
	{"absent_over_time", "whether there was not, in %s, "},
	{"stddev_over_time", "the standard deviation in %s of "},
	{"rate", "the rate a second over %s of "},
	{"irate", "the rate a second between the last two samples in %s of "},
	{"increase", "the increase in %s of "},
	{"delta", "the difference over %s of "},
	{"deriv", "the slope a second over %s of "},
	{"changes", "the number of changes in %s of "},
	{"resets", "the number of resets in %s of "},
};

static const struct phrase instant[] = {
	{"abs", "the size of "},
	{"absent", "whether there is not "},
	{"ceil", "the whole number above "},
	{"floor", "the whole number below "},
	{"round", "the whole number nearest to "},
};

static const struct phrase aggregates[] = {
	{"sum", "the sum of "}, {"avg", "the mean of "}, {"count", "the number of series of "}, {"min", "the smallest of "}, {"max", "the largest of "},
};

static const char *
find(const struct phrase *v, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0)
			return v[i].text;
	return NULL;
}
#define FIND(v, name) find(v, sizeof(v) / sizeof(*(v)), name)

/* The text with the range in the place of %s. */
static void
put_phrase(const char *text, int64_t range, struct sb *out)
{
	char length[TIME_TEXT];
	size_t at = sv_find(sv_of(text), SV("%s"));

	sb_addv(out, sv_head(sv_of(text), at));
	if (text[at] != '\0') {
		sb_adds(out, time_length_text(range, length));
		sb_adds(out, text + at + 2);
	}
}

/* A quantile as people say it: "the 95th percentile of ". False: it is no number. */
static bool
put_percentile(const struct pq_expr *q, const char *rest, int64_t range, struct sb *out)
{
	char number[NUM_TEXT];
	double percent;
	const char *th = "th";

	if (q->kind != PQ_NUMBER || !(q->number.value >= 0 && q->number.value <= 1))
		return false;
	percent = round(q->number.value * 1e9) / 1e7;
	if (percent == floor(percent) && !(fmod(percent, 100) >= 11 && fmod(percent, 100) <= 13))
		th = fmod(percent, 10) == 1 ? "st" : fmod(percent, 10) == 2 ? "nd" : fmod(percent, 10) == 3 ? "rd" : "th";
	sb_addf(out, "the %s%s percentile ", num_text(percent, number), th);
	put_phrase(rest, range, out);
	return true;
}

/* The range argument of a call: a range selector or a subquery. NULL: none. */
static const struct pq_expr *
range_of(const struct pq_call *c, int64_t *range)
{
	const struct pq_expr *x;
	size_t i;

	for (i = 0; i < c->n; i++) {
		x = pq_strip(c->args[i]);
		if (x->kind != PQ_RANGE && x->kind != PQ_SUBQUERY)
			continue;
		*range = x->kind == PQ_RANGE ? x->range.range : x->subquery.range;
		return x;
	}
	return NULL;
}

/* What the range is of; its length has been said. */
static void
put_inside(const struct pq_expr *x, struct sb *out)
{
	if (x->kind == PQ_SUBQUERY)
		pq_words(x->subquery.x, out);
	else
		pq_format_selector(x->range.selector, out);
}

static bool
put_call(const struct pq_call *c, struct sb *out)
{
	const struct pq_expr *inside;
	const char *text;
	int64_t range = 0;

	if (strcmp(c->fn->name, "histogram_quantile") == 0) {
		if (!put_percentile(c->args[0], "of ", 0, out))
			return false;
		pq_words(c->args[1], out);
		return true;
	}
	if ((inside = range_of(c, &range)) != NULL && inside->shift.offset == 0 && inside->shift.at == PQ_AT_NONE) {
		if (strcmp(c->fn->name, "quantile_over_time") == 0 && put_percentile(c->args[0], "in %s of ", range, out)) {
			put_inside(inside, out);
			return true;
		}
		if (c->n == 1 && (text = FIND(over_time, c->fn->name)) != NULL) {
			put_phrase(text, range, out);
			put_inside(inside, out);
			return true;
		}
		return false;
	}
	if (c->n != 1 || (text = FIND(instant, c->fn->name)) == NULL)
		return false;
	sb_adds(out, text);
	pq_words(c->args[0], out);
	return true;
}

static bool
put_aggregation(const struct pq_aggregation *g, struct sb *out)
{
	const char *text = FIND(aggregates, pq_aggregate_name(g->op));
	size_t i;

	if (g->op == PQ_QUANTILE) {
		if (!put_percentile(g->param, "of ", 0, out))
			return false;
	} else if (text == NULL || g->param != NULL) {
		return false;
	} else {
		sb_adds(out, text);
	}
	pq_words(g->x, out);
	for (i = 0; i < g->labels.n; i++)
		sb_addf(out, "%s%" SV_FMT, i > 0 ? ", " : g->without ? " without regard to " : " for each ", SV_ARG(g->labels.v[i]));
	return true;
}

/* A sum in a quotient keeps its parentheses. */
static void
put_operand(const struct pq_expr *x, struct sb *out)
{
	const struct pq_expr *inner = pq_strip(x);

	if (inner->kind == PQ_BINARY)
		sb_adds(out, "(");
	pq_words(inner, out);
	if (inner->kind == PQ_BINARY)
		sb_adds(out, ")");
}

static bool
put_binary(const struct pq_binary *b, struct sb *out)
{
	const char *word = b->op == PQ_OP_ADD ? " plus " : b->op == PQ_OP_SUB ? " minus " : b->op == PQ_OP_MUL ? " times " :
	    b->op == PQ_OP_DIV ? " divided by " : NULL;

	if (word == NULL || b->matching.on || b->matching.labels.n > 0)
		return false;
	put_operand(b->left, out);
	sb_adds(out, word);
	put_operand(b->right, out);
	return true;
}

void
pq_words(const struct pq_expr *x, struct sb *out)
{
	size_t before = out->n;
	bool said = false;

	switch (x->kind) {
	case PQ_PAREN:
		pq_words(x->inner, out);
		return;
	case PQ_CALL:
		said = put_call(&x->call, out);
		break;
	case PQ_AGGREGATION:
		said = put_aggregation(&x->aggregation, out);
		break;
	case PQ_BINARY:
		said = put_binary(&x->binary, out);
		break;
	default:
		break;
	}
	if (said)
		return;
	out->n = before;
	if (out->buf != NULL)
		out->buf[before] = '\0';
	pq_format(x, out);
}
