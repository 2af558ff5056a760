#include "judge/k6_window.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "judge/k6_expr.h"
#include "judge/k6_run.h"
#include "judge/result.h"
#include "judge/sources.h"

#define CLAIMS 5 /* listed */

/* " summary-export.json:12 claims k6/metric/http_req_duration/p(95) = 163.58; ..." */
static int
find_claims(struct judging *j, struct sv metric, struct sv threshold, struct k6_window *w, struct err *e)
{
	struct store_rows *rows = store_claims_open(j->store, e);
	struct sb list = {0}, want = {0}, also = {0};
	struct k6_threshold t;
	struct store_fact f;
	struct err ignored;
	int rc, n = 0;

	w->claims = "";
	if (rows == NULL)
		return -1;
	if (k6_threshold_parse(threshold, &t, &ignored) == 0)
		sb_addf(&want, "k6/metric/%" SV_FMT "/%" SV_FMT, SV_ARG(metric), SV_ARG(t.stat_text));
	sb_addf(&also, "k6/threshold/%" SV_FMT "/", SV_ARG(metric));
	while ((rc = store_facts_next(rows, &f, e)) == 1)
		if (metric.n > 0 && n < CLAIMS && (sv_eq(f.path, sb_sv(&want)) || sv_starts(f.path, sb_str(&also)))) {
			sb_addf(&list, "%s%" SV_FMT ":%lld claims %" SV_FMT " = %" SV_FMT, n++ > 0 ? "; " : " Only a claim: ", SV_ARG(f.source),
			    (long long)f.line, SV_ARG(f.path), SV_ARG(f.text));
		}
	store_rows_close(rows);
	if (n > 0)
		w->claims = arena_fmt(j->arena, "%s.", sb_str(&list));
	sb_free(&list);
	sb_free(&want);
	sb_free(&also);
	return rc;
}

/* The glob of the only folder with points, when none was given. 1, 0, -1. */
static int
find_run(struct judging *j, struct criterion_result *r, struct sv glob, struct k6_window *w, struct err *e)
{
	struct sv *folder;
	size_t n = 0;

	w->glob = glob;
	if (glob.n == 0) {
		if (k6_folders(j->store, j->arena, &folder, &n, e) < 0)
			return -1;
		if (n == 1)
			w->glob = folder[0];
	}
	if (k6_set_open(j->store, w->glob, j->arena, &w->set, e) < 0)
		return -1;
	if (n > 1) {
		result_undecided(r, arena_fmt(j->arena, "Not decidable: there are k6 points in %zu folders (%" SV_FMT ", %" SV_FMT
		    "%s); it is not said which are meant.", n, SV_ARG(folder[0]), SV_ARG(folder[1]), n > 2 ? ", ..." : ""),
		    "'file' in the criterion: a glob for the points of one run");
		return 0;
	}
	if (w->set.n == 0) {
		result_undecided(r, arena_fmt(j->arena, "Not measured: no k6 points%s.%s", glob.n > 0 ? " of that name" : "", w->claims),
		    "k6's raw points (--out json=FILE)");
		return 0;
	}
	return 1;
}

/* The window's spans, without what lies before the warm-up's end. */
static int
cut(struct judging *j, struct criterion_result *r, int64_t after_ms, struct k6_window *w, struct err *e)
{
	const struct span *span;
	struct span whole = {w->set.first_ms, w->set.last_ms + 1};
	bool run = r->criterion->over.n == 0 || sv_is(r->criterion->over, "run");
	bool known = j->v->run.start != TIME_NONE && j->v->run.end != TIME_NONE;
	int64_t from;
	size_t i, n = 1;
	int rc;

	if (run && !known && after_ms == 0) {
		w->length = whole.to - whole.from;
		return 1;
	}
	if (run && !known)
		span = &whole;
	else if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	w->span = arena_new(j->arena, n, sizeof(*w->span));
	for (i = 0; i < n; i++) {
		/* The warm-up begins with the run, or with its first point. */
		from = (known ? j->v->run.start : whole.from) + after_ms;
		from = after_ms > 0 && from > span[i].from ? from : span[i].from;
		r->warm_up += (from < span[i].to ? from : span[i].to) - span[i].from;
		if (from >= span[i].to)
			continue;
		w->length += span[i].to - from;
		/* Points of the run's last millisecond are the run's. */
		w->span[w->n++] = (struct span){from, span[i].to + (known && span[i].to == j->v->run.end)};
	}
	if (w->n == 0)
		result_undecided(r, arena_fmt(j->arena, "Not measured: nothing of %s lies after the warm-up.", result_over(j, r)),
		    "a longer run, or a shorter 'after'");
	return w->n > 0;
}

/*
 * Points have no end mark: a run that is cut off before its first failure looks well. A planned duration and a window of its own are
 * matters of coverage; of a run that goes on nobody expects an end.
 */
static int
find_end(struct judging *j, const struct criterion_result *r, struct k6_window *w, struct err *e)
{
	bool whole = r->criterion->over.n == 0 || sv_is(r->criterion->over, "run");
	struct k6_run run;

	if (!whole || j->v->cut || j->v->run.duration != TIME_NONE)
		return 0;
	if (k6_run_stated(j->store, w->glob, j->arena, &run, e) < 0)
		return -1;
	w->open_end = k6_run_open_end(&run, j->arena);
	return 0;
}

int
k6_window_open(struct judging *j, struct criterion_result *r, struct sv glob, struct sv metric, struct sv threshold,
    int64_t after_ms, struct k6_window *w, struct err *e)
{
	struct sv source;
	char num[NUM_TEXT];
	bool stated;
	int rc;

	*w = (struct k6_window){.note = "", .claims = ""};
	if (find_claims(j, metric, threshold, w, e) < 0)
		return -1;
	if ((rc = find_run(j, r, glob, w, e)) <= 0 || (rc = cut(j, r, after_ms, w, e)) <= 0)
		return rc;
	if (find_end(j, r, w, e) < 0)
		return -1;
	w->seconds = (double)w->length / 1000;
	if (w->n == 0) {
		if (k6_run_seconds(j->store, w->glob, j->arena, &w->seconds, &stated, &source, e) < 0)
			return -1;
		w->note = stated ? "" : arena_fmt(j->arena, " (Rates per second are over %s s, %" SV_FMT ".)", num_text(w->seconds, num),
		    SV_ARG(source));
	}
	return 1;
}

int
k6_window_sources(struct judging *j, struct criterion_result *r, const struct k6_window *w, struct err *e)
{
	struct sources *s = sources_new();
	size_t i;
	int rc;

	for (i = 0; i < w->set.n; i++)
		sources_name(s, w->set.part[i].name);
	rc = sources_list(s, j, r, e);
	sources_free(s);
	return rc;
}
