/*
 * observation_code - a block of observations as few bytes, and back, bit for bit; knows no SQLite.
 *
 * All numbers are of variable length (7 bits a byte, the low ones first; signed ones as 2v or -2v-1), so that a block
 * can be read without us:
 *
 *	version (1), number of points, number of series, their ids (each less the one before),
 *	lengths of the first two streams, then
 *	1. which series: how many points follow the successor table (what came after the point's series the last time
 *	   in this block, at first the series with index 0), then the index of the series that comes instead; and again.
 *	   The last number has no index behind it.
 *	2. when: a bit per point (the low ones first): is the time another than that of the point before? Then for each
 *	   such point the nanoseconds since the one before (the first: since 1970).
 *	3. values: a bit per point: is it another than the series had before (at first 0)? Then for each such point 0 and
 *	   the eight bytes of an IEEE double, the low ones first; or c + 1: the value is the signed c / 4 divided by
 *	   1, 10^6, 10^9 or 10^12, as c % 4 says.
 */
#ifndef SOAK_STORE_OBSERVATION_CODE_H
#define SOAK_STORE_OBSERVATION_CODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/observation.h"
#include "base/str.h"

/* Appends the block of n points (1 to OBSERVATION_BLOCK), in their order. */
void observation_encode(const struct observation *v, size_t n, struct sb *out);
/*
 * The points of a block into v, which has room for OBSERVATION_BLOCK, in the order they were given. How many, or -1 with
 * e set when it is damaged.
 */
ptrdiff_t observation_decode(struct sv block, struct observation *v, struct err *e);

#endif
