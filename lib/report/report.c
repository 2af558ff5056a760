#include "report/report.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clean.h"
#include "base/io.h"
#include "report/mustache.h"

#define MAX_TEMPLATE ((size_t)4 << 20)

/* Where templates and partials are looked for, and what was read of them. */
struct library {
	const char *const *dir; /* PLACE/reports, or (folder != NULL) that folder alone */
	size_t n;
	const char *folder;
	const char *ending; /* ".md" or ".html": of the template, and so of its partials */
	struct arena arena;
};

/* Letters, digits, '-', '_' and '.', not at the start: no way out of the folder. */
static bool
is_plain(struct sv name)
{
	size_t i;

	if (name.n == 0 || name.n > 100 || name.p[0] == '.')
		return false;
	for (i = 0; i < name.n; i++)
		if (!((name.p[i] >= '0' && name.p[i] <= '9') || (name.p[i] >= 'a' && name.p[i] <= 'z') ||
			(name.p[i] >= 'A' && name.p[i] <= 'Z') ||
			(name.p[i] != '\0' && strchr("-_.", name.p[i]) != NULL)))
			return false;
	return true;
}

/* The file at t->file, if there is one: 1 and its text, 0 none, -1. */
static int
load_file(struct library *l, struct mustache_text *t, struct err *e)
{
	struct sb text = {0};
	struct stat st;
	int rc = 0;

	if (stat(t->file, &st) == 0)
		rc = io_read_file(t->file, MAX_TEMPLATE, &text, e) < 0 ? -1 : 1;
	else if (errno != ENOENT && errno != ENOTDIR)
		rc = err_set(e, ERR_SYS, "%s: %s", t->file, strerror(errno));
	if (rc == 1)
		t->text = arena_sv(&l->arena, sb_sv(&text));
	sb_free(&text);
	return rc;
}

/* The first dir[i]/reports/NAME there is: 1 and *t, 0 none, -1. */
static int
load(struct library *l, const char *name, struct mustache_text *t, struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < l->n && rc == 0; i++) {
		t->file = arena_fmt(&l->arena, "%s/reports/%s", l->dir[i], name);
		rc = load_file(l, t, e);
	}
	return rc;
}

/* Partial "head" of summary.html is head.html. The user's own folder comes first, so one part can be replaced alone. */
static int
partial(void *ctx, struct sv name, struct mustache_text *t, struct err *e)
{
	struct library *l = ctx;

	if (!is_plain(name))
		return 0;
	return load(l, arena_fmt(&l->arena, "%" SV_FMT "%s", SV_ARG(name), l->ending), t, e);
}

static int
no_template(const struct library *l, const char *name, struct err *e)
{
	struct sb where = {0};
	size_t i;

	for (i = 0; i < l->n; i++)
		sb_addf(&where, "%s%s/reports", i == 0 ? "" : ", ", l->dir[i]);
	err_set(e, ERR_USAGE, "%s: no such template (looked in %s)", name, l->n == 0 ? "no folder" : sb_str(&where));
	sb_free(&where);
	return -1;
}

int
report_render(const struct doc *data, const char *name, const char *const *dir, size_t n, struct sb *out,
    struct err *e)
{
	struct library l = {.dir = dir, .n = n};
	struct mustache_opts opts = {.partial = partial, .ctx = &l};
	struct mustache_text t = {NULL, {NULL, 0}};
	struct sv plain = sv_of(name);
	int rc;

	l.ending = sv_ends(plain, ".html") ? ".html" : ".md";
	opts.escape = sv_ends(plain, ".html") ? ESCAPE_HTML : ESCAPE_MARKDOWN;
	if (!is_plain(plain) || !sv_ends(plain, l.ending)) {
		struct sb shown = {0};

		clean_add(&shown, sv_head(plain, 100));
		rc = err_set(e, ERR_USAGE, "'%s' is not a template's name: NAME.md or NAME.html", sb_str(&shown));
		sb_free(&shown);
		return rc;
	}
	rc = load(&l, name, &t, e);
	if (rc == 0)
		rc = no_template(&l, name, e);
	if (rc == 1)
		rc = mustache_render(&opts, t.file, t.text, data, out, e);
	arena_free(&l.arena);
	return rc;
}

/* Of a template that was named by its path: beside it, whatever its ending. */
static int
partial_beside(void *ctx, struct sv name, struct mustache_text *t, struct err *e)
{
	struct library *l = ctx;
	const char *const ending[] = {l->ending, ".mustache", ""};
	int rc = 0;

	if (!is_plain(name))
		return 0;
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending) && rc == 0; i++) {
		t->file = arena_fmt(&l->arena, "%s%" SV_FMT "%s", l->folder, SV_ARG(name), ending[i]);
		rc = load_file(l, t, e);
	}
	return rc;
}

static enum escape_mode
escape_of(struct sv name)
{
	if (sv_ends(name, ".mustache"))
		name = sv_head(name, name.n - strlen(".mustache"));
	return sv_ends(name, ".md") ? ESCAPE_MARKDOWN : sv_ends(name, ".txt") ? ESCAPE_PLAIN : ESCAPE_HTML;
}

int
report_render_file(const struct doc *data, const char *path, bool lenient, struct sb *out, struct err *e)
{
	struct sv base = sv_base(sv_of(path)), whole = sv_of(path);
	struct library l = {0};
	struct mustache_opts opts = {.escape = escape_of(base), .lenient = lenient, .partial = partial_beside, .ctx = &l};
	struct mustache_text t = {.file = path};
	size_t dot = sv_chr(base, '.');
	int rc;

	l.folder = arena_str(&l.arena, sv_head(whole, whole.n - base.n));
	l.ending = arena_str(&l.arena, sv_from(base, dot));
	rc = load_file(&l, &t, e);
	if (rc == 0)
		rc = err_set(e, ERR_USAGE, "%s: no such template", path);
	if (rc == 1)
		rc = mustache_render(&opts, t.file, t.text, data, out, e);
	arena_free(&l.arena);
	return rc;
}
