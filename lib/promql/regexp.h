/*
 * regexp - the regular expressions of matchers, which are RE2's, run by PCRE2.
 *
 * RE2 (Go's regexp/syntax) is the smaller language. A pattern is read as RE2 would read it,
 * what RE2 refuses is refused, and the rest is written anew in PCRE2's terms:
 *
 *	\s [[.a.]] a{,5} (?m)^	->	[\t\n\f\r ] [\[.a] ] a\{,5} (?<![^\n])
 *
 * Two things stay different: RE2 takes linear time where PCRE2 may reach its match limit
 * (an error, never a wrong answer), and groups nest 250 deep instead of 1000.
 */
#ifndef SOAK_PROMQL_REGEXP_H
#define SOAK_PROMQL_REGEXP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct regex;

/*
 * ^(?s:pattern)$ compiled: the whole text must match and dot matches newline. NULL with e set
 * ("error parsing regexp \"a(?=b)\" at 2: lookaround is not supported"). Caller frees with
 * regex_free(). Groups keep their numbers but not their names: see
 * pq_regexp_names().
 */
struct regex *pq_regexp_new(struct sv pattern, struct err *e);

/*
 * The groups' names by number, "" for one without; (*names)[0] is the whole match. The same name may stand twice, as in Go.
 * The array is owned by the arena, names are views into pattern. 0 or -1.
 */
int pq_regexp_names(struct arena *a, struct sv pattern, struct sv **names, size_t *n, struct err *e);

/* Only the translation; appends. 0 or -1. */
int pq_regexp_translate(struct sv pattern, struct sb *out, struct err *e);

#endif
