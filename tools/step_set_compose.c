/*
 * Kinds of charts made of several queries, or of the store's results.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "step_set.h"

struct part {
	struct chart_opts *o;
	const struct set_chart *s;
	const struct step_data *d;
	struct arena *a;
	struct chart *c;
	struct unit unit;
};

static struct chart_pane
pane_of(const struct part *p, struct sv title)
{
	return (struct chart_pane){.title = title, .unit = p->unit, .min = p->s->min, .max = p->s->max, .log = p->s->log};
}

/* A plot for each series, over one time axis. */
static int
multiples(struct part *p)
{
	size_t q, i, n = 0, all = 0;
	struct chart_series *s;
	struct chart_pane *pane;

	for (q = 0; q < p->s->n_queries; q++)
		all += p->d[q].n;
	all = all > 12 ? 12 : all;
	s = arena_new(p->a, all, sizeof(*s));
	pane = arena_new(p->a, all, sizeof(*pane));
	for (q = 0; q < p->s->n_queries; q++)
		for (i = 0; i < p->d[q].n && n < all; i++, n++) {
			pane[n] = pane_of(p, p->d[q].v[i].name);
			s[n] = (struct chart_series){.pane = n, .colour = NAVY, .quiet = true,
			    .data = chart_data(p->d[q].v[i].p, p->d[q].v[i].n, p->d[q].interval, p->a)};
		}
	p->c->pane = pane;
	p->c->n_panes = n;
	p->c->series = s;
	p->c->n_series = n;
	if (p->c->height == 0)
		p->c->height = fmax(330, 130 + 78 * (double)n);
	return 0;
}

static double
value_at(const struct step_series *s, double x)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->p[mid].x < x)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->n && s->p[low].x == x ? s->p[low].y : NAN;
}

/* The second query's first series and the first's, and below them what the second has more. */
static int
difference(struct part *p)
{
	const struct step_series *base, *other;
	struct chart_series *s = arena_new(p->a, 3, sizeof(*s));
	struct chart_pane *pane = arena_new(p->a, 2, sizeof(*pane));
	struct chart_point *diff;
	size_t i;

	if (p->s->n_queries != 2 || p->d[0].n == 0 || p->d[1].n == 0)
		return 0;
	base = &p->d[0].v[0];
	other = &p->d[1].v[0];
	diff = arena_new(p->a, other->n, sizeof(*diff));
	for (i = 0; i < other->n; i++)
		diff[i] = (struct chart_point){other->p[i].x, other->p[i].y - value_at(base, other->p[i].x)};
	pane[0] = pane_of(p, SV(""));
	pane[1] = pane_of(p, SV("difference"));
	pane[1].weight = 0.5;
	pane[1].min = pane[1].max = NAN;
	s[0] = (struct chart_series){.name = base->name, .colour = PALE_GREY, .data = chart_data(base->p, base->n, p->d[0].interval, p->a)};
	s[1] = (struct chart_series){.name = other->name, .colour = ORANGE, .data = chart_data(other->p, other->n, p->d[1].interval, p->a)};
	s[2] = (struct chart_series){.pane = 1, .colour = NAVY, .quiet = true, .data = chart_data(diff, other->n, p->d[1].interval, p->a)};
	p->c->pane = pane;
	p->c->n_panes = 2;
	p->c->series = s;
	p->c->n_series = 3;
	return 0;
}

/* The second query's value against the first's at the same moment: load against latency. */
static int
against(struct part *p)
{
	struct chart_series *s = arena_new(p->a, 1, sizeof(*s));
	struct chart_pane *pane = arena_new(p->a, 1, sizeof(*pane));
	struct chart_point *points;
	size_t i, n = 0;

	pane[0] = pane_of(p, SV(""));
	p->c->x = X_VALUE;
	p->c->from = p->c->to = 0;
	p->c->x_unit = (struct unit){.factor = 1, .decimals = -1};
	p->c->x_title = p->s->x_title;
	p->c->pane = pane;
	p->c->n_panes = 1;
	if (p->s->n_queries != 2 || p->d[0].n == 0 || p->d[1].n == 0)
		return 0;
	points = arena_new(p->a, p->d[1].v[0].n, sizeof(*points));
	for (i = 0; i < p->d[1].v[0].n; i++) {
		double x = value_at(&p->d[0].v[0], p->d[1].v[0].p[i].x);

		if (!isnan(x))
			points[n++] = (struct chart_point){x, p->d[1].v[0].p[i].y};
	}
	s->draw = DRAW_POINTS;
	s->colour = NAVY;
	s->data = (struct chart_data){.point = points, .n = n};
	p->c->series = s;
	p->c->n_series = 1;
	return 0;
}

