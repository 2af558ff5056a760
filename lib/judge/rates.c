#include "judge/rates.h"

#include <math.h>
#include <string.h>

#include "judge/figure.h"
#include "judge/result.h"

/* The first criterion that is a ratio of counters, or NULL. */
static const struct profile_criterion *
first_ratio(const struct profile *p)
{
	size_t i;

	for (i = 0; i < p->n_criteria; i++)
		if (sv_is(p->criteria[i].kind, "sli") && doc_get(p->criteria[i].spec, "total") != NULL)
			return &p->criteria[i];
	return NULL;
}

static struct sv
total_of(const struct profile *p)
{
	const struct profile_criterion *c = first_ratio(p);

	if (p->outcome_total.n > 0)
		return p->outcome_total;
	return c == NULL ? (struct sv){0} : doc_get(c->spec, "total")->text;
}

static int
grown(struct judging *j, const struct pq_selector *sel, struct increase *out, struct err *e)
{
	const struct span *span;
	size_t n;

	if (judge_window(j, SV("run"), &span, &n, e) < 0)
		return -1;
	return increase_over(&j->increase, sel, span, n, out, e);
}

/* Does any of the series have that label? If none does, no answer was ever told by it. */
static bool
has_label(const struct increase *all, struct sv label)
{
	size_t i;

	for (i = 0; i < all->n_series; i++)
		if (labels_has(&all->series[i].labels, label))
			return true;
	return false;
}

/* Were the good ones and all of them seen, for the same time, and told apart? */
static bool
comparable(const struct increase *all, const struct increase *good, const struct pq_selector *more)
{
	size_t i;

	for (i = 0; i < more->n; i++)
		if (!has_label(all, more->v[i].name))
			return false;
	return good->known && all->known && good->coverage.covered == all->coverage.covered && all->total > 0 &&
	    good->total <= all->total;
}

static int
judge_rate(struct judging *j, const struct pq_selector *total, struct sv matcher, const char *name,
    const char *title, struct err *e)
{
	struct rate_result *r = &j->v->rates[j->v->n_rates++];
	const struct pq_selector *more = pq_parse_matchers(j->arena, matcher, e);
	struct increase all, good;
	struct sb query = {0};
	double rate;

	if (more == NULL || grown(j, total, &all, e) < 0 ||
	    grown(j, pq_selector_and(j->arena, total, more), &good, e) < 0)
		return -1;
	r->title = sv_of(title);
	r->matcher = arena_sv(j->arena, matcher);
	pq_format_selector(pq_selector_and(j->arena, total, more), &query);
	r->rate.query = arena_sv(j->arena, sb_sv(&query));
	r->good.query = r->rate.query;
	sb_free(&query);
	figure_count(j->arena, &r->good, arena_fmt(j->arena, "rate/%s/good", name),
	    good.known ? good.total : (double)NAN);
	figure_count(j->arena, &r->total, arena_fmt(j->arena, "rate/%s/total", name),
	    all.known ? all.total : (double)NAN);
	rate = comparable(&all, &good, more) ? good.total / all.total : (double)NAN;
	/* As many decimals as it takes that 100 % is not read where one call failed. */
	figure_ratio(j->arena, &r->rate, arena_fmt(j->arena, "rate/%s", name), rate, result_decimals(rate, 1, 2));
	return 0;
}

/* The label that holds the code: whose matcher takes 200 and not 503; the first one where none is so. */
static int
code_label(const struct pq_selector *good, struct sv *label, struct err *e)
{
	size_t i;

	*label = good->v[0].name;
	for (i = 0; i < good->n; i++) {
		struct label ok = {good->v[i].name, SV("200")}, bad = {good->v[i].name, SV("503")};
		struct pq_selector one = {.v = &good->v[i], .n = 1};
		int takes = pq_matches(&one, SV(""), &(struct labels){&ok, 1}, e);
		int leaves = takes < 0 ? -1 : pq_matches(&one, SV(""), &(struct labels){&bad, 1}, e);

		if (leaves < 0)
			return -1;
		if (takes == 0 || leaves != 0)
			continue;
		*label = good->v[i].name;
		break;
	}
	return 0;
}

