/*
 * spike: {total: SEL, bad: SEL, around: EVENT, after: 60s, max_increase: 0.5%}: are there more failures around events?
 *
 * The share of bad around the events against the share elsewhere in the window: Newcombe's 95 % interval of the difference all
 * below what is allowed is PASS, all above it FAIL. A spike at one event only, drowned in the others, is found by each
 * event's own conditional binomial test, with Holm's correction. slo-signoff B.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/eventlog.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/sli.h"
#include "stats/ratio.h"

#define METHOD "shares of exact counter increases around the events and elsewhere; Newcombe 95 % interval, binomial test per event"
#define RARE 0.01

struct plan {
	struct sv around;
	int64_t before, after;
	double allowed;
	bool good; /* 'good' is given, not 'bad' */
};

struct share {
	double bad, all;
};

struct moment { /* one event */
	int64_t t;
	struct share s;
	bool coarse; /* a sample interval that is much longer than the time around it */
};

struct sorted { /* the window's increases, sorted into around the events and elsewhere */
	struct moment *m;
	size_t n, seen, coarse;
	struct share around, elsewhere;
};

static int
read_plan(const struct doc *spec, struct plan *p, struct err *e)
{
	struct sv before, after;
	const struct doc *allowed = doc_get(spec, "max_increase");

	*p = (struct plan){.good = doc_get(spec, "good") != NULL};
	if (profile_text(spec, "around", &p->around, e) < 0 || profile_text(spec, "before", &before, e) < 0 ||
	    profile_text(spec, "after", &after, e) < 0)
		return -1;
	if (p->around.n == 0)
		return doc_err(spec, e, "spike: 'around' is needed: the name of an event");
	if (!time_duration(after, &p->after) || p->after < TIME_SECOND)
		return doc_err(spec, e, "spike: 'after' must be a duration of at least a second, such as 60s");
	if (before.n > 0 && !time_duration(before, &p->before))
		return doc_err(spec, e, "spike: 'before' must be a duration, such as 10s");
	if (allowed == NULL || !sli_tolerance(allowed, &p->allowed))
		return doc_err(spec, e, "spike: 'max_increase' must be a share such as 0.5%%: so much more may be bad around the events");
	return 0;
}

static int
check(const struct profile *profile, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"total", "bad", "good", "around", "before", "after", "max_increase", NULL};
	const struct doc *total, *bad, *good;
	struct plan p;

	(void)profile;
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "spike must be a map: {total: SEL, bad: SEL, around: EVENT, after: 60s, max_increase: 0.5%%}");
	if (profile_keys(c->spec, known, e) < 0 || read_plan(c->spec, &p, e) < 0)
		return -1;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "spike: 'max_increase' takes the place of 'objective' and 'warn'");
	total = doc_get(c->spec, "total");
	bad = doc_get(c->spec, "bad");
	good = doc_get(c->spec, "good");
	if (total == NULL || (bad == NULL) == (good == NULL))
		return doc_err(c->spec, e, "spike: 'total' and one of 'bad' and 'good' are needed");
	if (result_selector(NULL, total, NULL, e) < 0)
		return -1;
	return result_selector(NULL, bad != NULL ? bad : good, NULL, e);
}

/* Does the step lie around the event, if only in part? What happened when in it, it does not say. */
static bool
touches(const struct plan *p, const struct increment *s, int64_t t)
{
	return s->from < t + p->after && s->to > t - p->before;
}