/* What is left of the errors that the objective allows: queries are the bad and all requests of each step. */
static int
budget(struct part *p)
{
	struct chart_series *s = arena_new(p->a, 2, sizeof(*s));
	struct chart_pane *pane = arena_new(p->a, 1, sizeof(*pane));
	struct chart_rule *rule = arena_new(p->a, 1, sizeof(*rule));
	struct chart_point *left, *even = arena_new(p->a, 2, sizeof(*even));
	double total = 0, bad = 0, x0, x1;
	size_t i;

	p->unit = (struct unit){UNIT_FIXED, 100, SV(""), SV("%"), -1};
	pane[0] = pane_of(p, SV(""));
	pane[0].max = 1;
	p->c->pane = pane;
	p->c->n_panes = 1;
	if (p->s->n_queries != 2 || p->d[1].n == 0 || !(p->s->objective < 1))
		return 0;
	for (i = 0; i < p->d[1].v[0].n; i++)
		total += fmax(0, p->d[1].v[0].p[i].y);
	left = arena_new(p->a, p->d[1].v[0].n, sizeof(*left));
	for (i = 0; i < p->d[1].v[0].n; i++) {
		double v = p->d[0].n > 0 ? value_at(&p->d[0].v[0], p->d[1].v[0].p[i].x) : 0;

		bad += v > 0 ? v : 0;
		left[i] = (struct chart_point){p->d[1].v[0].p[i].x, total > 0 ? 1 - bad / ((1 - p->s->objective) * total) : NAN};
	}
	x0 = p->c->from;
	x1 = p->c->to;
	even[0] = (struct chart_point){x0, 1};
	even[1] = (struct chart_point){x1, 0};
	s[0] = (struct chart_series){.name = SV("budget left"), .draw = DRAW_STEPS, .colour = NAVY,
	    .data = chart_data(left, p->d[1].v[0].n, p->d[1].interval, p->a)};
	s[0].note = unit_text(&p->unit, p->d[1].v[0].n > 0 ? left[p->d[1].v[0].n - 1].y : NAN, 0, p->a);
	s[1] = (struct chart_series){.name = SV("even burn"), .dashed = true, .colour = PALE_GREY, .note = SV("reference"), .data = chart_data(even, 2, 1, p->a)};
	s[1].data.n_cuts = 0;
	*rule = (struct chart_rule){.value = 0, .colour = RED, .label = SV("budget spent")};
	p->c->rule = rule;
	p->c->n_rules = 1;
	p->c->series = s;
	p->c->n_series = 2;
	return 0;
}

/* --- results of the store: what by when ------------------------------------------------------------------- */

struct words {
	struct sv *v;
	size_t n, cap;
};

static size_t
word(struct words *w, struct sv text, struct arena *a)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (sv_eq(w->v[i], text))
			return i;
	*vec_add(w) = arena_sv(a, text);
	return w->n - 1;
}

struct entry {
	size_t row, column;
	enum chart_state state;
};

static enum chart_state
state_of(struct sv status)
{
	if (sv_is(status, "pass"))
		return STATE_PASS;
	if (sv_is(status, "fail") || sv_is(status, "error"))
		return STATE_FAIL;
	return STATE_UNKNOWN;
}

static int
read_entries(struct part *p, struct words *rows, struct words *columns, struct entry **out, size_t *n, struct err *e)
{
	struct store_rows *r = store_results_open(p->o->ask.store, e);
	struct {
		struct entry *v;
		size_t n, cap;
	} list = {NULL, 0, 0};
	struct store_result one;
	int rc;

	if (r == NULL)
		return -1;
	while ((rc = store_results_next(r, &one, e)) > 0) {
		struct sv column = one.t == TIME_NONE ? one.suite : sv_of(arena_fmt(p->a, "T+%.0fh", floor(((double)one.t - (double)p->o->ask.q.start) / TIME_HOUR + 0.5)));

		if (!sv_eq(one.kind, p->s->results))
			continue;
		*vec_add(&list) = (struct entry){word(rows, one.name, p->a), word(columns, column.n > 0 ? column : SV("result"), p->a), state_of(one.status)};
	}
	store_rows_close(r);
	*n = list.n;
	*out = arena_keep(p->a, list.v, list.n, sizeof(*list.v));
	return rc;
}

static int
strip(struct part *p, struct err *e)
{
	struct words rows = {0}, columns = {0};
	struct entry *entry = NULL;
	struct chart_cell *cell;
	struct sv *head;
	size_t n = 0, i;
	int rc = p->o->ask.store == NULL ? err_set(e, ERR_USAGE, "results are in a store, not on a server") : read_entries(p, &rows, &columns, &entry, &n, e);

	p->c->kind = CHART_TABLE;
	head = arena_new(p->a, columns.n + 1, sizeof(*head));
	cell = arena_new(p->a, rows.n * (columns.n + 1), sizeof(*cell));
	head[0] = SV("");
	for (i = 0; i < columns.n; i++)
		head[i + 1] = columns.v[i];
	for (i = 0; i < rows.n * (columns.n + 1); i++)
		cell[i] = (struct chart_cell){.state = i % (columns.n + 1) == 0 ? STATE_NONE : STATE_UNKNOWN, .share = NAN};
	for (i = 0; i < rows.n; i++)
		cell[i * (columns.n + 1)].text = rows.v[i];
	for (i = 0; i < n; i++) {
		struct chart_cell *at = &cell[entry[i].row * (columns.n + 1) + entry[i].column + 1];

		/* Of two that disagree the worse is shown. */
		if (at->state != STATE_FAIL)
			at->state = entry[i].state == STATE_UNKNOWN && at->state == STATE_PASS ? STATE_PASS : entry[i].state;
	}
	p->c->table = (struct chart_table){.column = head, .n_columns = columns.n + 1, .cell = cell, .n_rows = rows.n, .strip = true};
	if (rows.n == 0)
		p->c->why = sv_of(arena_fmt(p->a, "the store holds no result of kind %" SV_FMT, SV_ARG(p->s->results)));
	vec_free(&rows);
	vec_free(&columns);
	return rc < 0 ? -1 : 0;
}

int
set_compose(struct chart_opts *o, const struct set_chart *s, const struct step_data *d, struct arena *a, struct chart *c, struct err *e)
{
	struct part p = {.o = o, .s = s, .d = d, .a = a, .c = c};

	unit_find(s->unit, &p.unit);
	c->kind = CHART_PLOT;
	if (strcmp(s->kind, "strip") == 0)
		return strip(&p, e);
	if (strcmp(s->kind, "multiples") == 0)
		return multiples(&p);
	if (strcmp(s->kind, "difference") == 0)
		return difference(&p);
	if (strcmp(s->kind, "against") == 0)
		return against(&p);
	return budget(&p);
}
