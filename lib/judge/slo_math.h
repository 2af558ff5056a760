/*
 * slo_math - the arithmetic of error budgets, of slices of time, of Apdex. Numbers only.
 *
 * Ratios are 0..1, times ms. Sources: Site Reliability Workbook, chapter 5; OpenSLO v1; Apdex Alliance, technical
 * specification 1.1.
 */
#ifndef SOAK_JUDGE_SLO_MATH_H
#define SOAK_JUDGE_SLO_MATH_H

#include "profile/slo.h"

/* How many times faster than the budget allows errors come: error ratio / (1 - target). */
double slo_burn(double error_ratio, double target);
/* What part of the budget of a period is spent by burning so for a time: burn * time / period. */
double slo_spent(double burn, int64_t time, int64_t period);
/* How long a whole budget lasts at this burn, ms; infinite for 0. */
double slo_lasts(double burn, int64_t period);
/* The burn that spends a fraction of the budget of a period within a window. */
double slo_factor(double fraction, int64_t period, int64_t window);
/* When a full outage is seen by an alert on that burn over a window, ms after it began. */
double slo_detects(double factor, double target, int64_t window);
/* How much of a period may be bad, ms. */
double slo_allowance(double target, int64_t period);

struct slo_slice {
	double total, good;
};
struct slo_ratio {
	double ratio;          /* NaN: nothing to count */
	double n, bad;         /* what it is a ratio of: events, or slices */
	size_t empty;          /* slices without traffic */
};
/* Over slices; of occurrences the slices do not matter. slice_target: of timeslices. */
struct slo_ratio slo_ratio(enum slo_method m, const struct slo_slice *v, size_t n, double slice_target, enum slo_no_data no_data);

/* (satisfied + tolerating / 2) / n; NaN when n is 0. */
double slo_apdex(double satisfied, double tolerating, double n);
/* "0.75[3.0] fair", "NS[3.0]" of nothing, "0.94[0.5]* excellent" of fewer than 100. threshold in seconds. Appends. */
void slo_apdex_text(double satisfied, double tolerating, double n, double threshold, struct sb *out);

#endif
