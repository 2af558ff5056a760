/*
 * incidents: {name: INCIDENT, acknowledged: ACK, mttr: 30m, mtta: 5m}, or {checks: probe_success, mttr: 30m}
 *
 * How long incidents took to be acknowledged and repaired, on average. One that is open at the end took at least that long.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/checked.h"
#include "judge/eventlog.h"
#include "judge/figure.h"
#include "judge/incident.h"
#include "judge/result.h"
#include "judge/sources.h"

#define METHOD "mean over all incidents, those open at the end as long as they were"

struct plan {
	const struct doc *name, *acknowledged, *checks;
	int64_t mttr, mtta; /* TIME_NONE: not asked */
	int64_t target;     /* a stricter mttr, of which only is warned; TIME_NONE: none */
	int64_t confirm;
};

struct study {
	struct judging *j;
	struct criterion_result *r;
	struct plan p;
	struct eventlog log;
	const struct span *span;
	size_t n_spans;
	VEC(int64_t) began;
	VEC(struct incident_time) repair, ack;
	struct coverage coverage;
};

static int
length(const struct doc *spec, const char *key, int64_t *out, struct err *e)
{
	const struct doc *d = doc_get(spec, key);

	*out = TIME_NONE;
	if (d != NULL && (!time_duration(d->text, out) || *out <= 0))
		return doc_err(d, e, "incidents: '%s' must be a duration such as 30m", key);
	return 0;
}

static int
read_plan(const struct doc *spec, struct plan *p, struct err *e)
{
	static const char *const known[] = {"name", "acknowledged", "checks", "confirm", "mttr", "mtta", "target", NULL};
	const struct doc *confirm;

	*p = (struct plan){.confirm = 2};
	if (spec->kind != DOC_MAP)
		return doc_err(spec, e, "incidents must be a map: {name: INCIDENT, mttr: 30m}");
	if (profile_keys(spec, known, e) < 0 || length(spec, "mttr", &p->mttr, e) < 0 || length(spec, "mtta", &p->mtta, e) < 0 ||
	    length(spec, "target", &p->target, e) < 0)
		return -1;
	p->name = doc_get(spec, "name");
	p->checks = doc_get(spec, "checks");
	p->acknowledged = doc_get(spec, "acknowledged");
	confirm = doc_get(spec, "confirm");
	if ((p->name == NULL) == (p->checks == NULL))
		return doc_err(spec, e, "incidents: one of 'name' (events) and 'checks' (a selector) is needed");
	if (p->name != NULL && (p->name->kind != DOC_STRING || p->name->text.n == 0))
		return doc_err(p->name, e, "incidents: 'name' is how the events' names begin");
	if (p->checks != NULL && result_selector(NULL, p->checks, NULL, e) < 0)
		return -1;
	if (p->mttr == TIME_NONE && p->mtta == TIME_NONE)
		return doc_err(spec, e, "incidents: 'mttr' or 'mtta' is needed, the time that is allowed on average");
	if (p->target != TIME_NONE && (p->mttr == TIME_NONE || p->target >= p->mttr))
		return doc_err(doc_get(spec, "target"), e, "incidents: 'target' is a warning's limit, below 'mttr'");
	if ((p->mtta != TIME_NONE) != (p->acknowledged != NULL))
		return doc_err(spec, e, "incidents: 'mtta' and 'acknowledged' go together: which event says that somebody took it?");
	if (p->acknowledged != NULL && (p->acknowledged->kind != DOC_STRING || p->acknowledged->text.n == 0))
		return doc_err(p->acknowledged, e, "incidents: 'acknowledged' is how the events' names begin");
	if (confirm != NULL && (p->checks == NULL || !num_parse_int(confirm->text, &p->confirm) || p->confirm < 1))
		return doc_err(confirm, e, "incidents: 'confirm' is a whole number from 1 on, and goes with 'checks'");
	return 0;
}

static int
check(const struct profile *profile, const struct profile_criterion *c, struct err *e)
{
	struct plan p;

	(void)profile;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "incidents: 'mttr' and 'mtta' take the place of 'objective' and 'warn'");
	return read_plan(c->spec, &p, e);
}

/* ----- which there were ---------------------------------------------------------------------- */

static int64_t
end_of(const struct study *s)
{
	return s->span[s->n_spans - 1].to;
}

static void
add(struct study *s, int64_t from, int64_t least, int64_t most)
{
	*vec_add(&s->began) = from;
	*vec_add(&s->repair) = (struct incident_time){least, most};
}

