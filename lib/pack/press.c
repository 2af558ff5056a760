#include "pack/press.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"

#define BLOCK ((size_t)512 * 1024)
#define DICTIONARY ((size_t)32 * 1024)
#define MAX_THREADS 16
#define ZSTD_LEVEL 3
#define DEFLATE_LEVEL 6

enum state { FREE, READY, BUSY, DONE };

/* One block on its way through a thread. */
struct block {
	enum state state;
	unsigned char dict[DICTIONARY], in[BLOCK];
	size_t dict_n, n;
	bool last;
	unsigned char *out;
	size_t out_n, out_cap;
	uint32_t crc;
};

struct press {
	enum press_kind kind;
	press_give_fn *give;
	void *ctx;
	struct press_sums sums;
	bool begun;
	/* deflate: a ring of blocks, filled at fill, written out in order at head */
	struct block *ring;
	size_t n_ring, fill, head;
	pthread_t thread[MAX_THREADS];
	size_t n_threads, wanted;
	z_stream own; /* the caller's thread's, for what is one block only */
	bool own_open;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop;
	/* zstd */
	ZSTD_CCtx *zstd;
	unsigned char *room;
	size_t room_n;
};

static size_t
processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (size_t)n;
}

struct press *
press_new(enum press_kind kind, press_give_fn *give, void *ctx)
{
	struct press *p = mem_new(1, sizeof(*p));

	p->kind = kind;
	p->give = give;
	p->ctx = ctx;
	p->wanted = processors();
	if (kind == PRESS_ZSTD) {
		p->zstd = ZSTD_createCCtx();
		if (p->zstd == NULL)
			mem_out();
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1);
		/* From one worker on the bytes do not depend on their number. */
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_nbWorkers, (int)p->wanted);
		p->room_n = ZSTD_CStreamOutSize();
		p->room = mem_new(p->room_n, 1);
		return p;
	}
	p->n_ring = 2 * p->wanted + 1;
	p->ring = mem_new(p->n_ring, sizeof(*p->ring));
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	return p;
}

void
press_free(struct press *p)
{
	size_t i;

	if (p == NULL)
		return;
	if (p->kind != PRESS_ZSTD) {
		pthread_mutex_lock(&p->lock);
		p->stop = true;
		pthread_cond_broadcast(&p->changed);
		pthread_mutex_unlock(&p->lock);
		for (i = 0; i < p->n_threads; i++)
			pthread_join(p->thread[i], NULL);
		for (i = 0; i < p->n_ring; i++)
			mem_free(p->ring[i].out);
		pthread_cond_destroy(&p->changed);
		pthread_mutex_destroy(&p->lock);
	}
	if (p->own_open)
		deflateEnd(&p->own);
	ZSTD_freeCCtx(p->zstd);
	mem_free(p->room);
	mem_free(p->ring);
	mem_free(p);
}

