#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "promql/explain.h"

#define NOW INT64_C(1768197600000) /* 2026-01-12T06:00:00Z */
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

static struct arena a;

/* A source whose series of one metric have a sample each "every" up to NOW, n of them. */
struct metric {
	const char *name, *code;
	int64_t every;
	size_t n;
	bool stale_at_end;
};
static const struct metric metrics[] = {
	{"hourly_total", "200", HOUR, 24, false},
	{"hourly_total", "503", HOUR, 24, true},
	{"jittery", "", 15100, 100, false},
	{"once", "", HOUR, 1, false},
	{"steady", "", MINUTE, 61, false},
};
#define N (sizeof(metrics) / sizeof(*metrics))
static int failing; /* call that fails, from 1; 0 none */

static int
fake_series(struct pq_source *src, const struct pq_selector *sel, struct arena *to, struct pq_series **out, size_t *n,
    struct err *e)
{
	size_t i;
	int rc;

	(void)src;
	if (failing > 0 && --failing == 0)
		return err_set(e, ERR_DB, "no");
	*out = arena_new(to, N, sizeof(**out));
	*n = 0;
	for (i = 0; i < N; i++) {
		struct pq_series s = {.name = sv_of(metrics[i].name), .id = (int64_t)i};

		s.labels.v = arena_new(to, 1, sizeof(*s.labels.v));
		s.labels.v[0] = (struct label){SV("code"), sv_of(metrics[i].code)};
		s.labels.n = metrics[i].code[0] != '\0';
		rc = pq_matches(sel, s.name, &s.labels, e);
		if (rc < 0)
			return -1;
		if (rc == 1)
			(*out)[(*n)++] = s;
	}
	return 0;
}

static int
fake_samples(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *a2,
    struct pq_sample **out, size_t *n, struct err *e)
{
	const struct metric *m = &metrics[s->id];
	size_t i;

	(void)src;
	if (failing > 0 && --failing == 0)
		return err_set(e, ERR_DB, "no");
	*out = arena_new(a2, m->n, sizeof(**out));
	*n = 0;
	for (i = 0; i < m->n; i++) {
		int64_t t = NOW - (int64_t)(m->n - 1 - i) * m->every;
		bool stale = m->stale_at_end && i + 1 == m->n;

		if (t >= from && t <= to)
			(*out)[(*n)++] = (struct pq_sample){t, stale ? NAN : 1, stale};
	}
	return 0;
}

static struct pq_source source = {fake_series, fake_samples};

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

static const struct pq_expr *
parse(const char *text)
{
	struct err e = {0};
	const struct pq_expr *x = pq_parse(&a, sv_of(text), &e);

	if (x == NULL)
		fail_msg("%s: %s", text, e.msg);
	return x;
}

static struct pq_explanation
explain(const char *text, const struct pq_query *q)
{
	struct pq_explanation ex = {0};
	struct err e = {0};

	if (pq_explain(&source, parse(text), q, &a, &ex, &e) < 0)
		fail_msg("%s: %s", text, e.msg);
	return ex;
}

static const struct pq_query now = {.start = NOW, .end = NOW};
static const struct pq_query day = {.start = NOW - 24 * HOUR, .end = NOW, .step = HOUR};

static void
fits(const char *text, enum pq_fit want)
{
	struct pq_explanation ex = explain(text, &now);

	if (ex.n != 1 || ex.v[0].fit != want)
		fail_msg("%s: fit %d, wanted %d", text, ex.n == 1 ? (int)ex.v[0].fit : -1, (int)want);
	assert_int_equal(ex.unanswerable, want == PQ_FIT_NEVER);
}

