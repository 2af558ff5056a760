/*
 * schedule: {event: NAME, every: 15m, tolerance: 60s}: something that happens by the clock. A slot lies at each
 * multiple of every after the window's beginning and before its end; an event within the tolerance meets it.
 *
 * schedule: {result: checkpoint, at: ["02:00", ...], ...}: something that is done at times of the day and has an outcome:
 * schedule_slots.c.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/mem.h"
#include "base/time.h"
#include "judge/eventlog.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/schedule_slots.h"

#define MAX_SLOTS 1000000
#define LISTED 10 /* missing slots named in the sentence */

struct plan {
	struct sv event;
	int64_t every, tolerance;
};

static int
read_plan(const struct doc *spec, struct plan *p, struct err *e)
{
	struct sv every, tolerance;

	if (profile_text(spec, "event", &p->event, e) < 0 || profile_text(spec, "every", &every, e) < 0 ||
	    profile_text(spec, "tolerance", &tolerance, e) < 0)
		return -1;
	if (p->event.n == 0)
		return doc_err(spec, e, "schedule: 'event' is needed");
	if (!time_duration(every, &p->every) || p->every < TIME_SECOND)
		return doc_err(spec, e, "schedule: 'every' must be a duration of at least a second, such as 15m");
	if (!time_duration(tolerance, &p->tolerance))
		return doc_err(spec, e, "schedule: 'tolerance' must be a duration, such as 60s");
	if (p->tolerance > (p->every - 1) / 2)
		return doc_err(spec, e,
		    "schedule: 'tolerance' must be less than half of 'every', or an event meets two slots");
	return 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"event", "every", "tolerance", NULL};
	struct plan plan;

	(void)p;
	if (doc_get(c->spec, "result") != NULL)
		return schedule_slots_check(c, e);
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "schedule must be a map: {event: NAME, every: 15m, tolerance: 60s}");
	if (profile_keys(c->spec, known, e) < 0 || read_plan(c->spec, &plan, e) < 0)
		return -1;
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "schedule: every slot counts; it takes no 'objective' and no 'warn'");
	return 0;
}

struct score {
	int64_t slots, met;
	int64_t unseen;     /* missing where no log would have told */
	int64_t worst;      /* the largest deviation of those met, ms */
	struct sb missing;  /* the first LISTED */
	size_t used, found; /* events that met a slot, all */
};

static void
miss(struct score *t, int64_t slot)
{
	char at[TIME_TEXT];

	if (t->slots - t->met <= LISTED)
		sb_addf(&t->missing, "%s%s", t->missing.n > 0 ? ", " : "", time_text(slot, at));
}

/*
 * Events and slots are both in order, and an event is within the tolerance of one slot at most: walks both, the nearest
 * event to a slot meets it.
 */
static void
walk(const struct plan *p, const struct eventlog *log, struct span s, const struct logged **ev, size_t n,
    struct score *t)
{
	int64_t slot, best, off;
	size_t i = 0;

	for (slot = s.from + p->every; slot < s.to; slot += p->every) {
		t->slots++;
		best = TIME_NONE;
		for (; i < n && ev[i]->t <= slot + p->tolerance; i++) {
			off = ev[i]->t < slot ? slot - ev[i]->t : ev[i]->t - slot;
			if (off <= p->tolerance && (best == TIME_NONE || off < best))
				best = off;
		}
		if (best != TIME_NONE) {
			t->met++;
			t->used++;
			if (best > t->worst)
				t->worst = best;
			continue;
		}
		miss(t, slot);
		if (!eventlog_covers(log, slot - p->tolerance < s.from ? s.from : slot - p->tolerance,
			slot + p->tolerance > s.to ? s.to : slot + p->tolerance))
			t->unseen++;
	}
}

static void
decide(struct judging *j, struct criterion_result *r, const struct score *t, const char *doubt)
{
	int64_t missing = t->slots - t->met;
	struct arena *a = j->arena;
	const char *met, *list = "";

	met = arena_fmt(a, "%lld of %lld slots in %s were met", (long long)t->met, (long long)t->slots,
	    result_over(j, r));
	if (missing > 0)
		list = arena_fmt(a, "; missing: %s%s", sb_str(&t->missing),
		    missing > LISTED ? arena_fmt(a, " and %lld more", (long long)(missing - LISTED)) : "");
	if (t->slots == 0) {
		result_undecided(r, arena_fmt(a, "Not decidable: no slot lies inside %s.", result_over(j, r)),
		    "a window that is longer than the interval of the schedule");
	} else if (missing == 0) {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(arena_fmt(a, "%s, none more than %s off; %zu other events of that name.", met,
		    figure_length(a, t->worst), t->found - t->used));
	} else if (missing > t->unseen) {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(arena_fmt(a, "%s%s; the event log covers %" SV_FMT " of it.", met, list,
		    SV_ARG(r->cover.text)));
	} else {
		result_undecided(r,
		    arena_fmt(a, "Not decidable: %s%s; no event log covers what is missing.%s", met, list, doubt),
		    arena_fmt(a, "an event log that was read to its end and covers all of %s", result_over(j, r)));
	}
}

static int
judge_log(struct judging *j, struct criterion_result *r, struct eventlog *log, const struct span *span, size_t n,
    struct err *e)
{
	const struct logged **found = mem_new(log->n, sizeof(*found));
	struct coverage c = {0};
	struct score t = {0};
	struct plan p;
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		c.window += span[i].to - span[i].from;
	rc = read_plan(r->criterion->spec, &p, e);
	if (rc == 0 && c.window / p.every > MAX_SLOTS) {
		result_undecided(r, arena_fmt(j->arena, "Not decidable: %s has more than %d slots.", result_over(j, r), MAX_SLOTS),
		    "the right beginning and end of the run");
	} else if (rc == 0) {
		eventlog_cover(log, p.event, LOG_EXACT, span, n, &c);
		result_cover(j, r, &c);
		for (i = 0; i < n; i++) {
			size_t m, k = eventlog_find(log, p.event, LOG_EXACT, &span[i], 1, found);

			t.found += k;
			for (m = 0; m < k; m++)
				r->manual = r->manual || found[m]->manual;
			walk(&p, log, span[i], found, k, &t);
		}
		r->observed.query = arena_sv(j->arena, p.event);
		figure_count(j->arena, &r->observed, result_id(j, r, "observed"), (double)t.met);
		figure_count(j->arena, &r->required, result_id(j, r, "required"), (double)t.slots);
		figure_count(j->arena, &r->margin, result_id(j, r, "margin"), (double)(t.met - t.slots));
		figure_count(j->arena, &r->n, result_id(j, r, "n"), (double)t.found);
		decide(j, r, &t, eventlog_doubt(j, log));
		rc = eventlog_sources(j, r, log, NULL, 0, e);
	}
	sb_free(&t.missing);
	mem_free(found);
	return rc;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	if (doc_get(r->criterion->spec, "result") != NULL)
		return schedule_slots_judge(j, r, e);
	return eventlog_judge(j, r, "slots by the clock, each met by the nearest event within the tolerance", judge_log,
	    e);
}

const struct kind kind_schedule = {"schedule", check, judge, false};
