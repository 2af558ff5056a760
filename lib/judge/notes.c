#include "judge/notes.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/time.h"
#include "profile/notes.h"

const char *
question_state_text(enum question_state s)
{
	static const char *const text[] = {"ready", "not ready", "not applicable", "missing"};

	return text[s];
}

/* Why nothing of it counts, or "". The same as for attestations. */
static const char *
useless(struct judging *j, const struct notes *n)
{
	const struct verdict *v = j->v;
	char t[TIME_TEXT];

	if (!n->given)
		return "";
	if (v->run.end == TIME_NONE)
		return "nobody knows when the run ended, and so not whether the notes were written after it";
	if (n->stated < v->run.end)
		return arena_fmt(j->arena, "the notes were written before the run ended at %s", time_text(v->run.end, t));
	/* Where nobody says when now is, it is the end of the run, which notes come after. */
	if (v->now != TIME_NONE && v->now != v->run.end && n->stated > v->now)
		return arena_fmt(j->arena, "the notes were written after now, %s", time_text(v->now, t));
	return "";
}

static const struct notes_answer *
answer_to(const struct notes *n, const struct notes_question *q)
{
	size_t i;

	for (i = 0; i < n->n_answers; i++)
		if (n->answer[i].question == q)
			return &n->answer[i];
	return NULL;
}

static bool
is_stated(const struct notes *n, struct sv name)
{
	size_t i;

	for (i = 0; i < n->n_known; i++)
		if (sv_eq(n->known[i].name, name))
			return true;
	return false;
}

struct lists {
	VEC(struct sv) missing, denied;
};

static void
judge_question(struct judging *j, const struct notes *n, bool counts, struct question_result *r, struct lists *l)
{
	const struct notes_question *q = r->question;

	r->answer = counts ? answer_to(n, q) : NULL;
	r->state = r->answer == NULL ? QUESTION_MISSING :
	    r->answer->word == NOTES_YES ? QUESTION_READY :
	    r->answer->word == NOTES_NO  ? QUESTION_NOT_READY : QUESTION_NOT_APPLICABLE;
	if (q->optional)
		return;
	if (r->state == QUESTION_MISSING)
		*vec_add(&l->missing) = sv_of(arena_fmt(j->arena, "no answer to \"%" SV_FMT "\" (readiness/%" SV_FMT ")", SV_ARG(q->text), SV_ARG(q->id)));
	else if (r->state == QUESTION_NOT_READY)
		*vec_add(&l->denied) = sv_of(arena_fmt(j->arena, "\"%" SV_FMT "\" is answered with no by %" SV_FMT " (manual)%s%" SV_FMT, SV_ARG(q->text),
		    SV_ARG(r->answer->by), r->answer->detail.n > 0 ? ": " : "", SV_ARG(sv_trim(r->answer->detail))));
}

void
notes_judge(struct judging *j)
{
	const struct notes *n = j->profile->notes;
	struct notes_result *r = &j->v->notes;
	struct lists l = {{0}, {0}};
	bool counts;
	size_t i;

	if (n == NULL)
		return;
	r->why = sv_of(useless(j, n));
	counts = n->given && r->why.n == 0;
	for (i = 0; i < n->n_identity; i++)
		if (!counts || !is_stated(n, n->identity[i]))
			*vec_add(&l.missing) = sv_of(arena_fmt(j->arena, "the %" SV_FMT " of what was tested is not stated", SV_ARG(n->identity[i])));
	r->n_questions = n->n_questions;
	r->question = arena_new(j->arena, n->n_questions, sizeof(*r->question));
	for (i = 0; i < n->n_questions; i++) {
		r->question[i].question = &n->question[i];
		judge_question(j, n, counts, &r->question[i], &l);
	}
	if (n->wants_observations && (!counts || n->n_observations == 0))
		*vec_add(&l.missing) = SV("nobody wrote down what was observed");
	if (n->wants_risks && (!counts || (n->n_risks == 0 && !n->no_risks)))
		*vec_add(&l.missing) = SV("nobody says which risks remain");
	if (n->wants_sign_off && (!counts || n->n_signers == 0))
		*vec_add(&l.missing) = SV("nobody is named who is to sign");
	r->n_missing = l.missing.n;
	r->missing = arena_keep(j->arena, l.missing.v, l.missing.n, sizeof(*r->missing));
	r->n_denied = l.denied.n;
	r->denied = arena_keep(j->arena, l.denied.v, l.denied.n, sizeof(*r->denied));
}

