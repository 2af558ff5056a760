/* The notation of series in tests, and the series in memory that it makes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "promql/memory_source.h"

static struct arena a;

/* "up{a="b"} 1 _ stale ": a series as it was read. */
static const char *
shown(const struct pq_notation *n, struct sb *out)
{
	char buf[NUM_TEXT];
	size_t i;

	sb_reset(out);
	labels_show(n->name, &n->labels, out);
	for (i = 0; i < n->n; i++)
		sb_addf(out, " %s", n->v[i].kind == PQ_NOTE_NONE ? "_" : n->v[i].kind == PQ_NOTE_STALE ? "stale" :
		    n->v[i].kind == PQ_NOTE_HISTOGRAM ? "histogram" : num_text(n->v[i].v, buf));
	return sb_str(out);
}

static const struct {
	const char *text, *want;
} good[] = {
	{"up 1", "up 1"},
	{"up", "up"},
	{"up  \t 1   2 ", "up 1 2"},
	{"up{} 1", "up 1"},
	{"{} 1", "{} 1"},
	{"job:rate:sum{b=\"2\", a='1',} 1", "job:rate:sum{a=\"1\",b=\"2\"} 1"},
	{"sum{by=\"x\", le=\"+Inf\"} 1", "sum{by=\"x\",le=\"+Inf\"} 1"},
	{"{__name__=\"up\", a=\"b\"} 1", "up{a=\"b\"} 1"},
	{"{\"http.requests\", \"host name\"=\"} 7x3\"} 1", "{\"http.requests\",\"host name\"=\"} 7x3\"} 1"},
	{"up{gone=\"\"} 1", "up 1"},
	{"up 1x3", "up 1 1 1 1"},
	{"up 1x0", "up 1"},
	{"up -2+4x3", "up -2 2 6 10"},
	{"up 1-2x4", "up 1 -1 -3 -5 -7"},
	{"up -1-2x2", "up -1 -3 -5"},
	{"up +1+1x1", "up 1 2"},
	{"up 1.5e1+2.5x2", "up 15 17.5 20"},
	{"up 1e+2 1e-1-1e-1x1", "up 100 0.1 0"},
	{"up .5 1_000", "up 0.5 1000"},
	{"up 0x3", "up 0 0 0 0"},
	{"up 1 _x3 stale _ NaN Inf -Inf +Inf", "up 1 _ _ _ stale _ NaN +Inf -Inf +Inf"},
	{"up _x0 1", "up 1"},
	{"up NaNx2 stalex1", "up NaN NaN NaN stale stale"},
	{"up 1 {{schema:1 sum:3 count:22 buckets:[5 10 7]}} 2", "up 1 histogram 2"},
	{"up {{}}x2 {{sum:1}}+{{sum:2}}x1", "up histogram histogram histogram histogram histogram"},
};

static void
test_good(void **state)
{
	struct pq_notation n;
	struct err e = {0};
	struct sb out = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (pq_notation_parse(&a, sv_of(good[i].text), &n, &e) < 0)
			fail_msg("%s: %s", good[i].text, e.msg);
		if (strcmp(shown(&n, &out), good[i].want) != 0)
			fail_msg("%s: %s, not %s", good[i].text, sb_str(&out), good[i].want);
	}
	sb_free(&out);
	arena_free(&a);
}

/* A sum is made step by step, as upstream does: ten times 0.1 is not 1. */
static void
test_steps(void **state)
{
	struct pq_notation n;

	(void)state;
	assert_int_equal(pq_notation_parse(&a, SV("x 0+0.1x10"), &n, NULL), 0);
	assert_true(n.v[10].v == 0.99999999999999989);
	arena_free(&a);
}

