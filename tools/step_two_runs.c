/*
 * Two runs overlaid: the same expression over two stores, by the time since each began, and below it how much more there is.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "step_chart_opts.h"

#define MOST_PAIRS 7

struct side {
	struct step_ask ask;
	struct step_data data;
	size_t n;           /* values */
	struct sv why;      /* there is none */
};

struct two {
	struct chart_opts *o;
	struct side base;
	struct step_data candidate;
	size_t n;
	struct sv why;
	VEC(struct chart_series) series;
	size_t left_out;
	struct sv method, counted[2]; /* of percentiles: how they were found, and of how many values: ", n = 12" */
};

/* Values of one side; x becomes the seconds since its run began. */
static int
ask_side(struct chart_opts *o, struct step_ask *ask, struct step_data *d, size_t *n, struct sv *why, struct err *e)
{
	struct pq_query q = ask->q;
	struct pq_result r;
	size_t i, k;

	step_ask_tile(ask, o->look.kind, o->expr, &q);
	if (step_ask_eval(ask, o->expr, &q, &o->arena, &r, why, e) < 0)
		return -1;
	step_data_of(&r, &o->arena, d);
	step_names(d->v, d->n, o->look.legend, &o->arena);
	d->interval = (double)q.step / 1000;
	d->to = (double)(ask->q.end - ask->q.start) / 1000;
	for (i = 0; i < d->n; i++) {
		*n += d->v[i].n;
		for (k = 0; k < d->v[i].n; k++)
			d->v[i].p[k].x = (d->v[i].p[k].x - (double)ask->q.start) / 1000;
	}
	return 0;
}

static const struct step_series *
named(const struct step_data *d, const struct step_series *like)
{
	size_t i;

	if (d->n == 1 && like->name.n == 0)
		return &d->v[0];
	for (i = 0; i < d->n; i++)
		if (sv_eq(d->v[i].name, like->name))
			return &d->v[i];
	return NULL;
}

/* Both are asked at the same distances from their beginnings: an x of one is an x of the other, or the other has no value there. */
static struct chart_data
difference(struct two *t, const struct step_series *base, const struct step_series *other)
{
	struct chart_point *p = arena_new(&t->o->arena, other->n, sizeof(*p));
	size_t i, k = 0;

	for (i = 0; i < other->n; i++) {
		while (k < base->n && base->p[k].x < other->p[i].x)
			k++;
		p[i] = (struct chart_point){other->p[i].x, k < base->n && base->p[k].x == other->p[i].x ? other->p[i].y - base->p[k].y : NAN};
	}
	return chart_data(p, other->n, t->candidate.interval, &t->o->arena);
}

static struct sv
called(struct two *t, struct sv name, const char *run)
{
	return name.n == 0 ? sv_of(run) : sv_of(arena_fmt(&t->o->arena, "%" SV_FMT ", %s", SV_ARG(name), run));
}

static void
add_pairs(struct two *t)
{
	struct arena *a = &t->o->arena;
	size_t i, pairs = 0;

	for (i = 0; i < t->candidate.n; i++) {
		const struct step_series *s = &t->candidate.v[i], *base = named(&t->base.data, s);
		uint32_t colour = style_series(pairs);

		if (pairs++ >= MOST_PAIRS) {
			t->left_out++;
			continue;
		}
		*vec_add(&t->series) = (struct chart_series){.name = s->name.n > 0 ? s->name : SV("candidate"), .colour = colour,
		    .data = chart_data(s->p, s->n, t->candidate.interval, a)};
		if (base != NULL)
			*vec_add(&t->series) = (struct chart_series){.name = called(t, s->name, "baseline"), .colour = PALE_GREY, .dashed = pairs > 1, .quiet = t->candidate.n > 1,
			    .data = chart_data(base->p, base->n, t->base.data.interval, a)};
		if (base != NULL)
			*vec_add(&t->series) = (struct chart_series){.pane = 1, .colour = colour, .quiet = true, .data = difference(t, base, s)};
	}
	/* What only the baseline has is told, too. */
	for (i = 0; i < t->base.data.n; i++)
		if (named(&t->candidate, &t->base.data.v[i]) == NULL && !(t->candidate.n == 1 && t->candidate.v[0].name.n == 0)) {
			if (pairs++ >= MOST_PAIRS)
				t->left_out++;
			else
				*vec_add(&t->series) = (struct chart_series){.name = called(t, t->base.data.v[i].name, "baseline only"), .colour = PALE_GREY,
				    .data = chart_data(t->base.data.v[i].p, t->base.data.v[i].n, t->base.data.interval, a)};
		}
}

static bool
is_kind(const struct chart_opts *o, const char *kind)
{
	return o->look.kind != NULL && strcmp(o->look.kind, kind) == 0;
}

