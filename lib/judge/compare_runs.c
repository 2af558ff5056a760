#include "judge/compare_runs.h"

#include "judge/versus_plan.h"
#include "promql/store_source.h"

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

/* Is there a gate that says so, or none at all? Then the two runs are called what they are: not comparable. */
static const char *
not_alike(struct compare_report *r)
{
	bool gates = false, held = false;

	for (size_t i = 0; i < r->n; i++) {
		gates |= r->row[i].gate;
		held |= r->row[i].gate && (!r->row[i].v.known || r->row[i].v.unlike != NULL);
	}
	return gates && !held ? NULL : alike_not(&r->arena, r->alike, true, NULL);
}

static void
conclude(struct compare_report *r)
{
	bool failed = false, open = r->unlike != NULL, any = false;

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
	if (alike_of(&j, &r->alike, e) < 0)
		return -1;
	r->unlike = not_alike(r);
	conclude(r);
	return 0;
}

void
compare_report_free(struct compare_report *r)
{
	arena_free(&r->arena);
}
