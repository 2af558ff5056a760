/*
 * Any bytes as something compressed: gzip, zstd, zlib, xz, bzip2 or lz4. What comes out and how it ends is the same whether the bytes
 * come at once or in small pieces, it is no more than was allowed, and an error begins with the name of its reason.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "pack/unpress.h"
#include "pack/unpress_other.h"

#define MOST ((int64_t)4 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes a few at a time. */
struct drops {
	struct io_src src;
	struct sv rest;
	size_t most;
};

static ptrdiff_t
drops_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct drops *d = (struct drops *)src;

	(void)e;
	n = n < d->most ? n : d->most;
	n = n < d->rest.n ? n : d->rest.n;
	memcpy(buf, d->rest.p, n);
	d->rest = sv_from(d->rest, n);
	return (ptrdiff_t)n;
}

struct outcome {
	char sha256[DIGEST_HEX];
	int64_t n;
	struct err e;
};

static void
check(const struct outcome *o, ptrdiff_t got)
{
	static const char *const reason[] = {"archive-truncated: ", "archive-damaged: ", "archive-trailing: ", "limit-size: ", "limit-ratio: "};
	size_t i;

	if (got == 0 && o->e.code == ERR_NONE)
		return;
	for (i = 0; i < sizeof(reason) / sizeof(*reason); i++)
		if (strstr(o->e.msg, reason[i]) != NULL)
			return;
	abort();
}

/* By unpress, or by unpress_other alone. */
static void
read_all(struct sv bytes, size_t most, bool other, struct outcome *o)
{
	struct drops in = {{.read = drops_read}, bytes, most};
	struct unpress *u = other ? NULL : unpress_of(&in.src, MOST);
	struct unpress_other *x = other ? unpress_other_new(&in.src) : NULL;
	struct digest *d = digest_new();
	ptrdiff_t got = 1;
	char buf[5000];

	*o = (struct outcome){.n = 0};
	while (got > 0 && o->n <= MOST) {
		got = other ? unpress_other_read(x, buf, sizeof(buf), &o->e) : unpress_src(u)->read(unpress_src(u), buf, sizeof(buf), &o->e);
		if (got > (ptrdiff_t)sizeof(buf))
			abort();
		if (got > 0) {
			digest_add(d, buf, (size_t)got);
			o->n += got;
		}
	}
	if (!other && o->n > MOST)
		abort();
	if (got <= 0)
		check(o, got);
	digest_hex(d, o->sha256);
	digest_free(d);
	unpress_free(u);
	unpress_other_free(x);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv bytes = {(const char *)data, size};
	struct outcome whole, pieces;

	read_all(bytes, size, false, &whole);
	read_all(bytes, 7, false, &pieces);
	if (whole.n != pieces.n || strcmp(whole.sha256, pieces.sha256) != 0 || strcmp(whole.e.msg, pieces.e.msg) != 0)
		abort();
	if (!unpress_other_is(bytes))
		return 0;
	read_all(bytes, size, true, &whole);
	read_all(bytes, 7, true, &pieces);
	if (whole.n != pieces.n || whole.e.code != pieces.e.code)
		abort();
	return 0;
}
