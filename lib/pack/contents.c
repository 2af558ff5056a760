#include "pack/contents.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "pack/walk.h"

#define CHUNK ((size_t)64 * 1024)

struct reading {
	struct contents *c;
	const struct contents_opts *o;
	int64_t kept;
	VEC(struct sv) folder; /* names of folders: a file must not have one's name */
};

static struct sv
base_of(struct sv name)
{
	return sv_from(name, sv_chr(name, '/') + 1);
}

/* All bytes of an item through a digest, and kept when wanted. */
static int
take(struct reading *r, struct contents_file *f, struct io_src *src, struct err *e)
{
	struct digest *d = digest_new();
	struct sb bytes = {0};
	char chunk[CHUNK];
	ptrdiff_t got;
	int64_t size = 0;

	while ((got = src->read(src, chunk, sizeof(chunk), e)) > 0) {
		digest_add(d, chunk, (size_t)got);
		size += got;
		if (f->kept)
			sb_add(&bytes, chunk, (size_t)got);
		if (f->kept && size > f->size)
			break;
	}
	if (got == 0 && size != f->size)
		got = err_set(e, ERR_INPUT, "changed-meanwhile: %" SV_FMT " while it was read", SV_ARG(f->name));
	digest_hex(d, f->sha256);
	digest_free(d);
	if (got == 0 && f->kept)
		f->bytes = arena_sv(&r->c->arena, sb_sv(&bytes));
	sb_free(&bytes);
	return got < 0 ? -1 : 0;
}

static int
on_item(void *ctx, const struct walk_item *it, struct err *e)
{
	struct reading *r = ctx;
	struct contents_file *f;
	struct sv name = arena_sv(&r->c->arena, it->name), inner;

	if (r->c->file.n + r->folder.n >= CONTENTS_MAX_FILES)
		return err_set(e, ERR_LIMIT, "limit-count: more than %d files and folders", CONTENTS_MAX_FILES);
	if (it->folder) {
		*vec_add(&r->folder) = name;
		return 0;
	}
	f = vec_add(&r->c->file);
	f->name = name;
	f->size = it->size;
	inner = r->c->archive && sv_chr(name, '/') < name.n ? base_of(name) : name;
	f->kept = r->o != NULL && r->o->keep != NULL && r->kept + f->size <= CONTENTS_MAX_KEPT &&
	    (r->o->keep(r->o->ctx, inner, f->size) || r->o->keep(r->o->ctx, name, f->size));
	if (f->kept)
		r->kept += f->size;
	return take(r, f, it->src, e);
}

static int
by_name(const void *a, const void *b)
{
	return sv_cmp(((const struct contents_file *)a)->name, ((const struct contents_file *)b)->name);
}

