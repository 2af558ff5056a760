/* JUnit XML: what each runner writes, counts that do not add up, files that are cut off or hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "record.h"

extern const struct reader reader_junit;

static struct record rec;
static struct err err;
static struct time_zone *zone;

static int
read_sv(struct sv text)
{
	struct read_sink sink;
	struct read_input in = {.name = "j.xml", .zone = zone, .head = sv_head(text, READ_HEAD)};
	const struct reader *r;
	struct io_mem m;

	sb_free(&rec.all);
	rec.calls = 0;
	err = (struct err){0};
	sink = record_sink(&rec);
	io_mem_init(&m, text);
	in.src = &m.src;
	r = read_recognise(&in);
	if (r != &reader_junit)
		return -2;
	assert_string_equal(in.format, "junit-xml");
	return r->read(&in, &sink, &err);
}

static void
gives(const char *text, const char *want)
{
	int rc = read_sv(sv_of(text));

	if (rc != 0)
		fail_msg("%d %s: %s", rc, err.msg, text);
	assert_string_equal(sb_str(&rec.all), want);
}

static void
refused(const char *text, const char *want)
{
	int rc = read_sv(sv_of(text));

	if (rc != -1)
		fail_msg("%d: %s", rc, text);
	if (strncmp(err.msg, want, strlen(want)) != 0)
		fail_msg("\"%s\" does not start with \"%s\"", err.msg, want);
}

static void
test_pytest(void **state)
{
	(void)state;
	gives("<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites><testsuite name=\"pytest\" errors=\"1\" failures=\"1\" "
	      "skipped=\"1\" tests=\"4\" time=\"7.5\" timestamp=\"2026-01-12T06:00:00.123456+02:00\" hostname=\"h\">"
	      "<testcase classname=\"tests.smoke\" name=\"test_a\" time=\"1.25\" />\n"
	      "<testcase classname=\"tests.smoke\" name=\"test_b[x&lt;1]\" time=\"0.5\"><failure message=\"assert 500 == 200\">"
	      "long\ntext</failure><system-out>noise</system-out></testcase>\n"
	      "<testcase classname=\"tests.smoke\" name=\"test_c\" time=\"0.000\"><skipped type=\"pytest.skip\" message=\"not here\">"
	      "x</skipped></testcase>\n"
	      "<testcase classname=\"tests.smoke\" name=\"test_d\" time=\"0.1\"><error>\n  no fixture\n</error></testcase>"
	      "</testsuite></testsuites>",
	    "claim 1 pytest.tests=4 (4)\nclaim 1 pytest.failures=1 (1)\nclaim 1 pytest.errors=1 (1)\n"
	    "claim 1 pytest.skipped=1 (1)\nclaim 1 pytest.time=7.5 (7.5)\n"
	    "result 1 test|tests.smoke|test_a pass @2026-01-12T04:00:00.123Z 1.25s\n"
	    "result 2 test|tests.smoke|test_b[x<1] fail @2026-01-12T04:00:00.123Z 0.5s assert 500 == 200\n"
	    "result 4 test|tests.smoke|test_c skip @2026-01-12T04:00:00.123Z 0s not here\n"
	    "result 5 test|tests.smoke|test_d error @2026-01-12T04:00:00.123Z 0.1s no fixture\n"
	    "result 1 suite||pytest fail @2026-01-12T04:00:00.123Z 7.5s\n"
	    "result 1 suite||testsuites fail\n");
}

static void
test_nested(void **state)
{
	(void)state;
	gives("<!-- by hand -->\n<testsuites tests='3' failures='0'>\n"
	      "<testsuite name='outer' tests='3'>\n"
	      "<properties><property name='build' value='17'/><property name='note'> by\nhand </property></properties>\n"
	      "<testcase name='one'/>\n"
	      "<testsuite name='inner' tests='2'>\n"
	      "<testcase name='two'/><testcase name='three' time='1,234.5'/>\n"
	      "</testsuite></testsuite></testsuites>\n",
	    "claim 2 testsuites.tests=3 (3)\nclaim 2 testsuites.failures=0 (0)\nclaim 3 outer.tests=3 (3)\n"
	    "run 4 outer.properties.build=17 (17)\nrun 5 outer.properties.note=by\nhand (NaN)\n"
	    "result 6 test|outer|one pass\nclaim 7 outer/inner.tests=2 (2)\n"
	    "result 8 test|outer/inner|two pass\nresult 8 test|outer/inner|three pass 1234.5s\n"
	    "result 7 suite||outer/inner pass\nresult 3 suite||outer pass\nresult 2 suite||testsuites pass\n");
	/* GoogleTest and Surefire. */
	gives("<testsuite name='G' tests='3' skipped='0' disabled='1'>"
	      "<testcase name='a' status='run' result='completed' time='0.'/>"
	      "<testcase name='DISABLED_b' status='notrun' result='suppressed' time='0'/>"
	      "<testcase name='c' timestamp='2026-01-12T06:00:00Z'><flakyFailure message='m'>t</flakyFailure></testcase></testsuite>",
	    "claim 1 G.tests=3 (3)\nclaim 1 G.skipped=0 (0)\nresult 1 test|G|a pass 0s\n"
	    "result 1 test|G|DISABLED_b skip 0s\n"
	    "result 1 test|G|c pass @2026-01-12T06:00:00Z flaky: it failed before it passed\n"
	    "result 1 suite||G pass\n");
}

