/*
 * Where the panels stand: repeats are spread out, sections follow each other, nothing lies over anything.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "grafana/private.h"

#define COLUMNS 24
#define MOST_REPEATS 12

struct placing {
	struct gf_dashboard *d;
	VEC(struct gf_place) place;
};

static struct gf_place *
add(struct placing *g, const struct gf_panel *p, struct sv scope, struct sv value, double x, double y, double w)
{
	struct gf_place *out = vec_add(&g->place);
	struct gf_panel *copy = arena_new(&g->d->arena, 1, sizeof(*copy));

	*copy = *p;
	if (value.n > 0 && p->scope_name.n == 0) {
		copy->scope_name = scope;
		copy->scope_value = value;
	} else if (value.n > 0) {
		copy->scope_name2 = scope;
		copy->scope_value2 = value;
	}
	*out = (struct gf_place){.panel = copy, .x = x, .y = y, .w = w, .h = p->h};
	return out;
}

/* A panel that repeats for each value of a variable stands beside itself, the widths shared; below where told so. */
static void
add_repeats(struct placing *g, const struct gf_panel *p, double y)
{
	const struct gf_var *v = p->repeat.n > 0 ? gf_var_named(g->d, p->repeat) : NULL;
	double most = gf_num(p->doc, "maxPerRow", 4);
	size_t n = v != NULL ? v->n_values : 0, i, across;

	/* Within a row that repeats for the same variable there is one value. */
	if (n == 0 || sv_eq(p->scope_name, p->repeat)) {
		add(g, p, SV(""), (struct sv){NULL, 0}, p->x, y, p->w);
		return;
	}
	if (n > MOST_REPEATS)
		n = MOST_REPEATS;
	across = most >= 1 && most <= MOST_REPEATS ? (size_t)most : 4;
	across = p->repeat_down ? 1 : n < across ? n : across;
	for (i = 0; i < n; i++) {
		double w = p->repeat_down ? p->w : floor((double)COLUMNS / (double)across);
		struct gf_place *at = add(g, p, v->name, v->value[i], p->repeat_down ? p->x : w * (double)(i % across), y + p->h * (double)(i / across), w);

		if (i + 1 == n)
			at->left_out = v->n_values - n;
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct gf_place *p = a, *q = b;

	if (p->y != q->y)
		return p->y < q->y ? -1 : 1;
	return (p->x > q->x) - (p->x < q->x);
}

/* Panels of a section keep their places to each other. Returns where the next one begins. */
static double
settle(struct gf_place *v, size_t n, double top)
{
	double base = INFINITY, bottom = top;
	size_t i, k;

	if (n > 1)
		qsort(v, n, sizeof(*v), by_place);
	for (i = 0; i < n; i++)
		base = fmin(base, v[i].y);
	for (i = 0; i < n; i++) {
		v[i].x = fmax(0, fmin(v[i].x, COLUMNS - 1));
		v[i].w = fmax(1, fmin(v[i].w, COLUMNS - v[i].x));
		v[i].h = fmax(2, fmin(v[i].h, 60));
		v[i].y = top + fmin(v[i].y - base, 4000);
		for (k = 0; k < i; k++)
			if (v[k].x < v[i].x + v[i].w && v[i].x < v[k].x + v[k].w && v[k].y + v[k].h > v[i].y)
				v[i].y = v[k].y + v[k].h;
		bottom = fmax(bottom, v[i].y + v[i].h);
	}
	return bottom;
}

/* A section's panels, once or for each value that its row repeats for. */
static double
add_section(struct placing *g, const struct gf_panel *row, const struct gf_panel *panels, size_t n, double y)
{
	const struct gf_var *v = row != NULL && row->repeat.n > 0 ? gf_var_named(g->d, row->repeat) : NULL;
	size_t times = v != NULL && v->n_values > 0 ? v->n_values : 1, i, k, start;

	if (times > MOST_REPEATS)
		times = MOST_REPEATS;
	for (k = 0; k < times; k++) {
		struct sv value = v != NULL && v->n_values > 0 ? v->value[k] : (struct sv){NULL, 0};

		if (row != NULL) {
			struct gf_place *at = add(g, row, v != NULL ? v->name : SV(""), value, 0, y, COLUMNS);

			if (k + 1 == times && v != NULL && v->n_values > times)
				at->left_out = v->n_values - times;
			y += 1;
		}
		start = g->place.n;
		for (i = 0; i < n; i++) {
			struct gf_panel one = panels[i];

			if (value.n > 0) {
				one.scope_name = v->name;
				one.scope_value = value;
			}
			add_repeats(g, &one, one.y);
		}
		y = settle(g->place.v + start, g->place.n - start, y);
	}
	return y;
}

struct gf_place *
gf_place_all(struct gf_dashboard *d, size_t *n)
{
	struct placing g = {.d = d};
	size_t i = 0, start;
	double y = 0;

	while (i < d->n_panels) {
		const struct gf_panel *row = sv_is(d->panel[i].type, "row") ? &d->panel[i] : NULL;
		size_t section = d->panel[i].section;

		i += row != NULL;
		for (start = i; i < d->n_panels && d->panel[i].section == section && !sv_is(d->panel[i].type, "row"); i++)
			;
		y = add_section(&g, row, d->panel + start, i - start, y);
	}
	*n = g.place.n;
	return arena_keep(&d->arena, g.place.v, g.place.n, sizeof(*g.place.v));
}