static int
by_text(const void *a, const void *b)
{
	return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

static int
twin(struct sv name, struct err *e)
{
	struct sb shown = {0};

	clean_add(&shown, sv_head(name, 300));
	err_set(e, ERR_INPUT, "duplicate-member: %s is there twice", sb_str(&shown));
	sb_free(&shown);
	return -1;
}

/* Two members of one name, or a file where another one needs a folder. */
static int
check_twins(const struct contents *c, const struct reading *r, struct err *e)
{
	size_t i, k;

	for (i = 0; i < c->file.n; i++) {
		struct sv name = c->file.v[i].name;

		if (i > 0 && sv_eq(name, c->file.v[i - 1].name))
			return twin(name, e);
		if (r->folder.n > 0 && bsearch(&name, r->folder.v, r->folder.n, sizeof(*r->folder.v), by_text) != NULL)
			return twin(name, e);
		for (k = 0; k < name.n; k++)
			if (name.p[k] == '/' && contents_find(c, sv_head(name, k)) != NULL)
				return twin(sv_head(name, k), e);
	}
	return 0;
}

/* An archive holds one top folder, and everything below it; or, against RFC 8493 4, the bag itself at its top. */
static int
find_top(struct contents *c, const struct reading *r, struct err *e)
{
	struct sv top = {0};
	size_t i;

	if (!c->archive || contents_find(c, SV("bagit.txt")) != NULL)
		return 0;
	for (i = 0; i < c->file.n + r->folder.n; i++) {
		struct sv name = i < c->file.n ? c->file.v[i].name : r->folder.v[i - c->file.n];
		struct sv first = sv_head(name, sv_chr(name, '/'));

		if (i == 0)
			top = first;
		if (!sv_eq(first, top) || (i < c->file.n && first.n == name.n))
			return err_set(e, ERR_INPUT, "top-folder: the archive holds more than one folder at its top");
	}
	if (i == 0)
		return err_set(e, ERR_INPUT, "archive-empty: there is nothing in it");
	c->top = top;
	for (i = 0; i < c->file.n; i++)
		c->file.v[i].name = sv_from(c->file.v[i].name, top.n + 1);
	return 0;
}

static void
find_data(struct contents *c, const struct reading *r)
{
	size_t i;

	for (i = 0; i < r->folder.n; i++) {
		struct sv name = r->folder.v[i];

		if (c->top.n > 0)
			name = sv_from(name, c->top.n + 1);
		c->has_data = c->has_data || sv_is(name, "data") || sv_starts(name, "data/");
	}
	for (i = 0; i < c->file.n; i++)
		c->has_data = c->has_data || sv_starts(c->file.v[i].name, "data/");
}

int
contents_read(struct contents *c, const char *path, const struct contents_opts *o, struct err *e)
{
	struct reading r = {.c = c, .o = o};
	int64_t max = o == NULL || o->max_bytes == 0 ? CONTENTS_MAX_BYTES : o->max_bytes;
	int rc;

	*c = (struct contents){.path = path};
	rc = walk(path, max, &c->archive, on_item, &r, e);
	if (rc == 0 && c->file.n > 0)
		qsort(c->file.v, c->file.n, sizeof(*c->file.v), by_name);
	if (rc == 0 && r.folder.n > 0)
		qsort(r.folder.v, r.folder.n, sizeof(*r.folder.v), by_text);
	if (rc == 0)
		rc = check_twins(c, &r, e);
	if (rc == 0)
		rc = find_top(c, &r, e);
	if (rc == 0)
		find_data(c, &r);
	vec_free(&r.folder);
	return rc;
}

void
contents_free(struct contents *c)
{
	vec_free(&c->file);
	arena_free(&c->arena);
}

const struct contents_file *
contents_find(const struct contents *c, struct sv name)
{
	struct contents_file key = {.name = name};

	if (c->file.n == 0)
		return NULL;
	return bsearch(&key, c->file.v, c->file.n, sizeof(key), by_name);
}

struct digesting {
	const struct contents *c;
	const struct sv *algorithm;
	size_t n;
	int (*got)(void *ctx, const struct contents_file *f, size_t which, struct sv hex);
	void *ctx;
};

static struct sv
inner_name(const struct contents *c, struct sv name)
{
	return c->top.n > 0 ? sv_from(name, c->top.n + 1) : name;
}

static int
digest_item(void *ctx, const struct walk_item *it, struct err *e)
{
	struct digesting *g = ctx;
	const struct contents_file *f;
	struct digest *d[8] = {NULL};
	struct digest *same;
	char chunk[CHUNK], hex[DIGEST_MAX_HEX];
	ptrdiff_t got;
	size_t i;
	int rc = 0;

	if (it->folder)
		return 0;
	f = contents_find(g->c, inner_name(g->c, it->name));
	if (f == NULL)
		return err_set(e, ERR_INPUT, "changed-meanwhile: %" SV_FMT " appeared", SV_ARG(it->name));
	same = digest_new();
	for (i = 0; i < g->n && i < 8; i++)
		d[i] = digest_new_of(g->algorithm[i]);
	while ((got = it->src->read(it->src, chunk, sizeof(chunk), e)) > 0) {
		digest_add(same, chunk, (size_t)got);
		for (i = 0; i < g->n && i < 8; i++)
			digest_add(d[i], chunk, (size_t)got);
	}
	digest_hex(same, hex);
	if (got == 0 && strcmp(hex, f->sha256) != 0)
		got = err_set(e, ERR_INPUT, "changed-meanwhile: %" SV_FMT " while it was read", SV_ARG(it->name));
	digest_free(same);
	for (i = 0; i < g->n && i < 8; i++) {
		size_t n = digest_text(d[i], hex);

		if (got == 0 && rc == 0)
			rc = g->got(g->ctx, f, i, (struct sv){hex, n});
		digest_free(d[i]);
	}
	return got < 0 ? -1 : rc;
}

int
contents_digest(const struct contents *c, const struct sv *algorithm, size_t n,
    int (*got)(void *ctx, const struct contents_file *f, size_t which, struct sv hex), void *ctx, struct err *e)
{
	struct digesting g = {c, algorithm, n, got, ctx};

	return walk(c->path, CONTENTS_MAX_BYTES, NULL, digest_item, &g, e);
}

struct extracting {
	struct sv name;
	int (*give)(void *ctx, const void *p, size_t n, struct err *e);
	void *ctx;
	bool archive, found;
};

static int
extract_item(void *ctx, const struct walk_item *it, struct err *e)
{
	struct extracting *x = ctx;
	char chunk[CHUNK];
	ptrdiff_t got;

	if (it->folder || (!sv_eq(it->name, x->name) && !(x->archive && sv_eq(base_of(it->name), x->name))))
		return 0;
	x->found = true;
	while ((got = it->src->read(it->src, chunk, sizeof(chunk), e)) > 0)
		if (x->give(x->ctx, chunk, (size_t)got, e) < 0)
			return -1;
	return got < 0 ? -1 : 1;
}

int
contents_extract(const char *path, struct sv name, int (*give)(void *ctx, const void *p, size_t n, struct err *e),
    void *ctx, struct err *e)
{
	struct extracting x = {name, give, ctx, false, false};

	if (walk(path, CONTENTS_MAX_BYTES, &x.archive, extract_item, &x, e) < 0)
		return -1;
	return x.found ? 0 : err_set(e, ERR_INPUT, "%s: holds no %.*s", path, (int)sv_head(name, 300).n, name.p);
}
