#include "promql/promql.h"

#include "base/regex.h"

/* A label that does not exist has the value "". */
static struct sv
value_of(struct sv label, struct sv name, const struct labels *l)
{
	size_t i;

	if (sv_is(label, "__name__"))
		return name;
	for (i = 0; i < l->n; i++)
		if (sv_eq(l->v[i].name, label))
			return l->v[i].value;
	return (struct sv){NULL, 0};
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
