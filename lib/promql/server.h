/*
 * server - the HTTP API of a Prometheus-compatible server: questions out, answers in.
 *
 * https://prometheus.io/docs/prometheus/latest/querying/api/: /api/v1/query and /api/v1/query_range.
 */
#ifndef SOAK_PROMQL_SERVER_H
#define SOAK_PROMQL_SERVER_H

#include "promql/eval.h"
#include "promql/http.h"

/* An answer. Of a matrix the series are ordered by labels, of a vector they stand as the server sent them. */
struct pq_server_answer {
	struct pq_result result; /* n_selected is not known: 0 */
	struct sv *warning;      /* as sent: "some of the data is missing"; not cleaned */
	size_t n_warnings;
};

/*
 * Reads the JSON of an answer. All of out is owned by the arena. name, cleaned already, is for errors: "NAME:LINE:COL: what".
 * -1: ERR_INPUT for what no such server would send (no JSON, times out of order, values that are no numbers, a series
 * twice) and for native histograms, which are not supported; for {"status":"error"} "NAME: TYPE: TEXT", cleaned, with the
 * code that pq_eval() would have given.
 */
int pq_server_parse(const char *name, struct sv json, struct arena *a, struct pq_server_answer *out, struct err *e);

struct pq_server {
	struct http *http; /* borrowed */
	char *url;         /* without '/' at its end */
	int64_t timeout;   /* ms, told to the server as well; 0: it has its own */
	struct arena arena;
	struct sv *warning; /* each that any answer had, once, at most PQ_SERVER_WARNINGS of them */
	size_t n_warnings;
};

#define PQ_SERVER_WARNINGS 16

/*
 * url: "http://host:9090", also with a path before /api/v1. -1, ERR_USAGE: another scheme, a user name in it (it would
 * show in lists of processes), '?' or '#'. s is freed with pq_server_free(), also then.
 */
int pq_server_init(struct pq_server *s, struct http *http, const char *url, struct err *e);
void pq_server_free(struct pq_server *s);

/*
 * Asks the server for the value of an expression at q->start, or with q->step > 0 over the range. lookback,
 * closed_ranges and max_samples are the server's own (Prometheus 2.42 ignores a lookback without a word). 0 or -1; *too_large (may be NULL): the answer
 * was larger than the http's max_bytes, a smaller question may do.
 */
int pq_server_query(struct pq_server *s, struct sv expr, const struct pq_query *q, struct arena *a, struct pq_result *r,
    bool *too_large, struct err *e);

/* text percent-encoded: all but RFC 3986's unreserved characters. Appends. */
void pq_server_encode(struct sv text, struct sb *out);

/* A piece of a selector's samples: series with their points, all of them from <= t <= to. 0, or -1 with e set ends it. */
typedef int pq_server_piece_fn(void *ctx, const struct pq_result *r, int64_t from, int64_t to, struct err *e);
/*
 * Fetches the raw samples of a selector with from <= t <= to (ms) as "selector[range]", in pieces in order of time that the
 * server and we can bear, and hands each to piece(). Stale markers are not there: the API leaves them out. What a piece
 * holds is owned by keep, or (NULL) gone when piece() returns. 0 or -1.
 */
int pq_server_pieces(struct pq_server *s, const struct pq_selector *sel, int64_t from, int64_t to, struct arena *keep,
    pq_server_piece_fn *piece, void *ctx, struct err *e);

/* What one selector of an expression needs of the server, and what it gave. */
struct pq_server_selector {
	const struct pq_selector *sel;
	int64_t from, to; /* ms, both included */
	bool fetched;
	struct pq_series *series;
	struct pq_sample **sample;
	size_t *n_samples;
	size_t n;
};

/*
 * A source whose series are fetched when they are first asked for: per selector all samples that the expression can need,
 * as "selector[range]", in pieces that the server and we can bear. It knows the selectors of that expression only. Stale
 * markers are not there: the API leaves them out.
 */
struct pq_server_source {
	struct pq_source src;
	struct pq_server *server; /* borrowed */
	struct arena arena;
	struct pq_server_selector *v;
	size_t n;
	int64_t max_samples, held;
	bool (*stop)(void *ctx);
	void *stop_ctx;
};

/*
 * For the selectors of x over the times of q, each from `earlier` ms before what it reads. x and q are borrowed while s
 * lives. 0 or -1; s is freed with pq_server_source_free(), also then.
 */
int pq_server_source_init(struct pq_server_source *s, struct pq_server *server, const struct pq_expr *x,
    const struct pq_query *q, int64_t earlier, struct err *e);
void pq_server_source_free(struct pq_server_source *s);

#endif
