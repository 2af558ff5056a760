#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/doc.h"
#include "base/num.h"
#include "promql/answer.h"
#include "promql/caret.h"

#define NOW INT64_C(1768197600000) /* 2026-01-12T06:00:00Z */

static struct arena a;

static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

/* A result of that type with nothing in it. */
static struct pq_result *
result(enum pq_type type)
{
	struct pq_result *r = arena_new(&a, 1, sizeof(*r));

	r->type = type;
	r->v = arena_new(&a, 8, sizeof(*r->v));
	return r;
}

/* A series with up to two labels (a NULL name: none). */
static struct pq_result_series *
series(struct pq_result *r, const char *name1, struct sv value1, const char *name2, struct sv value2)
{
	struct pq_result_series *s = &r->v[r->n++];

	s->labels.v = arena_new(&a, 2, sizeof(*s->labels.v));
	if (name1 != NULL)
		s->labels.v[s->labels.n++] = (struct label){sv_of(name1), value1};
	if (name2 != NULL)
		s->labels.v[s->labels.n++] = (struct label){sv_of(name2), value2};
	s->point = arena_new(&a, 8, sizeof(*s->point));
	return s;
}

static void
point(struct pq_result_series *s, int64_t t, double v)
{
	s->point[s->n++] = (struct pq_point){t, v};
}

static const struct pq_query at_now = {.start = NOW, .end = NOW};

static const char *
json(const struct pq_result *r, const struct pq_query *q)
{
	struct sb out = {0};
	const char *text;

	pq_answer_json(r, q, &out);
	text = arena_str(&a, sb_sv(&out));
	sb_free(&out);
	return text;
}

static const char *
in_form(const struct pq_result *r, void (*form)(const struct pq_result *, struct sb *))
{
	struct sb out = {0};
	const char *text;

	form(r, &out);
	text = arena_str(&a, sb_sv(&out));
	sb_free(&out);
	return text;
}

static const char *
table(const struct pq_result *r, int columns)
{
	struct sb out = {0};
	const char *text;

	pq_answer_table(r, columns, &out);
	text = arena_str(&a, sb_sv(&out));
	sb_free(&out);
	return text;
}

/* The value as it stands in an instant vector, and as a scalar. */
static void
is_number(double v, const char *vector, const char *scalar)
{
	struct pq_result *r = result(PQ_VECTOR);
	char want[512];

	point(series(r, NULL, SV(""), NULL, SV("")), NOW, v);
	snprintf(want, sizeof(want), "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"
	    "[{\"metric\":{},\"value\":[1768197600,\"%s\"]}]}}\n", vector);
	assert_string_equal(json(r, &at_now), want);
	r->type = PQ_SCALAR;
	snprintf(want, sizeof(want), "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":"
	    "[1768197600,\"%s\"]}}\n", scalar);
	assert_string_equal(json(r, &at_now), want);
}

/* What Prometheus 2.42 and 3.5 print. */
static void
test_numbers(void **state)
{
	(void)state;
	is_number(0, "0", "0");
	is_number(-0.0, "-0", "-0");
	is_number(1, "1", "1");
	is_number(0.1 + 0.2, "0.30000000000000004", "0.30000000000000004");
	is_number(NAN, "NaN", "NaN");
	is_number(INFINITY, "+Inf", "+Inf");
	is_number(-INFINITY, "-Inf", "-Inf");
	is_number(1e-6, "0.000001", "0.000001");
	is_number(1e-7, "1e-07", "0.0000001");
	is_number(-1.25e-7, "-1.25e-07", "-0.000000125");
	is_number(123456789012345680000.0, "123456789012345680000", "123456789012345680000");
	is_number(1e21, "1e+21", "1000000000000000000000");
	is_number(-1.5e21, "-1.5e+21", "-1500000000000000000000");
	is_number(1e100, "1e+100", "10000000000000000000000000000000000000000000000000000000000000000000000000000"
	    "000000000000000000000000");
}

