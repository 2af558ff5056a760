#include "judge/compare_runs.h"

#include "base/mem.h"
#include "judge/versus_plan.h"
#include "promql/store_source.h"

struct fact {
	struct sv path, text;
};
typedef VEC(struct fact) facts;

/* Facts in order of artifact; the first statement of a path stays. */
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
		for (i = 0; i < out->n && !sv_eq(out->v[i].path, f.path); i++)
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

static void
differing(const facts *cand, const facts *base, struct compare_report *r)
{
	VEC(struct compare_fact) out = {0};
	struct sv other;
	size_t i;

	for (i = 0; i < cand->n; i++) {
		other = text_of(base, cand->v[i].path);
		if (!sv_eq(other, cand->v[i].text) && !is_a_time(cand->v[i].text))
			*vec_add(&out) = (struct compare_fact){cand->v[i].path, other, cand->v[i].text};
	}
	for (i = 0; i < base->n; i++)
		if (text_of(cand, base->v[i].path).n == 0 && base->v[i].text.n > 0 && !is_a_time(base->v[i].text))
			*vec_add(&out) = (struct compare_fact){base->v[i].path, base->v[i].text, SV("")};
	r->n_facts = out.n;
	r->fact = arena_keep(&r->arena, out.v, out.n, sizeof(*out.v));
}

static int
compare_facts(struct store *candidate, struct store *baseline, struct compare_report *r, struct err *e)
{
	facts cand = {0}, base = {0};
	int rc = read_facts(candidate, &r->arena, &cand, e);

	if (rc == 0)
		rc = read_facts(baseline, &r->arena, &base, e);
	if (rc == 0)
		differing(&cand, &base, r);
	vec_free(&cand);
	vec_free(&base);
	return rc;
}

/* One criterion, if it compares or is a ratio. */
static int
compare_one(struct judging *j, const struct profile_criterion *c, struct compare_report *r, struct err *e)
{
	struct compare_row row = {.id = c->id, .title = c->title};
	struct versus_plan p;
	struct sources *s;
	int rc;

	if (sv_is(c->kind, "compare"))
		rc = versus_plan_of_compare(j->arena, c, &p, e) < 0 ? -1 : 1;
	else
		rc = versus_plan_of_sli(j->arena, c, &p, e);
	if (rc <= 0)
		return rc;
	row.share = p.total != NULL;
	row.gate = p.gate;
	s = sources_new();
	rc = versus_measure(j, j->baseline, &p, c->over, s, &row.v, e);
	sources_free(s);
	r->row[r->n++] = row;
	return rc;
}

static void
conclude(struct compare_report *r)
{
	bool failed = false, open = false, any = false;

	for (size_t i = 0; i < r->n; i++) {
		any |= r->row[i].v.known;
		failed |= r->row[i].gate && r->row[i].v.outcome == OUTCOME_FAIL;
		open |= r->row[i].gate && r->row[i].v.outcome == OUTCOME_INCONCLUSIVE;
	}
	r->outcome = failed ? OUTCOME_FAIL : open || !any ? OUTCOME_INCONCLUSIVE : OUTCOME_PASS;
}

int
compare_runs(struct store *candidate, struct store *baseline, const struct profile *p, const struct judge_opts *o,
    struct compare_report *r, struct err *e)
{
	struct pq_store_source source, baseline_source;
	struct verdict *v;
	struct judging j, b;
	size_t i;

	*r = (struct compare_report){.outcome = OUTCOME_INCONCLUSIVE};
	v = arena_new(&r->arena, 1, sizeof(*v));
	j = (struct judging){.store = candidate, .profile = p, .arena = &r->arena, .v = v};
	if (judge_check(p, e) < 0 || judging_open(&j, &source, o, e) < 0 ||
	    judging_baseline(&j, &b, &baseline_source, baseline, e) < 0)
		return -1;
	r->candidate = v->run;
	r->baseline = b.v->run;
	r->row = arena_new(&r->arena, p->n_criteria, sizeof(*r->row));
	for (i = 0; i < p->n_criteria; i++)
		if (compare_one(&j, &p->criteria[i], r, e) < 0)
			return -1;
	conclude(r);
	return compare_facts(candidate, baseline, r, e);
}

void
compare_report_free(struct compare_report *r)
{
	arena_free(&r->arena);
}
