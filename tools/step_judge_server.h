/*
 * step_judge_server - what a profile's criteria read of a Prometheus-compatible server, as a store of its own for judge_run().
 *
 * The same samples in a store give the same verdict, because it is judged from one: docs/rules.md 23.
 */
#ifndef SOAK_TOOLS_STEP_JUDGE_SERVER_H
#define SOAK_TOOLS_STEP_JUDGE_SERVER_H

#include "judge/judge.h"
#include "step_pull.h"

struct step_judge_server {
	struct step_server server; /* in: url, files, timeout */
	/* inside */
	struct arena arena;
	char *folder; /* holds the store and what was pulled; NULL: none */
};

/*
 * Pulls the metrics that the criteria read, from as far back as any of them reads before the run to its end, and opens a store of
 * them for reading. The run's times are start (--start, TIME_NONE: those of the profile, when it states them) and the profile's
 * duration or end. NULL with e set; step_judge_server_close() after the store either way.
 */
struct store *step_judge_server_open(const struct tool *t, struct step_judge_server *s, const struct profile *p, int64_t start,
    struct err *e);
void step_judge_server_close(struct step_judge_server *s);

#endif
