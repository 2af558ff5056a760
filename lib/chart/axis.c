#include "chart/axis.h"

#include <math.h>

/* How much axis is left empty, how far the number of intervals is from the wish, how round the step is. */
static double
badness(double low, double high, double from, double to, double n, double want, double mantissa)
{
	double span = to - from;

	return ((low - from) + (to - high)) / span + 0.35 * fabs(log(n / want)) + (mantissa == 2.5 ? 0.06 : 0);
}

struct pick {
	double from, to, step;
};

static void
try_step(double low, double high, double want, double mantissa, double step, double *least, struct pick *best)
{
	double from = floor(low / step + 1e-9) * step, to = ceil(high / step - 1e-9) * step, n, bad;

	if (to <= from)
		to = from + step;
	n = round((to - from) / step);
	if (n < 2 || n > AXIS_MOST - 1)
		return;
	bad = badness(low, high, from, to, n, want, mantissa);
	if (bad < *least) {
		*least = bad;
		*best = (struct pick){from, to, step};
	}
}

/* In units of what the labels count: bytes on powers of 1024, minutes and hours on theirs. */
static double
base_of(const struct unit *u, double most, struct arena *a)
{
	struct unit_form f = unit_form(u, most, 0, a);

	return u->kind == UNIT_IEC || u->kind == UNIT_TIME ? f.divide / u->factor : 1 / u->factor;
}

static struct pick
pick_step(const struct axis_wish *w, double low, double high, struct arena *a)
{
	static const double mantissa[] = {1, 2, 2.5, 5}, sixty[] = {1, 2, 5, 10, 15, 20, 30};
	double most = fmax(fabs(low), fabs(high)), base = base_of(&w->unit, most, a), least = INFINITY;
	bool of_sixty = w->unit.kind == UNIT_TIME && base * w->unit.factor >= 60 && base * w->unit.factor < 86400;
	struct pick best = {low, high, high - low};
	double span = (high - low) / base;
	int e0 = (int)floor(log10(span)) - 2, e;
	size_t i;

	for (e = e0; e <= e0 + 4; e++)
		for (i = 0; i < 4; i++) {
			double step = mantissa[i] * pow(10, e);

			if (!(of_sixty && step > 1))
				try_step(low, high, w->ticks, mantissa[i], step * base, &least, &best);
		}
	for (i = 0; of_sixty && i < sizeof(sixty) / sizeof(sixty[0]); i++)
		try_step(low, high, w->ticks, 1, sixty[i] * base, &least, &best);
	return best;
}

static void
label(struct axis *x, const struct unit *u, double step, struct arena *a)
{
	double most = 0;
	struct unit_form f;
	size_t i;

	for (i = 0; i < x->n; i++)
		most = fmax(most, fabs(x->tick[i].v));
	f = unit_form(u, most, step, a);
	for (i = 0; i < x->n; i++)
		x->tick[i].label = u->kind == UNIT_DATE || u->kind == UNIT_CLOCK || u->kind == UNIT_BOOL ?
		    unit_text(u, x->tick[i].v, 0, a) :
		    unit_number(u, &f, x->tick[i].v, false, a);
	x->unit = f.text;
}

static void
make_straight(struct axis *x, const struct axis_wish *w, double low, double high, struct arena *a)
{
	struct pick p = pick_step(w, low, high, a);
	double first;

	x->low = isnan(w->min) ? p.from : w->min;
	x->high = isnan(w->max) ? p.to : w->max;
	first = ceil(x->low / p.step - 1e-9);
	for (x->n = 0; x->n < AXIS_MOST; x->n++) {
		double v = (first + (double)x->n) * p.step;

		if (v > x->high + 1e-9 * p.step)
			break;
		x->tick[x->n].v = fabs(v) < 1e-9 * p.step ? 0 : v;
	}
	label(x, &w->unit, p.step, a);
}

