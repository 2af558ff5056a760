/*
 * k6_expr - k6's own little languages: what a submetric is called, what a threshold asks.
 *
 *	http_req_duration{scenario:steady,tool:browser}		p(95)<500
 *
 * (grafana/k6, metrics/registry.go, metrics/metric.go, metrics/thresholds_parser.go)
 */
#ifndef SOAK_JUDGE_K6_EXPR_H
#define SOAK_JUDGE_K6_EXPR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/labels.h"

struct k6_name {
	struct sv metric;
	struct labels tags; /* sorted; all must be equal */
};
/* Views into text, the tags' array owned by the arena. 0 or -1. */
int k6_name_parse(struct arena *a, struct sv text, struct k6_name *out, struct err *e);

enum k6_stat { K6_COUNT, K6_RATE, K6_VALUE, K6_AVG, K6_MIN, K6_MAX, K6_MED, K6_P };

enum k6_op { K6_NONE, K6_LT, K6_LE, K6_GT, K6_GE, K6_EQ, K6_NE };

struct k6_threshold {
	enum k6_stat stat;
	double p;          /* K6_P: 0 to 1 */
	struct sv stat_text;
	enum k6_op op;
	double limit;
	struct sv limit_text;
};
/* "p(95)<500", "rate < 0.01", "count===0". Views into text. 0 or -1. */
int k6_threshold_parse(struct sv text, struct k6_threshold *out, struct err *e);
/* Does the value satisfy it? Compared as k6 does, bit by bit; NaN satisfies nothing. */
bool k6_threshold_holds(const struct k6_threshold *t, double value);
/* How far the value is inside the limit; negative: outside. */
double k6_threshold_margin(const struct k6_threshold *t, double value);
/* "avg", "p(99.9)", "count": false when it is none of them. */
bool k6_stat_parse(struct sv text, enum k6_stat *stat, double *p);

#endif