static void
test_counts(void **state)
{
	(void)state;
	gives("<testsuite name='s' tests='3' failures='0'>\n<testcase name='a'/><testcase name='b'><failure/></testcase></testsuite>",
	    "claim 1 s.tests=3 (3)\nclaim 1 s.failures=0 (0)\nresult 2 test|s|a pass\nresult 2 test|s|b fail\n"
	    "problem 1 warning suite s: its counts and its cases do not agree: 3 tests stated, 2 listed, 0 failures stated, 1 listed\n"
	    "result 1 suite||s fail suite s: its counts and its cases do not agree: 3 tests stated, 2 listed, 0 failures "
	    "stated, 1 listed\n");
	gives("<testsuite name='s' tests='2' failures='0'><testcase name='a'/></testsuite>",
	    "claim 1 s.tests=2 (2)\nclaim 1 s.failures=0 (0)\nresult 1 test|s|a pass\n"
	    "problem 1 warning suite s: its counts and its cases do not agree: 2 tests stated, 1 listed\n"
	    "result 1 suite||s incomplete suite s: its counts and its cases do not agree: 2 tests stated, 1 listed\n");
	gives("<testsuite name='s' failures='1'><testcase name='a'/></testsuite>",
	    "claim 1 s.failures=1 (1)\nresult 1 test|s|a pass\n"
	    "problem 1 warning suite s: its counts and its cases do not agree: 1 failures stated, 0 listed\n"
	    "result 1 suite||s fail suite s: its counts and its cases do not agree: 1 failures stated, 0 listed\n");
	gives("<testsuite name='s' tests='1'><testcase name='a'/><testcase name='b'/></testsuite>",
	    "claim 1 s.tests=1 (1)\nresult 1 test|s|a pass\nresult 1 test|s|b pass\n"
	    "problem 1 warning suite s: its counts and its cases do not agree: 1 tests stated, 2 listed\n"
	    "result 1 suite||s unknown suite s: its counts and its cases do not agree: 1 tests stated, 2 listed\n");
	/* pytest: failed in the call and again in the teardown. */
	gives("<testsuite name='s' tests='1' failures='1' errors='1'><testcase name='a'><failure/></testcase>"
	      "<testcase name='a'><error/></testcase></testsuite>",
	    "claim 1 s.tests=1 (1)\nclaim 1 s.failures=1 (1)\nclaim 1 s.errors=1 (1)\nresult 1 test|s|a fail\n"
	    "result 1 test|s|a error\nresult 1 suite||s fail\n");
	gives("<testsuite name='s' tests='0'></testsuite>",
	    "claim 1 s.tests=0 (0)\nresult 1 suite||s skip no tests\n");
	gives("<testsuites/>", "result 1 suite||testsuites skip no tests\n");
	/* A count that is no number is a claim, and compared with nothing. */
	gives("<testsuite tests='many'><testcase name='a'/></testsuite>",
	    "claim 1 testsuite.tests=many (NaN)\nresult 1 test|testsuite|a pass\nresult 1 suite||testsuite pass\n");
}

