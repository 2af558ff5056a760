#include "chart/model.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "chart/marks_json.h"
#include "chart/words.h"

#define TOLD 4 /* series that the alt text names */

/* "search 12 to 694 (max at 13:22)" */
static void
tell_series(const struct chart *c, const struct chart_series *s, const struct unit *u, struct sb *out, struct arena *a)
{
	size_t i, high = 0, low = 0;

	if (s->name.n > 0)
		sb_addf(out, "%" SV_FMT " ", SV_ARG(words_clean(s->name, a)));
	if (s->data.n == 0) {
		sb_adds(out, "no data");
		return;
	}
	for (i = 1; i < s->data.n; i++) {
		if (s->data.point[i].y > s->data.point[high].y)
			high = i;
		if (s->data.point[i].y < s->data.point[low].y)
			low = i;
	}
	sb_addf(out, "min %" SV_FMT ", max %" SV_FMT, SV_ARG(unit_text(u, s->data.point[low].y, c->end, a)),
	    SV_ARG(unit_text(u, s->data.point[high].y, c->end, a)));
	if (c->x == X_TIME && high > 0)
		sb_addf(out, " at %s", words_clock((int64_t)s->data.point[high].x, c->to - c->from > (double)TIME_DAY, a));
}

static void
tell_plot(const struct chart *c, struct sb *out, struct arena *a)
{
	const struct unit plain = {.factor = 1, .decimals = -1};
	const struct chart_data **d = arena_new(a, c->n_series, sizeof(*d));
	int64_t missing = 0;
	struct chart_gap *gap;
	size_t i, n, told = 0;

	for (i = 0; i < c->n_series; i++) {
		const struct chart_series *s = &c->series[i];

		d[i] = &s->data;
		if (told < TOLD) {
			sb_adds(out, told == 0 ? ": " : "; ");
			tell_series(c, s, c->n_panes > 0 ? &c->pane[s->pane].unit : &plain, out, a);
			told++;
		}
	}
	if (c->n_series > told)
		sb_addf(out, "; and %zu more series", c->n_series - told);
	if (c->x != X_TIME || !(c->from < c->to) || c->n_series == 0)
		return;
	n = chart_gaps(d, c->n_series, (int64_t)c->from, (int64_t)c->to, a, &gap);
	for (i = 0; i < n; i++)
		missing += gap[i].to - gap[i].from;
	if (missing > 0)
		sb_addf(out, "; no data for %s", words_length(missing, a));
}

static void
tell_rows(const struct chart *c, struct sb *out, struct arena *a)
{
	size_t i;

	for (i = 0; i < c->n_rows && i < 2 * TOLD; i++) {
		const struct chart_row *r = &c->row[i];
		struct sv text = r->text.n > 0 ? words_clean(r->text, a) : unit_text(&r->unit, r->value, c->end, a);

		sb_addf(out, "%s%" SV_FMT "%s%" SV_FMT, i == 0 ? ": " : "; ", SV_ARG(words_clean(r->name, a)), r->name.n > 0 ? " " : "",
		    SV_ARG(text));
	}
	if (c->n_rows > i)
		sb_addf(out, "; and %zu more", c->n_rows - i);
}

static void
tell_states(const struct chart *c, struct sb *out, struct arena *a)
{
	size_t i, told = 0;

	sb_addf(out, ", %zu row%s", c->n_state_rows, c->n_state_rows == 1 ? "" : "s");
	for (i = 0; i < c->n_spans; i++)
		if (c->span[i].label.n > 0 && c->span[i].level > 0 && c->span[i].row < c->n_state_rows) {
			if (told++ < 2 * TOLD)
				sb_addf(out, "; %" SV_FMT " %" SV_FMT " at %s", SV_ARG(words_clean(c->state_row[c->span[i].row], a)),
				    SV_ARG(words_clean(c->span[i].label, a)), words_clock(c->span[i].from, c->to - c->from > (double)TIME_DAY, a));
		}
	if (told > 2 * TOLD)
		sb_addf(out, "; and %zu more", told - 2 * TOLD);
}

static void
tell_table(const struct chart *c, struct sb *out)
{
	size_t count[STATE_COLOUR + 1] = {0}, i;

	sb_addf(out, ", %zu rows, %zu columns", c->table.n_rows, c->table.n_columns);
	for (i = 0; i < c->table.n_rows * c->table.n_columns; i++)
		count[c->table.cell[i].state]++;
	if (c->table.strip)
		sb_addf(out, ": %zu pass, %zu near, %zu fail, %zu without evidence", count[STATE_PASS], count[STATE_NEAR],
		    count[STATE_FAIL], count[STATE_UNKNOWN]);
}

