#include "step_history.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/time.h"
#include "table.h"

#define MAX_VERDICT ((size_t)256 * 1024 * 1024)

struct history {
	const struct tool *t;
	struct arena arena;
	VEC(struct step_past) run;
	bool failed;
};

static int
by_start(const void *a, const void *b)
{
	const struct step_past *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* DIR/NAME/verdict.json, if it is one. */
static void
add_run(struct history *h, const char *dir, const char *name)
{
	const char *path = arena_fmt(&h->arena, "%s/%s/verdict.json", dir, name);
	const struct doc *d = NULL, *start;
	struct step_past p = {.name = arena_str(&h->arena, sv_of(name)), .start = TIME_NONE};
	struct sb bytes = {0};
	struct err e = {0};

	if (io_read_file(path, MAX_VERDICT, &bytes, &e) == 0)
		d = doc_json(&h->arena, path, arena_sv(&h->arena, sb_sv(&bytes)), &e);
	sb_free(&bytes);
	if (d == NULL || (start = doc_path(d, SV("run.start"))) == NULL || doc_get(d, "criteria") == NULL) {
		tool_say(h->t, "%s: not a run that can be listed: %s", name, d == NULL ? e.msg : "no verdict of ours");
		h->failed = true;
		return;
	}
	if (start->kind == DOC_STRING)
		(void)time_parse(start->text, &p.start);
	p.verdict = d;
	*vec_add(&h->run) = p;
}

/* All folders of dir; 0 or -1. */
static int
find_runs(struct history *h, const char *dir, struct err *e)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	const char *path;

	if (d == NULL)
		return err_set(e, ERR_SYS, "%s: %s", dir, strerror(errno));
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		path = arena_fmt(&h->arena, "%s/%s/verdict.json", dir, entry->d_name);
		if (access(path, F_OK) == 0)
			add_run(h, dir, entry->d_name);
	}
	closedir(d);
	if (h->run.n > 1)
		qsort(h->run.v, h->run.n, sizeof(*h->run.v), by_start);
	return 0;
}

static struct sv
text_at(const struct doc *d, const char *path)
{
	const struct doc *v = doc_path(d, sv_of(path));

	return v == NULL || v->kind == DOC_NULL ? SV("") : v->text;
}

static void
add_rows(struct table *out, const struct step_past *p)
{
	const struct doc *c;
	char at[TIME_TEXT];

	for (c = doc_first(doc_get(p->verdict, "criteria")); c != NULL; c = c->next) {
		table_cell(out, sv_of(time_text(p->start, at)));
		table_cell(out, sv_of(p->name));
		table_cell(out, text_at(p->verdict, "decision"));
		table_cell(out, text_at(c, "id"));
		table_cell(out, text_at(c, "verdict"));
		table_cell(out, text_at(c, "observed.text"));
		table_cell(out, text_at(c, "required.text"));
		table_row(out);
	}
}

/* Runs that were due and are not there, on stderr: how many. */
static size_t
missing(const struct history *h, int64_t every)
{
	char from[TIME_TEXT], to[TIME_TEXT];
	size_t n = 0;

	for (size_t i = 1; i < h->run.n && every > 0; i++) {
		if (h->run.v[i - 1].start == TIME_NONE || h->run.v[i].start - h->run.v[i - 1].start <= every + every / 2)
			continue;
		n++;
		tool_say(h->t, "no run began between %s and %s", time_text(h->run.v[i - 1].start, from), time_text(h->run.v[i].start, to));
	}
	return n;
}

int
step_history_read(const struct tool *t, const char *dir, struct arena *a, struct step_past **v, size_t *n, bool *failed, struct err *e)
{
	struct history h = {.t = t};
	int rc;

	h.arena = *a;
	rc = find_runs(&h, dir, e);
	*a = h.arena;
	*n = h.run.n;
	*v = arena_keep(a, h.run.v, h.run.n, sizeof(*h.run.v));
	*failed = h.failed;
	return rc;
}

int
step_history(const struct tool *t, const char *dir, int64_t every, bool tsv)
{
	static const char *const head[] = {"start", "run", "decision", "criterion", "verdict", "observed", "required"};
	struct history h = {.t = t};
	struct table table = {0};
	struct sb out = {0};
	struct err e = {0};
	int status;

	if (find_runs(&h, dir, &e) < 0) {
		status = tool_fail(t, &e);
	} else if (h.run.n == 0) {
		tool_say(t, "%s: no folder with a verdict.json in it", dir);
		status = h.failed ? TOOL_TROUBLE : TOOL_INCONCLUSIVE;
	} else {
		for (size_t i = 0; i < sizeof(head) / sizeof(*head); i++)
			table_cell(&table, sv_of(head[i]));
		table_row(&table);
		for (size_t i = 0; i < h.run.n; i++)
			add_rows(&table, &h.run.v[i]);
		table_write(&table, tsv, &out);
		fwrite(sb_str(&out), 1, out.n, stdout);
		status = missing(&h, every) > 0 ? TOOL_FAIL : h.failed ? TOOL_TROUBLE : TOOL_PASS;
	}
	sb_free(&out);
	table_free(&table);
	vec_free(&h.run);
	arena_free(&h.arena);
	return status;
}
