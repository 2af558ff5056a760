#include "judge/decide.h"

#include "base/mem.h"

struct tally {
	struct verdict *v;
	size_t failed, warned, waived, passed, met, open, missing; /* passed: of those required; met: of all */
	bool score_failed, score_open, score_warned;
	VEC(struct sv) reasons;
	struct sb headline;
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
			t->warned += r->outcome == OUTCOME_WARN;
			t->passed += required;
			t->met++;
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
	t->score_failed = v->score.asked && v->score.outcome == OUTCOME_FAIL;
	t->score_open = v->score.asked && v->score.outcome == OUTCOME_INCONCLUSIVE;
	t->score_warned = v->score.asked && v->score.outcome == OUTCOME_WARN;
	for (i = 0; i < v->n_evidence; i++)
		t->missing += !v->evidence[i].present && !v->evidence[i].optional;
}

/* " (No check was down three times in a row)" beside a sentence that is a value and a limit; the others say what they are about. */
static const char *
title_of(struct tally *t, const struct profile_criterion *c)
{
	if (!sv_is(c->kind, "promql") || sv_eq(c->title, c->id))
		return "";
	return arena_fmt(&t->v->arena, " (%" SV_FMT ")", SV_ARG(c->title));
}

static void
reasons_of_criteria(struct tally *t, enum outcome which)
{
	struct verdict *v = t->v;
	size_t i;

	for (i = 0; i < v->n_criteria; i++) {
		const struct criterion_result *r = &v->criteria[i];

		if (r->outcome == which && (which != OUTCOME_INCONCLUSIVE || !r->criterion->optional))
			reason(t, arena_fmt(&v->arena, "%s %" SV_FMT "%s: %" SV_FMT, outcome_text(which),
			    SV_ARG(r->criterion->id), title_of(t, r->criterion), SV_ARG(r->sentence)));
	}
}

