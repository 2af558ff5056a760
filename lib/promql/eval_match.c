/* Two vectors: who meets whom. Elements meet when their signatures, made once a series, have the same number. */
#include "promql/eval_in.h"

#include "base/mem.h"

#define NONE SIZE_MAX

/* A vector, with the signature's number of each row. */
struct side {
	struct pq_value *v;
	size_t *sig;
};

/* What a step knows of a signature; stamps are step + 1, so that nothing must be cleared between steps. */
struct seen {
	size_t one_at, one;  /* the row of the "one" side, when one_at is this step */
	size_t matched_at;   /* a result exists */
};

struct match {
	struct pq_eval *ev;
	const struct pq_binary *b;
	struct side many, one; /* one-to-one: many is the left side */
	bool swapped;          /* many is the right side */
	struct seen *seen;     /* by signature */
	struct pq_ids results; /* label sets of the result: the number is that of its row */
	struct pq_ids pairs;   /* (many, one) */
	size_t *of_pair;       /* the result's row by pair */
	size_t n_pairs;
	size_t *last_pair;     /* by row of many: the pair it was in, a guess */
	size_t *last_one;
	struct writer {
		size_t step, sig;
	} *writer; /* by row of the result: who put its last sample */
	size_t n_writers, cap_pairs, cap_writers;
	struct pq_value *out;
};

static size_t *
signatures(struct pq_ids *ids, const struct pq_matching *m, const struct pq_value *v)
{
	size_t *sig = mem_new(v->n, sizeof(*sig)), i;
	struct sb key = {0};

	for (i = 0; i < v->n; i++) {
		sb_reset(&key);
		pq_signature(&v->row[i].labels, &m->labels, m->on, &key);
		sig[i] = pq_ids_of(ids, sb_sv(&key));
	}
	sb_free(&key);
	return sig;
}

/* resultMetric of promql/engine.go. */
static struct labels
result_labels(struct match *c, const struct labels *many, const struct labels *one)
{
	const struct pq_matching *m = &c->b->matching;
	struct arena *a = &c->ev->scratch;
	struct labels l = *many;
	size_t i, k;
	struct sv value;

	if (!pq_op_compares(c->b->op) || c->b->bool_result)
		l = pq_labels_unnamed(c->ev, &l);
	if (m->card == PQ_ONE_TO_ONE)
		return m->on ? pq_labels_keep(a, &l, &m->labels) : pq_labels_less(a, &l, &m->labels, false);
	for (i = 0; i < m->include.n; i++) {
		value = (struct sv){NULL, 0};
		for (k = 0; k < one->n; k++)
			if (sv_eq(one->v[k].name, m->include.v[i]))
				value = one->v[k].value;
		l = pq_labels_set(a, &l, m->include.v[i], value);
	}
	if (c->b->bool_result) /* group_left(__name__) may have brought one */
		l = pq_labels_unnamed(c->ev, &l);
	return l;
}

/* The row of the result where many and one meet. */
static size_t
result_row(struct match *c, size_t many, size_t one)
{
	size_t key[2] = {many, one}, pair, row, before = c->results.n;
	struct labels l;

	if (c->last_pair[many] != NONE && c->last_one[many] == one)
		return c->of_pair[c->last_pair[many]];
	pair = pq_ids_of(&c->pairs, (struct sv){(const char *)key, sizeof(key)});
	if (pair == c->n_pairs) {
		l = result_labels(c, &c->many.v->row[many].labels, &c->one.v->row[one].labels);
		row = pq_ids_labels(&c->results, &l);
		c->of_pair = vec_room(c->of_pair, sizeof(*c->of_pair), c->n_pairs, &c->cap_pairs);
		c->of_pair[c->n_pairs++] = row;
		if (row == before) {
			pq_value_add(c->out, l);
			c->writer = vec_room(c->writer, sizeof(*c->writer), c->n_writers, &c->cap_writers);
			c->n_writers++;
		}
	}
	c->last_pair[many] = pair;
	c->last_one[many] = one;
	return c->of_pair[pair];
}

static int
duplicate(struct match *c, size_t row, size_t other)
{
	const struct pq_matching *m = &c->b->matching;
	const struct labels *l = &c->one.v->row[row].labels;
	struct arena *a = &c->ev->scratch;
	struct labels group = m->on ? pq_labels_keep(a, l, &m->labels) : pq_labels_less(a, l, &m->labels, true);
	struct sb s = {0};
	int rc;

	sb_adds(&s, "found duplicate series for the match group ");
	pq_labels_text(&group, 80, &s);
	sb_addf(&s, " on the %s hand-side of the operation: [", c->swapped ? "left" : "right");
	pq_labels_text(l, 80, &s);
	sb_adds(&s, ", ");
	pq_labels_text(&c->one.v->row[other].labels, 80, &s);
	sb_adds(&s, "];many-to-many matching not allowed: matching labels must be unique on one side");
	rc = err_set(c->ev->e, ERR_USAGE, "%s", sb_str(&s));
	sb_free(&s);
	return rc;
}

/* Who of the "one" side is there in this step? 1, 0 nobody, -1. */
static int
fill_one(struct match *c, size_t step)
{
	struct seen *seen;
	size_t i;
	int any = 0;

	for (i = 0; i < c->one.v->n; i++) {
		if (!pq_row_has(&c->one.v->row[i], step))
			continue;
		seen = &c->seen[c->one.sig[i]];
		if (seen->one_at == step + 1)
			return duplicate(c, i, seen->one);
		seen->one_at = step + 1;
		seen->one = i;
		any = 1;
	}
	return any;
}

