/*
 * collect - what belongs in a package: files that must be in it, and files that may (docs/profile.md, "collect").
 */
#include "profile/parts.h"

static int
globs(struct loader *l, const struct doc *collect, const char *key, bool required)
{
	const struct doc *list = doc_get(collect, key), *d;
	struct profile_collect *c;

	if (list == NULL)
		return 0;
	if (part_list(l, list, key) < 0)
		return -1;
	for (d = list->child; d != NULL; d = d->next) {
		size_t i;

		if (d->kind != DOC_STRING || d->text.n == 0 || d->text.p[0] == '/')
			return doc_err(d, l->e, "'%s' lists globs of artifacts' names, such as \"soak-h*.prom\"", key);
		for (i = 0; i < l->p->n_collect; i++)
			if (sv_eq(l->p->collect[i].file, d->text))
				return doc_err(d, l->e, "'%s' stands there twice", part_show(l, d->text));
		c = &l->p->collect[l->p->n_collect++];
		*c = (struct profile_collect){d->text, required, d};
	}
	return 0;
}

int
part_collect(struct loader *l, const struct doc *collect)
{
	static const char *const known[] = {"required", "optional", NULL};
	const struct doc *required, *optional;

	if (part_map(l, collect, "collect") < 0 || profile_keys(collect, known, l->e) < 0)
		return -1;
	required = doc_get(collect, "required");
	optional = doc_get(collect, "optional");
	if (required == NULL && optional == NULL)
		return doc_err(collect, l->e, "'collect' needs 'required' or 'optional'");
	l->p->collect = arena_new(&l->p->arena, (required != NULL ? required->n : 0) + (optional != NULL ? optional->n : 0),
	    sizeof(*l->p->collect));
	return globs(l, collect, "required", true) < 0 ? -1 : globs(l, collect, "optional", false);
}
