#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


#define CHUNK ((size_t)32 * 1024)

static ptrdiff_t
mem_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct io_mem *m = (struct io_mem *)src; /* src is its first member */

	(void)e;
	if (n > m->rest.n)
		n = m->rest.n;
	if (n > 0)
		memcpy(buf, m->rest.p, n);
	m->rest = sv_from(m->rest, n);
	return (ptrdiff_t)n;
}

void
io_mem_init(struct io_mem *m, struct sv bytes)
{
	*m = (struct io_mem){.src = {.read = mem_read}, .rest = bytes};
}

static ptrdiff_t
fd_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct io_fd *f = (struct io_fd *)src;
	ssize_t got;

	if (n > INT32_MAX)
		n = INT32_MAX;
	do
		got = read(f->fd, buf, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_set(e, ERR_SYS, "%s: cannot read: %s", f->name, strerror(errno));
	return got;
}

void
io_fd_init(struct io_fd *f, int fd, const char *name)
{
	*f = (struct io_fd){.src = {.read = fd_read}, .fd = fd, .name = name};
}

int
io_open(const char *path, struct err *e)
{
	struct stat st;
	int fd;

	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return err_set(e, ERR_SYS, "%s: cannot open: %s", path, strerror(errno));
	if (fstat(fd, &st) < 0)
		err_set(e, ERR_SYS, "%s: cannot stat: %s", path, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		err_set(e, ERR_SYS, "%s: is a directory", path);
	else if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		err_set(e, ERR_SYS, "%s: neither a regular file nor a pipe", path);
	else
		return fd;
	close(fd);
	return -1;
}

int
io_read_all(struct io_src *src, const char *name, size_t max, struct sb *out, struct err *e)
{
	char chunk[CHUNK];
	size_t total = 0;
	ptrdiff_t got;

	while ((got = src->read(src, chunk, sizeof(chunk), e)) > 0) {
		if ((size_t)got > max - total)
			return err_set(e, ERR_LIMIT, "%s: larger than %zu bytes", name, max);
		total += (size_t)got;
		sb_add(out, chunk, (size_t)got);
	}
	return got < 0 ? -1 : 0;
}

int
io_read_file(const char *path, size_t max, struct sb *out, struct err *e)
{
	struct io_fd f;
	int fd, rc;

	if ((fd = io_open(path, e)) < 0)
		return -1;
	io_fd_init(&f, fd, path);
	rc = io_read_all(&f.src, path, max, out, e);
	close(fd);
	return rc;
}

void
io_lines_init(struct io_lines *l, struct io_src *src, size_t max)
{
	*l = (struct io_lines){.src = src, .max = max};
}

/* Appends one chunk to buf, after moving what is unread to its start. 0 or -1. */
static int
lines_fill(struct io_lines *l, struct err *e)
{
	char chunk[CHUNK];
	ptrdiff_t got;

	if (l->pos > 0) {
		memmove(l->buf.buf, l->buf.buf + l->pos, l->buf.n - l->pos);
		l->buf.n -= l->pos;
		l->pos = 0;
	}
	got = l->src->read(l->src, chunk, sizeof(chunk), e);
	if (got < 0)
		return -1;
	if (got == 0)
		l->eof = true;
	else
		sb_add(&l->buf, chunk, (size_t)got);
	return 0;
}

int
io_lines_next(struct io_lines *l, struct sv *line, struct err *e)
{
	struct sv rest;
	size_t seen = 0, end; /* seen: bytes after pos known to hold no newline */

	for (;;) {
		rest = sv_from(sb_sv(&l->buf), l->pos);
		end = seen + sv_chr(sv_from(rest, seen), '\n');
		/* One byte over may still be the '\r' of "\r\n". */
		if (end < rest.n || l->eof || (end > l->max && end - l->max > 1))
			break;
		seen = rest.n;
		if (lines_fill(l, e) < 0)
			return -1;
	}
	if (end == rest.n && l->eof && rest.n == 0)
		return 0;
	*line = sv_head(rest, end);
	if (end < rest.n && line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	if (line->n > l->max)
		return err_set(e, ERR_LIMIT, "line %" PRId64 ": longer than %zu bytes",
		    l->line + 1, l->max);
	l->ends_in_newline = end < rest.n;
	l->pos += end + (l->ends_in_newline ? 1 : 0);
	l->line++;
	return 1;
}

void
io_lines_free(struct io_lines *l)
{
	sb_free(&l->buf);
	l->pos = 0;
}
