#include "profile/notes.h"

#include "base/near.h"
#include "profile/parts.h"

/* p->notes, made when it is first needed. */
static struct notes *
notes_of(struct profile *p)
{
	if (p->notes == NULL) {
		p->notes = arena_new(&p->arena, 1, sizeof(*p->notes));
		p->notes->stated = TIME_NONE;
	}
	return p->notes;
}

/* --- what the profile asks for ------------------------------------------------------------ */

static int
identity_names(struct loader *l, const struct doc *list, struct notes *n)
{
	const struct doc *d;

	if (list == NULL)
		return 0;
	if (part_list(l, list, "identity") < 0)
		return -1;
	n->identity = arena_new(&l->p->arena, list->n, sizeof(*n->identity));
	for (d = list->child; d != NULL; d = d->next) {
		if (d->kind != DOC_STRING || d->text.n == 0)
			return doc_err(d, l->e, "'identity' names what must be stated: [version, commit]");
		n->identity[n->n_identity++] = d->text;
	}
	return 0;
}

static int
required_parts(struct loader *l, const struct doc *list, struct notes *n)
{
	const struct doc *d;

	if (list == NULL)
		return 0;
	if (part_list(l, list, "required") < 0)
		return -1;
	for (d = list->child; d != NULL; d = d->next)
		if (sv_is(d->text, "observations"))
			n->wants_observations = true;
		else if (sv_is(d->text, "risks"))
			n->wants_risks = true;
		else if (sv_is(d->text, "sign_off"))
			n->wants_sign_off = true;
		else
			return doc_err(d, l->e, "'required' of notes is observations, risks or sign_off");
	return 0;
}

static int
question(struct loader *l, const struct doc *d, struct notes *n)
{
	static const char *const known[] = {"id", "question", "optional", NULL};
	struct notes_question *q = &n->question[n->n_questions];
	size_t i;

	q->at = d;
	if (part_map(l, d, "readiness") < 0 || profile_keys(d, known, l->e) < 0 || part_need(l, d, "a question", "id", &q->id) < 0 ||
	    part_need(l, d, "a question", "question", &q->text) < 0 || part_flag(l, d, "optional", &q->optional) < 0)
		return -1;
	if (!part_is_id(q->id))
		return doc_err(doc_get(d, "id"), l->e, "an id has small letters, digits and '-' only");
	for (i = 0; i < n->n_questions; i++)
		if (sv_eq(n->question[i].id, q->id))
			return doc_err(doc_get(d, "id"), l->e, "the id '%s' is taken (line %d)", part_show(l, q->id),
			    doc_get(n->question[i].at, "id")->line);
	n->n_questions++;
	return 0;
}

int
part_notes(struct loader *l, const struct doc *notes)
{
	static const char *const known[] = {"identity", "required", "readiness", NULL};
	const struct doc *list = doc_get(notes, "readiness"), *d;
	struct notes *n = notes_of(l->p);

	if (part_map(l, notes, "notes") < 0 || profile_keys(notes, known, l->e) < 0 ||
	    identity_names(l, doc_get(notes, "identity"), n) < 0 || required_parts(l, doc_get(notes, "required"), n) < 0)
		return -1;
	if (list == NULL)
		return 0;
	if (part_list(l, list, "readiness") < 0)
		return -1;
	n->question = arena_new(&l->p->arena, list->n, sizeof(*n->question));
	for (d = list->child; d != NULL; d = d->next)
		if (question(l, d, n) < 0)
			return -1;
	return 0;
}

/* --- what was written ----------------------------------------------------------------------- */

/* A map of names and texts. */
static int
pairs(struct loader *l, const struct doc *map, const char *what, struct notes_pair **out, size_t *n)
{
	const struct doc *d;

	if (map == NULL)
		return 0;
	if (part_map(l, map, what) < 0)
		return -1;
	*out = arena_new(&l->p->arena, map->n, sizeof(**out));
	for (d = map->child; d != NULL; d = d->next) {
		if (d->kind == DOC_MAP || d->kind == DOC_LIST || d->kind == DOC_NULL || sv_trim(d->text).n == 0)
			return doc_err(d, l->e, "'%s' of %s is a text", part_show(l, d->key), what);
		(*out)[(*n)++] = (struct notes_pair){d->key, sv_trim(d->text)};
	}
	return 0;
}

static int
observations(struct loader *l, const struct doc *list, struct notes *n)
{
	static const char *const known[] = {"text", "by", NULL};
	const struct doc *d;

	if (list == NULL)
		return 0;
	if (part_list(l, list, "observations") < 0)
		return -1;
	n->observation = arena_new(&l->p->arena, list->n, sizeof(*n->observation));
	for (d = list->child; d != NULL; d = d->next) {
		struct notes_pair *o = &n->observation[n->n_observations++];

		if (d->kind == DOC_STRING && sv_trim(d->text).n > 0)
			o->value = sv_trim(d->text);
		else if (part_map(l, d, "observations") < 0 || profile_keys(d, known, l->e) < 0 ||
		    part_need(l, d, "an observation", "text", &o->value) < 0 || profile_text(d, "by", &o->name, l->e) < 0)
			return -1;
		if (o->name.n == 0)
			o->name = n->by;
	}
	return 0;
}

