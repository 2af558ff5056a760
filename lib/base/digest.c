#include "base/digest.h"

#include <string.h>
#include <pthread.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/mem.h"

/* Below this a thread is not worth its beginning. */
#define SMALL ((size_t)16 << 20)

struct piece {
	const void *p;
	size_t n;
};

/*
 * A ring of pieces: the caller puts at the end, the thread takes from the beginning. Only the thread touches ctx while there
 * are pieces; the lock guards all that stands below it.
 */
struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more, less; /* a piece came; one is done */
	struct piece piece[DIGEST_LATER];
	size_t first, n;           /* n counts the one in work, too */
	bool end;
};

struct digest {
	EVP_MD_CTX *ctx;
	size_t total;          /* handed to digest_later() */
	struct worker *worker; /* NULL: not begun, or it could not be */
	bool alone;            /* it could not be */
};

/* libcrypto's only failures here are want of memory and want of SHA-256 itself. */
static void
need(int ok)
{
	if (!ok)
		mem_out();
}

struct digest *
digest_new(void)
{
	struct digest *d = mem_new(1, sizeof(*d));

	d->ctx = EVP_MD_CTX_new();
	need(d->ctx != NULL && EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) == 1);
	return d;
}

struct digest *
digest_new_of(struct sv algorithm)
{
	static const struct {
		const char *name;
		const EVP_MD *(*md)(void);
	} known[] = {{"md5", EVP_md5}, {"sha1", EVP_sha1}, {"sha224", EVP_sha224}, {"sha256", EVP_sha256},
	    {"sha384", EVP_sha384}, {"sha512", EVP_sha512}, {"sha3256", EVP_sha3_256}, {"sha3512", EVP_sha3_512}};
	struct digest *d;
	char name[8] = "";
	size_t i, n = 0;

	for (i = 0; i < algorithm.n; i++) {
		char c = algorithm.p[i];

		if (c == '-')
			continue;
		if (n + 1 == sizeof(name))
			return NULL;
		name[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	for (i = 0; i < sizeof(known) / sizeof(*known) && strcmp(known[i].name, name) != 0; i++)
		;
	if (i == sizeof(known) / sizeof(*known))
		return NULL;
	d = mem_new(1, sizeof(*d));
	d->ctx = EVP_MD_CTX_new();
	need(d->ctx != NULL);
	if (EVP_DigestInit_ex(d->ctx, known[i].md(), NULL) == 1)
		return d;
	digest_free(d);
	return NULL;
}

static void *
work(void *arg)
{
	struct digest *d = arg;
	struct worker *w = d->worker;
	struct piece piece;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (w->n == 0 && !w->end)
			pthread_cond_wait(&w->more, &w->lock);
		if (w->n == 0)
			break;
		piece = w->piece[w->first];
		pthread_mutex_unlock(&w->lock);
		need(EVP_DigestUpdate(d->ctx, piece.p, piece.n) == 1);
		pthread_mutex_lock(&w->lock);
		w->first = (w->first + 1) % DIGEST_LATER;
		w->n--;
		pthread_cond_signal(&w->less);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static void
begin_worker(struct digest *d)
{
	struct worker *w = d->worker = mem_new(1, sizeof(*w));

	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->more, NULL);
	pthread_cond_init(&w->less, NULL);
	if (pthread_create(&w->thread, NULL, work, d) == 0)
		return;
	mem_free(w);
	d->worker = NULL;
	d->alone = true;
}

/* Until the thread has nothing left to do. */
static void
settle(struct digest *d)
{
	struct worker *w = d->worker;

	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	while (w->n > 0)
		pthread_cond_wait(&w->less, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

void
digest_later(struct digest *d, const void *p, size_t n)
{
	struct worker *w;

	d->total += n;
	if (d->worker == NULL && d->total > SMALL && !d->alone)
		begin_worker(d);
	if ((w = d->worker) == NULL) {
		digest_add(d, p, n);
		return;
	}
	pthread_mutex_lock(&w->lock);
	while (w->n == DIGEST_LATER)
		pthread_cond_wait(&w->less, &w->lock);
	w->piece[(w->first + w->n++) % DIGEST_LATER] = (struct piece){p, n};
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
}

void
digest_add(struct digest *d, const void *p, size_t n)
{
	settle(d);
	if (n > 0)
		need(EVP_DigestUpdate(d->ctx, p, n) == 1);
}

size_t
digest_text(struct digest *d, char hex[DIGEST_MAX_HEX])
{
	static const char digit[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *end = EVP_MD_CTX_new();
	unsigned int i, n = 0;

	settle(d);
	/* Finishing ends a computation, so a copy is finished. */
	need(end != NULL && EVP_MD_CTX_copy_ex(end, d->ctx) == 1 && EVP_DigestFinal_ex(end, sum, &n) == 1 &&
	    2 * n < DIGEST_MAX_HEX);
	EVP_MD_CTX_free(end);
	for (i = 0; i < n; i++) {
		hex[2 * i] = digit[sum[i] >> 4];
		hex[2 * i + 1] = digit[sum[i] & 15];
	}
	hex[2 * n] = '\0';
	return 2 * n;
}

void
digest_hex(struct digest *d, char hex[DIGEST_HEX])
{
	char text[DIGEST_MAX_HEX];

	need(digest_text(d, text) == DIGEST_HEX - 1);
	memcpy(hex, text, DIGEST_HEX);
}

void
digest_free(struct digest *d)
{
	struct worker *w;

	if (d == NULL)
		return;
	if ((w = d->worker) != NULL) {
		pthread_mutex_lock(&w->lock);
		w->end = true;
		pthread_cond_signal(&w->more);
		pthread_mutex_unlock(&w->lock);
		pthread_join(w->thread, NULL);
		pthread_cond_destroy(&w->more);
		pthread_cond_destroy(&w->less);
		pthread_mutex_destroy(&w->lock);
		mem_free(w);
	}
	EVP_MD_CTX_free(d->ctx);
	mem_free(d);
}

void
digest_of(struct sv bytes, char hex[DIGEST_HEX])
{
	struct digest *d = digest_new();

	digest_add(d, bytes.p, bytes.n);
	digest_hex(d, hex);
	digest_free(d);
}

int
digest_file(const char *path, char hex[DIGEST_HEX], int64_t *size, struct err *e)
{
	struct digest *d;
	struct io_fd f;
	char chunk[32 * 1024];
	int64_t total = 0;
	ptrdiff_t got;
	int fd;

	if ((fd = io_open(path, e)) < 0)
		return -1;
	io_fd_init(&f, fd, path);
	d = digest_new();
	while ((got = f.src.read(&f.src, chunk, sizeof(chunk), e)) > 0) {
		digest_add(d, chunk, (size_t)got);
		total += got;
	}
	if (got == 0) {
		digest_hex(d, hex);
		if (size != NULL)
			*size = total;
	}
	digest_free(d);
	close(fd);
	return got < 0 ? -1 : 0;
}
