/*
 * step_server - a query to a Prometheus-compatible server in place of a store.
 */
#ifndef SOAK_TOOLS_STEP_SERVER_H
#define SOAK_TOOLS_STEP_SERVER_H

#include "promql/explain.h"
#include "promql/server.h"
#include "promql/store_times.h"
#include "tool.h"

struct step_server {
	/* as given; NULL, 0, false: not given */
	const char *url, *token_file, *user_file, *ca_file;
	int64_t timeout; /* ms; 0: 2 minutes, as Prometheus has it */
	bool local;      /* --local-eval: the server gives samples only */
	/* inside */
	struct sb token, user;
	struct http *http;
	struct pq_server server;
	struct pq_server_source source, wide;
	bool has_source, has_wide;
};

#define STEP_SERVER_TIMEOUT INT64_C(120000)

/* Ends a query that takes too long: q->stop and q->stop_ctx. d lives as long as q does. */
struct step_deadline {
	int64_t at; /* ms of CLOCK_MONOTONIC */
	unsigned asked;
};
void step_server_deadline(struct step_deadline *d, int64_t timeout, struct pq_query *q);

/* Is -d the address of a server, and not the path of a store? */
bool step_server_is(const char *db);
/* Reads the files; nothing is sent. q has its deadline already and lives as long as s. 0 or -1; then step_server_close(). */
int step_server_open(struct step_server *s, const struct pq_query *q, struct err *e);
void step_server_close(struct step_server *s);

/*
 * The times that are not stated: the one of an instant query and the end of a range are now. 0; -1 for a range without its
 * start, since a server has no first sample.
 */
int step_server_times(const struct pq_times *in, struct pq_query *q, struct err *e);

/*
 * The value of text, which x is the tree of: by the server, or from its samples. r->n_selected is 0 where it takes
 * a look at what the selectors match (pq_explain() over step_server_wide()) to know whether there is anything behind it.
 * 0 or -1.
 */
int step_server_eval(struct step_server *s, const struct pq_expr *x, struct sv text, const struct pq_query *q,
    struct arena *a, struct pq_result *r, struct err *e);

/*
 * What the selectors read and the day before it, for pq_explain(): whether a range is too short shows outside of it. NULL
 * with e set. Owned by s.
 */
struct pq_source *step_server_wide(struct step_server *s, const struct pq_expr *x, const struct pq_query *q,
    struct err *e);

/* "no series matches up{jbo="x"} from ... to ..." for a reading without series. Appends. */
void step_server_missing(const struct pq_reading *r, struct sb *out);
/* Says what the server warned of; how many that were. */
size_t step_server_warn(const struct tool *t, const struct step_server *s);

#endif
