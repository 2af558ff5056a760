#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clean.h"
#include "base/doc.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/time.h"
#include "chart/chart.h"

#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))

#define START INT64_C(1768197600000) /* 2026-01-12T06:00:00Z */
#define MOST_STEPS 100000

static struct fonts *fonts;

static int
open_fonts(void **state)
{
	struct err e = {0};

	(void)state;
	fonts = fonts_open(&e);
	return fonts == NULL ? -1 : 0;
}

static int
close_fonts(void **state)
{
	(void)state;
	fonts_close(fonts);
	return 0;
}

/* A chart and the memory behind it. */
struct fixture {
	struct chart_ratio c;
	struct chart_step *step;
	struct chart_band band[64];
	struct chart_flag flag[4000];
	unsigned seed;
};

static double
random_share(struct fixture *x)
{
	x->seed = x->seed * 1103515245u + 12345u;
	return (x->seed >> 16 & 0x7fff) / 32768.0;
}

/* n steps of one length over the run, about 99.86 %. */
static struct fixture *
fixture(size_t n, int64_t each)
{
	struct fixture *x = mem_new(1, sizeof(*x));
	size_t i;

	x->seed = 1;
	x->step = mem_new(n, sizeof(*x->step));
	for (i = 0; i < n; i++)
		x->step[i] = (struct chart_step){START + (int64_t)i * each, START + ((int64_t)i + 1) * each,
		    0.9986 + 0.001 * (random_share(x) - 0.5), 1000, true};
	x->c = (struct chart_ratio){.title = SV("Tool success rate"), .subtitle = SV("one point per interval"),
	    .footer = SV("run 1"), .from = START, .to = START + (int64_t)n * each, .objective = 0.97,
	    .objective_text = SV("97 %"), .step = x->step, .n = n, .band = x->band, .flag = x->flag};
	return x;
}

static void
fixture_free(struct fixture *x)
{
	mem_free(x->step);
	mem_free(x);
}

static void
lay_out(const struct fixture *x, struct picture *p)
{
	struct err e = {0};

	*p = (struct picture){.n = 0};
	if (chart_ratio_layout(&x->c, fonts, p, &e) != 0)
		fail_msg("%s", e.msg);
}

static bool
is_text(const struct prim *q, const char *part)
{
	return q->kind == PRIM_TEXT && sv_find(q->text, sv_of(part)) < q->text.n;
}

static const struct prim *
find_text(const struct picture *p, const char *part)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (is_text(&p->prim[i], part))
			return &p->prim[i];
	return NULL;
}

static size_t
count_kind(const struct picture *p, enum prim_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		n += p->prim[i].kind == kind;
	return n;
}

/* The line of the data: the one that is clipped. */
static const struct prim *
data_line(const struct picture *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->prim[i].kind == PRIM_LINE && p->prim[i].clip)
			return &p->prim[i];
	fail_msg("no line");
	return NULL;
}

static size_t
breaks(const struct prim *line)
{
	size_t i, n = 0;

	for (i = 0; i < line->n; i++)
		n += isnan(line->point[i].y);
	return n;
}

struct extent {
	double x0, y0, x1, y1;
};

static struct extent
extent_of(const struct prim *q)
{
	double w = fonts_width(fonts, q->text, q->size, q->bold);
	double x = q->x - (q->anchor == ANCHOR_END ? w : q->anchor == ANCHOR_MIDDLE ? w / 2 : 0);

	/* Inter: capitals 0.73 high, descenders 0.2 deep. */
	return (struct extent){x, q->y - 0.73 * q->size, x + w, q->y + 0.2 * q->size};
}

static void
check_clean(const char *name, struct sv text)
{
	struct sb clean = {0};

	clean_add(&clean, text);
	if (!sv_eq(sb_sv(&clean), text))
		fail_msg("%s: text is not clean: %s", name, sb_str(&clean));
	sb_free(&clean);
}

