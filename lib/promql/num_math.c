/* The functions of one element: rounding, bounds, logarithms, trigonometry. */
#include "promql/numeric.h"

#include <math.h>

#include "promql/num_in.h"

#define PI 3.14159265358979323846
#define LOG10_OF_E 0.43429448190325182765
#define LOG2_OF_E 1.44269504088896340736

/* The functions of libm as they are. */
#define PLAIN(name, libm)                                                                          \
	static double name(double v, const double *arg, size_t n)                                  \
	{                                                                                          \
		(void)arg;                                                                         \
		(void)n;                                                                           \
		return libm(v);                                                                    \
	}
PLAIN(f_abs, fabs)
PLAIN(f_ceil, ceil)
PLAIN(f_floor, floor)
PLAIN(f_exp, exp)
PLAIN(f_ln, log)
PLAIN(f_sqrt, sqrt)
PLAIN(f_sin, sin)
PLAIN(f_cos, cos)
PLAIN(f_tan, tan)
PLAIN(f_asin, asin)
PLAIN(f_acos, acos)
PLAIN(f_atan, atan)
PLAIN(f_sinh, sinh)
PLAIN(f_cosh, cosh)
PLAIN(f_tanh, tanh)
PLAIN(f_asinh, asinh)
PLAIN(f_acosh, acosh)
PLAIN(f_atanh, atanh)

/*
 * log2 and log10 by way of ln, as Go computes them and not as libm does: the last digit can differ, and
 * log10(1e15) is 14.999999999999998 in Prometheus, so that floor() of it is 14.
 */
static double
f_log2(double v, const double *arg, size_t n)
{
	double fraction;
	int exponent;

	(void)arg;
	(void)n;
	if (!isfinite(v) || v <= 0)
		return log(v);
	fraction = frexp(v, &exponent);
	if (fraction == 0.5)
		return exponent - 1; /* a power of two, exactly */
	return log(fraction) * LOG2_OF_E + exponent;
}

static double
f_log10(double v, const double *arg, size_t n)
{
	(void)arg;
	(void)n;
	return log(v) * LOG10_OF_E;
}

/* To a multiple of arg[0], or of 1; ties go up. */
static double
f_round(double v, const double *arg, size_t n)
{
	double inverse = 1 / (n > 0 ? arg[0] : 1);

	return floor(v * inverse + 0.5) / inverse;
}

/* Minus zero stays, and so does NaN. */
static double
f_sgn(double v, const double *arg, size_t n)
{
	(void)arg;
	(void)n;
	return v < 0 ? -1 : v > 0 ? 1 : v;
}

static double
f_deg(double v, const double *arg, size_t n)
{
	(void)arg;
	(void)n;
	return v * 180 / PI;
}

static double
f_rad(double v, const double *arg, size_t n)
{
	(void)arg;
	(void)n;
	return v * PI / 180;
}

/* The larger, of zeros +0; NaN if one is NaN, unless the other is +Inf (Go's math.Max; fmax() would drop the NaN). */
static double
larger(double a, double b)
{
	if (a == INFINITY || b == INFINITY)
		return INFINITY;
	if (isnan(a) || isnan(b))
		return NAN;
	if (a == 0 && b == 0)
		return signbit(a) ? b : a;
	return a > b ? a : b;
}

static double
smaller(double a, double b)
{
	return -larger(-a, -b);
}

/* Bounds the wrong way round give no element at all; that is for the caller to see. */
static double
f_clamp(double v, const double *arg, size_t n)
{
	(void)n;
	return larger(arg[0], smaller(arg[1], v));
}

static double
f_clamp_min(double v, const double *arg, size_t n)
{
	(void)n;
	return larger(arg[0], v);
}

static double
f_clamp_max(double v, const double *arg, size_t n)
{
	(void)n;
	return smaller(arg[0], v);
}

/* Sorted by name. */
static const struct pq_math_function functions[] = {
	{"abs", f_abs},
	{"acos", f_acos},
	{"acosh", f_acosh},
	{"asin", f_asin},
	{"asinh", f_asinh},
	{"atan", f_atan},
	{"atanh", f_atanh},
	{"ceil", f_ceil},
	{"clamp", f_clamp},
	{"clamp_max", f_clamp_max},
	{"clamp_min", f_clamp_min},
	{"cos", f_cos},
	{"cosh", f_cosh},
	{"deg", f_deg},
	{"exp", f_exp},
	{"floor", f_floor},
	{"ln", f_ln},
	{"log10", f_log10},
	{"log2", f_log2},
	{"rad", f_rad},
	{"round", f_round},
	{"sgn", f_sgn},
	{"sin", f_sin},
	{"sinh", f_sinh},
	{"sqrt", f_sqrt},
	{"tan", f_tan},
	{"tanh", f_tanh},
};

const struct pq_math_function *
pq_math_function_find(const char *name)
{
	return pq_table_find(functions, name);
}
