#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "promql/server.h"

static struct arena a;
static struct err err;
static struct pq_server_answer got;

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

static void
reads(const char *json)
{
	err = (struct err){0};
	if (pq_server_parse("URL", sv_of(json), &a, &got, &err) < 0)
		fail_msg("%s: %s", json, err.msg);
}

/* Is refused with that code, and the message begins with URL and holds want. */
static void
refuses(const char *json, enum err_code code, const char *want)
{
	err = (struct err){0};
	if (pq_server_parse("URL", sv_of(json), &a, &got, &err) == 0)
		fail_msg("taken: %s", json);
	if (strncmp(err.msg, "URL:", 4) != 0 || strstr(err.msg, want) == NULL)
		fail_msg("%s: %s", json, err.msg);
	assert_int_equal(err.code, code);
}

#define DATA(type, result) "{\"status\":\"success\",\"data\":{\"resultType\":\"" type "\",\"result\":" result "}}"

static void
test_vector(void **state)
{
	(void)state;
	reads(DATA("vector", "[{\"metric\":{\"z\":\"1\",\"__name__\":\"up\",\"e\":\"\"},\"value\":[1768197600.123,\"2.5\"]},"
	    "{\"metric\":{\"a\":\"\\u00fc\"},\"value\":[-1.5,\"NaN\"]}]"));
	assert_int_equal(got.result.type, PQ_VECTOR);
	assert_int_equal(got.result.n, 2);
	assert_int_equal(got.result.v[0].point[0].t, INT64_C(1768197600123));
	assert_true(got.result.v[0].point[0].v == 2.5);
	assert_int_equal(got.result.v[0].labels.n, 2); /* an empty label is none; sorted */
	assert_true(sv_is(got.result.v[0].labels.v[0].name, "__name__"));
	assert_true(sv_is(got.result.v[1].labels.v[0].value, "\xc3\xbc"));
	assert_int_equal(got.result.v[1].point[0].t, -1500);
	assert_true(isnan(got.result.v[1].point[0].v));
	reads(DATA("vector", "[]"));
	assert_int_equal(got.result.n, 0);
}

static void
test_matrix(void **state)
{
	(void)state;
	reads(DATA("matrix", "[{\"metric\":{\"b\":\"1\"},\"values\":[[1,\"+Inf\"],[2,\"-Inf\"],[2.001,\"1e-7\"]]},"
	    "{\"metric\":{\"a\":\"1\"},\"values\":[[1,\"1\"]]},{\"metric\":{},\"values\":[]}]"));
	assert_int_equal(got.result.type, PQ_MATRIX);
	assert_int_equal(got.result.n, 2); /* a series without points is none */
	assert_true(sv_is(got.result.v[0].labels.v[0].name, "a"));
	assert_int_equal(got.result.v[1].n, 3);
	assert_true(got.result.v[1].point[0].v == INFINITY && got.result.v[1].point[1].v == -INFINITY);
	assert_int_equal(got.result.v[1].point[2].t, 2001);
}

static void
test_single(void **state)
{
	(void)state;
	reads(DATA("scalar", "[1.5,\"7\"]"));
	assert_int_equal(got.result.type, PQ_SCALAR);
	assert_int_equal(got.result.n, 1);
	assert_int_equal(got.result.v[0].point[0].t, 1500);
	assert_true(got.result.v[0].point[0].v == 7);
	reads(DATA("string", "[1.5,\"x\\u0000y\"]"));
	assert_int_equal(got.result.type, PQ_STRING);
	assert_int_equal(got.result.text.n, 3);
}

/* sort() is the server's; it is kept. */
static void
test_order(void **state)
{
	(void)state;
	reads(DATA("vector", "[{\"metric\":{\"a\":\"2\"},\"value\":[1,\"1\"]},{\"metric\":{\"a\":\"1\"},\"value\":[1,\"2\"]}]"));
	assert_true(sv_is(got.result.v[0].labels.v[0].value, "2"));
	assert_true(sv_is(got.result.v[1].labels.v[0].value, "1"));
}