static void
check_texts(const char *name, const struct picture *p)
{
	size_t i, k;

	for (i = 0; i < p->n; i++) {
		struct extent a;

		if (p->prim[i].kind != PRIM_TEXT)
			continue;
		a = extent_of(&p->prim[i]);
		check_clean(name, p->prim[i].text);
		if (!(a.x0 >= 0 && a.y0 >= 0 && a.x1 <= p->width && a.y1 <= p->height))
			fail_msg("%s: cut: %.*s at %g..%g, %g..%g", name, (int)p->prim[i].text.n, p->prim[i].text.p,
			    a.x0, a.x1, a.y0, a.y1);
		for (k = 0; k < i; k++) {
			struct extent b;

			if (p->prim[k].kind != PRIM_TEXT)
				continue;
			b = extent_of(&p->prim[k]);
			if (a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1)
				fail_msg("%s: \"%.*s\" lies over \"%.*s\"", name, (int)p->prim[i].text.n,
				    p->prim[i].text.p, (int)p->prim[k].text.n, p->prim[k].text.p);
		}
	}
}

static void
check_inside(const char *name, const struct picture *p, double x, double y)
{
	if (!(x >= 0 && x <= p->width && y >= 0 && y <= p->height))
		fail_msg("%s: %g, %g is off the canvas", name, x, y);
}

/* How high the dashed red line of the objective is; above the page when there is none. */
static double
objective_level(const struct picture *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->prim[i].kind == PRIM_LINE && p->prim[i].dash == 5)
			return p->prim[i].point[0].y;
	return -1;
}

static void
check_shapes(const char *name, const struct picture *p)
{
	size_t i, k;

	for (i = 0; i < p->n; i++) {
		const struct prim *q = &p->prim[i];

		if (q->kind == PRIM_RECT || q->kind == PRIM_HATCH) {
			check_inside(name, p, q->x, q->y);
			check_inside(name, p, q->x + q->w, q->y + q->h);
			assert_true(q->w > 0 && q->h > 0);
		} else if (q->kind == PRIM_MARK) {
			check_inside(name, p, q->x - q->size, q->y - q->size);
			check_inside(name, p, q->x + q->size, q->y + q->size);
		}
		/* M4: at most four points before and after a break in a column, of which there are two a pixel. */
		assert_true(q->n <= 9 * 2 * (size_t)p->width);
		for (k = 0; k < q->n; k++)
			if (!isnan(q->point[k].y))
				check_inside(name, p, q->point[k].x, q->point[k].y);
		for (k = 0; q->kind == PRIM_AREA && k < q->n; k++) /* red is only what is below the objective */
			assert_true(objective_level(p) >= 0 && q->point[k].y >= objective_level(p) - 1e-6);
	}
	assert_true(p->n < 6000); /* thousands of flags are no more than two a column */
}

static void
check_png(const char *name, const struct picture *p)
{
	struct sb png = {0};
	struct err e = {0};

	if (picture_png(p, fonts, THEME_LIGHT, 1, &png, &e) != 0)
		fail_msg("%s: %s", name, e.msg);
	assert_true(png.n > 3000); /* an empty page is 700 bytes */
	sb_free(&png);
}

static void
check_json(const char *name, const struct fixture *x, const struct picture *p)
{
	struct sb json = {0};
	struct arena a = {0};
	struct err e = {0};
	struct doc *d;

	chart_ratio_json(&x->c, p, SV("criterion/a/observed"), &json);
	d = doc_json(&a, name, sb_sv(&json), &e);
	if (d == NULL)
		fail_msg("%s", e.msg);
	assert_true(sv_eq(doc_get(d, "alt")->text, p->alt));
	assert_true(sv_is(doc_get(d, "figure")->text, "criterion/a/observed"));
	assert_non_null(doc_get(d, "drawing")->child);
	arena_free(&a);
	sb_free(&json);
}

/* Everything that must hold of a layout whatever the data is. */
static void
check_layout(const char *name, const struct fixture *x)
{
	struct picture p, again;
	struct sb one = {0}, two = {0};

	lay_out(x, &p);
	lay_out(x, &again);
	assert_true(p.width == 760 && p.height == 330);
	assert_true(p.plot_x == floor(p.plot_x) && p.plot_w == floor(p.plot_w));
	assert_true(p.plot_y == floor(p.plot_y) && p.plot_h == floor(p.plot_h));
	assert_true(p.alt.n > 0);
	check_clean(name, p.alt);
	check_clean(name, p.title);
	check_texts(name, &p);
	check_shapes(name, &p);
	check_json(name, x, &p);
	picture_text(&p, &one);
	picture_text(&again, &two);
	assert_string_equal(sb_str(&one), sb_str(&two));
	sb_free(&one);
	sb_free(&two);
	picture_free(&p);
	picture_free(&again);
}

