/* Aggregations that do not make one number of a group: topk, bottomk, limitk, count_values. */
#include "promql/eval_in.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

struct item {
	double v;
	size_t row, at; /* at: where it stood in the heap, to decide ties */
};

/* The worst of the best is on top. Go's container/heap, for ties must fall as they do there. */
struct heap {
	struct item *v;
	size_t n;
	double sign; /* 1 topk, -1 bottomk */
};

static bool
worse(const struct heap *h, size_t i, size_t k)
{
	return isnan(h->v[i].v) || h->sign * h->v[i].v < h->sign * h->v[k].v;
}

static void
swap(struct heap *h, size_t i, size_t k)
{
	struct item t = h->v[i];

	h->v[i] = h->v[k];
	h->v[k] = t;
}

static void
push(struct heap *h, struct item item)
{
	size_t i = h->n++, up;

	h->v[i] = item;
	for (; i > 0; i = up) {
		up = (i - 1) / 2;
		if (!worse(h, i, up))
			break;
		swap(h, i, up);
	}
}

static void
replace_top(struct heap *h, struct item item)
{
	size_t i = 0, k;

	h->v[0] = item;
	while ((k = 2 * i + 1) < h->n) {
		if (k + 1 < h->n && worse(h, k + 1, k))
			k++;
		if (!worse(h, k, i))
			break;
		swap(h, i, k);
		i = k;
	}
}

static int
best_first(const void *a, const void *b, double sign)
{
	const struct item *x = a, *y = b;

	if (isnan(x->v) != isnan(y->v))
		return isnan(x->v) ? 1 : -1;
	if (sign * x->v != sign * y->v && !isnan(x->v))
		return sign * x->v > sign * y->v ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static int
top_first(const void *a, const void *b)
{
	return best_first(a, b, 1);
}

static int
bottom_first(const void *a, const void *b)
{
	return best_first(a, b, -1);
}

/* The k best of a group in a step, best first. */
static void
select_best(struct heap *h, const struct pq_value *in, const size_t *member, size_t n, size_t step, double k)
{
	struct item item;
	size_t i;

	h->n = 0;
	for (i = 0; i < n && k >= 1; i++) {
		if (!pq_row_has(&in->row[member[i]], step))
			continue;
		item = (struct item){pq_row_at(&in->row[member[i]], step), member[i], 0};
		if ((double)h->n < floor(k))
			push(h, item);
		else if (h->sign * h->v[0].v < h->sign * item.v || (isnan(h->v[0].v) && !isnan(item.v)))
			replace_top(h, item);
	}
	for (i = 0; i < h->n; i++)
		h->v[i].at = i;
	if (h->n > 1)
		qsort(h->v, h->n, sizeof(*h->v), h->sign > 0 ? top_first : bottom_first);
}

int
pq_eval_topk(struct pq_eval *ev, const struct pq_aggregation *g, size_t steps, const double *k, struct pq_value *in,
    struct pq_value *out)
{
	struct heap h = {mem_new(in->n, sizeof(*h.v)), 0, g->op == PQ_TOPK ? 1 : -1};
	struct pq_grouping by = {&g->labels, g->without, false};
	struct pq_groups groups;
	size_t i, step, t, start;
	struct pq_row *r;
	int rc = 0;

	pq_groups_make(ev, &by, in, &groups);
	for (i = 0; i < in->n && steps > 1; i++) /* row for row as in the input */
		pq_value_add(out, in->row[i].labels);
	for (i = 0; i < groups.n && rc == 0; i++) {
		start = pq_groups_start(&groups, i);
		for (step = 0; step < steps && rc == 0; step++) {
			rc = pq_eval_go_on(ev);
			select_best(&h, in, groups.member + start, groups.end[i] - start, step, k[step]);
			for (t = 0; t < h.n && rc == 0; t++) {
				r = steps > 1 ? &out->row[h.v[t].row] :
				    pq_value_add(out, in->row[h.v[t].row].labels);
				rc = pq_row_put(ev, r, step, h.v[t].v);
			}
		}
	}
	out->ordered = true;
	pq_value_trim(ev, out);
	pq_groups_free(&groups);
	mem_free(h.v);
	return rc;
}

/* Any k elements of each group, so the first ones: which they are depends on the series that there are, not on values. */
int
pq_eval_limitk(struct pq_eval *ev, const struct pq_aggregation *g, size_t steps, const double *k, struct pq_value *in,
    struct pq_value *out)
{
	struct pq_grouping by = {&g->labels, g->without, false};
	struct pq_groups groups;
	size_t i, step, t;
	double left;
	int rc = 0;

	pq_groups_make(ev, &by, in, &groups);
	for (i = 0; i < in->n; i++)
		pq_value_add(out, in->row[i].labels);
	for (i = 0; i < groups.n; i++)
		for (step = 0; step < steps && rc == 0; step++) {
			rc = pq_eval_go_on(ev);
			left = floor(k[step]);
			for (t = pq_groups_start(&groups, i); t < groups.end[i] && left >= 1 && rc == 0; t++) {
				if (!pq_row_has(&in->row[groups.member[t]], step))
					continue;
				rc = pq_row_put(ev, &out->row[groups.member[t]], step, pq_row_at(&in->row[groups.member[t]], step));
				left--;
			}
		}
	pq_value_trim(ev, out);
	pq_groups_free(&groups);
	return rc;
}

/* Shortest decimal text without an exponent, strconv.FormatFloat(v, 'f', -1, 64). */
static void
plain_number(double v, struct sb *out)
{
	char buf[NUM_TEXT], *e, *p;
	long exponent, point;
	size_t digits;

	num_text(v, buf);
	e = strchr(buf, 'e');
	if (e == NULL) {
		sb_adds(out, buf);
		return;
	}
	exponent = strtol(e + 1, NULL, 10);
	*e = '\0';
	p = buf;
	if (*p == '-')
		sb_addc(out, *p++);
	if (strlen(p) > 1) /* "1.25": the digits without their point */
		memmove(p + 1, p + 2, strlen(p + 2) + 1);
	digits = strlen(p);
	if (exponent < 0) {
		sb_adds(out, "0.");
		for (point = -1; point > exponent; point--)
			sb_addc(out, '0');
		sb_adds(out, p);
		return;
	}
	sb_adds(out, p);
	for (point = (long)digits - 1; point < exponent; point++)
		sb_addc(out, '0');
}

/* What count_values has counted: its groups are known by (group of labels, value). */
struct counts {
	struct pq_eval *ev;
	struct pq_grouping by;
	struct sv label;
	bool label_goes;    /* without (label): values are not told apart */
	struct pq_ids ids;  /* (group, value) to a row of out */
	size_t *now;        /* by row: the count of this step */
	size_t n, cap;
	struct pq_value *out;
};

/* The row of a value in the group that labels belong to. */
static size_t
count_row(struct counts *c, const struct labels *labels, size_t group, double v)
{
	struct labels l;
	struct sb key = {0}, text = {0};
	size_t row;

	v = isnan(v) ? NAN : v; /* one text for all of them */
	sb_add(&key, &group, sizeof(group));
	if (!c->label_goes)
		sb_add(&key, &v, sizeof(v));
	row = pq_ids_of(&c->ids, sb_sv(&key));
	sb_free(&key);
	if (row == c->n) {
		l = pq_group_labels(c->ev, &c->by, labels);
		if (!c->label_goes) {
			plain_number(v, &text);
			l = pq_labels_set(&c->ev->scratch, &l, c->label, arena_sv(&c->ev->scratch, sb_sv(&text)));
			sb_free(&text);
		}
		pq_value_add(c->out, l);
		c->now = vec_room(c->now, sizeof(*c->now), c->n++, &c->cap);
	}
	return row;
}

static int
count_step(struct counts *c, const struct pq_value *in, const size_t *group, size_t step, size_t *touched)
{
	size_t i, row, n = 0;
	int rc = 0;

	for (i = 0; i < in->n; i++) {
		if (!pq_row_has(&in->row[i], step))
			continue;
		row = count_row(c, &in->row[i].labels, group[i], pq_row_at(&in->row[i], step));
		if (c->now[row]++ == 0)
			touched[n++] = row;
	}
	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = pq_row_put(c->ev, &c->out->row[touched[i]], step, (double)c->now[touched[i]]);
		c->now[touched[i]] = 0;
	}
	return rc;
}

