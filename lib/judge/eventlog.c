#include "judge/eventlog.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/time.h"
#include "judge/result.h"
#include "judge/sources.h"

static int
read_events(struct judging *j, struct eventlog *log, struct err *e)
{
	struct store_rows *rows = store_events_open(j->store, e);
	VEC(struct logged) all = {0};
	struct sv source = {0};
	struct store_event ev;
	struct logged *l;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_events_next(rows, &ev, e)) > 0) {
		if (!sv_eq(ev.source, source) || source.p == NULL)
			source = arena_sv(&log->arena, ev.source);
		l = vec_add(&all);
		l->t = ev.t;
		l->end = ev.t_end;
		l->name = arena_sv(&log->arena, ev.name);
		l->source = source;
		l->line = ev.line;
		l->manual = sv_is(ev.kind, "manual");
	}
	store_rows_close(rows);
	log->n = all.n;
	log->v = arena_keep(&log->arena, all.v, all.n, sizeof(*all.v));
	return rc;
}

static bool
is_source(const struct eventlog *log, struct sv name)
{
	size_t i;

	for (i = 0; i < log->n; i++)
		if (sv_eq(log->v[i].source, name))
			return true;
	return false;
}

static int
read_files(struct judging *j, struct eventlog *log, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(j->store, e);
	VEC(struct log_file) all = {0};
	struct store_artifact a;
	struct log_file *f;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &a, e)) > 0) {
		/* A log that could not be read says nothing, and that is worth knowing. */
		if (a.superseded || (a.complete && (a.first_ms == TIME_NONE || !is_source(log, a.name))))
			continue;
		f = vec_add(&all);
		*f = (struct log_file){.name = arena_sv(&log->arena, a.name), .format = arena_sv(&log->arena, a.format),
		    .first = a.complete ? a.first_ms : TIME_NONE, .last = a.complete ? a.last_ms : TIME_NONE,
		    .flawed = a.problems > 0 || !a.complete};
	}
	store_rows_close(rows);
	log->n_files = all.n;
	log->file = arena_keep(&log->arena, all.v, all.n, sizeof(*all.v));
	return rc;
}

