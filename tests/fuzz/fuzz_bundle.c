/*
 * Any bytes: the walk ends, each item that begins ends, names lead nowhere, and the operand's own
 * digest is that of all its bytes; of all levels and of one alone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct state {
	int open;
	bool flat;
	int64_t last_size;
	char last_sha[DIGEST_HEX];
};

static void
check_name(const char *name)
{
	if (strncmp(name, "in", 2) != 0 || (name[2] != '\0' && name[2] != '/') || strstr(name, "/../") != NULL ||
	    (strlen(name) > 3 && strcmp(name + strlen(name) - 3, "/..") == 0) || strchr(name, '\n') != NULL)
		abort();
}

static int64_t
on_prefix(void *ctx, const char *name)
{
	(void)ctx;
	return (int64_t)strlen(name);
}

static int
on_begin(void *ctx, struct bundle_item *it, struct err *e)
{
	struct state *s = ctx;
	char buf[1000];
	struct err why = {0};
	ptrdiff_t got, total = 0;

	(void)e;
	check_name(it->name);
	if (s->open++ != 0)
		abort();
	while ((got = it->src->read(it->src, buf, sizeof(buf), &why)) > 0 && total < 10000)
		total += got;
	if (got < 0 && (why.code == ERR_NONE || why.msg[0] == '\0'))
		abort();
	return 0;
}

static void
done(struct state *s, const struct bundle_done *d, const struct err *read_error)
{
	if (strlen(d->sha256) != 64 || d->size < 0 || (s->flat && read_error == NULL && (d->read < 0 || d->read > d->size)) || (read_error != NULL && read_error->msg[0] == '\0'))
		abort();
	s->last_size = d->size;
	memcpy(s->last_sha, d->sha256, sizeof(s->last_sha));
}

static int
on_end(void *ctx, const struct bundle_item *it, const struct bundle_done *d, const struct err *read_error,
    struct err *e)
{
	struct state *s = ctx;

	(void)e;
	if (s->open-- != 1)
		abort();
	/* Of a level's members nothing is digested: they are in the level's own bytes. */
	if (!s->flat || it->depth == 0)
		done(s, d, read_error);
	else if (read_error != NULL && read_error->msg[0] == '\0')
		abort();
	return 0;
}

static int
on_archive(void *ctx, const char *name, const char *format, int64_t members, const struct bundle_done *d,
    const struct err *read_error, struct err *e)
{
	(void)e;
	check_name(name);
	if (format[0] == '\0' || members < 0)
		abort();
	done(ctx, d, read_error);
	return 0;
}

static int
on_refused(void *ctx, const char *name, const char *why, struct err *e)
{
	(void)ctx;
	(void)e;
	if (strchr(name, '\n') != NULL || why[0] == '\0')
		abort();
	return 0;
}

static void
walk(struct sv bytes, const char *sha, enum bundle_level what)
{
	struct state s = {.flat = what != BUNDLE_ALL};
	const struct bundle_sink sink = {&s, on_prefix, on_begin, on_end, on_archive, on_refused};
	struct io_mem m;
	struct err e = {0};

	io_mem_init(&m, bytes);
	if (bundle_walk_flat(&m.src, "in", what, &sink, &e) != 0 || s.open != 0)
		abort();
	if (s.last_size != (int64_t)bytes.n || strcmp(s.last_sha, sha) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv bytes = {(const char *)data, size};
	char sha[DIGEST_HEX];

	digest_of(bytes, sha);
	walk(bytes, sha, BUNDLE_ALL);
	walk(bytes, sha, BUNDLE_MEMBERS);
	walk(bytes, sha, BUNDLE_PACKED);
	return 0;
}
