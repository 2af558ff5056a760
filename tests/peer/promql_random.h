/*
 * promql_random - random samples and random questions about them, the same for the same seed on every machine.
 */
#ifndef SOAK_TESTS_PROMQL_RANDOM_H
#define SOAK_TESTS_PROMQL_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define FIRST_TIME INT64_C(1700000000000) /* ms */
#define RUN_TIME INT64_C(3600000)

struct dice {
	uint64_t state;
};

uint64_t dice_bits(struct dice *d);
/* 0 .. n - 1 */
int dice_below(struct dice *d, int n);
bool dice_percent(struct dice *d, int percent);
/* One of the words, which end with NULL. */
const char *dice_word(struct dice *d, const char *const *words);

/* One expression, about as deep as said, appended to out. */
void random_expression(struct dice *d, int depth, struct sb *out);

#endif
