/*
 * doc - a YAML or JSON document as one tree that remembers where each node stood.
 *
 * Scalars keep their text as written ("98.940" stays "98.940"): how a number was
 * printed is evidence. A map keeps its order; a duplicate key is an error.
 * Everything is owned by the arena. Text is UTF-8; it may hold a NUL ("\u0000").
 */
#ifndef SOAK_BASE_DOC_H
#define SOAK_BASE_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum doc_kind { DOC_NULL, DOC_BOOL, DOC_NUMBER, DOC_STRING, DOC_LIST, DOC_MAP };

struct doc {
	enum doc_kind kind;
	const char *file; /* as given to the parser, for messages */
	int line, col;    /* from 1, in characters; of the value's first character */
	struct sv key;    /* in a map: its key, else empty */
	int key_line, key_col;
	struct sv text;   /* scalars: decoded text; numbers as written */
	bool truth;       /* DOC_BOOL */
	double num;       /* DOC_NUMBER */
	struct doc *child, *next; /* lists and maps: children in order */
	struct doc *last;         /* and the last of them */
	size_t n;                 /* and how many */
};

#define DOC_MAX_DEPTH 64 /* lists and maps inside each other */

/*
 * YAML 1.2 core schema (through libyaml): plain true/false, null/~/empty and
 * numbers are typed, quoted scalars are strings. One document. Refused with
 * file:line:col: anchors and aliases (bombs), tags, duplicate keys, keys that
 * are not scalars, more than DOC_MAX_DEPTH levels, text without a document,
 * numbers too large for a double. A UTF-8 byte order mark is skipped. NULL with
 * e set on error.
 */
struct doc *doc_yaml(struct arena *a, const char *file, struct sv text, struct err *e);

/*
 * JSON (RFC 8259), strict: no comments, no trailing commas, lone surrogates refused.
 * Also refused: bytes that are not UTF-8, duplicate keys, more than DOC_MAX_DEPTH
 * levels, numbers too large for a double ("1e999"). A UTF-8 byte order mark is
 * skipped. NULL with e set (file:line:col: what) on error.
 */
struct doc *doc_json(struct arena *a, const char *file, struct sv text, struct err *e);

/*
 * 0, or -1 with e set at the first key of the map that repeats an earlier one
 * (for those who build a map from text: the two readers above have done it).
 */
int doc_unique_keys(const struct doc *m, struct err *e);

/* The value of key in a map, or NULL (also when m is NULL or not a map). */
struct doc *doc_get(const struct doc *m, const char *key);
/* By path: "totals.ok", "items.0.name"; NULL when there is no such node. */
struct doc *doc_path(const struct doc *m, struct sv path);
/* for (struct doc *c = doc_first(d); c != NULL; c = c->next): NULL-safe. */
struct doc *doc_first(const struct doc *d);

/* Every key of the map d is one of known (NULL-terminated): 0; -1 with e set at the first that is not, or when d is no map. */
int doc_keys(const struct doc *d, const char *const *known, struct err *e);

/*
 * Building a tree by hand, for data that templates render. Owned by the arena;
 * key and text are copied. The caller adds each key once.
 */
struct doc *doc_new(struct arena *a, enum doc_kind kind);
/* Appends child to a map under key, or (key == NULL) to a list; returns child. */
struct doc *doc_add(struct arena *a, struct doc *parent, const char *key, struct doc *child);
struct doc *doc_add_str(struct arena *a, struct doc *parent, const char *key, struct sv text);
struct doc *doc_add_bool(struct arena *a, struct doc *parent, const char *key, bool v);
struct doc *doc_add_num(struct arena *a, struct doc *parent, const char *key, double v);

/*
 * err_set(e, ERR_INPUT, "file:line:col: ...") for a node; with key its key's place
 * (the value's, where there is no key). A node made by hand has no place to name. -1.
 */
int doc_err(const struct doc *d, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int doc_err_key(const struct doc *d, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
