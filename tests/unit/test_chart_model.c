/* Charts of any kind: gaps, units, axes, what is derived, and layouts in which nothing is cut or overlaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/time.h"
#include "chart/axis.h"
#include "chart/derive.h"
#include "chart/lines.h"

static void
test_gaps(void **state)
{
	const struct chart_point p[] = {{0, 1}, {10, 2}, {20, NAN}, {30, 3}, {40, 4}, {100, 5}, {110, 6}, {110, 7}};
	struct arena a = {0};
	struct chart_data d = chart_data(p, 8, 0, &a);
	const struct chart_data *all[] = {&d};
	struct chart_gap *gap;

	(void)state;
	assert_int_equal(d.n, 6);
	assert_int_equal(d.dropped, 1);
	assert_true(d.interval == 10);
	assert_true(d.point[5].y == 7); /* of equal times the last counts */
	assert_int_equal(d.n_cuts, 2);  /* at the NaN, and after 40 */
	assert_int_equal(d.cut[0], 2);
	assert_int_equal(d.cut[1], 4);
	assert_int_equal(chart_gaps(all, 1, 0, 200, &a, &gap), 3);
	assert_int_equal(gap[1].from, 40);
	assert_int_equal(gap[1].to, 100);
	assert_int_equal(gap[2].to, 200);
	d = chart_data(p, 2, 0, &a);
	assert_int_equal(d.n_cuts, 1); /* nobody knows how far apart two samples should be */
	d = chart_data(p, 2, 10, &a);
	assert_int_equal(d.n_cuts, 0);
	d = chart_data(p, 0, 0, &a);
	assert_int_equal(d.n, 0);
	arena_free(&a);
}

static void
says(const char *unit, double v, const char *want)
{
	struct arena a = {0};
	struct unit u;
	struct sv text;

	unit_find(sv_of(unit), &u);
	text = unit_text(&u, v, 5000, &a);
	if (!sv_is(text, want))
		fail_msg("%s %g: %.*s, wanted %s", unit, v, (int)text.n, text.p, want);
	arena_free(&a);
}

static void
test_units(void **state)
{
	(void)state;
	says("bytes", 1536, "1.5 KiB");
	says("bytes", 0, "0 B");
	says("decbytes", 1.5e9, "1.5 GB");
	says("kbytes", 1024, "1 MiB");
	says("MBs", 2, "2 MB/s");
	says("reqps", 12345, "12.3 kreq/s");
	says("reqps", 694, "694 req/s");
	says("short", 9500, "9500");
	says("short", 1.5e6, "1.5M");
	says("percentunit", 0.972, "97.2 %");
	says("percent", 12.5, "12.5 %");
	says("s", 0.25, "250 ms");
	says("s", 125, "2 min 5 s");
	says("ms", 1e-6, "1 ns");
	says("dtdurations", 7380, "2 h 3 min");
	says("dthms", 3725, "01:02:05");
	says("dateTimeAsIso", 0, "1970-01-01 00:00:00");
	says("dateTimeFromNow", 4000, "1 s before the end");
	says("bool_yes_no", 1, "Yes");
	says("currencyUSD", 1200000, "$1.2M");
	says("celsius", -3, "−3 °C");
	says("rows/s", 5, "5 rows/s");
	says("suffix: apples", 5, "5  apples");
	says("locale", 1234567, "1 234 567");
	says("s", NAN, "n/a");
	says("bytes", INFINITY, "∞");
}

/* Ticks rise, are round, lie on the axis, and their labels differ. */
static void
check_axis(double low, double high, const char *unit, bool log)
{
	struct axis_wish w = {.low = low, .high = high, .min = NAN, .max = NAN, .log = log, .ticks = 5};
	struct arena a = {0};
	struct axis x;
	size_t i;

	unit_find(sv_of(unit), &w.unit);
	axis_make(&x, &w, &a);
	assert_in_range(x.n, 2, AXIS_MOST);
	if (low <= high && !(log && low <= 0)) {
		if (x.low > low + 1e-9 * fabs(low) || x.high < high - 1e-9 * fabs(high))
			fail_msg("%g to %g in %s: the axis is %g to %g", low, high, unit, x.low, x.high);
	}
	for (i = 0; i < x.n; i++) {
		assert_true(axis_at(&x, x.tick[i].v, false) > -1e-6 && axis_at(&x, x.tick[i].v, false) < 1 + 1e-6);
		assert_true(i == 0 || x.tick[i].v > x.tick[i - 1].v);
		if (i > 0 && sv_eq(x.tick[i].label, x.tick[i - 1].label))
			fail_msg("%g to %g in %s: two ticks are called %s", low, high, unit, x.tick[i].label.p);
	}
	arena_free(&a);
}

