/*
 * io - bytes in, bounded; files out, whole or not at all.
 */
#ifndef SOAK_BASE_IO_H
#define SOAK_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

/*
 * A source of bytes. read() gives up to n bytes (n > 0): the number read, 0 at
 * the end, -1 with e set. Whoever made the source frees it.
 */
struct io_src {
	ptrdiff_t (*read)(struct io_src *src, void *buf, size_t n, struct err *e);
};

/* Source over memory. Borrows bytes. */
struct io_mem {
	struct io_src src;
	struct sv rest;
};
void io_mem_init(struct io_mem *m, struct sv bytes);

/* Source over an open descriptor, which stays the caller's. name is for errors. */
struct io_fd {
	struct io_src src;
	int fd;
	const char *name;
};
void io_fd_init(struct io_fd *f, int fd, const char *name);

/* Opens path for reading (O_RDONLY|O_CLOEXEC, regular file or FIFO): a descriptor, or -1. */
int io_open(const char *path, struct err *e);

/* All of src, appended to out; more than max bytes is ERR_LIMIT. 0 or -1. name is for errors. */
int io_read_all(struct io_src *src, const char *name, size_t max, struct sb *out,
    struct err *e);
/* All of a file, appended to out. 0 or -1. */
int io_read_file(const char *path, size_t max, struct sb *out, struct err *e);

/*
 * Lines of a source, without their "\n" or "\r\n". The line is valid until
 * the next call. A line longer than max is ERR_LIMIT.
 */
struct io_lines {
	struct io_src *src;
	size_t max;
	struct sb buf;    /* unread bytes from pos on */
	size_t pos;
	int64_t line;     /* number of the line last given, from 1 */
	bool eof;
	bool ends_in_newline; /* of the line last given: false only for a last line without one */
};
void io_lines_init(struct io_lines *l, struct io_src *src, size_t max);
/* 1 a line, 0 the end, -1 error. */
int io_lines_next(struct io_lines *l, struct sv *line, struct err *e);
void io_lines_free(struct io_lines *l);

/*
 * A file that appears whole: written beside its place under a temporary
 * name, flushed, fsynced, renamed. Nothing is left behind on failure.
 *
 *	struct io_out o;
 *	if (io_out_open(&o, path, e) < 0) return -1;
 *	fputs("...", o.f);
 *	return io_out_commit(&o, e);
 */
struct io_out {
	FILE *f;
	char *path, *tmp;
};
/* path may be a link to a regular file, which is then replaced; other kinds of file are refused. */
int io_out_open(struct io_out *o, const char *path, struct err *e);
/* 0, or -1 and the temporary file is gone. Either way o is finished with. */
int io_out_commit(struct io_out *o, struct err *e);
void io_out_abort(struct io_out *o);
/*
 * Is name that of a temporary file that nobody renamed, since the process was killed? The name of what it was to become, a view
 * into name; empty: it is none.
 */
struct sv io_out_unfinished(struct sv name);
/* The three calls in one. 0 or -1. */
int io_write_file(const char *path, struct sv bytes, struct err *e);

/* Makes a directory and its parents, existing ones are fine. 0 or -1. */
int io_mkdirs(const char *path, struct err *e);

#endif
