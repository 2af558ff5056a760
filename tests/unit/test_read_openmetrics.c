#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "record.h"

extern const struct reader reader_openmetrics;

static struct record rec;
static struct err err;

static int
read_text(const char *text)
{
	struct read_sink sink;
	struct read_input in = {.name = "m.om"};
	struct io_mem m;

	sb_free(&rec.all);
	rec.calls = 0;
	err = (struct err){0};
	sink = record_sink(&rec);
	io_mem_init(&m, sv_of(text));
	in.src = &m.src;
	in.head = sv_head(sv_of(text), READ_HEAD);
	in.format = "openmetrics";
	return reader_openmetrics.read(&in, &sink, &err);
}

static void
gives(const char *text, const char *want)
{
	if (read_text(text) != 0)
		fail_msg("%s: %s", text, err.msg);
	assert_string_equal(sb_str(&rec.all), want);
}

static void
refused(const char *text, const char *want)
{
	if (read_text(text) != -1)
		fail_msg("accepted: %s", text);
	assert_string_equal(err.msg, want);
}

static void
test_families(void **state)
{
	(void)state;
	gives("# TYPE acme_http_router_request_seconds summary\n"
	      "# UNIT acme_http_router_request_seconds seconds\n"
	      "# HELP acme_http_router_request_seconds Latency.\n"
	      "acme_http_router_request_seconds_sum{path=\"/api/v1\"} 9036.32\n"
	      "acme_http_router_request_seconds_count{path=\"/api/v1\"} 807283.0\n"
	      "acme_http_router_request_seconds_created{path=\"/api/v1\"} 1605281325.0\n"
	      "# TYPE go_goroutines gauge\n"
	      "go_goroutines 69\n"
	      "# EOF\n",
	    "family acme_http_router_request_seconds|summary|seconds|Latency.\n"
	    "sample 4 acme_http_router_request_seconds_sum{path=\"/api/v1\"} 9036.32\n"
	    "sample 5 acme_http_router_request_seconds_count{path=\"/api/v1\"} 807283\n"
	    "sample 6 acme_http_router_request_seconds_created{path=\"/api/v1\"} 1605281325\n"
	    "family go_goroutines|gauge||\nsample 8 go_goroutines 69\n");
}

/* The next line of a series is not taken apart again: it must say the same as if it were. */
static void
test_again(void **state)
{
	static const char *const line[] = {"a{x=\"1\"} 1 5\n", "a{x=\"1\"}  2.5\t6.25\n", "a{x=\"1\"}3 7\n", "a{x=\"1\",} 4 8\n", "ab 1 5\n",
	    "abc 2 5\n", "ab {x=\"1\"} 3 5\n", "ab{x=\"1\"} +4 5\n", "ab 5 1768197600.037\n", "ab 6 1e3\n", "ab 7 99999999999.5\n",
	    "ab 8 0.0005\n", "ab NaN -5\n", "ab 9 5 # {t=\"x\"} 1\n", "{\"q q\",x=\"\\n\"} 1 5\n", "{\"q q\",x=\"\\n\"} 2 6\n", "ab\t0x 5\n"};
	const size_t n = sizeof(line) / sizeof(*line);
	struct sb text = {0}, want = {0};
	struct sv one, number;
	size_t i, k, step;

	(void)state;
	for (step = 1; step < n; step++) { /* in several orders, each line three times */
		sb_reset(&text);
		sb_reset(&want);
		for (i = 0, k = 0; i + 1 < 3 * n; i++, k = (k + step) % (n - 1)) {
			sb_addf(&want, "%s# EOF\n", line[k]);
			if (read_text(sb_str(&want)) != 0)
				fail_msg("%s: %s", line[k], err.msg);
			one = sb_sv(&rec.all); /* "sample 1 ...": with the line it will have */
			number = sv_from(one, 8);
			sb_addf(&text, "sample %zu%.*s", i + 1, (int)number.n, number.p);
			sb_reset(&want);
		}
		for (i = 0, k = 0; i + 1 < 3 * n; i++, k = (k + step) % (n - 1))
			sb_adds(&want, line[k]);
		sb_adds(&want, "# EOF\n");
		gives(sb_str(&want), sb_str(&text));
	}
	refused("ab 1 5\nab 1 5x\n# EOF\n", "m.om:2: the timestamp is not a time in seconds");
	sb_reset(&text);
	sb_addf(&text, "ab 1 5\n%s# EOF\n", line[n - 1]);
	refused(sb_str(&text), "m.om:2: the value is not a number near '0x 5'");
	sb_free(&text);
	sb_free(&want);
}