/* Adds a counter's steps to the shares: as all, or as bad. Steps and events are both in order. */
static void
sort_in(const struct plan *p, const struct increase *grew, bool bad, struct sorted *s)
{
	const struct increment *step;
	size_t i, k, first = 0;
	bool around;

	for (i = 0; i < grew->n; i++) {
		step = &grew->step[i];
		around = false;
		while (first < s->n && s->m[first].t + p->after <= step->from)
			first++;
		for (k = first; k < s->n && s->m[k].t - p->before < step->to; k++) {
			if (!touches(p, step, s->m[k].t))
				continue;
			around = true;
			*(bad ? &s->m[k].s.bad : &s->m[k].s.all) += step->delta;
			s->m[k].coarse |= step->to - step->from > 2 * (p->before + p->after);
		}
		*(around ? bad ? &s->around.bad : &s->around.all : bad ? &s->elsewhere.bad : &s->elsewhere.all) += step->delta;
	}
}

static double
chance(const struct sorted *s, const struct moment *m)
{
	return stats_more_often(s->elsewhere.bad, s->elsewhere.all, m->s.bad, m->s.all);
}

/* The event at which a spike is least likely to be chance, and is larger than allowed: NULL none. Holm: its p times n. */
static const struct moment *
spike_of(const struct plan *p, const struct sorted *s)
{
	const struct moment *worst = NULL, *m;
	struct stats_interval i;
	double least = 1, v;

	if (!(s->elsewhere.all > 0))
		return NULL;
	for (m = s->m; m < s->m + s->n; m++) {
		if (m->coarse || !(m->s.all > 0) || (v = chance(s, m)) >= least)
			continue;
		stats_difference(m->s.bad, m->s.all, s->elsewhere.bad, s->elsewhere.all, 0.95, &i);
		if (i.low > p->allowed) {
			least = v;
			worst = m;
		}
	}
	return worst != NULL && least * (double)s->n < RARE ? worst : NULL;
}

/* "2.400": a share in percent, or a difference of two in percentage points. */
static const char *
points(struct arena *a, double v)
{
	char buf[NUM_TEXT];

	return arena_str(a, sv_of(num_fixed(v * 100, fabs(v) < 0.0995 ? 3 : 2, buf)));
}

static double
ratio(const struct share *s)
{
	return s->all > 0 ? s->bad / s->all : (double)NAN;
}

static const char *
described(struct judging *j, const struct plan *p, const struct sorted *s, double d, const struct stats_interval *i)
{
	struct arena *a = j->arena;

	return arena_fmt(a, "Around %zu %sevent%s %s %% of %s were bad, elsewhere %s %% of %s: %s points more (95 %%: %s to %s), where at "
	    "most %s more are allowed.", s->seen,
	    s->seen == s->n ? "" : arena_fmt(a, "of %zu ", s->n), s->n == 1 ? "" : "s", points(a, ratio(&s->around)),
	    sli_count_text(a, s->around.all), points(a, ratio(&s->elsewhere)), sli_count_text(a, s->elsewhere.all), points(a, d),
	    points(a, i->low), points(a, i->high), points(a, p->allowed));
}

static void
decide(struct judging *j, struct criterion_result *r, const struct plan *p, const struct sorted *s)
{
	const struct moment *one = spike_of(p, s);
	struct stats_interval i;
	struct arena *a = j->arena;
	const char *said;
	char at[TIME_TEXT];
	double d = stats_difference(s->around.bad, s->around.all, s->elsewhere.bad, s->elsewhere.all, 0.95, &i);

	figure_text(a, &r->observed, result_id(j, r, "observed"), d, "ratio", sv_of(arena_fmt(a, "%s %%", points(a, d))));
	figure_text(a, &r->required, result_id(j, r, "required"), p->allowed, "ratio",
	    sv_of(arena_fmt(a, "at most %s %% more", points(a, p->allowed))));
	figure_text(a, &r->margin, result_id(j, r, "margin"), p->allowed - d, "ratio",
	    sv_of(arena_fmt(a, "%s %%", points(a, p->allowed - d))));
	figure_count(a, &r->n, result_id(j, r, "n"), s->around.all);
	said = described(j, p, s, d, &i);
	if (one != NULL)
		said = arena_fmt(a, "%s At %s it was %s %%.", said, time_text(one->t, at), points(a, ratio(&one->s)));
	if (one != NULL || i.low > p->allowed) {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(said);
	} else if (i.high > p->allowed) {
		result_undecided(r, arena_fmt(a, "Not decidable: too few requests around the events to tell. %s", said),
		    "more requests around the events");
	} else if ((double)s->seen < r->criterion->min_coverage * (double)s->n || !result_enough(r)) {
		result_undecided(r, arena_fmt(a, "Not decidable: %s; requests were counted around %zu of %zu events. %s",
		    result_covered(j, r), s->seen, s->n, said), "samples around all of the events");
	} else {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(said);
	}
}

