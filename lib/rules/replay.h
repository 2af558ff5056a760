/*
 * replay - what rules would have done: evaluated at their intervals over samples that are there already.
 *
 * Prometheus' rule manager (rules/group.go, alerting.go, recording.go): the rules of a group run in order, each sees what
 * those before it recorded at the same time. A group runs at the multiples of its interval; groups run in the order in
 * which they stand. Alerts go inactive -> pending -> firing -> inactive; keep_firing_for, limit and query_offset count.
 */
#ifndef SOAK_RULES_REPLAY_H
#define SOAK_RULES_REPLAY_H

#include "promql/eval.h"
#include "rules/overlay.h"
#include "rules/rules.h"

struct replay_opts {
	int64_t start, end;     /* ms; evaluated at start <= t <= end */
	int64_t interval;       /* of groups without one; 0: RULES_INTERVAL */
	bool one_interval;      /* all groups at "interval", from start on, whatever they say (promtool's tests) */
	struct labels external; /* the server's labels, for templates */
	struct sv external_url;
	struct pq_query query;  /* lookback, closed_ranges, max_samples, stop; the rest is not used */
};

enum alert_state { ALERT_INACTIVE, ALERT_PENDING, ALERT_FIRING };
/* "inactive", "pending", "firing" */
const char *alert_state_text(enum alert_state s);

struct alert_change {
	int64_t t;
	enum alert_state to;
	double value;
};

/* One label set of an alerting rule that was ever active. */
struct replay_alert {
	struct labels labels; /* with alertname */
	VEC(struct alert_change) change; /* in order of time */
	int64_t pending, firing; /* ms in these states, as far as they had lasted at the last evaluation */
	double peak;             /* the value that was farthest from the threshold while active */
	int64_t peak_at;
	/* now, or when last active */
	enum alert_state state;
	int64_t active_at, keep_since;
	double value;
	struct sv *annotation;   /* of the rule's annotations, in their order, as last expanded */
	int64_t annotated_at;    /* then */
	double annotated;        /* the value that they were expanded with */
	struct arena text;       /* they live here */
	bool returned;           /* by the evaluation under way */
};

struct replay_rule {
	const struct rule *rule;
	const struct rule_group *group;
	int64_t evaluations, failures;
	struct sv error;    /* of the first failure */
	int64_t error_at;
	int64_t returned;   /* evaluations with a result */
	bool below;         /* it alerts on small values: "x < 5" */
	struct ids ids;     /* of alerts, by their labels */
	VEC(struct replay_alert) alert;
	VEC(size_t) series, series_before; /* of the overlay, written by the last evaluation and the one before */
};

struct replay {
	struct arena arena;
	struct overlay overlay;
	struct replay_opts opts;
	const struct rules *rules;
	struct replay_rule *rule; /* all rules of all groups, in order */
	size_t n;
	int64_t *next;            /* evaluation of each group */
	VEC(struct replay_query { struct sv text; const struct pq_expr *x; }) query; /* of templates, once parsed */
	int64_t steps;
};

/* Ready for the first evaluation. source and rules are borrowed; replay_close() either way. */
void replay_open(struct replay *r, const struct rules *rules, struct pq_source *source, const struct replay_opts *o);
/* Evaluates all groups at t. A rule that fails is counted; -1 is trouble with the source. */
int replay_at(struct replay *r, int64_t t, struct err *e);
/* All evaluations of all groups. 0 or -1. */
int replay_run(struct replay *r, struct err *e);
void replay_close(struct replay *r);

/* Spans in which any alert of the rule fired, in order, [from, to): merged; owned by the arena. */
struct replay_span {
	int64_t from, to;
	bool open; /* it still fired at the end */
};
void replay_firing(const struct replay *r, const struct replay_rule *rule, struct arena *a, struct replay_span **out, size_t *n);

#endif