static void
from_events(struct study *s)
{
	const struct logged **found = mem_new(s->log.n, sizeof(*found));
	size_t n = eventlog_find(&s->log, s->p.name->text, LOG_PREFIX, s->span, s->n_spans, found), i;

	for (i = 0; i < n; i++) {
		s->r->manual = s->r->manual || found[i]->manual;
		if (found[i]->end != TIME_NONE)
			add(s, found[i]->t, found[i]->end - found[i]->t, found[i]->end - found[i]->t);
		else
			add(s, found[i]->t, end_of(s) - found[i]->t, INT64_MAX);
	}
	mem_free(found);
}

static int
from_checks(struct study *s, struct err *e)
{
	struct checks_opts o = {.confirm = s->p.confirm, .window = {s->span[0].from, end_of(s)}};
	struct pq_source *src = s->j->source;
	const struct pq_selector *sel;
	struct pq_series *v = NULL;
	struct availability got;
	size_t n = 0, i, k;
	int rc = result_selector(s->j->arena, s->p.checks, &sel, e);

	if (rc == 0)
		rc = src->series(src, sel, s->j->arena, &v, &n, e);
	s->coverage.covered = 0;
	for (i = 0; i < n && rc >= 0; i++) {
		if ((rc = checked_series(src, &v[i], &o, s->j->arena, &got, e)) <= 0)
			continue;
		s->coverage.samples += (int64_t)got.checks;
		if (s->coverage.covered == 0 || got.up + got.down < s->coverage.covered)
			s->coverage.covered = got.up + got.down;
		for (k = 0; k < got.n; k++)
			add(s, got.outage[k].from, got.outage[k].least, got.outage[k].open ? INT64_MAX : got.outage[k].most);
	}
	return rc < 0 ? -1 : 0;
}

/* The first acknowledgement after it began; one that nobody took was not acknowledged as long as it was. */
static void
find_acknowledged(struct study *s)
{
	const struct logged **found = mem_new(s->log.n, sizeof(*found));
	struct span all = {s->span[0].from, INT64_MAX};
	size_t n = eventlog_find(&s->log, s->p.acknowledged->text, LOG_PREFIX, &all, 1, found), i, k;
	int64_t over;

	for (i = 0; i < s->began.n; i++) {
		over = s->repair.v[i].most == INT64_MAX ? INT64_MAX : s->began.v[i] + s->repair.v[i].most;
		for (k = 0; k < n && found[k]->t < s->began.v[i]; k++)
			;
		if (k < n && found[k]->t <= over)
			*vec_add(&s->ack) = (struct incident_time){found[k]->t - s->began.v[i], found[k]->t - s->began.v[i]};
		else
			*vec_add(&s->ack) = (struct incident_time){s->repair.v[i].least, INT64_MAX};
	}
	mem_free(found);
}

/* ----- the verdict --------------------------------------------------------------------------- */

/* "mean time to repair 12 min (median 10 min, longest 30 min); required at most 15 min" */
static const char *
say(struct arena *a, const char *what, const char *not_yet, const struct incident_mean *m, int64_t target)
{
	const char *mean;

	if (m->n < INCIDENT_FEWEST)
		mean = arena_fmt(a, "%zu of %zu took longer than the target to be %s (fewer than %d: no mean)", m->beyond, m->n, what, INCIDENT_FEWEST);
	else if (m->open > 0)
		mean = arena_fmt(a, "mean time to be %s at least %s", what, figure_length(a, (int64_t)m->least));
	else
		mean = arena_fmt(a, "mean time to be %s %s%s", what, figure_length(a, (int64_t)m->least),
		    m->most > m->least ? arena_fmt(a, " to %s", figure_length(a, (int64_t)m->most)) : "");
	return arena_fmt(a, "%s%s%s; required at most %s", mean,
	    m->open > 0 ? arena_fmt(a, ", %zu %s", m->open, not_yet) : "",
	    isnan(m->median) ? "" : arena_fmt(a, " (of the others median %s, longest %s)", figure_length(a, (int64_t)m->median),
	    figure_length(a, (int64_t)m->longest)), figure_length(a, target));
}

static enum outcome
outcome_of(enum incident_answer x)
{
	return x == INCIDENT_WITHIN ? OUTCOME_PASS : x == INCIDENT_BEYOND ? OUTCOME_FAIL : OUTCOME_INCONCLUSIVE;
}

