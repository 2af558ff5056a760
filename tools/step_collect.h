/*
 * step_collect - what the profile's "collect" asks of a package: which artifacts belong in it, and what is missing.
 */
#ifndef SOAK_TOOLS_STEP_COLLECT_H
#define SOAK_TOOLS_STEP_COLLECT_H

#include "base/arena.h"
#include "base/doc.h"
#include "base/mem.h"
#include "profile/profile.h"

#define COLLECT_FILE "collect.json" /* below data/ */

struct collect {
	const struct profile *profile;
	const struct doc *verdict;
	int64_t *found;            /* by glob: files that are not empty */
	size_t missing;            /* required ones without any; after collect_end() */
	VEC(struct sv) left_out;
	struct arena arena;
};

/* Borrows both. Members of archives among the verdict's inputs count once their archive was taken. */
void collect_begin(struct collect *c, const struct profile *p, const struct doc *verdict);
/*
 * An artifact by its name, of so many bytes: does it belong in? Without "collect" everything does; with it what a glob names
 * and whatever the judge recognised: evidence is not left out.
 */
bool collect_takes(struct collect *c, struct sv name, int64_t size);
/* All artifacts were asked about: counts what is missing. */
void collect_end(struct collect *c);
/* data/collect.json. Appends. */
void collect_json(const struct collect *c, struct sb *out);
void collect_free(struct collect *c);

#endif
