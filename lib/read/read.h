/*
 * read - bytes to records. One file per format (fmt_NAME.c, found by the Makefile); knows no store.
 *
 * A reader gets a stream and calls the sink for each thing it finds. The first callback that returns
 * -1 ends the reading with that error. A reader that finds its input broken returns -1 with
 * "NAME:LINE: what": whoever called must then forget everything that came from it (docs/rules.md 8).
 */
#ifndef SOAK_READ_READ_H
#define SOAK_READ_READ_H

#include <stdint.h>

#include "base/err.h"
#include "base/io.h"
#include "base/labels.h"
#include "base/observation.h"
#include "base/time.h"

/* Room for what a sink found out about a series; zeroed when its first sample comes. */
struct read_memo {
	int64_t a, b;
};

struct read_sample {
	struct sv name;
	const struct labels *labels; /* sorted, without __name__ */
	int64_t t;                   /* TIME_NONE: none stands beside it */
	double v;
	int64_t line;
	bool stale;                  /* it ends there: v says nothing */
	struct read_memo *memo;      /* the same one for samples of the same name and labels; NULL: none is kept */
};

struct read_family { /* metadata of a metric family; empty fields are unknown */
	struct sv name, type, unit, help;
};

struct read_event {
	int64_t t, t_end; /* t_end TIME_NONE: an instant */
	struct sv kind, name, text;
	int64_t line;
};

struct read_fact {
	struct sv path, text;
	double value; /* NaN when text is not a number */
	int64_t line;
};

/* How something came out that was to be done: a test case, a check, a checkpoint. */
struct read_result {
	struct sv kind;      /* "test", "suite", "check", "checkpoint", "drill" */
	struct sv suite, name; /* suite may be empty, name not */
	struct sv status;    /* "pass", "fail", "error", "skip", "incomplete", "unknown" */
	int64_t t;           /* when it began; TIME_NONE: not said */
	double duration;     /* seconds; NaN: not said */
	struct sv text;      /* a message, a reason; up to 4096 bytes */
	int64_t line;
};

/* A metric of which observations come; empty fields are unknown. */
struct read_metric {
	struct sv name;
	struct sv type;     /* "counter", "gauge", "rate", "trend" */
	struct sv contains; /* "default", "time", "data" */
};

enum read_severity { READ_NOTE, READ_WARNING, READ_ERROR };

/* Views are valid during the call only. Every callback must be set. */
struct read_sink {
	void *ctx;
	int (*sample)(void *ctx, const struct read_sample *s, struct err *e);
	int (*family)(void *ctx, const struct read_family *f, struct err *e);
	int (*event)(void *ctx, const struct read_event *ev, struct err *e);
	int (*claim)(void *ctx, const struct read_fact *f, struct err *e);
	int (*run)(void *ctx, const struct read_fact *f, struct err *e);
	int (*result)(void *ctx, const struct read_result *res, struct err *e);
	int (*metric)(void *ctx, const struct read_metric *m, struct err *e);
	/* A metric with these tags (sorted) will come: *id is what its observations are called by. */
	int (*series)(void *ctx, struct sv metric, const struct labels *tags, int64_t *id, struct err *e);
	/* Up to OBSERVATION_BLOCK of them, in the order of the file: a batch that may be kept on its own. */
	int (*observations)(void *ctx, const struct observation *v, size_t n, struct err *e);
	/* Something odd that does not make the input useless. line 0: the whole. */
	int (*problem)(void *ctx, int64_t line, enum read_severity sev, struct sv text, struct err *e);
};

/* For people who write a format: what became of each line. Only the reader of logs tells. */
struct read_trace {
	void *ctx;
	/* Before its records are made. what: "skipped", "pattern 3", "no pattern", ... */
	void (*line)(void *ctx, int64_t line, struct sv text, const char *what);
};

struct read_formats; /* the declarative formats, see formats.h */

struct read_input {
	const char *name;             /* for messages */
	struct io_src *src;           /* the bytes, decompressed */
	struct sv head;               /* its first bytes (up to READ_HEAD), still to come from src too */
	const struct time_zone *zone; /* for local times; NULL: they are refused */
	const struct read_formats *formats;
	const struct read_trace *trace; /* NULL: nobody asks */
	const char *format;           /* for a reader that knows several: which probe() chose */
};

#define READ_HEAD ((size_t)64 * 1024)

#define READ_KNOWN 8

struct reader {
	/*
	 * Is this mine? NULL no, else the name of the format ("prometheus-text"). Decided by content (in->head);
	 * in->src must not be touched.
	 */
	const char *(*probe)(const struct read_input *in);
	int (*read)(const struct read_input *in, const struct read_sink *sink, struct err *e);
	/* The formats that probe() names and no YAML file does, for lists: name and title. */
	struct {
		const char *name, *title;
	} known[READ_KNOWN];
};

/* The formats that are read by code: fn(ctx, name, title). */
void read_each(void (*fn)(void *ctx, const char *name, const char *title), void *ctx);

/* The reader that recognises in, and in->format set; NULL when none does. */
const struct reader *read_recognise(struct read_input *in);

#endif