static void
test_fit(void **state)
{
	(void)state;
	fits("rate(hourly_total[5m])", PQ_FIT_NEVER);
	fits("rate(hourly_total[1h])", PQ_FIT_NEVER);
	fits("sum(rate(hourly_total[2h]))", PQ_FIT);
	fits("increase((hourly_total[119m]))", PQ_FIT); /* within what scrapes are late */
	fits("increase((hourly_total[117m]))", PQ_FIT_NEVER);
	fits("changes(hourly_total[90m])", PQ_FIT_NEVER);
	/* One sample has a maximum. */
	fits("max_over_time(hourly_total[5m])", PQ_FIT_NEVER);
	fits("max_over_time(hourly_total[1h])", PQ_FIT_ONE);
	fits("max_over_time(hourly_total[2h])", PQ_FIT);
	fits("hourly_total[1h]", PQ_FIT_ONE);
	fits("rate(jittery[30s])", PQ_FIT);
	fits("rate(jittery[29s])", PQ_FIT_NEVER);
	/* Instant selectors have no range, and what matches nothing has no interval. */
	fits("hourly_total", PQ_FIT);
	fits("rate(nothing[1s])", PQ_FIT);
	/* The samples beside a range count where it uses them: those of the lookback. */
	fits("rate(steady[1m])", PQ_FIT_NEVER);
	fits("rate(steady[1m] anchored)", PQ_FIT);
	fits("rate(steady[30s] anchored)", PQ_FIT_NEVER);
	fits("rate(steady[30s] smoothed)", PQ_FIT);
	fits("rate(hourly_total[5m] anchored)", PQ_FIT_NEVER);
	fits("rate(hourly_total[5m] smoothed)", PQ_FIT_NEVER);
	fits("rate(hourly_total[2h] anchored)", PQ_FIT);
	/* One sample ever. */
	fits("rate(once[1d])", PQ_FIT_NEVER);
	fits("last_over_time(once[1d])", PQ_FIT_ONE);
	/* The range in a subquery counts, the subquery's own does not. */
	fits("max_over_time(rate(hourly_total[5m])[1d:1h])", PQ_FIT_NEVER);
	fits("rate(hourly_total[1m:])", PQ_FIT);
}

static void
reads(const char *text, const struct pq_query *q, int64_t from, int64_t to, size_t series, size_t samples)
{
	struct pq_explanation ex = explain(text, q);

	assert_int_equal(ex.n, 1);
	assert_int_equal(ex.v[0].from - NOW, from);
	assert_int_equal(ex.v[0].to - NOW, to);
	assert_int_equal(ex.v[0].n_series, series);
	assert_int_equal(ex.v[0].n_samples, samples);
}

static void
test_what_is_read(void **state)
{
	struct pq_query closed = now, long_lookback = now;

	(void)state;
	closed.closed_ranges = true;
	long_lookback.lookback = HOUR;
	/* Ranges are open on the left, but in Prometheus 2. */
	reads("steady", &now, -5 * MINUTE + 1, 0, 1, 5);
	reads("steady", &closed, -5 * MINUTE, 0, 1, 6);
	reads("steady", &long_lookback, -HOUR + 1, 0, 1, 60);
	reads("steady[10m]", &now, -10 * MINUTE + 1, 0, 1, 10);
	reads("steady[10m] anchored", &now, -15 * MINUTE + 1, 0, 1, 15);
	reads("steady[10m] smoothed offset 5m", &now, -20 * MINUTE + 1, 0, 1, 20);
	reads("steady smoothed", &now, -5 * MINUTE + 1, 5 * MINUTE, 1, 5);
	reads("steady[10m] offset 5m", &now, -15 * MINUTE + 1, -5 * MINUTE, 1, 10);
	reads("steady[10m] offset -5m", &now, -5 * MINUTE + 1, 5 * MINUTE, 1, 5);
	/* All steps together. */
	reads("steady", &day, -24 * HOUR - 5 * MINUTE + 1, 0, 1, 61);
	reads("steady @ start()", &day, -24 * HOUR - 5 * MINUTE + 1, -24 * HOUR, 1, 0);
	reads("steady @ end()", &day, -5 * MINUTE + 1, 0, 1, 5);
	reads("steady @ 1768197600 offset 1m", &day, -6 * MINUTE + 1, -MINUTE, 1, 5);
	reads("max_over_time(steady[30m:1m])", &now, -35 * MINUTE + 1, 0, 1, 35);
	/* Stale markers are no samples. */
	reads("hourly_total", &day, -24 * HOUR - 5 * MINUTE + 1, 0, 2, 24 + 23);
	reads("hourly_total{code=\"503\"}", &now, -5 * MINUTE + 1, 0, 1, 0);
	reads("nothing", &now, -5 * MINUTE + 1, 0, 0, 0);
}

static void
text_is(const char *text, const char *want)
{
	const struct pq_expr *x = parse(text);
	struct pq_explanation ex = {0};
	struct sb out = {0};

	assert_int_equal(pq_explain(&source, x, &now, &a, &ex, NULL), 0);
	pq_explain_text(x, &ex, &out);
	assert_string_equal(sb_str(&out), want);
	sb_free(&out);
}

