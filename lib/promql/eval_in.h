/*
 * eval_in - inside eval: how the value of a part of an expression is held, over all steps at once.
 *
 * A node is evaluated once for a whole grid of times. Its value is rows, one a series, each a run of steps with a bit
 * for every step that has a sample. What a step holds depends on that step's times only, never on its neighbours.
 *
 * Whoever declares a struct pq_value frees it, also after a failure; labels live in the scratch arena.
 */
#ifndef SOAK_PROMQL_EVAL_IN_H
#define SOAK_PROMQL_EVAL_IN_H

#include "promql/eval.h"

/* The times start, start + step, ...; n of them, at least 1. */
struct pq_grid {
	int64_t start, step;
	size_t n;
};

struct pq_row {
	struct labels labels; /* with __name__ where there is one; sorted */
	size_t first, n, cap; /* steps first .. first + n - 1 are held, some of them without a sample */
	double *v;
	uint64_t *has;
};

struct pq_value {
	struct pq_row *row;
	size_t n, cap;
	bool ordered;   /* rows stand in the order that the answer is to have */
	struct sv text; /* of a string */
};

struct pq_eval {
	struct pq_source *src;
	const struct pq_query *q;
	struct arena scratch;
	int64_t lookback, max_samples;
	int64_t held; /* samples that rows and windows hold now */
	size_t n_selected;
	struct err *e;
};

/* The samples of one series that all windows of a query can need, in order, without stale markers. */
typedef int pq_each_fn(void *ctx, struct labels labels, const struct pq_sample *s, size_t n);

/* How a window moves over them. */
struct pq_slide {
	const struct pq_expr *x; /* PQ_RANGE or PQ_SUBQUERY */
	const struct pq_grid *g;
	size_t low, high;
};

/* --- eval.c --- */

/* x at the times of g into *out, which is empty. 0 or -1. Matrices have their own ways: pq_eval_windows(). */
int pq_eval_node(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out);

static inline int64_t
pq_grid_time(const struct pq_grid *g, size_t i)
{
	return g->start + (int64_t)i * g->step;
}
/* 0, or -1 with ERR_LIMIT when the query is to end now. Every loop whose turns can be long asks. */
int pq_eval_go_on(struct pq_eval *ev);
/* More samples (or fewer, n < 0) are held: 0, or -1 with ERR_LIMIT. */
int pq_eval_hold(struct pq_eval *ev, int64_t n);

/* --- eval_value.c --- */

void pq_value_free(struct pq_eval *ev, struct pq_value *v);
/* A new row without samples; the pointer is good until the next. */
struct pq_row *pq_value_add(struct pq_value *v, struct labels l);
/* *to becomes *from, which becomes empty. */
void pq_value_move(struct pq_eval *ev, struct pq_value *to, struct pq_value *from);
/* Room for n steps from step first on, of which the row holds none yet. 0 or -1. */
int pq_row_reserve(struct pq_eval *ev, struct pq_row *r, size_t first, size_t n);
int pq_row_grow(struct pq_eval *ev, struct pq_row *r, size_t n);
/* Frees the samples of row i, which stays as an empty one. */
void pq_value_drop(struct pq_eval *ev, struct pq_value *v, size_t i);
/* Without rows that have no sample. */
void pq_value_trim(struct pq_eval *ev, struct pq_value *v);
/*
 * Rows with the same labels become one; -1, ERR_USAGE, when both have a sample at a step. Every operation that takes
 * labels away ends with it.
 */
int pq_value_unite(struct pq_eval *ev, struct pq_value *v);
/* The value at one step for all n steps. 0 or -1. */
int pq_value_spread(struct pq_eval *ev, struct pq_value *v, size_t n);
/* One row without labels that has v at each step. */
int pq_value_constant(struct pq_eval *ev, struct pq_value *out, size_t n, double v);
/* All rows without their names; then pq_value_unite(). */
int pq_value_drop_names(struct pq_eval *ev, struct pq_value *v);

static inline bool
pq_row_has(const struct pq_row *r, size_t step)
{
	size_t k = step - r->first;

	return k < r->n && (r->has[k / 64] >> (k % 64) & 1) != 0;
}

static inline double
pq_row_at(const struct pq_row *r, size_t step)
{
	return r->v[step - r->first];
}

/* Takes the sample of a step away. */
static inline void
pq_row_clear(struct pq_row *r, size_t step)
{
	size_t k = step - r->first;

	r->has[k / 64] &= ~(UINT64_C(1) << (k % 64));
}

/* A sample at a step later than all that the row has. 0 or -1. */
static inline int
pq_row_put(struct pq_eval *ev, struct pq_row *r, size_t step, double v)
{
	size_t k;

	if (r->n == 0 && r->cap == 0)
		r->first = step;
	k = step - r->first;
	if (k >= r->cap && pq_row_grow(ev, r, k + 1) < 0)
		return -1;
	r->v[k] = v;
	r->has[k / 64] |= UINT64_C(1) << (k % 64);
	r->n = k + 1;
	return 0;
}

/* --- eval_labels.c --- */

#define PQ_NAME "__name__"

