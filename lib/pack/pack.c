#include "pack/pack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/time.h"
#include "pack/bag.h"
#include "pack/names.h"

struct payload {
	const char *name; /* "data/..." */
	const char *path; /* NULL: bytes */
	struct sv bytes;
	struct stat st;   /* of path when writing began */
};

struct pack {
	struct arena arena;
	struct names *names;
	VEC(struct payload) file;
};

/* A package on its way out. */
struct writing {
	const struct pack_info *info;
	struct out *out;
	struct sb member;              /* the name of the tar member under way */
	struct sb manifest, tagmanifest;
	int64_t size;                  /* of the payload */
};

struct pack *
pack_new(void)
{
	struct pack *p = mem_new(1, sizeof(*p));

	p->names = names_new();
	return p;
}

void
pack_free(struct pack *p)
{
	if (p == NULL)
		return;
	names_free(p->names);
	vec_free(&p->file);
	arena_free(&p->arena);
	mem_free(p);
}

static struct payload *
add(struct pack *p, const char *name, struct err *e)
{
	struct payload *f;

	if (names_take(p->names, sv_of(name), e) < 0)
		return NULL;
	f = vec_add(&p->file);
	f->name = arena_fmt(&p->arena, "data/%s", name);
	return f;
}

int
pack_add_file(struct pack *p, const char *name, const char *path, struct err *e)
{
	struct payload *f = add(p, name, e);

	if (f == NULL)
		return -1;
	f->path = arena_str(&p->arena, sv_of(path));
	return 0;
}

int
pack_add_bytes(struct pack *p, const char *name, struct sv bytes, struct err *e)
{
	struct payload *f = add(p, name, e);

	if (f == NULL)
		return -1;
	f->bytes = arena_sv(&p->arena, bytes);
	return 0;
}

int
pack_each(struct pack *p, int (*fn)(void *ctx, const char *name, const char *path, struct sv bytes, struct err *e), void *ctx,
    struct err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < p->file.n; i++)
		rc = fn(ctx, p->file.v[i].name, p->file.v[i].path, p->file.v[i].bytes, e);
	return rc;
}

void
pack_replace(struct pack *p, const char *name, struct sv bytes)
{
	size_t i;

	for (i = 0; i < p->file.n; i++)
		if (strcmp(p->file.v[i].name, name) == 0) {
			p->file.v[i].path = NULL;
			p->file.v[i].bytes = arena_sv(&p->arena, bytes);
		}
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct payload *)a)->name, ((const struct payload *)b)->name);
}

/* Sizes are needed first: bag-info.txt comes before the payload and states its size. */
static int
measure(struct pack *p, struct writing *w, struct err *e)
{
	size_t i;

	for (i = 0; i < p->file.n; i++) {
		struct payload *f = &p->file.v[i];

		if (f->path == NULL) {
			w->size += (int64_t)f->bytes.n;
			continue;
		}
		if (stat(f->path, &f->st) < 0)
			return err_set(e, ERR_SYS, "%s: %s", f->path, strerror(errno));
		if (!S_ISREG(f->st.st_mode))
			return err_set(e, ERR_INPUT, "%s: cannot be packed: not a regular file", f->path);
		if (f->st.st_size > INT64_MAX - w->size)
			return err_set(e, ERR_LIMIT, "%s: the package becomes too large", f->path);
		w->size += f->st.st_size;
	}
	return 0;
}

static const char *
member(struct writing *w, const char *name)
{
	sb_reset(&w->member);
	sb_addv(&w->member, w->info->name);
	sb_addc(&w->member, '/');
	sb_adds(&w->member, name);
	return sb_str(&w->member);
}

/* A file made here: its digest goes into list, unless NULL. */
static int
write_bytes(struct writing *w, const char *name, struct sv bytes, struct sb *list, struct err *e)
{
	char hex[DIGEST_HEX];

	if (list != NULL) {
		digest_of(bytes, hex);
		bag_manifest_line(list, hex, name);
	}
	if (out_file(w->out, member(w, name), (int64_t)bytes.n, e) < 0)
		return -1;
	return out_data(w->out, bytes.p, bytes.n, e);
}

static int
changed(const struct payload *f, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s: changed while it was packed", f->path);
}

/* Is the open file still the one that was measured, as it was? */
static bool
is_same(const struct payload *f, int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_dev == f->st.st_dev && st.st_ino == f->st.st_ino &&
	    st.st_size == f->st.st_size && st.st_mtim.tv_sec == f->st.st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == f->st.st_mtim.tv_nsec;
}

