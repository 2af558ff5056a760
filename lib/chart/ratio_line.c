#include "chart/ratio.h"

#include <math.h>
#include <string.h>

/* Steps at least this wide (logical pixels, on average) are drawn as steps. */
#define STEP_WIDTH 4
/* Shorter stretches get a dot: a line of that length would be missed. */
#define DOT_WIDTH 2

/*
 * M4 (Jugel et al., VLDB 2014): of the points in one column the first, the last, the lowest and the highest are
 * kept, in the order of time. A column is half a logical pixel, one device pixel at the usual scale of 2.
 */
struct column {
	double number; /* NaN: no point yet */
	struct prim_point first, low, high, last;
	size_t first_seq, low_seq, high_seq, last_seq;
};

static double
column_of(double x)
{
	return floor(x * 2);
}

static void
add_point(struct point_list *line, double x, double y)
{
	*vec_add(line) = (struct prim_point){x, y};
}

static void
flush(struct point_list *line, struct column *c)
{
	const struct prim_point *a = &c->low, *b = &c->high;
	size_t a_seq = c->low_seq, b_seq = c->high_seq;

	if (isnan(c->number))
		return;
	if (a_seq > b_seq) {
		a = &c->high, b = &c->low;
		a_seq = c->high_seq, b_seq = c->low_seq;
	}
	add_point(line, c->first.x, c->first.y);
	if (a_seq > c->first_seq && a_seq < c->last_seq)
		add_point(line, a->x, a->y);
	if (b_seq > a_seq && b_seq > c->first_seq && b_seq < c->last_seq)
		add_point(line, b->x, b->y);
	if (c->last_seq > c->first_seq)
		add_point(line, c->last.x, c->last.y);
	c->number = NAN;
}

static void
feed(struct point_list *line, struct column *c, double x, double y, size_t seq)
{
	struct prim_point p = {x, y};

	if (c->number != column_of(x))
		flush(line, c);
	if (isnan(c->number)) {
		c->number = column_of(x);
		c->first = c->low = c->high = p;
		c->first_seq = c->low_seq = c->high_seq = seq;
	}
	if (y > c->low.y) {
		c->low = p;
		c->low_seq = seq;
	}
	if (y < c->high.y) {
		c->high = p;
		c->high_seq = seq;
	}
	c->last = p;
	c->last_seq = seq;
}

static bool
wide_steps(const struct ratio_layout *l)
{
	double all = 0;
	size_t i;

	for (i = 0; i < l->d.n; i++)
		if (l->d.step[i].known)
			all += ratio_x(l, l->d.step[i].to) - ratio_x(l, l->d.step[i].from);
	return all >= STEP_WIDTH * (double)l->d.known;
}

void
ratio_trace(struct ratio_layout *l)
{
	struct column c = {.number = NAN};
	double last_break = -1;
	int64_t reached = 0;
	bool broken;
	size_t i;

	l->stepped = wide_steps(l);
	for (i = 0; i < l->d.n; i++) {
		const struct chart_step *s = &l->d.step[i];
		double x0 = ratio_x(l, s->from), x1 = ratio_x(l, s->to), y = ratio_y(l, s->value);

		if (!s->known)
			continue;
		broken = (l->line.n == 0 && isnan(c.number)) || s->from != reached;
		/* One break a column: more could not be seen. */
		if (broken && column_of(x0) != last_break) {
			flush(&l->line, &c);
			if (l->line.n > 0)
				add_point(&l->line, x0, NAN);
			last_break = column_of(x0);
		}
		if (broken || l->stepped)
			feed(&l->line, &c, x0, y, 2 * i);
		feed(&l->line, &c, x1, y, 2 * i + 1);
		reached = s->to;
	}
	flush(&l->line, &c);
}

static void
end_area(struct ratio_layout *l, struct point_list *area)
{
	struct prim_point *point;
	struct prim *q;

	if (area->n >= 3) {
		point = arena_new(&l->p->arena, area->n, sizeof(*point));
		memcpy(point, area->v, area->n * sizeof(*point));
		q = picture_add(l->p, PRIM_AREA);
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
draw_dot(struct ratio_layout *l, double x, double y, double size, uint32_t rgba)
{
	struct prim *q = picture_add(l->p, PRIM_MARK);

	q->mark = MARK_DOT;
	q->x = x;
	q->y = y;
	q->size = size;
	q->rgba = rgba;
}

static void
draw_dots(struct ratio_layout *l)
{
	size_t i, start = 0;

	for (i = 0; i <= l->line.n; i++) {
		if (i < l->line.n && !isnan(l->line.v[i].y))
			continue;
		if (i > start && l->line.v[i - 1].x - l->line.v[start].x < DOT_WIDTH)
			draw_dot(l, (l->line.v[start].x + l->line.v[i - 1].x) / 2, l->line.v[start].y, DOT_WIDTH, NAVY);
		start = i + 1;
	}
}

void
ratio_draw_line(struct ratio_layout *l)
{
	struct picture *p = l->p;
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
		ratio_rule(l, p->plot_x, ratio_y(l, l->d.objective), p->plot_x + p->plot_w,
		    ratio_y(l, l->d.objective), 1.25, RED, 5, 3);
	if (!l->d.flat) {
		const struct chart_step *s = &l->d.step[l->d.lowest];
		double x0 = ratio_x(l, l->stepped ? s->from : s->to), x1 = ratio_x(l, l->d.lowest_to);

		draw_dot(l, (x0 + x1) / 2, ratio_y(l, s->value), 5, s->value < l->d.objective ? RED : NAVY);
	}
}