static void
test_axes(void **state)
{
	static const double span[][2] = {{0, 1}, {0, 694}, {42, 42}, {0, 0}, {-5, -5}, {-60, 40}, {1e-9, 4e-9}, {1e12, 4e12}, {99.2, 99.9}, {1, -1},
	    {1e300, 2e300}, {-1e-300, 1e-300}, {1000000, 1000001}, {0.001, 10}};
	static const char *const unit[] = {"short", "bytes", "s", "percentunit", "dtdurations"};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(span) / sizeof(*span); i++)
		for (k = 0; k < sizeof(unit) / sizeof(*unit); k++) {
			if (fabs(span[i][0]) > 1e15 && k > 0)
				continue;
			check_axis(span[i][0], span[i][1], unit[k], false);
		}
	check_axis(0.001, 10, "s", true);
	check_axis(1, 1e9, "short", true);
	check_axis(5, 6, "short", true);
}

static void
test_derived(void **state)
{
	const struct chart_point one[] = {{1000, 10}, {2000, 0}}, two[] = {{1000, 90}, {2000, 0}}, inf[] = {{1000, 100}, {2000, 4}};
	const struct derive_bucket b[] = {{INFINITY, inf, 2}, {0.1, one, 2}, {1, two, 2}};
	struct unit u = {.kind = UNIT_TIME, .factor = 1, .decimals = -1};
	struct arena a = {0};
	struct chart_heat heat;
	struct chart_point *p;
	size_t n;
	double total;

	(void)state;
	assert_true(derive_heat(b, 3, 1000, &u, &a, &heat));
	assert_int_equal(heat.n_rows, 3);
	assert_true(sv_is(heat.edge[0], "100 ms") && sv_is(heat.edge[2], "+Inf")); /* sorted as numbers */
	assert_true(fabs(heat.cell[1] - 0.8) < 1e-12 && fabs(heat.cell[2] - 0.1) < 1e-12);
	p = derive_quantile(b, 3, 0.5, &a, &n);
	assert_int_equal(n, 2);
	assert_true(fabs(p[0].y - (0.1 + 0.9 * 40 / 80)) < 1e-12);
	assert_true(isinf(p[1].y)); /* all of them above the highest bound: no number */
	assert_true(isinf(derive_quantile_all(b, 3, 0.99, &total)));
	assert_true(total == 104);
	arena_free(&a);
}

/* A course with outliers that grows by 2 a second: the slope is that, whatever the outliers. */
static void
test_trend(void **state)
{
	struct chart_point p[1000];
	struct arena a = {0};
	struct chart_data d;
	struct derive_trend t;
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		p[i] = (struct chart_point){(double)i * 1000, 2 * (double)i + (i % 50 == 0 ? 5000 : 0)};
	d = chart_data(p, 1000, 0, &a);
	t = derive_trend(&d, 0, 1000000);
	assert_true(t.known);
	assert_true(fabs(t.slope - 2) < 0.05);
	assert_true(t.low <= t.slope && t.slope <= t.high);
	t = derive_trend(&d, 0, 5000);
	assert_false(t.known); /* five samples are no trend */
	arena_free(&a);
}

static void
test_lines(void **state)
{
	struct arena a = {0};
	struct chart_lines l;
	struct err e = {0};

	(void)state;
	assert_int_equal(chart_lines("x", SV("time\tvalue\tseries\n2026-01-12T06:00:00Z\t1\ta\n2026-01-12T06:01:00Z\t2\tb\n"), &a, &l, &e), 0);
	assert_int_equal(l.n, 2);
	assert_true(l.times && sv_is(l.v[1].name, "b") && l.v[1].point[0].x == 1768197660000.0);
	assert_int_equal(chart_lines("x", SV("1768197180 1 5\n1768197240 - 6\n"), &a, &l, &e), 0);
	assert_int_equal(l.n, 2);
	assert_true(isnan(l.v[0].point[1].y));
	assert_int_equal(chart_lines("x", SV("1,10\n3,5\n2,7\n"), &a, &l, &e), 0);
	assert_true(!l.times && l.v[0].point[1].x == 2); /* put in order */
	assert_int_equal(chart_lines("x", SV("1768197180,1\nx,2\n"), &a, &l, &e), -1);
	assert_string_equal(e.msg, "x:2: 'x' is no time");
	assert_int_equal(chart_lines("x", SV(""), &a, &l, &e), 0);
	assert_int_equal(l.n, 0);
	arena_free(&a);
}

static struct fonts *fonts;

static struct prim_box
text_at(const struct prim *q)
{
	double w = fonts_width(fonts, q->text, q->size, q->bold);

	return (struct prim_box){q->x - (q->anchor == ANCHOR_END ? w : q->anchor == ANCHOR_MIDDLE ? w / 2 : 0), q->y - 0.7 * q->size, w, 0.8 * q->size};
}

