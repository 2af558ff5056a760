#include "profile/notes.h"
#include "profile/parts.h"

/* Is there such a thing in the profile? */
typedef bool exists(const struct profile *p, struct sv id);

static bool
is_criterion(const struct profile *p, struct sv id)
{
	size_t i;

	for (i = 0; i < p->n_criteria && !sv_eq(p->criteria[i].id, id); i++)
		;
	return i < p->n_criteria;
}

static bool
is_evidence(const struct profile *p, struct sv id)
{
	size_t i;

	for (i = 0; i < p->n_evidence && !sv_eq(p->evidence[i].id, id); i++)
		;
	return i < p->n_evidence || sv_is(id, "duration"); /* which no profile has to ask for */
}

static bool
is_question(const struct profile *p, struct sv id)
{
	size_t i, n = p->notes == NULL ? 0 : p->notes->n_questions;

	for (i = 0; i < n && !sv_eq(p->notes->question[i].id, id); i++)
		;
	return i < n;
}

/* One id or a list of them. */
static int
ids(struct loader *l, const struct doc *box, const char *key, const char *what, exists *known, struct sv **out, size_t *n)
{
	const struct doc *list = doc_get(box, key), *d;

	if (list == NULL)
		return 0;
	if (list->kind != DOC_STRING && part_list(l, list, key) < 0)
		return -1;
	*out = arena_new(&l->p->arena, list->kind == DOC_STRING ? 1 : list->n, sizeof(**out));
	for (d = list->kind == DOC_STRING ? list : list->child; d != NULL; d = list->kind == DOC_STRING ? NULL : d->next) {
		if (d->kind != DOC_STRING || !known(l->p, d->text))
			return doc_err(d, l->e, "no %s has the id '%s'", what, part_show(l, d->text));
		(*out)[(*n)++] = d->text;
	}
	return 0;
}

static int
box(struct loader *l, const struct doc *d, struct checklist_box *b)
{
	static const char *const known[] = {"text", "criteria", "evidence", "readiness", "undecided", NULL};
	bool bound;

	b->at = d;
	if (part_map(l, d, "items") < 0 || profile_keys(d, known, l->e) < 0 || part_need(l, d, "an item", "text", &b->text) < 0 ||
	    ids(l, d, "criteria", "criterion", is_criterion, &b->criteria, &b->n_criteria) < 0 ||
	    ids(l, d, "evidence", "evidence", is_evidence, &b->evidence, &b->n_evidence) < 0 ||
	    ids(l, d, "readiness", "question of the notes", is_question, &b->readiness, &b->n_readiness) < 0 ||
	    profile_text(d, "undecided", &b->undecided, l->e) < 0)
		return -1;
	bound = b->n_criteria + b->n_evidence + b->n_readiness > 0;
	if (bound == (b->undecided.n > 0))
		return doc_err(d, l->e, "an item rests on criteria, evidence or readiness, or says with 'undecided' why nothing decides it");
	return 0;
}

static int
checklist(struct loader *l, const struct doc *d, struct checklists *all)
{
	static const char *const known[] = {"id", "title", "note", "items", NULL};
	struct checklist *c = &all->v[all->n];
	const struct doc *items = doc_get(d, "items"), *b;
	size_t i;

	c->at = d;
	if (part_map(l, d, "checklists") < 0 || profile_keys(d, known, l->e) < 0 || part_need(l, d, "a checklist", "id", &c->id) < 0 ||
	    part_need(l, d, "a checklist", "title", &c->title) < 0 || profile_text(d, "note", &c->note, l->e) < 0)
		return -1;
	if (!part_is_id(c->id))
		return doc_err(doc_get(d, "id"), l->e, "an id has small letters, digits and '-' only");
	for (i = 0; i < all->n; i++)
		if (sv_eq(all->v[i].id, c->id))
			return doc_err(doc_get(d, "id"), l->e, "the id '%s' is taken (line %d)", part_show(l, c->id),
			    doc_get(all->v[i].at, "id")->line);
	if (items == NULL)
		return doc_err(d, l->e, "a checklist needs 'items'");
	if (part_list(l, items, "items") < 0)
		return -1;
	c->box = arena_new(&l->p->arena, items->n, sizeof(*c->box));
	for (b = items->child; b != NULL; b = b->next)
		if (box(l, b, &c->box[c->n++]) < 0)
			return -1;
	all->n++;
	return 0;
}

int
part_checklists(struct loader *l, const struct doc *checklists)
{
	struct checklists *all = l->p->checklists = arena_new(&l->p->arena, 1, sizeof(*all));
	const struct doc *d;

	if (part_list(l, checklists, "checklists") < 0)
		return -1;
	all->v = arena_new(&l->p->arena, checklists->n, sizeof(*all->v));
	for (d = checklists->child; d != NULL; d = d->next)
		if (checklist(l, d, all) < 0)
			return -1;
	return 0;
}
