/*
 * attest: "STATEMENT" or {statement: STATEMENT, role: ROLE}: something that a named person has to state.
 *
 * No artifact decides it. people_attest() does, when somebody stated it; until then it is open.
 */
#include "judge/kind.h"

#include "judge/result.h"

static int
check(const struct profile *p, const struct profile_criterion *c, struct err *e)
{
	static const char *const known[] = {"statement", "role", NULL};
	struct sv text;

	(void)p;
	if (c->objective.op != OP_NONE)
		return doc_err(c->objective.at, e, "attest: what is stated holds or not; it takes no 'objective'");
	if (c->spec->kind == DOC_STRING)
		return sv_trim(c->spec->text).n > 0 ? 0 : doc_err(c->spec, e, "attest: what is to be stated?");
	if (c->spec->kind != DOC_MAP)
		return doc_err(c->spec, e, "attest must be what is to be stated: \"No P0 or P1 incident happened\"");
	if (profile_keys(c->spec, known, e) < 0 || profile_text(c->spec, "statement", &text, e) < 0)
		return -1;
	if (sv_trim(text).n == 0)
		return doc_err(c->spec, e, "attest needs 'statement'");
	return profile_text(c->spec, "role", &text, e);
}

static int
judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	const struct doc *spec = r->criterion->spec, *role = doc_get(spec, "role");
	struct sv text = spec->kind == DOC_MAP ? doc_get(spec, "statement")->text : spec->text;
	const char *who = role == NULL ? "somebody" : arena_fmt(j->arena, "somebody (%" SV_FMT ")", SV_ARG(role->text));

	(void)e;
	result_open(j, r, "a named person states it", "");
	result_undecided(r, arena_fmt(j->arena, "Nobody has stated it: %" SV_FMT "%s", SV_ARG(sv_trim(text)),
	    sv_ends(sv_trim(text), ".") ? "" : "."),
	    arena_fmt(j->arena, "an attestation (--attest FILE) in which %s states it by name, after the run", who));
	return 0;
}

const struct kind kind_attest = {"attest", check, judge, KIND_ATTEST};
