/* Quantiles and fractions of classic histograms: series that differ in le only are one histogram. */
#include "promql/eval_in.h"

#include "base/mem.h"
#include "base/num.h"
#include "promql/numeric.h"

struct histograms {
	struct pq_groups groups;
	double *le;
	struct pq_value buckets; /* only rows with a bound */
};

/* Rows of *v whose le is a number, and which histogram each is of. */
static void
sort_out(struct pq_eval *ev, struct pq_value *v, struct histograms *h)
{
	struct sv le_name = SV("le");
	struct pq_names names = {&le_name, 1};
	struct pq_grouping by = {&names, true, true};
	size_t i, n = 0;
	double le;

	h->le = mem_new(v->n, sizeof(*h->le));
	for (i = 0; i < v->n; i++) {
		if (!num_parse(labels_get(&v->row[i].labels, "le"), &le)) {
			pq_value_drop(ev, v, i);
			continue;
		}
		h->le[n] = le;
		v->row[n++] = v->row[i];
	}
	v->n = n;
	pq_value_move(ev, &h->buckets, v);
	pq_groups_make(ev, &by, &h->buckets, &h->groups);
}

/* a: the scalar arguments in order, from histogram_quantile(q, b) or histogram_fraction(low, high, b). */
static int
one_histogram(struct pq_eval *ev, const struct histograms *h, size_t group, size_t steps, const struct pq_value *a,
    size_t n_args, struct pq_row *out)
{
	size_t start = pq_groups_start(&h->groups, group), end = h->groups.end[group], i, k, n;
	struct pq_bucket *b = mem_new(end - start, sizeof(*b));
	const struct pq_row *r;
	double v;
	int rc = 0;

	for (i = 0; i < steps && rc == 0; i++) {
		for (k = start, n = 0; k < end; k++) {
			r = &h->buckets.row[h->groups.member[k]];
			if (pq_row_has(r, i))
				b[n++] = (struct pq_bucket){h->le[h->groups.member[k]], pq_row_at(r, i)};
		}
		if (n == 0)
			continue;
		v = n_args == 1 ? pq_bucket_quantile(a[0].row[0].v[i], b, n) :
		    pq_bucket_fraction(a[0].row[0].v[i], a[1].row[0].v[i], b, n);
		rc = pq_row_put(ev, out, i, v);
	}
	mem_free(b);
	return rc;
}

static int
histogram(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	struct histograms h = {{0}, NULL, {0}};
	struct pq_value in = {0}, a[2] = {{0}, {0}};
	size_t i, n = c->n - 1;
	int rc = 0;

	for (i = 0; i < n && rc == 0; i++)
		rc = pq_eval_node(ev, c->args[i], g, &a[i]);
	if (rc == 0)
		rc = pq_eval_node(ev, c->args[n], g, &in);
	if (rc == 0) {
		sort_out(ev, &in, &h);
		for (i = 0; i < h.groups.n && rc == 0; i++)
			rc = one_histogram(ev, &h, i, g->n, a, n, pq_value_add(out, h.groups.labels[i]));
		if (rc == 0)
			rc = pq_value_drop_names(ev, out);
	}
	pq_groups_free(&h.groups);
	mem_free(h.le);
	pq_value_free(ev, &h.buckets);
	pq_value_free(ev, &in);
	pq_value_free(ev, &a[0]);
	pq_value_free(ev, &a[1]);
	return rc;
}

int
pq_call_histogram_quantile(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	return histogram(ev, c, g, out);
}

int
pq_call_histogram_fraction(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	return histogram(ev, c, g, out);
}
