#include "judge/alike.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "judge/query.h"
#include "judge/versus_plan.h"

struct fact {
	struct sv path, text;
};
typedef VEC(struct fact) facts;

/* Facts in order of artifact, each statement once: where there are several runs of k6 in a run a path says several things. */
static int
read_facts(struct store *s, struct arena *a, facts *out, struct err *e)
{
	struct store_rows *rows = store_runs_open(s, e);
	struct store_fact f;
	size_t i;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_facts_next(rows, &f, e)) == 1) {
		for (i = 0; i < out->n && !(sv_eq(out->v[i].path, f.path) && sv_eq(out->v[i].text, f.text)); i++)
			;
		if (i == out->n)
			*vec_add(out) = (struct fact){arena_sv(a, f.path), arena_sv(a, f.text)};
	}
	store_rows_close(rows);
	return rc;
}

static struct sv
text_of(const facts *f, struct sv path)
{
	for (size_t i = 0; i < f->n; i++)
		if (sv_eq(f->v[i].path, path))
			return f->v[i].text;
	return SV("");
}

/* When a run took place differs always, and says nothing about what ran. */
static bool
is_a_time(struct sv text)
{
	int64_t t;

	return sv_chr(text, ':') < text.n && time_parse(text, &t);
}

static bool
same(struct sv a, struct sv b)
{
	double x, y;

	return sv_eq(a, b) || (num_parse(sv_trim(a), &x) && num_parse(sv_trim(b), &y) && x == y);
}

/* Does any of the words stand in the text, in whatever case? */
static bool
tells_of(struct sv text, const char *const *words)
{
	size_t i;

	for (; *words != NULL; words++)
		for (i = 0; i + strlen(*words) <= text.n; i++)
			if (strncasecmp(text.p + i, *words, strlen(*words)) == 0)
				return true;
	return false;
}

static bool
is_condition(struct sv path)
{
	static const char *const conditions[] = {"config", "setting", "environment", "k6/scenario/", "k6/planned/", NULL};
	static const char *const compared[] = {"version", "commit", "build", "release", "revision", "image", "sha", NULL};
	size_t last = path.n;

	while (last > 0 && path.p[last - 1] != '.' && path.p[last - 1] != '/')
		last--;
	return tells_of(path, conditions) && !tells_of(sv_from(path, last), compared);
}

static bool
same_fact(const struct fact *a, const struct fact *b)
{
	return sv_eq(a->path, b->path) && same(a->text, b->text);
}

/* Is there anything that both say of the path? */
static bool
agree(const facts *a, const facts *b, struct sv path)
{
	size_t i, k;

	for (i = 0; i < a->n; i++)
		for (k = 0; sv_eq(a->v[i].path, path) && k < b->n; k++)
			if (same_fact(&a->v[i], &b->v[k]))
				return true;
	return false;
}

/* Is fact i the first of its path? */
static bool
is_first(const facts *f, size_t i)
{
	size_t k;

	for (k = 0; k < i && !sv_eq(f->v[k].path, f->v[i].path); k++)
		;
	return k == i;
}

static void
differing(const facts *cand, const facts *base, struct arena *a, struct alike *k)
{
	VEC(struct alike_fact) out = {0};
	struct sv other, path;
	size_t i;

	for (i = 0; i < cand->n; i++) {
		path = cand->v[i].path;
		other = text_of(base, path);
		if (is_first(cand, i) && !agree(cand, base, path) && !is_a_time(cand->v[i].text))
			*vec_add(&out) = (struct alike_fact){path, other, cand->v[i].text,
			    other.n > 0 && cand->v[i].text.n > 0 && is_condition(path)};
	}
	for (i = 0; i < base->n; i++)
		if (is_first(base, i) && text_of(cand, base->v[i].path).n == 0 && base->v[i].text.n > 0 && !is_a_time(base->v[i].text))
			*vec_add(&out) = (struct alike_fact){base->v[i].path, base->v[i].text, SV(""), false};
	k->n = out.n;
	k->fact = arena_keep(a, out.v, out.n, sizeof(*out.v));
}