static const struct {
	const char *text, *want;
} wrong[] = {
	{"", "1:1: parse error: unexpected end of input in series, expected metric name or \"{\""},
	{"5 1", "1:1: parse error: unexpected number \"5\" in series, expected metric name or \"{\""},
	{"up 1 two 3", "1:6: parse error: unexpected \"two\" in series values, expected number or \"stale\""},
	{"up 1+x3", "1:4: parse error: unexpected \"1+x3\" in series values, expected a number and its times, as in 1+2x3"},
	{"up 1+2", "1:4: parse error: unexpected \"1+2\" in series values, expected a number and its times, as in 1+2x3"},
	{"up 1+-2x3", "1:4: parse error: unexpected \"1+-2x3\" in series values, expected a number and its times, as in 1+2x3"},
	{"up 1x", "1:4: parse error: unexpected \"1x\" in series values, expected a number of times"},
	{"up 1x-1", "1:4: parse error: unexpected \"1x-1\" in series values, expected a number of times"},
	{"up _x", "1:4: parse error: unexpected \"_x\" in series values, expected a number of times"},
	{"up 5m", "1:4: parse error: unexpected \"5m\" in series values, expected a blank after each item"},
	{"up 1x2.5", "1:4: parse error: unexpected \"1x2.5\" in series values, expected a blank after each item"},
	{"up __", "1:4: parse error: unexpected \"__\" in series values, expected a blank after each item"},
	{"up 1,2", "1:4: parse error: unexpected \"1,2\" in series values, expected a blank after each item"},
	{"up {{sum:1", "1:4: parse error: unexpected \"{{sum:1\" in series values, expected \"}}\""},
	{"up {{}}+1x3", "1:4: parse error: unexpected \"{{}}+1x3\" in series values, expected a histogram and its times"},
	{"up{a=\"b\"}1", "1:10: parse error: a blank expected between a series and its values"},
	{"up{a=~\"b\"} 1", "1:1: parse error: a series has labels, no matchers: only \"=\""},
	{"up{a=\"b\",a=\"c\"} 1", "1:1: parse error: a label stands twice"},
	{"up{__name__=\"x\"} 1", "1:1: parse error: metric name must not be set twice"},
	{"up{a=\"b\" 1", "1:10: parse error: unexpected character inside braces: '1'"},
	{"up 1x5000000", "1:13: parse error: more than 5000000 values"},
	{"up 1x99999999999999999999", "1:26: parse error: more than 5000000 values"},
	{"up _x4999999 1 1", "1:17: parse error: more than 5000000 values"},
};

static void
test_wrong(void **state)
{
	struct pq_notation n;
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		e = (struct err){0};
		assert_int_equal(pq_notation_parse(&a, sv_of(wrong[i].text), &n, &e), -1);
		if (strcmp(e.msg, wrong[i].want) != 0)
			fail_msg("%s: %s, not %s", wrong[i].text, e.msg, wrong[i].want);
		assert_int_equal(e.code, strstr(e.msg, "more than") != NULL ? ERR_LIMIT : ERR_INPUT);
	}
	arena_free(&a);
}

/* As promtool's files have them: series and values apart. */
static void
test_halves(void **state)
{
	struct pq_notation n;
	struct err e = {0};
	struct sb out = {0};

	(void)state;
	assert_int_equal(pq_notation_series(&a, SV(" up{job=\"a\"} "), &n, &e), 0);
	assert_int_equal(pq_notation_values(&a, SV("0+1x2 stale"), &n, &e), 0);
	assert_string_equal(shown(&n, &out), "up{job=\"a\"} 0 1 2 stale");
	assert_int_equal(pq_notation_values(&a, SV(""), &n, &e), 0);
	assert_string_equal(shown(&n, &out), "up{job=\"a\"}");
	assert_int_equal(pq_notation_values(&a, SV("1 x"), &n, &e), -1);
	assert_string_equal(e.msg, "1:3: parse error: unexpected \"x\" in series values, expected number or \"stale\"");
	assert_int_equal(pq_notation_series(&a, SV("up 1"), &n, &e), -1);
	assert_string_equal(e.msg, "1:3: parse error: nothing expected after the series");
	sb_free(&out);
	arena_free(&a);
}