static void
tell_rules(const struct chart *c, struct sb *out, struct arena *a)
{
	size_t i, restarts = 0;

	for (i = 0; i < c->n_rules; i++)
		if (c->rule[i].label.n > 0)
			sb_addf(out, "; %" SV_FMT, SV_ARG(words_clean(c->rule[i].label, a)));
	for (i = 0; i < c->n_flags; i++)
		restarts += c->flag[i].kind == FLAG_RESTART;
	if (c->n_bands > 0)
		sb_addf(out, "; %zu window%s marked", c->n_bands, c->n_bands == 1 ? "" : "s");
	if (restarts > 0)
		sb_addf(out, "; %zu restart%s", restarts, restarts == 1 ? "" : "s");
}

struct sv
chart_alt(const struct chart *c, struct arena *a)
{
	struct sb out = {0};
	struct sv alt;

	sb_addv(&out, c->title.n > 0 ? words_clean(c->title, a) : SV("Chart"));
	if (c->x == X_TIME && c->from < c->to && c->kind != CHART_TEXT)
		sb_addf(&out, ", %s", words_length((int64_t)(c->to - c->from), a));
	if (c->cannot.n > 0) {
		sb_addf(&out, ": cannot be shown: %" SV_FMT, SV_ARG(words_clean(c->cannot, a)));
	} else {
		switch (c->kind) {
		case CHART_PLOT:
			if (c->n_series == 0)
				sb_adds(&out, ": no evidence");
			tell_plot(c, &out, a);
			tell_rules(c, &out, a);
			break;
		case CHART_BARS:
		case CHART_STAT:
		case CHART_GAUGE:
		case CHART_PAIRS:
			if (c->n_rows == 0)
				sb_adds(&out, ": no evidence");
			tell_rows(c, &out, a);
			break;
		case CHART_STATES:
			tell_states(c, &out, a);
			break;
		case CHART_TABLE:
			tell_table(c, &out);
			break;
		case CHART_HEAT:
			sb_addf(&out, ", heat map of %zu columns by %zu buckets", c->heat.n_columns, c->heat.n_rows);
			tell_rules(c, &out, a);
			break;
		case CHART_TEXT:
			sb_addf(&out, ": %" SV_FMT, SV_ARG(words_clean(c->text, a)));
			break;
		}
	}
	alt = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return alt;
}

/* --- name.json ------------------------------------------------------------------------------- */

static void
add_x(struct json *j, const struct chart *c, double x)
{
	if (c->x == X_TIME)
		json_int(j, NULL, (int64_t)x);
	else
		json_num(j, NULL, x);
}

#define MOST_POINTS 6000 /* of a series; of longer ones what a picture of COLUMNS columns shows */
#define COLUMNS 1400

static void
add_point(struct json *j, const struct chart *c, const struct chart_point *p)
{
	json_list(j, NULL);
	j->compact = true;
	add_x(j, c, p->x);
	json_num(j, NULL, p->y);
	json_end(j);
	j->compact = false;
}

/* First, lowest, highest and last of points [from, to), in their order. */
static void
add_four(struct json *j, const struct chart *c, const struct chart_point *p, size_t from, size_t to)
{
	size_t low = from, high = from, i, at[4], k;

	for (i = from; i < to; i++) {
		low = p[i].y < p[low].y ? i : low;
		high = p[i].y > p[high].y ? i : high;
	}
	at[0] = from;
	at[1] = low < high ? low : high;
	at[2] = low < high ? high : low;
	at[3] = to - 1;
	for (k = 0; k < 4; k++)
		if (k == 0 || at[k] > at[k - 1])
			add_point(j, c, &p[at[k]]);
}

static void
add_reduced(struct json *j, const struct chart *c, const struct chart_data *d)
{
	double x0 = d->point[0].x, width = (d->point[d->n - 1].x - x0) / COLUMNS;
	size_t i, k = 0, start = 0;

	for (i = 1; i <= d->n; i++) {
		bool cut = k < d->n_cuts && d->cut[k] == i;

		if (i < d->n && !cut && floor((d->point[i].x - x0) / width) == floor((d->point[start].x - x0) / width))
			continue;
		add_four(j, c, d->point, start, i);
		start = i;
		if (cut) {
			json_null(j, NULL);
			k++;
		}
	}
}

/* One line a sample: [x, y]; x in milliseconds since 1970 where it is a time; null where the line is broken. */
static void
add_series(struct json *j, const struct chart *c, const struct chart_series *s)
{
	size_t i, k = 0;

	json_map(j, NULL);
	json_str(j, "name", s->name);
	if (s->pane > 0)
		json_int(j, "pane", (int64_t)s->pane);
	json_num(j, "interval", s->data.interval);
	json_int(j, "n", (int64_t)s->data.n);
	json_list(j, "points");
	if (s->data.n > MOST_POINTS)
		add_reduced(j, c, &s->data);
	for (i = 0; i < s->data.n && s->data.n <= MOST_POINTS; i++) {
		if (k < s->data.n_cuts && s->data.cut[k] == i) {
			json_null(j, NULL);
			k++;
		}
		add_point(j, c, &s->data.point[i]);
	}
	json_end(j);
	json_end(j);
}