/* A sample's name must find its type. */
static void
test_counter_names(void **state)
{
	(void)state;
	gives("# HELP foo Help.\n# TYPE foo counter\nfoo_total 17.0\nfoo_created 1520430000.123\n# EOF\n",
	    "family foo_total|counter||Help.\nsample 3 foo_total 17\nsample 4 foo_created 1520430000.123\n");
	gives("# TYPE foo_total counter\nfoo_total 17\n# EOF\n",
	    "family foo_total|counter||\nsample 2 foo_total 17\n");
	gives("# TYPE b info\nb_info{v=\"1\"} 1\n# TYPE s stateset\ns{s=\"on\"} 1\n# TYPE g gaugehistogram\n"
	      "g_bucket{le=\"+Inf\"} 4\n# TYPE u unknown\nu 1\n# TYPE h histogram\nh_count 1\n# EOF\n",
	    "family b_info|info||\nsample 2 b_info{v=\"1\"} 1\nfamily s|stateset||\nsample 4 s{s=\"on\"} 1\n"
	    "family g|gaugehistogram||\nsample 6 g_bucket{le=\"+Inf\"} 4\nfamily u|unknown||\nsample 8 u 1\n"
	    "family h|histogram||\nsample 10 h_count 1\n");
	/* HELP that stands apart from its TYPE goes to the same name. */
	gives("# TYPE foo counter\nfoo_total 1\n# HELP foo Later.\n# EOF\n",
	    "family foo_total|counter||\nsample 2 foo_total 1\nfamily foo_total|counter||Later.\n");
	gives("foo_total 1\n# TYPE foo counter\n# EOF\n",
	    "sample 1 foo_total 1\nfamily foo_total|counter||\n"
	    "problem 2 warning TYPE after samples of its family\n");
}

static void
test_timestamps(void **state)
{
	(void)state;
	/* 1.001 s is 1000.9999999999999 ms as a double: rounded, not cut. */
	gives("a 1 1.001\na 2 1520879607.789\na 3 123\na 4 0\na 5 -1.5\na 6 1.5e9\na 7 1795191309.7714\n# EOF\n",
	    "sample 1 a 1 @1001\nsample 2 a 2 @1520879607789\nsample 3 a 3 @123000\nsample 4 a 4 @0\n"
	    "sample 5 a 5 @-1500\nsample 6 a 6 @1500000000000\nsample 7 a 7 @1795191309771\n");
	refused("a 1 NaN\n# EOF\n", "m.om:1: the timestamp is not a time in seconds");
	refused("a 1 +Inf\n# EOF\n", "m.om:1: the timestamp is not a time in seconds");
	refused("a 1 1e300\n# EOF\n", "m.om:1: the timestamp is not a time in seconds");
	refused("a 1 1768197659000\n# EOF\n", "m.om:1: the timestamp is not a time in seconds");
	refused("a 1 x\n# EOF\n", "m.om:1: the timestamp is not a time in seconds");
}

static void
test_exemplars(void **state)
{
	(void)state;
	gives("# TYPE foo histogram\n"
	      "foo_bucket{le=\"0.1\"} 8 # {} 0.054\n"
	      "foo_bucket{le=\"1\"} 11 # {trace_id=\"KOO5S4vxi0o\"} 0.67\n"
	      "foo_bucket{le=\"10\"} 17 1520879607.789 # {trace_id=\"a # b\"} 9.8 1520879607.789\n"
	      "# EOF\n",
	    "family foo|histogram||\nsample 2 foo_bucket{le=\"0.1\"} 8\nsample 3 foo_bucket{le=\"1\"} 11\n"
	    "sample 4 foo_bucket{le=\"10\"} 17 @1520879607789\n");
	refused("a 1 # 5\n# EOF\n", "m.om:1: expected '{' of an exemplar near '5'");
	refused("a 1 # {t=\"x\"}\n# EOF\n",
	    "m.om:1: the exemplar's value is not a number at the end of the line");
	refused("a 1 # {t=\"x\"} 1 2 3\n# EOF\n", "m.om:1: unexpected text after the sample near '3'");
	refused("a 1 # {\"t\"} 1\n# EOF\n", "m.om:1: expected '=' near '\"t\"} 1'");
}

static void
test_end(void **state)
{
	(void)state;
	gives("# EOF\n", "");
	gives("a 1\n# EOF", "sample 1 a 1\n"); /* the newline after EOF may be missing */
	gives("a 1\n# EOF\n\n", "sample 1 a 1\n");
	refused("a 1\n", "m.om:1: cut off: OpenMetrics without # EOF at the end");
	refused("a 1\n# EO", "m.om:2: cut off: no newline at the end");
	refused("a 1", "m.om:1: cut off: no newline at the end");
	refused("a 1\n# EOF\nb 1\n", "m.om:3: text after # EOF");
	refused("a 1\n# EOF\n# EOF\n", "m.om:3: text after # EOF");
}

static void
test_lenient(void **state)
{
	(void)state;
	gives("a  1\n\n\tb 2\r\na 1\n# UNIT a s\n# UNIT a s\n# EOF\n",
	    "sample 1 a 1\nsample 3 b 2\nfamily a||s|\n"
	    "problem 6 warning UNIT repeated for a family that has one\n"
	    "problem 4 warning series that stands twice without a timestamp: the first is kept\n");
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
	    cmocka_unit_test(test_families),
	    cmocka_unit_test(test_again),
		cmocka_unit_test(test_counter_names),
	    cmocka_unit_test(test_timestamps),
	    cmocka_unit_test(test_exemplars),
	    cmocka_unit_test(test_end),
	    cmocka_unit_test(test_lenient),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, free_all);
}