/* "60:1 120:2 180:stale " of the one series of that selector between the two times, in seconds. */
static const char *
held(struct pq_memory *m, const char *selector, int64_t from, int64_t to, struct sb *out)
{
	const struct pq_selector *sel = pq_parse_selector(&a, sv_of(selector), NULL);
	struct pq_series *s;
	struct pq_sample *v;
	struct err e = {0};
	char buf[NUM_TEXT];
	size_t n, i;

	sb_reset(out);
	assert_non_null(sel);
	assert_int_equal(m->src.series(&m->src, sel, &a, &s, &n, &e), 0);
	assert_int_equal(n, 1);
	assert_int_equal(m->src.samples(&m->src, s, from * 1000, to * 1000, &a, &v, &n, &e), 0);
	for (i = 0; i < n; i++)
		sb_addf(out, "%lld:%s ", (long long)v[i].t / 1000, v[i].stale ? "stale" : num_text(v[i].v, buf));
	return sb_str(out);
}

static void
load(struct pq_memory *m, const char *text, int64_t from, int64_t step)
{
	struct pq_notation n;

	assert_int_equal(pq_notation_parse(&a, sv_of(text), &n, NULL), 0);
	assert_int_equal(pq_memory_load(m, &n, from * 1000, step * 1000, NULL), 0);
}

static void
test_memory(void **state)
{
	struct pq_memory m;
	struct labels none = {0};
	struct pq_series *s;
	struct err e = {0};
	struct sb out = {0};
	size_t n;

	(void)state;
	pq_memory_init(&m);
	load(&m, "up{a=\"2\"} 1 _ 3 stale {{}} 6", 0, 60);
	load(&m, "up{a=\"1\"} 5", 60, 60);
	load(&m, "down 1x3", 0, 1);
	assert_int_equal(m.n_histograms, 1);
	assert_string_equal(held(&m, "up{a=\"2\"}", 0, 1000, &out), "0:1 120:3 180:stale 300:6 ");
	assert_string_equal(held(&m, "up{a=\"2\"}", 120, 180, &out), "120:3 180:stale ");
	assert_string_equal(held(&m, "up{a=\"2\"}", 121, 179, &out), "");
	assert_string_equal(held(&m, "up{a=\"2\"}", 301, 20, &out), "");
	/* More of the same series, also before what is there. */
	load(&m, "up{a=\"2\"} 2 _ _ 7", 60, 90);
	assert_string_equal(held(&m, "up{a=\"2\"}", 0, 1000, &out), "0:1 60:2 120:3 180:stale 300:6 330:7 ");
	/* By name, then labels. */
	assert_int_equal(m.src.series(&m.src, pq_parse_matchers(&a, SV("__name__=~\".+\""), &e), &a, &s, &n, &e), 0);
	assert_int_equal(n, 3);
	assert_true(sv_is(s[0].name, "down") && sv_is(labels_get(&s[1].labels, "a"), "1") &&
	    sv_is(labels_get(&s[2].labels, "a"), "2"));
	/* The same again is nothing new, another value is wrong. */
	assert_int_equal(pq_memory_add(&m, SV("down"), &none, (struct pq_sample){2000, 1, false}, &e), 0);
	assert_int_equal(pq_memory_add(&m, SV("down"), &none, (struct pq_sample){2000, 2, false}, &e), -1);
	assert_string_equal(e.msg, "down has two values at one time");
	assert_int_equal(pq_memory_add(&m, SV("down"), &none, (struct pq_sample){2000, NAN, true}, &e), -1);
	assert_string_equal(held(&m, "down", 0, 1000, &out), "0:1 1:1 2:1 3:1 ");
	sb_free(&out);
	pq_memory_free(&m);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_steps), cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_halves), cmocka_unit_test(test_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
