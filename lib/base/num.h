/*
 * num - numbers as text, the same under every locale.
 */
#ifndef SOAK_BASE_NUM_H
#define SOAK_BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/*
 * A float as Prometheus and JSON write it: decimal or exponent form, NaN, Inf,
 * +Inf, -Inf (any case; also "infinity"). No hex, no blanks, no underscores.
 * Correctly rounded. True when all of s was read; what is too large for a double
 * ("1e999") is refused as Prometheus does, what is too small becomes 0.
 */
bool num_parse(struct sv s, double *v);
/* A whole number that fits; "+5" is refused. */
bool num_parse_int(struct sv s, int64_t *v);

#define NUM_TEXT 352
/*
 * The shortest text that reads back as the same double, as the Prometheus
 * API writes it: no exponent unless |v| < 1e-6 or >= 1e21; "NaN", "+Inf", "-Inf".
 */
const char *num_text(double v, char buf[NUM_TEXT]);
/* v rounded to that many decimals (0-17), ties to even as printf does; "-0" is "0". */
const char *num_fixed(double v, int decimals, char buf[NUM_TEXT]);
/* A count with ' ' between groups of three digits: "865 440". */
const char *num_count(int64_t v, char buf[NUM_TEXT]);
/* How many decimals a number was printed with: "98.94" and "98.94 %" 2, "864000" 0, "1e-3" 3. */
int num_decimals(struct sv s);

#endif