static void
decide(struct study *s)
{
	struct criterion_result *r = s->r;
	struct arena *a = s->j->arena;
	const char *repair = "", *ack = "";
	enum outcome x = OUTCOME_PASS, y = OUTCOME_PASS;
	struct incident_mean m = {0}, k = {0}, t = {0};
	bool by_repair = s->p.mttr != TIME_NONE;

	if (s->p.mttr != TIME_NONE) {
		x = outcome_of(incident_mean(s->repair.v, s->repair.n, s->p.mttr, &m));
		repair = say(a, "repaired", "open at the end", &m, s->p.mttr);
	}
	if (s->p.mtta != TIME_NONE) {
		y = outcome_of(incident_mean(s->ack.v, s->ack.n, s->p.mtta, &k));
		ack = say(a, "acknowledged", "never were", &k, s->p.mtta);
		by_repair = by_repair && (x == OUTCOME_FAIL || (x == OUTCOME_INCONCLUSIVE && y != OUTCOME_FAIL));
	}
	r->outcome = x == OUTCOME_FAIL || y == OUTCOME_FAIL ? OUTCOME_FAIL :
	    x == OUTCOME_PASS && y == OUTCOME_PASS && result_enough(r) ? OUTCOME_PASS : OUTCOME_INCONCLUSIVE;
	if (r->outcome == OUTCOME_PASS && s->p.target != TIME_NONE && incident_mean(s->repair.v, s->repair.n, s->p.target, &t) != INCIDENT_WITHIN) {
		r->outcome = OUTCOME_WARN;
		repair = arena_fmt(a, "%s (without a warning: at most %s)", repair, figure_length(a, s->p.target));
	}
	if (r->outcome == OUTCOME_INCONCLUSIVE)
		r->settle = SV("when each of them was acknowledged and over, and checks or logs that cover the run");
	figure_count(a, &r->n, result_id(s->j, r, "n"), (double)s->began.n);
	figure_text(a, &r->observed, result_id(s->j, r, "observed"), (by_repair ? m.least : k.least) / 1000, "seconds",
	    sv_of(arena_fmt(a, "%s%s", (by_repair ? m.open : k.open) > 0 ? "at least " : "", figure_length(a, (int64_t)(by_repair ? m.least : k.least)))));
	figure_text(a, &r->required, result_id(s->j, r, "required"), (double)(by_repair ? s->p.mttr : s->p.mtta) / 1000, "seconds",
	    sv_of(arena_fmt(a, "at most %s", figure_length(a, by_repair ? s->p.mttr : s->p.mtta))));
	r->sentence = sv_of(arena_fmt(a, "%zu incident%s in %s: %s%s%s.", s->began.n, s->began.n == 1 ? "" : "s", result_over(s->j, r), repair,
	    *repair != '\0' && *ack != '\0' ? "; " : "", ack));
}

static int
list_sources(struct study *s, struct err *e)
{
	struct sources *list = sources_new();
	const struct pq_selector *sel;
	size_t i;
	int rc = 0;

	if (s->p.checks != NULL) {
		rc = result_selector(s->j->arena, s->p.checks, &sel, e);
		if (rc == 0)
			rc = sources_samples(list, s->j, sel, s->span[0].from, end_of(s), e);
	}
	for (i = 0; i < s->log.n; i++)
		if ((s->p.name != NULL && sv_starts(s->log.v[i].name, arena_str(s->j->arena, s->p.name->text))) ||
		    (s->p.acknowledged != NULL && sv_starts(s->log.v[i].name, arena_str(s->j->arena, s->p.acknowledged->text))))
			sources_name(list, s->log.v[i].source);
	if (rc == 0)
		rc = sources_list(list, s->j, s->r, e);
	sources_free(list);
	return rc;
}

static int
study(struct study *s, struct err *e)
{
	size_t i;

	for (i = 0; i < s->n_spans; i++)
		s->coverage.window += s->span[i].to - s->span[i].from;
	s->coverage.covered = s->coverage.window;
	s->coverage.first = s->span[0].from;
	s->coverage.last = end_of(s);
	if (eventlog_read(s->j, &s->log, e) < 0)
		return -1;
	if (s->p.name != NULL)
		from_events(s);
	else if (from_checks(s, e) < 0)
		return -1;
	if (s->p.acknowledged != NULL)
		find_acknowledged(s);
	result_cover(s->j, s->r, &s->coverage);
	if (s->began.n > 0)
		decide(s);
	else
		result_undecided(s->r, arena_fmt(s->j->arena, "Not decidable: no incident is known in %s, so that there is no time to take a mean of.",
		    result_over(s->j, s->r)), "incidents with their times; or leave the criterion optional");
	return list_sources(s, e);
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	struct study s = {.j = j, .r = r};
	int rc;

	result_open(j, r, METHOD, "seconds");
	if (read_plan(r->criterion->spec, &s.p, e) < 0)
		return -1;
	rc = result_window(j, r, &s.span, &s.n_spans, e);
	if (rc > 0)
		rc = study(&s, e);
	eventlog_free(&s.log);
	vec_free(&s.began);
	vec_free(&s.repair);
	vec_free(&s.ack);
	return rc < 0 ? -1 : 0;
}

const struct kind kind_incidents = {"incidents", check, judge, 0};
