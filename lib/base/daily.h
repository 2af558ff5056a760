/*
 * daily - what happens at fixed times of the day in a zone: "02:00, 08:00, 14:00, 20:00".
 */
#ifndef SOAK_BASE_DAILY_H
#define SOAK_BASE_DAILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/time.h"

#define DAILY_MAX 96

struct daily {
	int64_t at[DAILY_MAX]; /* milliseconds after midnight, ascending */
	size_t n;              /* at least 1 */
};

/* Adds "08:00" or "08:00:30". False: it is none, stands there already, or they are too many. */
bool daily_add(struct daily *d, struct sv text);
/*
 * The first of its times that is not before t. A time in the hour that a clock change leaves out is that much later, one in the
 * hour that occurs twice is the first of the two.
 */
int64_t daily_next(const struct daily *d, const struct time_zone *zone, int64_t t);
/* The nearest of its times to t, of two equally near the later one. */
int64_t daily_near(const struct daily *d, const struct time_zone *zone, int64_t t);

#endif