static void
test_text(void **state)
{
	(void)state;
	text_is("1", "1  (scalar)\n");
	text_is("sum by (code) (rate(hourly_total[5m])) / on (code) group_left (x) -(steady offset 1m) > bool 2",
	    "> bool  (instant vector)\n"
	    "  / on (code) group_left (x)\n"
	    "    sum by (code)\n"
	    "      rate()\n"
	    "        hourly_total[5m]\n"
	    "          2 series, 1 sample from 2026-01-12T05:55:00.001Z to 2026-01-12T06:00:00Z, one each 1h\n"
	    "          warning: range 5m of hourly_total[5m] is shorter than twice the sample interval of 1h: "
	    "cannot be answered from these samples\n"
	    "    -\n"
	    "      steady offset 1m\n"
	    "        1 series, 5 samples from 2026-01-12T05:54:00.001Z to 2026-01-12T05:59:00Z, one each 1m\n"
	    "  2\n");
	text_is("quantile without (a) (0.9, max_over_time(vector(1)[1h:5m] @ end() offset 5m))",
	    "quantile without (a)  (instant vector)\n"
	    "  0.9\n"
	    "  max_over_time()\n"
	    "    subquery over 1h, step 5m, @ end(), offset 5m\n"
	    "      vector()\n"
	    "        1\n");
	text_is("label_replace(last_over_time(once[1h]), \"\\x1b\", \"\\n\", \"\", \"\")",
	    "label_replace()  (instant vector)\n"
	    "  last_over_time()\n"
	    "    once[1h]\n"
	    "      1 series, 1 sample from 2026-01-12T05:00:00.001Z to 2026-01-12T06:00:00Z\n"
	    "      warning: range 1h of once[1h]: no series has two samples: it holds one sample at most times\n"
	    "  \"\\x1b\"\n  \"\\n\"\n  \"\"\n  \"\"\n");
}

/* As deep as the parser lets it be. */
static void
test_deep(void **state)
{
	struct sb text = {0}, out = {0};
	struct pq_explanation ex;
	int i;

	(void)state;
	for (i = 0; i < PQ_MAX_DEPTH - 1; i++)
		sb_adds(&text, "-");
	sb_adds(&text, "steady");
	ex = explain(sb_str(&text), &now);
	assert_int_equal(ex.n, 1);
	pq_explain_text(parse(sb_str(&text)), &ex, &out);
	assert_true(out.n < 500 * 100);
	sb_free(&text);
	sb_free(&out);
}

static void
missing(const char *text, const char *want)
{
	struct sb out = {0};
	struct err e = {0};

	assert_int_equal(pq_explain_missing(&source, parse(text), &a, &out, &e), 0);
	assert_string_equal(sb_str(&out), want);
	sb_free(&out);
}

static void
test_missing(void **state)
{
	(void)state;
	missing("stedy", "no series matches stedy: there is no such metric; did you mean steady?");
	missing("hourly_totals[5m] offset 1h",
	    "no series matches hourly_totals: there is no such metric; did you mean hourly_total?");
	missing("xyz", "no series matches xyz: there is no such metric");
	missing("hourly_total{code=\"404\"}",
	    "no series matches hourly_total{code=\"404\"}: no series of hourly_total fits {code=\"404\"}; values of code: 200, 503");
	missing("steady{code=~\"5..\"}",
	    "no series matches steady{code=~\"5..\"}: no series of steady fits {code=~\"5..\"}; none has that label");
	missing("hourly_total{code!=\"200\",code=~\"2..\"}", "no series matches hourly_total{code!=\"200\",code=~\"2..\"}: "
	    "no one of the 2 series of hourly_total fits all of it");
	missing("{code=\"1\"}", "no series matches {code=\"1\"}");
}

/* A source that fails, wherever: an error, and nothing left behind. */
static void
test_failures(void **state)
{
	const struct pq_expr *x = parse("rate(hourly_total[5m]) + steady");
	struct pq_explanation ex;
	struct sb out = {0};
	struct err e;
	int i;

	(void)state;
	for (i = 1; i <= 5; i++) { /* series, two samples, series, samples */
		failing = i;
		e = (struct err){0};
		assert_int_equal(pq_explain(&source, x, &now, &a, &ex, &e), -1);
		assert_string_equal(e.msg, "no");
	}
	failing = 6;
	assert_int_equal(pq_explain(&source, x, &now, &a, &ex, &e), 0);
	for (i = 1; i <= 2; i++) {
		failing = i;
		assert_int_equal(pq_explain_missing(&source, parse("nothing"), &a, &out, &e), -1);
	}
	failing = 0;
	sb_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_fit, teardown),
		cmocka_unit_test_teardown(test_what_is_read, teardown),
		cmocka_unit_test_teardown(test_text, teardown),
		cmocka_unit_test_teardown(test_deep, teardown),
		cmocka_unit_test_teardown(test_missing, teardown),
		cmocka_unit_test_teardown(test_failures, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
