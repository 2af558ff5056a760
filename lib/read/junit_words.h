/*
 * junit_words - what runners call things in JUnit XML, in any case and with any prefix: elements, attributes, outcomes.
 *
 * There is no standard, so that a failure under another name must not read as a pass: what sounds like one is one, and an
 * outcome that is no known word is unknown.
 */
#ifndef SOAK_READ_JUNIT_WORDS_H
#define SOAK_READ_JUNIT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* From best to worst: a case is the worst of what it holds. */
enum junit_outcome { JUNIT_PASS, JUNIT_SKIP, JUNIT_UNKNOWN, JUNIT_FAIL, JUNIT_ERROR };

enum junit_element {
	JUNIT_OTHER,
	JUNIT_SUITES,
	JUNIT_SUITE,
	JUNIT_CASE,
	JUNIT_SKIPPED,
	JUNIT_FAILURE,
	JUNIT_ERRORED,
	JUNIT_FLAKY,     /* it failed before it passed */
	JUNIT_PROPERTY,
	JUNIT_LIKE_FAILURE, /* no name that we know, but one that sounds so: <broken>, <assertion-failed> */
};
enum junit_element junit_element(const char *name);

/* Of attributes as expat gives them: name, value, ..., NULL. The value without blanks around; p NULL: it is not there. */
struct sv junit_attribute(const char *const *a, const char *name);
/* A count that is stated under this name, too: the larger of both; stated -1: not yet. */
int64_t junit_more(const char *const *a, const char *name, int64_t stated);
/* The worst of what they say of how a case or suite came out: status="failed", passed="false". *unknown: one says a word we do not know. */
enum junit_outcome junit_stated(const char *const *a, bool *unknown);

/* A length of time; "1,234.567" (Surefire groups thousands), too. NaN: not stated, or (then false) no such number. */
bool junit_seconds(struct sv text, double *v);

/* Stands a suite at the beginning of the text, behind declarations and comments? Nothing has to be well-formed for that. */
bool junit_begins(struct sv text);

#endif