static bool
any_at(const struct pq_value *v, size_t step)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		if (pq_row_has(&v->row[i], step))
			return true;
	return false;
}

static int
put(struct match *c, size_t step, size_t sig, size_t row, double v)
{
	struct writer *w = &c->writer[row];

	if (c->b->matching.card == PQ_ONE_TO_ONE) {
		if (c->seen[sig].matched_at == step + 1)
			return err_set(c->ev->e, ERR_USAGE, "multiple matches for labels: many-to-one matching must "
			    "be explicit (group_left/group_right)");
		c->seen[sig].matched_at = step + 1;
	}
	if (w->step == step + 1)
		return err_set(c->ev->e, ERR_USAGE, w->sig == sig ?
		    "multiple matches for labels: grouping labels must ensure unique matches" :
		    "vector cannot contain metrics with the same labelset");
	*w = (struct writer){step + 1, sig};
	return pq_row_put(c->ev, &c->out->row[row], step, v);
}

static int
match_step(struct match *c, size_t step)
{
	struct seen *seen;
	double many, one, v;
	size_t i;
	int rc;

	if (!any_at(c->many.v, step))
		return 0;
	rc = fill_one(c, step);
	if (rc != 1)
		return rc;
	for (i = 0, rc = 0; i < c->many.v->n && rc == 0; i++) {
		seen = &c->seen[c->many.sig[i]];
		if (seen->one_at != step + 1 || !pq_row_has(&c->many.v->row[i], step))
			continue;
		many = pq_row_at(&c->many.v->row[i], step);
		one = pq_row_at(&c->one.v->row[seen->one], step);
		if (pq_apply(c->b, c->swapped ? one : many, c->swapped ? many : one, c->swapped ? one : many, &v))
			rc = put(c, step, c->many.sig[i], result_row(c, i, seen->one), v);
	}
	return rc;
}

int
pq_eval_match(struct pq_eval *ev, const struct pq_binary *b, size_t steps, struct pq_value *left,
    struct pq_value *right, struct pq_value *out)
{
	struct match c = {.ev = ev, .b = b, .out = out, .swapped = b->matching.card == PQ_ONE_TO_MANY};
	struct pq_ids ids = {0};
	size_t i;
	int rc = 0;

	c.many.v = c.swapped ? right : left;
	c.one.v = c.swapped ? left : right;
	c.many.sig = signatures(&ids, &b->matching, c.many.v);
	c.one.sig = signatures(&ids, &b->matching, c.one.v);
	c.seen = mem_new(ids.n, sizeof(*c.seen));
	c.last_pair = mem_new(c.many.v->n, sizeof(*c.last_pair));
	c.last_one = mem_new(c.many.v->n, sizeof(*c.last_one));
	for (i = 0; i < c.many.v->n; i++)
		c.last_pair[i] = NONE;
	for (i = 0; i < steps && rc == 0 && left->n > 0 && right->n > 0; i++)
		rc = pq_eval_go_on(ev) < 0 ? -1 : match_step(&c, i);
	mem_free(c.many.sig);
	mem_free(c.one.sig);
	mem_free(c.seen);
	mem_free(c.of_pair);
	mem_free(c.last_pair);
	mem_free(c.last_one);
	mem_free(c.writer);
	pq_ids_free(&c.results);
	pq_ids_free(&c.pairs);
	pq_ids_free(&ids);
	return rc;
}

/* and, unless: elements of left stay by whether right has their signature; or: those of right by whether left has. */
static void
filter(struct side *stay, const struct side *other, size_t steps, size_t *stamp, bool when_seen)
{
	size_t step, i;

	for (step = 0; step < steps; step++) {
		for (i = 0; i < other->v->n; i++)
			if (pq_row_has(&other->v->row[i], step))
				stamp[other->sig[i]] = step + 1;
		for (i = 0; i < stay->v->n; i++)
			if (pq_row_has(&stay->v->row[i], step) && (stamp[stay->sig[i]] == step + 1) != when_seen)
				pq_row_clear(&stay->v->row[i], step);
	}
}

int
pq_eval_set(struct pq_eval *ev, const struct pq_binary *b, size_t steps, struct pq_value *left,
    struct pq_value *right, struct pq_value *out)
{
	struct pq_ids ids = {0};
	struct side l = {left, signatures(&ids, &b->matching, left)};
	struct side r = {right, signatures(&ids, &b->matching, right)};
	size_t *stamp = mem_new(ids.n, sizeof(*stamp)), i;
	int rc = 0;

	if (b->op == PQ_OP_OR)
		filter(&r, &l, steps, stamp, false);
	else
		filter(&l, &r, steps, stamp, b->op == PQ_OP_AND);
	pq_value_move(ev, out, left);
	if (b->op == PQ_OP_OR) {
		for (i = 0; i < right->n; i++) {
			*pq_value_add(out, right->row[i].labels) = right->row[i];
			right->row[i] = (struct pq_row){.labels = right->row[i].labels};
		}
		out->ordered |= right->ordered;
		rc = pq_value_unite(ev, out);
	} else {
		pq_value_trim(ev, out);
	}
	mem_free(l.sig);
	mem_free(r.sig);
	mem_free(stamp);
	pq_ids_free(&ids);
	return rc;
}