/* The ends of the doubles fit the buffers and read back. */
static void
test_extremes(void **state)
{
	static const double v[] = {5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308};
	struct pq_result *r;
	const char *text, *from;
	double back;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(v) / sizeof(*v); i++) {
		r = result(PQ_SCALAR);
		point(series(r, NULL, SV(""), NULL, SV("")), NOW, v[i]);
		text = json(r, &at_now);
		from = strchr(text, ',');
		from = strstr(from, "0,\"") + 3; /* behind the time */
		assert_true(num_parse((struct sv){from, strcspn(from, "\"")}, &back));
		assert_true(back == v[i]);
		assert_null(memchr(from, 'e', strcspn(from, "\"")));
	}
}

static void
test_times(void **state)
{
	static const struct {
		int64_t ms;
		const char *vector, *scalar;
	} cases[] = {{0, "0", "0"}, {1500, "1.500", "1.5"}, {1001, "1.001", "1.001"}, {1010, "1.010", "1.01"},
	    {-1, "-0.001", "-0.001"}, {-2000, "-2", "-2"}, {-1500, "-1.500", "-1.5"},
	    {INT64_C(253402300799999), "253402300799.999", "253402300799.999"}};
	char want[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pq_query q = {.start = cases[i].ms, .end = cases[i].ms};
		struct pq_result *r = result(PQ_MATRIX);

		point(series(r, NULL, SV(""), NULL, SV("")), cases[i].ms, 2);
		snprintf(want, sizeof(want), "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":"
		    "[{\"metric\":{},\"values\":[[%s,\"2\"]]}]}}\n", cases[i].vector);
		assert_string_equal(json(r, &q), want);
		r = result(PQ_STRING);
		r->text = SV("x\"y");
		snprintf(want, sizeof(want), "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":"
		    "[%s,\"x\\\"y\"]}}\n", cases[i].scalar);
		assert_string_equal(json(r, &q), want);
	}
}

static void
test_empty(void **state)
{
	(void)state;
	assert_string_equal(json(result(PQ_VECTOR), &at_now),
	    "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}\n");
	assert_string_equal(json(result(PQ_MATRIX), &at_now),
	    "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}\n");
	assert_string_equal(in_form(result(PQ_VECTOR), pq_answer_tsv), "time\tvalue\tseries\n");
	assert_string_equal(in_form(result(PQ_MATRIX), pq_answer_csv), "time,value,series\r\n");
	assert_string_equal(table(result(PQ_VECTOR), 80), "empty result\n");
}

static struct pq_result *
two_series(void)
{
	struct pq_result *r = result(PQ_MATRIX);
	struct pq_result_series *s = series(r, "__name__", SV("up"), "job", SV("a"));

	point(s, NOW, 1);
	point(s, NOW + 15500, 0);
	point(series(r, "job", SV("b"), NULL, SV("")), NOW, 0.25);
	return r;
}

static void
test_forms(void **state)
{
	(void)state;
	assert_string_equal(json(two_series(), &at_now), "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\","
	    "\"result\":[{\"metric\":{\"__name__\":\"up\",\"job\":\"a\"},\"values\":[[1768197600,\"1\"],"
	    "[1768197615.500,\"0\"]]},{\"metric\":{\"job\":\"b\"},\"values\":[[1768197600,\"0.25\"]]}]}}\n");
	assert_string_equal(in_form(two_series(), pq_answer_tsv), "time\tvalue\tseries\n"
	    "2026-01-12T06:00:00Z\t1\tup{job=\"a\"}\n"
	    "2026-01-12T06:00:15.500Z\t0\tup{job=\"a\"}\n"
	    "2026-01-12T06:00:00Z\t0.25\t{job=\"b\"}\n");
	assert_string_equal(in_form(two_series(), pq_answer_csv), "time,value,series\r\n"
	    "2026-01-12T06:00:00Z,1,\"up{job=\"\"a\"\"}\"\r\n"
	    "2026-01-12T06:00:15.500Z,0,\"up{job=\"\"a\"\"}\"\r\n"
	    "2026-01-12T06:00:00Z,0.25,\"{job=\"\"b\"\"}\"\r\n");
	assert_string_equal(table(two_series(), 80), "2026-01-12T06:00:00Z to 2026-01-12T06:00:15.500Z\n"
	    "first   min   max  last  points  series\n"
	    "    1     0     1     0       2  up{job=\"a\"}\n"
	    " 0.25  0.25  0.25  0.25       1  {job=\"b\"}\n");
}

