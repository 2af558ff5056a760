/*
 * sources - the artifacts that a result rests on, by name.
 */
#ifndef SOAK_JUDGE_SOURCES_H
#define SOAK_JUDGE_SOURCES_H

#include "judge/kind.h"

#define SOURCES_MAX 100 /* names listed in a result */

struct sources; /* a set of contents */

struct sources *sources_new(void);
void sources_free(struct sources *s); /* NULL is fine */

/*
 * The contents that gave samples of the selector (of its metric, when nothing matches) in from <= t <= to.
 * Without a store in j: none. 0 or -1.
 */
int sources_samples(struct sources *s, struct judging *j, const struct pq_selector *sel, int64_t from, int64_t to,
    struct err *e);
/* An artifact by its name. */
void sources_name(struct sources *s, struct sv name);

/* Does the other store hold one of them, byte for byte? 1 and its name, owned by j's arena; 0; -1. */
int sources_shared(struct sources *s, struct judging *j, struct store *other, struct sv *name, struct err *e);

/* Sets r->sources: names in natural order, each once, at most SOURCES_MAX. 0 or -1. */
int sources_list(struct sources *s, struct judging *j, struct criterion_result *r, struct err *e);

/*
 * Sets r->torn, for what counts lines: the first log of s that was not read whole. A line that was lost is a count that is missing,
 * and the samples around it do not show it. 0 or -1.
 */
int sources_torn(struct sources *s, struct judging *j, struct criterion_result *r, struct err *e);

#endif
