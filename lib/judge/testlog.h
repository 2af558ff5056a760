/*
 * testlog - the results of the store as runs of a suite of tests: which artifact lists which tests, and which artifacts tell
 * of the same run. Says nothing of what that is worth.
 */
#ifndef SOAK_JUDGE_TESTLOG_H
#define SOAK_JUDGE_TESTLOG_H

#include "judge/kind.h"

/* From best to worst: of several outcomes that one artifact lists for one test the worst counts. */
enum test_state { TEST_PASS, TEST_SKIP, TEST_OPEN, TEST_FAIL };

struct test_row {
	struct sv key;   /* suite and name, as one artifact and another write them alike */
	struct sv name, text;
	enum test_state state;
	int64_t t;       /* TIME_NONE */
	double duration; /* seconds, NaN */
	size_t file;
	int64_t line;
};

struct test_file { /* an artifact that lists such tests, or that may have: it could not be read */
	int64_t content;
	struct sv name, format;
	bool complete, flawed; /* flawed: its reader had something to say */
	size_t n;              /* tests of it */
	int64_t t;             /* of its earliest test, else when it was taken; TIME_NONE */
	bool failed;           /* lists a failure */
	bool says_failed, says_passed; /* its runner's own words on all of its tests */
	struct sv doubt;       /* why its runner's counts are in doubt; empty: they are not */
	double duration;       /* seconds; NaN not known */
	size_t run;
};

struct test_run {
	int64_t t;    /* TIME_NONE: not known */
	double duration;
	bool counted; /* for the caller */
};

struct testlog {
	struct arena arena; /* owns all */
	struct test_row *row; /* by run, key, file, line */
	size_t n;
	struct test_file *file;
	size_t n_files;
	struct test_run *run; /* by time, the one of unknown time last */
	size_t n_runs;
};

struct test_choice {
	struct sv kind;  /* of results */
	struct sv suite; /* glob of the suite, empty any */
	struct sv file;  /* glob of the artifact, empty any */
	bool one;        /* all artifacts tell of one run */
};

/* Reads them; without a store none. 0 or -1. Free either way. */
int testlog_read(struct judging *j, const struct test_choice *c, struct testlog *log, struct err *e);
void testlog_free(struct testlog *log);

/*
 * "tests/smoke/test_paths.py::TestCart" (a console) and "tests.smoke.test_paths.TestCart" (JUnit) are one suite: the latter.
 * Owned by the arena.
 */
struct sv testlog_suite(struct arena *a, struct sv suite);

#endif
