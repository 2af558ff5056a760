#include "grafana/grafana.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "grafana/private.h"

#define MOST_PANELS 2000

struct sv
gf_str(const struct doc *m, const char *path)
{
	const struct doc *d = doc_path(m, sv_of(path));

	if (d == NULL || d->kind == DOC_NULL || d->kind == DOC_LIST || d->kind == DOC_MAP)
		return (struct sv){NULL, 0};
	return d->kind == DOC_BOOL ? sv_of(d->truth ? "true" : "false") : d->text;
}

double
gf_num(const struct doc *m, const char *path, double none)
{
	const struct doc *d = doc_path(m, sv_of(path));
	double v;

	if (d == NULL)
		return none;
	if (d->kind == DOC_NUMBER)
		return d->num;
	return d->kind == DOC_STRING && num_parse(sv_trim(d->text), &v) ? v : none;
}

bool
gf_bool(const struct doc *m, const char *path, bool none)
{
	const struct doc *d = doc_path(m, sv_of(path));

	return d != NULL && d->kind == DOC_BOOL ? d->truth : none;
}

void
gf_read_target(struct gf_dashboard *d, const struct doc *m, struct sv fallback, struct gf_target *t)
{
	struct sv format = gf_str(m, "format");
	const struct doc *source = doc_get(m, "datasource");

	t->ref_id = gf_str(m, "refId");
	t->expr = gf_str(m, "expr");
	t->has_expr = doc_get(m, "expr") != NULL;
	t->legend = gf_str(m, "legendFormat");
	t->interval = gf_str(m, "interval");
	t->interval_factor = gf_num(m, "intervalFactor", 1);
	t->hide = gf_bool(m, "hide", false);
	t->instant = gf_bool(m, "instant", false) && !gf_bool(m, "range", false);
	t->table = sv_is(format, "table");
	t->heatmap = sv_is(format, "heatmap");
	t->source = source != NULL && source->kind != DOC_NULL ? gf_source_type(d, source) : fallback;
	if (sv_is(t->source, "-- Mixed --"))
		t->source = SV("");
	if (t->source.n == 0 && t->expr.n == 0)
		t->source = gf_source_by_shape(m);
	if (sv_is(t->source, "__expr__") || sv_is(gf_str(m, "datasource.uid"), "__expr__"))
		t->expression = gf_str(m, "type").n > 0 ? gf_str(m, "type") : SV("expression");
	if (t->expression.n > 0)
		t->expr = gf_str(m, "expression");
	t->doc = m;
	t->panel = (int64_t)gf_num(m, "panelId", 0);
}

static void
read_targets(struct gf_dashboard *d, struct gf_panel *p)
{
	const struct doc *list = doc_get(p->doc, "targets"), *t;
	const struct doc *source = doc_get(p->doc, "datasource");
	struct sv fallback = gf_source_type(d, source);

	if (list == NULL || list->kind != DOC_LIST)
		return;
	p->target = arena_new(&d->arena, list->n, sizeof(*p->target));
	for (t = list->child; t != NULL; t = t->next)
		if (t->kind == DOC_MAP)
			gf_read_target(d, t, fallback, &p->target[p->n_targets++]);
}

static bool
has_type(const struct doc *source, const char *uid)
{
	return source != NULL && (sv_is(source->text, uid) || sv_is(gf_str(source, "uid"), uid));
}

static struct sv
text_of(const struct doc *m)
{
	struct sv v = gf_str(m, "options.content");

	return v.n > 0 ? v : gf_str(m, "content");
}

struct reading {
	struct gf_dashboard *d;
	VEC(struct gf_panel) panel;
	double next_y;
	size_t section;
};

