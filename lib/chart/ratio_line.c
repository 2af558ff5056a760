#include "chart/ratio.h"

#include <math.h>
#include <string.h>

/* Steps at least this wide (logical pixels, on average) are drawn as steps. */
#define STEP_WIDTH 4
/* Shorter stretches get a dot: a line of that length would be missed. */
#define DOT_WIDTH 2

static void
add_point(struct point_list *line, double x, double y)
{
	*vec_add(line) = (struct prim_point){x, y};
}

static bool
wide_steps(const struct ratio_layout *l)
{
	double all = 0;
	size_t i;

	for (i = 0; i < l->d.n; i++)
		if (l->d.step[i].known)
			all += frame_x(&l->f, l->d.step[i].to) - frame_x(&l->f, l->d.step[i].from);
	return all >= STEP_WIDTH * (double)l->d.known;
}

void
ratio_trace(struct ratio_layout *l)
{
	struct m4 c = {.number = NAN};
	double last_break = -1;
	int64_t reached = 0;
	bool broken;
	size_t i;

	l->stepped = wide_steps(l);
	for (i = 0; i < l->d.n; i++) {
		const struct chart_step *s = &l->d.step[i];
		double x0 = frame_x(&l->f, s->from), x1 = frame_x(&l->f, s->to), y = ratio_y(l, s->value);

		if (!s->known)
			continue;
		broken = (l->line.n == 0 && isnan(c.number)) || s->from != reached;
		/* One break a column: more could not be seen. */
		if (broken && M4_COLUMN(x0) != last_break) {
			m4_flush(&l->line, &c);
			if (l->line.n > 0)
				add_point(&l->line, x0, NAN);
			last_break = M4_COLUMN(x0);
		}
		if (broken || l->stepped)
			m4_feed(&l->line, &c, x0, y, 2 * i);
		m4_feed(&l->line, &c, x1, y, 2 * i + 1);
		reached = s->to;
	}
	m4_flush(&l->line, &c);
}

static void
end_area(struct ratio_layout *l, struct point_list *area)
{
	struct prim_point *point;
	struct prim *q;

	if (area->n >= 3) {
		point = arena_new(&l->f.p->arena, area->n, sizeof(*point));
		memcpy(point, area->v, area->n * sizeof(*point));
		q = picture_add(l->f.p, PRIM_AREA);
		q->rgba = RED_FILL;
		q->clip = true;
		q->point = point;
		q->n = area->n;
	}
	area->n = 0;
}

/* Where the line from a to b is at height y, which lies between them. */
static double
crossing(struct prim_point a, struct prim_point b, double y)
{
	return a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
}

/* Between the objective and the line, only where the line is below: one polygon a stretch. */
static void
draw_areas(struct ratio_layout *l)
{
	double level = ratio_y(l, l->d.objective);
	struct point_list area = {0};
	size_t i;

	for (i = 0; i < l->line.n; i++) {
		struct prim_point p = l->line.v[i], last = i > 0 ? l->line.v[i - 1] : p;
		bool joined = i > 0 && !isnan(last.y);

		if (isnan(p.y)) {
			if (area.n > 0)
				add_point(&area, last.x, level);
			end_area(l, &area);
		} else if (p.y > level) {
			if (area.n == 0)
				add_point(&area, joined ? crossing(last, p, level) : p.x, level);
			add_point(&area, p.x, p.y);
		} else if (area.n > 0) {
			add_point(&area, crossing(last, p, level), level);
			end_area(l, &area);
		}
	}
	if (area.n > 0)
		add_point(&area, l->line.v[l->line.n - 1].x, level);
	end_area(l, &area);
	vec_free(&area);
}

static void
draw_dots(struct ratio_layout *l)
{
	size_t i, start = 0;

	for (i = 0; i <= l->line.n; i++) {
		if (i < l->line.n && !isnan(l->line.v[i].y))
			continue;
		if (i > start && l->line.v[i - 1].x - l->line.v[start].x < DOT_WIDTH)
			frame_dot(&l->f, (l->line.v[start].x + l->line.v[i - 1].x) / 2, l->line.v[start].y, DOT_WIDTH, NAVY);
		start = i + 1;
	}
}

void
ratio_draw_line(struct ratio_layout *l)
{
	struct picture *p = l->f.p;
	struct prim *q;

	if (!isnan(l->d.objective))
		draw_areas(l);
	q = picture_add(p, PRIM_LINE);
	q->point = arena_new(&p->arena, l->line.n, sizeof(*q->point));
	memcpy(q->point, l->line.v, l->line.n * sizeof(*q->point));
	q->n = l->line.n;
	q->width = l->stepped ? 1.5 : 1.25;
	q->rgba = NAVY;
	q->clip = true;
	draw_dots(l);
	if (!isnan(l->d.objective)) /* over the line, which may be dense */
		frame_rule(&l->f, p->plot_x, ratio_y(l, l->d.objective), p->plot_x + p->plot_w,
		    ratio_y(l, l->d.objective), 1.25, RED, 5, 3);
	if (!l->d.flat) {
		const struct chart_step *s = &l->d.step[l->d.lowest];
		double x0 = frame_x(&l->f, l->stepped ? s->from : s->to), x1 = frame_x(&l->f, l->d.lowest_to);

		frame_dot(&l->f, (x0 + x1) / 2, ratio_y(l, s->value), 5, s->value < l->d.objective ? RED : NAVY);
	}
}
