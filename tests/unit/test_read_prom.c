#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "record.h"

extern const struct reader reader_prom;

static struct record rec;
static struct err err;

static int
read_sv(struct sv text)
{
	struct read_sink sink;
	struct read_input in = {.name = "m.prom"};
	struct io_mem m;

	sb_free(&rec.all);
	rec.calls = 0;
	err = (struct err){0};
	sink = record_sink(&rec);
	io_mem_init(&m, text);
	in.src = &m.src;
	in.head = sv_head(text, READ_HEAD);
	in.format = "prometheus-text";
	return reader_prom.read(&in, &sink, &err);
}

static void
gives(const char *text, const char *want)
{
	if (read_sv(sv_of(text)) != 0)
		fail_msg("%s: %s", text, err.msg);
	assert_string_equal(sb_str(&rec.all), want);
}

/* The message must be "m.prom:" and this, or start so when it ends in "...". */
static void
refused(const char *text, const char *want)
{
	struct sv w = sv_of(want), got;

	if (read_sv(sv_of(text)) != -1)
		fail_msg("accepted: %s", text);
	got = sv_of(err.msg);
	assert_true(sv_starts(got, "m.prom:"));
	got = sv_from(got, 7);
	if (sv_ends(w, "...")) {
		w.n -= 3;
		got = sv_head(got, w.n);
	}
	if (!sv_eq(w, got))
		fail_msg("%s: \"%s\", not \"%s\"", text, err.msg, want);
}

static void
test_plain(void **state)
{
	(void)state;
	gives("# HELP http_requests_total Requests.\n"
	      "# TYPE http_requests_total counter\n"
	      "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n"
	      "http_requests_total{method=\"post\",code=\"400\"}    3 -5\n"
	      "up 1\n",
	    "family http_requests_total|counter||Requests.\n"
	    "sample 3 http_requests_total{code=\"200\",method=\"post\"} 1027 @1395066363000\n"
	    "sample 4 http_requests_total{code=\"400\",method=\"post\"} 3 @-5\n"
	    "sample 5 up 1\n"
	    "problem 4 warning timestamp before 1973: seconds where the format has milliseconds?\n");
}

static void
test_blanks(void **state)
{
	(void)state;
	gives("\n  # just a comment\n#\n#TYPES are fun\n# EOF\n\t up \t 1 \t 1395066363000 \r\n"
	      "a { b = \"c\" , d=\"e\", } 2\na{}3\n",
	    "sample 6 up 1 @1395066363000\nsample 7 a{b=\"c\",d=\"e\"} 2\nsample 8 a 3\n");
	/* A byte order mark before the first line only. */
	gives("\xef\xbb\xbfup 1\n", "sample 1 up 1\n");
	refused("up 1\n\xef\xbb\xbfup 2\n", "2: expected a metric name...");
}

static void
test_values(void **state)
{
	(void)state;
	gives("a NaN\nb +Inf\nc -Inf\nd inf\ne 1e-7\nf -0\ng +1.5\nh 1E3\ni nan\n",
	    "sample 1 a NaN\nsample 2 b +Inf\nsample 3 c -Inf\nsample 4 d +Inf\n"
	    "sample 5 e 1e-07\nsample 6 f -0\nsample 7 g 1.5\nsample 8 h 1000\nsample 9 i NaN\n");
	refused("a 0x1p3\n", "1: the value is not a number near '0x1p3'");
	refused("a 1_000\n", "1: the value is not a number near '1_000'");
	refused("a 1,5\n", "1: the value is not a number near '1,5'");
	refused("a\n", "1: the value is not a number at the end of the line");
	refused("a{b=\"c\"}\n", "1: the value is not a number at the end of the line");
	refused("a 1 1.5\n", "1: the timestamp is not a time in whole milliseconds");
	refused("a 1 99999999999999999999\n", "1: the timestamp is not...");
	refused("a 1 9223372036854775807\n", "1: the timestamp is not...");
	refused("a 1 2 3\n", "1: unexpected text after the sample near '3'");
}

