/*
 * restarts: {max: 0, event: NAME-or-prefix}: how often processes began anew, by their own start times and by the logs.
 *
 * A log that says nothing of a restart is no evidence against it: a process that was killed does not log. Its start time
 * tells: one seen at T that began at S has not restarted between S and T.
 */
#include "judge/kind.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/eventlog.h"
#include "judge/figure.h"
#include "judge/life.h"
#include "judge/result.h"

#define METHOD "changes of process start times, and events of the logs"

struct tally_of_restarts {
	int64_t seen;   /* by start times */
	int64_t logged; /* by events where no start time changed */
	int64_t first;  /* the earliest, TIME_NONE none */
};

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"max", "event", NULL};
	const struct doc *max;
	struct sv event;
	int64_t n;

	(void)p;
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "restarts must be a map: {max: 0}");
	if (profile_keys(c->spec, known, e) < 0 || profile_text(c->spec, "event", &event, e) < 0)
		return -1;
	max = doc_get(c->spec, "max");
	if (max == NULL || max->kind != DOC_NUMBER || !num_parse_int(max->text, &n) || n < 0)
		return doc_err(max != NULL ? max : c->spec, e, "restarts: 'max' is needed, a whole number from 0 on");
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "restarts: 'max' takes the place of 'objective' and 'warn'");
	return 0;
}

static void
note(struct tally_of_restarts *t, int64_t at)
{
	if (t->first == TIME_NONE || at < t->first)
		t->first = at;
}

static void
count_seen(const struct increase_run *r, const struct span *span, size_t n, struct tally_of_restarts *t)
{
	size_t i, k;

	for (i = 0; i < r->n_life; i++) {
		const struct target_life *l = &r->life[i];

		for (k = 1; k < l->n; k++) {
			/* A start time may jump anywhere; that it changed between two scrapes is what counts. */
			int64_t at = l->began[k] > l->scrape[k - 1] && l->began[k] <= l->scrape[k] ? l->began[k] : l->scrape[k];

			if (!life_restarted(l, k) || !span_has(span, n, at))
				continue;
			t->seen++;
			note(t, at);
		}
	}
}

/* Did a start time change between the scrapes around t? Then the event tells of a restart that was counted. */
static bool
counted(const struct increase_run *r, int64_t at)
{
	size_t i, k;

	for (i = 0; i < r->n_life; i++)
		for (k = 1; k < r->life[i].n; k++)
			if (at > r->life[i].scrape[k - 1] && at <= r->life[i].scrape[k] && life_restarted(&r->life[i], k))
				return true;
	return false;
}

/* The time of the spans in which a target's start times rule a restart out. */
static int64_t
ruled_out(const struct target_life *l, const struct span *span, size_t n)
{
	int64_t sum = 0, at, from, to;
	size_t i, k;

	for (i = 0; i < n; i++) {
		at = span[i].from;
		for (k = 0; k < l->n; k++) {
			if (l->told == NULL || !l->told[k])
				continue;
			from = l->began[k] > at ? l->began[k] : at;
			to = l->scrape[k] < span[i].to ? l->scrape[k] : span[i].to;
			if (from >= to)
				continue;
			sum += to - from;
			at = to;
		}
	}
	return sum;
}

/* By start times, of the worst target that has any; where none has, by the logs. */
static void
cover(struct judging *j, struct eventlog *log, struct sv event, const struct span *span, size_t n,
    struct coverage *c)
{
	const struct increase_run *r = &j->increase;
	int64_t best = -1, covered;
	size_t i, k;

	eventlog_cover(log, event, LOG_PREFIX, span, n, c);
	for (i = 0; i < r->n_life; i++) {
		for (k = 0; k < r->life[i].n && (r->life[i].told == NULL || !r->life[i].told[k]); k++)
			;
		if (k == r->life[i].n)
			continue;
		covered = ruled_out(&r->life[i], span, n);
		if (best < 0 || covered < best) {
			best = covered;
			c->samples = (int64_t)r->life[i].n;
			c->first = r->life[i].scrape[0];
			c->last = r->life[i].scrape[r->life[i].n - 1];
		}
	}
	if (best >= 0)
		c->covered = best;
	else if (event.n == 0 || *eventlog_doubt(j, log) != '\0')
		c->covered = 0;
}

/* How it is known, where that is worth a word. */
static const char *
told_by(const struct tally_of_restarts *t, size_t n_events)
{
	if (t->seen == 0)
		return " (by the logs)";
	return n_events == 0 ? " (by the process start time; no log tells of it)" : "";
}

static void
decide(struct judging *j, struct criterion_result *r, const struct tally_of_restarts *t, size_t n_events, int64_t max)
{
	int64_t n = t->seen + t->logged;
	const char *over = result_over(j, r), *what = "No restart was seen";
	char at[TIME_TEXT];

	if (n > 0)
		what = arena_fmt(j->arena, "%lld restart%s in %s, the first at %s%s", (long long)n, n == 1 ? "" : "s", over,
		    time_text(t->first, at), told_by(t, n_events));
	if (n > max)
		r->outcome = OUTCOME_FAIL;
	else if (result_enough(r))
		r->outcome = OUTCOME_PASS;
	else
		result_undecided(r, "", "the process start time in each snapshot, or a log of restarts that covers it all");
	r->sentence = sv_of(arena_fmt(j->arena, "%s; at most %lld allowed; %s.", what, (long long)max,
	    result_covered(j, r)));
}

static int
judge_log(struct judging *j, struct criterion_result *r, struct eventlog *log, const struct span *span, size_t n,
    struct err *e)
{
	const struct doc *node = doc_get(r->criterion->spec, "event");
	const struct logged **found = mem_new(log->n, sizeof(*found));
	struct tally_of_restarts t = {.first = TIME_NONE};
	struct sv event = node == NULL ? SV("") : node->text;
	struct coverage c = {0};
	size_t i, n_found;
	int64_t max = 0;
	int rc;

	num_parse_int(doc_get(r->criterion->spec, "max")->text, &max);
	for (i = 0; i < n; i++)
		c.window += span[i].to - span[i].from;
	n_found = event.n == 0 ? 0 : eventlog_find(log, event, LOG_PREFIX, span, n, found);
	count_seen(&j->increase, span, n, &t);
	for (i = 0; i < n_found; i++)
		if (!counted(&j->increase, found[i]->t)) {
			t.logged++;
			note(&t, found[i]->t);
		}
	cover(j, log, event, span, n, &c);
	result_cover(j, r, &c);
	r->observed.query = j->profile->process_start;
	figure_count(j->arena, &r->observed, result_id(j, r, "observed"), (double)(t.seen + t.logged));
	figure_text(j->arena, &r->required, result_id(j, r, "required"), (double)max, "count",
	    sv_of(arena_fmt(j->arena, "at most %lld", (long long)max)));
	figure_count(j->arena, &r->margin, result_id(j, r, "margin"), (double)(max - t.seen - t.logged));
	figure_count(j->arena, &r->n, result_id(j, r, "n"), (double)c.samples);
	decide(j, r, &t, n_found, max);
	rc = eventlog_sources(j, r, log, found, n_found, e);
	mem_free(found);
	return rc;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	return eventlog_judge(j, r, METHOD, judge_log, e);
}

const struct kind kind_restarts = {"restarts", check, judge, KIND_ATTEST};