/* No standard, so no name is safe: a failure is one under whatever name, and what is no known word is no pass. */
static void
test_other_names(void **state)
{
	static const struct {
		const char *text, *status;
	} cases[] = {
		{"<testcase name='a'><Failure/></testcase>", "fail"},
		{"<testcase name='a'><x:failure xmlns:x='urn:x'/></testcase>", "fail"},
		{"<testcase name='a'><ERROR/></testcase>", "error"},
		{"<TestCase name='a'><failure/></TestCase>", "fail"},
		{"<x:testcase xmlns:x='urn:x' name='a'><failure/></x:testcase>", "fail"},
		{"<testcase name='a'><failures/></testcase>", "fail"},
		{"<testcase name='a'><system-error/></testcase>", "fail"},
		{"<testcase name='a'><broken message='m'/></testcase>", "fail"},
		{"<testcase name='a'><rerunFailure/></testcase>", "fail"},
		{"<testcase name='a'><properties><failed/></properties></testcase>", "pass"},
		{"<testcase name='a'><system-err>Error: no</system-err></testcase>", "pass"},
		{"<testcase name='a' status='failed'/>", "fail"},
		{"<testcase name='a' Status='FAILED'/>", "fail"},
		{"<testcase name='a' result='Failure'/>", "fail"},
		{"<testcase name='a' x:result='failed' xmlns:x='urn:x'/>", "fail"},
		{"<testcase name='a' outcome='timed out'/>", "fail"},
		{"<testcase name='a' success='false'/>", "fail"},
		{"<testcase name='a' passed='false'/>", "fail"},
		{"<testcase name='a' failed='true'/>", "fail"},
		{"<testcase name='a' status='run' result='failed'/>", "fail"},
		{"<testcase name='a' status='inconclusive'/>", "unknown"},
		{"<testcase name='a' status='inconclusive'><skipped/></testcase>", "unknown"},
		{"<testcase name='a' status='passed'/>", "pass"},
		{"<testcase name='a' status='' result='completed'/>", "pass"},
		{"<testcase name='a' status='ignored'/>", "skip"},
		{"<testcase name='a' status='skipped'><failure/></testcase>", "fail"},
	};
	struct sb text = {0}, want = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sb_reset(&text);
		sb_addf(&text, "<testsuite name='s'>%s</testsuite>", cases[i].text);
		assert_int_equal(read_sv(sb_sv(&text)), 0);
		sb_reset(&want);
		sb_addf(&want, "result 1 test|s|a %s", cases[i].status);
		if (strstr(sb_str(&rec.all), sb_str(&want)) == NULL)
			fail_msg("%s is not %s:\n%s", cases[i].text, cases[i].status, sb_str(&rec.all));
	}
	sb_free(&text);
	sb_free(&want);
	/* What is of no case is the suite's. */
	gives("<testsuite name='s'><testcase name='a'/><error message='setup'/></testsuite>",
	    "result 1 test|s|a pass\nresult 1 suite||s fail\n");
	gives("<testsuites><testsuite name='s'><testcase name='a'/></testsuite><Failure/></testsuites>",
	    "result 1 test|s|a pass\nresult 1 suite||s pass\nresult 1 suite||testsuites fail\n");
	gives("<testsuite name='s' status='failed'><testcase name='a'/></testsuite>", "result 1 test|s|a pass\nresult 1 suite||s fail\n");
	gives("<testsuite name='s'><x:errors xmlns:x='urn:x'/><testcase name='a'/></testsuite>",
	    "result 1 test|s|a pass\nresult 1 suite||s fail\n");
	gives("<testsuites result='partial'><testsuite name='s'><testcase name='a'/></testsuite></testsuites>",
	    "result 1 test|s|a pass\nresult 1 suite||s pass\nresult 1 suite||testsuites unknown\n"
	    "problem 1 warning outcome that is no word we know: it is not taken for a pass\n");
	gives("<testsuite name='s' failed='2'><testcase name='a'/></testsuite>",
	    "result 1 test|s|a pass\n"
	    "problem 1 warning suite s: its counts and its cases do not agree: 2 failures stated, 0 listed\n"
	    "result 1 suite||s fail suite s: its counts and its cases do not agree: 2 failures stated, 0 listed\n");
	gives("<x:TestSuites xmlns:x='urn:x'><x:testsuite name='s'><x:testcase name='a'/></x:testsuite></x:TestSuites>",
	    "result 1 test|s|a pass\nresult 1 suite||s pass\nresult 1 suite||testsuites pass\n");
}

static void
test_odd(void **state)
{
	(void)state;
	gives("<testsuite name='s' timestamp='2026-01-12T06:00:00'>\n<testcase name='a' time='soon'/>\n<testcase time='-1'/>"
	      "</testsuite>",
	    "result 2 test|s|a pass\nresult 3 test|s|(no name) pass\nresult 1 suite||s pass\n"
	    "problem 1 warning timestamp that cannot be read (no zone?): when these tests ran is not known from it\n"
	    "problem 2 warning time that is no number of seconds, not used (2 times, first here)\n"
	    "problem 3 warning test case without a name\n");
	assert_non_null(zone = time_zone_open("Africa/Johannesburg", &err));
	gives("<testsuite name='s' timestamp='2026-01-12T06:00:00'><testcase name='a'/></testsuite>",
	    "result 1 test|s|a pass @2026-01-12T04:00:00Z\nresult 1 suite||s pass @2026-01-12T04:00:00Z\n");
	time_zone_free(zone);
	zone = NULL;
}