static void
test_escapes(void **state)
{
	(void)state;
	/* The recording shows a label value as PromQL does, escaped again. */
	gives("a{p=\"C:\\\\DIR\\\\\",q=\"say \\\"hi\\\"\",r=\"x\\ny\",s=\"\\q\\t\"} 1\n",
	    "sample 1 a{p=\"C:\\\\DIR\\\\\",q=\"say \\\"hi\\\"\",r=\"x\\ny\",s=\"\\\\q\\\\t\"} 1\n");
	gives("# HELP a one\\\\two\\nthree \\\"four\\q\n# TYPE a gauge\n",
	    "family a|gauge||one\\two\nthree \\\"four\\q\n");
	refused("a{b=\"c\\\"} 1\n", "1: the quote is not closed near '\"c\\\"} 1'");
	refused("a{b=\"c\n\"} 1\n", "1: the quote is not closed...");
}

static void
test_labels(void **state)
{
	(void)state;
	gives("a{b=\"\",c=\"d\"} 1\n", "sample 1 a{c=\"d\"} 1\n");
	gives("a{b=\"\xc3\xa9\xf0\x9f\x94\xa5\"} 1\n", "sample 1 a{b=\"\xc3\xa9\xf0\x9f\x94\xa5\"} 1\n");
	refused("a{b=\"1\",b=\"2\"} 1\n", "1: a label name stands twice...");
	refused("a{b=\"1\",b=\"\"} 1\n", "1: a label name stands twice...");
	refused("a{__name__=\"b\"} 1\n", "1: __name__ is not a label of its own...");
	refused("a{b=\"\xff\"} 1\n", "1: not UTF-8 near '\"\\xff\"} 1'");
	refused("a{b=\"\xed\xa0\x80\"} 1\n", "1: not UTF-8...");
	refused("a{b=c} 1\n", "1: expected a quoted label value near 'c} 1'");
	refused("a{b} 1\n", "1: expected '=' near '} 1'");
	refused("a{b:c=\"d\"} 1\n", "1: expected '=' near ':c=\"d\"} 1'");
	refused("a{1b=\"c\"} 1\n", "1: expected a label name...");
	refused("a{b=\"c\" d=\"e\"} 1\n", "1: expected ',' or '}'...");
	refused("a{,} 1\n", "1: expected a label name...");
	refused("a{b=\"c\"\n", "1: expected ',' or '}' at the end of the line");
	refused("{b=\"c\"} 1\n", "1: no metric name...");
	refused("a.b 1\n", "1: unexpected character in a metric name near '.b 1'");
	refused("7a 1\n", "1: expected a metric name near '7a 1'");
}

static void
test_quoted_names(void **state)
{
	(void)state;
	gives("{\"my.metric\",\"a b\"=\"c\"} 1\n{x=\"y\", \"my.metric\"} 2\n",
	    "sample 1 {\"my.metric\",\"a b\"=\"c\"} 1\nsample 2 {\"my.metric\",x=\"y\"} 2\n");
	gives("# TYPE \"my.metric\" gauge\n", "family my.metric|gauge||\n");
	refused("a{\"b\"} 1\n", "1: a second metric name near '\"b\"} 1'");
	refused("{\"a\",\"b\"} 1\n", "1: a second metric name near '\"b\"} 1'");
	refused("{\"\"} 1\n", "1: empty name...");
	refused("\"a\" 1\n", "1: a quoted metric name stands inside {}...");
}

static void
test_metadata(void **state)
{
	(void)state;
	gives("# HELP a\n# TYPE b COUNTER\nb 1\n# TYPE h histogram\nh_sum 1\n",
	    "family a|||\nfamily b|counter||\nsample 3 b 1\nfamily h|histogram||\nsample 5 h_sum 1\n");
	/* What OpenMetrics would call a_total is written as it stands. */
	gives("# TYPE a counter\na_total 1\n", "family a|counter||\nsample 2 a_total 1\n");
	gives("# TYPE a guage\na 1\n",
	    "sample 2 a 1\nproblem 1 warning TYPE with an unknown word, not used\n");
	gives("# HELP a \xff\na 1\n", "sample 2 a 1\nproblem 1 warning HELP that is not UTF-8, not used\n");
	refused("# TYPE a\n", "1: no type at the end of the line");
	refused("# TYPE\n", "1: expected a metric name at the end of the line");
	refused("# TYPE a counter gauge\n", "1: unexpected text after the word near 'gauge'");
}

