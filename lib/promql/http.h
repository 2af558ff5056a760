/*
 * http - one request to one HTTP server, bounded in time and size. The only place that knows libcurl.
 *
 * Only http and https; certificates are always verified; redirects are never followed (a token must not travel to where
 * its owner did not send it), and what curl reads from the environment is the proxy only (http_proxy, no_proxy ...).
 */
#ifndef SOAK_PROMQL_HTTP_H
#define SOAK_PROMQL_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct http;

/* Borrowed while the struct http lives. NULL and 0: not given. */
struct http_config {
	const char *token;   /* sent as "Authorization: Bearer TOKEN" */
	const char *user;    /* "NAME:PASSWORD", basic authentication; not together with token */
	const char *ca_file; /* PEM, in place of the system's certificates */
	int64_t timeout;     /* ms, of one request */
	size_t max_bytes;    /* of a decoded answer; 0: 32 MiB */
	bool (*stop)(void *ctx); /* asked while waiting; true ends the request with ERR_LIMIT */
	void *stop_ctx;
};

#define HTTP_MAX_BYTES ((size_t)32 << 20)

struct http_answer {
	long status;         /* 200, 503 ... */
	struct sb body;
	struct sb redirect;  /* where a 3xx points to, else empty */
	bool too_large;      /* why it failed: the body has more than max_bytes */
};

/* NULL with e set: ERR_USAGE for both kinds of authentication, or for control characters in one. Caller frees. */
struct http *http_new(const struct http_config *c, struct err *e);
void http_free(struct http *h);

/*
 * GET url, or with a form (name=value&..., encoded) POST it there. 0 when there is an answer, whatever its status;
 * -1 with "WHERE: what" in e: ERR_LIMIT for time and size, ERR_SYS otherwise. out is emptied first, the caller frees it
 * with http_answer_free().
 */
int http_call(struct http *h, const char *where, const char *url, const char *form, struct http_answer *out,
    struct err *e);
void http_answer_free(struct http_answer *a);

#endif
