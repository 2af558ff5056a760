#include "pack/amend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "pack/contents.h"
#include "pack/out.h"
#include "pack/package.h"
#include "pack/walk.h"

/* The members in the order of their names, as pack.c writes them: old ones as they come, new ones in their places. */
struct amending {
	const char *path;
	enum out_format format;
	struct out *out;
	struct sv top;
	const struct amend_file *file;
	size_t n, next;
	bool approvals_folder; /* written */
	struct sb name;
};

static struct sv
inner(const struct amending *m, struct sv name)
{
	return sv_from(name, m->top.n + 1);
}

static int
write_new(struct amending *m, const struct amend_file *f, struct err *e)
{
	if (!m->approvals_folder && sv_starts(sv_of(f->name), PACKAGE_APPROVALS)) {
		m->approvals_folder = true;
		sb_reset(&m->name);
		sb_addf(&m->name, "%" SV_FMT "/" PACKAGE_APPROVALS, SV_ARG(m->top));
		if (out_folder(m->out, sb_str(&m->name), e) < 0)
			return -1;
	}
	sb_reset(&m->name);
	sb_addf(&m->name, "%" SV_FMT "/%s", SV_ARG(m->top), f->name);
	if (out_file(m->out, sb_str(&m->name), (int64_t)f->bytes.n, e) < 0)
		return -1;
	return out_data(m->out, f->bytes.p, f->bytes.n, e);
}

/* New files whose names come before this one. */
static int
catch_up(struct amending *m, struct sv before, struct err *e)
{
	while (m->next < m->n && (before.p == NULL || sv_cmp(sv_of(m->file[m->next].name), before) < 0))
		if (write_new(m, &m->file[m->next++], e) < 0)
			return -1;
	return 0;
}

static int
copy(struct amending *m, const struct walk_item *it, struct err *e)
{
	char chunk[64 * 1024];
	ptrdiff_t got;

	sb_reset(&m->name);
	sb_addv(&m->name, it->name);
	if (it->folder) {
		sb_addc(&m->name, '/');
		return out_folder(m->out, sb_str(&m->name), e);
	}
	if (out_file(m->out, sb_str(&m->name), it->size, e) < 0)
		return -1;
	while ((got = it->src->read(it->src, chunk, sizeof(chunk), e)) > 0)
		if (out_data(m->out, chunk, (size_t)got, e) < 0)
			return -1;
	return got < 0 ? -1 : 0;
}

static int
on_item(void *ctx, const struct walk_item *it, struct err *e)
{
	struct amending *m = ctx;
	struct sv name = inner(m, it->name);

	if (m->out == NULL && (m->out = out_open(m->path, m->format, it->mtime < 0 ? 0 : it->mtime, e)) == NULL)
		return -1;
	if (it->name.n <= m->top.n)
		return copy(m, it, e);
	if (it->folder && sv_is(name, "approvals"))
		m->approvals_folder = true;
	if (catch_up(m, name, e) < 0)
		return -1;
	if (!it->folder && m->next < m->n && sv_is(name, m->file[m->next].name))
		return write_new(m, &m->file[m->next++], e); /* replaced */
	return copy(m, it, e);
}

static int
amend_folder(const char *path, const struct amend_file *file, size_t n, struct err *e)
{
	struct sb name = {0};
	size_t i;
	int rc = 0;

	sb_addf(&name, "%s/approvals", path);
	if (mkdir(sb_str(&name), 0755) < 0 && errno != EEXIST)
		rc = err_set(e, ERR_SYS, "%s: cannot make it: %s", sb_str(&name), strerror(errno));
	for (i = 0; rc == 0 && i < n; i++) {
		sb_reset(&name);
		sb_addf(&name, "%s/%s", path, file[i].name);
		rc = io_write_file(sb_str(&name), file[i].bytes, e);
	}
	sb_free(&name);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct amend_file *)a)->name, ((const struct amend_file *)b)->name);
}

int
amend(const char *path, const struct amend_file *file, size_t n, struct err *e)
{
	struct amending m = {.path = path, .n = n};
	struct amend_file *sorted;
	struct contents c;
	struct stat st;
	int rc;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return amend_folder(path, file, n, e);
	if (!out_format_of_file(sv_of(path), &m.format))
		return err_set(e, ERR_USAGE, "%s: its name does not say what kind of package it is", path);
	sorted = mem_new(n, sizeof(*sorted));
	memcpy(sorted, file, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_name);
	m.file = sorted;
	rc = contents_read(&c, path, NULL, e);
	m.top = c.top;
	if (rc == 0 && c.top.n == 0)
		rc = err_set(e, ERR_INPUT, "top-folder: the archive has no top folder");
	if (rc == 0)
		rc = walk(path, CONTENTS_MAX_BYTES, NULL, on_item, &m, e);
	if (rc == 0)
		rc = catch_up(&m, (struct sv){0}, e);
	if (rc == 0)
		rc = out_commit(m.out, e);
	else
		out_abort(m.out);
	contents_free(&c);
	sb_free(&m.name);
	mem_free(sorted);
	return rc;
}
