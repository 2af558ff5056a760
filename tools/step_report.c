/*
 * step_report - from a run folder to a document.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/doc.h"
#include "base/io.h"
#include "report/history.h"
#include "report/markdown.h"
#include "report/provenance.h"
#include "report/report.h"
#include "step_history.h"
#include "steps.h"

#define MAX_VERDICT ((size_t)256 * 1024 * 1024)
#define MAX_CHART ((size_t)64 * 1024 * 1024)

/* A file's bytes, owned by the arena. */
static int
slurp(struct arena *a, const char *path, size_t max, struct sv *out, struct err *e)
{
	struct sb bytes = {0};
	int rc = io_read_file(path, max, &bytes, e);

	if (rc == 0)
		*out = arena_sv(a, sb_sv(&bytes));
	sb_free(&bytes);
	return rc;
}

static int
load_chart(struct arena *a, const char *folder, const char *stem, struct report_chart *c, struct err *e)
{
	const char *svg_path, *json_path = arena_fmt(a, "%s/charts/%s.json", folder, stem);
	const struct doc *about, *title, *alt;
	struct sv json;

	if (slurp(a, json_path, MAX_CHART, &json, e) < 0 ||
	    slurp(a, arena_fmt(a, "%s/charts/%s.png", folder, stem), MAX_CHART, &c->png, e) < 0)
		return -1;
	about = doc_json(a, json_path, json, e);
	if (about == NULL)
		return -1;
	svg_path = arena_fmt(a, "%s/charts/%s.svg", folder, stem);
	if (access(svg_path, F_OK) == 0) {
		if (slurp(a, svg_path, MAX_CHART, &c->svg, e) < 0)
			return -1;
		c->svg = sv_trim(c->svg);
	}
	title = doc_get(about, "title");
	alt = doc_get(about, "alt");
	if (title == NULL || alt == NULL)
		return doc_err(about, e, "not a chart's description: it has no title or alt");
	c->file = sv_of(arena_fmt(a, "charts/%s.png", stem));
	c->title = title->text;
	c->alt = alt->text;
	return 0;
}

static int
add_provenance(struct arena *a, struct doc *data, const char *folder, struct err *e)
{
	const char *path = arena_fmt(a, "%s/provenance.json", folder);
	const struct doc *provenance = NULL;
	struct sv json;

	if (access(path, F_OK) == 0 && (slurp(a, path, MAX_VERDICT, &json, e) < 0 || (provenance = doc_json(a, path, json, e)) == NULL))
		return -1;
	return provenance_add(a, data, provenance, e);
}

/* A path, or the name of a file that is there, is a template of the user's own; else it is a name of templates/reports. */
static bool
is_path(const char *template)
{
	struct stat st;

	return strchr(template, '/') != NULL || stat(template, &st) == 0;
}

static bool
is_markdown(const char *template)
{
	return sv_ends(sv_of(template), ".md") || sv_ends(sv_of(template), ".md.mustache");
}

/* The text as a page: charts is a list of report_data(), or NULL. */
static int
make_page(const struct tool *t, const char *template, struct sv text, const struct doc *charts, struct sb *out, struct err *e)
{
	struct markdown m;
	struct arena a = {0};
	int rc = markdown_html(template, text, charts, &m, e);

	if (rc == 0)
		rc = report_render(markdown_page(&a, &m, sv_base(sv_of(template))), "markdown.html", (const char *const *)t->dir, t->n_dirs, out, e);
	markdown_free(&m);
	arena_free(&a);
	return rc;
}

static int
render(const struct tool *t, const struct doc *data, const char *template, unsigned how, struct sb *out, struct err *e)
{
	struct sb text = {0};
	bool page = (how & STEP_REPORT_PAGE) != 0 && is_markdown(template), lenient = (how & STEP_REPORT_LENIENT) != 0;
	int rc;

	if (lenient || is_path(template))
		rc = report_render_file(data, template, lenient, page ? &text : out, e);
	else
		rc = report_render(data, template, (const char *const *)t->dir, t->n_dirs, page ? &text : out, e);
	if (rc == 0 && page)
		rc = make_page(t, template, sb_sv(&text), doc_get(data, "charts"), out, e);
	sb_free(&text);
	return rc;
}

int
step_report(const struct tool *t, const char *folder, const char *template_name, struct sb *out, struct err *e)
{
	return step_report_as(t, folder, template_name, 0, out, e);
}

int
step_report_as(const struct tool *t, const char *folder, const char *template_name, unsigned how, struct sb *out, struct err *e)
{
	struct report_chart *chart = NULL;
	struct doc *verdict, *scan = NULL, *data;
	struct arena a = {0};
	const char *path;
	struct sv json;
	char **stem = NULL;
	size_t i, n = 0;
	int rc = -1;

	path = arena_fmt(&a, "%s/verdict.json", folder);
	if (slurp(&a, path, MAX_VERDICT, &json, e) < 0 || (verdict = doc_json(&a, path, json, e)) == NULL ||
	    step_chart_stems(&a, folder, &stem, &n, e) < 0)
		goto out;
	/* Of an unpacked package: what was found when it was packed. */
	path = arena_fmt(&a, "%s/secret-scan.json", folder);
	if (access(path, F_OK) == 0 && (slurp(&a, path, MAX_VERDICT, &json, e) < 0 || (scan = doc_json(&a, path, json, e)) == NULL))
		goto out;
	chart = arena_new(&a, n, sizeof(*chart));
	for (i = 0; i < n; i++)
		if (load_chart(&a, folder, stem[i], &chart[i], e) < 0)
			goto out;
	data = report_data(&a, verdict, scan, chart, n, e);
	if (data != NULL && add_provenance(&a, data, folder, e) == 0)
		rc = render(t, data, template_name, how, out, e);
out:
	arena_free(&a);
	return rc;
}

