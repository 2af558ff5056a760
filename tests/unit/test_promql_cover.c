/* How much of what an expression reads is there: a table of series, expressions and the shares of the worst selector. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "promql/cover.h"
#include "promql_series.h"

#define NONE (-1) /* nothing that is read could be missing */

/* 0 to 10 h are owed; looked at after 10 h unless said otherwise. */
static const struct {
	const char *what, *load, *expr;
	double at;      /* hours */
	double percent; /* covered of the window; NONE */
	int64_t samples;
	const char *series; /* that lacks most */
} cases[] = {
	{"hourly, whole", "load 1h\n g 1x10\n", "max_over_time(g[10h])", 10, 100, 10, ""},
	{"more than the run is not owed", "load 1h\n g 1x10\n", "max_over_time(g[100h])", 10, 100, 11, ""},
	{"three hours are cut out", "load 1h\n g 1x3 _x3 1x4\n", "max_over_time(g[10h])", 10, 70, 7, "g"},
	{"one hour is", "load 1h\n g 1x3 _ 1x6\n", "max_over_time(g[10h])", 10, 90, 9, "g"},
	{"the end is: one interval of it counts as seen", "load 1h\n g 1x6 _x4\n", "max_over_time(g[10h])", 10, 70, 6, "g"},
	{"the beginning is", "load 1h\n g _x5 1x5\n", "max_over_time(g[10h])", 10, 60, 6, "g"},
	{"one sample shows five minutes on both sides", "load 1h\n g _x5 1 _x5\n", "max_over_time(g[10h])", 10, 1.667, 1, "g"},
	{"five are too few to know how far apart", "load 2h\n g 1x4\n", "max_over_time(g[10h])", 10, 4.167, 4, "g"},
	{"what is no number is not there", "load 1h\n g 1x3 NaN NaN NaN 1x4\n", "max_over_time(g[10h])", 10, 70, 7, "g"},
	{"nor what is stale", "load 1h\n g 1x3 stale stale stale 1x4\n", "max_over_time(g[10h])", 10, 70, 7, "g"},
	{"a subquery", "load 1m\n g 1x240 _x120 1x240\n", "max_over_time(max(g)[10h:1m])", 10, 80, 481, "g"},
	{"one of two series", "load 1h\n g{c=\"a\"} 1x10\n g{c=\"b\"} 1x5\n", "max(max_over_time(g[10h]))", 10, 60, 15, "g{c=\"b\"}"},
	{"one of two selectors", "load 1h\n g 1x10\n h 1x5\n", "max_over_time(g[10h]) + max_over_time(h[10h])", 10, 60, 5, "h"},
	{"a series of which each tenth sample is left goes by the others", "load 1m\n g{c=\"a\"} 1x600\n g{c=\"b\"} 1x600\nload 1h\n g{c=\"c\"} 1x10\n",
	    "max_over_time(g{c=\"c\"}[10h])", 10, 1.667, 10, "g{c=\"c\"}"},
	{"two that are read twice as often do not matter", "load 1h\n g{c=\"a\"} 1x10\n g{c=\"b\"} 1x10\nload 2h\n g{c=\"c\"} 1x5\n",
	    "max_over_time(g{c=\"c\"}[10h])", 10, 100, 5, ""},

	{"pods that take each other's place", "load 1h\n g{pod=\"a\"} 1x5\n g{pod=\"b\"} _x6 1x4\n", "max(max_over_time(g[10h]))", 10, 100, 10, ""},
	{"... with a hole in one of them", "load 1h\n g{pod=\"a\"} 1 _ _ 1x2\n g{pod=\"b\"} _x5 1x5\n", "max(max_over_time(g[10h]))", 10, 80, 9, "g{pod=\"a\"}"},
	{"one that ends with nobody in its place", "load 1h\n g{pod=\"a\"} 1x10\n g{pod=\"b\"} 1x5\n", "max(max_over_time(g[10h]))", 10, 60, 15, "g{pod=\"b\"}"},
	{"one that begins while another goes on", "load 1h\n g{pod=\"a\"} 1x10\n g{pod=\"b\"} _x5 1x5\n", "max(max_over_time(g[10h]))", 10, 100, 16, ""},
	{"another check is no pod", "load 1h\n g{check=\"a\"} 1x5\n g{check=\"b\"} _x6 1x4\n", "max(max_over_time(g[10h]))", 10, 50, 10, "g{check=\"b\"}"},

	{"a counter is born", "load 1m\n r{c=\"200\"} 0+1x600\n r{c=\"503\"} _x300 0+1x299\n", "sum(increase(r{c=\"503\"}[10h]))", 10, 100, 300, ""},
	{"a gauge is not", "load 1m\n r{c=\"200\"} 0+1x600\n r{c=\"503\"} _x300 0+1x299\n", "max(max_over_time(r{c=\"503\"}[10h]))", 10, 50.167, 300,
	    "r{c=\"503\"}"},
	{"a counter that ends while its metric goes on", "load 1m\n r{c=\"200\"} 0+1x600\n r{c=\"503\"} 0+1x299\n", "sum(increase(r{c=\"503\"}[10h]))", 10,
	    50, 299, "r{c=\"503\"}"},
	{"... at a reset", "load 1m\n r{c=\"200\"} 0+1x299 0+1x300\n r{c=\"503\"} 0+1x299\n", "sum(increase(r{c=\"503\"}[10h]))", 10, 100, 299, ""},
	{"... and the metric with it", "load 1m\n r{c=\"200\"} 0+1x299\n r{c=\"503\"} 0+1x299\n", "sum(increase(r{c=\"503\"}[10h]))", 10, 50, 299, "r{c=\"503\"}"},
	{"a counter bridges five minutes", "load 1m\n r 0+1x100 _x3 104+1x496\n", "sum(increase(r[10h]))", 10, 100, 597, ""},
	{"and no more", "load 1m\n r 0+1x100 _x59 160+1x440\n", "sum(increase(r[10h]))", 10, 90.167, 541, "r"},
	{"none of its kind while there are others", "load 1m\n r{c=\"200\"} 0+1x600\n r{c=\"503\"} 0\n", "sum(increase(r{c=~\"4..\"}[10h]))", 10, NONE, 0, ""},

	{"at one moment: both are there", "load 1m\n g{c=\"a\"} 1x600\n g{c=\"b\"} 1x600\n", "g", 10, 100, 10, ""},
	{"one has gone", "load 1m\n g{c=\"a\"} 1x600\n g{c=\"b\"} 1x500\n", "g", 10, 50, 5, "g{c=\"b\"}"},
	{"one comes later", "load 1m\n g{c=\"a\"} 1x600\n g{c=\"b\"} _x500 1x100\n", "g", 5, 100, 5, ""},
	{"one pod in another's place", "load 1m\n g{pod=\"a\"} 1x300\n g{pod=\"b\"} _x301 1x300\n", "g", 10, 100, 5, ""},
	{"one pod of two has gone", "load 1m\n g{pod=\"a\"} 1x300\n g{pod=\"b\"} 1x600\n", "g", 10, 50, 5, "g{pod=\"a\"}"},

	{"absent() reads nothing that could be missing", "load 1h\n g 1x3\n", "absent(g)", 10, NONE, 0, ""},
	{"nor does a number", "load 1h\n g 1x3\n", "vector(1)", 10, NONE, 0, ""},
	{"nor what nobody ever had", "load 1h\n g 1x3\n", "max_over_time(nope[10h])", 10, NONE, 0, ""},
	{"before and after the run all that is read is owed", "load 1h\n g _x11 1x3 _x3 1x4\n", "max_over_time(g[10h])", 21, 70, 7, "g"},
	{"offset", "load 1h\n g 1x3 _x3 1x14\n", "max_over_time(g[10h] offset 10h)", 20, 70, 7, "g"},
};

