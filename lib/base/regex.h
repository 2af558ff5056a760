/*
 * regex - regular expressions through PCRE2, with bounded backtracking.
 *
 * (RE2 compatibility, which PromQL asks for, is decided in lib/promql.)
 */
#ifndef SOAK_BASE_REGEX_H
#define SOAK_BASE_REGEX_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct regex;

enum regex_flags {
	REGEX_WHOLE = 1,  /* must match the whole text */
	REGEX_DOTALL = 2, /* dot matches newline */
	REGEX_BYTES = 4,  /* text is bytes, not UTF-8: for what may be anything; compiled to machine code */
	REGEX_START = 8,  /* must match from where it begins to look */
	REGEX_NOCASE = 16,
	REGEX_BOUNDED = 32, /* on long texts (lines of 100,000 characters) the limit holds for all of the text */
};

/*
 * NULL with e set ("bad pattern 'a(b' at 4: ..."). Caller frees. '$' is the very end,
 * bytes that are not UTF-8 match nothing. One regex is not for two threads at once.
 */
struct regex *regex_new(struct sv pattern, int flags, struct err *e);
void regex_free(struct regex *r);
/* 1 match, 0 no match, -1 the match limit was reached (e names the pattern). */
int regex_match(const struct regex *r, struct sv text, struct err *e);
/*
 * As regex_match, and fills group[0..n-1] with views into text; group 0 is the whole
 * match, a group that took no part has p == NULL.
 */
int regex_groups(const struct regex *r, struct sv text, struct sv *group, size_t n,
    struct err *e);
/* As regex_groups, beginning to look at byte from; what lies before it can be looked back at. */
int regex_groups_at(const struct regex *r, struct sv text, size_t from, struct sv *group, size_t n, struct err *e);
/* Number of a named group, or -1. */
int regex_group(const struct regex *r, const char *name);
/* How many groups, without group 0. */
int regex_count(const struct regex *r);
/* Name of group i, or NULL. Borrowed. */
const char *regex_name(const struct regex *r, int i);

#endif
