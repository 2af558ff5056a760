/* Sums, means, quantiles and variances, and the arithmetic of binary operators. */
#include "promql/numeric.h"

#include <math.h>
#include <stdlib.h>

#include "promql/num_in.h"

/*
 * Neumaier's variant of Kahan summation: c collects what the addition rounded away, whichever of the two
 * was the larger. An infinite sum has nothing to compensate (and Inf - Inf would make c NaN).
 */
void
pq_sum_add(struct pq_sum *s, double v)
{
	double t = s->sum + v;

	if (isinf(t))
		s->c = 0;
	else if (fabs(s->sum) >= fabs(v))
		s->c += (s->sum - t) + v;
	else
		s->c += (v - t) + s->sum;
	s->sum = t;
}

double
pq_sum_value(const struct pq_sum *s)
{
	return isinf(s->sum) ? s->sum : s->sum + s->c;
}

/*
 * The plain sum divided at the end is the most accurate; only when the sum leaves the range of a double does the
 * mean itself take over: mean' = mean * (n - 1) / n + v / n.
 */
void
pq_average_add(struct pq_average *a, double v)
{
	struct pq_sum next = a->sum;
	double q;

	a->count++;
	if (a->count == 1) {
		a->sum.sum = v; /* not 0 + v: -0 stays -0, Inf is no overflow */
		return;
	}
	if (!a->incremental) {
		pq_sum_add(&next, v);
		if (!isinf(next.sum)) {
			a->sum = next;
			return;
		}
		a->incremental = true;
		a->sum.sum /= a->count - 1;
		a->sum.c /= a->count - 1;
	}
	q = (a->count - 1) / a->count;
	a->sum.sum *= q;
	a->sum.c *= q;
	pq_sum_add(&a->sum, v / a->count);
}

double
pq_average_value(const struct pq_average *a)
{
	if (a->incremental)
		return a->sum.sum + a->sum.c;
	return a->sum.sum / a->count + a->sum.c / a->count;
}

double
pq_mean(const double *v, size_t n)
{
	struct pq_average a = {0};
	size_t i;

	for (i = 0; i < n; i++)
		pq_average_add(&a, v[i]);
	return pq_average_value(&a);
}

/* Ascending, NaN first. */
static int
compare_values(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	if (isnan(a) || isnan(b))
		return !!isnan(b) - !!isnan(a);
	return (a > b) - (a < b);
}

double
pq_quantile(double q, double *v, size_t n)
{
	double rank, low, weight;
	size_t i, next;

	if (n == 0 || isnan(q))
		return NAN;
	if (q < 0)
		return -INFINITY;
	if (q > 1)
		return INFINITY;
	qsort(v, n, sizeof(*v), compare_values);
	rank = q * (double)(n - 1);
	low = floor(rank);
	weight = rank - low;
	i = (size_t)low;
	next = i + 1 < n ? i + 1 : n - 1;
	/* As upstream, also where a weight is 0 and the value infinite: that is NaN. */
	return v[i] * (1 - weight) + v[next] * weight;
}

/* Welford's method, population variance; any Inf or NaN makes it NaN. */
double
pq_stdvar(const double *v, size_t n)
{
	double mean = 0, squares = 0, delta;
	size_t i;

	for (i = 0; i < n; i++) {
		delta = v[i] - mean;
		mean += delta / (double)(i + 1);
		squares += delta * (v[i] - mean);
	}
	return squares / (double)n;
}

double
pq_binary(enum pq_op op, double left, double right)
{
	switch (op) {
	case PQ_OP_ADD:
		return left + right;
	case PQ_OP_SUB:
		return left - right;
	case PQ_OP_MUL:
		return left * right;
	case PQ_OP_DIV:
		return left / right;
	case PQ_OP_MOD:
		return fmod(left, right);
	case PQ_OP_POW:
		return pow(left, right);
	case PQ_OP_ATAN2:
		return atan2(left, right);
	case PQ_OP_EQ:
		return left == right;
	case PQ_OP_NE:
		return left != right;
	case PQ_OP_LT:
		return left < right;
	case PQ_OP_LE:
		return left <= right;
	case PQ_OP_GT:
		return left > right;
	case PQ_OP_GE:
		return left >= right;
	case PQ_OP_OR:
	case PQ_OP_AND:
	case PQ_OP_UNLESS:
		break; /* between sets, not numbers */
	}
	return NAN;
}
