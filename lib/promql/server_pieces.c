/* The raw samples of a selector, in pieces that a server and we can bear. */
#include "promql/server.h"

#include <inttypes.h>

#define MOST_POINTS 11000            /* of a series in one answer, as the API allows for a range query */
#define FIRST_PIECE INT64_C(7200000) /* ms: 7200 points where a second has one */

/* A range that is closed on the left (Prometheus 2) gives one point too many. The most points that a series has. */
static size_t
trim(struct pq_result *r, int64_t from, int64_t to)
{
	size_t most = 0;

	for (struct pq_result_series *s = r->v; s < r->v + r->n; s++) {
		while (s->n > 0 && s->point->t < from)
			s->point++, s->n--;
		while (s->n > 0 && s->point[s->n - 1].t > to)
			s->n--;
		most = s->n > most ? s->n : most;
	}
	return most;
}

/* The samples from <= t <= to. 0, -1, or 1: the answer is too large. */
static int
ask(struct pq_server *s, const struct pq_selector *sel, int64_t from, int64_t to, struct arena *a, struct pq_result *r,
    struct err *e)
{
	struct pq_query q = {.start = to, .end = to};
	struct sb expr = {0};
	bool too_large = false;
	int rc;

	pq_format_selector(sel, &expr);
	/* (from - 1, to] in Prometheus 3. */
	sb_addf(&expr, "[%" PRId64 "ms]", to - from + 1);
	rc = pq_server_query(s, sb_sv(&expr), &q, a, r, &too_large, e);
	sb_free(&expr);
	if (rc < 0)
		return too_large ? 1 : -1;
	if (r->type != PQ_MATRIX)
		return err_set(e, ERR_INPUT, "%s: a range of samples was asked for, something else came", s->url);
	return 0;
}

int
pq_server_pieces(struct pq_server *s, const struct pq_selector *sel, int64_t from, int64_t to, struct arena *keep,
    pq_server_piece_fn *piece, void *ctx, struct err *e)
{
	int64_t length = FIRST_PIECE, longest = INT64_MAX / 8, end;
	struct arena scratch = {0};
	struct pq_result r;
	size_t most;
	int rc = 0;

	while (rc == 0 && from <= to) {
		end = to - from < length ? to : from + length - 1;
		r = (struct pq_result){0};
		rc = ask(s, sel, from, end, keep != NULL ? keep : &scratch, &r, e);
		if (rc == 1 && end > from) {
			length = longest = (end - from + 1) / 2;
			rc = 0;
			continue;
		}
		if (rc != 0) {
			rc = -1;
			break;
		}
		most = trim(&r, from, end);
		rc = piece(ctx, &r, from, end, e);
		arena_free(&scratch);
		from = end + 1;
		/* Each about as long as the densest series allows. */
		if (most * 4 <= MOST_POINTS)
			length = length < longest / 4 ? length * 4 : longest;
		else
			length = (int64_t)((double)length * MOST_POINTS / (double)most);
		length = length < 1 ? 1 : length > longest ? longest : length;
	}
	arena_free(&scratch);
	return rc;
}
