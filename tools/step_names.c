/*
 * step_names - what the series of a chart are called: by a legend, or by the labels that tell them apart.
 */
#include "step_model.h"

#include "base/mem.h"

void
step_data_of(const struct pq_result *r, struct arena *a, struct step_data *out)
{
	size_t i, k;

	out->n = r->n;
	out->v = arena_new(a, r->n, sizeof(*out->v));
	out->times = true;
	for (i = 0; i < r->n; i++) {
		struct step_series *s = &out->v[i];

		s->labels = r->v[i].labels;
		s->n = r->v[i].n;
		s->p = arena_new(a, s->n, sizeof(*s->p));
		for (k = 0; k < s->n; k++)
			s->p[k] = (struct chart_point){(double)r->v[i].point[k].t, r->v[i].point[k].v};
	}
}

/* "{{a}} of {{ b }}" with the labels' values in place. */
static struct sv
expand(struct sv legend, const struct labels *l, struct arena *a)
{
	struct sb out = {0};
	struct sv rest = legend, name;

	while (rest.n > 0) {
		size_t open = sv_find(rest, SV("{{")), close;

		sb_addv(&out, sv_head(rest, open));
		rest = sv_from(rest, open);
		close = sv_find(rest, SV("}}"));
		if (close == rest.n) {
			sb_addv(&out, rest);
			break;
		}
		name = sv_trim(sv_head(sv_from(rest, 2), close - 2));
		sb_addv(&out, labels_get(l, arena_str(a, name)));
		rest = sv_from(rest, close + 2);
	}
	name = arena_sv(a, sb_sv(&out));
	sb_free(&out);
	return name;
}

static bool
differs(const struct step_series *v, size_t n, struct sv label, struct arena *a)
{
	const char *name = arena_str(a, label);
	struct sv first = labels_get(&v[0].labels, name);
	size_t i;

	for (i = 1; i < n; i++)
		if (!sv_eq(labels_get(&v[i].labels, name), first))
			return true;
	return false;
}

struct names {
	struct sv *v;
	size_t n, cap;
};

static void
collect_names(const struct step_series *v, size_t n, struct arena *a, struct names *out)
{
	struct names seen = {0};
	size_t i, k, j;

	for (i = 0; i < n; i++)
		for (k = 0; k < v[i].labels.n; k++) {
			for (j = 0; j < seen.n && !sv_eq(seen.v[j], v[i].labels.v[k].name); j++)
				;
			if (j < seen.n)
				continue;
			*vec_add(&seen) = v[i].labels.v[k].name;
			if (differs(v, n, v[i].labels.v[k].name, a))
				*vec_add(out) = v[i].labels.v[k].name;
		}
	vec_free(&seen);
}

/* The one label whose values tell all of them apart; the shortest such values win. n when there is none. */
static size_t
sole_label(const struct step_series *v, size_t n, const struct names *names, struct arena *a)
{
	size_t i, j, k, best = names->n, least = (size_t)-1;

	for (k = 0; k < names->n; k++) {
		const char *name = arena_str(a, names->v[k]);
		size_t all = 0;
		bool unique = n <= 200;

		for (i = 0; unique && i < n; i++) {
			struct sv value = labels_get(&v[i].labels, name);

			all += value.n;
			unique = value.n > 0;
			for (j = 0; unique && j < i; j++)
				unique = !sv_eq(value, labels_get(&v[j].labels, name));
		}
		if (unique && all < least) {
			least = all;
			best = k;
		}
	}
	return best;
}

void
step_names(struct step_series *v, size_t n, struct sv legend, struct arena *a)
{
	struct names names = {0};
	struct sb out = {0};
	size_t i, k, sole;
	bool nameless = false;

	if (legend.n == 0 && n > 1)
		collect_names(v, n, a, &names);
	sole = sole_label(v, n, &names, a);
	for (i = 0; i < n; i++) {
		if (v[i].name.n > 0)
			continue;
		if (legend.n > 0) {
			v[i].name = expand(legend, &v[i].labels, a);
			nameless |= sv_trim(v[i].name).n == 0;
			continue;
		}
		sb_reset(&out);
		for (k = 0; k < names.n; k++) {
			struct sv value = labels_get(&v[i].labels, arena_str(a, names.v[k]));

			if (value.n == 0 || (sole < names.n && sole != k))
				continue;
			if (out.n > 0)
				sb_adds(&out, " ");
			if (names.n > 2 && sole == names.n && !sv_is(names.v[k], "__name__"))
				sb_addf(&out, "%" SV_FMT "=", SV_ARG(names.v[k]));
			sb_addv(&out, value);
		}
		v[i].name = arena_sv(a, sb_sv(&out));
	}
	sb_free(&out);
	vec_free(&names);
	/* A legend of labels that are not there names nothing. */
	if (nameless && n > 1)
		step_names(v, n, (struct sv){NULL, 0}, a);
}