static void
test_warnings(void **state)
{
	(void)state;
	reads("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]},\"warnings\":[\"one\",\"two\"],"
	      "\"infos\":[\"metric might not be a counter\"],\"unknown\":{\"x\":[1]}}");
	assert_int_equal(got.n_warnings, 2);
	assert_true(sv_is(got.warning[1], "two"));
	reads(DATA("vector", "[]"));
	assert_int_equal(got.n_warnings, 0);
}

static void
test_errors(void **state)
{
	(void)state;
	refuses("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:1: parse error\"}", ERR_USAGE,
	    "URL: bad_data: 1:1: parse error");
	refuses("{\"status\":\"error\",\"errorType\":\"timeout\",\"error\":\"t\"}", ERR_LIMIT, "timeout: t");
	refuses("{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"would load too many samples\"}", ERR_LIMIT,
	    "too many samples");
	refuses("{\"status\":\"error\",\"errorType\":\"internal\",\"error\":\"x\"}", ERR_SYS, "internal: x");
	refuses("{\"status\":\"error\",\"errorType\":\"\\u001b[2J\",\"error\":\"\\u202e\"}", ERR_SYS,
	    "URL: \\x1b[2J: \\u{202E}");
	refuses("{\"status\":\"error\"}", ERR_SYS, "no reason given");
	refuses("{\"status\":\"error\",\"errorType\":1,\"error\":[2]}", ERR_SYS, "no reason given");
}

static void
test_hostile(void **state)
{
	static const struct {
		const char *json, *want;
	} bad[] = {
	    {"", ""},
	    {"[]", "not the answer"},
	    {"null", "not the answer"},
	    {"{}", "\"status\" is missing"},
	    {"{\"status\":1}", "\"status\" is not a string"},
	    {"{\"status\":\"maybe\"}", "unknown status"},
	    {"{\"status\":\"success\"}", "\"data\" is missing"},
	    {"{\"status\":\"success\",\"data\":[]}", "\"data\" is not an object"},
	    {DATA("table", "[]"), "unknown type"},
	    {DATA("vector", "{}"), "\"result\" is not a list"},
	    {DATA("vector", "[1]"), "not a series"},
	    {DATA("vector", "[{}]"), "\"metric\" is missing"},
	    {DATA("vector", "[{\"metric\":{}}]"), "\"value\" is missing"},
	    {DATA("vector", "[{\"metric\":[],\"value\":[1,\"1\"]}]"), "\"metric\" is not an object"},
	    {DATA("vector", "[{\"metric\":{\"a\":1},\"value\":[1,\"1\"]}]"), "a label that is not a string"},
	    {DATA("vector", "[{\"metric\":{\"a\":\"1\",\"a\":\"2\"},\"value\":[1,\"1\"]}]"), ""},
	    {DATA("vector", "[{\"metric\":{},\"value\":[]}]"), "not [time"},
	    {DATA("vector", "[{\"metric\":{},\"value\":[1]}]"), "not [time"},
	    {DATA("vector", "[{\"metric\":{},\"value\":[1,1]}]"), "not [time"},
	    {DATA("vector", "[{\"metric\":{},\"value\":[\"1\",\"1\"]}]"), "not [time"},
	    {DATA("vector", "[{\"metric\":{},\"value\":[1,\"1\",\"1\"]}]"), "not [time"},
	    {DATA("vector", "[{\"metric\":{},\"value\":[1,\"\"]}]"), "not a number"},
	    {DATA("vector", "[{\"metric\":{},\"value\":[1,\"0x1\"]}]"), "not a number"},
	    {DATA("vector", "[{\"metric\":{},\"value\":[1e300,\"1\"]}]"), "out of bounds"},
	    {DATA("vector", "[{\"metric\":{},\"value\":[-1e14,\"1\"]}]"), "out of bounds"},
	    {DATA("vector", "[{\"metric\":{},\"histogram\":[1,{}]}]"), "native histograms"},
	    {DATA("matrix", "[{\"metric\":{},\"values\":[[1,\"1\"]],\"histograms\":[]}]"), "native histograms"},
	    {DATA("vector", "[{\"metric\":{},\"value\":[1,\"1\"]},{\"metric\":{\"e\":\"\"},\"value\":[1,\"2\"]}]"), "a series twice"},
	    {DATA("matrix", "[{\"metric\":{},\"value\":[1,\"1\"]}]"), "\"values\" is missing"},
	    {DATA("matrix", "[{\"metric\":{},\"values\":[[2,\"1\"],[1,\"1\"]]}]"), "not in order"},
	    {DATA("matrix", "[{\"metric\":{},\"values\":[[1,\"1\"],[1,\"1\"]]}]"), "not in order"},
	    {DATA("matrix", "[{\"metric\":{},\"values\":[[1,\"1\"],[1.0001,\"1\"]]}]"), "not in order"},
	    {DATA("scalar", "[1,2]"), "not [time"},
	    {DATA("scalar", "[]"), "not [time"},
	    {DATA("scalar", "[1,\"one\"]"), "not a number"},
	    {DATA("string", "[1,2]"), "not [time"},
	    {"{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]},\"warnings\":[1]}", "a warning"},
	    {DATA("vector", "[") "x", ""},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		refuses(bad[i].json, ERR_INPUT, bad[i].want);
}

/* Each beginning of a good answer is a bad one. */
static void
test_cut(void **state)
{
	static const char json[] = DATA("matrix", "[{\"metric\":{\"a\":\"b\"},\"values\":[[1,\"1\"],[2,\"2\"]]}]");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(json) - 1; i++)
		assert_int_equal(pq_server_parse("URL", (struct sv){json, i}, &a, &got, &err), -1);
	reads(json);
}

