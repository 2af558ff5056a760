#include "profile/parts.h"

#include "base/expr.h"

/* What an expression for a time may name, and what it did name. */
struct names {
	struct loader *l;
	const struct profile_captures *c;
	bool run;
};

static bool
is_capture(const struct names *k, struct sv name)
{
	size_t i;

	for (i = 0; k->c != NULL && i < k->c->n; i++)
		if (sv_eq(k->c->name[i], name))
			return true;
	return false;
}

static int
check_name(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	struct names *k = ctx;
	const char *shown = part_show(k->l, name);

	*v = 1;
	if (braces)
		return is_capture(k, name) ? 0
		    : err_set(e, ERR_INPUT, "the file's pattern has no {%s}", shown);
	if (sv_is(name, "run.start") || sv_is(name, "run.end")) {
		k->run = true;
		return 0;
	}
	if (is_capture(k, name))
		return err_set(e, ERR_INPUT, "unknown name '%s', did you mean '{%s}'?", shown, shown);
	return err_set(e, ERR_INPUT, "unknown name '%s', a time knows run.start and run.end", shown);
}

static int
expression(struct loader *l, const struct doc *d, const struct profile_captures *c, struct profile_when *w)
{
	struct names k = {.l = l, .c = c};
	struct err inner = {0};

	if (expr_check(d->text, check_name, &k, &inner) < 0)
		return doc_err(d, l->e, "in the time '%s': %s", part_show(l, d->text), inner.msg);
	if (!k.run)
		return doc_err(d, l->e, "a time is counted from run.start or run.end, as in 'run.start + 1h'");
	w->kind = WHEN_EXPR;
	w->expr = d->text;
	return 0;
}

/* "2026-..." is meant as a time, whatever else is wrong with it. */
static bool
looks_dated(struct sv v)
{
	size_t i;

	for (i = 0; i < 4; i++)
		if (i >= v.n || v.p[i] < '0' || v.p[i] > '9')
			return false;
	return v.n > 4 && v.p[4] == '-';
}

static int
bare(struct loader *l, const struct doc *d, struct profile_when *w)
{
	const struct time_zone *zone = l->p->zone_name.n > 0 ? l->p->zone : NULL;

	if (d->kind != DOC_STRING || sv_trim(d->text).n == 0)
		return doc_err(d, l->e, "an event's name or an RFC 3339 time expected");
	if (sv_starts(d->text, "run."))
		return expression(l, d, NULL, w);
	if (looks_dated(d->text)) {
		if (!time_parse_local(d->text, zone, &w->time))
			return doc_err(d, l->e, "'%s' is not an RFC 3339 time%s", part_show(l, d->text),
			    zone == NULL ? " with an offset (Z)" : "");
		w->kind = WHEN_TIME;
		return 0;
	}
	w->kind = WHEN_EVENT;
	w->event = d->text;
	return 0;
}

/* "pick": which of several. */
static int
pick(struct loader *l, const struct doc *d, struct profile_when *w)
{
	struct sv pick;

	if (profile_text(d, "pick", &pick, l->e) < 0)
		return -1;
	if (sv_is(pick, "first"))
		w->pick = PICK_FIRST;
	else if (sv_is(pick, "last"))
		w->pick = PICK_LAST;
	else if (doc_get(d, "pick") != NULL)
		return doc_err(doc_get(d, "pick"), l->e, "'pick' must be first or last");
	return 0;
}

static int
event(struct loader *l, const struct doc *d, struct profile_when *w)
{
	static const char *const known[] = {"event", "pick", NULL};

	w->kind = WHEN_EVENT;
	if (profile_keys(d, known, l->e) < 0 || part_need(l, d, "a moment", "event", &w->event) < 0)
		return -1;
	return pick(l, d, w);
}

const struct daily *
profile_daily(struct arena *a, const struct doc *map, struct err *e)
{
	const struct doc *list = doc_get(map, "at"), *d;
	struct daily *out = arena_new(a, 1, sizeof(*out));

	if (list == NULL || list->kind != DOC_LIST || list->n == 0) {
		doc_err(list != NULL ? list : map, e, "'at' must be a list of times of day: [\"02:00\", \"14:00\"]");
		return NULL;
	}
	for (d = doc_first(list); d != NULL; d = d->next)
		if (d->kind != DOC_STRING || !daily_add(out, d->text)) {
			doc_err(d, e, "expected a time of day such as \"08:00\" (quoted), each once, at most %d", DAILY_MAX);
			return NULL;
		}
	return out;
}

static int
slot(struct loader *l, const struct doc *d, struct profile_when *w)
{
	static const char *const of_result[] = {"result", "suite", "at", "tolerance", NULL};
	static const char *const of_sample[] = {"sample", "at", "tolerance", NULL};
	bool sample = doc_get(d, "sample") != NULL;

	w->kind = WHEN_SLOT;
	w->tolerance = TIME_HOUR;
	if (profile_keys(d, sample ? of_sample : of_result, l->e) < 0 ||
	    part_need(l, d, "a slot", sample ? "sample" : "result", sample ? &w->sample : &w->result) < 0 ||
	    profile_text(d, "suite", &w->suite, l->e) < 0 || part_duration(l, d, "tolerance", &w->tolerance) < 0)
		return -1;
	w->daily = profile_daily(&l->p->arena, d, l->e);
	return w->daily == NULL ? -1 : 0;
}

int
part_fact(struct loader *l, const struct doc *d, bool unit, struct profile_when *w)
{
	static const char *const of_time[] = {"artifact", "path", "pick", NULL};
	static const char *const of_duration[] = {"artifact", "path", "unit", NULL};

	w->at = d;
	w->kind = WHEN_FACT;
	w->unit = TIME_SECOND;
	if (profile_keys(d, unit ? of_duration : of_time, l->e) < 0 ||
	    part_need(l, d, "a fact", "artifact", &w->artifact) < 0 ||
	    part_need(l, d, "a fact", "path", &w->path) < 0 || pick(l, d, w) < 0)
		return -1;
	return part_duration(l, d, "unit", &w->unit);
}

int
part_when(struct loader *l, const struct doc *d, const struct profile_captures *c, struct profile_when *w)
{
	w->at = d;
	if (d->kind == DOC_MAP && doc_get(d, "event") != NULL)
		return event(l, d, w);
	if (d->kind == DOC_MAP && c == NULL && doc_get(d, "artifact") != NULL)
		return part_fact(l, d, false, w);
	if (d->kind == DOC_MAP && c == NULL && (doc_get(d, "result") != NULL || doc_get(d, "sample") != NULL))
		return slot(l, d, w);
	if (d->kind == DOC_MAP || d->kind == DOC_LIST)
		return doc_err(d, l->e, c != NULL ? "an expression or {event: NAME} expected"
						  : "an event's name, a time, {event: NAME} or "
						    "{artifact: FILE, path: PATH} expected");
	return c != NULL ? expression(l, d, c, w) : bare(l, d, w);
}
