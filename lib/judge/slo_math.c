#include "judge/slo_math.h"

#include <math.h>

#include "base/num.h"

double
slo_burn(double error_ratio, double target)
{
	return error_ratio / (1 - target);
}

double
slo_spent(double burn, int64_t time, int64_t period)
{
	return burn * (double)time / (double)period;
}

double
slo_lasts(double burn, int64_t period)
{
	return burn > 0 ? (double)period / burn : (double)INFINITY;
}

double
slo_factor(double fraction, int64_t period, int64_t window)
{
	return fraction * (double)period / (double)window;
}

double
slo_detects(double factor, double target, int64_t window)
{
	return factor * (1 - target) * (double)window;
}

double
slo_allowance(double target, int64_t period)
{
	return (1 - target) * (double)period;
}

/* What a slice counts as: good in [0, 1], or -1 for none. */
static double
slice_good(enum slo_method m, const struct slo_slice *s, double slice_target, enum slo_no_data no_data)
{
	double ratio;

	if (!(s->total > 0))
		return no_data == SLO_SKIP ? -1 : no_data == SLO_GOOD;
	ratio = s->good / s->total;
	return m == SLO_TIMESLICES ? ratio >= slice_target - 1e-12 : ratio;
}

struct slo_ratio
slo_ratio(enum slo_method m, const struct slo_slice *v, size_t n, double slice_target, enum slo_no_data no_data)
{
	struct slo_ratio r = {.ratio = (double)NAN};
	double good = 0, one;
	size_t i;

	for (i = 0; i < n; i++) {
		r.empty += !(v[i].total > 0);
		if (m == SLO_OCCURRENCES) {
			r.n += v[i].total;
			good += v[i].good;
			continue;
		}
		one = slice_good(m, &v[i], slice_target, no_data);
		if (one < 0)
			continue;
		r.n++;
		good += one;
	}
	r.bad = r.n - good;
	if (r.n > 0)
		r.ratio = good / r.n;
	return r;
}

double
slo_apdex(double satisfied, double tolerating, double n)
{
	return n > 0 ? (satisfied + tolerating / 2) / n : (double)NAN;
}

void
slo_apdex_text(double satisfied, double tolerating, double n, double threshold, struct sb *out)
{
	static const struct {
		double least;
		const char *word;
	} bands[] = {{0.94, "excellent"}, {0.85, "good"}, {0.70, "fair"}, {0.50, "poor"}, {0, "unacceptable"}};
	char score[NUM_TEXT], t[NUM_TEXT];
	double v = slo_apdex(satisfied, tolerating, n);
	size_t i = 0;

	num_fixed(threshold, 1, t);
	if (isnan(v)) {
		sb_addf(out, "NS[%s]", t);
		return;
	}
	while (round(v * 100) / 100 < bands[i].least)
		i++;
	sb_addf(out, "%s[%s]%s %s", num_fixed(v, 2, score), t, n < 100 ? "*" : "", bands[i].word);
}
