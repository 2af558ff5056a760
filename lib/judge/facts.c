#include "judge/facts.h"

#include <math.h>

#include "base/expr.h"
#include "base/num.h"
#include "base/time.h"

#define MIN_SEEN 0.95 /* of the run, for a quantity: as min_coverage is where nothing else is said */

struct lookup {
	struct judging *j;
	struct sv why; /* of a fact that cannot be used; empty when the store failed */
};

static int
accept_name(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	(void)ctx;
	if (braces)
		return err_set(e, ERR_INPUT, "{%" SV_FMT "} has no meaning here", SV_ARG(name));
	*v = 1;
	return 0;
}

int
facts_check(const struct doc *node, struct err *e)
{
	struct err why = {0};

	if (node->kind != DOC_STRING && node->kind != DOC_NUMBER)
		return doc_err(node, e, "'%" SV_FMT "' must be an expression", SV_ARG(node->key));
	if (expr_check(node->text, accept_name, NULL, &why) < 0)
		return doc_err(node, e, "%" SV_FMT ": %s", SV_ARG(node->key), why.msg);
	return 0;
}

static int
unusable(struct lookup *l, const char *why, struct err *e)
{
	l->why = sv_of(why);
	return err_set(e, ERR_INPUT, "%s", why);
}

/* "run.start", "run.end", "run.duration": 1 known, 0 not one of these, -1 not known. */
static int
run_time(struct lookup *l, struct sv name, double *v, struct err *e)
{
	const struct when_run *run = &l->j->v->run;
	int64_t t;

	if (sv_is(name, "run.start"))
		t = run->start;
	else if (sv_is(name, "run.end"))
		t = run->end;
	else if (!sv_is(name, "run.duration"))
		return 0;
	else if (run->duration != TIME_NONE)
		t = run->duration;
	else
		t = run->start == TIME_NONE || run->end == TIME_NONE ? TIME_NONE : run->end - run->start;
	*v = (double)t;
	if (t == TIME_NONE)
		return unusable(l, arena_fmt(l->j->arena, "%" SV_FMT " is not known", SV_ARG(name)), e);
	return 1;
}

/* How far a quantity of the profile grew over the run: 1, 0 no such quantity, -1 not known. What too little was seen of is no expectation. */
static int
quantity(struct lookup *l, struct sv name, double *v, struct err *e)
{
	const struct profile *p = l->j->profile;
	struct arena *a = l->j->arena;
	const struct pq_selector *sel;
	const struct span *span;
	struct increase grew;
	size_t i, n;

	for (i = 0; i < p->n_quantities && !sv_eq(p->quantities[i].name, name); i++)
		;
	if (i == p->n_quantities)
		return 0;
	if ((sel = pq_parse_selector(a, p->quantities[i].selector, e)) == NULL || judge_window(l->j, SV("run"), &span, &n, e) < 0 ||
	    increase_over(&l->j->increase, sel, span, n, &grew, e) < 0)
		return -1;
	if (!grew.known)
		return unusable(l, arena_fmt(a, "%" SV_FMT " was not measured", SV_ARG(name)), e);
	if ((double)grew.coverage.covered < MIN_SEEN * (double)grew.coverage.window)
		return unusable(l, arena_fmt(a, "less than 95 %% of the run was seen of %" SV_FMT, SV_ARG(name)), e);
	*v = grew.total;
	return 1;
}

/* All artifacts that state the fact must state the same. */
static int
look_up(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	struct lookup *l = ctx;
	struct arena *a = l->j->arena;
	struct store_rows *rows;
	struct store_fact f;
	const char *why = NULL;
	bool found = false;
	double value;
	int rc;

	(void)braces;
	if ((rc = run_time(l, name, v, e)) != 0)
		return rc < 0 ? -1 : 0;
	if ((rc = quantity(l, name, v, e)) != 0)
		return rc < 0 ? -1 : 0;
	if (l->j->store == NULL)
		return unusable(l, arena_fmt(a, "no artifact states %" SV_FMT, SV_ARG(name)), e);
	if ((rows = store_runs_open(l->j->store, e)) == NULL)
		return -1;
	while ((rc = store_facts_next(rows, &f, e)) > 0 && why == NULL) {
		if (!sv_eq(f.path, name))
			continue;
		value = f.value;
		if (isnan(value) && !num_parse(sv_trim(f.text), &value))
			why = arena_fmt(a, "%" SV_FMT " is not a number in %" SV_FMT ":%lld", SV_ARG(name),
			    SV_ARG(f.source), (long long)f.line);
		else if (found && value != *v)
			why = arena_fmt(a, "the artifacts state %" SV_FMT " in two ways", SV_ARG(name));
		else if (value < 0) /* two of them would make a plausible product */
			why = arena_fmt(a, "%" SV_FMT " is below 0 in %" SV_FMT ":%lld", SV_ARG(name), SV_ARG(f.source), (long long)f.line);
		found = true;
		*v = value;
	}
	store_rows_close(rows);
	if (rc < 0)
		return -1;
	if (!found)
		why = arena_fmt(a, "no artifact states %" SV_FMT, SV_ARG(name));
	return why == NULL ? 0 : unusable(l, why, e);
}

int
facts_value(struct judging *j, struct sv text, double *v, struct sv *why, struct err *e)
{
	struct lookup l = {.j = j};
	struct err failed = {0};

	if (expr_eval(text, look_up, &l, v, &failed) == 0) {
		if (isfinite(*v))
			return 1;
		*why = SV("it divides by zero or is too large");
		return 0;
	}
	*why = l.why;
	if (l.why.n > 0)
		return 0;
	if (e != NULL)
		*e = failed;
	return -1;
}
