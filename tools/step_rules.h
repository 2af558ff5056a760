/*
 * step_rules - rule files from disk, and what a store knows that a replay over it needs.
 */
#ifndef SOAK_TOOLS_STEP_RULES_H
#define SOAK_TOOLS_STEP_RULES_H

#include "rules/doubt.h"
#include "rules/unit.h"
#include "store/store.h"
#include "tool.h"

/* Reads and parses one rule file; "-" is stdin. 0 or -1. */
int step_rules_load(struct arena *a, const char *path, struct rules *r, struct err *e);

/* The files that a glob names, from the folder of the file "beside" on (NULL: as it is); none is 0. Caller frees. 0 or -1. */
struct step_paths {
	VEC(char *) path;
};
int step_rules_glob(struct step_paths *p, const char *beside, struct sv glob, struct err *e);
void step_paths_free(struct step_paths *p);

/* Runs promtool's unit-test files and prints as it does. Exit status: 0, 1 a test failed or could not be run. */
int step_rules_test(char **file, size_t n, bool closed_ranges);

/* When each target of the store answered; owned by the arena. 0 or -1. */
int step_rules_scrapes(struct store *s, struct arena *a, struct doubt_scrapes **out, size_t *n, struct err *e);

/*
 * Writes what a replay recorded into the store as one artifact of that name, in place of what an earlier one wrote there.
 * *n: how many samples. 0 or -1.
 */
int step_rules_record(struct store *s, const char *name, const struct replay *r, int64_t *n, struct err *e);

#endif