static struct gf_panel *
add_panel(struct reading *r, const struct doc *m)
{
	struct gf_panel *p = vec_add(&r->panel);

	*p = (struct gf_panel){.doc = m, .section = r->section};
	p->id = (int64_t)gf_num(m, "id", 0);
	p->title = gf_str(m, "title");
	p->type = gf_str(m, "type");
	p->text = text_of(m);
	p->x = gf_num(m, "gridPos.x", 0);
	p->y = gf_num(m, "gridPos.y", r->next_y);
	p->w = gf_num(m, "gridPos.w", 12);
	p->h = gf_num(m, "gridPos.h", 8);
	p->repeat = gf_str(m, "repeat");
	p->copy_of = (int64_t)gf_num(m, "repeatPanelId", 0);
	p->repeat_down = sv_is(gf_str(m, "repeatDirection"), "v");
	p->interval = gf_str(m, "interval");
	p->time_from = gf_str(m, "timeFrom");
	p->time_shift = gf_str(m, "timeShift");
	p->max_points = gf_num(m, "maxDataPoints", 0);
	p->library = doc_get(m, "libraryPanel") != NULL && doc_get(m, "targets") == NULL;
	p->options = doc_get(m, "options");
	p->defaults = doc_path(m, SV("fieldConfig.defaults"));
	p->overrides = doc_path(m, SV("fieldConfig.overrides"));
	p->transformations = doc_get(m, "transformations");
	/* Before version 7 gauges kept their field configuration in options. */
	if (p->defaults == NULL)
		p->defaults = doc_path(m, SV("options.fieldOptions.defaults"));
	read_targets(r->d, p);
	if (has_type(doc_get(m, "datasource"), "-- Dashboard --") && p->n_targets > 0 && p->target[0].panel == 0)
		p->target[0].panel = -1;
	r->next_y = fmax(r->next_y, p->y + p->h);
	return p;
}

struct place {
	const struct doc *m;
	double x, y;
	size_t seq;
};

static int
by_place(const void *a, const void *b)
{
	const struct place *p = a, *q = b;

	if (p->y != q->y)
		return p->y < q->y ? -1 : 1;
	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return (p->seq > q->seq) - (p->seq < q->seq);
}

/* Where a panel stands is what its position says, not where it comes in the list; one without stands after the one before it. */
static size_t
in_order(const struct doc *list, struct place *out)
{
	const struct doc *m;
	double y = 0;
	size_t n = 0;

	for (m = list->child; m != NULL; m = m->next) {
		if (m->kind != DOC_MAP)
			continue;
		y = gf_num(m, "gridPos.y", y);
		out[n] = (struct place){m, gf_num(m, "gridPos.x", 0), y, n};
		n++;
	}
	if (n > 1)
		qsort(out, n, sizeof(*out), by_place);
	return n;
}

/* Since schema version 16: a flat list with positions; what a collapsed row hides stands inside it, and what follows is not its. */
static void
read_panels(struct reading *r, const struct doc *list)
{
	struct sv row_repeat = {NULL, 0};
	struct place *place;
	const struct doc *inner;
	size_t i, n;

	if (list == NULL || list->kind != DOC_LIST)
		return;
	place = arena_new(&r->d->arena, list->n, sizeof(*place));
	n = in_order(list, place);
	for (i = 0; i < n && r->panel.n < MOST_PANELS; i++) {
		const struct doc *m = place[i].m;
		struct gf_panel *p;

		if (!sv_is(gf_str(m, "type"), "row")) {
			p = add_panel(r, m);
			p->row_repeat = row_repeat;
			continue;
		}
		r->section++;
		p = add_panel(r, m);
		p->h = 1;
		p->w = 24;
		row_repeat = p->repeat;
		for (inner = doc_first(doc_get(m, "panels")); inner != NULL && r->panel.n < MOST_PANELS; inner = inner->next)
			if (inner->kind == DOC_MAP)
				add_panel(r, inner)->row_repeat = row_repeat;
		if (doc_first(doc_get(m, "panels")) != NULL) {
			r->section++;
			row_repeat = (struct sv){NULL, 0};
		}
	}
}

