/*
 * step_charts - from a verdict's rates over time to pictures.
 */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "chart/chart.h"
#include "judge/figure.h"
#include "steps.h"

static const struct rate_series *
series_of(const struct verdict *v, struct sv criterion)
{
	size_t i;

	for (i = 0; i < v->n_series; i++)
		if (sv_eq(v->series[i].criterion, criterion))
			return &v->series[i];
	return NULL;
}

static const struct criterion_result *
result_of(const struct verdict *v, struct sv criterion)
{
	size_t i;

	for (i = 0; i < v->n_criteria; i++)
		if (sv_eq(v->criteria[i].criterion->id, criterion))
			return &v->criteria[i];
	return NULL;
}

/* The windows that begin and end with events; "run" and "the rest of it" are no bands. */
static void
add_bands(struct arena *a, const struct verdict *v, struct chart_ratio *c)
{
	struct chart_band *band = arena_new(a, v->n_windows, sizeof(*band));
	size_t i, k;

	c->band = band;
	for (i = 0; i < v->profile->n_windows; i++) {
		const struct profile_window *w = &v->profile->windows[i];

		if (w->from.kind == WHEN_EXPR || w->to.kind == WHEN_EXPR)
			continue; /* where a criterion looks, not what happened */
		for (k = 0; w->not_window.n == 0 && k < v->n_windows; k++)
			if (sv_eq(v->windows[k].name, w->name) && v->windows[k].n > 0)
				band[c->n_bands++] = (struct chart_band){v->windows[k].span[0].from,
				    v->windows[k].span[0].to, w->name};
	}
}

static bool
is_edge(const struct chart_ratio *c, int64_t t)
{
	size_t i;

	for (i = 0; i < c->n_bands; i++)
		if (t == c->band[i].from || t == c->band[i].to)
			return true;
	return t <= c->from || t >= c->to;
}

static void
add_flags(struct arena *a, const struct verdict *v, struct chart_ratio *c)
{
	struct chart_flag *flag = arena_new(a, v->n_marks, sizeof(*flag));
	size_t i;

	c->flag = flag;
	for (i = 0; i < v->n_marks; i++) {
		struct sv name = v->marks[i].name;
		bool restart = sv_find(name, SV("RESTART")) < name.n || sv_find(name, SV("restart")) < name.n;

		if (!is_edge(c, v->marks[i].t))
			flag[c->n_flags++] = (struct chart_flag){v->marks[i].t,
			    restart ? FLAG_RESTART : FLAG_EVENT, restart ? SV("restart") : name};
	}
}

/* The step most intervals have: what one point of the line stands for. */
static int64_t
usual_step(const struct rate_series *s)
{
	int64_t best = 0;
	size_t i, k, count, most = 0;

	for (i = 0; i < s->n && i < 64; i++) {
		for (k = 0, count = 0; k < s->n; k++)
			count += s->step[k].to - s->step[k].from == s->step[i].to - s->step[i].from;
		if (count > most) {
			most = count;
			best = s->step[i].to - s->step[i].from;
		}
	}
	return best;
}

static void
describe(struct arena *a, const struct verdict *v, const struct profile_chart *def, const struct rate_series *s,
    struct chart_ratio *c)
{
	const struct criterion_result *r = result_of(v, s->criterion);
	char from[TIME_TEXT], to[TIME_TEXT];

	c->title = def->title;
	if (r != NULL && r->observed.known)
		c->title = sv_of(arena_fmt(a, "%" SV_FMT ": %" SV_FMT " over the run", SV_ARG(def->title),
		    SV_ARG(r->observed.text)));
	c->subtitle = SV("Share of requests that count as good; nothing was measured");
	if (r != NULL && r->n.known && s->n > 0)
		c->subtitle = sv_of(arena_fmt(a, "Share of requests that count as good, one point per %s; n = %s%" SV_FMT,
		    figure_length(a, usual_step(s)), r->at_least ? "at least " : "", SV_ARG(r->n.text)));
	c->footer = sv_of(arena_fmt(a, "%" SV_FMT ", %s to %s, exact counter differences", SV_ARG(v->profile->name),
	    time_text(c->from, from), time_text(c->to, to)));
	c->objective = s->objective;
	if (r != NULL)
		c->objective_text = sv_of(arena_fmt(a, "%" SV_FMT, SV_ARG(r->criterion->objective.text)));
}

static int
draw(const struct verdict *v, const struct profile_chart *def, const struct rate_series *s, struct fonts *fonts,
    double scale, struct step_chart *out, struct err *e)
{
	struct chart_ratio c = {.from = v->run.start, .to = v->run.end};
	struct chart_step *step;
	struct picture p = {.n = 0};
	struct sb png = {0}, svg = {0}, json = {0};
	struct arena a = {0};
	size_t i;
	int rc = -1;

	step = arena_new(&a, s->n, sizeof(*step));
	for (i = 0; i < s->n; i++)
		step[i] = (struct chart_step){s->step[i].from, s->step[i].to, s->step[i].good / s->step[i].total,
		    s->step[i].total, s->step[i].known && s->step[i].total > 0};
	c.step = step;
	c.n = s->n;
	describe(&a, v, def, s, &c);
	add_bands(&a, v, &c);
	add_flags(&a, v, &c);
	if (chart_ratio_layout(&c, fonts, &p, e) == 0 && picture_png(&p, fonts, THEME_LIGHT, scale, &png, e) == 0) {
		const char *id = arena_fmt(&a, "criterion/%" SV_FMT "/observed", SV_ARG(s->criterion));

		chart_ratio_json(&c, &p, sv_of(id), &json);
		picture_svg(&p, fonts, THEME_LIGHT, &svg);
		out->title = mem_dup(p.title.p, p.title.n);
		out->alt = mem_dup(p.alt.p, p.alt.n);
		out->png_n = png.n;
		out->png = sb_take(&png);
		out->svg_n = svg.n;
		out->svg = sb_take(&svg);
		out->json_n = json.n;
		out->json = sb_take(&json);
		sb_addf(&png, "charts/%" SV_FMT ".png", SV_ARG(def->id));
		out->file = sb_take(&png);
		rc = 0;
	}
	sb_free(&png);
	sb_free(&json);
	picture_free(&p);
	arena_free(&a);
	return rc;
}

