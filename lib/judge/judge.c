#include "judge/judge.h"

#include "judge/claims.h"
#include "judge/decide.h"
#include "judge/evidence.h"
#include "judge/kind.h"
#include "judge/listing.h"
#include "judge/rates.h"
#include "judge/window.h"
#include "promql/store_source.h"

const char *
outcome_text(enum outcome o)
{
	switch (o) {
	case OUTCOME_PASS:
		return "PASS";
	case OUTCOME_WARN:
		return "WARN";
	case OUTCOME_FAIL:
		return "FAIL";
	case OUTCOME_WAIVED:
		return "WAIVED";
	case OUTCOME_INCONCLUSIVE:
		break;
	}
	return "INCONCLUSIVE";
}

const char *
claim_state_text(enum claim_state c)
{
	switch (c) {
	case CLAIM_EXPLAINED:
		return "explained";
	case CLAIM_CONTRADICTED:
		return "contradicted";
	case CLAIM_UNDECIDED:
		return "undecided";
	case CLAIM_NOT_AUDITED:
		break;
	}
	return "not audited";
}

int
verdict_exit(const struct verdict *v, bool strict)
{
	if (v->outcome == OUTCOME_FAIL || (strict && v->outcome == OUTCOME_PASS && v->warned > 0))
		return 1;
	return v->outcome == OUTCOME_PASS ? 0 : 3;
}

static int
check_criterion(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	const struct kind *kind = kind_find(c->kind);

	if (kind == NULL)
		return doc_err_key(c->spec, e, "unknown kind of criterion '%" SV_FMT "'", SV_ARG(c->kind));
	if (window_check(p, c->at, c->over, e) < 0)
		return -1;
	return kind->check(p, c, e);
}

/* The parts of a profile that only the judge understands. */
static int
check_profile(const struct profile *p, struct err *e)
{
	struct arena a = {0};
	struct err why = {0};
	size_t i;
	int rc = 0;

	for (i = 0; i < p->n_windows; i++)
		if (p->windows[i].not_window.n > 0 &&
		    window_check(p, p->windows[i].at, p->windows[i].not_window, e) < 0)
			return -1;
	for (i = 0; i < p->n_criteria; i++)
		if (check_criterion(p, &p->criteria[i], e) < 0)
			return -1;
	if (p->good.n > 0 && pq_parse_matchers(&a, p->good, &why) == NULL)
		rc = err_set(e, ERR_INPUT, "%s: outcomes.good: %s", p->file, why.msg);
	else if (p->outcome_total.n > 0 && pq_parse_selector(&a, p->outcome_total, &why) == NULL)
		rc = err_set(e, ERR_INPUT, "%s: outcomes.total: %s", p->file, why.msg);
	arena_free(&a);
	return rc < 0 ? -1 : claims_check(p, e);
}

static int
judge_criteria(struct judging *j, struct err *e)
{
	const struct profile *p = j->profile;
	size_t i;

	j->v->n_criteria = p->n_criteria;
	j->v->criteria = arena_new(j->arena, p->n_criteria, sizeof(*j->v->criteria));
	for (i = 0; i < p->n_criteria; i++) {
		struct criterion_result *r = &j->v->criteria[i];

		r->criterion = &p->criteria[i];
		r->outcome = OUTCOME_INCONCLUSIVE; /* whatever a kind may forget */
		if (kind_find(p->criteria[i].kind)->judge(j, r, e) < 0)
			return -1;
	}
	return 0;
}

int
judge_run(struct store *s, const struct profile *p, const struct judge_opts *o, struct verdict *v, struct err *e)
{
	struct pq_store_source source;
	struct judging j = {.store = s, .profile = p, .source = &source.src, .v = v, .arena = &v->arena};

	*v = (struct verdict){.profile = p, .outcome = OUTCOME_INCONCLUSIVE};
	if (check_profile(p, e) < 0)
		return -1;
	pq_store_source_init(&source, s);
	if (when_run(s, p, o->start, j.arena, &v->run, e) < 0)
		return -1;
	j.increase = (struct increase_run){.source = j.source, .store = s, .profile = p, .run = v->run, .arena = j.arena};
	if (increase_setup(&j.increase, e) < 0 || window_resolve_all(&j, e) < 0 || listing_inputs(&j, e) < 0 ||
	    listing_marks(&j, e) < 0)
		return -1;
	evidence_judge(&j);
	if (judge_criteria(&j, e) < 0 || claims_judge(&j, e) < 0 || rates_judge(&j, e) < 0)
		return -1;
	decide(v);
	return 0;
}

void
verdict_free(struct verdict *v)
{
	arena_free(&v->arena);
}

/* A selector that matches nothing although its metric is there is likely a typing mistake in a label. */
static void
lint_selector(struct store *s, const struct doc *at, struct sv text,
    void (*say)(void *ctx, const char *line), void *ctx)
{
	struct pq_store_source source;
	const struct pq_selector *sel;
	struct pq_series *series;
	struct arena a = {0};
	struct err e = {0};
	size_t n = 0;

	pq_store_source_init(&source, s);
	sel = pq_parse_selector(&a, text, &e);
	if (sel != NULL && source.src.series(&source.src, sel, &a, &series, &n, &e) == 0 && n == 0)
		say(ctx, arena_fmt(&a, "%s:%d:%d: note: '%" SV_FMT "' matches no series in the store", at->file, at->line,
		    at->col, SV_ARG(text)));
	arena_free(&a);
}

int
judge_lint(const struct profile *p, struct store *s, void (*say)(void *ctx, const char *text), void *ctx)
{
	struct err e = {0};
	int errors = 0;
	size_t i;

	for (i = 0; i < p->n_criteria; i++)
		if (check_criterion(p, &p->criteria[i], &e) < 0) {
			say(ctx, e.msg);
			errors++;
		}
	if (errors == 0 && check_profile(p, &e) < 0) {
		say(ctx, e.msg);
		errors++;
	}
	for (i = 0; s != NULL && errors == 0 && i < p->n_criteria; i++) {
		const struct doc *spec = p->criteria[i].spec, *d;

		for (d = doc_first(spec); d != NULL && sv_is(p->criteria[i].kind, "sli"); d = d->next)
			if (sv_is(d->key, "total") || sv_is(d->key, "bad") || sv_is(d->key, "good") ||
			    sv_is(d->key, "count"))
				lint_selector(s, d, d->text, say, ctx);
	}
	for (i = 0; s != NULL && errors == 0 && i < p->n_quantities; i++)
		lint_selector(s, p->quantities[i].at, p->quantities[i].selector, say, ctx);
	return errors;
}
