#include "judge/judge.h"

#include "judge/budget.h"
#include "judge/claims.h"
#include "judge/decide.h"
#include "judge/evidence.h"
#include "judge/k6_audit.h"
#include "judge/kind.h"
#include "judge/listing.h"
#include "judge/notes.h"
#include "judge/people.h"
#include "judge/rates.h"
#include "judge/result.h"
#include "judge/score.h"
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
verdict_exit(const struct verdict *v)
{
	if (v->outcome == OUTCOME_FAIL)
		return 1;
	return v->outcome == OUTCOME_PASS ? 0 : 3;
}

int
judge_check_criterion(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	const struct kind *kind = kind_find(c->kind);
	const char *near = kind_near(c->kind);

	if (kind == NULL)
		return doc_err_key(c->spec, e, "unknown kind of criterion '%" SV_FMT "'%s%s%s", SV_ARG(c->kind),
		    near != NULL ? ", did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
	if (window_check(p, c->at, c->over, e) < 0)
		return -1;
	if (c->has_moment && !(kind->uses & KIND_MOMENT))
		return doc_err_key(doc_get(c->at, "at"), e, "'at' has no meaning for the kind '%s'", kind->name);
	if (c->mode != MODE_NONE && !(kind->uses & KIND_MODE))
		return doc_err_key(doc_get(c->at, "mode"), e, "'mode' has no meaning for the kind '%s'", kind->name);
	return kind->check(p, c, e);
}

/* The parts of a profile that only the judge understands. */
int
judge_check(const struct profile *p, struct err *e)
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
		if (judge_check_criterion(p, &p->criteria[i], e) < 0)
			return -1;
	if (p->good.n > 0 && pq_parse_matchers(&a, p->good, &why) == NULL)
		rc = err_set(e, ERR_INPUT, "%s: outcomes.good: %s", p->file, why.msg);
	else if (p->outcome_total.n > 0 && pq_parse_selector(&a, p->outcome_total, &why) == NULL)
		rc = err_set(e, ERR_INPUT, "%s: outcomes.total: %s", p->file, why.msg);
	arena_free(&a);
	return rc < 0 || budget_check(p, e) < 0 || people_check(p, e) < 0 ? -1 : claims_check(p, e);
}

bool
judge_on_server(struct sv kind)
{
	static const char *const kinds[] = {"sli", "promql", "alerts", "slo", "trend", "spike", "recovery"};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (sv_is(kind, kinds[i]))
			return true;
	return false;
}

static int
judge_criteria(struct judging *j, bool server, struct err *e)
{
	const struct profile *p = j->profile;
	size_t i;

	j->v->n_criteria = p->n_criteria;
	j->v->criteria = arena_new(j->arena, p->n_criteria, sizeof(*j->v->criteria));
	for (i = 0; i < p->n_criteria; i++) {
		struct criterion_result *r = &j->v->criteria[i];

		r->criterion = &p->criteria[i];
		r->outcome = OUTCOME_INCONCLUSIVE; /* whatever a kind may forget */
		j->manual = SV("");
		if (server && !judge_on_server(r->criterion->kind)) {
			result_open(j, r, "", "");
			result_undecided(r, arena_fmt(j->arena, "Not decidable: a server of metrics does not tell what the kind '%" SV_FMT "' asks.",
				SV_ARG(r->criterion->kind)), "a store of the artifacts");
			continue;
		}
		if (kind_find(p->criteria[i].kind)->judge(j, r, e) < 0)
			return -1;
		result_left_out(j, r);
		result_many(j, r);
		result_torn(j, r);
	}
	return 0;
}

/* --so-far: nothing says that the run has ended, so it ends, for now, at the last time that any artifact holds. */
static int
cut_run(struct judging *j, const struct judge_opts *o, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(j->store, e);
	struct when_run *run = &j->v->run;
	int64_t last = TIME_NONE;
	struct store_artifact a;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &a, e)) > 0) {
		last = a.superseded || a.time_ms == TIME_NONE || a.time_ms < last ? last : a.time_ms;
		last = a.superseded || a.last_ms == TIME_NONE || a.last_ms < last ? last : a.last_ms;
	}
	store_rows_close(rows);
	if (o->has_now && last != TIME_NONE && last > o->now)
		last = o->now;
	if (rc < 0 || (run->end != TIME_NONE && !run->end_planned) || run->start == TIME_NONE || last == TIME_NONE ||
	    last <= run->start || (run->end != TIME_NONE && last >= run->end))
		return rc;
	j->v->cut = true;
	j->v->planned_end = run->end;
	run->end = last;
	run->end_source = SV("so far: the last time that an artifact holds");
	return 0;
}

int
judging_open(struct judging *j, struct pq_store_source *source, const struct judge_opts *o, struct err *e)
{
	pq_store_source_init(source, j->store);
	j->source = &source->src;
	if (when_run(j->store, j->profile, o->start, j->arena, &j->v->run, e) < 0 || (o->so_far && cut_run(j, o, e) < 0))
		return -1;
	j->increase = (struct increase_run){.source = j->source, .store = j->store, .profile = j->profile, .run = j->v->run,
	    .arena = j->arena};
	return increase_setup(&j->increase, e) < 0 || window_resolve_all(j, e) < 0 ? -1 : 0;
}

int
judging_baseline(struct judging *j, struct judging *b, struct pq_store_source *source, struct store *baseline, struct err *e)
{
	/* --start is the candidate's; the baseline's own evidence says when it began. */
	const struct judge_opts own = {.start = TIME_NONE};

	*b = (struct judging){.store = baseline, .profile = j->profile, .arena = j->arena};
	b->v = arena_new(j->arena, 1, sizeof(*b->v));
	if (judging_open(b, source, &own, e) < 0)
		return -1;
	j->baseline = b;
	return 0;
}

int
judge_run(struct store *s, const struct profile *p, const struct judge_opts *o, struct verdict *v, struct err *e)
{
	struct pq_store_source source, baseline_source;
	struct judging j = {.store = s, .profile = p, .v = v, .arena = &v->arena}, baseline;

	*v = (struct verdict){.profile = p, .outcome = OUTCOME_INCONCLUSIVE};
	if (judge_check(p, e) < 0)
		return -1;
	if (judging_open(&j, &source, o, e) < 0 || listing_inputs(&j, e) < 0 || listing_marks(&j, e) < 0)
		return -1;
	if (o->baseline != NULL && judging_baseline(&j, &baseline, &baseline_source, o->baseline, e) < 0)
		return -1;
	evidence_judge(&j);
	v->now = o->has_now ? o->now : v->run.end;
	v->now_source = !o->has_now ? SV("the end of the run") : sv_of(o->now_source == NULL ? "--now" : o->now_source);
	if (judge_criteria(&j, o->server, e) < 0 || budget_judge(&j, e) < 0 || people_attest(&j, e) < 0 || people_waive(&j, v->now, e) < 0 || claims_judge(&j, e) < 0 || k6_audit(&j, e) < 0 || rates_judge(&j, e) < 0)
		return -1;
	score_judge(v);
	notes_judge(&j);
	checklists_judge(&j);
	decide(v, o->strict);
	return 0;
}

void
verdict_free(struct verdict *v)
{
	arena_free(&v->arena);
}
