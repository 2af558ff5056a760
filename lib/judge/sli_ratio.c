#include "judge/sli.h"

#include <math.h>

#include "base/num.h"
#include "judge/figure.h"
#include "judge/result.h"

/* The sum of a's steps over intervals that b knows too. Both are in order of (to, from). */
static double
common_sum(const struct increase *a, const struct increase *b)
{
	double sum = 0;
	size_t i, k = 0;

	for (i = 0; i < a->n; i++) {
		while (k < b->n && (b->step[k].to < a->step[i].to ||
				       (b->step[k].to == a->step[i].to && b->step[k].from < a->step[i].from)))
			k++;
		if (k < b->n && b->step[k].from == a->step[i].from && b->step[k].to == a->step[i].to)
			sum += a->step[i].delta;
	}
	return sum;
}

/* A ratio is that of one time: where one counter was seen longer than the other, the rest of it is left out. */
static struct sli_amounts
amounts_of(const struct sli_part *total, const struct sli_part *part)
{
	const struct increase *t = &total->grew, *p = &part->grew;

	if (part->assumed)
		return (struct sli_amounts){t->total, 0};
	if (t->coverage.covered == p->coverage.covered)
		return (struct sli_amounts){t->total, p->total};
	return (struct sli_amounts){common_sum(t, p), common_sum(p, t)};
}

/* Is there a target that has the one counter and not the other, although some have both? Then nobody knows the rest. */
static bool
lacks_targets(const struct increase *total, const struct increase *part)
{
	size_t i, k = 0, both = 0;

	for (i = 0; i < total->n_targets; i++) {
		while (k < part->n_targets && part->target[k] < total->target[i])
			k++;
		both += k < part->n_targets && part->target[k] == total->target[i];
	}
	return both > 0 && both < total->n_targets;
}

/*
 * Of one metric: a label that the part goes by and a counted series does not have: an exporter that counts without codes, or a total of all
 * codes beside them. "" when there is none.
 */
static struct sv
unlabelled(const struct sli_part *total, const struct sli_part *part)
{
	const struct increase *g = &total->grew;
	size_t i, k, asked;

	for (i = 0; i < part->sel->n && sv_eq(part->sel->name, total->sel->name); i++) {
		struct sv name = part->sel->v[i].name;

		/* What the total asks for as well does not tell its series apart. */
		for (asked = 0; asked < total->sel->n && !sv_eq(total->sel->v[asked].name, name); asked++)
			;
		if (asked < total->sel->n)
			continue;
		for (k = 0; k < g->n_series; k++)
			if (!labels_has(&g->series[k].labels, name))
				return name;
	}
	return SV("");
}

/*
 * Does the part tell good from bad? A label that no series has tells nothing, unless the total asks for it too. What bad
 * counters of a target that has none would say can only make it worse; what good ones would, only better.
 */
static bool
tells_apart(struct judging *j, struct criterion_result *r, const struct sli_part *total, const struct sli_part *part,
    bool good, bool holds)
{
	const struct pq_selector *sel = total->sel;
	size_t i;

	for (i = 0; i < sel->n && !sv_eq(sel->v[i].name, part->grew.moot); i++)
		;
	if (part->grew.moot.n > 0 && i == sel->n) {
		result_undecided(r, "Not measured: this counter does not tell good from bad.",
		    arena_fmt(j->arena, "series of %" SV_FMT " with the label %" SV_FMT ", which none of them has",
			SV_ARG(part->text), SV_ARG(part->grew.moot)));
		return false;
	}
	if (unlabelled(total, part).n > 0 && !part->assumed) {
		result_undecided(r, "Not measured: some of what is counted does not say whether it was good or bad.",
		    arena_fmt(j->arena, "the label %" SV_FMT " on every series of %" SV_FMT, SV_ARG(unlabelled(total, part)),
			SV_ARG(total->text)));
		return false;
	}
	if (part->assumed || r->criterion->absent_zero || good == holds || !lacks_targets(&total->grew, &part->grew))
		return true;
	result_undecided(r, "Not decidable: one of the two counters is known of some targets only.",
	    arena_fmt(j->arena, "samples of %" SV_FMT " from all targets (or, where none means 0, absent: zero in the profile)",
		SV_ARG(part->text)));
	return false;
}

static enum outcome
observed(struct judging *j, struct criterion_result *r, double ratio)
{
	const struct profile_criterion *c = r->criterion;

	if (!result_holds(c->objective.op, ratio, c->objective.value))
		return OUTCOME_FAIL; /* what was seen fails, however little it is */
	if (!result_enough(r) || !result_unhidden(r)) {
		r->settle = sv_of(sli_more(j, r));
		return OUTCOME_INCONCLUSIVE;
	}
	return c->warn.op != OP_NONE && !result_holds(c->warn.op, ratio, c->warn.value) ? OUTCOME_WARN : OUTCOME_PASS;
}

