#include "grafana/grafana.h"

#include <math.h>

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

static struct sv
lower(struct gf_dashboard *d, struct sv v)
{
	char *s = arena_str(&d->arena, v);
	size_t i;

	for (i = 0; i < v.n; i++)
		if (s[i] >= 'A' && s[i] <= 'Z')
			s[i] = (char)(s[i] - 'A' + 'a');
	return (struct sv){s, v.n};
}

/* What a name says about the type: "Loki", "${DS_PROMETHEUS}", "grafana-loki". */
static struct sv
type_by_name(struct gf_dashboard *d, struct sv name)
{
	static const char *const known[] = {"prometheus", "loki", "elasticsearch", "influxdb", "graphite", "mysql", "postgres", "clickhouse",
	    "cloudwatch", "tempo", "jaeger", "opentsdb", "testdata", "zabbix", "infinity", NULL};
	struct sv v = lower(d, name);
	size_t i;

	for (i = 0; known[i] != NULL; i++)
		if (sv_find(v, sv_of(known[i])) < v.n)
			return sv_of(known[i]);
	return SV("");
}

/* "${x}", "$x", "[[x]]": the x. */
static struct sv
var_name(struct sv v)
{
	if (sv_starts(v, "${") && sv_ends(v, "}"))
		return sv_head(sv_from(v, 2), v.n - 3);
	if (sv_starts(v, "[[") && sv_ends(v, "]]"))
		return sv_head(sv_from(v, 2), v.n - 4);
	return sv_starts(v, "$") ? sv_from(v, 1) : (struct sv){NULL, 0};
}

struct sv
gf_source_type(struct gf_dashboard *d, const struct doc *source)
{
	struct sv name, type = gf_str(source, "type");
	const struct doc *in;
	size_t i;

	if (source == NULL || source->kind == DOC_NULL)
		return SV("");
	if (source->kind == DOC_MAP && type.n > 0 && var_name(type).n == 0)
		return type;
	name = source->kind == DOC_STRING ? source->text : gf_str(source, "uid");
	if (sv_is(name, "-- Dashboard --") || sv_is(name, "-- Grafana --") || sv_is(name, "-- Mixed --") || sv_is(name, "__expr__"))
		return name;
	if (var_name(name).n > 0) {
		for (i = 0; i < d->n_vars; i++)
			if (sv_eq(d->var[i].name, var_name(name)) && sv_is(d->var[i].type, "datasource"))
				return d->var[i].query;
		for (in = doc_first(doc_get(d->root, "__inputs")); in != NULL; in = in->next)
			if (sv_eq(gf_str(in, "name"), var_name(name)))
				return gf_str(in, "pluginId");
	}
	return type_by_name(d, name);
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
	if (sv_is(t->source, "__expr__") || sv_is(gf_str(m, "datasource.uid"), "__expr__"))
		t->expression = gf_str(m, "type").n > 0 ? gf_str(m, "type") : SV("expression");
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
};

static struct gf_panel *
add_panel(struct reading *r, const struct doc *m)
{
	struct gf_panel *p = vec_add(&r->panel);

	*p = (struct gf_panel){.doc = m};
	p->id = (int64_t)gf_num(m, "id", 0);
	p->title = gf_str(m, "title");
	p->type = gf_str(m, "type");
	p->text = text_of(m);
	p->x = gf_num(m, "gridPos.x", 0);
	p->y = gf_num(m, "gridPos.y", r->next_y);
	p->w = gf_num(m, "gridPos.w", 12);
	p->h = gf_num(m, "gridPos.h", 8);
	p->repeat = gf_str(m, "repeat");
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

/* Since schema version 16: a flat list with positions; what a collapsed row hides stands inside it. */
static void
read_panels(struct reading *r, const struct doc *list)
{
	struct sv row_repeat = {NULL, 0};
	const struct doc *m, *inner;

	for (m = doc_first(list); m != NULL && r->panel.n < MOST_PANELS; m = m->next) {
		struct gf_panel *p;

		if (m->kind != DOC_MAP)
			continue;
		p = add_panel(r, m);
		if (!sv_is(p->type, "row")) {
			p->row_repeat = row_repeat;
			continue;
		}
		p->h = 1;
		p->w = 24;
		row_repeat = p->repeat;
		for (inner = doc_first(doc_get(m, "panels")); inner != NULL && r->panel.n < MOST_PANELS; inner = inner->next)
			if (inner->kind == DOC_MAP)
				add_panel(r, inner)->row_repeat = row_repeat;
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

/* {"dashboard": {...}} of the API, {"spec": {...}} of the resource, or the thing itself. */
static const struct doc *
unwrap(const struct doc *root)
{
	const struct doc *in = doc_get(root, "dashboard");

	if (in != NULL && in->kind == DOC_MAP && (doc_get(in, "panels") != NULL || doc_get(in, "rows") != NULL))
		return in;
	in = doc_get(root, "spec");
	if (in != NULL && in->kind == DOC_MAP && (doc_get(in, "panels") != NULL || doc_get(in, "elements") != NULL || doc_get(in, "rows") != NULL))
		return in;
	return root;
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
	root = unwrap(root);
	if (root->kind != DOC_MAP)
		return doc_err(root, e, "no dashboard: a JSON object with panels is expected");
	d->root = root;
	d->title = gf_str(root, "title");
	d->uid = gf_str(root, "uid");
	d->schema = (int64_t)gf_num(root, "schemaVersion", 0);
	if (doc_get(root, "elements") != NULL && doc_get(root, "layout") != NULL) {
		d->second = true;
		return gf_read_second(d, root, e);
	}
	if (doc_get(root, "panels") == NULL && doc_get(root, "rows") == NULL)
		return doc_err(root, e, "no dashboard: it has neither panels nor rows");
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
