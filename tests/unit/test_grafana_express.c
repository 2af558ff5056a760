/* Server-side expressions: numbers, series, the labels that join them, and what cannot be done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "grafana/frame.h"

struct board {
	struct gf_dashboard d;
	struct gf_frames f;
	struct arena a;
};

/* A series of a query: values at 0, 10, 20 s and so on. */
static void
add(struct board *b, const char *ref, const char *tool, const double *v, size_t n, double step)
{
	struct gf_frame *f = &b->f.v[b->f.n++];
	struct gf_column *c = arena_new(&b->a, 2, sizeof(*c));
	size_t i;

	c[0] = (struct gf_column){.name = SV("Time"), .kind = GF_TIME, .cell = arena_new(&b->a, n, sizeof(struct gf_cell))};
	c[1] = (struct gf_column){.name = SV("Value"), .kind = GF_NUMBER, .cell = arena_new(&b->a, n, sizeof(struct gf_cell))};
	if (tool != NULL) {
		c[1].labels = (struct labels){arena_new(&b->a, 1, sizeof(struct label)), 1};
		c[1].labels.v[0] = (struct label){SV("tool"), sv_of(tool)};
	}
	for (i = 0; i < n; i++) {
		c[0].cell[i].v = (double)i * 10000;
		c[1].cell[i].v = v[i];
	}
	*f = (struct gf_frame){.ref_id = sv_of(ref), .column = c, .n_columns = 2, .n_rows = n, .step = step};
}

/* The frames that the expression adds begin at f.v[f.n - their number]; why it cannot be, or NULL. */
static const char *
express(struct board *b, const char *target)
{
	static const double search[] = {1, 2, 4}, fetch[] = {10, NAN, 30}, all[] = {100, 200}, now[] = {5};
	struct sb json = {0};
	struct err e = {0};

	*b = (struct board){.f = {.v = NULL}};
	b->f.arena = &b->a;
	b->f.v = arena_new(&b->a, 4, sizeof(*b->f.v));
	add(b, "A", "search", search, 3, 10000);
	add(b, "A", "fetch", fetch, 3, 10000);
	add(b, "B", NULL, all, 2, 10000);
	add(b, "N", NULL, now, 1, 0);
	sb_addf(&json, "{\"panels\":[{\"id\":1,\"type\":\"stat\",\"targets\":[{\"refId\":\"C\",\"datasource\":{\"type\":\"__expr__\",\"uid\":\"__expr__\"},%s}]}]}", target);
	if (gf_read("x", sb_sv(&json), &b->d, &e) != 0)
		fail_msg("%s", e.msg);
	sb_free(&json);
	return gf_express(&b->d.panel[0].target[0], &b->f);
}

static void
done(struct board *b)
{
	gf_free(&b->d);
	arena_free(&b->a);
}

/* One number. */
static void
gives(const char *formula, double want)
{
	struct board b;
	struct sb target = {0};
	const char *why;
	double got;

	sb_addf(&target, "\"type\":\"math\",\"expression\":\"%s\"", formula);
	why = express(&b, sb_str(&target));
	if (why != NULL)
		fail_msg("%s: %s", formula, why);
	assert_int_equal(b.f.n, 5);
	got = b.f.v[4].column[0].cell[0].v;
	if (!(got == want || (isnan(got) && isnan(want))))
		fail_msg("%s: %g, wanted %g", formula, got, want);
	sb_free(&target);
	done(&b);
}

static void
fails(const char *target, const char *say)
{
	struct board b;
	const char *why = express(&b, target);

	if (why == NULL || strstr(why, say) == NULL)
		fail_msg("%s: %s, wanted %s", target, why != NULL ? why : "it was done", say);
	assert_int_equal(b.f.n, 4);
	done(&b);
}

static void
test_numbers(void **state)
{
	(void)state;
	gives("$N * 2 + 1", 11);
	gives("1 + 2 * 3 ** 2", 19);
	gives("-(2 - 5) % 2", 1);
	gives("${N} >= 5 && !($N == 4)", 1);
	gives("$N < 5 || 0", 0);
	gives("1e-1 + 0.5", 0.6);
	gives("abs(-3) + ceil(0.2) + floor(1.9) + round(2.5)", 8);
	gives("is_nan(nan()) + is_inf(infn()) + is_number(1)", 3);
	gives("1 / 0", INFINITY);
	gives("0 && nan()", 0);
	gives("nan() + 1", NAN);
}

