/* Tables of separated values: quoting by RFC 4180, columns by name or by place, units, several values in a column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "read/csv_row.h"
#include "record.h"

static struct record rec;
static struct err err;

static int
read_sv(const struct read_formats *f, struct sv text)
{
	struct read_input in = {.name = "in", .formats = f, .head = sv_head(text, READ_HEAD)};
	struct read_sink sink;
	const struct reader *r;
	struct io_mem m;

	sb_free(&rec.all);
	rec.calls = 0;
	err = (struct err){0};
	sink = record_sink(&rec);
	io_mem_init(&m, text);
	in.src = &m.src;
	r = read_recognise(&in);
	return r == NULL ? -2 : r->read(&in, &sink, &err);
}

static struct read_formats *
format(const char *yaml)
{
	struct read_formats *f = formats_new();

	if (formats_add(f, "my.yaml", sv_of(yaml), &err) < 0)
		fail_msg("%s", err.msg);
	return f;
}

static void
gives(const char *yaml, const char *text, const char *want)
{
	struct read_formats *f = format(yaml);
	int rc = read_sv(f, sv_of(text));

	if (rc != 0)
		fail_msg("%d %s: %s", rc, err.msg, text);
	assert_string_equal(sb_str(&rec.all), want);
	formats_free(f);
}

static void
bad(const char *yaml, const char *want)
{
	struct read_formats *f = formats_new();
	struct err e = {0};

	assert_int_equal(formats_add(f, "my.yaml", sv_of(yaml), &e), -1);
	assert_string_equal(e.msg, want);
	formats_free(f);
}

/* Rows as "2: a|b" with their line; "~" a stray text, "!" cut off. */
static void
rows(const char *text, char delimiter, const char *want)
{
	struct sb got = {0};
	struct io_mem m;
	struct csv c;
	size_t i;
	int rc;

	io_mem_init(&m, sv_of(text));
	csv_init(&c, &m.src, delimiter);
	while ((rc = csv_next(&c, "in", &err)) > 0) {
		sb_addf(&got, "%lld:%s%s", (long long)c.line, c.stray ? "~" : "", c.cut ? "!" : "");
		for (i = 0; i < c.field.n; i++)
			sb_addf(&got, "%s%" SV_FMT, i > 0 ? "|" : "", SV_ARG(c.field.v[i]));
		sb_addc(&got, '\n');
	}
	if (rc < 0)
		sb_adds(&got, err.msg);
	assert_string_equal(sb_str(&got), want);
	csv_free(&c);
	sb_free(&got);
}

static void
test_rows(void **state)
{
	(void)state;
	rows("a,b\r\n\r\n1,,3\n", ',', "1:a|b\n3:1||3\n");
	rows("\"a,\"\"x\"\"\",\"b\nc\"\n\"\",z", ',', "1:a,\"x\"|b\nc\n3:!|z\n");
	rows("a;b\"c;\"d\"e\n", ';', "1:~a|b\"c|de\n");
	rows("\xef\xbb\xbf" "a\tb\n,\n", '\t', "1:a|b\n2:,\n");
	rows("a\n\"b\nc\nd", ',', "1:a\nin:2: cut off inside a quoted field");
	rows(",", ',', "1:!|\n");
}

static void
test_rows_bounded(void **state)
{
	struct sb text = {0};
	struct io_mem m;
	struct csv c;
	size_t i;

	(void)state;
	sb_adds(&text, "a\n\"");
	for (i = 0; i < CSV_MAX_ROW; i++)
		sb_adds(&text, "x\n");
	io_mem_init(&m, sb_sv(&text));
	csv_init(&c, &m.src, ',');
	assert_int_equal(csv_next(&c, "in", &err), 1);
	assert_int_equal(csv_next(&c, "in", &err), -1);
	assert_string_equal(err.msg, "in:2: row longer than 1 MiB (a quote that is not closed?)");
	csv_free(&c);
	sb_reset(&text);
	for (i = 0; i < 100000; i++)
		sb_addc(&text, ',');
	io_mem_init(&m, sb_sv(&text));
	csv_init(&c, &m.src, ',');
	assert_int_equal(csv_next(&c, "in", &err), 1);
	assert_int_equal(c.field.n, CSV_MAX_FIELDS);
	csv_free(&c);
	sb_free(&text);
}

#define HEAD "format: my\ntitle: My\ncsv:\n"

