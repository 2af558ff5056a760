/*
 * Values over other values: a point a row.
 */
#include "step_grafana_draw.h"

#include <math.h>

#include "base/mem.h"

struct xy {
	struct dash_view *v;
	VEC(struct chart_series) series;
	struct gf_field x, y; /* of the first pair */
	struct sv x_name;
};

static const struct doc *
option(const struct doc *m, const char *path)
{
	return doc_path(m, sv_of(path));
}

static struct sv
text_of(const struct doc *d)
{
	return d != NULL && d->kind == DOC_STRING ? d->text : (struct sv){NULL, 0};
}

static const struct gf_column *
column_called(const struct gf_frame *f, struct sv name)
{
	size_t i;

	for (i = 0; name.n > 0 && i < f->n_columns; i++)
		if (f->column[i].kind == GF_NUMBER && (sv_eq(gf_column_name(&f->column[i]), name) || sv_eq(f->column[i].name, name)))
			return &f->column[i];
	return NULL;
}

static void
add_pair(struct xy *c, const struct gf_frame *f, const struct gf_column *x, const struct gf_column *y, struct sv called)
{
	struct chart_point *p = arena_new(c->v->a, f->n_rows, sizeof(*p));
	struct gf_field field;
	struct sv name;
	size_t r, n = 0;

	dash_look(c->v, f, y, &field, &name);
	if (field.hidden || field.row_hidden)
		return;
	if (c->series.n == 0) {
		c->y = field;
		dash_look(c->v, f, x, &c->x, &c->x_name);
	}
	for (r = 0; r < f->n_rows; r++)
		if (isfinite(x->cell[r].v) && isfinite(y->cell[r].v))
			p[n++] = (struct chart_point){x->cell[r].v, y->cell[r].v};
	*vec_add(&c->series) = (struct chart_series){.name = called.n > 0 ? called : name, .draw = DRAW_POINTS, .colour = dash_colour(field.color),
	    .data = {.point = p, .n = n}};
}

/* Its first column of numbers is x, every other one a y. */
static void
by_themselves(struct xy *c)
{
	size_t i, k;

	for (i = 0; i < c->v->f->n; i++) {
		const struct gf_frame *f = &c->v->f->v[i];
		const struct gf_column *x = column_called(f, text_of(option(c->v->p->panel->options, "dims.x")));

		if (x == NULL)
			x = dash_column(f, GF_NUMBER);
		for (k = 0; x != NULL && k < f->n_columns; k++)
			if (f->column[k].kind == GF_NUMBER && &f->column[k] != x)
				add_pair(c, f, x, &f->column[k], (struct sv){NULL, 0});
	}
}

/* Each pair as it was chosen; since version 11.1 by matchers, before by names. */
static void
as_chosen(struct xy *c, const struct doc *series)
{
	const struct doc *s;
	size_t i;

	for (s = doc_first(series); s != NULL; s = s->next) {
		const struct doc *only = option(s, "frame.matcher.options");
		struct sv x = text_of(option(s, "x.matcher.options")), y = text_of(option(s, "y.matcher.options"));

		if (x.n == 0)
			x = text_of(doc_get(s, "x"));
		if (y.n == 0)
			y = text_of(doc_get(s, "y"));
		for (i = 0; i < c->v->f->n; i++) {
			const struct gf_frame *f = &c->v->f->v[i];
			const struct gf_column *at = column_called(f, x), *of = column_called(f, y);

			if (only != NULL && only->kind == DOC_NUMBER && only->num != (double)i)
				continue;
			if (at != NULL && of != NULL)
				add_pair(c, f, at, of, text_of(option(s, "name.fixed")));
		}
	}
}

void
dash_xy(struct dash_view *v)
{
	const struct doc *options = v->p->panel->options, *series = doc_get(options, "series"), *mapping = doc_get(options, "mapping");
	struct chart_pane *pane = arena_new(v->a, 1, sizeof(*pane));
	struct sv show = text_of(doc_path(v->p->panel->defaults, SV("custom.show")));
	struct xy c = {.v = v};

	if (mapping == NULL)
		mapping = doc_get(options, "seriesMapping");
	if (sv_is(text_of(mapping), "manual") && doc_first(series) != NULL)
		as_chosen(&c, series);
	else
		by_themselves(&c);
	v->c->kind = CHART_PLOT;
	v->c->x = X_VALUE;
	v->c->pane = pane;
	v->c->n_panes = 1;
	pane->min = pane->max = NAN;
	if (c.series.n > 0) {
		*pane = (struct chart_pane){.unit = dash_unit(&c.y), .min = c.y.min, .max = c.y.max, .log = c.y.log_base > 1, .title = c.y.axis_label};
		v->c->x_unit = dash_unit(&c.x);
		v->c->x_title = c.x.axis_label.n > 0 ? c.x.axis_label : c.x_name;
	} else if (dash_numbers(v->f) > 0) {
		dash_say(v->p, OUTCOME_REFUSED, "no table of it has the two columns of numbers that it wants over each other");
	}
	if (c.series.n > 0 && sv_find(show, SV("lines")) < show.n)
		dash_say(v->p, OUTCOME_PARTLY, "its points are shown, not the lines between them");
	v->c->n_series = c.series.n;
	v->c->series = arena_keep(v->a, c.series.v, c.series.n, sizeof(*c.series.v));
}
