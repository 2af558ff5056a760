/*
 * step_rules_server - rules replayed over a Prometheus-compatible server: what they read, fetched once.
 */
#ifndef SOAK_TOOLS_STEP_RULES_SERVER_H
#define SOAK_TOOLS_STEP_RULES_SERVER_H

#include "promql/memory_source.h"
#include "rules/doubt.h"
#include "step_server.h"

struct step_rules_server {
	struct step_server server; /* in: url, files, timeout */
	struct step_deadline deadline;
	/* out */
	struct pq_memory samples;
	int64_t first; /* the first sample; the replay's start where there is none */
	struct doubt_scrapes *scrapes; /* when each target (job and instance) had a sample; owned by the arena */
	size_t n_scrapes;
};

/*
 * Fetches the raw samples of every selector of the rules' expressions, from the first time that any of them reads to
 * o->end. Of a selector that matches nothing those of its metric instead, so that it is known whether that exists. What
 * rules record, and ALERTS, is not fetched. 0 or -1; step_rules_server_close() either way.
 */
int step_rules_server_open(struct step_rules_server *s, const struct rules *rules, const struct replay_opts *o, struct arena *a,
    struct err *e);
void step_rules_server_close(struct step_rules_server *s);

#endif
