#include "chart/chart.h"

#include <math.h>

#include "base/json.h"
#include "chart/marks_json.h"
#include "chart/ratio.h"

static void
add_time_span(struct json *j, int64_t from, int64_t to)
{
	json_time(j, "from", from);
	json_time(j, "to", to);
}

/* One line each: [from, to, value or null, n], times in milliseconds since 1970. */
static void
add_steps(struct json *j, const struct ratio_data *d)
{
	size_t i;

	json_list(j, "steps");
	for (i = 0; i < d->n; i++) {
		json_list(j, NULL);
		j->compact = true;
		json_int(j, NULL, d->step[i].from);
		json_int(j, NULL, d->step[i].to);
		json_num(j, NULL, d->step[i].known ? d->step[i].value : NAN);
		json_num(j, NULL, d->step[i].n);
		json_end(j);
		j->compact = false;
	}
	json_end(j);
}

void
chart_json_marks(struct json *j, const struct chart_band *band, size_t n_bands, const struct chart_flag *flag, size_t n_flags)
{
	size_t i;

	json_list(j, "windows");
	for (i = 0; i < n_bands; i++) {
		json_map(j, NULL);
		json_str(j, "label", band[i].label);
		add_time_span(j, band[i].from, band[i].to);
		json_end(j);
	}
	json_end(j);
	json_list(j, "flags");
	for (i = 0; i < n_flags; i++) {
		json_map(j, NULL);
		json_cstr(j, "kind", flag[i].kind == FLAG_RESTART ? "restart" : "event");
		json_str(j, "label", flag[i].label);
		json_time(j, "at", flag[i].t);
		json_end(j);
	}
	json_end(j);
}

static void
add_finding(struct json *j, const struct ratio_data *d)
{
	size_t i;

	json_map(j, "objective");
	json_num(j, "value", d->objective);
	json_str(j, "text", d->c->objective_text);
	json_int(j, "intervals_missed", (int64_t)d->missed);
	json_end(j);
	json_int(j, "intervals_known", (int64_t)d->known);
	if (d->known > 0) {
		json_map(j, "lowest");
		json_num(j, "value", d->step[d->lowest].value);
		add_time_span(j, d->step[d->lowest].from, d->lowest_to);
		json_int(j, "more_as_low", (int64_t)d->ties);
		json_end(j);
	} else {
		json_null(j, "lowest");
	}
	json_list(j, "gaps");
	for (i = 0; i < d->n_gaps; i++) {
		json_map(j, NULL);
		add_time_span(j, d->gap[i].from, d->gap[i].to);
		json_end(j);
	}
	json_end(j);
}

static void
add_drawing(struct json *j, const struct picture *p)
{
	struct sb text = {0};
	struct sv rest, line;

	picture_text(p, &text);
	rest = sb_sv(&text);
	json_list(j, "drawing");
	while (sv_split(&rest, '\n', &line))
		if (line.n > 0)
			json_str(j, NULL, line);
	json_end(j);
	sb_free(&text);
}

void
chart_ratio_json(const struct chart_ratio *c, const struct picture *p, struct sv figure_id, struct sb *out)
{
	struct json j = {.out = out};
	struct arena a = {0};
	struct ratio_data d;

	ratio_data_make(&d, c, &a);
	json_map(&j, NULL);
	json_cstr(&j, "chart", "ratio");
	json_str(&j, "figure", figure_id);
	json_str(&j, "title", c->title);
	json_str(&j, "subtitle", c->subtitle);
	json_str(&j, "footer", c->footer);
	json_str(&j, "alt", p->alt);
	add_time_span(&j, c->from, c->to);
	add_finding(&j, &d);
	chart_json_marks(&j, c->band, c->n_bands, c->flag, c->n_flags);
	add_steps(&j, &d);
	add_drawing(&j, p);
	json_end(&j);
	arena_free(&a);
}