static void
test_long(void **state)
{
	struct sb text = {0};
	int i;

	(void)state;
	sb_adds(&text, "<testsuite name='s'><testcase name='a'><failure message='");
	for (i = 0; i < 100000; i++)
		sb_adds(&text, "\xc3\xa4");
	sb_adds(&text, "'/></testcase><testcase name='b'><failure>");
	for (i = 0; i < 100000; i++)
		sb_adds(&text, "\xc3\xa4");
	sb_adds(&text, "</failure></testcase></testsuite>");
	assert_int_equal(read_sv(sb_sv(&text)), 0);
	assert_true(strstr(sb_str(&rec.all), "message or name longer than is kept (4096 and 1024 bytes) (2 times") != NULL);
	assert_true(rec.all.n < 10000);
	sb_reset(&text);
	sb_adds(&text, "<testsuite name='s'><testcase name='");
	for (i = 0; i < 9 << 20; i++)
		sb_addc(&text, 'x');
	assert_int_equal(read_sv(sb_sv(&text)), -1);
	assert_string_equal(err.msg, "j.xml:1: more than 8 MiB in one tag");
	sb_free(&text);
}

static void
test_broken(void **state)
{
	struct sb deep = {0};
	int i;

	(void)state;
	refused("<testsuite name='s'>\n<testcase name='a'/>\n", "j.xml:3:1: no element found");
	refused("<testsuite name='s'>\n<testcase name='a", "j.xml:2:1: unclosed token");
	refused("<testsuite name='s'><testcase name='a'></testsuite>", "j.xml:1:42: mismatched tag");
	refused("<testsuite/>\nOK", "j.xml:2:1: junk after document element");
	refused("<testsuite name='\xff'/>", "j.xml:1:");
	refused("<!DOCTYPE testsuite [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]><testsuite name='&b;'/>",
	    "j.xml:1:21: a document type with declarations of its own is not read");
	refused("<testsuite name='&b;'/>", "j.xml:1:1: undefined entity");
	refused("<!DOCTYPE testsuite SYSTEM 'http://127.0.0.1/x.dtd'><a/>", "j.xml:1:53: the document is no <testsuites>");
	refused("<testsuite><testcase name='a'><testcase name='b'/></testcase></testsuite>",
	    "j.xml:1:31: a test case inside a test case");
	for (i = 0; i < 40; i++)
		sb_adds(&deep, "<testsuite>");
	refused(sb_str(&deep), "j.xml:1:353: more than 32 test suites inside each other");
	sb_reset(&deep);
	sb_adds(&deep, "<testsuite>");
	for (i = 0; i < 100000; i++)
		sb_adds(&deep, "<a>");
	refused(sb_str(&deep), "j.xml:1:201: more than 64 elements inside each other");
	sb_free(&deep);
}

static void
test_recognised(void **state)
{
	(void)state;
	assert_int_equal(read_sv(SV("<html><testsuite/></html>")), -2);
	assert_int_equal(read_sv(SV("<testsuitesque/>")), -2);
	assert_int_equal(read_sv(SV("testsuite")), -2);
	assert_int_equal(read_sv(SV("<!-- testsuite")), -2);
	assert_int_equal(read_sv(SV("\xef\xbb\xbf<?xml version='1.0'?>\r\n<!-- a -->\r\n<testsuite\n/>")), 0);
}

static void
test_sink_fails(void **state)
{
	static const char text[] = "<testsuite name='s' tests='3' timestamp='x'><properties><property name='p' value='v'/>"
	                           "</properties><testcase name='a'/></testsuite>";
	int i, calls;

	(void)state;
	rec.fail_after = 0;
	assert_int_equal(read_sv(SV(text)), 0);
	calls = rec.calls;
	assert_int_equal(calls, 6);
	for (i = 1; i <= calls; i++) {
		rec.fail_after = i;
		assert_int_equal(read_sv(SV(text)), -1);
		assert_string_equal(err.msg, "the sink said no");
		assert_int_equal(rec.calls, i);
	}
	rec.fail_after = 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pytest),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_recognised),
		cmocka_unit_test(test_sink_fails),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
