#include "profile/parts.h"

#include "base/expr.h"

int
part_quantities(struct loader *l, const struct doc *quantities)
{
	const struct doc *d;

	if (part_map(l, quantities, "quantities") < 0)
		return -1;
	l->p->quantities = arena_new(&l->p->arena, quantities->n, sizeof(*l->p->quantities));
	for (d = quantities->child; d != NULL; d = d->next) {
		struct profile_quantity *q = &l->p->quantities[l->p->n_quantities++];

		q->name = d->key;
		q->at = d;
		/* No dots: those are the paths of facts and claims. */
		if (!part_is_name(d->key))
			return doc_err_key(d, l->e, "'%s' is no name for a quantity: letters, digits and '_'",
			    part_show(l, d->key));
		if (d->kind != DOC_STRING || sv_trim(d->text).n == 0)
			return doc_err(d, l->e, "the quantity '%s' needs a selector", part_show(l, d->key));
		q->selector = d->text;
	}
	return 0;
}

/* Whose expression it is: a claim is not explained by itself. */
struct names {
	struct loader *l;
	struct sv path;
};

/* Whether facts and other claims have that name, only the evidence knows. */
static int
check_name(void *ctx, struct sv name, int braces, double *v, struct err *e)
{
	const struct names *k = ctx;

	*v = 1;
	if (braces)
		return err_set(e, ERR_INPUT, "{%s}: there are no file names with {names} here",
		    part_show(k->l, name));
	if (k->path.n > 0 && sv_eq(name, k->path))
		return err_set(e, ERR_INPUT, "the claim '%s' would be compared with itself",
		    part_show(k->l, name));
	return 0;
}

static int
expression(struct loader *l, const struct doc *map, const char *key, struct sv path)
{
	const struct doc *d = doc_get(map, key);
	struct names k = {l, path};
	struct err inner = {0};

	if (d == NULL || expr_check(d->text, check_name, &k, &inner) == 0)
		return 0;
	return doc_err(d, l->e, "in '%s': %s", part_show(l, d->text), inner.msg);
}

static int
claim(struct loader *l, const struct doc *d, struct profile_claim *c)
{
	static const char *const of_path[] = {"path", "file", "equals", "because", NULL};
	static const char *const of_check[] = {"check", "equals", "because", "file", NULL};
	bool check = doc_get(d, "check") != NULL;

	c->at = d;
	if (part_map(l, d, "claims") < 0)
		return -1;
	if (check && doc_get(d, "path") != NULL)
		return doc_err_key(doc_get(d, "check"), l->e, "'path' and 'check' in one claim: one of them");
	if (profile_keys(d, check ? of_check : of_path, l->e) < 0 ||
	    profile_text(d, "file", &c->file, l->e) < 0 || profile_text(d, "because", &c->because, l->e) < 0 ||
	    profile_text(d, "equals", &c->equals, l->e) < 0)
		return -1;
	if (check) {
		if (part_need(l, d, "a check", "check", &c->check) < 0 ||
		    part_need(l, d, "a check", "equals", &c->equals) < 0 || expression(l, d, "check", c->path) < 0)
			return -1;
	} else {
		if (part_need(l, d, "a claim", "path", &c->path) < 0)
			return -1;
		if (c->equals.n == 0 && c->because.n == 0)
			return doc_err(d, l->e, "a claim needs 'equals' (what it must be) or 'because' (why not)");
	}
	return expression(l, d, "equals", c->path);
}

int
part_claims(struct loader *l, const struct doc *claims)
{
	const struct doc *d;

	if (part_list(l, claims, "claims") < 0)
		return -1;
	l->p->claims = arena_new(&l->p->arena, claims->n, sizeof(*l->p->claims));
	for (d = claims->child; d != NULL; d = d->next)
		if (claim(l, d, &l->p->claims[l->p->n_claims++]) < 0)
			return -1;
	return 0;
}

static int
crosscheck(struct loader *l, const struct doc *d, struct profile_crosscheck *x)
{
	static const char *const known[] = {"series", "starts", "not_before", NULL};
	const struct doc *starts = doc_get(d, "starts"), *not_before = doc_get(d, "not_before");

	x->at = d;
	if (part_map(l, d, "crosscheck") < 0 || profile_keys(d, known, l->e) < 0 ||
	    part_need(l, d, "a crosscheck", "series", &x->series) < 0)
		return -1;
	if ((starts == NULL) == (not_before == NULL))
		return doc_err(d, l->e, "a crosscheck needs one of 'starts' and 'not_before'");
	if (not_before != NULL)
		return part_when(l, not_before, NULL, &x->not_before);
	if (!sv_is(starts->text, "run"))
		return doc_err(starts, l->e, "'starts' can only be run: the series stands at 0 then");
	x->starts_at_run = true;
	return 0;
}

int
part_crosscheck(struct loader *l, const struct doc *list)
{
	const struct doc *d;

	if (part_list(l, list, "crosscheck") < 0)
		return -1;
	l->p->crosschecks = arena_new(&l->p->arena, list->n, sizeof(*l->p->crosschecks));
	for (d = list->child; d != NULL; d = d->next)
		if (crosscheck(l, d, &l->p->crosschecks[l->p->n_crosschecks++]) < 0)
			return -1;
	return 0;
}
