#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "record.h"
#include "read/k6_points.h"

extern const struct reader reader_k6_ndjson;

static struct record rec;
static struct err err;

static int
reads(const struct reader *r, struct sv text)
{
	struct read_input in = {.name = "in", .head = sv_head(text, READ_HEAD)};
	struct read_sink sink;
	struct io_mem m;

	sb_free(&rec.all);
	rec.calls = 0;
	rec.series = 0;
	err = (struct err){0};
	sink = record_sink(&rec);
	io_mem_init(&m, text);
	in.src = &m.src;
	if (read_recognise(&in) != r)
		return -2;
	return r->read(&in, &sink, &err);
}

#define POINT(metric, time, value, tags) \
	"{\"metric\":\"" metric "\",\"type\":\"Point\",\"data\":{\"time\":\"" time "\",\"value\":" value ",\"tags\":" tags "}}\n"
#define METRIC \
	"{\"type\":\"Metric\",\"data\":{\"name\":\"a\",\"type\":\"trend\",\"contains\":\"time\",\"thresholds\":[\"p(95)<5\"," \
	"{\"threshold\":\"avg<2\",\"abortOnFail\":true}],\"submetrics\":[{\"name\":\"a{x:y}\",\"suffix\":\"x:y\",\"tags\":{}}]}," \
	"\"metric\":\"a\"}\n"

static void
test_points(void **state)
{
	(void)state;
	assert_int_equal(reads(&reader_k6_ndjson, SV(METRIC
	    POINT("a", "1970-01-01T00:00:01.5Z", "1.25", "{\"x\":\"y\",\"group\":\"\"}")
	    POINT("b", "1970-01-01T00:00:01.5Z", "1e-07", "{\"x\":\"y\",\"group\":\"\"}")
	    POINT("a", "1970-01-01T05:30:00.000000007+05:30", "-3", "{\"a \\\"q\\\"\":\"\\u00e9,=\",\"x\":\"y\"}")
	    POINT("a", "1970-01-01T00:00:01.5Z", "0.30000000000000004", "{\"x\":\"y\",\"group\":\"\"}"))), 0);
	assert_string_equal(sb_str(&rec.all),
	    "metric a|trend|time\n"
	    "run 1 k6/threshold/a=p(95)<5 (NaN)\nrun 1 k6/threshold/a=avg<2 (NaN)\nrun 1 k6/submetric/a=a{x:y} (NaN)\n"
	    "series 1 a{x=\"y\"}\nseries 2 b{x=\"y\"}\nseries 3 a{\"a \\\"q\\\"\"=\"\xc3\xa9,=\",x=\"y\"}\n"
	    "point 1 1.25 @1500000000\npoint 2 1e-07 @1500000000\npoint 3 -3 @7\npoint 1 0.30000000000000004 @1500000000\n"
	    "batch of 4\nrun 5 k6/first_point=1970-01-01T00:00:00Z (NaN)\nrun 5 k6/last_point=1970-01-01T00:00:01.500Z (NaN)\n");
}

/* What a pipe and a hostile file hold besides. */
static void
test_odd_lines(void **state)
{
	(void)state;
	assert_int_equal(reads(&reader_k6_ndjson, SV("\xef\xbb\xbf"
	    "\nrunning (0m01.0s), 2/2 VUs\n"
	    " { \"data\" : {\"value\": 3, \"time\": \"1970-01-01T00:00:00Z\", \"new\": [1]}, \"type\": \"Point\", \"metric\": \"a\" }\n"
	    "{ \"data\" : {\"value\": 2, \"time\": \"1970-01-01T00:00:00Z\", \"new\": [1]}, \"type\": \"Point\", \"metric\": \"a\" }\r\n"
	    POINT("a", "1970-01-01T00:00:00Z", "1e999", "{}")
	    POINT("a", "292277026596-01-01T00:00:00Z", "1", "{}")
	    POINT("a", "1970-02-30T00:00:00Z", "1", "{}")
	    POINT("a", "1970-01-01T00:00:00.1234567890Z", "1", "{}")
	    POINT("a", "1970-01-01T00:00:00Z", "1e-400", "{}")
	    POINT("a", "1970-01-01T00:00:00Z", "01", "{}")
	    POINT("a", "1970-01-01T00:00:00Z", "NaN", "{}")
	    POINT("a", "1970-01-01T00:00:00Z", "1", "{\"x\":{}}")
	    POINT("a", "1970-01-01T00:00:00Z", "1", "{},\"metadata\":{\"vu\":\"7\"}")
	    POINT("a", "1970-01-01T00:00:00Z", "1", "{},\"value\":9")
	    "{\"metric\":\"a\",\"type\":\"Point\",\"data\":{\"time\":\"1970-01-01T00:00:00Z\",\"val")), 0);
	assert_string_equal(sb_str(&rec.all),
	    "series 1 a\npoint 1 3 @0\npoint 1 2 @0\npoint 1 1 @0\nbatch of 3\n"
	    "run 15 k6/first_point=1970-01-01T00:00:00Z (NaN)\nrun 15 k6/last_point=1970-01-01T00:00:00Z (NaN)\n"
	    "problem 12 error a line that cannot be read, or is cut off: what it said is missing (3 times, first here)\n"
	    "problem 6 error a point whose time cannot be read, or lies outside the years 1678 to 2261: it is missing (3 times, first here)\n"
	    "problem 5 error a point whose value is no finite number: it is missing (4 times, first here)\n"
	    "problem 2 note a line of text between the points, passed over\n");
}

