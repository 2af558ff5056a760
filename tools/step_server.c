#include "step_server.h"

#include <time.h>

#include "base/clean.h"
#include "base/io.h"
#include "base/time.h"
#include "promql/functions.h"

#define MOST_SECRET (64 << 10) /* bytes of a token file: signed tokens are long */

static bool
is_over(void *ctx)
{
	struct step_deadline *d = ctx;

	/* Asked for each step of each series, a millionth of a second apart: the clock would be a part of the cost. */
	return d->asked++ % 32 == 0 && tool_clock_ms(CLOCK_MONOTONIC) >= d->at;
}

void
step_server_deadline(struct step_deadline *d, int64_t timeout, struct pq_query *q)
{
	d->at = tool_clock_ms(CLOCK_MONOTONIC) + timeout;
	q->stop = is_over;
	q->stop_ctx = d;
}

bool
step_server_is(const char *db)
{
	return sv_starts(sv_of(db), "http://") || sv_starts(sv_of(db), "https://");
}

/* The one line of a file. */
static int
read_secret(const char *path, struct sb *out, struct err *e)
{
	struct sb all = {0};
	struct sv line;
	int rc = io_read_file(path, MOST_SECRET, &all, e);

	if (rc == 0) {
		line = sv_trim(sb_sv(&all));
		sb_addv(out, line);
		if (line.n == 0)
			rc = err_set(e, ERR_INPUT, "%s: it is empty", path);
		else if (sv_chr(line, '\n') < line.n || sv_chr(line, '\0') < line.n)
			rc = err_set(e, ERR_INPUT, "%s: more than one line", path);
	}
	sb_free(&all);
	return rc;
}

int
step_server_open(struct step_server *s, const struct pq_query *q, struct err *e)
{
	struct http_config c = {.ca_file = s->ca_file, .stop = q->stop, .stop_ctx = q->stop_ctx,
	    .timeout = s->timeout > 0 ? s->timeout : STEP_SERVER_TIMEOUT};

	if (s->token_file != NULL && read_secret(s->token_file, &s->token, e) < 0)
		return -1;
	if (s->user_file != NULL && read_secret(s->user_file, &s->user, e) < 0)
		return -1;
	if (s->user_file != NULL && sv_chr(sb_sv(&s->user), ':') == s->user.n)
		return err_set(e, ERR_INPUT, "%s: not USER:PASSWORD", s->user_file);
	c.token = s->token_file != NULL ? sb_str(&s->token) : NULL;
	c.user = s->user_file != NULL ? sb_str(&s->user) : NULL;
	s->http = http_new(&c, e);
	if (s->http == NULL || pq_server_init(&s->server, s->http, s->url, e) < 0)
		return -1;
	s->server.timeout = s->timeout;
	return 0;
}

void
step_server_close(struct step_server *s)
{
	pq_server_source_free(&s->source);
	pq_server_source_free(&s->wide);
	pq_server_free(&s->server);
	http_free(s->http);
	sb_free(&s->token);
	sb_free(&s->user);
}

int
step_server_times(const struct pq_times *in, struct pq_query *q, struct err *e)
{
	int64_t now = tool_clock_ms(CLOCK_REALTIME);
	struct pq_extent x = {now, now};

	if (in->start == TIME_NONE && (in->end != TIME_NONE || in->step > 0))
		return err_set(e, ERR_USAGE, "--start is needed: a server has no first sample");
	return pq_times_fill(in, &x, q, e) < 0 ? -1 : 0;
}

/* Can x have a value when no selector matches? absent(), vector() and constants. Recursion is bounded by PQ_MAX_DEPTH. */
static bool
needs_no_series(const struct pq_expr *x)
{
	const struct pq_expr *left, *right;

	switch (x->kind) {
	case PQ_SELECT:
	case PQ_RANGE:
		return false;
	case PQ_SUBQUERY:
		return needs_no_series(x->subquery.x);
	case PQ_UNARY:
		return needs_no_series(x->unary.x);
	case PQ_PAREN:
		return needs_no_series(x->inner);
	case PQ_AGGREGATION:
		return needs_no_series(x->aggregation.x);
	case PQ_BINARY:
		left = x->binary.left;
		right = x->binary.right;
		if (x->binary.op == PQ_OP_OR)
			return needs_no_series(left) || needs_no_series(right);
		if (x->binary.op == PQ_OP_UNLESS)
			return needs_no_series(left);
		return needs_no_series(left) && needs_no_series(right);
	case PQ_CALL:
		if (x->call.n == 0 || x->call.fn->result == PQ_SCALAR || pq_asks_whether(x->call.fn))
			return true;
		return needs_no_series(x->call.args[x->call.args[0]->type == PQ_SCALAR ? x->call.n - 1 : 0]);
	case PQ_NUMBER:
	case PQ_TEXT:
		return true;
	}
	return true;
}

/* From what the selectors read, and as long before that. */
static int
open_source(struct step_server *s, struct pq_server_source *src, bool *has, const struct pq_expr *x,
    const struct pq_query *q, int64_t earlier, struct err *e)
{
	if (*has)
		return 0;
	*has = true;
	return pq_server_source_init(src, &s->server, x, q, earlier, e);
}

int
step_server_eval(struct step_server *s, const struct pq_expr *x, struct sv text, const struct pq_query *q,
    struct arena *a, struct pq_result *r, struct err *e)
{
	struct pq_source *src = &s->wide.src; /* fetched already, and more than is needed */

	if (s->local) {
		if (!s->has_wide) {
			src = &s->source.src;
			if (open_source(s, &s->source, &s->has_source, x, q, 0, e) < 0)
				return -1;
		}
		return pq_eval(src, x, q, a, r, e);
	}
	if (pq_server_query(&s->server, text, q, a, r, NULL, e) < 0)
		return -1;
	r->n_selected = r->n == 0 || needs_no_series(x) ? 0 : 1;
	return 0;
}

struct pq_source *
step_server_wide(struct step_server *s, const struct pq_expr *x, const struct pq_query *q, struct err *e)
{
	return open_source(s, &s->wide, &s->has_wide, x, q, TIME_DAY, e) < 0 ? NULL : &s->wide.src;
}

void
step_server_missing(const struct pq_reading *r, struct sb *out)
{
	char from[TIME_TEXT], to[TIME_TEXT];

	sb_adds(out, "no series matches ");
	pq_format_selector(r->x->kind == PQ_RANGE ? r->x->range.selector : r->x->selector, out);
	sb_addf(out, " from %s to %s, nor the day before", time_text(r->from, from), time_text(r->to, to));
}

size_t
step_server_warn(const struct tool *t, const struct step_server *s)
{
	struct sb text = {0};
	size_t i;

	for (i = 0; i < s->server.n_warnings; i++) {
		sb_reset(&text);
		clean_add(&text, s->server.warning[i]);
		tool_say(t, "%s warns: %s", s->server.url, sb_str(&text));
	}
	sb_free(&text);
	return s->server.n_warnings;
}