/* And of what is painted. */
static void
check(const char *name, const struct fixture *x)
{
	struct picture p;

	check_layout(name, x);
	lay_out(x, &p);
	check_png(name, &p);
	picture_free(&p);
}

static void
set_known(struct fixture *x, size_t from, size_t to, bool known)
{
	for (; from < to; from++)
		x->step[from].known = known;
}

static void
set_value(struct fixture *x, double value)
{
	size_t i;

	for (i = 0; i < x->c.n; i++)
		x->step[i].value = value;
}

static void
add_flag(struct fixture *x, int64_t after, enum chart_flag_kind kind, struct sv label)
{
	x->flag[x->c.n_flags++] = (struct chart_flag){START + after, kind, label};
}

static void
add_band(struct fixture *x, int64_t after, int64_t length, struct sv label)
{
	x->band[x->c.n_bands++] = (struct chart_band){START + after, START + after + length, label};
}

static void
ugly_values(struct fixture *x, int which)
{
	switch (which) {
	case 0:
		set_value(x, 1);
		break;
	case 1:
		set_value(x, 0);
		break;
	case 2:
		x->c.objective = NAN;
		break;
	case 3:
		x->c.objective = 0.9999;
		x->c.objective_text = SV("99.99 %");
		set_value(x, 0.99995);
		x->step[x->c.n / 2].value = 0.99985;
		break;
	case 4:
		x->c.objective = 1;
		x->c.objective_text = SV("100 %");
		break;
	case 5:
		x->c.objective = 0;
		x->step[0].value = 0;
		break;
	case 6:
		set_value(x, 1);
		x->c.objective = NAN;
		break;
	case 7: /* no ratios at all */
		x->step[0].value = NAN;
		x->step[x->c.n / 2].value = INFINITY;
		x->step[x->c.n - 1].value = 17;
		x->c.objective = INFINITY;
		break;
	case 8:
		x->step[0].value = -5;
		x->c.footer = x->c.subtitle = x->c.title = (struct sv){NULL, 0};
		x->c.objective_text = (struct sv){NULL, 0};
		break;
	case 9:
		x->c.objective = 0.9999999999;
		set_value(x, 0.99999999995);
		break;
	}
}

static void
ugly_marks(struct fixture *x, int which)
{
	int64_t run = x->c.to - x->c.from;
	size_t n = x->c.n, i;
	int k;

	switch (which) {
	case 0:
		set_known(x, 0, n / 5, false);
		set_known(x, n - n / 5, n, false);
		break;
	case 1:
		for (i = 0; i < n; i += 2)
			x->step[i].known = false;
		break;
	case 2: /* holes of a millisecond */
		for (i = 0; i < n; i++)
			x->step[i].from++;
		break;
	case 3:
		for (k = 0; k < 12; k++) {
			add_flag(x, run / 13 * k, FLAG_RESTART, SV("restart"));
			add_band(x, run / 13 * k + run / 40, run / 80, SV("chaos: upstream 503"));
			add_flag(x, run / 13 * k + run / 60, FLAG_EVENT, SV("POLICY_RELOAD"));
		}
		break;
	case 4:
		for (k = 0; k < 3900; k++)
			add_flag(x, run / 3900 * k, k % 2 ? FLAG_RESTART : FLAG_EVENT, k % 3 ? SV("a") : SV("bb"));
		break;
	case 5: /* all at once, and outside */
		for (k = 0; k < 20; k++)
			add_flag(x, run / 2 + k, FLAG_EVENT, SV("event number something"));
		add_flag(x, -5, FLAG_EVENT, SV("before"));
		add_flag(x, run + 5, FLAG_EVENT, SV("after"));
		add_flag(x, 0, FLAG_RESTART, SV("first"));
		add_flag(x, run, FLAG_RESTART, SV("last moment of the run"));
		add_band(x, -1000, 2 * run, SV("longer than the run"));
		add_band(x, run * 2, 5, SV("not in it"));
		add_band(x, run / 2, -run, SV("backwards"));
		add_band(x, run, 0, SV("empty at the end"));
		break;
	case 6:
		x->flag[0] = (struct chart_flag){INT64_MIN, FLAG_EVENT, SV("never")};
		x->flag[1] = (struct chart_flag){INT64_MAX, FLAG_EVENT, SV("forever")};
		x->c.n_flags = 2;
		x->band[0] = (struct chart_band){INT64_MIN, INT64_MAX, SV("always")};
		x->c.n_bands = 1;
		break;
	}
}

