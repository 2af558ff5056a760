/*
 * step_ask - the values of many expressions over one store or server, for charts.
 */
#ifndef SOAK_TOOLS_STEP_ASK_H
#define SOAK_TOOLS_STEP_ASK_H

#include "promql/store_source.h"
#include "step_query.h"
#include "step_server.h"
#include "steps.h"

struct step_ask {
	/* as given */
	const char *db, *profile;
	struct pq_times times;
	struct step_server server;
	bool usual_lookback; /* 5 minutes, as servers have it; else samples live 1.5 intervals, so that gaps show */
	struct pq_query q; /* lookback, closed_ranges; then the times of every range query */
	/* inside */
	struct tool *tool;
	struct store *store;
	struct profile *p;
	struct pq_store_source src;
	struct step_deadline deadline;
	int64_t interval;  /* between two samples as a rule, ms; 0 unknown */
	int64_t longest;   /* the longest interval of any target */
	bool dated;        /* is the time known that is charted? */
};

/*
 * Opens the store or the server and fixes the times: as given, else the run's or all that the store holds. The step is
 * the interval of the samples where that makes no more than PQ_MAX_STEPS steps; a sample lives 1.5 intervals (of the slowest target; with usual_lookback 5 minutes at least). 0
 * or -1; then step_ask_close().
 */
int step_ask_open(struct step_ask *a, struct err *e);
void step_ask_close(struct step_ask *a);

/*
 * Kinds that add up a whole run (hdr, distribution, ecdf, dumbbells, budget) count nothing twice: unless --step says otherwise q's step becomes
 * the widest range of the expression, ending where q ends. Other kinds: q stays.
 */
void step_ask_tile(const struct step_ask *a, const char *kind, struct sv text, struct pq_query *q);

/*
 * Evaluates text. *why is empty, or where the answer is empty says what is missing: no series of that name, a range too
 * short for the samples. 0 or -1 with e set. q: other times than a->q, NULL none.
 */
int step_ask_eval(struct step_ask *a, struct sv text, const struct pq_query *q, struct arena *arena, struct pq_result *r, struct sv *why,
    struct err *e);

#endif