/* What was counted in the run, and how much of it a second; NaN: not known. 0 or -1. */
static int
count(struct judging *j, const struct pq_selector *sel, double *all, double *rate, struct err *e)
{
	const struct span *span;
	struct increase grew;
	size_t n;
	int rc = judge_window(j, SV("run"), &span, &n, e);

	*all = *rate = (double)NAN;
	if (rc <= 0)
		return rc;
	if (increase_over(&j->increase, sel, span, n, &grew, e) < 0)
		return -1;
	if (grew.known && grew.total > 0 && grew.coverage.covered > 0) {
		*all = grew.total;
		*rate = grew.total / ((double)grew.coverage.covered / 1000);
	}
	return 0;
}

/* The load is told by what most requests are counted by: the largest total of the profile. */
static int
measure_load(struct judging *j, struct alike *k, struct err *e)
{
	double all, other, rate, most = 0, base;
	struct versus_plan p;
	struct sv manual = j->manual; /* of the criterion at hand; the run's own bounds are not its */
	size_t i;
	int rc = 0;

	for (i = 0; i < j->profile->n_criteria && rc >= 0; i++) {
		const struct profile_criterion *c = &j->profile->criteria[i];

		if (sv_is(c->kind, "compare"))
			rc = versus_plan_of_compare(j->arena, c, &p, e);
		else
			rc = versus_plan_of_sli(j->arena, c, &p, e);
		if (rc < 0 || p.total == NULL)
			continue;
		if (count(j->baseline, p.total, &all, &base, e) < 0 || count(j, p.total, &other, &rate, e) < 0)
			rc = -1;
		else if (all > most && rate > 0) {
			most = all;
			k->baseline = base;
			k->candidate = rate;
			k->total = doc_get(c->spec, "total")->text;
		}
	}
	j->manual = manual;
	return rc < 0 ? -1 : 0;
}

int
alike_of(struct judging *j, const struct alike **out, struct err *e)
{
	struct alike *k = arena_new(j->arena, 1, sizeof(*k));
	facts cand = {0}, base = {0};
	int rc = 0;

	*k = (struct alike){.baseline = (double)NAN, .candidate = (double)NAN};
	*out = j->alike != NULL ? j->alike : k;
	if (j->alike != NULL || j->baseline == NULL)
		return 0;
	if (j->store != NULL && j->baseline->store != NULL) {
		rc = read_facts(j->store, j->arena, &cand, e);
		if (rc == 0)
			rc = read_facts(j->baseline->store, j->arena, &base, e);
		if (rc == 0)
			differing(&cand, &base, j->arena, k);
	}
	vec_free(&cand);
	vec_free(&base);
	if (rc < 0 || measure_load(j, k, e) < 0)
		return -1;
	j->alike = k;
	return 0;
}

bool
alike_loads_differ(double a, double b)
{
	return fabs(log(a / b)) > log1p(LOADS_DIFFER);
}

static bool
excused(struct sv path, const struct doc *despite)
{
	const struct doc *d;

	for (d = despite != NULL ? doc_first(despite) : NULL; d != NULL; d = d->next)
		if (sv_glob(d->text, path))
			return true;
	return false;
}

const char *
alike_not(struct arena *a, const struct alike *k, bool load, const struct doc *despite)
{
	char x[NUM_TEXT], y[NUM_TEXT];
	size_t i, more = 0, first = k->n;

	for (i = 0; i < k->n; i++) {
		if (!k->fact[i].condition || excused(k->fact[i].path, despite))
			continue;
		first = first == k->n ? i : first;
		more += first != i;
	}
	if (first < k->n)
		return arena_fmt(a, "the runs were made under other conditions: %" SV_FMT " is %" SV_FMT ", %" SV_FMT " in the baseline%s",
		    SV_ARG(k->fact[first].path), SV_ARG(sv_head(k->fact[first].candidate, 60)), SV_ARG(sv_head(k->fact[first].baseline, 60)),
		    more == 0 ? "" : arena_fmt(a, ", and %zu more", more));
	if (load && !isnan(k->baseline) && alike_loads_differ(k->candidate, k->baseline))
		return arena_fmt(a, "the loads differ: %s requests a second, %s in the baseline", query_number(k->candidate, x),
		    query_number(k->baseline, y));
	return NULL;
}
