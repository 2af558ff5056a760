#include "ingest/ingest.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/mem.h"
#include "ingest/folder.h"
#include "ingest/item.h"

struct ingest *
ingest_open(struct store *s, const struct ingest_opts *o)
{
	struct ingest *i = mem_new(1, sizeof(*i));

	i->store = s;
	i->opts = o;
	return i;
}

void
ingest_close(struct ingest *i)
{
	if (i == NULL)
		return;
	item_abandon(i);
	vec_free(&i->seen);
	prom_set_free(&i->folded);
	mem_free(i);
}

const struct ingest_totals *
ingest_totals(const struct ingest *i)
{
	return &i->totals;
}

/* A source that tells how much was read of it. */
struct told {
	struct io_src src;
	struct io_src *in;
	const struct ingest_opts *opts;
	const char *name;
};

static ptrdiff_t
told_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct told *t = (struct told *)src;
	ptrdiff_t got = t->in->read(t->in, buf, n, e);

	if (got > 0)
		t->opts->progress(t->opts->ctx, t->name, (size_t)got);
	return got;
}

static int
walk_fd(struct ingest *i, int fd, const char *name, struct err *e)
{
	int64_t mtime = TIME_NONE;
	struct io_fd src;
	struct told t;
	struct stat st;

	i->live = fstat(fd, &st) == 0 && !S_ISREG(st.st_mode);
	if (!i->live && S_ISREG(st.st_mode))
		mtime = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
	io_fd_init(&src, fd, name);
	t = (struct told){{told_read}, &src.src, i->opts, name};
	return item_walk(i, i->opts->progress != NULL ? &t.src : &src.src, name, mtime, e);
}

/* One stream: 0; 1 when it is of no use, or is itself broken. */
static int
ingest_stream(struct ingest *i, int fd, const char *name, struct err *e)
{
	if (walk_fd(i, fd, name, e) < 0)
		return -1;
	if (i->wrong.code == ERR_NONE && i->usable > 0)
		return 0;
	if (i->wrong.code != ERR_NONE)
		err_set(e, i->wrong.code, "%s", i->wrong.msg);
	else
		err_set(e, ERR_INPUT, "%s: nothing usable in it", name);
	return 1;
}

static int
ingest_file(struct ingest *i, const char *path, struct err *e)
{
	struct sv base = sv_of(path);
	struct sb name = {0};
	int fd = io_open(path, e), rc;

	if (fd < 0)
		return 1;
	clean_add(&name, sv_base(base));
	rc = ingest_stream(i, fd, sb_str(&name), e);
	sb_free(&name);
	close(fd);
	return rc;
}

static int
on_file(void *ctx, int fd, const char *name, const char *path, struct err *e)
{
	(void)path;
	return walk_fd(ctx, fd, name, e);
}

static int
on_unreadable(void *ctx, const char *name, const char *why, struct err *e)
{
	return item_unreadable(ctx, name, why, e);
}

static int
on_left_out(void *ctx, const char *name, const char *why, struct err *e)
{
	return item_left_out(ctx, name, why, e);
}

static int
ingest_folder(struct ingest *i, const char *path, struct err *e)
{
	const struct folder_sink sink = {i, on_file, on_unreadable, on_left_out, i->opts->skip};
	int rc = folder_walk(path, &sink, e);

	if (rc == 0 && i->usable == 0) {
		err_set(e, ERR_INPUT, "%s: nothing usable in this folder", path);
		return 1;
	}
	return rc;
}

int
ingest_operand(struct ingest *i, const char *path, struct err *e)
{
	struct stat st;

	i->usable = 0;
	if (strcmp(path, "-") == 0)
		return ingest_stream(i, STDIN_FILENO, "stdin", e);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return ingest_folder(i, path, e);
	return ingest_file(i, path, e);
}
