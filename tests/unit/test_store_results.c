/* Results: what the store keeps of a test case, a check, a checkpoint. */
#include "store_help.h"

static void
result(struct store *s, int64_t content, const char *name, const char *status, int64_t t, int64_t line)
{
	struct store_result r = {.kind = SV("test"), .suite = SV("smoke"), .name = sv_of(name), .status = sv_of(status),
	    .t = t, .duration = t == TIME_NONE ? NAN : 0.25, .text = SV("why"), .line = line};

	OK(store_add_result(s, content, &r, &err));
}

static void
test_rows(void **state)
{
	struct store *s = fresh_store("results.db");
	int64_t a = content(s, "aa"), b = content(s, "bb");
	struct store_rows *rows;
	struct store_result got;

	(void)state;
	artifact(s, a, "s10.log");
	artifact(s, b, "s9.log");
	result(s, a, "late", "pass", NOW + 1, 1);
	result(s, a, "same", "fail", NOW, 2);
	result(s, b, "same", "pass", NOW, 3);
	result(s, a, "never", "unknown", TIME_NONE, 4);
	assert_non_null(rows = store_results_open(s, &err));
	assert_int_equal(store_results_next(rows, &got, &err), 1);
	assert_true(sv_is(got.name, "never") && got.t == TIME_NONE && isnan(got.duration) && got.line == 4);
	assert_int_equal(store_results_next(rows, &got, &err), 1);
	assert_true(sv_is(got.name, "same") && sv_is(got.status, "pass") && sv_is(got.source, "s9.log"));
	assert_true(sv_is(got.kind, "test") && sv_is(got.suite, "smoke") && sv_is(got.text, "why"));
	assert_true(got.t == NOW && got.duration == 0.25 && got.content == b);
	assert_int_equal(store_results_next(rows, &got, &err), 1);
	assert_true(sv_is(got.status, "fail") && sv_is(got.source, "s10.log"));
	assert_int_equal(store_results_next(rows, &got, &err), 1);
	assert_true(sv_is(got.name, "late"));
	assert_int_equal(store_results_next(rows, &got, &err), 0);
	store_rows_close(rows);
	finish(s);
}

/* A status that is none is refused by the table itself. */
static void
test_refused(void **state)
{
	struct store *s = fresh_store("refused.db");
	struct store_result r = {.kind = SV("test"), .name = SV("x"), .status = SV("green"), .t = NOW, .line = 1};

	(void)state;
	assert_int_equal(store_add_result(s, content(s, "aa"), &r, &err), -1);
	finish(s);
}

/* What only the short version of a file said goes with it. */
static void
test_supersede(void **state)
{
	struct store *s = fresh_store("grown.db");
	int64_t old = content(s, "aa"), grown = content(s, "bb");

	(void)state;
	artifact(s, old, "x.log");
	result(s, old, "one", "pass", NOW, 1);
	result(s, grown, "one", "pass", NOW, 1);
	result(s, grown, "two", "fail", NOW + 1, 2);
	artifact(s, grown, "x.log");
	OK(store_supersede(s, SV("x.log"), old, &err));
	OK(store_end(s, 0, &err));
	is_text(shell(at("grown.db"), "SELECT name, status, artifact, time FROM results"),
	    "one|pass|x.log|2026-01-12T06:00:00.000Z\ntwo|fail|x.log|2026-01-12T06:00:00.001Z\n");
	store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_supersede),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
