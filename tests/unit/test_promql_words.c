/* Expressions in words; what there are no words for stays PromQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "promql/words.h"

static const struct {
	const char *expr, *words;
} cases[] = {
	{"up", "up"},
	{"max(max_over_time(aws_lambda_duration_p95[48h]))", "the largest of the highest value in 48 h of aws_lambda_duration_p95"},
	{"sum by (code, job) (rate(r{code=~\"5..\"}[5m]))", "the sum of the rate a second over 5 min of r{code=~\"5..\"} for each code, job"},
	{"avg without (pod) (g)", "the mean of g without regard to pod"},
	{"histogram_quantile(0.95, sum by (le) (rate(b[5m])))", "the 95th percentile of the sum of the rate a second over 5 min of b for each le"},
	{"quantile_over_time(0.99, g[1h])", "the 99th percentile in 1 h of g"},
	{"quantile(0.01, g)", "the 1st percentile of g"},
	{"quantile(0.12, g)", "the 12th percentile of g"},
	{"quantile(0.52, g)", "the 52nd percentile of g"},
	{"quantile(0.93, g)", "the 93rd percentile of g"},
	{"quantile(0.999, g)", "the 99.9th percentile of g"},
	{"quantile(0.111, g)", "the 11.1th percentile of g"},
	{"max_over_time(max(g)[7d:1m])", "the highest value in 7 d of the largest of g"},
	{"(a + b) / c", "(a plus b) divided by c"},
	{"a + b / c", "a plus (b divided by c)"},
	{"abs(a - b)", "the size of a minus b"},
	{"absent(up)", "whether there is not up"},
	{"count(up == 1)", "the number of series of up == 1"},
	{"vector(1)", "vector(1)"},
	{"topk(3, g)", "topk(3, g)"},
	{"a / on (x) b", "a / on (x) b"},
	{"max_over_time(g[1h] offset 1d)", "max_over_time(g[1h] offset 1d)"},
	{"quantile(2, g)", "quantile(2, g)"},
	{"predict_linear(g[1h], 60)", "predict_linear(g[1h], 60)"},
};

static void
test_words(void **state)
{
	struct arena a = {0};
	struct sb out = {0};
	struct err e = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct pq_expr *x = pq_parse(&a, sv_of(cases[i].expr), &e);

		sb_reset(&out);
		if (x == NULL)
			fail_msg("%s: %s", cases[i].expr, e.msg);
		pq_words(x, &out);
		assert_string_equal(sb_str(&out), cases[i].words);
	}
	sb_free(&out);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