static void
check_texts(const struct picture *p)
{
	size_t i, k;

	for (i = 0; i < p->n; i++) {
		struct prim_box b;

		if (p->prim[i].kind != PRIM_TEXT)
			continue;
		b = text_at(&p->prim[i]);
		if (b.x < -1 || b.x + b.w > p->width + 1 || b.y < -1 || b.y + b.h > p->height + 2)
			fail_msg("cut: %.*s", (int)p->prim[i].text.n, p->prim[i].text.p);
		for (k = 0; k < i; k++) {
			struct prim_box o;

			if (p->prim[k].kind != PRIM_TEXT)
				continue;
			o = text_at(&p->prim[k]);
			if (b.x + 0.5 < o.x + o.w && o.x + 0.5 < b.x + b.w && b.y + 0.5 < o.y + o.h && o.y + 0.5 < b.y + b.h)
				fail_msg("over each other: %.*s and %.*s", (int)p->prim[i].text.n, p->prim[i].text.p, (int)p->prim[k].text.n, p->prim[k].text.p);
		}
	}
}

/* Many shapes of data in many sizes: no text is cut, none lies over another; the same twice. */
static void
test_layouts(void **state)
{
	static const double size[][2] = {{0, 0}, {372, 240}, {1400, 500}, {300, 160}, {760, 120}};
	static const char *const names[] = {"search", "a name that is much longer than any picture has room for, whatever its size", "x", "", "fetch-proxy"};
	static const size_t counts[] = {1, 3, 8, 12};
	size_t i, k, s, j;

	(void)state;
	for (s = 0; s < sizeof(size) / sizeof(*size); s++)
		for (i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
			struct chart_series series[12];
			struct arena a = {0};
			struct chart_band band = {30 * TIME_MINUTE, 40 * TIME_MINUTE, SV("chaos window")};
			struct chart_flag flag[] = {{10 * TIME_MINUTE, FLAG_EVENT, SV("deployment")}, {31 * TIME_MINUTE, FLAG_RESTART, SV("restart")}};
			struct chart c = {.kind = CHART_PLOT, .title = SV("Requests per second"), .subtitle = SV("a subtitle"), .footer = SV("a footer"),
			    .width = size[s][0], .height = size[s][1], .series = series, .n_series = counts[i], .from = 0, .to = (double)TIME_HOUR,
			    .band = &band, .n_bands = 1, .flag = flag, .n_flags = 2, .end = TIME_HOUR};
			struct picture p = {.n = 0}, again = {.n = 0};
			struct sb one = {0}, two = {0};

			for (k = 0; k < counts[i]; k++) {
				struct chart_point *point = arena_new(&a, 240, sizeof(*point));
				size_t n = 0;

				for (j = 0; j < 240; j++)
					if (j < 100 || j > 130)
						point[n++] = (struct chart_point){(double)j * 15000, (double)(k + 1) * (1 + sin((double)j / 9)) * 1e3};
				series[k] = (struct chart_series){.name = sv_of(names[k % 5]), .data = chart_data(point, n, 15000, &a), .stack = i == 2,
				    .fill = i == 1};
			}
			assert_int_equal(chart_layout(&c, fonts, &p, NULL), 0);
			check_texts(&p);
			assert_int_equal(chart_layout(&c, fonts, &again, NULL), 0);
			picture_text(&p, &one);
			picture_text(&again, &two);
			assert_true(sv_eq(sb_sv(&one), sb_sv(&two)));
			assert_true(sv_find(sb_sv(&one), SV("hatch ")) < one.n);
			sb_free(&one);
			sb_free(&two);
			picture_free(&p);
			picture_free(&again);
			arena_free(&a);
		}
}

static void
test_refused(void **state)
{
	struct chart c = {.kind = CHART_PLOT, .width = 10};
	struct picture p = {.n = 0};
	struct err e = {0};

	(void)state;
	assert_int_equal(chart_layout(&c, fonts, &p, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	picture_free(&p);
	c.width = 0;
	assert_int_equal(chart_layout(&c, NULL, &p, &e), -1);
	picture_free(&p);
}

/* Each kind without anything to show says so, and does not draw an empty axis. */
static void
test_nothing(void **state)
{
	enum chart_kind kind;

	(void)state;
	for (kind = CHART_PLOT; kind <= CHART_TABLE; kind++) {
		struct chart c = {.kind = kind, .title = SV("x"), .why = SV("it was not recorded"), .end = TIME_NONE};
		struct picture p = {.n = 0};
		struct sb out = {0};

		assert_int_equal(chart_layout(&c, fonts, &p, NULL), 0);
		picture_text(&p, &out);
		assert_true(sv_find(sb_sv(&out), SV("\"no evidence\"")) < out.n);
		assert_true(sv_find(sb_sv(&out), SV("it was not recorded")) < out.n);
		sb_free(&out);
		picture_free(&p);
	}
}

static int
set_up(void **state)
{
	(void)state;
	fonts = fonts_open(NULL);
	return fonts == NULL;
}

static int
tear_down(void **state)
{
	(void)state;
	fonts_close(fonts);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_gaps),
	    cmocka_unit_test(test_units),
	    cmocka_unit_test(test_axes),
	    cmocka_unit_test(test_derived),
	    cmocka_unit_test(test_trend),
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_layouts),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
