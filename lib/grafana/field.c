#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/regex.h"
#include "base/time.h"
#include "grafana/private.h"

bool
gf_matches(struct sv pattern, struct sv text)
{
	struct regex *re;
	size_t end = pattern.n;
	int rc;

	if (!sv_starts(pattern, "/") || pattern.n < 2)
		return sv_eq(pattern, text);
	while (end > 1 && pattern.p[end - 1] != '/')
		end--;
	if (end < 2)
		return sv_eq(pattern, text);
	re = regex_new(sv_head(sv_from(pattern, 1), end - 2), 0, NULL);
	if (re == NULL)
		return false;
	rc = regex_match(re, text, NULL);
	regex_free(re);
	return rc > 0;
}

static void
read_steps(struct gf_dashboard *d, const struct doc *list, struct gf_field *f)
{
	struct gf_step *step;
	const struct doc *s;
	size_t n = 0;

	if (list == NULL || list->kind != DOC_LIST)
		return;
	step = arena_new(&d->arena, list->n, sizeof(*step));
	for (s = list->child; s != NULL; s = s->next) {
		step[n].value = gf_num(s, "value", -INFINITY);
		step[n++].color = gf_str(s, "color");
	}
	f->step = step;
	f->n_steps = n;
}

/* One property, by its path below fieldConfig.defaults, as overrides name them. */
static void
set_property(struct gf_dashboard *d, struct gf_field *f, struct sv id, const struct doc *v)
{
	struct sv text = v == NULL || v->kind == DOC_MAP || v->kind == DOC_LIST ? (struct sv){NULL, 0} : v->text;
	double number = NAN;

	if (v == NULL)
		return;
	if (v->kind == DOC_NUMBER)
		number = v->num;
	else if (v->kind == DOC_STRING)
		num_parse(sv_trim(v->text), &number);
	if (sv_is(id, "unit")) {
		f->unit = text;
	} else if (sv_is(id, "decimals")) {
		if (number >= 0 && number <= 15)
			f->decimals = (int)number;
	} else if (sv_is(id, "min")) {
		f->min = number;
	} else if (sv_is(id, "max")) {
		f->max = number;
	} else if (sv_is(id, "displayName")) {
		f->display_name = text;
	} else if (sv_is(id, "noValue")) {
		f->no_value = text;
	} else if (sv_is(id, "color")) {
		struct sv mode = gf_str(v, "mode");

		f->by_threshold = sv_is(mode, "thresholds");
		if (sv_is(mode, "fixed") || sv_is(mode, "shades"))
			f->color = gf_str(v, "fixedColor");
		else if (v->kind == DOC_STRING)
			f->color = text;
	} else if (sv_is(id, "mappings")) {
		f->mappings = v;
	} else if (sv_is(id, "thresholds")) {
		f->step_percent = sv_is(gf_str(v, "mode"), "percentage");
		read_steps(d, doc_get(v, "steps"), f);
	} else if (sv_is(id, "custom.drawStyle")) {
		f->draw = sv_is(text, "bars") ? GF_BARS : sv_is(text, "points") ? GF_POINTS : GF_LINE;
	} else if (sv_is(id, "custom.fillOpacity")) {
		f->fill = number > 5;
	} else if (sv_is(id, "custom.lineInterpolation")) {
		f->steps = sv_starts(text, "step");
	} else if (sv_is(id, "custom.stacking")) {
		struct sv mode = gf_str(v, "mode"), group = gf_str(v, "group");

		f->stack = sv_is(mode, "normal") || sv_is(mode, "percent") ? (group.n > 0 ? group : SV("A")) : SV("");
		f->percent = sv_is(mode, "percent");
	} else if (sv_is(id, "custom.axisPlacement")) {
		f->right_axis = sv_is(text, "right");
	} else if (sv_is(id, "custom.axisLabel")) {
		f->axis_label = text;
	} else if (sv_is(id, "custom.scaleDistribution")) {
		f->log_base = sv_is(gf_str(v, "type"), "log") ? gf_num(v, "log", 10) : 1;
	} else if (sv_is(id, "custom.transform")) {
		f->negative = sv_is(text, "negative-Y");
	} else if (sv_is(id, "custom.hideFrom")) {
		f->hidden = gf_bool(v, "viz", false) || gf_bool(v, "graph", false);
	} else if (sv_is(id, "custom.hidden") || sv_is(id, "custom.hideFrom.viz")) {
		f->row_hidden = v->kind == DOC_BOOL && v->truth;
	} else if (sv_is(id, "custom.thresholdsStyle")) {
		struct sv mode = gf_str(v, "mode");

		f->thresholds_drawn = mode.n > 0 && !sv_is(mode, "off");
		f->thresholds_area = sv_find(mode, SV("area")) < mode.n;
	} else if (sv_is(id, "custom.cellOptions") || sv_is(id, "custom.displayMode")) {
		f->cell = v->kind == DOC_MAP ? gf_str(v, "type") : text;
	}
}

