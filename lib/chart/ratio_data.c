#include "chart/ratio.h"

#include <math.h>

#include "base/time.h"
#include "chart/words.h"

static bool
is_known(const struct chart_step *s)
{
	/* A ratio of nothing is no ratio, whatever it says. */
	return s->known && isfinite(s->value) && !(s->n <= 0);
}

static void
copy_steps(struct ratio_data *d, struct arena *a)
{
	struct chart_step *step = arena_new(a, d->c->n, sizeof(*step));
	int64_t last = d->c->from;
	size_t i;

	for (i = 0; i < d->c->n; i++) {
		struct chart_step s = d->c->step[i];

		s.from = s.from > last ? s.from : last;
		s.to = s.to < d->c->to ? s.to : d->c->to;
		if (s.to <= s.from)
			continue;
		s.known = is_known(&s);
		last = s.to;
		step[d->n++] = s;
	}
	d->step = step;
}

static void
count(struct ratio_data *d)
{
	double highest = 0;
	size_t i;

	for (i = 0; i < d->n; i++) {
		double v = d->step[i].value;

		if (!d->step[i].known)
			continue;
		if (d->known == 0 || v < d->step[d->lowest].value) {
			d->lowest = i;
			d->lowest_to = d->step[i].to;
			d->ties = 0;
		} else if (v == d->step[d->lowest].value) {
			if (d->step[i].from == d->lowest_to)
				d->lowest_to = d->step[i].to;
			else
				d->ties++;
		}
		highest = d->known == 0 ? v : fmax(v, highest);
		d->known++;
		d->missed += v < d->objective; /* never when there is none */
	}
	d->flat = d->known > 0 && highest == d->step[d->lowest].value;
}

static void
add_gap(struct ratio_data *d, int64_t from, int64_t to)
{
	if (to <= from)
		return;
	d->gap[d->n_gaps++] = (struct chart_gap){from, to};
	d->no_data += to - from;
}

/* Samples need not fall on the run's bounds: less than half a step at either end is no gap. */
static bool
is_edge(const struct chart_step *s, int64_t hole)
{
	return hole < (s->to - s->from) / 2;
}

static void
find_gaps(struct ratio_data *d, struct arena *a)
{
	const struct chart_step *last = NULL;
	int64_t reached = d->c->from;
	size_t i;

	d->gap = arena_new(a, d->known + 1, sizeof(*d->gap));
	for (i = 0; i < d->n; i++) {
		const struct chart_step *s = &d->step[i];

		if (!s->known)
			continue;
		if (last != NULL || !is_edge(s, s->from - reached))
			add_gap(d, reached, s->from);
		reached = s->to;
		last = s;
	}
	if (last == NULL || !is_edge(last, d->c->to - reached))
		add_gap(d, reached, d->c->to);
}

void
ratio_data_make(struct ratio_data *d, const struct chart_ratio *c, struct arena *a)
{
	*d = (struct ratio_data){.c = c, .objective = NAN};
	d->axis = c->from < c->to && c->from >= time_days(1, 1, 1) * TIME_DAY &&
	    c->to <= time_days(9999, 12, 31) * TIME_DAY;
	if (c->objective >= 0 && c->objective <= 1)
		d->objective = c->objective;
	if (!d->axis)
		return;
	copy_steps(d, a);
	count(d);
	find_gaps(d, a);
}

struct sv
ratio_lowest_text(const struct ratio_data *d, struct arena *a)
{
	const struct chart_step *s = &d->step[d->lowest];
	const char *value = words_percent(s->value, d->objective, a);
	const char *when;

	if (d->flat && d->known > 1)
		return sv_of(arena_fmt(a, "%s in all %zu intervals", value, d->known));
	when = words_interval(s->from, d->lowest_to, d->c->to - d->c->from > TIME_DAY, a);
	if (d->ties > 0)
		return sv_of(arena_fmt(a, "%s at %s and %zu more", value, when, d->ties));
	return sv_of(arena_fmt(a, "%s at %s", value, when));
}

static void
add_objective(struct sb *out, const struct ratio_data *d, struct arena *a)
{
	struct sv text = words_clean(d->c->objective_text, a);

	if (isnan(d->objective))
		return;
	if (text.n == 0)
		text = sv_of(words_percent(d->objective, NAN, a));
	sb_addf(out, ", objective %" SV_FMT, SV_ARG(text));
	if (d->missed > 0)
		sb_addf(out, " missed in %zu of %zu intervals", d->missed, d->known);
	else if (d->known > 0)
		sb_addf(out, " met in all %zu intervals", d->known);
}

static void
add_marks(struct sb *out, const struct chart_ratio *c)
{
	size_t i, restarts = 0;

	for (i = 0; i < c->n_flags; i++)
		restarts += c->flag[i].kind == FLAG_RESTART;
	if (c->n_bands > 0)
		sb_addf(out, ", %zu window%s marked", c->n_bands, c->n_bands == 1 ? "" : "s");
	if (restarts > 0)
		sb_addf(out, ", %zu restart%s", restarts, restarts == 1 ? "" : "s");
}

struct sv
ratio_alt(const struct ratio_data *d, struct arena *a)
{
	struct sb out = {0};
	struct sv alt;

	sb_adds(&out, "Success rate");
	if (d->axis)
		sb_addf(&out, ", %s", words_length(d->c->to - d->c->from, a));
	if (d->known > 0)
		sb_addf(&out, ", lowest %s", ratio_lowest_text(d, a).p);
	else
		sb_adds(&out, ", no evidence");
	add_objective(&out, d, a);
	if (d->known > 0 && d->no_data > 0)
		sb_addf(&out, ", no data for %s", words_length(d->no_data, a));
	if (d->known > 0)
		add_marks(&out, d->c);
	alt = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return alt;
}
