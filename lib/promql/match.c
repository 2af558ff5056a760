#include "promql/promql.h"

#include <stdlib.h>

#include "base/regex.h"

/* A label that does not exist has the value "". */
static struct sv
value_of(struct sv label, struct sv name, const struct labels *l)
{
	return sv_is(label, "__name__") ? name : labels_value(l, label);
}

static int
matches(const struct pq_matcher *m, struct sv value, struct err *e)
{
	int rc;

	if (m->op == PQ_EQ || m->op == PQ_NE)
		return sv_eq(m->value, value) == (m->op == PQ_EQ);
	rc = regex_match(m->re, value, e);
	return rc < 0 ? -1 : (rc == 1) == (m->op == PQ_RE);
}

int
pq_matches(const struct pq_selector *sel, struct sv name, const struct labels *l, struct err *e)
{
	size_t i;
	int rc = 1;

	for (i = 0; i < sel->n && rc == 1; i++)
		rc = matches(&sel->v[i], value_of(sel->v[i].name, name, l), e);
	return rc;
}

static int
by_name_and_labels(const void *a, const void *b)
{
	const struct pq_series *x = a, *y = b;
	int c = sv_cmp(x->name, y->name);

	return c != 0 ? c : labels_cmp(&x->labels, &y->labels);
}

void
pq_sort_series(struct pq_series *v, size_t n)
{
	if (n > 1)
		qsort(v, n, sizeof(*v), by_name_and_labels);
}
