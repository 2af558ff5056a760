/*
 * Rows of states over time.
 */
#include "step_grafana_draw.h"

#include <math.h>

#include "base/mem.h"

struct levels {
	struct derive_level *v;
	size_t n, cap;
};

static bool
has_level(const struct levels *l, double value)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].from == value)
			return true;
	return false;
}

/* Too many values to be states: the thresholds they lie between are. */
static void
levels_of_thresholds(struct dash_view *v, const struct gf_field *f, struct levels *out)
{
	struct unit u = dash_unit(f);
	size_t i;

	out->n = 0;
	for (i = 0; i == 0 || i < f->n_steps; i++) {
		struct derive_level *l = vec_add(out);
		uint32_t colour = f->n_steps > 0 ? dash_colour(f->step[i].color) : 0;
		double from = f->n_steps > 0 ? f->step[i].value : -INFINITY;

		*l = (struct derive_level){.from = from, .to = i + 1 < f->n_steps ? nextafter(f->step[i + 1].value, -INFINITY) : INFINITY, .level = 2};
		l->text = !isfinite(from) ? SV("") : sv_of(arena_fmt(v->a, "≥ %" SV_FMT, SV_ARG(unit_text(&u, from, v->p->to, v->a))));
		l->colour = colour != 0 ? style_legible(colour, 1.6) : STATE_CALM;
	}
}

#define MOST_LEVELS 64

/* Each value that occurs, with its text and colour. */
static void
add_levels(struct dash_view *v, const struct gf_field *f, const struct gf_column *c, size_t rows, struct levels *out)
{
	size_t r;

	out->n = 0;
	for (r = 0; r < rows; r++) {
		double y = c->cell[r].v;
		struct derive_level *l;

		if (isnan(y) || has_level(out, y))
			continue;
		if (out->n == MOST_LEVELS) {
			levels_of_thresholds(v, f, out);
			return;
		}
		l = vec_add(out);
		l->from = l->to = y;
		l->level = 2;
		l->text = dash_value(v, f, y, &l->colour);
		if (l->colour == 0)
			l->colour = dash_colour(gf_threshold(f, y));
		l->colour = l->colour != 0 ? style_legible(l->colour, 1.6) : STATE_CALM;
	}
}

void
dash_states(struct dash_view *v)
{
	size_t rows = dash_numbers(v->f), i, k, n = 0, most = 0;
	struct sv *name = arena_new(v->a, rows, sizeof(*name));
	struct chart_span *span;
	struct levels levels = {0};

	for (i = 0; i < v->f->n; i++)
		most += v->f->v[i].n_rows * v->f->v[i].n_columns;
	span = arena_new(v->a, most, sizeof(*span));
	for (i = 0; i < v->f->n; i++) {
		const struct gf_frame *f = &v->f->v[i];
		const struct gf_column *time = dash_column(f, GF_TIME);

		for (k = 0; time != NULL && k < f->n_columns; k++) {
			struct gf_field field;
			struct chart_data data;
			struct unit u;

			if (f->column[k].kind != GF_NUMBER)
				continue;
			dash_look(v, f, &f->column[k], &field, &name[n]);
			u = dash_unit(&field);
			data = dash_points(v, f, time, &f->column[k], 1);
			add_levels(v, &field, &f->column[k], f->n_rows, &levels);
			derive_spans(&data, n, (double)v->p->to, levels.v, levels.n, &u, v->a, span, &v->c->n_spans);
			n++;
		}
	}
	vec_free(&levels);
	v->c->kind = CHART_STATES;
	v->c->from = (double)v->p->from;
	v->c->to = (double)v->p->to;
	v->c->state_row = name;
	v->c->n_state_rows = n;
	v->c->span = span;
}