static void
test_columns(void **state)
{
	(void)state;
	gives(HEAD "  recognise: [name, 'CPU %']\n  split: {MEM: '^(?<used>\\S+) / (?<limit>\\S+)$'}\n"
	           "  sample:\n    - {metric: cpu, labels: {c: '{name}'}, value: 'CPU %', unit: '%'}\n"
	           "    - {metric: used, labels: {c: '{name}'}, value: used, unit: bytes}\n"
	           "    - {metric: gone, value: not there}\n",
	    "CPU % , MEM,name\n0.23%,20MiB / 7kB,a\n,none,\"b,c\"\n12%,,d\n",
	    "family cpu|gauge||\nsample 2 cpu{c=\"a\"} 0.0023\nfamily used|gauge||\nsample 2 used{c=\"a\"} 20971520\n"
	    "sample 4 cpu{c=\"d\"} 0.12\nproblem 3 warning field that its column's pattern does not match\n");
	/* Without a header. */
	gives(HEAD "  columns: [t, what]\n  recognise: '^\\d+;'\n  delimiter: ';'\n  event: {time: t, name: what, kind: k}\n",
	    "60;a\n120;b;c\n180;d",
	    "event 1 1970-01-01T00:01:00Z k|a|\nevent 3 1970-01-01T00:03:00Z k|d|\n"
	    "problem 2 warning row with more or fewer fields than there are columns, not used\n"
	    "problem 3 warning last row without a newline at the end: it may be cut off\n");
	gives(HEAD "  recognise: [t]\n  delimiter: tab\n  count: {metric: n_total, labels: {x: '{x}'}, time: t}\n",
	    "t\tx\n5\ty\n5\tz\"\n\"5\"a\ty\n",
	    "family n_total|counter||\nsample 2 n_total{x=\"y\"} 0 @5000\nsample 3 n_total{x=\"z\\\"\"} 0 @5000\n"
	    "problem 4 warning text behind a closing quote\n"
	    "sample 2 n_total{x=\"y\"} 1 @6000\nsample 3 n_total{x=\"z\\\"\"} 1 @6000\n"
	    "problem 4 warning line whose time cannot be read (no zone?), not used\n");
}

static void
test_recognised(void **state)
{
	struct read_formats *f = format(HEAD "  recognise: [a, b]\n  sample: {metric: m, value: a}\n");

	(void)state;
	assert_int_equal(formats_add(f, "more.yaml",
	    SV("format: more\ntitle: M\ncsv: {recognise: [a, b, c], sample: {metric: more, value: a}}\n"), &err), 0);
	assert_int_equal(read_sv(f, SV("\n\"b\",a,c\n1,2,3\n")), 0);
	assert_non_null(strstr(sb_str(&rec.all), "more 2"));
	assert_int_equal(read_sv(f, SV("a,b\n1,2\n")), 0);
	assert_non_null(strstr(sb_str(&rec.all), "m 1"));
	assert_int_equal(read_sv(f, SV("a;b\n1;2\n")), -2);
	assert_int_equal(read_sv(f, SV("A,B\n")), -2);
	assert_int_equal(read_sv(f, SV("a,\"b\n")), -2);
	assert_int_equal(read_sv(f, SV("a,b\n1,\"2\n")), -1);
	assert_string_equal(err.msg, "in:2: cut off inside a quoted field");
	formats_free(f);
}

static void
test_bad_formats(void **state)
{
	(void)state;
	bad(HEAD "  recognise: [a]\n", "my.yaml:4:3: missing key \"sample\" (or \"event\", \"result\", \"claim\", \"run\", \"count\")");
	bad(HEAD "  sample: {metric: m, value: a}\n", "my.yaml:4:3: \"recognise\" names no column");
	bad(HEAD "  recognise: [a, a]\n", "my.yaml:4:18: this column is named twice");
	bad(HEAD "  recognise: [a]\n  delimiter: ab\n", "my.yaml:5:14: expected one character (or \"tab\")");
	bad(HEAD "  recognise: '^('\n  columns: [a]\n", "my.yaml:4:14: bad pattern '^(' at 3: missing closing parenthesis");
	bad(HEAD "  recognise: '^'\n  columns: [a]\n  sample: {metric: m, value: b}\n",
	    "my.yaml:6:30: \"columns\" name no column 'b'");
	bad(HEAD "  recognise: [a]\n  split: [a]\n",
	    "my.yaml:5:10: expected a map of up to 32 columns: {MEM USAGE / LIMIT: '^(?<used>\\S+) / (?<limit>\\S+)$'}");
	bad(HEAD "  recognise: [a]\n  split: {a: '('}\n", "my.yaml:5:14: bad pattern '(' at 2: missing closing parenthesis");
	bad(HEAD "  recognise: [a]\n  header: true\n", "my.yaml:5:3: unknown key \"header\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_rows_bounded),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_recognised),
		cmocka_unit_test(test_bad_formats),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
