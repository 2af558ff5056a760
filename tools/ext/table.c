#include "table.h"

#include "base/time.h"
#include "promql/explain.h"
#include "promql/store_source.h"
#include "store/attach.h"

/* How many of the engine's questions whether to go on are answered at once with yes. */
#define PATIENCE 16

struct watch {
	struct store *store;
	unsigned n;
};

static bool
stop(void *ctx)
{
	struct watch *w = ctx;

	return w->n++ % PATIENCE == 0 && store_interrupted(w->store);
}

/*
 * An answer without rows would be read as "nothing happened", and so would the 0 of an anchored range that is too short. Is that
 * what it says? 0, or -1 and why not.
 */
static int
check_empty(struct pq_source *src, const struct pq_expr *x, const struct pq_query *q, struct table_answer *a,
    struct err *e)
{
	struct pq_explanation ex = {0};
	struct sb why = {0};
	size_t i;
	int rc = pq_explain(src, x, q, &a->arena, &ex, e);

	if (rc == 0 && pq_no_answer(&a->r, &ex, pq_reads_extended(x))) {
		for (i = 0; i < ex.n && rc == 0; i++) {
			if (ex.v[i].n_series > 0 && ex.v[i].fit != PQ_FIT_NEVER)
				continue;
			if (why.n > 0)
				sb_adds(&why, "; ");
			if (ex.v[i].n_series == 0)
				rc = pq_explain_missing(src, ex.v[i].x, &a->arena, &why, e);
			else
				pq_reading_doubt(&ex.v[i], &why);
		}
		if (rc == 0)
			rc = err_set(e, ERR_USAGE, "%s", sb_str(&why));
	}
	sb_free(&why);
	return rc;
}

static int
ask(struct store *s, const struct pq_expr *x, const struct pq_times *times, struct table_answer *a, struct err *e)
{
	struct pq_extent extent = {TIME_NONE, TIME_NONE};
	struct watch watch = {.store = s};
	struct pq_query q = {.stop = stop, .stop_ctx = &watch};
	struct pq_store_source src;
	int rc;

	if (pq_times_open(times) && pq_store_extent(s, &extent, e) < 0)
		return -1;
	rc = pq_times_fill(times, &extent, &q, e);
	if (rc == 0)
		return err_set(e, ERR_USAGE, "the store holds no sample that has a time "
		    "(soak-ingest -p PROFILE places files without times)");
	pq_store_source_init(&src, s);
	if (rc < 0 || pq_eval(&src.src, x, &q, &a->arena, &a->r, e) < 0)
		return -1;
	return a->r.n == 0 || pq_reads_extended(x) ? check_empty(&src.src, x, &q, a, e) : 0;
}

int
table_ask(struct sqlite3 *db, struct sv expr, const struct pq_times *times, struct table_answer *a, struct err *e)
{
	const struct pq_expr *x = pq_parse(&a->arena, expr, e);
	struct store *s;
	int rc;

	if (x == NULL)
		return -1;
	if (x->type == PQ_STRING)
		return err_set(e, ERR_USAGE, "the expression is a string, and has no numbers to give");
	s = store_attach(db, e);
	if (s == NULL)
		return -1;
	rc = ask(s, x, times, a, e);
	a->interrupted = rc < 0 && store_interrupted(s);
	if (a->interrupted)
		err_set(e, ERR_LIMIT, "interrupted");
	store_close(s);
	return rc;
}
