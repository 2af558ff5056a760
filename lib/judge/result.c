#include "judge/result.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/time.h"
#include "judge/figure.h"

const char *
result_id(struct judging *j, const struct criterion_result *r, const char *part)
{
	return arena_fmt(j->arena, "criterion/%" SV_FMT "/%s", SV_ARG(r->criterion->id), part);
}

void
result_open(struct judging *j, struct criterion_result *r, const char *method, const char *unit)
{
	r->outcome = OUTCOME_INCONCLUSIVE;
	r->method = sv_of(method);
	figure_unknown(j->arena, &r->observed, result_id(j, r, "observed"), unit);
	figure_unknown(j->arena, &r->required, result_id(j, r, "required"), unit);
	figure_unknown(j->arena, &r->margin, result_id(j, r, "margin"), unit);
	figure_unknown(j->arena, &r->n, result_id(j, r, "n"), "count");
	figure_unknown(j->arena, &r->cover, result_id(j, r, "coverage"), "ratio");
}

const char *
result_over(struct judging *j, const struct criterion_result *r)
{
	if (sv_is(r->criterion->over, "run") || r->criterion->over.n == 0)
		return "the run";
	return arena_fmt(j->arena, "the %" SV_FMT " window", SV_ARG(r->criterion->over));
}

int
result_window(struct judging *j, struct criterion_result *r, const struct span **span, size_t *n, struct err *e)
{
	struct sv over = r->criterion->over.n > 0 ? r->criterion->over : SV("run");
	int rc = judge_window(j, over, span, n, e);

	if (rc == 0)
		result_undecided(r,
		    arena_fmt(j->arena, "Not measured: when %s began and ended is not known.", result_over(j, r)),
		    arena_fmt(j->arena, "the events or times that bound %s", result_over(j, r)));
	return rc;
}

static bool
enough(const struct criterion_result *r, int64_t covered)
{
	const struct coverage *c = &r->coverage;

	return covered > 0 && c->window > c->pending &&
	    (double)covered / (double)(c->window - c->pending) >= r->criterion->min_coverage - 1e-12;
}

static double
cover_ratio(const struct criterion_result *r)
{
	return r->coverage.window > 0 ? (double)r->coverage.covered / (double)r->coverage.window : 0;
}

/* "58.33 %", cut, not rounded: what is not all of it never reads 100 %. */
static const char *
cover_text(struct arena *a, double ratio)
{
	char buf[NUM_TEXT];
	double percent = floor(ratio * 10000) / 100;

	return arena_fmt(a, "%s %%", num_fixed(percent, percent == floor(percent) ? 0 : 2, buf));
}

void
result_cover(struct judging *j, struct criterion_result *r, const struct coverage *c)
{
	const struct window_result *run = &j->v->windows[0]; /* always the run itself */
	double ratio;

	r->has_coverage = true;
	r->coverage = *c;
	r->at_least = c->restarts > 0;
	if (j->v->cut && c->last != TIME_NONE && c->last < j->v->run.end)
		r->coverage.pending = j->v->run.end - c->last < c->window ? j->v->run.end - c->last : c->window;
	ratio = cover_ratio(r);
	if (run->n > 0 && run->span[0].to - run->span[0].from > c->window)
		r->excluded = run->span[0].to - run->span[0].from - c->window;
	figure_text(j->arena, &r->cover, result_id(j, r, "coverage"), ratio, "ratio",
	    sv_of(cover_text(j->arena, ratio)));
}

bool
result_enough(const struct criterion_result *r)
{
	return enough(r, r->coverage.covered);
}

bool
result_unhidden(const struct criterion_result *r)
{
	return enough(r, r->coverage.covered - r->coverage.hidden);
}

const char *
result_shortfall(struct judging *j, const struct criterion_result *r)
{
	char buf[NUM_TEXT];

	if (!result_enough(r) || result_unhidden(r))
		return "";
	return arena_fmt(j->arena, " That leaves less than the %s %% of %s that must be seen.",
	    num_text(r->criterion->min_coverage * 100, buf), result_over(j, r));
}

