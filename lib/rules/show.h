/*
 * show - a replay as people, pipes and programs read it.
 */
#ifndef SOAK_RULES_SHOW_H
#define SOAK_RULES_SHOW_H

#include "rules/doubt.h"

enum rule_outcome {
	RULE_QUIET,        /* never active */
	RULE_PENDING,      /* active, but never for long enough */
	RULE_FIRED,
	RULE_UNANSWERABLE, /* did not fire, and the samples could not have shown it; or fired only for that reason */
};
/* "quiet", "pending", "fired", "unanswerable" */
const char *rule_outcome_text(enum rule_outcome o);
enum rule_outcome rule_outcome(const struct replay_rule *r, const struct rule_doubts *d);

struct shown {
	const struct replay *r;
	const struct rule_doubts *doubts; /* of each rule */
	const bool *asked;                /* does the rule's severity count? */
};

/* How many of the alerts that count came out so. */
size_t show_count(const struct shown *s, enum rule_outcome o);
/* How many alerting rules count at all. */
size_t show_asked(const struct shown *s);

/* All append, cleaned of control characters. Times are UTC, RFC 3339. */
void show_text(const struct shown *s, struct sb *out);
/* A line a change of state: time, alert, state, value, labels; a header line; then nothing of what never became active. */
void show_tsv(const struct shown *s, struct sb *out);
/* docs/man/soak-alerts.1 lists its keys. */
void show_json(const struct shown *s, struct sb *out);

#endif