static struct sv
extent(struct two *t)
{
	char n[2][NUM_TEXT], begun[2][TIME_TEXT], each[TIME_TEXT];
	const struct pq_query *q = &t->o->ask.q, *b = &t->base.ask.q;
	struct sv rest = t->left_out > 0 ? sv_of(arena_fmt(&t->o->arena, "; %zu more series are not drawn", t->left_out)) : SV("");

	if (is_kind(t->o, "ecdf") || is_kind(t->o, "dumbbells"))
		return sv_of(arena_fmt(&t->o->arena, "candidate of %s%" SV_FMT "; baseline (grey) of %s%" SV_FMT "%" SV_FMT, time_text(q->start, begun[0]), SV_ARG(t->counted[0]),
		    time_text(b->start, begun[1]), SV_ARG(t->counted[1]), SV_ARG(rest)));
	return sv_of(arena_fmt(&t->o->arena, "candidate of %s, n = %s; baseline (grey) of %s, n = %s; one value each %s%" SV_FMT, time_text(q->start, begun[0]),
	    num_count((int64_t)t->n, n[0]), time_text(b->start, begun[1]), num_count((int64_t)t->base.n, n[1]), time_length_text(q->step, each), SV_ARG(rest)));
}

/* What stands above each other in time, or how the values of both spread. */
static void
compose(struct two *t, struct chart *c)
{
	struct chart_opts *o = t->o;
	struct chart_pane *pane = arena_new(&o->arena, 2, sizeof(*pane));

	if (is_kind(o, "ecdf")) {
		step_pair_ecdf(&t->candidate, &t->base.data, &o->look, &o->arena, c);
		return;
	}
	if (is_kind(o, "dumbbells")) {
		t->left_out = step_pair_dumbbells(&t->candidate, &t->base.data, &o->look, &o->arena, c, &t->method, t->counted);
		return;
	}
	add_pairs(t);
	unit_find(o->look.unit, &pane[0].unit);
	pane[0].min = o->look.min;
	pane[0].max = o->look.max;
	pane[0].log = o->look.log;
	pane[1] = (struct chart_pane){.title = SV("candidate \xe2\x88\x92 baseline"), .unit = pane[0].unit, .min = NAN, .max = NAN, .zero = true, .weight = 0.5};
	c->pane = pane;
	c->n_panes = 2;
	c->to = fmax(t->candidate.to, t->base.data.to);
	c->series = arena_keep(&o->arena, t->series.v, t->series.n, sizeof(*t->series.v));
	c->n_series = t->series.n;
	if (c->height == 0)
		c->height = 420;
}

static int
draw(struct two *t, struct err *e)
{
	struct chart_opts *o = t->o;
	struct chart c = {.kind = CHART_PLOT, .x = X_ELAPSED, .title = o->look.title, .subtitle = o->look.subtitle, .width = o->look.width,
	    .height = o->look.height, .end = TIME_NONE};

	compose(t, &c);
	if (c.title.n == 0)
		c.title = o->expr;
	else
		c.footer = o->expr;
	if (t->method.n > 0)
		c.footer = c.footer.n == 0 ? t->method : sv_of(arena_fmt(&o->arena, "%" SV_FMT " of %" SV_FMT, SV_ARG(t->method), SV_ARG(o->expr)));
	if (c.subtitle.n == 0)
		c.subtitle = extent(t);
	if (t->n == 0 || t->base.n == 0)
		c.cannot = sv_of(arena_fmt(&o->arena, "the %s has no value: %" SV_FMT, t->n == 0 ? "candidate" : "baseline", SV_ARG(t->n == 0 ? t->why : t->base.why)));
	if (c.cannot.n > 0)
		c.n_series = c.n_rows = 0;
	if (c.cannot.n > 0)
		tool_say(o->tool, "%" SV_FMT, SV_ARG(c.cannot));
	return chart_out(o, &c, e) < 0 ? -1 : c.cannot.n > 0 ? TOOL_INCONCLUSIVE : TOOL_PASS;
}

int
chart_two_runs(struct chart_opts *o)
{
	struct two t = {.o = o};
	struct err e = {0};
	int status = -1;

	if (o->output == NULL)
		tool_usage(o->tool, "-o FILE is needed: its ending says the format (.png, .svg, .pdf)");
	if (o->look.kind != NULL && strcmp(o->look.kind, "lines") != 0 && !is_kind(o, "ecdf") && !is_kind(o, "dumbbells"))
		tool_usage(o->tool, "two runs are lines, ecdf or dumbbells: --kind %s is not drawn with --baseline", o->look.kind);
	if (o->ask.times.start != TIME_NONE || o->ask.times.end != TIME_NONE)
		tool_usage(o->tool, "two runs have no time in common: --start and --end are not for --baseline (-p says when each ran)");
	t.base.ask = o->ask;
	t.base.ask.db = o->baseline;
	if (step_ask_open(&o->ask, &e) == 0 && step_ask_open(&t.base.ask, &e) == 0) {
		/* The wider step fits both. */
		int64_t step = o->ask.q.step > t.base.ask.q.step ? o->ask.q.step : t.base.ask.q.step;

		o->ask.q.step = t.base.ask.q.step = step;
		if (ask_side(o, &o->ask, &t.candidate, &t.n, &t.why, &e) == 0 && ask_side(o, &t.base.ask, &t.base.data, &t.base.n, &t.base.why, &e) == 0)
			status = draw(&t, &e);
	}
	step_ask_close(&t.base.ask);
	return status < 0 ? tool_fail(o->tool, &e) : status;
}
