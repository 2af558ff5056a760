/*
 * recovery: {healthy: "EXPR OP NUMBER", after: WHAT, within: 30s}: is all well again soon enough after each fault?
 *
 * The time is known only from one sample to the next. All of that interval within the limit: PASS; all of it beyond: FAIL;
 * one that straddles the limit: INCONCLUSIVE (slo-signoff B; systems.md 002).
 */
#include "judge/kind.h"

#include <math.h>

#include "base/num.h"
#include "judge/figure.h"
#include "judge/recovery.h"
#include "judge/result.h"
#include "judge/window.h"

#define METHOD "from the end of each fault to the first of %lld healthy samples in a row; between samples unknown"
#define HOLD_MAX 1000

static int
read_after(struct arena *a, const struct profile *profile, const struct doc *spec, struct recovery_plan *p, struct err *e)
{
	static const char *const known[] = {"event", "window", "promql", NULL};
	const struct doc *after = doc_get(spec, "after"), *node;

	if (after == NULL)
		return doc_err(spec, e, "recovery: 'after' is needed: {event: NAME}, {window: NAME}, {promql: EXPR} or outage");
	if (after->kind == DOC_STRING && sv_is(after->text, "outage")) {
		p->after = RECOVERY_OUTAGE;
		return 0;
	}
	if (after->kind != DOC_MAP || after->n != 1)
		return doc_err(after, e, "recovery: 'after' must be {event: NAME}, {window: NAME}, {promql: EXPR} or outage");
	if (profile_keys(after, known, e) < 0)
		return -1;
	if ((node = doc_get(after, "promql")) != NULL) {
		p->after = RECOVERY_EXPR;
		return comparison_parse(a, node, "promql", &p->back, e);
	}
	node = doc_first(after);
	p->after = sv_is(node->key, "event") ? RECOVERY_EVENT : RECOVERY_WINDOW;
	if (node->kind != DOC_STRING || node->text.n == 0)
		return doc_err(node, e, "recovery: the name of an event or window is needed");
	p->name = node->text;
	return p->after == RECOVERY_WINDOW ? window_check(profile, node, p->name, e) : 0;
}

static int
read_plan(struct arena *a, const struct profile *profile, const struct profile_criterion *c, struct recovery_plan *p,
    struct err *e)
{
	static const char *const known[] = {"healthy", "after", "within", "hold", NULL};
	const struct doc *healthy, *hold;
	struct sv within;

	*p = (struct recovery_plan){.hold = 3};
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "recovery must be a map: {healthy: \"up == 1\", after: {event: NAME}, within: 30s}");
	if (profile_keys(c->spec, known, e) < 0 || profile_text(c->spec, "within", &within, e) < 0)
		return -1;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "recovery: 'within' takes the place of 'objective' and 'warn'");
	if ((healthy = doc_get(c->spec, "healthy")) == NULL)
		return doc_err(c->spec, e, "recovery: 'healthy' is needed");
	if (!time_duration(within, &p->within))
		return doc_err(c->spec, e, "recovery: 'within' must be a duration such as 30s");
	if ((hold = doc_get(c->spec, "hold")) != NULL &&
	    (hold->kind != DOC_NUMBER || !num_parse_int(hold->text, &p->hold) || p->hold < 1 || p->hold > HOLD_MAX))
		return doc_err(hold, e, "recovery: 'hold' must be a whole number from 1 to %d", HOLD_MAX);
	if (comparison_parse(a, healthy, "healthy", &p->healthy, e) < 0)
		return -1;
	return read_after(a, profile, c->spec, p, e);
}

static int
check(const struct profile *profile, const struct profile_criterion *c, struct err *e)
{
	struct arena a = {0};
	struct recovery_plan p;
	int rc = read_plan(&a, profile, c, &p, e);

	arena_free(&a);
	return rc;
}

static enum outcome
outcome_of(const struct recovery_plan *p, const struct recovered *r)
{
	if (r->low >= p->within && r->seen && r->low > 0)
		return OUTCOME_FAIL; /* it was still ill then */
	return r->high != TIME_NONE && r->high <= p->within ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE;
}

