#include "judge/reckon.h"

#include <math.h>
#include <string.h>

#include "base/expr.h"
#include "base/num.h"

/* Values of moved that are no doubt's number. */
#define MOVE_NONE SIZE_MAX
#define MOVE_HIDDEN (SIZE_MAX - 1)

static int
load(struct judging *j, struct store_rows *rows, struct stated **out, size_t *n, struct err *e)
{
	VEC(struct stated) list = {0};
	struct store_fact f;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_facts_next(rows, &f, e)) > 0)
		*vec_add(&list) = (struct stated){arena_sv(j->arena, f.path), arena_sv(j->arena, f.text),
		    arena_sv(j->arena, f.source), f.value, f.line, f.content};
	store_rows_close(rows);
	*n = list.n;
	*out = arena_keep(j->arena, list.v, list.n, sizeof(**out));
	return rc;
}

int
reckon_open(struct reckoning *k, struct judging *j, struct err *e)
{
	*k = (struct reckoning){.j = j};
	k->quantity = arena_new(j->arena, j->profile->n_quantities, sizeof(*k->quantity));
	if (load(j, store_claims_open(j->store, e), &k->claim, &k->n_claims, e) < 0)
		return -1;
	return load(j, store_runs_open(j->store, e), &k->fact, &k->n_facts, e);
}

void
reckon_close(struct reckoning *k)
{
	vec_free(&k->doubts);
}

/* Notes that a number may be off; what to add to it in this evaluation. */
static double
doubt(struct reckoning *k, const void *of, double by, bool hidden)
{
	size_t i;

	for (i = 0; i < k->doubts.n && k->doubts.v[i].of != of; i++)
		;
	if (i == k->doubts.n)
		*vec_add(&k->doubts) = (struct doubt){of, by, hidden};
	return i == k->moved || (hidden && k->moved == MOVE_HIDDEN) ? by : 0;
}

static int
quantity_value(struct reckoning *k, size_t i, double *v, struct err *e)
{
	const struct profile_quantity *def = &k->j->profile->quantities[i];
	struct quantity *q = &k->quantity[i];
	const struct increase *g = &q->grew;
	const struct pq_selector *sel;
	const struct span *span;
	int64_t unseen;
	size_t n;

	if (!q->done) {
		sel = pq_parse_selector(k->j->arena, def->selector, e);
		if (sel == NULL || judge_window(k->j, SV("run"), &span, &n, e) < 0 ||
		    increase_over(&k->j->increase, sel, span, n, &q->grew, e) < 0)
			return -1;
		q->done = true;
	}
	if (!g->known)
		return err_set(e, ERR_INPUT, "'%" SV_FMT "' was not measured", SV_ARG(def->name));
	k->covered = fmin(k->covered, (double)g->coverage.covered / (double)g->coverage.window);
	*v = g->total;
	/* What a restart hid and what no sample saw may have been twice as busy as the rest. */
	unseen = g->coverage.window - g->coverage.covered + (g->at_least ? g->coverage.unseen_max : 0);
	if (unseen > 0)
		*v += doubt(k, def, 2 * g->total * (double)unseen / (double)g->coverage.covered, true);
	return 0;
}

static const struct stated *
stated_find(const struct stated *s, size_t n, struct sv path, int64_t content)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s[i].content == content && sv_eq(s[i].path, path))
			return &s[i];
	return NULL;
}

/* The rounding of a printed number: "99.04" may stand for anything within 0.005 of it. */
double
reckon_rounding(struct sv text)
{
	return 0.5 * pow(10, -num_decimals(sv_trim(text)));
}

/* run.start, run.end and run.duration. A plan proves nothing: what it says about the end is no evidence. */
static int
run_value(const struct when_run *run, struct sv name, double *v, struct err *e)
{
	bool start = sv_is(name, "run.start"), end = sv_is(name, "run.end");

	if ((!end && run->start == TIME_NONE) || (!start && run->end == TIME_NONE))
		return err_set(e, ERR_INPUT, "'%" SV_FMT "' is unknown", SV_ARG(name));
	if (!start && run->end_planned)
		return err_set(e, ERR_INPUT, "'%" SV_FMT "' is only planned: nothing says when the run ended", SV_ARG(name));
	*v = start ? (double)run->start : end ? (double)run->end : (double)(run->end - run->start);
	return 0;
}

/* A fact of the run: all artifacts that state it must state the same. */
static int
fact_value(const struct reckoning *k, struct sv name, double *v, struct err *e)
{
	const struct stated *s = NULL, *f;
	size_t i;

	for (i = 0; i < k->n_facts; i++) {
		f = &k->fact[i];
		if (!sv_eq(f->path, name))
			continue;
		if (s != NULL && !sv_eq(s->text, f->text) && !(s->value == f->value))
			return err_set(e, ERR_INPUT, "the artifacts state '%" SV_FMT "' in two ways", SV_ARG(name));
		s = f;
	}
	if (s == NULL || !isfinite(s->value))
		return err_set(e, ERR_INPUT, "nothing says what '%" SV_FMT "' is", SV_ARG(name));
	*v = s->value;
	return 0;
}