const char *
result_covered(struct judging *j, const struct criterion_result *r)
{
	char buf[NUM_TEXT];
	const char *share = cover_text(j->arena, cover_ratio(r));

	if (result_enough(r))
		return arena_fmt(j->arena, "%s of %s covered", share, result_over(j, r));
	return arena_fmt(j->arena, "only %s of %s covered, %s %% needed", share, result_over(j, r),
	    num_text(r->criterion->min_coverage * 100, buf));
}

const char *
result_hidden(struct judging *j, const struct criterion_result *r)
{
	const struct coverage *c = &r->coverage;
	const char *most, *what;

	if (!r->at_least)
		return "";
	what = c->restarts == 1 ? "A restart" : arena_fmt(j->arena, "%lld restarts", (long long)c->restarts);
	most = figure_length(j->arena, c->unseen_max);
	if (c->unseen_min == c->unseen_max)
		return arena_fmt(j->arena, " %s hid %s before it: totals are at least these.", what, most);
	if (c->unseen_min == 0)
		return arena_fmt(j->arena, " %s hid up to %s before it: totals are at least these.", what, most);
	return arena_fmt(j->arena, " %s hid %s to %s before it: totals are at least these.", what,
	    figure_length(j->arena, c->unseen_min), most);
}

void
result_undecided(struct criterion_result *r, const char *sentence, const char *settle)
{
	r->outcome = OUTCOME_INCONCLUSIVE;
	r->sentence = sv_of(sentence);
	r->settle = sv_of(settle);
}

void
result_many(struct judging *j, struct criterion_result *r)
{
	int64_t min = r->criterion->min_samples;
	const char *least;
	char buf[NUM_TEXT];

	if (min == 0 || (r->outcome != OUTCOME_PASS && r->outcome != OUTCOME_WARN) || (r->n.known && r->n.value >= (double)min))
		return;
	least = arena_str(j->arena, sv_of(num_count(min, buf)));
	result_undecided(r,
	    arena_fmt(j->arena, "Too few: %" SV_FMT " were looked at, and %s are asked for. %" SV_FMT, SV_ARG(r->n.text), least,
		SV_ARG(r->sentence)),
	    arena_fmt(j->arena, "at least %s to look at (min_samples)", least));
}

void
result_torn(struct judging *j, struct criterion_result *r)
{
	if (r->torn.n == 0 || (r->outcome != OUTCOME_PASS && r->outcome != OUTCOME_WARN))
		return;
	result_undecided(r,
	    arena_fmt(j->arena, "%" SV_FMT " was not read whole (see its problems), and what was lost may be what fails. %" SV_FMT,
		SV_ARG(r->torn), SV_ARG(r->sentence)),
	    arena_fmt(j->arena, "%" SV_FMT " without its problems", SV_ARG(r->torn)));
}

/* The length of what the criterion is over, before anything is left out. */
static int64_t
whole_of(const struct judging *j, const struct criterion_result *r)
{
	const struct window_result *w = &j->v->windows[0];
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < j->v->n_windows; i++)
		if (sv_eq(j->v->windows[i].name, r->criterion->over) && !j->v->windows[i].rest)
			w = &j->v->windows[i];
	for (i = 0; i < w->n; i++)
		sum += w->span[i].to - w->span[i].from;
	return sum;
}

void
result_left_out(struct judging *j, struct criterion_result *r)
{
	int64_t whole = whole_of(j, r), out = whole - r->warm_up - r->coverage.window;
	struct arena *a = j->arena;
	char most[NUM_TEXT];

	if (r->has_coverage && !r->looked_at && whole > 0 && (r->outcome == OUTCOME_PASS || r->outcome == OUTCOME_WARN) &&
	    (double)out / (double)whole > r->criterion->max_excluded + 1e-12)
		result_undecided(r, arena_fmt(a, "Not decidable: %s of %s, %s, are left out, and no more than %s %% may be. %" SV_FMT,
		    cover_text(a, (double)out / (double)whole), whole == r->coverage.window + r->excluded ? "the run" : result_over(j, r),
		    figure_length(a, out), num_text(r->criterion->max_excluded * 100, most), SV_ARG(r->sentence)),
		    "evidence of the time that is left out (or max_excluded in the profile)");
	if (j->manual.n == 0 || r->sentence.n == 0)
		return;
	r->manual = true;
	r->sentence = sv_of(arena_fmt(a, "%" SV_FMT " A person states when %" SV_FMT " was (manual).", SV_ARG(r->sentence),
	    SV_ARG(j->manual)));
}

