/*
 * observation - one raw measurement of a load generator, as readers hand them out and the store keeps them.
 */
#ifndef SOAK_BASE_OBSERVATION_H
#define SOAK_BASE_OBSERVATION_H

#include <stdint.h>

#define OBSERVATION_BLOCK 65536 /* at most so many at a time */

struct observation {
	int64_t t;      /* nanoseconds since 1970, UTC */
	double v;       /* finite */
	int64_t series; /* > 0: a metric and its tags */
};

#endif