/* What name, and what 3.x's type and unit labels say of a series no longer holds. */
bool pq_label_is_name(const struct pq_eval *ev, struct sv name);
struct labels pq_labels_unnamed(struct pq_eval *ev, const struct labels *l);
/* Only those of names; all but those of names and, where asked, __name__. */
struct labels pq_labels_keep(struct arena *a, const struct labels *l, const struct pq_names *names);
struct labels pq_labels_less(struct arena *a, const struct labels *l, const struct pq_names *names, bool name_too);
/* With name=value in place of what name had; an empty value takes it away. */
struct labels pq_labels_set(struct arena *a, const struct labels *l, struct sv name, struct sv value);
struct labels pq_labels_of(struct arena *a, const struct pq_series *s);
/* May a series have a label of that name? 3.x: any text. */
bool pq_label_valid(struct sv name);
bool pq_names_have(const struct pq_names *names, struct sv name);
/* A key that two label sets share when they agree in the labels of names (keep), or in all others but __name__. */
void pq_signature(const struct labels *l, const struct pq_names *names, bool keep, struct sb *out);
/* {a="b", c="d"} as upstream's messages show it, at most about limit bytes. Appends. */
void pq_labels_text(const struct labels *l, size_t limit, struct sb *out);

/* Keys to numbers 0, 1, 2 ... in order of appearance. */
struct pq_ids {
	struct arena a;
	struct pq_id *v;
	size_t n, cap;
	size_t *slot, slots;
};
size_t pq_ids_of(struct pq_ids *ids, struct sv key);
void pq_ids_free(struct pq_ids *ids);
/* The number of a whole label set. */
size_t pq_ids_labels(struct pq_ids *ids, const struct labels *l);

/* --- eval_select.c, eval_subquery.c --- */

/* The time that a shifted selector or subquery looks at in a step. */
int64_t pq_shifted(const struct pq_eval *ev, const struct pq_shift *s, const struct pq_grid *g, size_t i);
/* An instant selector; with times, a sample's value is its own time in seconds (timestamp()). */
int pq_eval_select(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, bool times,
    struct pq_value *out);
/* Each series of a range selector or subquery with what the windows of all steps cover. 0 or -1. */
int pq_eval_windows(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, pq_each_fn *each, void *ctx);
int pq_eval_subquery(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, pq_each_fn *each, void *ctx);
/*
 * The samples of step i's window, which is later than the last one asked for: s[low] .. s[high - 1]. Of an extended range
 * those of the lookback beside it, too.
 */
void pq_slide_to(const struct pq_eval *ev, struct pq_slide *w, size_t i, const struct pq_sample *s, size_t n);
int64_t pq_range_of(const struct pq_expr *x);

/* --- the kinds of nodes, a file each: eval_binary.c, eval_match.c, eval_aggregate.c ... --- */

int pq_eval_unary(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out);
int pq_eval_binary(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out);
int pq_eval_aggregation(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out);
int pq_eval_call(struct pq_eval *ev, const struct pq_expr *x, const struct pq_grid *g, struct pq_value *out);

/* Two vectors: arithmetic and comparisons; and, or, unless. They take left and right to pieces. */
int pq_eval_match(struct pq_eval *ev, const struct pq_binary *b, size_t steps, struct pq_value *left,
    struct pq_value *right, struct pq_value *out);
int pq_eval_set(struct pq_eval *ev, const struct pq_binary *b, size_t steps, struct pq_value *left,
    struct pq_value *right, struct pq_value *out);
/* left op right for filters and arithmetic alike: false when a comparison takes the element away. */
bool pq_apply(const struct pq_binary *b, double left, double right, double element, double *out);
bool pq_op_compares(enum pq_op op);

/* topk, bottomk, limitk, count_values. k: a value a step. */
int pq_eval_topk(struct pq_eval *ev, const struct pq_aggregation *g, size_t steps, const double *k, struct pq_value *in,
    struct pq_value *out);
int pq_eval_limitk(struct pq_eval *ev, const struct pq_aggregation *g, size_t steps, const double *k,
    struct pq_value *in, struct pq_value *out);
int pq_eval_count_values(struct pq_eval *ev, const struct pq_aggregation *g, size_t steps, struct sv label,
    struct pq_value *in, struct pq_value *out);
/* by (labels), without (labels); the latter takes the name, too, unless name_too says that it tells groups apart. */
struct pq_grouping {
	const struct pq_names *labels;
	bool without, name_too;
};
/* The labels of the group that l belongs to. */
struct labels pq_group_labels(struct pq_eval *ev, const struct pq_grouping *g, const struct labels *l);
/* Rows by group, groups in order of appearance: those of group i are member[start of i] .. member[end[i] - 1]. */
struct pq_groups {
	size_t n, *member, *end;
	struct labels *labels;
};
void pq_groups_make(struct pq_eval *ev, const struct pq_grouping *g, const struct pq_value *in, struct pq_groups *out);
size_t pq_groups_start(const struct pq_groups *g, size_t i);
void pq_groups_free(struct pq_groups *g);

/* A function of calls: its arguments are in c. */
typedef int pq_call_fn(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out);
pq_call_fn pq_call_label_replace, pq_call_label_join, pq_call_histogram_quantile, pq_call_histogram_fraction,
    pq_call_absent, pq_call_absent_over_time, pq_call_sort, pq_call_sort_desc, pq_call_scalar, pq_call_vector,
    pq_call_sort_by_label, pq_call_time, pq_call_timestamp, pq_call_pi;
/* The text of a string argument. */
struct sv pq_call_text(const struct pq_call *c, size_t i);

#endif
