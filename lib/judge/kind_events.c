/*
 * events: {name: NAME-or-prefix, min: 1}: it must have happened.
 * events: {none: NAME-or-prefix, source: GLOB}: it must not have happened; that takes a log that would tell of it and covers the whole window.
 * events: {order: [NAME, NAME, ...]}: each of them happened after the one before it.
 *
 * A log that never heard of such events is no proof that there were none: which one would tell, "source" says, or an event of
 * that name at another time does. Else somebody has to state it (attest).
 */
#include "judge/kind.h"

#include <math.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/eventlog.h"
#include "judge/figure.h"
#include "judge/result.h"

#define SETTLE "an event log that was read to its end and covers %s from beginning to end"

static int
read_min(const struct doc *spec, int64_t *min, struct err *e)
{
	const struct doc *node = doc_get(spec, "min");

	*min = 1;
	if (node == NULL)
		return 0;
	if (node->kind != DOC_NUMBER || !num_parse_int(node->text, min) || *min < 1)
		return doc_err(node, e, "min: a whole number of at least 1 is needed");
	return 0;
}

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"name", "min", "none", "order", "source", NULL};
	const struct doc *order, *d;
	struct sv name, none, source;
	int64_t min;
	size_t n = 0;

	(void)p;
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "events must be a map: {name: NAME, min: 1}, {none: NAME} or {order: [NAME, NAME]}");
	order = doc_get(c->spec, "order");
	if (profile_keys(c->spec, known, e) < 0 || profile_text(c->spec, "name", &name, e) < 0 ||
	    profile_text(c->spec, "none", &none, e) < 0 || profile_text(c->spec, "source", &source, e) < 0 ||
	    read_min(c->spec, &min, e) < 0)
		return -1;
	if ((name.n > 0) + (none.n > 0) + (order != NULL) != 1)
		return doc_err(c->spec, e, "events: one of 'name' and 'none' is needed, or 'order'");
	for (d = order != NULL && order->kind == DOC_LIST ? doc_first(order) : NULL; d != NULL; d = d->next, n++)
		if (d->kind != DOC_STRING || d->text.n == 0)
			return doc_err(d, e, "order: the name of an event is needed");
	if (order != NULL && n < 2)
		return doc_err(order, e, "order must be a list of two names or more: [CHAOS_ON, CHAOS_OFF]");
	if (name.n == 0 && doc_get(c->spec, "min") != NULL)
		return doc_err(c->spec, e, "events: 'min' goes with 'name'");
	if (c->objective.op != OP_NONE || c->warn.op != OP_NONE)
		return doc_err(c->at, e, "events: 'min', 'none' or 'order' takes the place of 'objective' and 'warn'");
	return 0;
}

/* "3 times, first CHAOS_MODE_ON at 2026-01-12T18:00:05Z" */
static const char *
seen_text(struct judging *j, const struct logged **found, size_t n)
{
	char at[TIME_TEXT];

	if (n == 0)
		return "not seen";
	return arena_fmt(j->arena, "seen %s%s%" SV_FMT " at %s",
	    n == 1 ? "once" : arena_fmt(j->arena, "%zu times", n), n == 1 ? ", " : ", first ",
	    SV_ARG(sv_head(found[0]->name, 80)), time_text(found[0]->t, at));
}

static void
decide_none(struct judging *j, struct criterion_result *r, const struct logged **found, size_t n, bool covered,
    bool would_tell, const char *doubt)
{
	const char *over = result_over(j, r);

	if (n > 0) {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(arena_fmt(j->arena, "None is allowed in %s, and it was %s.", over,
		    seen_text(j, found, n)));
	} else if (!would_tell) {
		result_undecided(r,
		    arena_fmt(j->arena, "Not decidable: no event was found, but no log is known to tell of such events."),
		    arena_fmt(j->arena,
			"a log that would tell, named as 'source' in the profile, or somebody who states that there was none in %s "
			"(--attest)", over));
	} else if (covered && *doubt == '\0') {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(arena_fmt(j->arena, "None was found, and the event log covers all of %s.", over));
	} else if (covered) {
		result_undecided(r, arena_fmt(j->arena, "Not decidable: none was found, but one may be missing.%s", doubt),
		    "a format that knows every line of the log");
	} else {
		result_undecided(r,
		    arena_fmt(j->arena,
			"Not decidable: no event was found, but no event log covers all of %s (%" SV_FMT
			" is covered).",
			over, SV_ARG(r->cover.text)),
		    arena_fmt(j->arena, SETTLE, over));
	}
}

