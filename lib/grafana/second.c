/*
 * The second generation (Grafana 12's schema v2): elements by name, and a layout that says where each stands.
 */
#include <math.h>

#include "base/mem.h"
#include "grafana/private.h"

struct reading {
	struct gf_dashboard *d;
	const struct doc *elements;
	VEC(struct gf_panel) panel;
	double y;
	int depth;
	size_t section;
};

static void
read_queries(struct gf_dashboard *d, struct gf_panel *p, const struct doc *list)
{
	const struct doc *q;

	if (list == NULL || list->kind != DOC_LIST)
		return;
	p->target = arena_new(&d->arena, list->n, sizeof(*p->target));
	for (q = list->child; q != NULL; q = q->next) {
		const struct doc *spec = doc_get(q, "spec"), *query = doc_path(spec, SV("query"));
		struct gf_target *t;
		struct sv group = gf_str(query, "group");

		if (spec == NULL || p->n_targets == list->n)
			continue;
		if (group.n == 0)
			group = gf_str(query, "kind");
		t = &p->target[p->n_targets++];
		if (doc_get(query, "spec") != NULL)
			gf_read_target(d, doc_get(query, "spec"), group, t);
		t->ref_id = gf_str(spec, "refId");
		t->hide = gf_bool(spec, "hidden", false);
		if (sv_is(group, "__expr__") && t->expression.n == 0)
			t->expression = SV("expression");
	}
}

static struct gf_panel *
add(struct reading *r, const struct doc *element, double x, double y, double w, double h)
{
	const struct doc *spec = doc_get(element, "spec"), *viz = doc_get(spec, "vizConfig");
	struct gf_panel *p = vec_add(&r->panel);

	*p = (struct gf_panel){.doc = spec, .x = x, .y = y, .w = w, .h = h, .section = r->section};
	p->id = (int64_t)gf_num(spec, "id", 0);
	p->title = gf_str(spec, "title");
	p->library = sv_is(gf_str(element, "kind"), "LibraryPanel");
	p->type = gf_str(viz, "group");
	if (p->type.n == 0)
		p->type = gf_str(viz, "kind");
	p->options = doc_path(viz, SV("spec.options"));
	p->defaults = doc_path(viz, SV("spec.fieldConfig.defaults"));
	p->overrides = doc_path(viz, SV("spec.fieldConfig.overrides"));
	p->text = gf_str(p->options, "content");
	p->transformations = doc_path(spec, SV("data.spec.transformations"));
	p->interval = gf_str(spec, "data.spec.queryOptions.interval");
	p->max_points = gf_num(spec, "data.spec.queryOptions.maxDataPoints", 0);
	p->time_from = gf_str(spec, "data.spec.queryOptions.timeFrom");
	p->time_shift = gf_str(spec, "data.spec.queryOptions.timeShift");
	read_queries(r->d, p, doc_path(spec, SV("data.spec.queries")));
	return p;
}

static const struct doc *
element_of(struct reading *r, const struct doc *item)
{
	struct sv name = gf_str(item, "spec.element.name");

	return name.n == 0 ? NULL : doc_get(r->elements, arena_str(&r->d->arena, name));
}

static void read_layout(struct reading *r, const struct doc *layout, struct sv repeat);

static void
read_items(struct reading *r, const struct doc *layout, struct sv repeat)
{
	const struct doc *item;
	double top = r->y, bottom = r->y, x = 0;
	bool grid = sv_is(gf_str(layout, "kind"), "GridLayout");

	for (item = doc_first(doc_path(layout, SV("spec.items"))); item != NULL; item = item->next) {
		const struct doc *element = element_of(r, item);
		struct gf_panel *p;

		if (element == NULL)
			continue;
		if (grid)
			p = add(r, element, gf_num(item, "spec.x", 0), top + gf_num(item, "spec.y", 0), gf_num(item, "spec.width", 12),
			    gf_num(item, "spec.height", 8));
		else
			p = add(r, element, x, bottom, 8, 8);
		p->repeat = gf_str(item, "spec.repeat.value");
		p->repeat_down = sv_is(gf_str(item, "spec.repeat.direction"), "v");
		p->row_repeat = repeat;
		r->y = fmax(r->y, p->y + p->h);
		x += 8;
		if (x >= 24) {
			x = 0;
			bottom += 8;
		}
	}
}

/* Rows and tabs hold layouts of their own. */
static void
read_parts(struct reading *r, const struct doc *list)
{
	const struct doc *part;

	for (part = doc_first(list); part != NULL; part = part->next) {
		struct gf_panel *p = vec_add(&r->panel);
		struct sv repeat = gf_str(part, "spec.repeat.value");

		*p = (struct gf_panel){.doc = part, .type = SV("row"), .title = gf_str(part, "spec.title"), .y = r->y, .w = 24, .h = 1,
		    .repeat = repeat, .section = ++r->section};
		r->y += 1;
		read_layout(r, doc_path(part, SV("spec.layout")), repeat);
	}
}

static void
read_layout(struct reading *r, const struct doc *layout, struct sv repeat)
{
	struct sv kind = gf_str(layout, "kind");

	if (r->depth > 8 || r->panel.n > 2000)
		return;
	r->depth++;
	if (sv_is(kind, "RowsLayout"))
		read_parts(r, doc_path(layout, SV("spec.rows")));
	else if (sv_is(kind, "TabsLayout"))
		read_parts(r, doc_path(layout, SV("spec.tabs")));
	else
		read_items(r, layout, repeat);
	r->depth--;
}

/* {"kind": "QueryVariable", "spec": {...}}: the specs are those of the first generation but for a few names. */
int
gf_read_second(struct gf_dashboard *d, const struct doc *root, struct err *e)
{
	struct reading r = {.d = d, .elements = doc_get(root, "elements")};

	gf_read_vars(d, doc_get(root, "variables"));
	read_layout(&r, doc_get(root, "layout"), (struct sv){NULL, 0});
	d->n_panels = r.panel.n;
	d->panel = arena_keep(&d->arena, r.panel.v, r.panel.n, sizeof(*r.panel.v));
	if (d->n_panels == 0 && doc_first(r.elements) != NULL)
		return doc_err(root, e, "no panel was found in its layout: this form of schema version 2 is not understood");
	return 0;
}
