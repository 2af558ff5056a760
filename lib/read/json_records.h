/*
 * json_records - records out of the elements of a JSON document: for each element that a path selects, the values by paths of their own.
 *
 *	records:
 *	  - each: 'monitors.*.logs.*'
 *	    event: { time: datetime, name: 'DOWN {$.monitors.*.friendly_name}', text: reason.detail, kind: outage }
 *
 * A value's name is a path from the element (`reason.detail`), `@` the element itself, `@key` its key or number, or `$.` and a path from
 * the top: where it begins like `each`, its '*' stand for the element's own; in it `.@key` is the element's own key, for lists that go in step. `?` behind it: what is not there is the empty text.
 */
#ifndef SOAK_READ_JSON_RECORDS_H
#define SOAK_READ_JSON_RECORDS_H

#include "read/counts.h"

struct format_path { /* "totals.*" in its elements */
	struct sv *element;
	size_t n;
};

struct json_value {
	struct sv name; /* as written */
	size_t shared;  /* elements of "each" that it goes down with the record */
	struct sv *element;
	size_t n;       /* from there on */
	bool key, optional;
};

struct json_records {
	struct format_path each; /* n 0: the document */
	struct json_value *value;
	size_t nvalues;
	struct emit_set emit;
	struct counts_set counts;
};

struct json_records_set {
	struct json_records *v;
	size_t n;
};

/* A path in its elements; stars: '*' may stand for one. 0 or -1 with e set. */
int format_path_load(struct arena *a, const struct doc *d, struct sv text, bool stars, struct format_path *out, struct err *e);
/* The node at a path without '*', or NULL. */
const struct doc *format_path_find(const struct format_path *p, const struct doc *d);

/* The key "records" of the map d, when it is there. 0 or -1. */
int json_records_load(struct emit_scope *s, const struct doc *d, struct json_records_set *out, struct err *e);

/* All records of one document. line 0: each gets the line its element stands in. 0 or the sink's -1. */
int json_records_give(const struct json_records_set *set, const struct doc *top, struct emit_run *run, struct counts *counts,
    int64_t line, struct err *e);

#endif