/* Read once: what is digested is what is written. */
static int
copy(struct writing *w, const struct payload *f, int fd, struct digest *d, struct err *e)
{
	char chunk[256 * 1024];
	int64_t left = f->st.st_size;
	struct io_fd in;
	ptrdiff_t got;

	io_fd_init(&in, fd, f->path);
	while ((got = in.src.read(&in.src, chunk, sizeof(chunk), e)) > 0) {
		if (got > left)
			return changed(f, e);
		left -= got;
		digest_add(d, chunk, (size_t)got);
		if (out_data(w->out, chunk, (size_t)got, e) < 0)
			return -1;
	}
	if (got < 0)
		return -1;
	return left > 0 || !is_same(f, fd) ? changed(f, e) : 0;
}

static int
write_file(struct writing *w, const struct payload *f, struct err *e)
{
	char hex[DIGEST_HEX];
	struct digest *d;
	int fd, rc;

	if (f->path == NULL)
		return write_bytes(w, f->name, f->bytes, &w->manifest, e);
	if ((fd = io_open(f->path, e)) < 0)
		return -1;
	d = digest_new();
	rc = is_same(f, fd) ? out_file(w->out, member(w, f->name), f->st.st_size, e) : changed(f, e);
	if (rc == 0)
		rc = copy(w, f, fd, d, e);
	if (rc == 0) {
		digest_hex(d, hex);
		bag_manifest_line(&w->manifest, hex, f->name);
	}
	digest_free(d);
	close(fd);
	return rc;
}

/* The folders above name that were not above the name before it; in sorted order that is each folder once. */
static int
write_folders(struct writing *w, const char *before, const char *name, struct err *e)
{
	size_t i, same = 0;

	while (before[same] == name[same] && name[same] != '\0')
		same++;
	for (i = same; name[i] != '\0'; i++) {
		if (name[i] != '/')
			continue;
		member(w, "");
		sb_add(&w->member, name, i + 1);
		if (out_folder(w->out, sb_str(&w->member), e) < 0)
			return -1;
	}
	return 0;
}

static int
write_payload(struct writing *w, const struct pack *p, struct err *e)
{
	const char *before = "data/";
	size_t i;

	if (write_folders(w, "", before, e) < 0)
		return -1;
	for (i = 0; i < p->file.n; i++) {
		if (write_folders(w, before, p->file.v[i].name, e) < 0 || write_file(w, &p->file.v[i], e) < 0)
			return -1;
		before = p->file.v[i].name;
	}
	return 0;
}

/* Outside the tag manifest, whose digest it is about (docs/rules.md 24). */
static int
write_statement(struct writing *w, struct err *e)
{
	struct sb text = {0};
	char hex[DIGEST_HEX];
	int rc;

	digest_of(sb_sv(&w->tagmanifest), hex);
	rc = w->info->statement(w->info->ctx, hex, &text, e);
	if (rc == 0)
		rc = write_bytes(w, "statement.intoto.jsonl", sb_sv(&text), NULL, e);
	sb_free(&text);
	return rc;
}

/* The members in the order of their names, which happens to put each manifest behind what it lists. */
static int
write_bag(struct writing *w, const struct pack *p, struct err *e)
{
	struct sb about = {0}, bagit = {0};
	int rc;

	bag_info(&about, w->info, w->size, (int64_t)p->file.n);
	bag_declaration(&bagit);
	rc = out_folder(w->out, member(w, ""), e);
	if (rc == 0)
		rc = write_bytes(w, "bag-info.txt", sb_sv(&about), &w->tagmanifest, e);
	if (rc == 0)
		rc = write_bytes(w, "bagit.txt", sb_sv(&bagit), &w->tagmanifest, e);
	if (rc == 0)
		rc = write_payload(w, p, e);
	if (rc == 0)
		rc = write_bytes(w, "manifest-sha256.txt", sb_sv(&w->manifest), &w->tagmanifest, e);
	if (rc == 0 && w->info->statement != NULL)
		rc = write_statement(w, e);
	if (rc == 0)
		rc = write_bytes(w, "tagmanifest-sha256.txt", sb_sv(&w->tagmanifest), NULL, e);
	sb_free(&about);
	sb_free(&bagit);
	return rc;
}

int
pack_write(struct pack *p, const struct pack_info *info, const char *path, enum out_format format, struct err *e)
{
	struct writing w = {.info = info};
	int rc;

	if (bag_check(info, e) < 0 || measure(p, &w, e) < 0)
		return -1;
	if (p->file.n > 0)
		qsort(p->file.v, p->file.n, sizeof(*p->file.v), by_name);
	w.out = out_open(path, format, info->time / TIME_SECOND, e);
	if (w.out == NULL)
		return -1;
	rc = write_bag(&w, p, e);
	if (rc == 0)
		rc = out_commit(w.out, e);
	else
		out_abort(w.out);
	sb_free(&w.member);
	sb_free(&w.manifest);
	sb_free(&w.tagmanifest);
	return rc;
}