void
result_finding(struct judging *j, struct criterion_result *r, const struct labels *labels, struct sv text)
{
	size_t n = r->n_findings, i;
	struct finding *more;

	if ((n & (n - 1)) == 0) { /* room for 1, 2, 4, ... */
		more = arena_new(j->arena, n == 0 ? 1 : 2 * n, sizeof(*more));
		for (i = 0; i < n; i++)
			more[i] = r->finding[i];
		r->finding = more;
	}
	r->finding[n].labels = labels_copy(j->arena, labels);
	r->finding[n].text = arena_sv(j->arena, text);
	r->finding[n].waiver = NULL;
	r->n_findings++;
}

const char *
result_times(struct arena *a, int64_t from, int64_t to)
{
	char x[TIME_TEXT], y[TIME_TEXT];

	time_text(from, x);
	time_text(to, y);
	/* "2026-01-12T" */
	if (strlen(x) > 11 && strlen(y) > 11 && strncmp(x, y, 11) == 0)
		return arena_fmt(a, "%s to %s", x, y + 11);
	return arena_fmt(a, "%s to %s", x, y);
}

bool
result_holds(enum profile_op op, double value, double limit)
{
	/* 1 - 3 / 1000 and 99.7 / 100 differ in the last bit and mean the same. */
	double least = 1e-12 * fmax(1, fmax(fabs(value), fabs(limit)));
	bool equal = fabs(value - limit) <= least;

	switch (op) {
	case OP_LT:
		return !equal && value < limit;
	case OP_LE:
		return equal || value < limit;
	case OP_GT:
		return !equal && value > limit;
	case OP_EQ:
		return equal;
	case OP_GE:
	case OP_NONE:
		break;
	}
	return equal || value > limit;
}

const char *
result_op_text(enum profile_op op)
{
	switch (op) {
	case OP_LT:
		return "less than";
	case OP_LE:
		return "at most";
	case OP_GT:
		return "more than";
	case OP_EQ:
		return "exactly";
	case OP_GE:
	case OP_NONE:
		break;
	}
	return "at least";
}

double
result_margin(enum profile_op op, double value, double limit)
{
	if (op == OP_EQ)
		return value == limit ? 0 : -fabs(value - limit);
	return op == OP_LT || op == OP_LE ? limit - value : value - limit;
}

int
result_percent_decimals(struct sv text)
{
	int decimals;

	while (text.n > 0 && strchr("<>=! \t", text.p[0]) != NULL)
		text = sv_from(text, 1);
	text = sv_trim(text);
	if (sv_ends(text, "%"))
		return num_decimals(sv_trim(sv_head(text, text.n - 1)));
	decimals = num_decimals(text) - 2;
	return decimals > 0 ? decimals : 0;
}

int
result_decimals(double value, double limit, int limit_decimals)
{
	char x[NUM_TEXT], y[NUM_TEXT];
	int d = limit_decimals + 2;

	if (result_holds(OP_EQ, value, limit))
		return d;
	while (d < 12 && strcmp(num_fixed(value * 100, d, x), num_fixed(limit * 100, d, y)) == 0)
		d++;
	/* Nor is 100 % read where it is less. */
	while (d < 12 && value < 1 && !result_holds(OP_EQ, value, 1) && strcmp(num_fixed(value * 100, d, x),
	    num_fixed(100, d, y)) == 0)
		d++;
	return d;
}

int
result_selector(struct arena *a, const struct doc *node, const struct pq_selector **sel, struct err *e)
{
	const struct pq_selector *parsed;
	struct arena scratch = {0};
	struct err why = {0};

	if (node->kind != DOC_STRING)
		return doc_err(node, e, "'%" SV_FMT "' must be a selector such as requests_total{code=~\"5..\"}",
		    SV_ARG(node->key));
	parsed = pq_parse_selector(a != NULL ? a : &scratch, node->text, &why);
	arena_free(&scratch);
	if (parsed == NULL)
		return doc_err(node, e, "%" SV_FMT ": %s", SV_ARG(node->key), why.msg);
	if (a != NULL)
		*sel = parsed;
	return 0;
}
