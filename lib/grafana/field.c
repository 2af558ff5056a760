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

static bool
is(struct sv v, const char *s)
{
	return sv_is(v, s);
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
	if (is(id, "unit")) {
		f->unit = text;
	} else if (is(id, "decimals")) {
		if (number >= 0 && number <= 15)
			f->decimals = (int)number;
	} else if (is(id, "min")) {
		f->min = number;
	} else if (is(id, "max")) {
		f->max = number;
	} else if (is(id, "displayName")) {
		f->display_name = text;
	} else if (is(id, "noValue")) {
		f->no_value = text;
	} else if (is(id, "color")) {
		struct sv mode = gf_str(v, "mode");

		f->by_threshold = is(mode, "thresholds");
		if (is(mode, "fixed") || is(mode, "shades"))
			f->color = gf_str(v, "fixedColor");
		else if (v->kind == DOC_STRING)
			f->color = text;
	} else if (is(id, "mappings")) {
		f->mappings = v;
	} else if (is(id, "thresholds")) {
		f->step_percent = is(gf_str(v, "mode"), "percentage");
		read_steps(d, doc_get(v, "steps"), f);
	} else if (is(id, "custom.drawStyle")) {
		f->draw = is(text, "bars") ? GF_BARS : is(text, "points") ? GF_POINTS : GF_LINE;
	} else if (is(id, "custom.fillOpacity")) {
		f->fill = number > 5;
	} else if (is(id, "custom.lineInterpolation")) {
		f->steps = sv_starts(text, "step");
	} else if (is(id, "custom.stacking")) {
		struct sv mode = gf_str(v, "mode"), group = gf_str(v, "group");

		f->stack = is(mode, "normal") || is(mode, "percent") ? (group.n > 0 ? group : SV("A")) : SV("");
		f->percent = is(mode, "percent");
	} else if (is(id, "custom.axisPlacement")) {
		f->right_axis = is(text, "right");
	} else if (is(id, "custom.axisLabel")) {
		f->axis_label = text;
	} else if (is(id, "custom.scaleDistribution")) {
		f->log_base = is(gf_str(v, "type"), "log") ? gf_num(v, "log", 10) : 1;
	} else if (is(id, "custom.transform")) {
		f->negative = is(text, "negative-Y");
	} else if (is(id, "custom.hideFrom")) {
		f->hidden = gf_bool(v, "viz", false) || gf_bool(v, "graph", false);
	} else if (is(id, "custom.hidden") || is(id, "custom.hideFrom.viz")) {
		f->row_hidden = v->kind == DOC_BOOL && v->truth;
	} else if (is(id, "custom.thresholdsStyle")) {
		struct sv mode = gf_str(v, "mode");

		f->thresholds_drawn = mode.n > 0 && !is(mode, "off");
		f->thresholds_area = sv_find(mode, SV("area")) < mode.n;
	} else if (is(id, "custom.cellOptions") || is(id, "custom.displayMode")) {
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

	return is(op, "gt") || is(op, ">") ? last > v : is(op, "gte") || is(op, ">=") ? last >= v : is(op, "lt") || is(op, "<") ? last < v :
	    is(op, "lte") || is(op, "<=") ? last <= v : is(op, "eq") || is(op, "=") || is(op, "==") ? last == v : is(op, "neq") || is(op, "!=") ? last != v : false;
}

static bool
override_matches(const struct doc *matcher, const struct gf_name *n, struct arena *a)
{
	struct sv id = gf_str(matcher, "id"), text = gf_str(matcher, "options");
	const struct doc *options = doc_get(matcher, "options"), *name;

	if (is(id, "byName"))
		return sv_eq(text, n->name);
	if (is(id, "byRegexp"))
		return gf_matches(sv_starts(text, "/") ? text : sv_of(arena_fmt(a, "/^(?:%" SV_FMT ")$/", SV_ARG(text))), n->name);
	if (is(id, "byFrameRefID"))
		return sv_eq(text, n->ref_id);
	if (is(id, "byType"))
		return is(text, "number") ? n->number : is(text, "time") ? n->time : is(text, "string") ? n->text : false;
	if (is(id, "byValue"))
		return by_value(options, n->last);
	if (is(id, "byNames")) {
		bool exclude = is(gf_str(options, "mode"), "exclude"), found = false;

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

/* --- graph, singlestat and table before version 7 ------------------------------------------------ */

static void
old_graph(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *f)
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
		if (is(gf_str(o, "transform"), "negative-Y"))
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
			step[k].color = is(mode, "critical") ? SV("red") : is(mode, "warning") ? SV("orange") : is(mode, "ok") ? SV("green") : gf_str(o, "lineColor");
			k++;
		}
		f->step = step;
		f->n_steps = k;
		f->thresholds_drawn = true;
	}
}

