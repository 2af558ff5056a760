/*
 * sli_proof - what a measured success ratio proves about the true one.
 *
 * Failures that come in one outage are not independent: the same bound over the intervals between samples, each as one
 * trial, stands beside that over requests, and the weaker one is what is demonstrated.
 */
#include "judge/sli.h"

#include <math.h>

#include "base/num.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "stats/ratio.h"

#define CONFIDENCE 0.95 /* one-sided; what "demonstrated" means */

static struct sli_slices
slices_of(const struct criterion_result *r, const struct sli_part *total, const struct sli_part *part, bool good)
{
	const struct increase *t = &total->grew, *p = &part->grew;
	const struct profile_objective *o = &r->criterion->objective;
	struct sli_slices s = {0};
	size_t i, k = 0;
	double some;

	for (i = 0; i < t->n; i++) {
		while (k < p->n && (p->step[k].to < t->step[i].to ||
				       (p->step[k].to == t->step[i].to && p->step[k].from < t->step[i].from)))
			k++;
		some = k < p->n && p->step[k].from == t->step[i].from && p->step[k].to == t->step[i].to ? p->step[k].delta : 0;
		if (!(t->step[i].delta > 0))
			continue;
		s.n++;
		s.bad += !result_holds(o->op, good ? some / t->step[i].delta : 1 - some / t->step[i].delta, o->value);
	}
	return s;
}

/* A bound as text that never reads as more than it is: cut, not rounded. */
static const char *
bound_text(struct arena *a, double bound, int decimals)
{
	double unit = pow(10, decimals);
	char buf[NUM_TEXT];

	return arena_fmt(a, "%s %%", num_fixed(floor(bound * 100 * unit) / unit, decimals, buf));
}

void
sli_prove(struct judging *j, struct criterion_result *r, struct sli_amounts m, const struct sli_part *total, const struct sli_part *part,
    bool good, struct sli_proof *p)
{
	int decimals = result_percent_decimals(r->criterion->objective.text) + 1;
	struct arena *a = j->arena;
	double bound;

	p->n = floor(m.all);
	p->failures = fmin(p->n, ceil((good ? m.all - m.some : m.some) - 1e-9));
	p->slices = slices_of(r, total, part, good);
	p->by_requests = 1 - stats_exact_upper(p->failures, p->n, CONFIDENCE);
	p->by_slices = 1 - stats_exact_upper(p->slices.bad, p->slices.n, CONFIDENCE);
	bound = fmin(p->by_requests, p->by_slices);
	figure_text(a, &r->demonstrated, result_id(j, r, "demonstrated"), bound, "ratio", sv_of(bound_text(a, bound, decimals)));
	r->confidence = sv_of(arena_fmt(a,
	    "%s failures of %s supports %s with 95 %% confidence if requests fail independently of each other; %s of %s intervals "
	    "between samples with the objective missed, as if each were one trial, supports %s.",
	    sli_count_text(a, p->failures), sli_count_text(a, p->n), bound_text(a, p->by_requests, decimals),
	    sli_count_text(a, p->slices.bad), sli_count_text(a, p->slices.n), bound_text(a, p->by_slices, decimals)));
}

const char *
sli_unproven(struct judging *j, const struct criterion_result *r, const struct sli_proof *p)
{
	const struct profile_objective *o = &r->criterion->objective;
	struct arena *a = j->arena;
	char buf[NUM_TEXT];
	int decimals = result_percent_decimals(o->text);

	if ((r->outcome != OUTCOME_PASS && r->outcome != OUTCOME_WARN) || result_holds(o->op, p->by_requests, o->value))
		return "";
	return arena_fmt(a, " This is what was measured: %s failures of %s supports %s, not %s %%, with 95 %% confidence.",
	    sli_count_text(a, p->failures), sli_count_text(a, p->n), bound_text(a, p->by_requests, decimals + 1),
	    num_fixed(o->value * 100, decimals, buf));
}

enum outcome
sli_demonstrated(struct judging *j, struct criterion_result *r, const struct sli_proof *p)
{
	const struct profile_criterion *c = r->criterion;
	double allowed = 1 - c->objective.value, bound = fmin(p->by_requests, p->by_slices);
	struct arena *a = j->arena;

	if (p->failures > 0 && stats_binomial_high(p->failures, p->n, allowed) <= 1 - CONFIDENCE)
		return OUTCOME_FAIL;
	if (!result_enough(r) || !result_unhidden(r)) {
		r->settle = sv_of(sli_more(j, r));
		return OUTCOME_INCONCLUSIVE;
	}
	if (result_holds(c->objective.op, bound, c->objective.value))
		return c->warn.op != OP_NONE && !result_holds(c->warn.op, bound, c->warn.value) ? OUTCOME_WARN : OUTCOME_PASS;
	if (allowed <= 0 || allowed >= 1)
		r->settle = SV("an objective below 100 %: no number of requests proves that none ever fails");
	else
		r->settle = sv_of(arena_fmt(a, "a longer run: it takes %s requests with no more than these %s failures, and %s intervals "
		    "between samples with no more than these %s that missed the objective",
		    sli_count_text(a, stats_exact_needed(p->failures, allowed, CONFIDENCE)), sli_count_text(a, p->failures),
		    sli_count_text(a, stats_exact_needed(p->slices.bad, allowed, CONFIDENCE)), sli_count_text(a, p->slices.bad)));
	return OUTCOME_INCONCLUSIVE;
}