/* --- as JSON --------------------------------------------------------------------------- */

static void
write_identity(struct json *j, const struct notes *n)
{
	size_t i;

	json_list(j, "identity");
	for (i = 0; i < n->n_known; i++) {
		json_map(j, NULL);
		json_str(j, "name", n->known[i].name);
		json_str(j, "value", n->known[i].value);
		json_end(j);
	}
	for (i = 0; i < n->n_identity; i++) {
		if (is_stated(n, n->identity[i]))
			continue;
		json_map(j, NULL);
		json_str(j, "name", n->identity[i]);
		json_cstr(j, "value", "");
		json_end(j);
	}
	json_end(j);
}

static void
write_risks(struct json *j, const struct notes *n)
{
	size_t i;

	json_list(j, "risks");
	for (i = 0; i < n->n_risks; i++) {
		const struct notes_risk *r = &n->risk[i];

		json_map(j, NULL);
		json_str(j, "id", r->id);
		json_str(j, "text", r->text);
		json_str(j, "owner", r->owner);
		json_time(j, "due", r->due);
		json_str(j, "mitigation", r->mitigation);
		json_str(j, "ticket", r->ticket);
		json_end(j);
	}
	json_end(j);
	json_bool(j, "no_risks", n->no_risks);
}

static void
write_questions(struct json *j, const struct notes_result *r)
{
	static const char *const word[] = {"yes", "no", "n/a"};
	size_t i;

	json_list(j, "readiness");
	for (i = 0; i < r->n_questions; i++) {
		const struct question_result *q = &r->question[i];

		json_map(j, NULL);
		json_str(j, "id", q->question->id);
		json_str(j, "question", q->question->text);
		json_bool(j, "optional", q->question->optional);
		json_cstr(j, "state", question_state_text(q->state));
		json_cstr(j, "answer", q->answer == NULL ? "" : word[q->answer->word]);
		json_str(j, "detail", q->answer == NULL ? SV("") : sv_trim(q->answer->detail));
		json_str(j, "by", q->answer == NULL ? SV("") : q->answer->by);
		json_end(j);
	}
	json_end(j);
}

static void
write_pairs(struct json *j, const char *key, const struct notes_pair *v, size_t n, const char *name, const char *value)
{
	size_t i;

	json_list(j, key);
	for (i = 0; i < n; i++) {
		json_map(j, NULL);
		json_str(j, name, v[i].name);
		json_str(j, value, v[i].value);
		json_end(j);
	}
	json_end(j);
}

void
notes_json(const struct verdict *v, struct json *j)
{
	const struct notes *n = v->profile->notes;
	char sha256[DIGEST_HEX] = "";
	size_t i;

	if (n == NULL)
		return;
	if (n->text.p != NULL)
		digest_of(n->text, sha256);
	json_map(j, "notes");
	json_bool(j, "given", n->given);
	json_str(j, "by", n->by);
	json_str(j, "role", n->role);
	json_time(j, "stated", n->stated);
	json_cstr(j, "sha256", sha256);
	json_str(j, "why", v->notes.why);
	write_identity(j, n);
	write_pairs(j, "observations", n->observation, n->n_observations, "by", "text");
	write_risks(j, n);
	write_questions(j, &v->notes);
	write_pairs(j, "sign_off", n->signer, n->n_signers, "role", "name");
	json_list(j, "missing");
	for (i = 0; i < v->notes.n_missing; i++)
		json_str(j, NULL, v->notes.missing[i]);
	json_end(j);
	json_end(j);
}