static void
decide_ratio(struct judging *j, struct criterion_result *r, struct sli_amounts m, const struct sli_part *total,
    const struct sli_part *part, bool good)
{
	const struct profile_criterion *c = r->criterion;
	int limit_decimals = result_percent_decimals(c->objective.text), decimals;
	double ratio, margin;
	struct arena *a = j->arena;
	const char *head, *warn = "";
	struct sli_proof proof;
	char buf[NUM_TEXT];

	ratio = (good ? m.some : m.all - m.some) / m.all;
	decimals = result_decimals(ratio, c->objective.value, limit_decimals);
	figure_ratio(a, &r->observed, result_id(j, r, "observed"), ratio, decimals);
	margin = ratio - c->objective.value;
	figure_text(a, &r->margin, result_id(j, r, "margin"), margin, "ratio",
	    sv_of(arena_fmt(a, "%s%s percentage points", margin > 0 ? "+" : "",
		num_fixed(margin * 100, decimals, buf))));
	sli_prove(j, r, m, total, part, good, &proof);
	r->outcome = c->mode == MODE_DEMONSTRATED ? sli_demonstrated(j, r, &proof) : observed(j, r, ratio);
	if (r->outcome == OUTCOME_WARN)
		warn = arena_fmt(a, " (warning below %s %%)",
		    num_fixed(c->warn.value * 100, result_percent_decimals(c->warn.text), buf));
	head = arena_fmt(a, "Success rate %" SV_FMT ": %s of %s were %s%s", SV_ARG(r->observed.text),
	    sli_count_text(a, m.some), sli_count_text(a, m.all), good ? "good" : "bad", sli_assumption(j, r, part));
	r->sentence = sv_of(arena_fmt(a, "%s; required %" SV_FMT "%s%s; %s.%s%s%s%" SV_FMT, head, SV_ARG(r->required.text),
	    c->mode == MODE_DEMONSTRATED ? " demonstrated with 95 % confidence" : "", warn, result_covered(j, r),
	    result_hidden(j, r), r->outcome == OUTCOME_INCONCLUSIVE ? result_shortfall(j, r) : "",
	    c->mode == MODE_DEMONSTRATED ? " " : sli_unproven(j, r, &proof),
	    SV_ARG(c->mode == MODE_DEMONSTRATED ? r->confidence : SV(""))));
}

static void
require_ratio(struct judging *j, struct criterion_result *r)
{
	const struct profile_objective *o = &r->criterion->objective;
	char buf[NUM_TEXT];

	figure_text(j->arena, &r->required, result_id(j, r, "required"), o->value, "ratio",
	    sv_of(arena_fmt(j->arena, "%s %s %%", result_op_text(o->op),
		num_fixed(o->value * 100, result_percent_decimals(o->text), buf))));
}

int
sli_judge_ratio(struct judging *j, struct criterion_result *r, const struct span *span, size_t n, struct err *e)
{
	bool good = doc_get(r->criterion->spec, "good") != NULL;
	struct sli_part total = {0}, part = {0};
	struct sli_amounts m;
	struct coverage c;

	require_ratio(j, r);
	if (sli_measure(j, r, "total", span, n, &total, e) < 0 ||
	    sli_measure(j, r, good ? "good" : "bad", span, n, &part, e) < 0)
		return -1;
	r->n.query = total.text;
	r->observed.query = sv_of(arena_fmt(j->arena, good ? "%" SV_FMT " / %" SV_FMT : "1 - %" SV_FMT " / %" SV_FMT,
	    SV_ARG(part.text), SV_ARG(total.text)));
	c = total.grew.there; /* before there is any series of it there is no traffic to speak of */
	if (part.grew.coverage.covered < c.covered && !part.assumed)
		c = part.grew.coverage;
	result_cover(j, r, &c);
	if (!sli_measured(j, r, &total, span, n) || (!part.assumed && !sli_measured(j, r, &part, span, n)))
		return 0;
	m = amounts_of(&total, &part);
	figure_count(j->arena, &r->n, result_id(j, r, "n"), m.all);
	if (!isfinite(m.all))
		result_undecided(r, "Not decidable: the counters are too large to be counted.",
		    "counters that are not near the end of what a number can hold");
	else if (m.all <= 0)
		result_undecided(r,
		    arena_fmt(j->arena, "No traffic: nothing was counted in %s, so there is no success rate; %s.",
			result_over(j, r), result_covered(j, r)),
		    "counters that grew: a run with load, or the counters of what carried the load");
	else if (m.some > m.all)
		result_undecided(r,
		    arena_fmt(j->arena,
			"Not decidable: %s %s of a total of %s: the two counters do not belong together.",
			sli_count_text(j->arena, m.some), good ? "good" : "bad", sli_count_text(j->arena, m.all)),
		    "selectors in the profile of which one is a part of the other");
	else if (tells_apart(j, r, &total, &part, good,
		     result_holds(r->criterion->objective.op, (good ? m.some : m.all - m.some) / m.all,
			 r->criterion->objective.value)))
		decide_ratio(j, r, m, &total, &part, good);
	return sli_sources(j, r, &total, &part, e);
}
