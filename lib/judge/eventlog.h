/*
 * eventlog - all events of the store, and how much of a window the logs they came from cover.
 *
 * "No such event" is a finding only where a log that would have told was read to its end.
 */
#ifndef SOAK_JUDGE_EVENTLOG_H
#define SOAK_JUDGE_EVENTLOG_H

#include "judge/kind.h"

struct logged { /* an event */
	int64_t t, end; /* end TIME_NONE: an instant, or it is not over */
	struct sv name, source;
	int64_t line;
	bool manual; /* a person says so: soak-ingest --event */
};

struct log_file { /* an artifact that holds events, read to its end */
	struct sv name, format;
	int64_t first, last; /* of the times inside; TIME_NONE: it could not be read */
	bool telling;        /* see eventlog_cover() */
	bool flawed;         /* lines of it were not understood: its silence proves nothing */
};

struct eventlog {
	struct arena arena; /* owns all */
	struct logged *v;   /* in order of time */
	size_t n;
	struct log_file *file;
	size_t n_files;
	struct sv source; /* glob of the logs that would tell, as the profile says; empty: it does not */
};

enum log_match {
	LOG_EXACT,   /* the name itself */
	LOG_PREFIX,  /* any name that starts so */
	LOG_NEAREST, /* the name itself where it occurs at all, else any name that starts so and not inside a number */
};

/* Reads them; without a store none. 0 or -1. Free either way. */
int eventlog_read(struct judging *j, struct eventlog *log, struct err *e);
void eventlog_free(struct eventlog *log);

/*
 * Keeps in found (room for log->n) the events of that name in from <= t <= to of the spans, in order. How many.
 */
size_t eventlog_find(const struct eventlog *log, struct sv name, enum log_match how, const struct span *span, size_t n,
    const struct logged **found);

/*
 * The time of the spans that logs cover, all but c->window. With a source only its logs count; else, with logs that hold an event of that name anywhere only
 * those count: another log's silence says nothing. Marks them as telling.
 */
void eventlog_cover(struct eventlog *log, struct sv name, enum log_match how, const struct span *span, size_t n,
    struct coverage *c);
/* Sets r->sources: the telling logs, and where the n events of found stand. 0 or -1. */
int eventlog_sources(struct judging *j, struct criterion_result *r, const struct eventlog *log,
    const struct logged **found, size_t n, struct err *e);

/* Judges a criterion by the logs: opens r, finds its window, reads the logs and calls with() on them. 0 or -1. */
typedef int eventlog_judge_fn(struct judging *j, struct criterion_result *r, struct eventlog *log,
    const struct span *span, size_t n, struct err *e);
int eventlog_judge(struct judging *j, struct criterion_result *r, const char *method, eventlog_judge_fn *with,
    struct err *e);

/* " Lines of soak-events.log were not understood." for the first telling log that is flawed, or "". */
const char *eventlog_doubt(struct judging *j, const struct eventlog *log);

/* Is it known which logs would tell: the profile says so, or one of them tells of such an event at some time? */
bool eventlog_would_tell(const struct eventlog *log, struct sv name, enum log_match how);

/* Does a telling log without flaw cover from <= t <= to? */
bool eventlog_covers(const struct eventlog *log, int64_t from, int64_t to);

#endif
