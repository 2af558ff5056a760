/*
 * waivers - who accepts what, until when; and what people state that no artifact can say.
 *
 * Both stand in the profile or in a file beside it. Neither is evidence: docs/rules.md 20 and 22.
 */
#include "profile/parts.h"

#include <string.h>

#include "base/near.h"

static int
known_criterion(struct loader *l, const struct doc *d, struct sv id)
{
	const struct profile *p = l->p;
	const char **known = arena_new(&l->p->arena, p->n_criteria + 1, sizeof(*known)), *near;
	size_t i;

	for (i = 0; i < p->n_criteria; i++) {
		if (sv_eq(p->criteria[i].id, id))
			return 0;
		known[i] = arena_str(&l->p->arena, p->criteria[i].id);
	}
	near = near_word(id, known);
	return doc_err(doc_get(d, "criterion"), l->e, "no criterion has the id '%s'%s%s%s", part_show(l, id),
	    near != NULL ? ", did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/*
 * The next letter or digit of a name, in small letters; 0 at its end. Blanks, dots, commas and what nobody sees
 * (U+00A0, U+200B to U+200F, U+FEFF) do not make another person.
 */
static unsigned char
next_letter(struct sv *v)
{
	static const char *const unseen[] = {"\xc2\xa0", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x8e", "\xe2\x80\x8f",
	    "\xef\xbb\xbf"};
	unsigned char c;
	size_t i;

	while (v->n > 0) {
		for (i = 0; i < sizeof(unseen) / sizeof(*unseen) && !sv_starts(*v, unseen[i]); i++)
			;
		if (i < sizeof(unseen) / sizeof(*unseen)) {
			*v = sv_from(*v, strlen(unseen[i]));
			continue;
		}
		c = (unsigned char)v->p[0];
		*v = sv_from(*v, 1);
		if (c >= 0x80 || (c >= '0' && c <= '9') || (lower((char)c) >= 'a' && lower((char)c) <= 'z'))
			return (unsigned char)lower((char)c);
	}
	return 0;
}

/* Lookalikes of other scripts and names the other way round are for people to see. */
static bool
same_person(struct sv a, struct sv b)
{
	unsigned char c;

	while ((c = next_letter(&a)) == next_letter(&b))
		if (c == 0)
			return true;
	return false;
}

static int
match(struct loader *l, const struct doc *d, struct profile_waiver *w)
{
	const struct doc *m = doc_get(d, "match"), *k;

	if (m == NULL)
		return 0;
	if (part_map(l, m, "match") < 0)
		return -1;
	if (m->n == 0)
		return doc_err(m, l->e, "'match' is empty: leave it out to waive the whole criterion");
	w->match.v = arena_new(&l->p->arena, m->n, sizeof(*w->match.v));
	for (k = m->child; k != NULL; k = k->next) {
		if (k->kind == DOC_MAP || k->kind == DOC_LIST || k->kind == DOC_NULL || k->text.n == 0)
			return doc_err(k, l->e, "'match' names labels and their values: {alarm: order-dlq}");
		w->match.v[w->match.n++] = (struct label){k->key, k->text};
	}
	return 0;
}

static int
waiver(struct loader *l, const struct doc *d, struct profile_waiver *w)
{
	static const char *const known[] = {"id", "criterion", "match", "observed", "reason", "owner", "approver", "created", "expires",
	    "ticket", NULL};
	size_t i;

	w->at = d;
	if (part_map(l, d, "waivers") < 0 || profile_keys(d, known, l->e) < 0 || part_need(l, d, "a waiver", "id", &w->id) < 0 ||
	    part_need(l, d, "a waiver", "criterion", &w->criterion) < 0 || match(l, d, w) < 0 ||
	    part_need(l, d, "a waiver", "observed", &w->observed) < 0 || part_need(l, d, "a waiver", "reason", &w->reason) < 0 ||
	    part_need(l, d, "a waiver", "owner", &w->owner) < 0 || part_need(l, d, "a waiver", "approver", &w->approver) < 0 ||
	    part_instant(l, d, "a waiver", "created", false, &w->created) < 0 ||
	    part_instant(l, d, "a waiver", "expires", true, &w->expires) < 0 || profile_text(d, "ticket", &w->ticket, l->e) < 0 ||
	    known_criterion(l, d, w->criterion) < 0)
		return -1;
	for (i = 0; i + 1 < l->p->n_waivers; i++)
		if (sv_eq(l->p->waivers[i].id, w->id))
			return doc_err(doc_get(d, "id"), l->e, "the id '%s' is taken (%s:%d)", part_show(l, w->id),
			    l->p->waivers[i].at->file, doc_get(l->p->waivers[i].at, "id")->line);
	if (same_person(w->owner, w->approver))
		return doc_err(doc_get(d, "approver"), l->e, "the approver of a waiver cannot be its owner");
	if (w->expires <= w->created)
		return doc_err(doc_get(d, "expires"), l->e, "'expires' is not after 'created'");
	return 0;
}

static int
attestation(struct loader *l, const struct doc *d, struct profile_attestation *t)
{
	static const char *const known[] = {"criterion", "statement", "holds", "by", "role", "stated", "ticket", NULL};

	t->at = d;
	if (part_map(l, d, "attestations") < 0 || profile_keys(d, known, l->e) < 0 ||
	    part_need(l, d, "an attestation", "criterion", &t->criterion) < 0 ||
	    part_need(l, d, "an attestation", "statement", &t->statement) < 0 || part_need(l, d, "an attestation", "by", &t->by) < 0 ||
	    profile_text(d, "role", &t->role, l->e) < 0 || part_instant(l, d, "an attestation", "stated", false, &t->stated) < 0 ||
	    profile_text(d, "ticket", &t->ticket, l->e) < 0 || part_flag(l, d, "holds", &t->holds) < 0 ||
	    known_criterion(l, d, t->criterion) < 0)
		return -1;
	if (doc_get(d, "holds") == NULL)
		return doc_err(d, l->e, "an attestation needs 'holds': true, or false when it is stated that it did not");
	return 0;
}

int
part_waivers(struct loader *l, const struct doc *waivers)
{
	struct profile *p = l->p;
	struct profile_waiver *all;
	const struct doc *d;
	size_t i;

	if (part_list(l, waivers, "waivers") < 0)
		return -1;
	all = arena_new(&p->arena, p->n_waivers + waivers->n, sizeof(*all));
	for (i = 0; i < p->n_waivers; i++)
		all[i] = p->waivers[i];
	p->waivers = all;
	for (d = waivers->child; d != NULL; d = d->next)
		if (waiver(l, d, &all[p->n_waivers++]) < 0)
			return -1;
	return 0;
}

int
part_attestations(struct loader *l, const struct doc *attestations)
{
	struct profile *p = l->p;
	struct profile_attestation *all;
	const struct doc *d;
	size_t i;

	if (part_list(l, attestations, "attestations") < 0)
		return -1;
	all = arena_new(&p->arena, p->n_attestations + attestations->n, sizeof(*all));
	for (i = 0; i < p->n_attestations; i++)
		all[i] = p->attestations[i];
	p->attestations = all;
	for (d = attestations->child; d != NULL; d = d->next)
		if (attestation(l, d, &all[p->n_attestations++]) < 0)
			return -1;
	return 0;
}

/* A file that holds one of the two. */
static int
add(struct profile *p, const char *file, struct sv text, const char *key, int (*part)(struct loader *, const struct doc *),
    struct sv *kept, struct err *e)
{
	const char *const known[] = {key, NULL};
	struct loader l = {p, e};
	const struct doc *root;

	*kept = arena_sv(&p->arena, text);
	root = doc_yaml(&p->arena, arena_str(&p->arena, sv_of(file)), *kept, e);
	if (root == NULL)
		return -1;
	if (root->kind != DOC_MAP || doc_get(root, key) == NULL)
		return root->kind == DOC_MAP && profile_keys(root, known, e) < 0 ? -1
		    : doc_err(root, e, "a list '%s' is expected here", key);
	return profile_keys(root, known, e) < 0 ? -1 : part(&l, doc_get(root, key));
}

int
profile_add_waivers(struct profile *p, const char *file, struct sv text, struct err *e)
{
	return add(p, file, text, "waivers", part_waivers, &p->waivers_text, e);
}

int
profile_add_attestations(struct profile *p, const char *file, struct sv text, struct err *e)
{
	return add(p, file, text, "attestations", part_attestations, &p->attestations_text, e);
}
