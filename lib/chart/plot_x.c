#include <math.h>

#include "base/time.h"
#include "chart/plot.h"
#include "chart/words.h"

#define TICK_SPACE 8

static double
percentile_at(const struct plot *l, double q)
{
	double most = log10(fmax(l->c->to, 10));

	return q >= 1 ? 1 : fmin(1, -log10(1 - fmax(q, 0)) / most);
}

double
plot_x(const struct plot *l, double x)
{
	const struct picture *p = l->f.p;
	double at;

	switch (l->c->x) {
	case X_TIME:
		at = (x - (double)l->f.from) / (double)(l->f.to - l->f.from);
		break;
	case X_ELAPSED:
		at = (x - l->c->from) / fmax(l->c->to - l->c->from, 1e-9);
		break;
	case X_PERCENTILE:
		at = percentile_at(l, x);
		break;
	default:
		at = axis_at(&l->x, x, false);
	}
	/* Far outside is outside, and no number that cairo cannot draw. */
	return p->plot_x + fmin(fmax(at, -2), 3) * p->plot_w;
}

static void
draw_tick(struct plot *l, double x, struct sv text, double *end)
{
	const struct picture *p = l->f.p;
	double bottom = p->plot_y + p->plot_h, w = fonts_width(l->f.fonts, text, TICK_SIZE, false);
	double at = fmin(x - w / 2, p->width - 4 - w);

	frame_rule(&l->f, x, bottom, x, bottom + 4, 1, PALE_GREY, 0, 0);
	if (at < *end + TICK_SPACE)
		return;
	frame_text(&l->f, at, bottom + 16, TICK_SIZE, false, ANCHOR_START, GREY, text);
	*end = at + w;
}

static void
percentile_ticks(struct plot *l)
{
	struct arena *a = &l->f.p->arena;
	double end = -TICK_SPACE;
	int k;

	draw_tick(l, plot_x(l, 0), SV("0 %"), &end);
	draw_tick(l, plot_x(l, 0.5), SV("50 %"), &end);
	for (k = 1; k < 12 && pow(10, k) <= l->c->to * 1.0001; k++) {
		static const char nines[] = "9999999999999";

		if (k <= 2)
			draw_tick(l, plot_x(l, 1 - pow(10, -k)), k == 1 ? SV("90 %") : SV("99 %"), &end);
		else
			draw_tick(l, plot_x(l, 1 - pow(10, -k)), sv_of(arena_fmt(a, "99.%.*s %%", k - 2, nines)), &end);
	}
}

/* "T+6 h": the time since a beginning, on round steps. */
static void
elapsed_ticks(struct plot *l)
{
	static const double ladder[] = {1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 2592000};
	struct arena *a = &l->f.p->arena;
	double want = (l->c->to - l->c->from) / fmax(l->f.p->plot_w / 90, 1), end = -TICK_SPACE, x;
	char text[TIME_TEXT];
	size_t i, best = 0;

	for (i = 1; i < sizeof(ladder) / sizeof(*ladder); i++)
		if (fabs(log(ladder[i] / want)) < fabs(log(ladder[best] / want)))
			best = i;
	if (!(l->c->to - l->c->from > 0) || (l->c->to - l->c->from) / ladder[best] > 1000)
		return;
	for (x = ceil(l->c->from / ladder[best]) * ladder[best]; x <= l->c->to; x += ladder[best])
		draw_tick(l, plot_x(l, x), x == 0 ? SV("T+0") : sv_of(arena_fmt(a, "T+%s", time_length_text((int64_t)(x * 1000), text))), &end);
}

void
plot_x_axis(struct plot *l)
{
	const struct picture *p = l->f.p;
	double bottom = p->plot_y + p->plot_h, end = -TICK_SPACE;
	struct arena *a = &l->f.p->arena;
	size_t i;

	if (l->c->x == X_TIME) {
		frame_times(&l->f);
		return;
	}
	frame_rule(&l->f, p->plot_x, bottom, p->plot_x + p->plot_w, bottom, 1, PALE_GREY, 0, 0);
	if (l->c->x == X_PERCENTILE)
		percentile_ticks(l);
	if (l->c->x == X_ELAPSED)
		elapsed_ticks(l);
	for (i = 0; l->c->x != X_PERCENTILE && l->c->x != X_ELAPSED && i < l->x.n; i++) {
		struct sv text = l->x.tick[i].label;

		if (i + 1 == l->x.n)
			text = sv_of(arena_fmt(a, "%" SV_FMT "%" SV_FMT, SV_ARG(text), SV_ARG(l->x.unit)));
		draw_tick(l, plot_x(l, l->x.tick[i].v), text, &end);
	}
	frame_text(&l->f, p->plot_x, bottom + 30, TICK_SIZE, false, ANCHOR_START, GREY,
	    words_fit(l->c->x_title, l->f.fonts, TICK_SIZE, false, p->plot_w, a));
}