static int
judge_rates(struct judging *j, struct err *e)
{
	struct sv text = total_of(j->profile), label;
	const struct pq_selector *total, *good;

	j->v->rates = arena_new(j->arena, 3, sizeof(*j->v->rates));
	if (text.n == 0 || j->profile->good.n == 0)
		return 0;
	total = pq_parse_selector(j->arena, text, e);
	good = pq_parse_matchers(j->arena, j->profile->good, e);
	if (total == NULL || good == NULL || code_label(good, &label, e) < 0)
		return -1;
	if (judge_rate(j, total, sv_of(arena_fmt(j->arena, "%" SV_FMT "=~\"2..\"", SV_ARG(label))), "2xx",
		"answered 2xx", e) < 0 ||
	    judge_rate(j, total, j->profile->good, "good", "as the profile defines good", e) < 0)
		return -1;
	return judge_rate(j, total, sv_of(arena_fmt(j->arena, "%" SV_FMT "!~\"5..\"", SV_ARG(label))), "not-5xx",
	    "not answered 5xx", e);
}

/* What part grew in the interval of whole's step, NaN when that is not known; part's steps are in the same order. */
static double
step_at(const struct increase *part, const struct increment *at, size_t *k)
{
	while (*k < part->n && (part->step[*k].to < at->to ||
				   (part->step[*k].to == at->to && part->step[*k].from < at->from)))
		(*k)++;
	if (*k < part->n && part->step[*k].from == at->from && part->step[*k].to == at->to)
		return part->step[*k].delta;
	return (double)NAN;
}

static int
series_of(struct judging *j, const struct profile_criterion *c, struct rate_series *out, struct err *e)
{
	const struct doc *good = doc_get(c->spec, "good"), *bad = doc_get(c->spec, "bad");
	const struct pq_selector *total_sel, *part_sel;
	struct increase total, part;
	size_t i, k = 0;

	total_sel = pq_parse_selector(j->arena, doc_get(c->spec, "total")->text, e);
	part_sel = pq_parse_selector(j->arena, good != NULL ? good->text : bad->text, e);
	if (total_sel == NULL || part_sel == NULL || grown(j, total_sel, &total, e) < 0 ||
	    grown(j, part_sel, &part, e) < 0)
		return -1;
	out->criterion = c->id;
	out->objective = c->objective.op == OP_NONE ? (double)NAN : c->objective.value;
	out->step = arena_new(j->arena, total.n, sizeof(*out->step));
	out->n = total.n;
	for (i = 0; i < total.n; i++) {
		double d = step_at(&part, &total.step[i], &k);

		out->step[i] = (struct rate_step){
		    .from = total.step[i].from,
		    .to = total.step[i].to,
		    .good = good != NULL ? d : total.step[i].delta - d,
		    .total = total.step[i].delta,
		    .known = part.known && total.step[i].delta > 0 && d >= 0 && d <= total.step[i].delta,
		    .restart = total.step[i].restart,
		};
	}
	return 0;
}

int
rates_judge(struct judging *j, struct err *e)
{
	const struct profile *p = j->profile;
	size_t i;

	if (judge_rates(j, e) < 0)
		return -1;
	j->v->series = arena_new(j->arena, p->n_criteria, sizeof(*j->v->series));
	for (i = 0; i < p->n_criteria; i++) {
		const struct profile_criterion *c = &p->criteria[i];

		if (!sv_is(c->kind, "sli") || doc_get(c->spec, "total") == NULL)
			continue;
		if (series_of(j, c, &j->v->series[j->v->n_series++], e) < 0)
			return -1;
	}
	return 0;
}