/* A JSON document of the user's own: a file, or stdin for "-". */
static const struct doc *
load_data(struct arena *a, const char *path, struct err *e)
{
	struct sb json = {0};
	const struct doc *d = NULL;
	struct io_fd in;
	int rc;

	if (strcmp(path, "-") == 0) {
		io_fd_init(&in, 0, "-");
		rc = io_read_all(&in.src, "-", MAX_VERDICT, &json, e);
	} else {
		rc = io_read_file(path, MAX_VERDICT, &json, e);
	}
	if (rc == 0)
		d = doc_json(a, path, arena_sv(a, sb_sv(&json)), e);
	sb_free(&json);
	return d;
}

int
step_report_data(const struct tool *t, const char *data_path, const char *template, unsigned how, struct sb *out, struct err *e)
{
	struct arena a = {0};
	const struct doc *data = load_data(&a, data_path, e);
	int rc = data == NULL ? -1 : render(t, data, template, how, out, e);

	arena_free(&a);
	return rc;
}

int
step_report_history(const struct tool *t, const char *dir, int64_t every, const char *template, unsigned how, struct sb *out, struct err *e)
{
	struct arena a = {0};
	struct step_past *past;
	struct history_run *run;
	const struct doc *data;
	bool failed = false;
	size_t i, n;
	int rc = step_history_read(t, dir, &a, &past, &n, &failed, e);

	if (rc == 0 && (n == 0 || failed))
		rc = n == 0 && !failed ? err_set(e, ERR_INPUT, "%s: no folder with a verdict.json in it", dir) :
		    err_set(e, ERR_INPUT, "%s: not every run can be read, and a history must not leave one out", dir);
	if (rc == 0) {
		run = arena_new(&a, n, sizeof(*run));
		for (i = 0; i < n; i++)
			run[i] = (struct history_run){sv_of(past[i].name), past[i].verdict};
		data = history_data(&a, run, n, every, e);
		rc = data == NULL ? -1 : render(t, data, template, how, out, e);
	}
	arena_free(&a);
	return rc;
}

/* The path of dir[i]/reports/NAME of the first folder that has it, or NULL. */
static const char *
find_template(const struct tool *t, const char *name, struct arena *a)
{
	const char *path;
	size_t i;

	for (i = 0; i < t->n_dirs; i++) {
		path = arena_fmt(a, "%s/reports/%s", t->dir[i], name);
		if (access(path, F_OK) == 0)
			return path;
	}
	return NULL;
}

const char *
step_report_name(const struct profile *p, const char *ending, struct arena *a)
{
	return arena_fmt(a, "%" SV_FMT ".%s", SV_ARG(p->report_template.n > 0 ? p->report_template : SV("sign-off")), ending);
}

struct names {
	VEC(const char *) of;
};

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
collect(struct names *names, const char *folder, struct arena *a)
{
	DIR *dir = opendir(folder);
	struct dirent *d;
	size_t i;

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		for (i = 0; i < names->of.n && strcmp(names->of.v[i], d->d_name) != 0; i++)
			;
		if (i == names->of.n && sv_ends(sv_of(d->d_name), ".md"))
			*vec_add(&names->of) = arena_str(a, sv_of(d->d_name));
	}
	if (dir != NULL)
		closedir(dir);
}

#define TEMPLATE "{{! Template: "

/* What a template says of itself; parts of templates say nothing and are not listed. */
static int
list_one(const struct tool *t, const char *name, struct arena *a, struct sb *out, struct err *e)
{
	struct sv text, stem = sv_head(sv_of(name), strlen(name) - 3);

	if (slurp(a, find_template(t, name, a), (size_t)4 << 20, &text, e) < 0)
		return -1;
	if (!sv_starts(text, TEMPLATE))
		return 0;
	text = sv_from(text, strlen(TEMPLATE));
	text = sv_trim(sv_head(text, sv_chr(text, '\n')));
	if (sv_ends(text, "}}"))
		text = sv_trim(sv_head(text, text.n - 2));
	clean_add(out, stem);
	sb_adds(out, find_template(t, arena_fmt(a, "%" SV_FMT ".html", SV_ARG(stem)), a) != NULL ? "\tmd html\t" : "\tmd\t");
	clean_add(out, text);
	sb_addc(out, '\n');
	return 0;
}

int
step_report_list(const struct tool *t, struct sb *out, struct err *e)
{
	struct names names = {0};
	struct arena a = {0};
	size_t i;
	int rc = 0;

	for (i = 0; i < t->n_dirs; i++)
		collect(&names, arena_fmt(&a, "%s/reports", t->dir[i]), &a);
	if (names.of.n > 0)
		qsort(names.of.v, names.of.n, sizeof(*names.of.v), by_name);
	for (i = 0; rc == 0 && i < names.of.n; i++)
		rc = list_one(t, names.of.v[i], &a, out, e);
	vec_free(&names.of);
	arena_free(&a);
	return rc;
}
