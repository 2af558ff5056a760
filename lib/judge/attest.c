/*
 * attest - people_attest(): a named person states what no artifact says.
 *
 * Only what is about whether something happened can be stated: what is measured is measured. A statement settles what is
 * INCONCLUSIVE; it never overturns a FAIL, and that something did not hold is believed even where artifacts saw nothing.
 */
#include "judge/people.h"

#include "base/time.h"
#include "judge/result.h"

static bool
can_state(const struct profile_criterion *c)
{
	const struct kind *kind = kind_find(c->kind);

	return kind != NULL && (kind->uses & KIND_ATTEST) && (!sv_is(c->kind, "events") || doc_get(c->spec, "none") != NULL);
}

static size_t
criterion_of(const struct profile *p, struct sv id)
{
	size_t i;

	for (i = 0; i < p->n_criteria && !sv_eq(p->criteria[i].id, id); i++)
		;
	return i;
}

int
people_check(const struct profile *p, struct err *e)
{
	size_t i;

	for (i = 0; i < p->n_attestations; i++) {
		const struct profile_attestation *t = &p->attestations[i];
		const struct profile_criterion *c = &p->criteria[criterion_of(p, t->criterion)];

		if (!can_state(c))
			return doc_err(doc_get(t->at, "criterion"), e,
			    "'%" SV_FMT "' is of the kind %" SV_FMT ", which is measured: only attest, restarts and events that must "
			    "not happen can be stated", SV_ARG(c->id), SV_ARG(c->kind));
	}
	return 0;
}

/* "Stated by Ada (QA) at 2026-01-14T09:00:00Z: ..." */
static const char *
stated_text(struct judging *j, const struct profile_attestation *t)
{
	char at[TIME_TEXT];
	bool role = t->role.n > 0;

	return arena_fmt(j->arena, "stated by %" SV_FMT "%s%" SV_FMT "%s at %s (manual): %" SV_FMT "%s", SV_ARG(t->by), role ? " (" : "",
	    SV_ARG(t->role), role ? ")" : "", time_text(t->stated, at), SV_ARG(sv_trim(t->statement)), sv_ends(sv_trim(t->statement), ".") ? "" : ".");
}

/* Its words: one blank between them, small letters, no full stop at the end. */
static void
words(struct sv text, struct sb *out)
{
	struct sv rest = sv_trim(text);
	size_t i;
	char c;

	for (i = 0; i < rest.n; i++) {
		c = rest.p[i];
		if (c == '\t' || c == '\n' || c == '\r')
			c = ' ';
		if (c == ' ' && out->n > 0 && out->buf[out->n - 1] == ' ')
			continue;
		sb_addc(out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
	}
	if (out->n > 0 && out->buf[out->n - 1] == '.')
		out->n--;
}

static bool
same_words(struct sv a, struct sv b)
{
	struct sb one = {0}, other = {0};
	bool same;

	words(a, &one);
	words(b, &other);
	same = sv_eq(sb_sv(&one), sb_sv(&other));
	sb_free(&one);
	sb_free(&other);
	return same;
}

/* What the profile asks to be stated; "" where it only asks that something did not happen. */
static struct sv
asked(const struct profile_criterion *c)
{
	if (!sv_is(c->kind, "attest"))
		return SV("");
	return c->spec->kind == DOC_MAP ? doc_get(c->spec, "statement")->text : c->spec->text;
}

/* Why a statement does not count, or NULL. */
static const char *
useless(struct judging *j, const struct criterion_result *r, const struct profile_attestation *t)
{
	const struct doc *role = doc_get(r->criterion->spec, "role");
	char end[TIME_TEXT];

	if (r->outcome == OUTCOME_FAIL && t->holds)
		return r->manual ? "another person states the contrary" : "the artifacts prove the contrary";
	if (r->outcome != OUTCOME_INCONCLUSIVE && t->holds)
		return "the artifacts say so themselves";
	if (role != NULL && !sv_eq(sv_trim(role->text), sv_trim(t->role)))
		return arena_fmt(j->arena, "the profile asks for the role %" SV_FMT, SV_ARG(role->text));
	if (!t->holds)
		return NULL;
	if (asked(r->criterion).n > 0 && !same_words(asked(r->criterion), t->statement))
		return arena_fmt(j->arena, "it states \"%" SV_FMT "\", which is not what is asked", SV_ARG(sv_head(sv_trim(t->statement), 200)));
	if (j->v->run.end == TIME_NONE)
		return "nobody knows when the run ended, and so not whether this was stated after it";
	/* Where nobody says when now is, it is the end of the run, which statements come after. */
	if (j->v->now != TIME_NONE && j->v->now != j->v->run.end && t->stated > j->v->now)
		return arena_fmt(j->arena, "stated after now, %s", time_text(j->v->now, end));
	if (t->stated < j->v->run.end)
		return arena_fmt(j->arena, "stated before the run ended at %s", time_text(j->v->run.end, end));
	return NULL;
}

static void
take(struct judging *j, struct criterion_result *r, const struct profile_attestation *t, const char *said)
{
	enum outcome before = r->outcome;

	r->manual = true;
	r->outcome = t->holds ? OUTCOME_PASS : OUTCOME_FAIL;
	r->settle = SV("");
	r->sentence = before == OUTCOME_INCONCLUSIVE && sv_is(r->criterion->kind, "attest")
	    ? sv_of(arena_fmt(j->arena, "It is %s", said))
	    : sv_of(arena_fmt(j->arena, "It is %s From the artifacts alone: %" SV_FMT, said, SV_ARG(r->sentence)));
}

int
people_attest(struct judging *j, struct err *e)
{
	const struct profile *p = j->profile;
	struct verdict *v = j->v;
	size_t i, pass;

	(void)e;
	v->n_attestations = p->n_attestations;
	v->attestations = arena_new(j->arena, v->n_attestations, sizeof(*v->attestations));
	/* Those that deny first: one "no" is not outvoted. */
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < p->n_attestations; i++) {
			const struct profile_attestation *t = &p->attestations[i];
			struct attestation_result *a = &v->attestations[i];
			struct criterion_result *r = &v->criteria[criterion_of(p, t->criterion)];
			const char *why;

			if (t->holds != (pass == 1))
				continue;
			a->attestation = t;
			why = useless(j, r, t);
			if (why != NULL) {
				a->why = sv_of(why);
				if (r->outcome == OUTCOME_INCONCLUSIVE)
					r->sentence = sv_of(arena_fmt(j->arena, "%" SV_FMT " A statement of %" SV_FMT " does not count: %s.",
					    SV_ARG(r->sentence), SV_ARG(t->by), why));
				continue;
			}
			a->used = true;
			take(j, r, t, stated_text(j, t));
		}
	return 0;
}