static void
test_cases(void **state)
{
	const struct pq_stretch run = {0, 10 * TIME_HOUR};
	const struct pq_cover_opts o = {.owed = &run, .n = 1};
	struct arena a = {0};
	struct err e = {0};
	size_t i;
	int bad = 0;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pq_query q = {.start = (int64_t)(cases[i].at * (double)TIME_HOUR)};
		const struct pq_expr *x = pq_parse(&a, sv_of(cases[i].expr), &e);
		struct pq_cover c;
		struct pq_memory m;
		double percent;

		q.end = q.start;
		if (x == NULL || !memory_load(&m, cases[i].load))
			fail_msg("%s: %s", cases[i].what, e.msg);
		if (pq_cover(&m.src, x, &q, &o, &a, &c, &e) < 0)
			fail_msg("%s: %s", cases[i].what, e.msg);
		percent = c.x == NULL ? NONE : 100 * (double)c.covered / (double)c.window;
		if (fabs(percent - cases[i].percent) > 0.001 || c.samples != cases[i].samples || !sv_is(c.series, cases[i].series)) {
			print_error("%s: %.3f %%, %lld samples, '%.*s'\n", cases[i].what, percent, (long long)c.samples, (int)c.series.n, c.series.p);
			bad++;
		}
		pq_memory_free(&m);
		arena_free(&a);
	}
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