int
pq_eval_count_values(struct pq_eval *ev, const struct pq_aggregation *g, size_t steps, struct sv label,
    struct pq_value *in, struct pq_value *out)
{
	struct counts c = {.ev = ev, .by = {&g->labels, g->without, false}, .label = label, .out = out};
	size_t *group, *touched, i;
	struct pq_ids ids = {0};
	struct pq_names one = {&label, 1};
	struct labels l;
	int rc = 0;

	if (!pq_label_valid(label))
		return err_set(ev->e, ERR_USAGE, "invalid label name \"%" SV_FMT "\" in count_values()",
		    SV_ARG(sv_head(label, 100)));
	group = mem_new(in->n, sizeof(*group));
	touched = mem_new(in->n, sizeof(*touched));
	c.label_goes = g->without && pq_names_have(&g->labels, label);
	for (i = 0; i < in->n; i++) { /* the label is replaced, so it does not tell groups apart */
		l = pq_group_labels(ev, &c.by, &in->row[i].labels);
		l = pq_labels_less(&ev->scratch, &l, &one, false);
		group[i] = pq_ids_labels(&ids, &l);
	}
	for (i = 0; i < steps && rc == 0; i++)
		rc = pq_eval_go_on(ev) < 0 ? -1 : count_step(&c, in, group, i, touched);
	pq_ids_free(&ids);
	pq_ids_free(&c.ids);
	mem_free(c.now);
	mem_free(group);
	mem_free(touched);
	return rc;
}