static void
open_deflate(z_stream *z)
{
	memset(z, 0, sizeof(*z));
	if (deflateInit2(z, DEFLATE_LEVEL, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		mem_out();
}

/* A block to its compressed bytes: all but the last end on a byte's border, with an empty stored block. */
static void
deflate_block(struct block *b, z_stream *z)
{
	size_t need;

	deflateReset(z);
	need = deflateBound(z, (unsigned long)b->n) + 64;
	if (b->out_cap < need) {
		b->out = mem_grow(b->out, need, 1);
		b->out_cap = need;
	}
	if (b->dict_n > 0)
		deflateSetDictionary(z, b->dict, (unsigned int)b->dict_n);
	z->next_in = b->in;
	z->avail_in = (unsigned int)b->n;
	z->next_out = b->out;
	z->avail_out = (unsigned int)b->out_cap;
	deflate(z, b->last ? Z_FINISH : Z_SYNC_FLUSH);
	b->out_n = b->out_cap - z->avail_out;
	b->crc = (uint32_t)crc32(crc32(0, NULL, 0), b->in, (unsigned int)b->n);
}

static struct block *
next_ready(struct press *p)
{
	size_t i;

	for (i = 0; i < p->n_ring; i++) {
		struct block *b = &p->ring[(p->head + i) % p->n_ring];

		if (b->state == READY)
			return b;
	}
	return NULL;
}

static void *
work(void *ctx)
{
	struct press *p = ctx;
	struct block *b;
	z_stream z;

	open_deflate(&z);
	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		if ((b = next_ready(p)) == NULL) {
			pthread_cond_wait(&p->changed, &p->lock);
			continue;
		}
		b->state = BUSY;
		pthread_mutex_unlock(&p->lock);
		deflate_block(b, &z);
		pthread_mutex_lock(&p->lock);
		b->state = DONE;
		pthread_cond_broadcast(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	deflateEnd(&z);
	return NULL;
}

static int
out(struct press *p, const void *bytes, size_t n, struct err *e)
{
	p->sums.out += (int64_t)n;
	return n == 0 ? 0 : p->give(p->ctx, bytes, n, e);
}

static int
begin(struct press *p, struct err *e)
{
	/* No flags, no time, no extra flags, made by Unix. */
	static const unsigned char header[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};

	if (p->begun)
		return 0;
	p->begun = true;
	p->sums = (struct press_sums){0};
	p->sums.crc = (uint32_t)crc32(0, NULL, 0);
	return p->kind == PRESS_GZIP ? out(p, header, sizeof(header), e) : 0;
}

/* Waits for the oldest block under way and hands its bytes on. */
static int
collect(struct press *p, struct err *e)
{
	struct block *b = &p->ring[p->head];
	int rc;

	pthread_mutex_lock(&p->lock);
	while (b->state != DONE)
		pthread_cond_wait(&p->changed, &p->lock);
	pthread_mutex_unlock(&p->lock);
	p->sums.crc = (uint32_t)crc32_combine(p->sums.crc, b->crc, (z_off_t)b->n);
	p->sums.in += (int64_t)b->n;
	rc = out(p, b->out, b->out_n, e);
	pthread_mutex_lock(&p->lock);
	b->state = FREE;
	b->n = b->dict_n = 0;
	p->head = (p->head + 1) % p->n_ring;
	pthread_mutex_unlock(&p->lock);
	return rc;
}

/* The block being filled goes to the threads (or, all alone, is done here), and the next one is filled. */
static int
submit(struct press *p, bool last, struct err *e)
{
	struct block *b = &p->ring[p->fill], *next = &p->ring[(p->fill + 1) % p->n_ring];

	b->last = last;
	if (last && p->head == p->fill) {
		if (!p->own_open)
			open_deflate(&p->own);
		p->own_open = true;
		deflate_block(b, &p->own);
		b->state = DONE;
	} else {
		while (p->n_threads < p->wanted && pthread_create(&p->thread[p->n_threads], NULL, work, p) == 0)
			p->n_threads++;
		if (p->n_threads == 0)
			return err_set(e, ERR_SYS, "cannot start a thread");
		pthread_mutex_lock(&p->lock);
		b->state = READY;
		pthread_cond_broadcast(&p->changed);
		pthread_mutex_unlock(&p->lock);
	}
	p->fill = (p->fill + 1) % p->n_ring;
	if (p->fill == p->head && collect(p, e) < 0)
		return -1;
	if (!last) {
		next->dict_n = b->n < DICTIONARY ? b->n : DICTIONARY;
		memcpy(next->dict, b->in + b->n - next->dict_n, next->dict_n);
	}
	return 0;
}

static int
add_zstd(struct press *p, const void *bytes, size_t n, ZSTD_EndDirective how, struct err *e)
{
	ZSTD_inBuffer in = {bytes, n, 0};
	size_t left;

	do {
		ZSTD_outBuffer to = {p->room, p->room_n, 0};

		left = ZSTD_compressStream2(p->zstd, &to, &in, how);
		if (ZSTD_isError(left))
			return err_set(e, ERR_SYS, "zstd: %s", ZSTD_getErrorName(left));
		if (out(p, p->room, to.pos, e) < 0)
			return -1;
	} while (in.pos < in.size || (how == ZSTD_e_end && left > 0));
	p->sums.in += (int64_t)n;
	return 0;
}

int
press_add(struct press *p, const void *bytes, size_t n, struct err *e)
{
	const unsigned char *from = bytes;

	if (begin(p, e) < 0)
		return -1;
	if (p->kind == PRESS_ZSTD)
		return add_zstd(p, bytes, n, ZSTD_e_continue, e);
	while (n > 0) {
		struct block *b = &p->ring[p->fill];
		size_t part = BLOCK - b->n < n ? BLOCK - b->n : n;

		/* A full block waits for the next byte: the last one must be known as the last. */
		if (part == 0) {
			if (submit(p, false, e) < 0)
				return -1;
			continue;
		}
		memcpy(b->in + b->n, from, part);
		b->n += part;
		from += part;
		n -= part;
	}
	return 0;
}

int
press_end(struct press *p, struct press_sums *sums, struct err *e)
{
	unsigned char trailer[8];
	int i;

	if (begin(p, e) < 0)
		return -1;
	if (p->kind == PRESS_ZSTD) {
		if (add_zstd(p, NULL, 0, ZSTD_e_end, e) < 0)
			return -1;
	} else {
		if (submit(p, true, e) < 0)
			return -1;
		while (p->head != p->fill)
			if (collect(p, e) < 0)
				return -1;
	}
	for (i = 0; i < 4; i++) {
		trailer[i] = (unsigned char)(p->sums.crc >> 8 * i);
		trailer[4 + i] = (unsigned char)((uint64_t)p->sums.in >> 8 * i);
	}
	if (p->kind == PRESS_GZIP && out(p, trailer, sizeof(trailer), e) < 0)
		return -1;
	if (sums != NULL)
		*sums = p->sums;
	p->begun = false;
	return 0;
}
