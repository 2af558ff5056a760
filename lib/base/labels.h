/*
 * labels - a set of name=value pairs, sorted bytewise by name, each name once.
 *
 * As in Prometheus' data model a label with an empty value does not exist.
 */
#ifndef SOAK_BASE_LABELS_H
#define SOAK_BASE_LABELS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct label {
	struct sv name, value;
};

struct labels {
	struct label *v;
	size_t n;
};

/* Sorts in place and drops empty values; a name that stands twice: -1. */
int labels_sort(struct labels *l);
/* Value of name, or an empty view. */
struct sv labels_get(const struct labels *l, const char *name);
struct sv labels_value(const struct labels *l, struct sv name);
/* Does a label of that name stand there? */
bool labels_has(const struct labels *l, struct sv name);
/* Can PromQL write this name without quotes? [a-zA-Z_][a-zA-Z0-9_]*; a metric's may hold colons. */
bool labels_plain_name(struct sv name, bool metric);
/* A copy with all its text, owned by the arena. */
struct labels labels_copy(struct arena *a, const struct labels *l);
/* By names and values in turn: <0, 0, >0. */
int labels_cmp(const struct labels *a, const struct labels *b);
/* Canonical text, a JSON object without blanks: {"code":"200","tool":"x"}. Appends. */
void labels_json(const struct labels *l, struct sb *out);
/* Reads that text back; owned by the arena. 0 or -1. */
int labels_parse(struct arena *a, struct sv json, struct labels *l, struct err *e);
/* As PromQL writes a series: name{a="b",c="d"}; name may be empty. Appends. */
void labels_show(struct sv name, const struct labels *l, struct sb *out);

#endif