static void
add_rows(struct json *j, const struct chart *c)
{
	size_t i;

	json_list(j, "rows");
	for (i = 0; i < c->n_rows; i++) {
		json_map(j, NULL);
		json_str(j, "name", c->row[i].name);
		json_num(j, "value", c->row[i].value);
		if (c->kind == CHART_PAIRS)
			json_num(j, "baseline", c->row[i].other);
		if (c->row[i].bad > 0)
			json_num(j, "bad", c->row[i].bad);
		json_end(j);
	}
	json_end(j);
}

static void
add_table(struct json *j, const struct chart_table *t)
{
	static const char *const state[] = {[STATE_PASS] = "pass", [STATE_NEAR] = "near", [STATE_FAIL] = "fail",
	    [STATE_UNKNOWN] = "no evidence"};
	size_t i, k;

	json_list(j, "columns");
	for (i = 0; i < t->n_columns; i++)
		json_str(j, NULL, t->column[i]);
	json_end(j);
	json_list(j, "rows");
	for (k = 0; k < t->n_rows; k++) {
		json_list(j, NULL);
		j->compact = true;
		for (i = 0; i < t->n_columns; i++) {
			const struct chart_cell *c = &t->cell[k * t->n_columns + i];

			json_str(j, NULL, c->text.n == 0 && c->state != STATE_NONE && c->state != STATE_COLOUR ? sv_of(state[c->state]) : c->text);
		}
		json_end(j);
		j->compact = false;
	}
	json_end(j);
}

static void
add_states(struct json *j, const struct chart *c)
{
	size_t i;

	json_list(j, "spans");
	for (i = 0; i < c->n_spans; i++) {
		json_map(j, NULL);
		if (c->span[i].row < c->n_state_rows)
			json_str(j, "row", c->state_row[c->span[i].row]);
		json_time(j, "from", c->span[i].from);
		json_time(j, "to", c->span[i].to);
		json_int(j, "level", c->span[i].level);
		json_str(j, "label", c->span[i].label);
		json_end(j);
	}
	json_end(j);
}

static void
add_heat(struct json *j, const struct chart_heat *h)
{
	size_t i, k;

	json_list(j, "buckets");
	for (k = 0; k < h->n_rows; k++)
		json_str(j, NULL, h->edge[k]);
	json_end(j);
	json_list(j, "columns");
	for (i = 0; i < h->n_columns; i++) {
		json_list(j, NULL);
		j->compact = true;
		json_int(j, NULL, h->from[i]);
		for (k = 0; k < h->n_rows; k++)
			json_num(j, NULL, h->cell[i * h->n_rows + k]);
		json_end(j);
		j->compact = false;
	}
	json_end(j);
}

void
chart_json(const struct chart *c, const struct picture *p, struct sb *out)
{
	static const char *const kind[] = {[CHART_PLOT] = "plot", [CHART_HEAT] = "heat", [CHART_STATES] = "states", [CHART_BARS] = "bars",
	    [CHART_STAT] = "stat", [CHART_GAUGE] = "gauge", [CHART_TABLE] = "table", [CHART_TEXT] = "text", [CHART_PAIRS] = "pairs"};
	struct json j = {.out = out};
	size_t i;

	json_map(&j, NULL);
	json_cstr(&j, "kind", kind[c->kind]);
	json_str(&j, "title", p->title);
	json_str(&j, "subtitle", c->subtitle);
	json_str(&j, "alt", p->alt);
	if (c->id.n > 0)
		json_str(&j, "figure", c->id);
	if (c->cannot.n > 0)
		json_str(&j, "cannot", c->cannot);
	if (c->x == X_TIME && c->from <= c->to) {
		json_time(&j, "from", (int64_t)c->from);
		json_time(&j, "to", (int64_t)c->to);
	}
	if (c->kind == CHART_PLOT) {
		json_list(&j, "series");
		for (i = 0; i < c->n_series; i++)
			add_series(&j, c, &c->series[i]);
		json_end(&j);
		json_list(&j, "thresholds");
		for (i = 0; i < c->n_rules; i++) {
			json_map(&j, NULL);
			json_str(&j, "label", c->rule[i].label);
			json_num(&j, "value", c->rule[i].value);
			json_end(&j);
		}
		json_end(&j);
	}
	if (c->kind == CHART_BARS || c->kind == CHART_STAT || c->kind == CHART_GAUGE || c->kind == CHART_PAIRS)
		add_rows(&j, c);
	if (c->kind == CHART_TABLE)
		add_table(&j, &c->table);
	if (c->kind == CHART_STATES)
		add_states(&j, c);
	if (c->kind == CHART_HEAT)
		add_heat(&j, &c->heat);
	chart_json_marks(&j, c->band, c->n_bands, c->flag, c->n_flags);
	json_end(&j);
}