int
step_charts(const struct verdict *v, double scale, struct step_charts *out, struct err *e)
{
	struct fonts *fonts;
	size_t i;
	int rc = 0;

	*out = (struct step_charts){{0}};
	/* Without bounds of the run there is no time axis, and the report says why. */
	if (v->profile->n_charts == 0 || v->run.start == TIME_NONE || v->run.end == TIME_NONE)
		return 0;
	fonts = fonts_open(e);
	if (fonts == NULL)
		return -1;
	for (i = 0; rc == 0 && i < v->profile->n_charts; i++) {
		const struct profile_chart *def = &v->profile->charts[i];
		const struct rate_series *s = series_of(v, def->criterion);

		if (s != NULL)
			rc = draw(v, def, s, fonts, scale, vec_add(&out->chart), e);
	}
	fonts_close(fonts);
	return rc;
}

void
step_charts_free(struct step_charts *c)
{
	size_t i;

	for (i = 0; i < c->chart.n; i++) {
		mem_free(c->chart.v[i].file);
		mem_free(c->chart.v[i].png);
		mem_free(c->chart.v[i].svg);
		mem_free(c->chart.v[i].json);
		mem_free(c->chart.v[i].title);
		mem_free(c->chart.v[i].alt);
	}
	vec_free(&c->chart);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
step_chart_stems(struct arena *a, const char *folder, char ***out, size_t *n, struct err *e)
{
	const char *path = arena_fmt(a, "%s/charts", folder);
	VEC(char *) stems = {0};
	struct dirent *entry;
	DIR *d = opendir(path);

	if (d == NULL && errno != ENOENT)
		return err_set(e, ERR_SYS, "%s: %s", path, strerror(errno));
	while (d != NULL && (entry = readdir(d)) != NULL) {
		struct sv name = sv_of(entry->d_name);

		struct sv stem = sv_head(name, name.n - (sv_ends(name, ".json") ? strlen(".json") : 0));

		/* Half of a pair is what a killed run left, or somebody else's. */
		if (stem.n < name.n &&
		    access(arena_fmt(a, "%s/%" SV_FMT ".png", path, SV_ARG(stem)), R_OK) == 0)
			*vec_add(&stems) = arena_str(a, stem);
	}
	if (d != NULL)
		closedir(d);
	if (stems.n > 0)
		qsort(stems.v, stems.n, sizeof(*stems.v), by_name);
	*n = stems.n;
	*out = arena_keep(a, stems.v, stems.n, sizeof(**out));
	return 0;
}

/* What a killed run was about to make. */
static bool
is_leftover(const char *name)
{
	struct sv of = io_out_unfinished(sv_of(name));

	return sv_ends(of, ".png") || sv_ends(of, ".svg") || sv_ends(of, ".json");
}

static void
clear_leftovers(const char *path)
{
	struct dirent *entry;
	DIR *d = opendir(path);

	while (d != NULL && (entry = readdir(d)) != NULL)
		if (is_leftover(entry->d_name))
			unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
}

int
step_charts_clear(const char *folder, struct err *e)
{
	struct arena a = {0};
	char **stem = NULL;
	size_t i, n = 0;
	int rc = step_chart_stems(&a, folder, &stem, &n, e);

	for (i = 0; i < n; i++) {
		unlink(arena_fmt(&a, "%s/charts/%s.png", folder, stem[i]));
		unlink(arena_fmt(&a, "%s/charts/%s.svg", folder, stem[i]));
		unlink(arena_fmt(&a, "%s/charts/%s.json", folder, stem[i]));
	}
	clear_leftovers(arena_fmt(&a, "%s/charts", folder));
	arena_free(&a);
	return rc;
}

int
step_charts_write(const struct step_charts *c, const char *folder, struct err *e)
{
	struct sb path = {0};
	size_t i;
	int rc;

	sb_addf(&path, "%s/charts", folder);
	rc = io_mkdirs(sb_str(&path), e);
	for (i = 0; rc == 0 && i < c->chart.n; i++) {
		const struct step_chart *one = &c->chart.v[i];
		size_t stem = strlen(one->file) - strlen(".png");

		sb_reset(&path);
		sb_addf(&path, "%s/%s", folder, one->file);
		rc = io_write_file(sb_str(&path), (struct sv){one->png, one->png_n}, e);
		sb_reset(&path);
		sb_addf(&path, "%s/%.*s.svg", folder, (int)stem, one->file);
		if (rc == 0 && one->svg != NULL)
			rc = io_write_file(sb_str(&path), (struct sv){one->svg, one->svg_n}, e);
		sb_reset(&path);
		sb_addf(&path, "%s/%.*s.json", folder, (int)stem, one->file);
		if (rc == 0)
			rc = io_write_file(sb_str(&path), (struct sv){one->json, one->json_n}, e);
	}
	sb_free(&path);
	return rc;
}