static void
set_defaults(struct gf_dashboard *d, struct gf_field *f, const struct doc *defaults)
{
	const struct doc *m;

	for (m = doc_first(defaults); m != NULL; m = m->next)
		if (!sv_is(m->key, "custom"))
			set_property(d, f, m->key, m);
	for (m = doc_first(doc_get(defaults, "custom")); m != NULL; m = m->next)
		set_property(d, f, sv_of(arena_fmt(&d->arena, "custom.%" SV_FMT, SV_ARG(m->key))), m);
	if (doc_get(defaults, "title") != NULL && f->display_name.n == 0)
		f->display_name = gf_str(defaults, "title");
}

static bool
by_value(const struct doc *options, double last)
{
	double v = gf_num(options, "value", NAN);
	struct sv op = gf_str(options, "op");

	return sv_is(op, "gt") || sv_is(op, ">") ? last > v : sv_is(op, "gte") || sv_is(op, ">=") ? last >= v : sv_is(op, "lt") || sv_is(op, "<") ? last < v :
	    sv_is(op, "lte") || sv_is(op, "<=") ? last <= v : sv_is(op, "eq") || sv_is(op, "=") || sv_is(op, "==") ? last == v : sv_is(op, "neq") || sv_is(op, "!=") ? last != v : false;
}

static bool
override_matches(const struct doc *matcher, const struct gf_name *n, struct arena *a)
{
	struct sv id = gf_str(matcher, "id"), text = gf_str(matcher, "options");
	const struct doc *options = doc_get(matcher, "options"), *name;

	if (sv_is(id, "byName"))
		return sv_eq(text, n->name);
	if (sv_is(id, "byRegexp"))
		return gf_matches(sv_starts(text, "/") ? text : sv_of(arena_fmt(a, "/^(?:%" SV_FMT ")$/", SV_ARG(text))), n->name);
	if (sv_is(id, "byFrameRefID"))
		return sv_eq(text, n->ref_id);
	if (sv_is(id, "byType"))
		return sv_is(text, "number") ? n->number : sv_is(text, "time") ? n->time : sv_is(text, "string") ? n->text : false;
	if (sv_is(id, "byValue"))
		return by_value(options, n->last);
	if (sv_is(id, "byNames")) {
		bool exclude = sv_is(gf_str(options, "mode"), "exclude"), found = false;

		for (name = doc_first(doc_get(options, "names")); name != NULL; name = name->next)
			found |= sv_eq(name->text, n->name);
		return found != exclude;
	}
	return false;
}

static void
apply_overrides(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *f)
{
	const struct doc *o, *property;

	for (o = doc_first(p->overrides); o != NULL; o = o->next) {
		if (!override_matches(doc_get(o, "matcher"), n, &d->arena))
			continue;
		for (property = doc_first(doc_get(o, "properties")); property != NULL; property = property->next)
			set_property(d, f, gf_str(property, "id"), doc_get(property, "value"));
	}
}

void
gf_field(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *f)
{
	*f = (struct gf_field){.decimals = -1, .min = NAN, .max = NAN, .log_base = 1};
	if (p->defaults == NULL || sv_is(p->type, "graph")) {
		if (sv_is(p->type, "graph"))
			gf_old_graph(d, p, n, f);
		else if (sv_is(p->type, "singlestat"))
			gf_old_single(d, p, f);
		else if (sv_is(p->type, "table") || sv_is(p->type, "table-old"))
			gf_old_table(d, p, n, f);
		else if (sv_is(p->type, "heatmap"))
			f->unit = gf_str(p->doc, "yAxis.format");
		else if (gf_str(p->doc, "format").n > 0)
			f->unit = gf_str(p->doc, "format");
		if (f->decimals < -1 || f->decimals > 15)
			f->decimals = -1;
		if (sv_is(p->type, "graph"))
			apply_overrides(d, p, n, f);
		return;
	}
	set_defaults(d, f, p->defaults);
	if (sv_is(p->type, "heatmap") && f->unit.n == 0) {
		f->unit = gf_str(p->options, "yAxis.unit");
		if (f->unit.n == 0)
			f->unit = gf_str(p->doc, "yAxis.format");
	}
	/* Gauges and tables are coloured by threshold unless told otherwise. */
	if (doc_get(p->defaults, "color") == NULL && (sv_is(p->type, "stat") || sv_is(p->type, "gauge") || sv_is(p->type, "bargauge")))
		f->by_threshold = true;
	apply_overrides(d, p, n, f);
}