/* Before: rows of panels whose span is of 12. */
static void
read_rows(struct reading *r, const struct doc *rows)
{
	const struct doc *row, *m;

	for (row = doc_first(rows); row != NULL && r->panel.n < MOST_PANELS; row = row->next) {
		double x = 0, y = r->next_y, tall = 0, height = gf_num(row, "height", 250);
		struct gf_panel *p;
		struct sv text = gf_str(row, "height"), repeat = gf_str(row, "repeat");

		if (row->kind != DOC_MAP)
			continue;
		if (sv_ends(text, "px") && !num_parse(sv_head(text, text.n - 2), &height))
			height = 250;
		if (gf_bool(row, "showTitle", false) || repeat.n > 0) {
			r->section++;
			p = add_panel(r, row);
			p->type = SV("row");
			p->id = 0;
			p->x = 0;
			p->y = y;
			p->w = 24;
			p->h = 1;
			y += 1;
			r->next_y = y;
		}
		for (m = doc_first(doc_get(row, "panels")); m != NULL && r->panel.n < MOST_PANELS; m = m->next) {
			double w;

			if (m->kind != DOC_MAP)
				continue;
			w = fmin(24, fmax(1, 2 * gf_num(m, "span", 4)));
			if (x + w > 24.01) {
				x = 0;
				y += tall;
				tall = 0;
			}
			p = add_panel(r, m);
			p->row_repeat = repeat;
			if (doc_get(m, "gridPos") == NULL) {
				p->x = x;
				p->y = y;
				p->w = w;
				p->h = fmax(2, round(gf_num(m, "height", height) / 38));
			}
			x += w;
			tall = fmax(tall, p->h);
			r->next_y = y + tall;
		}
	}
}

static bool
is_dashboard(const struct doc *m)
{
	return m != NULL && m->kind == DOC_MAP &&
	    (doc_get(m, "panels") != NULL || doc_get(m, "rows") != NULL || (doc_get(m, "elements") != NULL && doc_get(m, "layout") != NULL));
}

#define DEEPEST 4

/*
 * The thing itself, or what it is wrapped in: {"dashboard": {...}} of the API, {"spec": {...}} of the resource, {"spec": {"json": "..."}}
 * of an operator, {"data": {"x.json": "..."}} of a ConfigMap, {"x.json": {...}} as jsonnet writes it. NULL: none of them.
 */
static const struct doc *
unwrap(struct gf_dashboard *d, const struct doc *m, int depth)
{
	static const char *const inside[] = {"dashboard", "spec", "data", "json", "model", NULL};
	const struct doc *found;
	size_t i;

	if (m == NULL || depth > DEEPEST)
		return NULL;
	if (m->kind == DOC_STRING && sv_starts(sv_trim(m->text), "{"))
		m = doc_json(&d->arena, "inside", m->text, NULL);
	if (m == NULL || m->kind != DOC_MAP || is_dashboard(m))
		return is_dashboard(m) ? m : NULL;
	for (i = 0; inside[i] != NULL; i++)
		if ((found = unwrap(d, doc_get(m, inside[i]), depth + 1)) != NULL)
			return found;
	return m->n == 1 ? unwrap(d, m->child, depth + 1) : NULL;
}

int
gf_read(const char *name, struct sv json, struct gf_dashboard *d, struct err *e)
{
	struct reading r = {.d = d};
	const struct doc *root;

	*d = (struct gf_dashboard){.n_panels = 0};
	root = doc_json(&d->arena, name, json, e);
	if (root == NULL)
		return -1;
	if (root->kind != DOC_MAP)
		return doc_err(root, e, "no dashboard: a JSON object with panels is expected");
	d->root = unwrap(d, root, 0);
	if (d->root == NULL)
		return doc_err(root, e, "no dashboard: it has neither panels nor rows");
	root = d->root;
	d->title = gf_str(root, "title");
	d->uid = gf_str(root, "uid");
	d->schema = (int64_t)gf_num(root, "schemaVersion", 0);
	if (doc_get(root, "elements") != NULL && doc_get(root, "layout") != NULL) {
		d->second = true;
		return gf_read_second(d, root, e);
	}
	gf_read_vars(d, doc_path(root, SV("templating.list")));
	read_panels(&r, doc_get(root, "panels"));
	read_rows(&r, doc_get(root, "rows"));
	d->n_panels = r.panel.n;
	d->panel = arena_keep(&d->arena, r.panel.v, r.panel.n, sizeof(*r.panel.v));
	return 0;
}

void
gf_free(struct gf_dashboard *d)
{
	arena_free(&d->arena);
	*d = (struct gf_dashboard){.n_panels = 0};
}