static void
test_scalar_and_string(void **state)
{
	struct pq_result *r = result(PQ_SCALAR);

	(void)state;
	point(series(r, NULL, SV(""), NULL, SV("")), NOW, 1.5);
	assert_string_equal(in_form(r, pq_answer_tsv), "time\tvalue\tseries\n2026-01-12T06:00:00Z\t1.5\t\n");
	assert_string_equal(table(r, 80), "at 2026-01-12T06:00:00Z\n1.5\n");
	r = result(PQ_STRING);
	r->text = SV("a\tb\nc,\"d\"\x1b");
	assert_string_equal(in_form(r, pq_answer_tsv), "time\tvalue\tseries\n\ta\\x09b\\x0ac,\"d\"\\x1b\t\n");
	assert_string_equal(in_form(r, pq_answer_csv), "time,value,series\r\n,\"a\\x09b\\x0ac,\"\"d\"\"\\x1b\",\r\n");
	assert_string_equal(table(r, 80), "a\\x09b\\x0ac,\"d\"\\x1b\n");
}

/* NaN is no minimum and no maximum, unless there is nothing else. */
static void
test_table_nan(void **state)
{
	struct pq_result *r = result(PQ_MATRIX);
	struct pq_result_series *s = series(r, NULL, SV(""), NULL, SV(""));

	(void)state;
	point(s, NOW, NAN);
	point(s, NOW + 1, 3);
	point(s, NOW + 2, -INFINITY);
	point(s, NOW + 3, NAN);
	s = series(r, "a", SV("b"), NULL, SV(""));
	point(s, NOW, NAN);
	assert_string_equal(table(r, 80), "2026-01-12T06:00:00Z to 2026-01-12T06:00:00.003Z\n"
	    "first   min  max  last  points  series\n"
	    "  NaN  -Inf    3   NaN       4  {}\n"
	    "  NaN   NaN  NaN   NaN       1  {a=\"b\"}\n");
}

static void
test_table_folds(void **state)
{
	struct pq_result *r = result(PQ_VECTOR);

	(void)state;
	point(series(r, "a", SV("0123456789012345678"), "b", SV("\xc3\xa4\xc3\xb6\xc3\xbc 456789")), NOW, 7);
	assert_string_equal(table(r, 40), "at 2026-01-12T06:00:00Z\n"
	    "value  series\n"
	    "    7  {a=\"0123456789012345678\",\n"
	    "       b=\"\xc3\xa4\xc3\xb6\xc3\xbc 456789\"}\n");
	/* Too narrow to fold, or not known: left to the terminal. */
	assert_non_null(strstr(table(r, 20), "  {a=\"0123456789012345678\",b=\"\xc3\xa4\xc3\xb6\xc3\xbc 456789\"}\n"));
	assert_non_null(strstr(table(r, 0), "  {a=\"0123456789012345678\",b=\"\xc3\xa4\xc3\xb6\xc3\xbc 456789\"}\n"));
}

static const struct sv hostile[] = {
	{"\x1b[31mred\x1b[0m", 12},
	{"tab\there", 8},
	{"line\nbreak\r\n", 12},
	{"say \"hi\"", 8},
	{"C:\\srv\\gw", 9},
	{"a,b;c", 5},
	{"nul\0inside", 10},
	{"\xff\xfe not UTF-8 \xc3", 14},
	{"\xe2\x80\xae right to left", 17},
	{"\xe2\x80\xa8 separator", 13},
	{"\xf0\x9f\x94\xa5", 4},
	{"</script>&", 10},
};
#define HOSTILE (sizeof(hostile) / sizeof(*hostile))

