#include "promql/server.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"

#define MOST_URL 2000   /* longer questions are sent as a form: proxies cut URLs */
#define MOST_TEXT 300   /* of an error page that is shown */

int
pq_server_init(struct pq_server *s, struct http *http, const char *url, struct err *e)
{
	struct sv v = sv_of(url), host;
	size_t i;

	*s = (struct pq_server){.http = http};
	host = sv_starts(v, "https://") ? sv_from(v, 8) : sv_starts(v, "http://") ? sv_from(v, 7) : SV("");
	host = sv_head(host, sv_chr(host, '/'));
	if (host.n == 0)
		return err_set(e, ERR_USAGE, "%s: the address of a server is http://HOST:PORT or https://...", url);
	if (sv_chr(host, '@') < host.n) /* the message must not repeat it */
		return err_set(e, ERR_USAGE, "a password in an address is seen by others: put USER:PASSWORD into a "
		    "file");
	for (i = 0; i < v.n; i++)
		if (v.p[i] == '?' || v.p[i] == '#' || (unsigned char)v.p[i] <= ' ' || (unsigned char)v.p[i] >= 0x7f)
			return err_set(e, ERR_USAGE, "%s: the address of a server has no '?', no '#' and only "
			    "printable ASCII", url);
	while (v.n > 0 && v.p[v.n - 1] == '/')
		v.n--;
	s->url = arena_str(&s->arena, v);
	s->warning = arena_new(&s->arena, PQ_SERVER_WARNINGS, sizeof(*s->warning));
	return 0;
}

void
pq_server_free(struct pq_server *s)
{
	arena_free(&s->arena);
}

void
pq_server_encode(struct sv text, struct sb *out)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char c;
	size_t i;

	for (i = 0; i < text.n; i++) {
		c = (unsigned char)text.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr("-._~", c) != NULL)) {
			sb_addc(out, (char)c);
		} else {
			sb_addc(out, '%');
			sb_addc(out, hex[c >> 4]);
			sb_addc(out, hex[c & 15]);
		}
	}
}

/* "&name=SECONDS", exactly. */
static void
add_seconds(struct sb *out, const char *name, int64_t ms)
{
	uint64_t u = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;

	sb_addf(out, "&%s=%s%" PRIu64 ".%03u", name, ms < 0 ? "-" : "", u / 1000, (unsigned)(u % 1000));
}

static void
add_question(const struct pq_server *s, struct sv expr, const struct pq_query *q, struct sb *out)
{
	sb_adds(out, "query=");
	pq_server_encode(expr, out);
	if (q->step > 0) {
		add_seconds(out, "start", q->start);
		add_seconds(out, "end", q->end);
		add_seconds(out, "step", q->step);
	} else {
		add_seconds(out, "time", q->start);
	}
	if (s->timeout > 0)
		add_seconds(out, "timeout", s->timeout);
}

static bool
looks_like_json(struct sv body)
{
	return sv_starts(sv_trim(body), "{");
}

/* The first words of an error page, on one line. */
static void
add_words(struct sv body, struct sb *out)
{
	struct sb line = {0};
	struct sv text = sv_trim(body);
	size_t i;

	text = sv_head(text, MOST_TEXT);
	for (i = 0; i < text.n; i++)
		if (strchr(" \t\r\n\v\f", text.p[i]) == NULL || text.p[i] == '\0')
			sb_addc(&line, text.p[i]);
		else if (line.n > 0 && line.buf[line.n - 1] != ' ')
			sb_addc(&line, ' ');
	clean_add(out, sb_sv(&line));
	sb_free(&line);
}

/* An answer other than 2xx. -1. */
static int
refused(const char *where, const struct http_answer *h, struct arena *a, struct err *e)
{
	const char *name = arena_fmt(a, "%s: HTTP %ld", where, h->status);
	struct pq_server_answer ignored;
	struct sb words = {0};

	if (h->redirect.n > 0) {
		clean_add(&words, sb_sv(&h->redirect));
		err_set(e, ERR_SYS, "%s: it points to %s; redirects are not followed", name, sb_str(&words));
	} else if (looks_like_json(sb_sv(&h->body)) && pq_server_parse(name, sb_sv(&h->body), a, &ignored, e) < 0) {
		/* e says it */
	} else {
		add_words(sb_sv(&h->body), &words);
		err_set(e, ERR_SYS, "%s%s%s", name, words.n > 0 ? ": " : "", sb_str(&words));
	}
	sb_free(&words);
	return -1;
}

/* Each warning once. */
static void
keep_warnings(struct pq_server *s, const struct pq_server_answer *answer)
{
	size_t i, k;

	for (i = 0; i < answer->n_warnings; i++) {
		for (k = 0; k < s->n_warnings && !sv_eq(s->warning[k], answer->warning[i]); k++)
			;
		if (k == s->n_warnings && k < PQ_SERVER_WARNINGS)
			s->warning[s->n_warnings++] = arena_sv(&s->arena, answer->warning[i]);
	}
}

static int
call(struct pq_server *s, const char *where, struct sv expr, const struct pq_query *q, struct http_answer *h,
    struct err *e)
{
	struct sb question = {0}, url = {0};
	int rc;

	add_question(s, expr, q, &question);
	sb_adds(&url, where);
	if (url.n + question.n < MOST_URL) {
		sb_addf(&url, "?%s", sb_str(&question));
		rc = http_call(s->http, where, sb_str(&url), NULL, h, e);
	} else {
		rc = http_call(s->http, where, where, sb_str(&question), h, e);
	}
	sb_free(&question);
	sb_free(&url);
	return rc;
}

int
pq_server_query(struct pq_server *s, struct sv expr, const struct pq_query *q, struct arena *a, struct pq_result *r,
    bool *too_large, struct err *e)
{
	struct http_answer h = {0};
	struct pq_server_answer answer;
	struct arena scratch = {0};
	const char *where = arena_fmt(&scratch, "%s/api/v1/%s", s->url, q->step > 0 ? "query_range" : "query");
	int rc = call(s, where, expr, q, &h, e);

	if (too_large != NULL)
		*too_large = h.too_large;
	if (rc == 0 && (h.status < 200 || h.status > 299))
		rc = refused(where, &h, &scratch, e);
	else if (rc == 0 && (rc = pq_server_parse(where, sb_sv(&h.body), a, &answer, e)) == 0) {
		keep_warnings(s, &answer);
		*r = answer.result;
	}
	http_answer_free(&h);
	arena_free(&scratch);
	return rc;
}