static void
encodes(struct sv text, const char *want)
{
	struct sb out = {0};

	pq_server_encode(text, &out);
	assert_string_equal(sb_str(&out), want);
	sb_free(&out);
}

static void
test_encode(void **state)
{
	(void)state;
	encodes(SV("aZ09-._~"), "aZ09-._~");
	encodes(SV("a b+c&d=e/%?#"), "a%20b%2Bc%26d%3De%2F%25%3F%23");
	encodes(SV("\xc3\xbc\0\n"), "%C3%BC%00%0A");
}

static void
test_url(void **state)
{
	static const char *const bad[] = {"", "http://", "ftp://a", "a:9090", "http:///x", "http://u:p@h", "http://h/?a",
	    "http://h#a", "http://h h", "http://h\n", "http://h\xc3\xbc"};
	struct pq_server s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err = (struct err){0};
		assert_int_equal(pq_server_init(&s, NULL, bad[i], &err), -1);
		assert_int_equal(err.code, ERR_USAGE);
		assert_null(strstr(err.msg, "u:p"));
		pq_server_free(&s);
	}
	assert_int_equal(pq_server_init(&s, NULL, "https://h:1/p//", &err), 0);
	assert_string_equal(s.url, "https://h:1/p");
	pq_server_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_vector, teardown),
	    cmocka_unit_test_teardown(test_matrix, teardown),
	    cmocka_unit_test_teardown(test_single, teardown),
	    cmocka_unit_test_teardown(test_order, teardown),
	    cmocka_unit_test_teardown(test_warnings, teardown),
	    cmocka_unit_test_teardown(test_errors, teardown),
	    cmocka_unit_test_teardown(test_hostile, teardown),
	    cmocka_unit_test_teardown(test_cut, teardown),
	    cmocka_unit_test(test_encode),
	    cmocka_unit_test(test_url),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