static void
reasons_of_score(struct tally *t, enum outcome which)
{
	struct verdict *v = t->v;

	if (v->score.asked && v->score.outcome == which)
		reason(t, arena_fmt(&v->arena, "%s: %" SV_FMT, outcome_text(which), SV_ARG(v->score.sentence)));
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

/* What people were asked for before a GO: a no fails, silence leaves it open. */
static void
reasons_of_notes(struct tally *t, const char *what, const struct sv *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		reason(t, arena_fmt(&t->v->arena, "%s: %" SV_FMT, what, SV_ARG(text[i])));
}

/* What the counters say against the times comes first: whatever rests on those times is in doubt. */
static void
reasons_of_times(struct tally *t)
{
	struct verdict *v = t->v;
	size_t i, n = 0;
	const struct problem_line *first = NULL;

	for (i = 0; i < v->n_problems; i++)
		if (v->problems[i].placing && n++ == 0)
			first = &v->problems[i];
	if (first == NULL)
		return;
	reason(t, arena_fmt(&v->arena, "the times of snapshots are in doubt: %" SV_FMT ": %" SV_FMT "%s", SV_ARG(first->source),
	    SV_ARG(first->text), n > 1 ? arena_fmt(&v->arena, " (and %zu more)", n - 1) : ""));
}

/* One part of the headline, when there is anything to it. */
static void
part(struct tally *t, bool any, const char *text)
{
	if (any)
		sb_addf(&t->headline, "%s%s", t->headline.n > 0 ? ", " : "", text);
}

/* ": a, b", the key criteria that failed, or "". */
static const char *
failed_keys(struct tally *t)
{
	struct verdict *v = t->v;
	struct sb names = {0};
	const char *text;
	size_t i;

	for (i = 0; i < v->n_criteria; i++)
		if (v->criteria[i].outcome == OUTCOME_FAIL && v->criteria[i].criterion->key)
			sb_addf(&names, "%s%" SV_FMT, names.n > 0 ? ", " : " (key: ", SV_ARG(v->criteria[i].criterion->id));
	text = names.n > 0 ? arena_fmt(&v->arena, "%s)", sb_str(&names)) : "";
	sb_free(&names);
	return text;
}

static const char *
of(struct tally *t, size_t n, size_t all, const char *what)
{
	return arena_fmt(&t->v->arena, "%zu of %zu %s", n, all, what);
}

static void
headline(struct tally *t, bool strict)
{
	struct verdict *v = t->v;
	size_t k = v->n_contradictions;

	switch (v->outcome) {
	case OUTCOME_FAIL:
		part(t, t->failed > 0,
		    arena_fmt(&v->arena, "%s%s", of(t, t->failed, v->n_criteria, "criteria failed"), failed_keys(t)));
		part(t, t->score_failed, "the score is too low");
		part(t, strict && t->score_warned, "the score warns, which counts as failed");
		part(t, strict && t->warned > 0, of(t, t->warned, v->n_criteria, "criteria warned, which counts as failed"));
		part(t, v->notes.n_denied > 0, arena_fmt(&v->arena, "%zu readiness question%s answered with no", v->notes.n_denied,
		    v->notes.n_denied == 1 ? "" : "s"));
		part(t, k > 0, arena_fmt(&v->arena, "%zu contradiction%s", k, k == 1 ? "" : "s"));
		break;
	case OUTCOME_INCONCLUSIVE:
		part(t, v->misplaced, "the times of snapshots are in doubt");
		part(t, t->open > 0, of(t, t->open, v->n_criteria, "criteria cannot be decided"));
		part(t, t->score_open, "the score is not decided");
		part(t, t->missing > 0, of(t, t->missing, v->n_evidence, "pieces of evidence are missing"));
		part(t, v->notes.n_missing > 0, arena_fmt(&v->arena, "%zu thing%s asked of people %s missing", v->notes.n_missing,
		    v->notes.n_missing == 1 ? "" : "s", v->notes.n_missing == 1 ? "is" : "are"));
		part(t, t->headline.n == 0, "nothing that is required has passed");
		break;
	default:
		part(t, true, of(t, t->met, v->n_criteria, "criteria passed"));
		part(t, t->warned > 0, arena_fmt(&v->arena, "%zu of them with a warning", t->warned));
		part(t, t->score_warned, "the score warns");
		part(t, t->waived > 0, arena_fmt(&v->arena, "%zu waived", t->waived));
		part(t, true, "all required evidence is there");
		break;
	}
	v->headline = arena_sv(&v->arena, sb_sv(&t->headline));
	sb_free(&t->headline);
}

void
decide(struct verdict *v, bool strict)
{
	struct tally t = {.v = v};
	bool contradicted = v->n_contradictions > 0 && v->profile->contradiction_fails;

	count_criteria(&t);
	if (t.failed > 0 || t.score_failed || contradicted || v->notes.n_denied > 0 || (strict && (t.warned > 0 || t.score_warned))) {
		v->outcome = OUTCOME_FAIL;
		v->decision = SV("NO-GO");
	} else if (t.open > 0 || t.score_open || t.missing > 0 || v->notes.n_missing > 0 || t.passed == 0 || v->misplaced) {
		v->outcome = OUTCOME_INCONCLUSIVE;
		v->decision = SV("INCONCLUSIVE");
	} else {
		v->outcome = OUTCOME_PASS;
		v->decision = t.waived > 0 ? SV("GO WITH WAIVERS") : SV("GO");
	}
	headline(&t, strict);
	reasons_of_times(&t);
	reasons_of_criteria(&t, OUTCOME_FAIL);
	reasons_of_score(&t, OUTCOME_FAIL);
	reasons_of_contradictions(&t);
	reasons_of_notes(&t, "not ready", v->notes.denied, v->notes.n_denied);
	reasons_of_criteria(&t, OUTCOME_WARN);
	reasons_of_score(&t, OUTCOME_WARN);
	reasons_of_evidence(&t);
	reasons_of_notes(&t, "missing from people", v->notes.missing, v->notes.n_missing);
	reasons_of_criteria(&t, OUTCOME_INCONCLUSIVE);
	reasons_of_score(&t, OUTCOME_INCONCLUSIVE);
	reasons_of_criteria(&t, OUTCOME_WAIVED);
	if (v->outcome == OUTCOME_INCONCLUSIVE && t.reasons.n == 0)
		reason(&t, "nothing that is required has passed");
	v->n_reasons = t.reasons.n;
	v->reasons = arena_keep(&v->arena, t.reasons.v, t.reasons.n, sizeof(*v->reasons));
}
