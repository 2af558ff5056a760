/*
 * unit - promtool's unit tests of rules (`promtool test rules`), run here: the same file, the same outcome.
 *
 * Series are given in the file, rules are evaluated over them, alerts and expressions are compared with what is expected.
 * Reads no files: the rules come parsed.
 */
#ifndef SOAK_RULES_UNIT_H
#define SOAK_RULES_UNIT_H

#include "rules/rules.h"

struct unit_alert_test {
	int64_t at; /* ms */
	struct sv name;
	struct labels *labels, *annotations; /* of each expected alert; labels with alertname */
	size_t n;
};

struct unit_expr_test {
	int64_t at;
	struct sv text;
	struct labels *labels; /* with __name__ */
	double *value;
	size_t n;
};

struct unit_group {
	struct sv name;
	int64_t interval;
	struct sv *series, *values; /* in promtool's notation */
	const struct doc **series_at;
	size_t n_series;
	struct unit_alert_test *alert;
	size_t n_alerts;
	struct unit_expr_test *expr;
	size_t n_exprs;
	struct labels external;
	struct sv external_url;
};

struct unit_file {
	const char *file;
	struct sv *rule_file; /* globs, relative to the file */
	size_t n_rule_files;
	int64_t interval;     /* evaluation_interval */
	bool fuzzy;           /* values may differ in the last bits */
	struct sv *order;     /* group_eval_order */
	size_t n_order;
	struct unit_group *group;
	size_t n;
};

/* Everything is owned by the arena. 0, or -1 with "file:line:col: what". */
int unit_parse(struct arena *a, const char *file, struct sv text, struct unit_file *u, struct err *e);

/*
 * Runs the tests, with the ranges of Prometheus 2 (closed) or 3; what failed is appended to out as promtool prints it. How many failed, or -1: the tests could not be
 * run (a series that does not parse, group_eval_order without its groups).
 */
int unit_run(const struct unit_file *u, const struct rules *rules, bool closed_ranges, struct sb *out, struct err *e);

#endif