static void
decide_min(struct judging *j, struct criterion_result *r, const struct logged **found, size_t n, int64_t min,
    bool covered, const char *doubt)
{
	const char *over = result_over(j, r), *seen = seen_text(j, found, n);

	if (n >= (uint64_t)min) {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(arena_fmt(j->arena, "In %s it was %s; required %" SV_FMT ".", over, seen,
		    SV_ARG(r->required.text)));
	} else if (covered && *doubt == '\0') {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(arena_fmt(j->arena,
		    "In %s it was %s; required %" SV_FMT "; the event log covers all of it.", over, seen,
		    SV_ARG(r->required.text)));
	} else {
		result_undecided(r,
		    arena_fmt(j->arena,
			"Not decidable: in %s it was %s; required %" SV_FMT "; event logs cover %" SV_FMT
			" of it.%s", over, seen, SV_ARG(r->required.text), SV_ARG(r->cover.text), doubt),
		    arena_fmt(j->arena, SETTLE, over));
	}
}

/* The logs that told, or kept silent where telling counts. */
static int
judge_log(struct judging *j, struct criterion_result *r, struct eventlog *log, const struct span *span, size_t n_spans,
    struct err *e)
{
	const struct doc *none = doc_get(r->criterion->spec, "none"), *source = doc_get(r->criterion->spec, "source");
	struct sv name = none != NULL ? none->text : doc_get(r->criterion->spec, "name")->text;
	enum log_match how = none != NULL ? LOG_PREFIX : LOG_NEAREST;
	const struct logged **found = mem_new(log->n, sizeof(*found));
	struct coverage c = {0};
	int64_t min = 0;
	size_t i, n;
	int rc = -1;

	if (source != NULL)
		log->source = source->text;
	for (i = 0; i < n_spans; i++)
		c.window += span[i].to - span[i].from;
	if (none != NULL || read_min(r->criterion->spec, &min, e) == 0) {
		n = eventlog_find(log, name, how, span, n_spans, found);
		eventlog_cover(log, name, how, span, n_spans, &c);
		result_cover(j, r, &c);
		r->observed.query = arena_sv(j->arena, name);
		figure_count(j->arena, &r->observed, result_id(j, r, "observed"), (double)n);
		figure_count(j->arena, &r->margin, result_id(j, r, "margin"),
		    none != NULL ? -(double)n : (double)n - (double)min);
		figure_count(j->arena, &r->n, result_id(j, r, "n"), (double)n);
		figure_text(j->arena, &r->required, result_id(j, r, "required"), (double)min, "count",
		    sv_of(none != NULL ? "none" : arena_fmt(j->arena, "at least %lld", (long long)min)));
		for (i = 0; i < n; i++)
			r->manual = r->manual || found[i]->manual;
		if (none != NULL)
			decide_none(j, r, found, n, c.window > 0 && c.covered == c.window,
			    eventlog_would_tell(log, name, how), eventlog_doubt(j, log));
		else
			decide_min(j, r, found, n, min, c.window > 0 && c.covered == c.window, eventlog_doubt(j, log));
		rc = eventlog_sources(j, r, log, found, n, e);
	}
	mem_free(found);
	return rc;
}

/*
 * The first of each name that is not before the one taken for the name before: what was seen in order was, whatever else happened. n: how
 * many steps there are; chain: those that were found (room for n). How many.
 */
