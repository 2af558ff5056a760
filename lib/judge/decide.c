#include "judge/decide.h"

#include "base/mem.h"

struct tally {
	struct verdict *v;
	size_t failed, waived, passed, open, missing;
	VEC(struct sv) reasons;
};

static void
reason(struct tally *t, const char *text)
{
	*vec_add(&t->reasons) = sv_of(text);
}

static void
count_criteria(struct tally *t)
{
	struct verdict *v = t->v;
	size_t i;

	for (i = 0; i < v->n_criteria; i++) {
		const struct criterion_result *r = &v->criteria[i];
		bool required = !r->criterion->optional;

		switch (r->outcome) {
		case OUTCOME_PASS:
		case OUTCOME_WARN:
			v->warned += r->outcome == OUTCOME_WARN;
			t->passed += required;
			break;
		case OUTCOME_FAIL:
			t->failed++;
			break;
		case OUTCOME_WAIVED:
			t->waived++;
			break;
		case OUTCOME_INCONCLUSIVE:
			t->open += required;
			break;
		}
	}
	for (i = 0; i < v->n_evidence; i++)
		t->missing += !v->evidence[i].present && !v->evidence[i].optional;
}

static void
reasons_of_criteria(struct tally *t, enum outcome which)
{
	struct verdict *v = t->v;
	size_t i;

	for (i = 0; i < v->n_criteria; i++) {
		const struct criterion_result *r = &v->criteria[i];

		if (r->outcome == which && (which != OUTCOME_INCONCLUSIVE || !r->criterion->optional))
			reason(t, arena_fmt(&v->arena, "%s %" SV_FMT ": %" SV_FMT, outcome_text(which),
			    SV_ARG(r->criterion->id), SV_ARG(r->sentence)));
	}
}

static void
reasons_of_evidence(struct tally *t)
{
	struct verdict *v = t->v;
	size_t i;

	for (i = 0; i < v->n_evidence; i++)
		if (!v->evidence[i].present && !v->evidence[i].optional)
			reason(t, arena_fmt(&v->arena, "missing evidence: %" SV_FMT, SV_ARG(v->evidence[i].sentence)));
}

static void
reasons_of_contradictions(struct tally *t)
{
	struct verdict *v = t->v;
	size_t i;

	for (i = 0; i < v->n_contradictions; i++)
		reason(t, arena_fmt(&v->arena, "contradiction: %" SV_FMT, SV_ARG(v->contradictions[i].sentence)));
}

void
decide(struct verdict *v)
{
	struct tally t = {.v = v};
	bool contradicted = v->n_contradictions > 0 && v->profile->contradiction_fails;

	v->warned = 0;
	count_criteria(&t);
	if (t.failed > 0 || contradicted) {
		v->outcome = OUTCOME_FAIL;
		v->decision = SV("NO-GO");
		v->headline = sv_of(arena_fmt(&v->arena, "%zu of %zu criteria failed, %zu contradiction%s", t.failed,
		    v->n_criteria, v->n_contradictions, v->n_contradictions == 1 ? "" : "s"));
	} else if (t.open > 0 || t.missing > 0 || t.passed == 0) {
		v->outcome = OUTCOME_INCONCLUSIVE;
		v->decision = SV("INCONCLUSIVE");
		v->headline = t.open + t.missing == 0 ? SV("nothing that is required has passed") :
		    sv_of(arena_fmt(&v->arena,
			"%zu of %zu criteria cannot be decided, %zu of %zu pieces of evidence are missing", t.open,
			v->n_criteria, t.missing, v->n_evidence));
	} else {
		v->outcome = OUTCOME_PASS;
		v->decision = t.waived > 0 ? SV("GO WITH WAIVERS") : SV("GO");
		v->headline = sv_of(arena_fmt(&v->arena, "%zu of %zu criteria passed, all required evidence is there",
		    t.passed, v->n_criteria));
	}
	reasons_of_criteria(&t, OUTCOME_FAIL);
	reasons_of_contradictions(&t);
	reasons_of_evidence(&t);
	reasons_of_criteria(&t, OUTCOME_INCONCLUSIVE);
	if (v->outcome == OUTCOME_INCONCLUSIVE && t.reasons.n == 0)
		reason(&t, "nothing that is required has passed");
	v->n_reasons = t.reasons.n;
	v->reasons = arena_keep(&v->arena, t.reasons.v, t.reasons.n, sizeof(*v->reasons));
}
