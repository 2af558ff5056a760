#include "read/formats.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "read/format_def.h"

#define MAX_FILE ((size_t)1 << 20)

extern const struct reader reader_lines, reader_json, reader_jsonlines, reader_csv;

struct read_formats *
formats_new(void)
{
	return mem_new(1, sizeof(struct read_formats));
}

void
formats_free(struct read_formats *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->v.n; i++) {
		format_lines_free(&f->v.v[i].lines);
		format_csv_free(&f->v.v[i].csv);
	}
	vec_free(&f->v);
	arena_free(&f->arena);
	mem_free(f);
}

void
formats_each(const struct read_formats *f,
    void (*fn)(void *ctx, const char *name, const char *title, const char *file), void *ctx)
{
	size_t i;

	for (i = 0; f != NULL && i < f->v.n; i++)
		fn(ctx, f->v.v[i].name, f->v.v[i].title, f->v.v[i].file);
}

const struct format *
format_find(const struct read_formats *f, enum format_kind kind, const char *name)
{
	size_t i;

	for (i = 0; f != NULL && name != NULL && i < f->v.n; i++)
		if (f->v.v[i].kind == kind && strcmp(f->v.v[i].name, name) == 0)
			return &f->v.v[i];
	return NULL;
}

const char *
formats_sha256(const struct read_formats *f, const char *name)
{
	size_t i;

	for (i = 0; f != NULL && name != NULL && i < f->v.n; i++)
		if (strcmp(f->v.v[i].name, name) == 0)
			return f->v.v[i].sha256;
	return "";
}

const struct reader *
formats_reader(const struct read_formats *f, const char *name, const char **known)
{
	static const struct reader *const reader[] = {[FORMAT_LINES] = &reader_lines, [FORMAT_JSON] = &reader_json,
	    [FORMAT_JSONL] = &reader_jsonlines, [FORMAT_CSV] = &reader_csv};
	const struct format *found;
	size_t i;

	for (i = 0; i < sizeof(reader) / sizeof(reader[0]); i++) {
		if ((found = format_find(f, (enum format_kind)i, name)) == NULL)
			continue;
		*known = found->name;
		return reader[i];
	}
	return NULL;
}

int
format_keys(const struct doc *d, const char *const *known, struct err *e)
{
	const struct doc *c;
	size_t i;

	if (d->kind != DOC_MAP)
		return doc_err(d, e, "expected a map");
	for (c = doc_first(d); c != NULL; c = c->next) {
		for (i = 0; known[i] != NULL && !sv_is(c->key, known[i]); i++)
			;
		if (known[i] == NULL)
			return doc_err_key(c, e, "unknown key \"%" SV_FMT "\"",
			    SV_ARG(sv_head(c->key, 80)));
	}
	return 0;
}

static int
is_text(const struct doc *d, struct err *e)
{
	if (d->kind == DOC_STRING && d->text.n > 0 && memchr(d->text.p, '\0', d->text.n) == NULL)
		return 0;
	return doc_err(d, e, "expected a text that is not empty (quote it)");
}

const struct doc *
format_string(const struct doc *map, const char *key, struct err *e)
{
	const struct doc *d = doc_get(map, key);

	if (d == NULL) {
		doc_err(map, e, "missing key \"%s\"", key);
		return NULL;
	}
	return is_text(d, e) < 0 ? NULL : d;
}

int
format_strings(struct arena *a, const struct doc *map, const char *key, const struct doc ***v,
    size_t *n, struct err *e)
{
	const struct doc *d = doc_get(map, key), *c;

	*v = NULL;
	*n = 0;
	if (d == NULL)
		return 0;
	*v = arena_new(a, d->kind == DOC_LIST ? d->n : 1, sizeof(**v));
	for (c = d->kind == DOC_LIST ? doc_first(d) : d; c != NULL;
	    c = d->kind == DOC_LIST ? c->next : NULL) {
		if (is_text(c, e) < 0)
			return -1;
		(*v)[(*n)++] = c;
	}
	return 0;
}