/* A failure before an open question; then the one that took longest. */
static const struct recovered *
worst(const struct recovery_plan *p, const struct recovery_data *d)
{
	static const int rank[] = {[OUTCOME_PASS] = 0, [OUTCOME_INCONCLUSIVE] = 1, [OUTCOME_FAIL] = 2};
	const struct recovered *w = d->v;
	int by;

	for (size_t i = 1; i < d->n; i++) {
		by = rank[outcome_of(p, &d->v[i])] - rank[outcome_of(p, w)];
		if (by > 0 || (by == 0 && (d->v[i].high == TIME_NONE || (w->high != TIME_NONE && d->v[i].high > w->high))))
			w = &d->v[i];
	}
	return w;
}

/* "4 s to 9 s", "at most 5 s", "more than 3 min" */
static const char *
took(struct arena *a, const struct recovered *r)
{
	if (r->high == TIME_NONE)
		return r->low > 0 ? arena_fmt(a, "more than %s", figure_length(a, r->low)) : "an unknown time";
	if (r->low <= 0)
		return arena_fmt(a, "at most %s", figure_length(a, r->high));
	return arena_fmt(a, "%s to %s", figure_length(a, r->low), figure_length(a, r->high));
}

/* "Healthy again 4 s to 9 s" and what else can be said. */
static const char *
how(struct arena *a, const struct recovery_plan *p, const struct recovered *r)
{
	if (r->looks == 0)
		return "No sample was taken";
	if (r->high != TIME_NONE)
		return arena_fmt(a, "Healthy again %s", took(a, r));
	if (r->low > 0)
		return arena_fmt(a, "Still not healthy %s", took(a, r));
	return arena_fmt(a, "Not seen healthy %lld times in a row", (long long)p->hold);
}

static void
decide(struct judging *j, struct criterion_result *r, const struct recovery_plan *p, const struct recovery_data *d)
{
	const struct recovered *w = worst(p, d);
	struct arena *a = j->arena;
	char at[TIME_TEXT];
	const char *limit = figure_length(a, p->within), *said;
	int64_t known = w->high != TIME_NONE ? w->high : w->low;

	figure_text(a, &r->observed, result_id(j, r, "observed"), (double)known / 1000, "seconds", sv_of(took(a, w)));
	figure_text(a, &r->required, result_id(j, r, "required"), (double)p->within / 1000, "seconds",
	    sv_of(arena_fmt(a, "at most %s", limit)));
	figure_text(a, &r->margin, result_id(j, r, "margin"), (double)(p->within - known) / 1000, "seconds",
	    sv_of(figure_length(a, p->within - known)));
	figure_count(a, &r->n, result_id(j, r, "n"), (double)d->n);
	said = arena_fmt(a, "%s after %s at %s%s; at most %s is allowed%s.", how(a, p, w), p->after == RECOVERY_OUTAGE ? "the last good sample" : "the fault ended",
	    time_text(w->fault.from, at), w->seen || w->high == TIME_NONE ? "" : " (never seen unhealthy after it)", limit,
	    d->n > 1 ? arena_fmt(a, ", the worst of %zu faults", d->n) : "");
	r->outcome = outcome_of(p, w);
	r->sentence = sv_of(said);
	if (r->outcome != OUTCOME_INCONCLUSIVE)
		return;
	if (w->high == TIME_NONE)
		said = arena_fmt(a, "Not decidable: there are too few samples after it. %s", said);
	else if (p->after == RECOVERY_OUTAGE)
		said = arena_fmt(a, "Not decidable: when in the outage its cause ended is not known. %s", said);
	else
		said = arena_fmt(a, "Not decidable: the samples are too far apart to tell. %s", said);
	result_undecided(r, said, "samples closer together after the end of each fault");
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct recovery_data d;
	struct recovery_plan p;
	const struct span *span;
	struct sources *s;
	size_t n;
	int rc;

	result_open(j, r, "", "seconds");
	if (read_plan(j->arena, j->profile, r->criterion, &p, e) < 0)
		return -1;
	r->method = sv_of(arena_fmt(j->arena, METHOD, (long long)p.hold));
	r->observed.query = p.healthy.text;
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	s = sources_new();
	rc = recovery_measure(j, &p, span, n, s, &d, e);
	if (rc == 0) {
		if (d.n == 0)
			result_undecided(r, arena_fmt(j->arena, "Not measured: %" SV_FMT " in %s.", SV_ARG(d.why), result_over(j, r)),
			    "what says when each fault ended, and samples after it");
		else
			decide(j, r, &p, &d);
		rc = sources_list(s, j, r, e);
	}
	sources_free(s);
	return rc;
}

const struct kind kind_recovery = {"recovery", check, judge, false};