static void
weigh(struct judging *j, struct criterion_result *r, const struct plan *p, const struct sorted *s)
{
	if (s->n == 0)
		result_undecided(r, arena_fmt(j->arena, "Not measured: no event %" SV_FMT " in %s.", SV_ARG(p->around), result_over(j, r)),
		    "the log that holds these events");
	else if (s->coarse > 0 && s->coarse >= s->n - s->n / 2)
		result_undecided(r, "Not decidable: the samples are too far apart to show what happened around the events.",
		    arena_fmt(j->arena, "samples at least every %s", figure_length(j->arena, p->before + p->after)));
	else if (!(s->around.all > 0))
		result_undecided(r, "Not measured: no request was counted around the events.", "samples around the events");
	else if (!(s->elsewhere.all > 0))
		result_undecided(r, "Not decidable: no request was counted away from the events.",
		    "a window with time between the events");
	else
		decide(j, r, p, s);
}

static void
sort_all(const struct plan *p, const struct sli_part *all, const struct sli_part *part, struct sorted *s)
{
	struct share *v;
	size_t i;

	sort_in(p, &all->grew, false, s);
	sort_in(p, &part->grew, true, s);
	for (i = 0; i < s->n + 2; i++) {
		v = i < s->n ? &s->m[i].s : i == s->n ? &s->around : &s->elsewhere;
		if (p->good)
			v->bad = v->all - v->bad;
		v->bad = fmin(fmax(v->bad, 0), v->all);
	}
	for (i = 0; i < s->n; i++) {
		s->seen += s->m[i].s.all > 0 && !s->m[i].coarse;
		s->coarse += s->m[i].coarse;
	}
}

static int
judge_log(struct judging *j, struct criterion_result *r, struct eventlog *log, const struct span *span, size_t n, struct err *e)
{
	const struct logged **found = mem_new(log->n, sizeof(*found));
	struct sli_part all = {0}, part = {0};
	struct sorted s = {0};
	struct plan p;
	size_t i;
	int rc;

	rc = read_plan(r->criterion->spec, &p, e);
	if (rc == 0) {
		s.n = eventlog_find(log, p.around, LOG_NEAREST, span, n, found);
		s.m = arena_new(j->arena, s.n, sizeof(*s.m));
		for (i = 0; i < s.n; i++)
			s.m[i].t = found[i]->t;
		for (i = 0; i < s.n; i++)
			if (found[i]->manual)
				j->manual = sv_of(arena_fmt(j->arena, "the event %" SV_FMT, SV_ARG(p.around)));
		rc = sli_measure(j, r, "total", span, n, &all, e);
	}
	if (rc == 0)
		rc = sli_measure(j, r, p.good ? "good" : "bad", span, n, &part, e);
	if (rc == 0) {
		r->observed.query = part.text;
		result_cover(j, r, &all.grew.coverage);
		if (sli_measured(j, r, &all, span, n) && sli_measured(j, r, &part, span, n)) {
			sort_all(&p, &all, &part, &s);
			weigh(j, r, &p, &s);
		}
		rc = sli_sources(j, r, &all, &part, e);
	}
	mem_free(found);
	return rc;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	return eventlog_judge(j, r, METHOD, judge_log, e);
}

const struct kind kind_spike = {"spike", check, judge, false};