static struct sv
holds(const char *words)
{
	struct sv all = sb_sv(&rec.all);

	return sv_find(all, sv_of(words)) < all.n ? all : SV("");
}

/* A file behind itself, or each line twice: counts would be twice what they were. */
static void
test_twice(void **state)
{
#define RUN                                                             \
	POINT("vus", "2026-01-01T00:00:01Z", "4", "{}")                 \
	POINT("http_reqs", "2026-01-01T00:00:01.5Z", "1", "{}")         \
	POINT("ws_connecting", "2026-01-01T00:00:00Z", "7", "{}")       \
	POINT("vus", "2026-01-01T00:01:31Z", "4", "{}")                 \
	POINT("http_reqs", "2026-01-01T00:01:31.5Z", "1", "{}")
	(void)state;
	assert_int_equal(reads(&reader_k6_ndjson, SV(RUN)), 0);
	assert_int_equal(holds("problem").n, 0);
	assert_int_equal(reads(&reader_k6_ndjson, SV(RUN RUN)), 0);
	assert_true(holds("problem 6 error the times go back: another run begins here, or the same once more (2 times").n > 0);
	assert_true(holds("problem 6 error a point that stood there before: what is there twice counts twice (5 times").n > 0);
	assert_int_equal(reads(&reader_k6_ndjson, SV(POINT("a", "2026-01-01T00:00:01Z", "4", "{}") POINT("b", "2026-01-01T00:00:01Z", "4", "{}")
	    POINT("a", "2026-01-01T00:00:01Z", "4", "{\"x\":\"y\"}") POINT("a", "2026-01-01T00:00:01Z", "5", "{}")
	    POINT("a", "2026-01-01T00:00:01.000000001Z", "4", "{}"))), 0);
	assert_int_equal(holds("problem").n, 0);
	assert_int_equal(reads(&reader_k6_ndjson, SV(POINT("a", "2026-01-01T00:00:01Z", "4", "{}") POINT("a", "2026-01-01T00:00:01Z", "4", "{}"))), 0);
	assert_true(holds("problem 2 error a point that stood there before").n > 0);
	/* Times go back a little all the time. */
	assert_int_equal(reads(&reader_k6_ndjson, SV(POINT("vus", "2026-01-01T00:00:03Z", "4", "{}") POINT("vus", "2026-01-01T00:00:01Z", "4", "{}")
	    POINT("http_reqs", "2026-01-01T00:01:03Z", "1", "{}") POINT("http_reqs", "2026-01-01T00:00:03Z", "1", "{}"))), 0);
	assert_int_equal(holds("problem").n, 0);
#undef RUN
}

static void
test_not_ours(void **state)
{
	(void)state;
	assert_int_equal(reads(&reader_k6_ndjson, SV("{\"data\":1}\n{\"metric\":\"a\"}\n")), -2);
	assert_int_equal(reads(&reader_k6_ndjson, SV("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\"}}")), -2);
}

/* An id in a tag: bounded, said, and every value is still there. */
static void
test_too_many_tag_sets(void **state)
{
	struct sb text = {0};
	size_t i, n = K6_MAX_TAGSETS + 100;

	(void)state;
	for (i = 0; i < n; i++)
		sb_addf(&text, "{\"metric\":\"a\",\"type\":\"Point\",\"data\":{\"time\":\"1970-01-01T00:00:00Z\",\"value\":1,"
			       "\"tags\":{\"id\":\"%zu\"}}}\n", i);
	assert_int_equal(reads(&reader_k6_ndjson, sb_sv(&text)), 0);
	assert_true(sv_find(sb_sv(&rec.all), SV("a{soak_tags_not_kept=\"true\"}")) < rec.all.n);
	assert_non_null(strstr(sb_str(&rec.all), "problem 32768 error too many different tag sets (is there an id in a tag?): the "
		"tags of this point and others like it are not kept, their values are (101 times, first here)\n"));
	assert_int_equal(rec.series, K6_MAX_TAGSETS);
	sb_free(&text);
}

static void
test_sink_fails(void **state)
{
	struct sv text = SV(METRIC POINT("a", "1970-01-01T00:00:01.5Z", "1.25", "{\"x\":\"y\"}"));
	int at;

	(void)state;
	for (at = 1; at <= 8; at++) {
		rec.fail_after = at;
		assert_int_equal(reads(&reader_k6_ndjson, text), -1);
	}
	rec.fail_after = 0;
	sb_free(&rec.all);
}

static void
test_values(void **state)
{
	static const struct {
		const char *text;
		double v;
	} good[] = {{"0", 0}, {"1", 1}, {"12.5", 12.5}, {"1.323794", 1.323794}, {"-0", -0.0}, {"1e3", 1000},
	    {"123456789012345678", 123456789012345678.0}, {"0.1234567890123456789", 0.1234567890123456789},
	    {"999999999999999", 999999999999999}, {"99999999999999.9", 99999999999999.9}};
	static const char *const bad[] = {"", "-", "01", "1.", ".5", "1e", "+1", "1e400", "NaN", "Infinity", "1 ", "0x1", "1..2"};
	double v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_true(k6_number(sv_of(good[i].text), &v));
		assert_memory_equal(&v, &good[i].v, sizeof(v));
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (k6_number(sv_of(bad[i]), &v))
			fail_msg("'%s' is no number", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_points),
	    cmocka_unit_test(test_odd_lines),
	    cmocka_unit_test(test_twice),
	    cmocka_unit_test(test_not_ours),
	    cmocka_unit_test(test_too_many_tag_sets),
	    cmocka_unit_test(test_sink_fails),
	    cmocka_unit_test(test_values),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
