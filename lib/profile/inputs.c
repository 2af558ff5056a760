#include "profile/parts.h"

static int
labels(struct loader *l, const struct doc *d, struct labels *out)
{
	const struct doc *c;

	if (part_map(l, d, "labels") < 0)
		return -1;
	out->v = arena_new(&l->p->arena, d->n, sizeof(*out->v));
	for (c = d->child; c != NULL; c = c->next) {
		struct label *label = &out->v[out->n++];

		label->name = c->key;
		if (!part_is_name(c->key) || sv_is(c->key, "__name__"))
			return doc_err_key(c, l->e, "'%s' is no label name", part_show(l, c->key));
		if (c->kind == DOC_LIST || c->kind == DOC_MAP || c->kind == DOC_NULL || c->text.n == 0)
			return doc_err(c, l->e, "the label '%s' needs a text", part_show(l, c->key));
		label->value = c->text;
	}
	/* The document's keys are unique. */
	return labels_sort(out);
}

int
part_inputs(struct loader *l, const struct doc *inputs)
{
	static const char *const known[] = {"file", "labels", "target", NULL};
	const struct doc *d;

	if (part_list(l, inputs, "inputs") < 0)
		return -1;
	l->p->inputs = arena_new(&l->p->arena, inputs->n, sizeof(*l->p->inputs));
	for (d = inputs->child; d != NULL; d = d->next) {
		struct profile_input *in = &l->p->inputs[l->p->n_inputs++];

		if (part_map(l, d, "inputs") < 0 || profile_keys(d, known, l->e) < 0 ||
		    part_need(l, d, "an input", "file", &in->file) < 0 ||
		    profile_text(d, "target", &in->target, l->e) < 0)
			return -1;
		if (doc_get(d, "labels") != NULL && labels(l, doc_get(d, "labels"), &in->labels) < 0)
			return -1;
		if (in->labels.n == 0 && in->target.n == 0)
			return doc_err(d, l->e, "an input needs 'labels' or 'target'");
	}
	return 0;
}

int
part_outcomes(struct loader *l, const struct doc *outcomes)
{
	static const char *const known[] = {"good", "total", NULL};

	if (part_map(l, outcomes, "outcomes") < 0 || profile_keys(outcomes, known, l->e) < 0 ||
	    part_need(l, outcomes, "'outcomes'", "good", &l->p->good) < 0)
		return -1;
	return profile_text(outcomes, "total", &l->p->outcome_total, l->e);
}

/* Names only: they stand beside the profile, so that a package can carry them. */
int
part_rule_files(struct loader *l, const struct doc *files)
{
	const struct doc *d;
	struct profile_file *f;

	if (part_list(l, files, "rule_files") < 0)
		return -1;
	l->p->rule_files = arena_new(&l->p->arena, files->n, sizeof(*l->p->rule_files));
	for (d = files->child; d != NULL; d = d->next) {
		if (d->kind != DOC_STRING || d->text.n == 0 || sv_chr(d->text, '/') < d->text.n || sv_chr(d->text, '\0') < d->text.n ||
		    d->text.p[0] == '.')
			return doc_err(d, l->e, "a rule file is the name of a file beside the profile");
		f = &l->p->rule_files[l->p->n_rule_files++];
		*f = (struct profile_file){.name = d->text, .at = d};
	}
	return 0;
}