static int
risks(struct loader *l, const struct doc *list, struct notes *n)
{
	static const char *const known[] = {"id", "risk", "owner", "due", "mitigation", "ticket", NULL};
	const struct doc *d;

	if (list == NULL)
		return 0;
	n->no_risks = list->kind == DOC_STRING && sv_is(list->text, "none");
	if (n->no_risks)
		return 0;
	if (part_list(l, list, "risks") < 0)
		return -1;
	n->risk = arena_new(&l->p->arena, list->n, sizeof(*n->risk));
	for (d = list->child; d != NULL; d = d->next) {
		struct notes_risk *r = &n->risk[n->n_risks++];

		r->due = TIME_NONE;
		if (part_map(l, d, "risks") < 0 || profile_keys(d, known, l->e) < 0 || part_need(l, d, "a risk", "risk", &r->text) < 0 ||
		    part_need(l, d, "a risk", "owner", &r->owner) < 0 || profile_text(d, "id", &r->id, l->e) < 0 ||
		    profile_text(d, "mitigation", &r->mitigation, l->e) < 0 || profile_text(d, "ticket", &r->ticket, l->e) < 0 ||
		    (doc_get(d, "due") != NULL && part_instant(l, d, "a risk", "due", false, &r->due) < 0))
			return -1;
	}
	return 0;
}

static int
find_question(struct loader *l, const struct doc *d, const struct notes *n, const struct notes_question **out)
{
	const char **known = arena_new(&l->p->arena, n->n_questions + 1, sizeof(*known)), *near;
	size_t i;

	for (i = 0; i < n->n_questions; i++) {
		*out = &n->question[i];
		if (sv_eq(n->question[i].id, d->key))
			return 0;
		known[i] = arena_str(&l->p->arena, n->question[i].id);
	}
	near = near_word(d->key, known);
	return doc_err_key(d, l->e, "the profile asks no question with the id '%s'%s%s%s", part_show(l, d->key),
	    near != NULL ? ", did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

/* yes, no, n/a; or the same with who says so and more words. */
static int
answer(struct loader *l, const struct doc *d, const struct notes *n, struct notes_answer *a)
{
	static const char *const known[] = {"answer", "detail", "by", NULL};
	struct sv word = d->text;

	if (find_question(l, d, n, &a->question) < 0)
		return -1;
	if (d->kind == DOC_MAP && (profile_keys(d, known, l->e) < 0 || part_need(l, d, "an answer", "answer", &word) < 0 ||
	    profile_text(d, "detail", &a->detail, l->e) < 0 || profile_text(d, "by", &a->by, l->e) < 0))
		return -1;
	if (a->by.n == 0)
		a->by = n->by;
	if (sv_is(word, "yes"))
		a->word = NOTES_YES;
	else if (sv_is(word, "no"))
		a->word = NOTES_NO;
	else if (sv_is(word, "n/a"))
		a->word = NOTES_NOT_APPLICABLE;
	else
		return doc_err(d->kind == DOC_MAP ? doc_get(d, "answer") : d, l->e, "an answer is yes, no or n/a");
	if (a->word == NOTES_NOT_APPLICABLE && sv_trim(a->detail).n == 0)
		return doc_err(d, l->e, "n/a needs a 'detail' that says why");
	return 0;
}

static int
answers(struct loader *l, const struct doc *map, struct notes *n)
{
	const struct doc *d;

	if (map == NULL)
		return 0;
	if (part_map(l, map, "readiness") < 0)
		return -1;
	n->answer = arena_new(&l->p->arena, map->n, sizeof(*n->answer));
	for (d = map->child; d != NULL; d = d->next)
		if (answer(l, d, n, &n->answer[n->n_answers++]) < 0)
			return -1;
	return 0;
}

static int
signers(struct loader *l, const struct doc *list, struct notes *n)
{
	static const char *const known[] = {"role", "name", NULL};
	const struct doc *d;

	if (list == NULL)
		return 0;
	if (part_list(l, list, "sign_off") < 0)
		return -1;
	n->signer = arena_new(&l->p->arena, list->n, sizeof(*n->signer));
	for (d = list->child; d != NULL; d = d->next) {
		struct notes_pair *s = &n->signer[n->n_signers++];

		if (part_map(l, d, "sign_off") < 0 || profile_keys(d, known, l->e) < 0 || part_need(l, d, "sign_off", "role", &s->name) < 0 ||
		    part_need(l, d, "sign_off", "name", &s->value) < 0)
			return -1;
	}
	return 0;
}

static int
written(struct loader *l, const struct doc *d)
{
	static const char *const known[] = {"by", "role", "stated", "identity", "observations", "risks", "readiness", "sign_off", NULL};
	struct notes *n = notes_of(l->p);

	n->given = true;
	if (part_map(l, d, "notes") < 0 || profile_keys(d, known, l->e) < 0 || part_need(l, d, "the notes", "by", &n->by) < 0 ||
	    profile_text(d, "role", &n->role, l->e) < 0 || part_instant(l, d, "the notes", "stated", false, &n->stated) < 0 ||
	    pairs(l, doc_get(d, "identity"), "identity", &n->known, &n->n_known) < 0 ||
	    observations(l, doc_get(d, "observations"), n) < 0 || risks(l, doc_get(d, "risks"), n) < 0 ||
	    answers(l, doc_get(d, "readiness"), n) < 0)
		return -1;
	return signers(l, doc_get(d, "sign_off"), n);
}

int
profile_add_notes(struct profile *p, const char *file, struct sv text, struct err *e)
{
	static const char *const known[] = {"notes", NULL};
	struct loader l = {p, e};
	struct notes *n = notes_of(p);
	const struct doc *root;

	n->text = arena_sv(&p->arena, text);
	root = doc_yaml(&p->arena, arena_str(&p->arena, sv_of(file)), n->text, e);
	if (root == NULL || profile_keys(root, known, e) < 0)
		return -1;
	if (doc_get(root, "notes") == NULL)
		return doc_err(root, e, "'notes' is expected here");
	return written(&l, doc_get(root, "notes"));
}
