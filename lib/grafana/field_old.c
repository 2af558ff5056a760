/*
 * How graph, singlestat and table looked before version 7: options of the panel itself, no field configuration.
 */
#include <math.h>

#include "base/num.h"
#include "grafana/private.h"

void
gf_old_graph(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *f)
{
	const struct doc *m = p->doc, *o, *axis = doc_path(m, SV("yaxes.0"));
	struct gf_step *step;
	size_t k = 0;

	f->unit = gf_str(axis, "format");
	if (f->unit.n == 0)
		f->unit = gf_str(m, "y_formats.0");
	f->min = gf_num(axis, "min", gf_num(m, "grid.leftMin", NAN));
	f->max = gf_num(axis, "max", gf_num(m, "grid.leftMax", NAN));
	f->log_base = gf_num(axis, "logBase", 1);
	f->axis_label = gf_str(axis, "label");
	f->fill = gf_num(m, "fill", 1) > 0 && gf_bool(m, "lines", true);
	f->draw = gf_bool(m, "bars", false) && !gf_bool(m, "lines", true) ? GF_BARS :
	    gf_bool(m, "points", false) && !gf_bool(m, "lines", true)     ? GF_POINTS :
									      GF_LINE;
	f->steps = gf_bool(m, "steppedLine", false);
	f->stack = gf_bool(m, "stack", false) ? SV("A") : SV("");
	f->percent = gf_bool(m, "percentage", false) && f->stack.n > 0;
	f->decimals = (int)gf_num(m, "decimals", -1);
	for (o = doc_first(doc_get(m, "aliasColors")); o != NULL; o = o->next)
		if (sv_eq(o->key, n->name))
			f->color = o->text;
	for (o = doc_first(doc_get(m, "seriesOverrides")); o != NULL; o = o->next) {
		const struct doc *v;

		if (!gf_matches(gf_str(o, "alias"), n->name))
			continue;
		if ((v = doc_get(o, "color")) != NULL)
			f->color = v->text;
		if (gf_num(o, "yaxis", 1) == 2)
			f->right_axis = true;
		if ((v = doc_get(o, "stack")) != NULL)
			f->stack = v->kind == DOC_BOOL ? (v->truth ? SV("A") : SV("")) : v->text;
		if (doc_get(o, "fill") != NULL)
			f->fill = gf_num(o, "fill", 0) > 0;
		if (sv_is(gf_str(o, "transform"), "negative-Y"))
			f->negative = true;
		if (gf_bool(o, "bars", false))
			f->draw = GF_BARS;
		if (gf_bool(o, "lines", false))
			f->draw = GF_LINE;
		if (doc_get(o, "lines") != NULL && !gf_bool(o, "lines", true) && !gf_bool(o, "bars", false) && !gf_bool(o, "points", false) &&
		    f->draw == GF_LINE)
			f->hidden = true;
		if (gf_bool(o, "points", false) && (!gf_bool(o, "lines", true) || !gf_bool(m, "lines", true))) {
			f->draw = GF_POINTS;
			f->hidden = false;
		}
	}
	if (f->right_axis && doc_path(m, SV("yaxes.1.format")) != NULL) {
		f->unit = gf_str(m, "yaxes.1.format");
		f->min = gf_num(m, "yaxes.1.min", NAN);
		f->max = gf_num(m, "yaxes.1.max", NAN);
		f->log_base = gf_num(m, "yaxes.1.logBase", 1);
		f->axis_label = gf_str(m, "yaxes.1.label");
	}
	o = doc_get(m, "thresholds");
	if (o != NULL && o->kind == DOC_LIST && o->n > 0) {
		step = arena_new(&d->arena, o->n, sizeof(*step));
		for (o = o->child; o != NULL; o = o->next) {
			struct sv mode = gf_str(o, "colorMode");

			step[k].value = gf_num(o, "value", NAN);
			step[k].color = sv_is(mode, "critical") ? SV("red") : sv_is(mode, "warning") ? SV("orange") : sv_is(mode, "ok") ? SV("green") : gf_str(o, "lineColor");
			k++;
		}
		f->step = step;
		f->n_steps = k;
		f->thresholds_drawn = true;
	}
}

void
gf_old_single(struct gf_dashboard *d, const struct gf_panel *p, struct gf_field *f)
{
	const struct doc *m = p->doc, *colors = doc_get(m, "colors"), *c;
	struct sv rest = gf_str(m, "thresholds"), one, prefix = gf_str(m, "prefix"), postfix = gf_str(m, "postfix");
	struct gf_step *step = arena_new(&d->arena, 8, sizeof(*step));
	size_t n = 0;

	f->unit = gf_str(m, "format");
	if (f->unit.n == 0 || sv_is(f->unit, "none")) {
		if (postfix.n > 0)
			f->unit = sv_of(arena_fmt(&d->arena, "suffix:%" SV_FMT, SV_ARG(postfix)));
		else if (prefix.n > 0)
			f->unit = sv_of(arena_fmt(&d->arena, "prefix:%" SV_FMT, SV_ARG(prefix)));
	}
	f->decimals = (int)gf_num(m, "decimals", -1);
	f->min = gf_num(m, "gauge.minValue", NAN);
	f->max = gf_num(m, "gauge.maxValue", NAN);
	f->no_value = gf_str(m, "nullText");
	f->mappings = doc_get(m, "valueMaps");
	f->old_map = true;
	c = doc_first(colors);
	if (!gf_bool(m, "colorValue", false) && !gf_bool(m, "colorBackground", false) && !gf_bool(m, "gauge.show", false))
		return;
	step[n].value = -INFINITY;
	step[n++].color = c != NULL ? c->text : SV("");
	while (n < 8 && rest.n > 0 && sv_split(&rest, ',', &one)) {
		c = c != NULL ? c->next : NULL;
		if (num_parse(sv_trim(one), &step[n].value))
			step[n++].color = c != NULL ? c->text : SV("");
	}
	f->step = step;
	f->n_steps = n;
	f->by_threshold = n > 1;
}

/* The last style whose pattern matches a column. */
void
gf_old_table(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *f)
{
	const struct doc *s;

	for (s = doc_first(doc_get(p->doc, "styles")); s != NULL; s = s->next) {
		struct sv type = gf_str(s, "type"), alias = gf_str(s, "alias");

		if (!gf_matches(gf_str(s, "pattern"), n->name))
			continue;
		f->row_hidden = sv_is(type, "hidden");
		if (alias.n > 0)
			f->display_name = alias;
		if (sv_is(type, "number")) {
			f->unit = gf_str(s, "unit");
			f->decimals = (int)gf_num(s, "decimals", -1);
		}
		if (sv_is(type, "date"))
			f->unit = SV("dateTimeAsIso");
		f->mappings = doc_get(s, "valueMaps");
		f->old_map = true;
		return;
	}
	(void)d;
}