static int
load(struct read_formats *f, struct format *out, const char *file, struct sv text, struct err *e)
{
	static const char *const keys[] = {"format", "title", "words", "lines", "json", "jsonl", "csv", NULL};
	const struct doc *d = doc_yaml(&f->arena, file, text, e), *name, *title, *lines, *json, *jsonl, *csv;
	struct sv base = sv_base(sv_of(file));
	struct emit_scope scope = {.arena = &f->arena};
	int rc;

	if (d == NULL || format_keys(d, keys, e) < 0)
		return -1;
	if ((name = format_string(d, "format", e)) == NULL ||
	    (title = format_string(d, "title", e)) == NULL)
		return -1;
	if (base.n != name->text.n + 5 || !sv_eq(sv_head(base, name->text.n), name->text) ||
	    !sv_ends(base, ".yaml"))
		return doc_err(name, e, "format \"%" SV_FMT "\" belongs into a file %" SV_FMT ".yaml",
		    SV_ARG(sv_head(name->text, 80)), SV_ARG(sv_head(name->text, 80)));
	out->name = arena_str(&f->arena, name->text);
	out->title = arena_str(&f->arena, title->text);
	out->file = arena_str(&f->arena, sv_of(file));
	digest_of(text, out->sha256);
	lines = doc_get(d, "lines");
	json = doc_get(d, "json");
	jsonl = doc_get(d, "jsonl");
	csv = doc_get(d, "csv");
	if ((lines != NULL) + (json != NULL) + (jsonl != NULL) + (csv != NULL) != 1)
		return doc_err(d, e, "a format has one of \"lines\", \"json\", \"jsonl\" and \"csv\"");
	out->kind = lines != NULL ? FORMAT_LINES : json != NULL ? FORMAT_JSON : jsonl != NULL ? FORMAT_JSONL : FORMAT_CSV;
	if (emit_words_load(&f->arena, doc_get(d, "words"), &out->words, &out->nwords, e) < 0)
		return -1;
	scope.words = out->words;
	scope.nwords = out->nwords;
	rc = lines != NULL ? format_lines_load(&scope, lines, &out->lines, e) :
	    json != NULL ? format_json_load(&scope, json, &out->json, e) :
	    jsonl != NULL ? format_jsonl_load(&scope, jsonl, &out->json, e) :
	    format_csv_load(&scope, csv, &out->csv, e);
	out->nemit = scope.count;
	return rc;
}

int
formats_add(struct read_formats *f, const char *file, struct sv text, struct err *e)
{
	struct format got = {0};
	size_t i, k;

	if (load(f, &got, arena_str(&f->arena, sv_of(file)), text, e) < 0) {
		format_lines_free(&got.lines);
		format_csv_free(&got.csv);
		return -1;
	}
	for (i = 0; i < f->v.n && strcmp(f->v.v[i].name, got.name) < 0; i++)
		;
	if (i < f->v.n && strcmp(f->v.v[i].name, got.name) == 0) {
		format_lines_free(&f->v.v[i].lines);
		format_csv_free(&f->v.v[i].csv);
	} else {
		(void)vec_add(&f->v);
		for (k = f->v.n - 1; k > i; k--)
			f->v.v[k] = f->v.v[k - 1];
	}
	f->v.v[i] = got;
	return 0;
}

struct names {
	VEC(char *) v;
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The *.yaml of one folder, sorted: readdir()'s order is the disk's. */
static int
list(const char *dir, struct names *names, struct err *e)
{
	const struct dirent *entry;
	DIR *d = opendir(dir);
	int rc = 0;

	if (d == NULL) {
		if (errno == ENOENT)
			return 0;
		return err_set(e, ERR_SYS, "%s: %s", dir, strerror(errno));
	}
	for (errno = 0; (entry = readdir(d)) != NULL; errno = 0)
		if (entry->d_name[0] != '.' && sv_ends(sv_of(entry->d_name), ".yaml"))
			*vec_add(&names->v) = mem_dup(entry->d_name, strlen(entry->d_name));
	if (errno != 0)
		rc = err_set(e, ERR_SYS, "%s: %s", dir, strerror(errno));
	closedir(d);
	if (names->v.n > 1)
		qsort(names->v.v, names->v.n, sizeof(*names->v.v), by_text);
	return rc;
}

static int
add_file(struct read_formats *f, const char *path, struct err *e)
{
	struct sb text = {0};
	int rc = io_read_file(path, MAX_FILE, &text, e);

	if (rc == 0)
		rc = formats_add(f, path, sb_sv(&text), e);
	sb_free(&text);
	return rc;
}

static int
add_folder(struct read_formats *f, const char *dir, struct err *e)
{
	struct names names = {0};
	struct sb path = {0};
	size_t i;
	int rc = list(dir, &names, e);

	for (i = 0; i < names.v.n && rc == 0; i++) {
		sb_reset(&path);
		sb_addf(&path, "%s/%s", dir, names.v.v[i]);
		rc = add_file(f, sb_str(&path), e);
	}
	for (i = 0; i < names.v.n; i++)
		mem_free(names.v.v[i]);
	vec_free(&names.v);
	sb_free(&path);
	return rc;
}

struct read_formats *
formats_load(const char *const *dir, size_t n, struct err *e)
{
	struct read_formats *f = formats_new();
	size_t i;

	for (i = 0; i < n; i++) {
		if (add_folder(f, dir[i], e) < 0) {
			formats_free(f);
			return NULL;
		}
	}
	return f;
}
