/* sort_by_label() and sort_by_label_desc(): an order by the natural order of label values. */
#include "promql/eval_in.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "promql/functions.h"

struct entry {
	struct pq_row row;
	const struct pq_call *c;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes the run of digits, or of others, that *s starts with. */
static struct sv
chunk(struct sv *s)
{
	struct sv run;
	size_t n = 0;

	while (n < s->n && is_digit(s->p[n]) == is_digit(s->p[0]))
		n++;
	run = sv_head(*s, n);
	*s = sv_from(*s, n);
	return run;
}

/* As github.com/facette/natsort: runs of digits as numbers where they fit an int64, all else as text. */
static int
natural(struct sv a, struct sv b)
{
	struct sv x, y;
	int64_t n, m;
	int c;

	while (a.n > 0 && b.n > 0) {
		x = chunk(&a);
		y = chunk(&b);
		if (num_parse_int(x, &n) && num_parse_int(y, &m) && is_digit(x.p[0]) && is_digit(y.p[0]))
			c = (n > m) - (n < m);
		else
			c = sv_cmp(x, y);
		if (c != 0)
			return c;
	}
	return (a.n > 0) - (b.n > 0);
}

static int
by_label(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	struct sv p, q;
	size_t i;
	int c;

	for (i = 1; i < x->c->n; i++) {
		p = labels_value(&x->row.labels, pq_call_text(x->c, i));
		q = labels_value(&y->row.labels, pq_call_text(x->c, i));
		c = natural(p, q);
		if (c == 0) /* "01" and "1" are one number, but not one text */
			c = sv_cmp(p, q);
		if (c != 0)
			return c;
	}
	return labels_cmp(&x->row.labels, &y->row.labels);
}

/* Over more than one step there is no order but that of labels. */
int
pq_call_sort_by_label(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	bool down = sv_ends(sv_of(c->fn->name), "_desc");
	struct entry *v;
	size_t i;

	if (pq_eval_node(ev, c->args[0], g, out) < 0)
		return -1;
	pq_value_trim(ev, out);
	out->ordered = true;
	if (g->n > 1 || out->n < 2)
		return 0;
	v = mem_new(out->n, sizeof(*v));
	for (i = 0; i < out->n; i++)
		v[i] = (struct entry){out->row[i], c};
	qsort(v, out->n, sizeof(*v), by_label);
	for (i = 0; i < out->n; i++)
		out->row[i] = v[down ? out->n - 1 - i : i].row;
	mem_free(v);
	return 0;
}