static void
ugly_texts(struct fixture *x, int which)
{
	static char wide[100000];
	struct sv text = SV("");

	memset(wide, 'W', sizeof(wide));
	switch (which) {
	case 0:
		text = (struct sv){wide, sizeof(wide)};
		break;
	case 1:
		text = SV("معدل النجاح خلال التشغيل \xd9");
		break;
	case 2:
		text = SV("成功率成功率成功率成功率成功率成功率成功率");
		break;
	case 3:
		text = SV("\xff\xfe\x00\x1b[31m\n\r\t\xe2\x80\xae" "evil\xed\xa0\x80");
		break;
	case 4: /* piled-up marks */
		text = SV("Z\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88\xcc\x89\xcc\x8a");
		break;
	case 5:
		text = SV("<b>&amp;</b> %s %n \\u0000");
		break;
	case 6:
		text = SV("   ");
		break;
	}
	x->c.title = x->c.subtitle = x->c.footer = x->c.objective_text = text;
	add_flag(x, (x->c.to - x->c.from) / 3, FLAG_EVENT, text);
	add_flag(x, (x->c.to - x->c.from) / 3 * 2, FLAG_RESTART, text);
	add_band(x, (x->c.to - x->c.from) / 2, TIME_HOUR, text);
}

/* Every ugly thing with few, some and many steps. */
static void
test_ugly(void **state)
{
	static const struct {
		const char *name;
		void (*make)(struct fixture *x, int which);
		int n;
	} family[] = {{"values", ugly_values, 10}, {"marks", ugly_marks, 7}, {"texts", ugly_texts, 7}};
	static const struct {
		size_t n;
		int64_t each;
	} size[] = {{1, TIME_HOUR}, {1, 1}, {24, TIME_HOUR}, {48, TIME_HOUR}, {1440, TIME_MINUTE}};
	size_t f, s;
	int which;

	(void)state;
	for (f = 0; f < sizeof(family) / sizeof(family[0]); f++)
		for (which = 0; which < family[f].n; which++)
			for (s = 0; s < sizeof(size) / sizeof(size[0]); s++) {
				struct fixture *x = fixture(size[s].n, size[s].each);
				char name[80];

				snprintf(name, sizeof(name), "%s %d with %zu steps", family[f].name, which, size[s].n);
				family[f].make(x, which);
				check(name, x);
				fixture_free(x);
			}
}

/* Where a label goes depends on where the lowest point is. */
static void
test_lowest_anywhere(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 1440; i += 37) {
		struct fixture *x = fixture(1440, TIME_MINUTE);
		struct picture p;

		x->step[i].value = 0.5 + 0.0003 * (double)i;
		add_band(x, (int64_t)i * TIME_MINUTE, 30 * TIME_MINUTE, SV("chaos"));
		check_layout("lowest", x);
		lay_out(x, &p);
		assert_non_null(find_text(&p, " % at "));
		picture_free(&p);
		fixture_free(x);
	}
}

static void
test_spans(void **state)
{
	static const int64_t each[] = {1, 7, 1000, 15 * TIME_SECOND, TIME_MINUTE, 7 * TIME_MINUTE, TIME_HOUR,
	    TIME_DAY, 40 * TIME_DAY, 400 * TIME_DAY, 90000 * TIME_DAY};
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(each) / sizeof(each[0]); i++)
		for (n = 1; n < 40; n += 9) {
			struct fixture *x = fixture(n, each[i]);
			char name[80];

			snprintf(name, sizeof(name), "%zu steps of %lld ms", n, (long long)each[i]);
			check_layout(name, x);
			fixture_free(x);
		}
}

static void
test_two_steps_a_day_apart(void **state)
{
	struct fixture *x = fixture(2, TIME_HOUR);
	struct picture p;

	(void)state;
	x->step[1].from += TIME_DAY;
	x->step[1].to += TIME_DAY;
	x->step[1].value = 1;
	x->c.to = x->step[1].to;
	check("two steps", x);
	lay_out(x, &p);
	assert_int_equal(count_kind(&p, PRIM_HATCH), 1);
	assert_non_null(find_text(&p, "no data 24 h"));
	assert_int_equal(breaks(data_line(&p)), 1);
	assert_non_null(find_text(&p, "12 Jan 06:00–07:00")); /* a run over a day: with the date */
	picture_free(&p);
	fixture_free(x);
}

