/*
 * stretches - stretches of time as a set: united, measured, cut with another one.
 */
#ifndef SOAK_PROMQL_STRETCHES_H
#define SOAK_PROMQL_STRETCHES_H

#include "base/mem.h"
#include "promql/cover.h"

struct stretches {
	VEC(struct pq_stretch) of; /* freed by whoever has it */
};

/* Adds one; nothing when it is empty or ends before it begins. */
void stretches_add(struct stretches *s, int64_t from, int64_t to);
/* In order, each moment once. */
void stretches_unite(struct stretches *s);
/* Of all of them together, ms; united ones. */
int64_t stretches_length(const struct stretches *s);
/* How much of both there is from .. to, ms; both united. */
int64_t stretches_common(const struct stretches *s, const struct stretches *t, int64_t from, int64_t to);

#endif