static void
add_log_tick(struct axis *x, const struct axis_wish *w, double v, struct arena *a)
{
	struct unit_form f;

	if (x->n == AXIS_MOST || v < x->low * (1 - 1e-9) || v > x->high * (1 + 1e-9))
		return;
	f = unit_form(&w->unit, v, v, a);
	x->tick[x->n].v = v;
	x->tick[x->n++].label = unit_number(&w->unit, &f, v, true, a);
}

static void
make_log(struct axis *x, const struct axis_wish *w, double low, double high, struct arena *a)
{
	double from = isnan(w->min) || w->min <= 0 ? low : w->min, to = isnan(w->max) || w->max <= 0 ? high : w->max;
	int d0 = (int)floor(log10(from) + 1e-9), d1 = (int)ceil(log10(to) - 1e-9), d, skip;
	static const double inner[] = {1, 2, 5};
	int n_inner = 1, i;

	if (d1 <= d0)
		d1 = d0 + 1;
	x->log = true;
	/* The axis ends on 1, 2 or 5 where that saves room, unless the user said where. */
	x->low = pow(10, d0);
	x->high = pow(10, d1);
	for (i = 2; i >= 1; i--) {
		if (x->low < pow(10, d0) * 1.5 && pow(10, d0) * inner[i] <= from)
			x->low = pow(10, d0) * inner[i];
		if (pow(10, d1 - 1) * inner[3 - i] >= to)
			x->high = fmin(x->high, pow(10, d1 - 1) * inner[3 - i]);
	}
	if (!isnan(w->min) && w->min > 0)
		x->low = w->min;
	if (!isnan(w->max) && w->max > 0)
		x->high = w->max;
	if (d1 - d0 <= 3)
		n_inner = 3;
	skip = 1 + (d1 - d0) / 10;
	for (d = d0; d <= d1; d += skip)
		for (i = 0; i < n_inner; i++)
			add_log_tick(x, w, inner[i] * pow(10, d), a);
	x->unit = SV("");
}

void
axis_make(struct axis *x, const struct axis_wish *w, struct arena *a)
{
	struct axis_wish wish = *w;
	double low = w->low, high = w->high, pad;

	*x = (struct axis){.n = 0};
	if (!(wish.ticks >= 2))
		wish.ticks = 2;
	if (!(low <= high)) {
		low = 0;
		high = 1;
	}
	low = fmax(low, -1e306);
	high = fmin(high, 1e306);
	if (!isnan(w->min))
		low = w->min;
	if (!isnan(w->max))
		high = w->max;
	if (w->log && high > 0) {
		if (low <= 0)
			low = high / 1000;
		make_log(x, &wish, low, high, a);
		return;
	}
	/* Zero belongs to the axis of what is far from being constant. */
	if (isnan(w->min) && low > 0 && (w->zero || low <= 0.6 * high))
		low = 0;
	if (isnan(w->max) && high < 0 && (w->zero || high >= 0.6 * low))
		high = 0;
	if (isnan(w->min) && !isnan(w->max) && low >= high)
		low = high - fmax(1, fabs(high));
	if (!(high > low)) {
		pad = high == 0 ? 1 : fabs(high) / 10;
		if (isnan(w->max))
			high += pad;
		if (isnan(w->min) && low != 0)
			low -= pad;
		if (!(high > low))
			high = low + pad;
		wish.max = isnan(w->max) || high > w->max ? NAN : w->max;
	}
	/* Less than a double can tell apart is not worth an axis. */
	pad = fmax(fabs(low), fabs(high)) * 1e-12;
	if (high - low < pad) {
		low -= pad;
		high += pad;
	}
	make_straight(x, &wish, low, high, a);
}

double
axis_at(const struct axis *x, double v, bool clamp)
{
	double at;

	if (x->log)
		at = v > 0 ? log(v / x->low) / log(x->high / x->low) : -1;
	else
		at = (v - x->low) / (x->high - x->low);
	if (clamp)
		at = at < 0 ? 0 : at > 1 ? 1 : at;
	return at;
}