/* Whatever stands in labels: it is valid JSON, and text that is UTF-8 comes back as it was. */
static void
test_hostile_json(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < HOSTILE; i++) {
		struct pq_result *r = result(PQ_VECTOR);
		struct err e = {0};
		struct doc *d;

		point(series(r, "__name__", hostile[i], "label", hostile[i]), NOW, 1);
		d = doc_json(&a, "answer", sv_of(json(r, &at_now)), &e);
		if (d == NULL)
			fail_msg("%s", e.msg);
		d = doc_path(d, SV("data.result.0.metric"));
		assert_int_equal(d->n, 2);
		if (i != 7) {
			assert_true(sv_eq(doc_get(d, "label")->text, hostile[i]));
			assert_true(sv_eq(doc_get(d, "__name__")->text, hostile[i]));
		}
	}
}

static size_t
occurrences(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* A line stays a line and a column a column, and nothing reaches the terminal's controls. */
static void
test_hostile_text(void **state)
{
	const char *tsv, *csv, *shown;
	size_t i, k;

	(void)state;
	for (i = 0; i < HOSTILE; i++) {
		struct pq_result *r = result(PQ_VECTOR);

		point(series(r, "__name__", hostile[i], "a label", hostile[i]), NOW, 1);
		tsv = in_form(r, pq_answer_tsv);
		assert_int_equal(occurrences(tsv, "\n"), 2);
		assert_int_equal(occurrences(tsv, "\t"), 4);
		csv = in_form(r, pq_answer_csv);
		assert_int_equal(occurrences(csv, "\r\n"), 2);
		assert_int_equal(occurrences(csv, "\n"), 2);
		assert_int_equal(occurrences(csv, "\"") % 2, 0);
		shown = table(r, 60);
		assert_null(strstr(shown, "\xe2\x80\xae"));
		for (k = 0; shown[k] != '\0'; k++)
			assert_true((unsigned char)shown[k] >= 0x20 || shown[k] == '\n');
		for (k = 0; tsv[k] != '\0'; k++)
			assert_true((unsigned char)tsv[k] >= 0x20 || tsv[k] == '\n' || tsv[k] == '\t');
	}
}

static void
caret_is(const char *text, const char *msg, int columns, const char *want)
{
	struct sb out = {0};

	pq_caret(sv_of(text), msg, columns, &out);
	assert_string_equal(sb_str(&out), want);
	sb_free(&out);
}

static void
test_caret(void **state)
{
	struct err e = {0};
	struct sb out = {0};

	(void)state;
	caret_is("sum(up", "1:7: parse error", 80, "  sum(up\n        ^\n");
	caret_is("sum(\n  up{}}\n)", "2:7: parse error", 80, "    up{}}\n        ^\n");
	caret_is("\"\xc3\xa4\" +", "1:6: x", 80, "  \"\xc3\xa4\" +\n       ^\n");
	caret_is("a\t\x1b)", "1:4: x", 80, "  a\\x09\\x1b)\n           ^\n");
	caret_is("", "1:1: x", 80, "  \n  ^\n");
	/* A long line is cut so that the place is seen. */
	caret_is("0123456789012345678901234567890123456789)01234567890123456789", "1:41: x", 44,
	    "  01234567890123456789)0123456789012345678\n                      ^\n");
	/* No place, or none in the text. */
	caret_is("up", "too deep", 80, "");
	caret_is("up", "", 80, "");
	caret_is("up", "3:1: x", 80, "");
	caret_is("up", "0:1: x", 80, "");
	caret_is("up", "99999999999999999999:1: x", 80, "");
	/* And with what the parser says. */
	assert_null(pq_parse(&a, SV("up{job=}"), &e));
	pq_caret(SV("up{job=}"), e.msg, 80, &out);
	assert_string_equal(sb_str(&out), "  up{job=}\n         ^\n");
	sb_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_numbers, teardown),
		cmocka_unit_test_teardown(test_extremes, teardown),
		cmocka_unit_test_teardown(test_times, teardown),
		cmocka_unit_test_teardown(test_empty, teardown),
		cmocka_unit_test_teardown(test_forms, teardown),
		cmocka_unit_test_teardown(test_scalar_and_string, teardown),
		cmocka_unit_test_teardown(test_table_nan, teardown),
		cmocka_unit_test_teardown(test_table_folds, teardown),
		cmocka_unit_test_teardown(test_hostile_json, teardown),
		cmocka_unit_test_teardown(test_hostile_text, teardown),
		cmocka_unit_test_teardown(test_caret, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