static void
old_single(struct gf_dashboard *d, const struct gf_panel *p, struct gf_field *f)
{
	const struct doc *m = p->doc, *colors = doc_get(m, "colors"), *c;
	struct sv rest = gf_str(m, "thresholds"), one, prefix = gf_str(m, "prefix"), postfix = gf_str(m, "postfix");
	struct gf_step *step = arena_new(&d->arena, 8, sizeof(*step));
	size_t n = 0;

	f->unit = gf_str(m, "format");
	if (f->unit.n == 0 || is(f->unit, "none")) {
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
static void
old_table(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *f)
{
	const struct doc *s;

	for (s = doc_first(doc_get(p->doc, "styles")); s != NULL; s = s->next) {
		struct sv type = gf_str(s, "type"), alias = gf_str(s, "alias");

		if (!gf_matches(gf_str(s, "pattern"), n->name))
			continue;
		f->row_hidden = is(type, "hidden");
		if (alias.n > 0)
			f->display_name = alias;
		if (is(type, "number")) {
			f->unit = gf_str(s, "unit");
			f->decimals = (int)gf_num(s, "decimals", -1);
		}
		if (is(type, "date"))
			f->unit = SV("dateTimeAsIso");
		f->mappings = doc_get(s, "valueMaps");
		f->old_map = true;
		return;
	}
	(void)d;
}

void
gf_field(struct gf_dashboard *d, const struct gf_panel *p, const struct gf_name *n, struct gf_field *f)
{
	*f = (struct gf_field){.decimals = -1, .min = NAN, .max = NAN, .log_base = 1};
	if (p->defaults == NULL || sv_is(p->type, "graph")) {
		if (is(p->type, "graph"))
			old_graph(d, p, n, f);
		else if (is(p->type, "singlestat"))
			old_single(d, p, f);
		else if (is(p->type, "table") || is(p->type, "table-old"))
			old_table(d, p, n, f);
		else if (is(p->type, "heatmap"))
			f->unit = gf_str(p->doc, "yAxis.format");
		else if (gf_str(p->doc, "format").n > 0)
			f->unit = gf_str(p->doc, "format");
		if (f->decimals < -1 || f->decimals > 15)
			f->decimals = -1;
		if (is(p->type, "graph"))
			apply_overrides(d, p, n, f);
		return;
	}
	set_defaults(d, f, p->defaults);
	if (is(p->type, "heatmap") && f->unit.n == 0) {
		f->unit = gf_str(p->options, "yAxis.unit");
		if (f->unit.n == 0)
			f->unit = gf_str(p->doc, "yAxis.format");
	}
	/* Gauges and tables are coloured by threshold unless told otherwise. */
	if (doc_get(p->defaults, "color") == NULL && (is(p->type, "stat") || is(p->type, "gauge") || is(p->type, "bargauge")))
		f->by_threshold = true;
	apply_overrides(d, p, n, f);
}

/* --- values ---------------------------------------------------------------------------------------- */

static struct sv
old_mapped(const struct gf_field *f, double v, struct sv text)
{
	const struct doc *m;
	double want;

	for (m = doc_first(f->mappings); m != NULL; m = m->next) {
		struct sv value = gf_str(m, "value");

		if ((isnan(v) && is(value, "null")) || (text.n > 0 && sv_eq(value, text)) || (num_parse(value, &want) && v == want))
			return gf_str(m, "text");
		if (gf_num(m, "type", 1) == 2 && v >= gf_num(m, "from", INFINITY) && v <= gf_num(m, "to", -INFINITY))
			return gf_str(m, "text");
	}
	return (struct sv){NULL, 0};
}

struct sv
gf_mapped(const struct gf_field *f, double v, struct sv text, struct arena *a, struct sv *color)
{
	const struct doc *m, *result;
	char buf[NUM_TEXT];

	*color = (struct sv){NULL, 0};
	if (f->mappings == NULL)
		return (struct sv){NULL, 0};
	/* Before version 8: {"type": 1, "value": "1", "text": "up"} */
	if (f->old_map || (doc_first(f->mappings) != NULL && doc_get(doc_first(f->mappings), "options") == NULL))
		return old_mapped(f, v, text);
	for (m = doc_first(f->mappings); m != NULL; m = m->next) {
		struct sv type = gf_str(m, "type");
		const struct doc *options = doc_get(m, "options");

		result = NULL;
		if (is(type, "value")) {
			result = doc_get(options, text.n > 0 ? arena_str(a, text) : num_text(v, buf));
		} else if (is(type, "range")) {
			if (!isnan(v) && v >= gf_num(options, "from", -INFINITY) && v <= gf_num(options, "to", INFINITY))
				result = doc_get(options, "result");
		} else if (is(type, "special")) {
			struct sv match = gf_str(options, "match");

			if ((isnan(v) && text.n == 0 && (is(match, "null") || is(match, "nan") || is(match, "null+nan"))) ||
			    (is(match, "true") && is(text, "true")) || (is(match, "false") && is(text, "false")))
				result = doc_get(options, "result");
		} else if (is(type, "regex") && text.n > 0) {
			if (gf_matches(sv_starts(gf_str(options, "pattern"), "/") ? gf_str(options, "pattern") :
				sv_of(arena_fmt(a, "/%" SV_FMT "/", SV_ARG(gf_str(options, "pattern")))), text))
				result = doc_get(options, "result");
		}
		if (result != NULL) {
			*color = gf_str(result, "color");
			return gf_str(result, "text");
		}
	}
	return (struct sv){NULL, 0};
}

struct sv
gf_threshold(const struct gf_field *f, double v)
{
	struct sv color = {NULL, 0};
	double at = v;
	size_t i;

	if (isnan(v) || f->n_steps == 0)
		return color;
	if (f->step_percent) {
		double low = isnan(f->min) ? 0 : f->min, high = isnan(f->max) ? 100 : f->max;

		at = high > low ? 100 * (v - low) / (high - low) : v;
	}
	for (i = 0; i < f->n_steps; i++)
		if (at >= f->step[i].value)
			color = f->step[i].color;
	return color;
}

struct sv
gf_calc(const struct gf_panel *p)
{
	struct sv v = gf_str(p->options, "reduceOptions.calcs.0");

	if (v.n == 0)
		v = gf_str(p->options, "fieldOptions.calcs.0");
	if (v.n == 0)
		v = gf_str(p->doc, "valueName");
	return v.n > 0 ? v : SV("lastNotNull");
}

double
gf_reduce(struct sv calc, const double *x, const double *v, size_t n, bool *known)
{
	double sum = 0, low = NAN, high = NAN, first = NAN, last = NAN, delta = 0, before = NAN;
	size_t i, count = 0;

	*known = true;
	for (i = 0; i < n; i++) {
		if (isnan(v[i]))
			continue;
		if (count == 0)
			first = low = high = v[i];
		low = fmin(low, v[i]);
		high = fmax(high, v[i]);
		if (!isnan(before))
			delta += v[i] >= before ? v[i] - before : v[i];
		before = last = v[i];
		sum += v[i];
		count++;
	}
	if (is(calc, "lastNotNull") || is(calc, "current") || is(calc, "last") || is(calc, ""))
		return last;
	if (is(calc, "first") || is(calc, "firstNotNull"))
		return first;
	if (is(calc, "mean") || is(calc, "avg"))
		return count > 0 ? sum / (double)count : NAN;
	if (is(calc, "max"))
		return high;
	if (is(calc, "min"))
		return low;
	if (is(calc, "sum") || is(calc, "total"))
		return count > 0 ? sum : NAN;
	if (is(calc, "count"))
		return (double)count;
	if (is(calc, "range"))
		return high - low;
	if (is(calc, "delta"))
		return count > 0 ? delta : NAN;
	if (is(calc, "diff"))
		return last - first;
	if (is(calc, "diffperc"))
		return (last - first) / first;
	if (is(calc, "last_time"))
		return n > 0 ? x[n - 1] : NAN;
	if (is(calc, "step"))
		return n > 1 ? x[1] - x[0] : NAN;
	if (is(calc, "distinctCount") || is(calc, "changeCount")) {
		double changes = count > 0 && is(calc, "distinctCount");

		for (i = 1; i < n; i++)
			changes += !isnan(v[i]) && v[i] != v[i - 1];
		return changes;
	}
	if (is(calc, "median") || is(calc, "stdDev") || is(calc, "variance")) {
		double mean = sum / (double)count, square = 0;

		if (is(calc, "median"))
			*known = false;
		for (i = 0; i < n; i++)
			square += isnan(v[i]) ? 0 : (v[i] - mean) * (v[i] - mean);
		return is(calc, "variance") ? square / (double)count : sqrt(square / (double)count);
	}
	*known = false;
	return last;
}