/* A snapshot that is whole and of which nobody knows when it was taken: it is there, and counted nowhere. NULL: there is none. */
static const struct input_line *
unplaced(const struct verdict *v)
{
	size_t i;

	for (i = 0; i < v->n_inputs; i++) {
		const struct input_line *in = &v->inputs[i];

		if (!in->superseded && in->complete && in->items > 0 && in->untimed && in->time == TIME_NONE)
			return in;
	}
	return NULL;
}

/* evidence.ID.found and evidence.ID.expected: snapshots or files of an item, '-' in its id written as '_'. */
static int
evidence_value(const struct verdict *v, struct sv name, double *out, struct err *e)
{
	struct sv id = sv_from(name, strlen("evidence."));
	bool expected = sv_ends(id, ".expected");
	size_t i, k;

	if (!expected && !sv_ends(id, ".found"))
		return err_set(e, ERR_INPUT, "'%" SV_FMT "': write evidence.ID.found or evidence.ID.expected", SV_ARG(name));
	id = sv_head(id, id.n - strlen(expected ? ".expected" : ".found"));
	for (i = 0; i < v->n_evidence; i++) {
		struct sv own = v->evidence[i].id;

		own = sv_starts(own, "evidence/") ? sv_from(own, strlen("evidence/")) : own;
		for (k = 0; k < own.n && k < id.n && (own.p[k] == id.p[k] || (own.p[k] == '-' && id.p[k] == '_')); k++)
			;
		if (own.n != id.n || k < own.n)
			continue;
		if (!expected && unplaced(v) != NULL)
			return err_set(e, ERR_INPUT, "'%" SV_FMT "' is not known: when %" SV_FMT " was taken is not", SV_ARG(name),
			    SV_ARG(unplaced(v)->name));
		*out = (double)(expected ? v->evidence[i].expected : v->evidence[i].found);
		return 0;
	}
	return err_set(e, ERR_INPUT, "no evidence has the id '%" SV_FMT "'", SV_ARG(id));
}

/* What a name in a definition means: run.*, a quantity, a fact of the run, a claim of the same artifact. */
static int
name_value(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	struct reckoning *k = ctx;
	const struct profile *p = k->j->profile;
	const struct stated *s;
	size_t i;

	(void)braces;
	if (sv_is(name, "run.start") || sv_is(name, "run.end") || sv_is(name, "run.duration"))
		return run_value(&k->j->v->run, name, v, e);
	for (i = 0; i < p->n_quantities; i++)
		if (sv_eq(p->quantities[i].name, name))
			return quantity_value(k, i, v, e);
	if (sv_starts(name, "evidence."))
		return evidence_value(k->j->v, name, v, e);
	s = stated_find(k->claim, k->n_claims, name, k->content);
	if (s == NULL)
		return fact_value(k, name, v, e);
	if (!isfinite(s->value))
		return err_set(e, ERR_INPUT, "'%" SV_FMT "' is not a number", SV_ARG(name));
	*v = s->value;
	/* A count has no rounding: what is printed without decimals has to add up exactly. */
	if (num_decimals(sv_trim(s->text)) > 0)
		*v += doubt(k, s, reckon_rounding(s->text), false);
	return 0;
}

/* left (0 where there is none) and right once, with the doubt that k->moved names moved. */
static int
evaluate_once(struct reckoning *k, struct sv left, struct sv right, struct reckoned *r, struct err *e)
{
	if (left.n > 0 && expr_eval(left, name_value, k, &r->left, e) < 0)
		return -1;
	return expr_eval(right, name_value, k, &r->right, e);
}

/* How far left - right goes when one doubt, or all of what is hidden, is moved; a negative number on failure. */
static double
moved_by(struct reckoning *k, struct sv left, struct sv right, size_t moved, const struct reckoned *r, struct err *e)
{
	struct reckoned other = {0};

	k->moved = moved;
	if (evaluate_once(k, left, right, &other, e) < 0)
		return -1;
	return fabs(other.left - other.right - (r->left - r->right));
}

int
reckon(struct reckoning *k, struct sv left, struct sv right, int64_t content, struct reckoned *r, struct err *e)
{
	double off;
	size_t i;

	*r = (struct reckoned){0};
	k->content = content;
	k->covered = 1;
	k->doubts.n = 0;
	k->moved = MOVE_NONE;
	if (evaluate_once(k, left, right, r, e) < 0)
		return -1;
	r->covered = k->covered;
	/* Roundings are independent and add up. What was hidden may have been one kind of thing or all of them alike. */
	for (i = 0; i < k->doubts.n; i++) {
		if ((off = moved_by(k, left, right, i, r, e)) < 0)
			return -1;
		if (k->doubts.v[i].hidden)
			r->hidden = fmax(r->hidden, off);
		else
			r->rounded += off;
	}
	if ((off = moved_by(k, left, right, MOVE_HIDDEN, r, e)) < 0)
		return -1;
	r->hidden = fmax(r->hidden, off);
	return 0;
}