static void
test_sloppy_exporters(void **state)
{
	(void)state;
	gives("# HELP a x\n# TYPE a counter\na{b=\"1\"} 1\n# HELP a x\n# TYPE a counter\na{b=\"2\"} 1\n"
	      "# HELP a y\n# TYPE a gauge\na{b=\"3\"} 1\n",
	    "family a|counter||x\nsample 3 a{b=\"1\"} 1\nsample 6 a{b=\"2\"} 1\nsample 9 a{b=\"3\"} 1\n"
	    "problem 4 warning HELP repeated for a family that has one (2 times, first here)\n"
	    "problem 5 warning TYPE repeated for a family that has one\n"
	    "problem 8 warning TYPE that differs from the family's first, which is kept\n");
	gives("a 1\n# TYPE a gauge\nh_bucket{le=\"1\"} 2\n# TYPE h histogram\n",
	    "sample 1 a 1\nfamily a|gauge||\nsample 3 h_bucket{le=\"1\"} 2\nfamily h|histogram||\n"
	    "problem 2 warning TYPE after samples of its family (2 times, first here)\n");
	gives("a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 1\na{y=\"2\",x=\"1\",z=\"\"} 1\na{x=\"1\"} 4\n",
	    "sample 1 a{x=\"1\",y=\"2\"} 1\nsample 4 a{x=\"1\"} 4\n"
	    "problem 2 warning series that stands twice without a timestamp: the first is kept"
	    " (2 times, first here)\n");
	refused("a 1\na 2\n", "2: this series stands here twice, with different values");
	refused("a NaN\nb 1\na 0\n", "3: this series stands here twice, with different values");
	/* With timestamps it is the store that joins or contradicts. */
	gives("a 1 1395066363000\na 2 1395066363000\n",
	    "sample 1 a 1 @1395066363000\nsample 2 a 2 @1395066363000\n");
	gives("a 1 # {t=\"x\"} 0.5 1.5\n",
	    "sample 1 a 1\nproblem 1 warning exemplar, which text 0.0.4 does not have\n");
}

static void
test_cut_off(void **state)
{
	(void)state;
	refused("a 1\nb 12", "2: cut off: no newline at the end");
	refused("a 1\nb{c=\"d", "2: cut off: no newline at the end");
	refused("# HELP a b", "1: cut off: no newline at the end");
	gives("a 1\n  \t", "sample 1 a 1\n"); /* nothing is missing */
	gives("a 1\n# EOF", "sample 1 a 1\n");
	gives("", "");
	gives("# only\n# comments\n", "");
	/* Nothing after a broken line is handed out. */
	refused("a 1\nb x\nc 3\n", "2: the value is not a number near 'x'");
	assert_string_equal(sb_str(&rec.all), "sample 1 a 1\n");
}

static void
test_bounds(void **state)
{
	struct sb s = {0};
	int i;

	(void)state;
	sb_adds(&s, "up 1\na{b=\"");
	for (i = 0; i < 1 << 20; i++)
		sb_addc(&s, 'x');
	sb_adds(&s, "\"} 1\n");
	assert_int_equal(read_sv(sb_sv(&s)), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "m.prom:2: line longer than 1048576 bytes");
	sb_reset(&s);
	sb_add(&s, "a{b=\"\0\"} 1\n", 11); /* U+0000 is a character */
	assert_int_equal(read_sv(sb_sv(&s)), 0);
	sb_reset(&s);
	sb_add(&s, "a\0b 1\n", 6);
	assert_int_equal(read_sv(sb_sv(&s)), -1);
	sb_reset(&s);
	for (i = 0; i < 3000; i++)
		sb_addf(&s, "m%d{a=\"%d\"} %d\n", i, i, i);
	assert_int_equal(read_sv(sb_sv(&s)), 0);
	assert_int_equal(rec.calls, 3000); /* none is taken for another */
	sb_free(&s);
}

static void
test_sink_fails(void **state)
{
	int i;

	(void)state;
	for (i = 1; i <= 4; i++) {
		rec.fail_after = i;
		assert_int_equal(read_sv(SV("# TYPE a gauge\na 1\nb 1\nb 1\n")), -1);
		assert_string_equal(err.msg, "the sink said no");
		assert_int_equal(rec.calls, i);
	}
	rec.fail_after = 0;
}

static int
free_all(void **state)
{
	(void)state;
	sb_free(&rec.all);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_blanks),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_escapes),
	    cmocka_unit_test(test_labels),
	    cmocka_unit_test(test_quoted_names),
	    cmocka_unit_test(test_metadata),
	    cmocka_unit_test(test_sloppy_exporters),
	    cmocka_unit_test(test_cut_off),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_sink_fails),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, free_all);
}
