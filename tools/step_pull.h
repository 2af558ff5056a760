/*
 * step_pull - what a Prometheus-compatible server holds, as files: so that the evidence outlives its retention.
 */
#ifndef SOAK_TOOLS_STEP_PULL_H
#define SOAK_TOOLS_STEP_PULL_H

#include "step_server.h"

#define STEP_PULL_MATCHES 64

struct step_pull {
	const char *url, *token_file, *user_file, *ca_file; /* as given; NULL: not given */
	const char *match[STEP_PULL_MATCHES];               /* selectors */
	size_t n_matches;
	int64_t start, end;  /* ms, both included */
	int64_t timeout;     /* of a request, ms; 0: 2 minutes */
	const char *into;    /* the folder; made when it is missing */
	/* out */
	int64_t samples;
	size_t files, known; /* written; there already from an earlier call that was broken off */
};

/*
 * Writes INTO/SELECTOR-FROM-TO.om (OpenMetrics, times in ms in the name, SELECTOR the first 8 hex digits of its digest) for
 * each piece of each selector, each whole or not at all. A piece that is there already is not asked for again. 0 or -1.
 */
int step_pull(const struct tool *t, struct step_pull *p, struct err *e);

/* A usage error where options are missing or do not go together. */
void step_pull_check(struct tool *t, const struct step_pull *p);

#endif