static void
test_series(void **state)
{
	struct board b;

	(void)state;
	assert_null(express(&b, "\"type\":\"math\",\"expression\":\"$A / $B * 100\""));
	assert_int_equal(b.f.n, 6); /* both tools against the one that has no labels, where both have a value */
	assert_true(b.f.v[4].n_rows == 2 && b.f.v[4].column[1].cell[1].v == 1 && b.f.v[4].column[0].cell[1].v == 10000);
	assert_true(sv_is(labels_get(&b.f.v[5].column[1].labels, "tool"), "fetch") && isnan(b.f.v[5].column[1].cell[1].v));
	assert_true(sv_is(b.f.v[4].ref_id, "C") && b.f.v[4].step == 10000);
	done(&b);
	assert_null(express(&b, "\"type\":\"math\",\"expression\":\"$A + $A\"")); /* each with itself only */
	assert_true(b.f.n == 6 && b.f.v[4].column[1].cell[2].v == 8);
	done(&b);
	assert_null(express(&b, "\"type\":\"math\",\"expression\":\"$Z + 1\"")); /* no data is no error */
	assert_int_equal(b.f.n, 4);
	done(&b);
}

static void
test_reductions(void **state)
{
	struct board b;

	(void)state;
	assert_null(express(&b, "\"type\":\"reduce\",\"reducer\":\"mean\",\"expression\":\"A\""));
	assert_true(b.f.n == 6 && b.f.v[4].n_columns == 1 && fabs(b.f.v[4].column[0].cell[0].v - 7.0 / 3) < 1e-12);
	assert_true(isnan(b.f.v[5].column[0].cell[0].v)); /* strict: one value is none */
	done(&b);
	assert_null(express(&b, "\"type\":\"reduce\",\"reducer\":\"mean\",\"expression\":\"A\",\"settings\":{\"mode\":\"dropNN\"}"));
	assert_true(b.f.v[5].column[0].cell[0].v == 20);
	done(&b);
	assert_null(express(&b, "\"type\":\"reduce\",\"reducer\":\"sum\",\"expression\":\"A\",\"settings\":{\"mode\":\"replaceNN\",\"replaceWithValue\":2}"));
	assert_true(b.f.v[5].column[0].cell[0].v == 42);
	done(&b);
	assert_null(express(&b, "\"type\":\"threshold\",\"expression\":\"A\",\"conditions\":[{\"evaluator\":{\"type\":\"within_range\",\"params\":[1,3]}}]"));
	assert_true(b.f.n == 6 && b.f.v[4].column[1].cell[0].v == 0 && b.f.v[4].column[1].cell[1].v == 1);
	done(&b);
}

static void
test_refused(void **state)
{
	(void)state;
	fails("\"type\":\"math\",\"expression\":\"$A +\"", "operand is missing");
	fails("\"type\":\"math\",\"expression\":\"($A\"", "not closed");
	fails("\"type\":\"math\",\"expression\":\"$A $B\"", "not understood");
	fails("\"type\":\"math\",\"expression\":\"null()\"", "null() is not evaluated");
	fails("\"type\":\"math\",\"expression\":\"magic($A)\"", "magic() is not evaluated");
	fails("\"type\":\"sql\",\"expression\":\"SELECT 1\"", "'sql'");
	fails("\"type\":\"resample\",\"expression\":\"A\"", "'resample'");
	fails("\"type\":\"reduce\",\"reducer\":\"p95\",\"expression\":\"A\"", "'p95'");
	fails("\"type\":\"threshold\",\"expression\":\"A\",\"conditions\":[{\"evaluator\":{\"type\":\"odd\",\"params\":[1]}}]", "'odd'");
	fails("\"type\":\"math\",\"expression\":\"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1\"", "nested too deeply");
}

static void
test_reads(void **state)
{
	struct gf_target math = {.expression = SV("math"), .expr = SV("$A1 / ${B} + $C")}, reduce = {.expression = SV("reduce"), .expr = SV("D")};

	(void)state;
	assert_true(gf_express_reads(&math, SV("A1")) && gf_express_reads(&math, SV("B")) && gf_express_reads(&math, SV("C")));
	assert_false(gf_express_reads(&math, SV("A")) || gf_express_reads(&math, SV("D")) || gf_express_reads(&math, SV("")));
	assert_true(gf_express_reads(&reduce, SV("D")));
	assert_false(gf_express_reads(&reduce, SV("A")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_series),
	    cmocka_unit_test(test_reductions),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_reads),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