static void
test_many_steps(void **state)
{
	struct fixture *x = fixture(MOST_STEPS, TIME_SECOND);
	const struct prim *line;
	struct picture p;
	double lowest = 0;
	size_t i;

	(void)state;
	x->step[77777].value = 0.31; /* one second of 28 hours */
	check("many", x);
	lay_out(x, &p);
	line = data_line(&p);
	for (i = 0; i < line->n; i++)
		lowest = fmax(lowest, line->point[i].y);
	/* The axis goes down to 20 %. */
	assert_near(lowest, p.plot_y + p.plot_h * (1 - 0.31) / 0.8, 0.01);
	assert_non_null(find_text(&p, "31.00 % at 13 Jan 03:36:17–03:36:18"));
	for (i = 1; i < line->n; i++) /* in the order of time */
		assert_true(line->point[i].x >= line->point[i - 1].x);
	picture_free(&p);
	fixture_free(x);
}

static void
test_hourly(void **state)
{
	struct fixture *x = fixture(24, TIME_HOUR);
	const struct prim *line, *area = NULL;
	struct picture p;
	size_t i;

	(void)state;
	x->step[12].value = 0.8924;
	add_band(x, 12 * TIME_HOUR, 30 * TIME_MINUTE, SV("chaos: upstream 503"));
	add_flag(x, 6 * TIME_HOUR, FLAG_EVENT, SV("POLICY_RELOAD"));
	lay_out(x, &p);
	assert_true(sv_is(p.alt, "Success rate, 24 h, lowest 89.24 % at 18:00–19:00, objective 97 % missed in 1 of 24 "
	    "intervals, 1 window marked"));
	assert_non_null(find_text(&p, "89.24 % at 18:00–19:00"));
	assert_non_null(find_text(&p, "objective 97 %"));
	assert_true(find_text(&p, "objective 97 %")->x > p.plot_x + p.plot_w);
	assert_non_null(find_text(&p, "chaos: upstream 503"));
	assert_non_null(find_text(&p, "POLICY_RELOAD"));
	assert_non_null(find_text(&p, "85")); /* 97 - 4 * 3 */
	assert_null(find_text(&p, "no data"));
	assert_int_equal(count_kind(&p, PRIM_HATCH), 0);
	/* Steps: two points an hour, each hour level. */
	line = data_line(&p);
	assert_int_equal(line->n, 48);
	assert_true(line->point[24].y == line->point[25].y);
	assert_near(line->point[25].x - line->point[24].x, p.plot_w / 24, 1e-9);
	/* Red is the area between the objective and the line, and no more: one hour wide. */
	assert_int_equal(count_kind(&p, PRIM_AREA), 1);
	for (i = 0; i < p.n; i++)
		if (p.prim[i].kind == PRIM_AREA)
			area = &p.prim[i];
	for (i = 0; i < area->n; i++) {
		double level = p.plot_y + p.plot_h * 0.03 / 0.15;

		assert_true(area->point[i].y >= level - 1e-9);
		assert_true(area->point[i].x >= line->point[24].x - 1e-9 &&
		    area->point[i].x <= line->point[25].x + 1e-9);
	}
	picture_free(&p);
	fixture_free(x);
}

static void
test_gaps(void **state)
{
	struct fixture *x = fixture(1440, TIME_MINUTE);
	struct picture p;

	(void)state;
	set_known(x, 300, 354, false);
	x->step[700].n = 0; /* a rate of nothing, said to be known */
	lay_out(x, &p);
	assert_int_equal(breaks(data_line(&p)), 2);
	assert_int_equal(count_kind(&p, PRIM_HATCH), 2);
	assert_non_null(find_text(&p, "no data 54 min"));
	assert_non_null(find_text(&p, "no data 1 min"));
	assert_true(sv_find(p.alt, SV("no data for 55 min")) < p.alt.n);
	assert_true(sv_find(p.alt, SV("met in all 1385 intervals")) < p.alt.n);
	picture_free(&p);
	fixture_free(x);
}

