#include "profile/parts.h"

static bool
has_criterion(const struct profile *p, struct sv id)
{
	size_t i;

	for (i = 0; i < p->n_criteria; i++)
		if (sv_eq(p->criteria[i].id, id))
			return true;
	return false;
}

static int
chart(struct loader *l, const struct doc *d, struct profile_chart *c)
{
	static const char *const known[] = {"id", "title", "kind", "criterion", NULL};
	size_t i;

	c->at = d;
	if (part_map(l, d, "charts") < 0 || profile_keys(d, known, l->e) < 0 ||
	    part_need(l, d, "a chart", "id", &c->id) < 0 || profile_text(d, "title", &c->title, l->e) < 0 ||
	    part_need(l, d, "a chart", "kind", &c->kind) < 0 ||
	    profile_text(d, "criterion", &c->criterion, l->e) < 0)
		return -1;
	if (!part_is_id(c->id))
		return doc_err(doc_get(d, "id"), l->e, "an id has small letters, digits and '-' only");
	for (i = 0; i + 1 < l->p->n_charts; i++)
		if (sv_eq(l->p->charts[i].id, c->id))
			return doc_err(doc_get(d, "id"), l->e, "the id '%s' is taken (line %d)",
			    part_show(l, c->id), doc_get(l->p->charts[i].at, "id")->line);
	if (c->criterion.n > 0 && !has_criterion(l->p, c->criterion))
		return doc_err(doc_get(d, "criterion"), l->e, "no criterion has the id '%s'",
		    part_show(l, c->criterion));
	if (c->title.n == 0)
		c->title = c->id;
	return 0;
}

int
part_charts(struct loader *l, const struct doc *charts)
{
	const struct doc *d;

	if (part_list(l, charts, "charts") < 0)
		return -1;
	l->p->charts = arena_new(&l->p->arena, charts->n, sizeof(*l->p->charts));
	for (d = charts->child; d != NULL; d = d->next)
		if (chart(l, d, &l->p->charts[l->p->n_charts++]) < 0)
			return -1;
	return 0;
}

int
part_report(struct loader *l, const struct doc *report)
{
	static const char *const known[] = {"template", NULL};

	if (part_map(l, report, "report") < 0 || profile_keys(report, known, l->e) < 0)
		return -1;
	return profile_text(report, "template", &l->p->report_template, l->e);
}
