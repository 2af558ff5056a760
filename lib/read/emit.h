/*
 * emit - records from named values: what a pattern's groups, a JSON element or a CSV row become.
 *
 *	event:  { time: when, name: what, text: more, kind: state }
 *	sample: { metric: queue_bytes, labels: {queue: '{which}'}, value: n, unit: bytes, time: when }
 *	result: { kind: test, suite: smoke, name: test, status: 'mark|verdicts', duration: took, unit: ms }
 *	claim:  { path: 'checkpoint/{number}/error_rate', text: rate }
 *	run:    { path: 'flags.{name}', text: value }
 *	nested: { text: raw, time: when }
 *
 * Each key holds one such map or a list of them. Where values come from is the caller's: it gives emit_load()
 * a find() that knows the names, and emit_all() a get() for the values. docs/formats.md ("Records") says what
 * each field means; in short:
 * - time, end, name, text, value, status, duration are *values*: a bare word names one (`when`), with braces it is a
 *   template (`'{file} {line}'`), with '=' in front it is itself (`'=CHAOS_ON'`);
 * - metric, path, suite and labels are templates: fixed text with {name} in it ('{{' is a brace);
 * - kind, unit, type, help are fixed; `|verdicts` behind a name looks the value up in the format's `words`.
 *
 * What is not measured is no 0: a value that cannot be converted (a tool's error text) makes no record but a problem,
 * told once for each template with its first text. A value that is not there at all (p NULL: a group that
 * took no part, a path that does not exist) makes no record and no problem.
 */
#ifndef SOAK_READ_EMIT_H
#define SOAK_READ_EMIT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/doc.h"
#include "read/odd.h"
#include "read/read.h"

#define EMIT_TEXT ((size_t)4096) /* bytes kept of a name or text */

/* The keys of emit_load(), for the caller's own list of keys. */
#define EMIT_KEYS "event", "sample", "result", "claim", "run", "nested"

struct emit_words { /* one of the format's maps from words to words: {PASSED: pass, '*': unknown} */
	struct sv name;
	struct sv *from, *to;
	size_t n;
};

struct emit; /* one template */

struct emit_set {
	struct emit *v;
	size_t n;
};

/* While a format is loaded. */
struct emit_scope {
	struct arena *arena; /* owns all that is loaded; must outlive it, and so must the doc */
	const struct emit_words *words;
	size_t nwords;
	int count;           /* templates of the format so far; give it to emit_begin() */
	/* The number (>= 0) by which get() will know the value called name, or -1 with e set (doc_err at d). */
	int (*find)(void *ctx, const struct doc *d, struct sv name, struct err *e);
	void *ctx;
};

/* The format's "words" (d NULL: none): a map of maps. 0 or -1 with e set (file:line:col). */
int emit_words_load(struct arena *a, const struct doc *d, struct emit_words **words, size_t *n, struct err *e);
/* Reads the keys EMIT_KEYS of the map d; others are the caller's. None of them: an empty set. 0 or -1. */
int emit_load(struct emit_scope *s, const struct doc *d, struct emit_set *out, struct err *e);

struct emit_values {
	/* The value with that number; p NULL: there is none. Views live until emit_all() returns. */
	struct sv (*get)(void *ctx, int number);
	void *ctx;
};

struct emit_told;

/* One reading under way. */
struct emit_run {
	const struct read_sink *sink;
	/* Set it after emit_begin() to get the events yourself (with ctx) instead of the sink; else NULL. */
	int (*event)(void *ctx, const struct read_event *ev, struct err *e);
	void *ctx;
	const struct time_zone *zone; /* for local times; NULL: they are refused */
	struct emit_told *told;       /* what is odd, for each template */
	int count;
	struct odd timeless, nameless, cut;
	struct sb field[4];
	struct sb labels;
	struct sb problem;
};

void emit_begin(struct emit_run *r, const struct read_sink *sink, const struct time_zone *zone, int count);
void emit_free(struct emit_run *r);
/*
 * Makes the records of a set, in the order of EMIT_KEYS and of the lists; each gets that line. 0, or the sink's -1.
 */
int emit_all(struct emit_run *r, const struct emit_set *set, const struct emit_values *values, int64_t line, struct err *e);
/* Does the set hold an event? */
bool emit_makes_event(const struct emit_set *set);
/* Gives the sink the problems that were counted. Call it once, at the end. 0 or the sink's -1. */
int emit_tell(struct emit_run *r, struct err *e);

/* --- pieces that stand alone ------------------------------------------------------------ */

enum emit_unit {
	EMIT_NUMBER,  /* as it stands */
	EMIT_SECONDS, /* "0.74s", "250 ms", "1m30s"; a bare number is seconds */
	EMIT_MILLIS,  /* the same; a bare number is milliseconds. Becomes seconds */
	EMIT_PERCENT, /* "0.15 %", "0.15": becomes a ratio, 0.0015 */
	EMIT_BYTES,   /* "20.24MiB", "107MB", "2.42kB"; k M G T are 1000s, Ki Mi Gi Ti 1024s; a bare number is bytes */
	EMIT_BOOL,    /* true yes on 1: 1; false no off 0: 0; in any case */
	EMIT_TIME,    /* a time: becomes Unix seconds */
	EMIT_NUNITS
};
/* The unit called so ("s", "ms", "%", "bytes", "bool", "time"; empty: EMIT_NUMBER), or EMIT_NUNITS. */
enum emit_unit emit_unit_of(struct sv name);
/* Text as a finite number in base units. False: it is none. zone is for EMIT_TIME. */
bool emit_convert(struct sv text, enum emit_unit unit, const struct time_zone *zone, double *v);
/*
 * A time as logs write it: time_parse_local(), and whole numbers of 12 to 19 digits as Unix time in milli-, micro- or
 * nanoseconds. False: it is none, or local without a zone.
 */
bool emit_time(struct sv text, const struct time_zone *zone, int64_t *t);
/* As written, but what is not UTF-8, and text with a NUL, shown with \xNN: a sink may rely on text being text. Appends. */
void emit_add_text(struct sb *out, struct sv v);
/* Cuts to max bytes, not inside a character. Was it longer? */
bool emit_cut(struct sb *s, size_t max);

#endif