/* On the objective is not below it. */
static void
test_on_the_objective(void **state)
{
	struct fixture *x = fixture(24, TIME_HOUR);
	struct picture p;

	(void)state;
	x->step[3].value = 97.0 / 100;
	lay_out(x, &p);
	assert_int_equal(count_kind(&p, PRIM_AREA), 0);
	assert_true(sv_find(p.alt, SV("objective 97 % met in all 24 intervals")) < p.alt.n);
	picture_free(&p);

	x->step[3].value = 0.96999;
	lay_out(x, &p);
	assert_int_equal(count_kind(&p, PRIM_AREA), 1);
	assert_true(sv_find(p.alt, SV("lowest 96.999 % at 09:00–10:00, objective 97 % missed in 1 of 24")) < p.alt.n);
	picture_free(&p);
	fixture_free(x);
}

/* A single known minute between gaps is a dot. */
static void
test_lone_step(void **state)
{
	struct fixture *x = fixture(1440, TIME_MINUTE);
	struct picture p;
	size_t i, dots = 0;

	(void)state;
	set_known(x, 0, 1440, false);
	x->step[720].known = true;
	lay_out(x, &p);
	for (i = 0; i < p.n; i++)
		dots += p.prim[i].kind == PRIM_MARK && p.prim[i].mark == MARK_DOT;
	assert_true(dots >= 1);
	check("lone", x);
	picture_free(&p);
	fixture_free(x);
}

static void
test_no_evidence(void **state)
{
	struct fixture *x = fixture(24, TIME_HOUR);
	struct picture p;

	(void)state;
	set_known(x, 0, 24, false);
	lay_out(x, &p);
	assert_non_null(find_text(&p, "no evidence"));
	assert_non_null(find_text(&p, "none of the 24 intervals has a known rate"));
	assert_null(find_text(&p, "100 %"));
	assert_true(sv_is(p.alt, "Success rate, 24 h, no evidence, objective 97 %"));
	check("unknown", x);
	picture_free(&p);

	x->c.n = 0;
	x->c.step = NULL;
	check("none", x);
	lay_out(x, &p);
	assert_non_null(find_text(&p, "no interval of the run was measured"));
	picture_free(&p);
	fixture_free(x);
}

static void
test_no_axis(void **state)
{
	static const int64_t end[][2] = {{START, START}, {START, START - 1}, {INT64_MIN, INT64_MAX}, {START, INT64_MAX},
	    {INT64_MIN, START}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(end) / sizeof(end[0]); i++) {
		struct fixture *x = fixture(24, TIME_HOUR);

		x->c.from = end[i][0];
		x->c.to = end[i][1];
		check("no axis", x);
		fixture_free(x);
	}
}

/* Steps against the contract: out of order, overlapping, empty, outside. They are cut or left out. */
static void
test_broken_steps(void **state)
{
	struct fixture *x = fixture(24, TIME_HOUR);
	size_t i;

	(void)state;
	x->step[3].to = x->step[3].from;
	x->step[5].from = INT64_MIN;
	x->step[7].to = INT64_MAX;
	x->step[9].from = START + 20 * TIME_HOUR;
	check("broken", x);
	for (i = 0; i < 12; i++) {
		struct chart_step s = x->step[i];

		x->step[i] = x->step[23 - i];
		x->step[23 - i] = s;
	}
	check("backwards", x);
	fixture_free(x);
}

/* What has no room above the plot becomes a number, and the key says what it means. */
static void
test_crowded(void **state)
{
	struct fixture *x = fixture(24, TIME_HOUR);
	struct picture p;
	int k;

	(void)state;
	for (k = 0; k < 6; k++)
		add_flag(x, 6 * TIME_HOUR + k * 25 * TIME_MINUTE, FLAG_RESTART, k % 2 ? SV("restart of the proxy") :
		    SV("restart of the vault"));
	lay_out(x, &p);
	assert_non_null(find_text(&p, "1  restart of the vault"));
	assert_non_null(find_text(&p, "2  restart of the proxy"));
	check("crowded", x);
	picture_free(&p);
	fixture_free(x);
}

/* Two labels that would meet where they belong move apart, if that is enough. */
static void
test_neighbours(void **state)
{
	struct fixture *x = fixture(24, TIME_HOUR);
	const struct prim *first, *second;
	struct picture p;

	(void)state;
	add_flag(x, 10 * TIME_HOUR, FLAG_RESTART, SV("restart"));
	add_flag(x, 10 * TIME_HOUR + 30 * TIME_MINUTE, FLAG_EVENT, SV("POLICY_RELOAD"));
	lay_out(x, &p);
	first = find_text(&p, "restart");
	second = find_text(&p, "POLICY_RELOAD");
	assert_non_null(first);
	assert_non_null(second);
	assert_true(first->y == second->y && first->y < p.plot_y); /* neither is in the key */
	picture_free(&p);
	fixture_free(x);
}