static int
by_first(const void *a, const void *b)
{
	const struct log_file *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

int
eventlog_read(struct judging *j, struct eventlog *log, struct err *e)
{
	*log = (struct eventlog){0};
	if (j->store == NULL)
		return 0;
	if (read_events(j, log, e) < 0 || read_files(j, log, e) < 0)
		return -1;
	if (log->n_files > 0)
		qsort(log->file, log->n_files, sizeof(*log->file), by_first);
	return 0;
}

void
eventlog_free(struct eventlog *log)
{
	arena_free(&log->arena);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
matches(struct sv event, struct sv name, enum log_match how)
{
	if (how == LOG_EXACT)
		return sv_eq(event, name);
	if (event.n < name.n || !sv_eq(sv_head(event, name.n), name))
		return false;
	/* As for moments (ingest/when.c): "hour 1" is not "hour 12". What must not happen is matched by all that begins so. */
	return how == LOG_PREFIX || event.n == name.n || !is_digit(name.p[name.n - 1]) || !is_digit(event.p[name.n]);
}

static enum log_match
settle(const struct eventlog *log, struct sv name, enum log_match how)
{
	size_t i;

	if (how != LOG_NEAREST)
		return how;
	for (i = 0; i < log->n; i++)
		if (sv_eq(log->v[i].name, name))
			return LOG_EXACT;
	return LOG_NEAREST;
}

size_t
eventlog_find(const struct eventlog *log, struct sv name, enum log_match how, const struct span *span, size_t n,
    const struct logged **found)
{
	size_t i, k = 0;

	how = settle(log, name, how);
	for (i = 0; i < log->n; i++)
		if (matches(log->v[i].name, name, how) && span_has(span, n, log->v[i].t))
			found[k++] = &log->v[i];
	return k;
}

static bool
readable(const struct log_file *f)
{
	return f->first != TIME_NONE;
}

/* A log that broke off tells as much as whole ones of its kind do: nothing, where they tell. */
static void
mark_broken(struct eventlog *log)
{
	size_t i, k;

	for (k = 0; k < log->n_files; k++)
		for (i = 0; !readable(&log->file[k]) && i < log->n_files; i++)
			if (readable(&log->file[i]) && log->file[i].telling && sv_eq(log->file[i].format, log->file[k].format))
				log->file[k].telling = true;
}

/* Does any log hold such an event? Then those that do are telling, else all. */
static bool
mark_telling(struct eventlog *log, struct sv name, enum log_match how)
{
	bool any = false;
	size_t i, k;

	how = settle(log, name, how);
	for (k = 0; k < log->n_files && log->source.n > 0; k++) {
		log->file[k].telling = sv_glob(log->source, log->file[k].name);
		any = any || log->file[k].telling;
	}
	for (k = 0; k < log->n_files && log->source.n == 0; k++) {
		log->file[k].telling = false;
		for (i = 0; i < log->n && !log->file[k].telling; i++)
			log->file[k].telling = sv_eq(log->v[i].source, log->file[k].name) &&
			    matches(log->v[i].name, name, how);
		any = any || log->file[k].telling;
	}
	if (log->source.n > 0)
		return true;
	for (k = 0; k < log->n_files && !any; k++)
		log->file[k].telling = readable(&log->file[k]);
	mark_broken(log);
	return any;
}

/* What the telling logs of a format (p NULL: of any) cover together. */
static int64_t
covered_by(const struct eventlog *log, struct sv format, const struct span *span, size_t n)
{
	int64_t from, to, at, sum = 0;
	size_t i, k;

	for (i = 0; i < n; i++) {
		at = span[i].from; /* covered or given up so far */
		for (k = 0; k < log->n_files; k++) {
			const struct log_file *f = &log->file[k];

			if (!f->telling || !readable(f) || (format.p != NULL && !sv_eq(f->format, format)))
				continue;
			from = f->first > at ? f->first : at;
			to = f->last < span[i].to ? f->last : span[i].to;
			if (from >= to)
				continue;
			sum += to - from;
			at = to;
		}
	}
	return sum;
}

void
eventlog_cover(struct eventlog *log, struct sv name, enum log_match how, const struct span *span, size_t n,
    struct coverage *c)
{
	bool any = mark_telling(log, name, how);
	int64_t one;
	size_t i, k;

	*c = (struct coverage){.window = c->window, .first = TIME_NONE, .last = TIME_NONE};
	c->covered = covered_by(log, (struct sv){NULL, 0}, span, n);
	/* Where it is not known which log would tell, each kind of log has to cover the time: another's silence is no word. */
	for (k = 0; k < log->n_files && !any; k++) {
		one = readable(&log->file[k]) ? covered_by(log, log->file[k].format, span, n) : c->covered;
		if (one < c->covered)
			c->covered = one;
	}
	for (i = 0; i < log->n; i++) {
		if (!span_has(span, n, log->v[i].t))
			continue;
		if (c->first == TIME_NONE)
			c->first = log->v[i].t;
		c->last = log->v[i].t;
		c->samples++;
	}
}

bool
eventlog_would_tell(const struct eventlog *log, struct sv name, enum log_match how)
{
	size_t i;

	how = settle(log, name, how);
	for (i = 0; i < log->n && log->source.n == 0; i++)
		if (matches(log->v[i].name, name, how))
			return true;
	return log->source.n > 0;
}

bool
eventlog_covers(const struct eventlog *log, int64_t from, int64_t to)
{
	size_t k;

	for (k = 0; k < log->n_files; k++)
		if (log->file[k].telling && !log->file[k].flawed && readable(&log->file[k]) && log->file[k].first <= from &&
		    log->file[k].last >= to)
			return true;
	return false;
}

const char *
eventlog_doubt(struct judging *j, const struct eventlog *log)
{
	size_t k;

	for (k = 0; k < log->n_files; k++)
		if (log->file[k].telling && log->file[k].flawed)
			return arena_fmt(j->arena, " Lines of %" SV_FMT " were not understood.", SV_ARG(log->file[k].name));
	return "";
}

int
eventlog_sources(struct judging *j, struct criterion_result *r, const struct eventlog *log,
    const struct logged **found, size_t n, struct err *e)
{
	struct sources *s = sources_new();
	size_t i;
	int rc;

	for (i = 0; i < log->n_files; i++)
		if (log->file[i].telling && readable(&log->file[i]))
			sources_name(s, log->file[i].name);
	for (i = 0; i < n; i++)
		if (i == 0 || !sv_eq(found[i]->source, found[i - 1]->source))
			sources_name(s, found[i]->source);
	rc = sources_list(s, j, r, e);
	sources_free(s);
	return rc;
}

int
eventlog_judge(struct judging *j, struct criterion_result *r, const char *method, eventlog_judge_fn *with,
    struct err *e)
{
	const struct span *span;
	struct eventlog log;
	size_t n;
	int rc;

	result_open(j, r, method, "count");
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	rc = eventlog_read(j, &log, e);
	if (rc == 0)
		rc = with(j, r, &log, span, n, e);
	eventlog_free(&log);
	return rc;
}
