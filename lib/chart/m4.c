#include "chart/frame.h"

#include <math.h>

static void
add_point(struct point_list *line, double x, double y)
{
	*vec_add(line) = (struct prim_point){x, y};
}

void
m4_flush(struct point_list *line, struct m4 *c)
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

void
m4_feed(struct point_list *line, struct m4 *c, double x, double y, size_t seq)
{
	struct prim_point p = {x, y};

	if (c->number != M4_COLUMN(x))
		m4_flush(line, c);
	if (isnan(c->number)) {
		c->number = M4_COLUMN(x);
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