static void
test_same_bytes(void **state)
{
	struct fixture *x = fixture(1440, TIME_MINUTE);
	struct sb one = {0}, two = {0};
	struct picture p;
	struct fonts *own;
	struct err e = {0};

	(void)state;
	add_flag(x, TIME_HOUR, FLAG_RESTART, SV("成功 restart"));
	lay_out(x, &p);
	assert_int_equal(picture_png(&p, fonts, THEME_LIGHT, 2, &one, &e), 0);
	picture_free(&p);
	/* Also with fonts that have drawn nothing yet. */
	own = fonts_open(&e);
	assert_non_null(own);
	assert_int_equal(chart_ratio_layout(&x->c, own, &p, &e), 0);
	assert_int_equal(picture_png(&p, own, THEME_LIGHT, 2, &two, &e), 0);
	assert_int_equal(one.n, two.n);
	assert_memory_equal(one.buf, two.buf, one.n);
	picture_free(&p);
	fonts_close(own);
	sb_free(&one);
	sb_free(&two);
	fixture_free(x);
}

static void
test_refused(void **state)
{
	struct fixture *x = fixture(1, TIME_HOUR);
	struct picture p = {.n = 0};
	struct err e = {0};

	(void)state;
	assert_int_equal(chart_ratio_layout(&x->c, NULL, &p, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	picture_free(&p);
	fixture_free(x);
}

static void
golden(const char *name, const struct fixture *x)
{
	const char *root = getenv("SOAK_ROOT");
	struct sb path = {0}, want = {0}, have = {0};
	struct picture p;
	struct err e = {0};

	sb_addf(&path, "%s/tests/golden/chart/%s.txt", root != NULL ? root : ".", name);
	lay_out(x, &p);
	picture_text(&p, &have);
	if (getenv("SOAK_GOLDEN_WRITE") != NULL && io_write_file(sb_str(&path), sb_sv(&have), &e) != 0)
		fail_msg("%s", e.msg);
	if (io_read_file(sb_str(&path), 1 << 20, &want, &e) != 0)
		fail_msg("%s (SOAK_ROOT is the checkout)", e.msg);
	assert_string_equal(sb_str(&have), sb_str(&want));
	picture_free(&p);
	sb_free(&path);
	sb_free(&want);
	sb_free(&have);
}

static void
test_golden(void **state)
{
	struct fixture *x;

	(void)state;
	/* Positions depend on widths, and widths on the fonts. */
	if (strcmp(fonts_name(fonts), "Inter 3.019, DejaVu Sans 2.37") != 0)
		skip();
	x = fixture(24, TIME_HOUR);
	x->step[12].value = 0.8924;
	add_band(x, 12 * TIME_HOUR, 30 * TIME_MINUTE, SV("chaos: upstream 503"));
	add_flag(x, 6 * TIME_HOUR, FLAG_EVENT, SV("POLICY_RELOAD"));
	golden("hourly", x);
	fixture_free(x);

	x = fixture(48, 30 * TIME_MINUTE);
	set_known(x, 0, 1, false);
	set_known(x, 30, 36, false);
	x->step[20].value = x->step[21].value = 0.96;
	add_flag(x, 18 * TIME_HOUR, FLAG_RESTART, SV("restart"));
	add_flag(x, 18 * TIME_HOUR + 30 * TIME_MINUTE, FLAG_EVENT, SV("POLICY_RELOAD"));
	golden("gaps", x);
	set_known(x, 0, 48, false);
	golden("no-evidence", x);
	fixture_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hourly),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_on_the_objective),
		cmocka_unit_test(test_lone_step),
		cmocka_unit_test(test_two_steps_a_day_apart),
		cmocka_unit_test(test_many_steps),
		cmocka_unit_test(test_no_evidence),
		cmocka_unit_test(test_no_axis),
		cmocka_unit_test(test_broken_steps),
		cmocka_unit_test(test_crowded),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_ugly),
		cmocka_unit_test(test_lowest_anywhere),
		cmocka_unit_test(test_spans),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
