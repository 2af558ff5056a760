#include "promql/stretches.h"

#include <stdlib.h>

static int
by_from(const void *a, const void *b)
{
	const struct pq_stretch *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

void
stretches_unite(struct stretches *s)
{
	size_t i, n = 0;

	if (s->of.n > 1)
		qsort(s->of.v, s->of.n, sizeof(*s->of.v), by_from);
	for (i = 0; i < s->of.n; i++) {
		if (n > 0 && s->of.v[i].from <= s->of.v[n - 1].to)
			s->of.v[n - 1].to = s->of.v[i].to > s->of.v[n - 1].to ? s->of.v[i].to : s->of.v[n - 1].to;
		else
			s->of.v[n++] = s->of.v[i];
	}
	s->of.n = n;
}

void
stretches_add(struct stretches *s, int64_t from, int64_t to)
{
	if (from < to)
		*vec_add(&s->of) = (struct pq_stretch){from, to};
}

int64_t
stretches_length(const struct stretches *s)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < s->of.n; i++)
		sum += s->of.v[i].to - s->of.v[i].from;
	return sum;
}

int64_t
stretches_common(const struct stretches *s, const struct stretches *t, int64_t from, int64_t to)
{
	int64_t sum = 0, low, high;
	size_t i = 0, k = 0;

	while (i < s->of.n && k < t->of.n) {
		low = s->of.v[i].from > t->of.v[k].from ? s->of.v[i].from : t->of.v[k].from;
		high = s->of.v[i].to < t->of.v[k].to ? s->of.v[i].to : t->of.v[k].to;
		low = low > from ? low : from;
		high = high < to ? high : to;
		sum += high > low ? high - low : 0;
		if (s->of.v[i].to < t->of.v[k].to)
			i++;
		else
			k++;
	}
	return sum;
}
