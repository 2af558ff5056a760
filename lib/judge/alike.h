/*
 * alike - were two runs made under the same conditions? What they state of themselves, and how much load there was.
 *
 * Knows facts and request rates; never knows which of the runs is better. A version, a commit or an image is what is compared and no
 * condition; a configuration, an environment, a load profile is one.
 */
#ifndef SOAK_JUDGE_ALIKE_H
#define SOAK_JUDGE_ALIKE_H

#include "judge/kind.h"

#define LOADS_DIFFER 0.1 /* requests a second that differ by more are another load */

struct alike_fact { /* a fact of the run that is not the same; "" where a run does not say */
	struct sv path, baseline, candidate;
	bool condition; /* both say it, and it is one of the conditions the run was made under */
};

struct alike {
	struct alike_fact *fact;
	size_t n;
	double baseline, candidate; /* requests a second of the profile's largest total; NaN: not known in both */
	struct sv total;            /* its selector */
};

/* Of the runs of j and j->baseline; made once, kept in j->alike. The arena is j's. 0 or -1. */
int alike_of(struct judging *j, const struct alike **out, struct err *e);

/* Is one rate another load than the other? Both above 0. */
bool alike_loads_differ(double a, double b);

/*
 * Why the two cannot be compared: "the loads differ: ...", "configuration.rps is 20, 10 in the baseline"; NULL: nothing speaks against it. load: does
 * another load matter to what is compared? despite: a list of globs of paths that may differ, or NULL.
 */
const char *alike_not(struct arena *a, const struct alike *k, bool load, const struct doc *despite);

#endif