static size_t
follow(struct eventlog *log, const struct doc *order, const struct span *span, size_t n_spans, const struct logged **chain)
{
	const struct logged **found = mem_new(log->n, sizeof(*found));
	const struct doc *d;
	size_t n = 0, i, many;

	for (d = doc_first(order); d != NULL; d = d->next) {
		many = eventlog_find(log, d->text, LOG_NEAREST, span, n_spans, found);
		for (i = 0; i < many && n > 0 && found[i] <= chain[n - 1]; i++) /* both in the log's order */
			;
		if (i == many)
			break;
		chain[n++] = found[i];
	}
	mem_free(found);
	return n;
}

/* The time that logs cover which would tell of every name. */
static void
cover_order(struct eventlog *log, const struct doc *order, const struct span *span, size_t n_spans, struct coverage *c)
{
	struct coverage one;
	const struct doc *d;

	for (d = doc_first(order); d != NULL; d = d->next) {
		one = (struct coverage){.window = c->window};
		eventlog_cover(log, d->text, LOG_NEAREST, span, n_spans, &one);
		if (d == doc_first(order) || one.covered < c->covered)
			*c = one;
	}
}

static void
decide_order(struct judging *j, struct criterion_result *r, const struct doc *order, const struct logged **chain, size_t n,
    const char *doubt)
{
	const struct doc *d = doc_first(order);
	struct sb text = {0};
	char at[TIME_TEXT];
	size_t i;

	for (i = 0; i < n; i++, d = d->next)
		sb_addf(&text, "%s%" SV_FMT " at %s", i == 0 ? "" : ", then ", SV_ARG(sv_head(chain[i]->name, 80)), time_text(chain[i]->t, at));
	if (d != NULL)
		sb_addf(&text, "%s%" SV_FMT "%s", n == 0 ? "no " : ", but no ", SV_ARG(sv_head(d->text, 80)), n == 0 ? "" : " after it");
	if (d == NULL) {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(arena_fmt(j->arena, "In %s, in this order: %s.", result_over(j, r), sb_str(&text)));
	} else if (r->coverage.covered == r->coverage.window && *doubt == '\0') {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(arena_fmt(j->arena, "Not in the order that is required in %s: %s; the event log covers all of it.",
		    result_over(j, r), sb_str(&text)));
	} else {
		result_undecided(r, arena_fmt(j->arena, "Not decidable: in %s %s; event logs cover %" SV_FMT " of it.%s", result_over(j, r), sb_str(&text),
		    SV_ARG(r->cover.text), doubt), arena_fmt(j->arena, SETTLE, result_over(j, r)));
	}
	sb_free(&text);
}

static int
judge_order(struct judging *j, struct criterion_result *r, struct eventlog *log, const struct span *span, size_t n_spans,
    struct err *e)
{
	const struct doc *order = doc_get(r->criterion->spec, "order"), *source = doc_get(r->criterion->spec, "source");
	const struct logged **chain = mem_new(order->n, sizeof(*chain));
	struct coverage c = {0};
	size_t i, n;
	int rc;

	if (source != NULL)
		log->source = source->text;
	for (i = 0; i < n_spans; i++)
		c.window += span[i].to - span[i].from;
	n = follow(log, order, span, n_spans, chain);
	cover_order(log, order, span, n_spans, &c);
	result_cover(j, r, &c);
	figure_count(j->arena, &r->observed, result_id(j, r, "observed"), (double)n);
	figure_count(j->arena, &r->margin, result_id(j, r, "margin"), (double)n - (double)order->n);
	figure_count(j->arena, &r->n, result_id(j, r, "n"), (double)n);
	figure_text(j->arena, &r->required, result_id(j, r, "required"), (double)order->n, "count",
	    sv_of(arena_fmt(j->arena, "%zu in order", order->n)));
	for (i = 0; i < n; i++)
		r->manual = r->manual || chain[i]->manual;
	decide_order(j, r, order, chain, n, eventlog_doubt(j, log));
	rc = eventlog_sources(j, r, log, chain, n, e);
	mem_free(chain);
	return rc;
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	bool order = doc_get(r->criterion->spec, "order") != NULL;

	return eventlog_judge(j, r, order ? "events of the logs, matched by name, one after the other" : "events of the logs, matched by name",
	    order ? judge_order : judge_log, e);
}

const struct kind kind_events = {"events", check, judge, KIND_ATTEST};
