#include "chart/picture.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"

struct prim *
picture_add(struct picture *p, enum prim_kind kind)
{
	struct prim *q;

	p->prim = vec_room(p->prim, sizeof(*p->prim), p->n, &p->cap);
	q = &p->prim[p->n++];
	memset(q, 0, sizeof(*q));
	q->kind = kind;
	return q;
}

void
picture_free(struct picture *p)
{
	mem_free(p->prim);
	arena_free(&p->arena);
	*p = (struct picture){.n = 0};
}

struct prim_box
picture_clip(const struct picture *p, const struct prim *q)
{
	if (q->clip_to != NULL)
		return *q->clip_to;
	return (struct prim_box){p->plot_x, p->plot_y, p->plot_w, p->plot_h};
}

void
picture_place(struct picture *p, const struct picture *part, double x, double y)
{
	size_t i, k;

	for (i = 0; i < part->n; i++) {
		struct prim q = part->prim[i];

		if (q.clip) {
			struct prim_box *box = arena_new(&p->arena, 1, sizeof(*box));

			*box = picture_clip(part, &q);
			box->x += x;
			box->y += y;
			q.clip_to = box;
		}
		q.x += x;
		q.y += y;
		if (q.n > 0) {
			struct prim_point *point = arena_new(&p->arena, q.n, sizeof(*point));

			for (k = 0; k < q.n; k++)
				point[k] = (struct prim_point){q.point[k].x + x, q.point[k].y + y};
			q.point = point;
		}
		*picture_add(p, q.kind) = q;
	}
}

static void
add_number(struct sb *out, double v)
{
	char buf[NUM_TEXT];

	sb_addc(out, ' ');
	sb_adds(out, num_fixed(v, 2, buf));
}

static void
add_box(struct sb *out, const struct prim *q)
{
	add_number(out, q->x);
	add_number(out, q->y);
	add_number(out, q->w);
	add_number(out, q->h);
}

static void
add_points(struct sb *out, const struct prim *q)
{
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (isnan(q->point[i].y)) {
			sb_adds(out, " |");
			continue;
		}
		add_number(out, q->point[i].x);
		add_number(out, q->point[i].y);
	}
}

static void
add_text(struct sb *out, const struct prim *q)
{
	static const char *const anchor[] = {
	    [ANCHOR_START] = "start", [ANCHOR_MIDDLE] = "middle", [ANCHOR_END] = "end"};

	add_number(out, q->x);
	add_number(out, q->y);
	add_number(out, q->size);
	sb_addf(out, " %s%s%s ", anchor[q->anchor], q->bold ? " bold" : "", q->halo ? " halo" : "");
	json_quote(out, q->text);
}

static void
add_prim(struct sb *out, const struct prim *q)
{
	static const char *const kind[] = {[PRIM_RECT] = "rect", [PRIM_LINE] = "line", [PRIM_AREA] = "area",
	    [PRIM_TEXT] = "text", [PRIM_HATCH] = "hatch", [PRIM_MARK] = "mark"};
	static const char *const mark[] = {[MARK_DOT] = "dot", [MARK_FLAG] = "flag", [MARK_DOWN] = "down",
	    [MARK_UP] = "up", [MARK_TICK] = "tick", [MARK_CROSS] = "cross"};

	sb_addf(out, "%s %08X%s%s", kind[q->kind], (unsigned)q->rgba, q->clip ? " clip" : "", q->sharp ? " sharp" : "");
	if (q->clip && q->clip_to != NULL) {
		add_number(out, q->clip_to->x);
		add_number(out, q->clip_to->y);
		add_number(out, q->clip_to->w);
		add_number(out, q->clip_to->h);
		sb_addc(out, ':');
	}
	switch (q->kind) {
	case PRIM_RECT:
	case PRIM_HATCH:
		add_box(out, q);
		break;
	case PRIM_LINE:
		add_number(out, q->width);
		sb_adds(out, " dash");
		add_number(out, q->dash);
		add_number(out, q->space);
		sb_addc(out, ':');
		add_points(out, q);
		break;
	case PRIM_AREA:
		sb_addc(out, ':');
		add_points(out, q);
		break;
	case PRIM_TEXT:
		add_text(out, q);
		break;
	case PRIM_MARK:
		sb_addf(out, " %s", mark[q->mark]);
		add_number(out, q->x);
		add_number(out, q->y);
		add_number(out, q->size);
		break;
	}
	sb_addc(out, '\n');
}

void
picture_text(const struct picture *p, struct sb *out)
{
	size_t i;

	sb_adds(out, "picture");
	add_number(out, p->width);
	add_number(out, p->height);
	sb_adds(out, " plot");
	add_number(out, p->plot_x);
	add_number(out, p->plot_y);
	add_number(out, p->plot_w);
	add_number(out, p->plot_h);
	sb_adds(out, "\ntitle ");
	json_quote(out, p->title);
	sb_adds(out, "\nalt ");
	json_quote(out, p->alt);
	sb_addc(out, '\n');
	for (i = 0; i < p->n; i++)
		add_prim(out, &p->prim[i]);
}
