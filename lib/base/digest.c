#include "base/digest.h"

#include <unistd.h>

#include <openssl/evp.h>

#include "base/mem.h"

struct digest {
	EVP_MD_CTX *ctx;
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

void
digest_add(struct digest *d, const void *p, size_t n)
{
	if (n > 0)
		need(EVP_DigestUpdate(d->ctx, p, n) == 1);
}

void
digest_hex(const struct digest *d, char hex[DIGEST_HEX])
{
	static const char digit[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *end = EVP_MD_CTX_new();
	unsigned int i, n = 0;

	/* Finishing ends a computation, so a copy is finished. */
	need(end != NULL && EVP_MD_CTX_copy_ex(end, d->ctx) == 1 &&
	    EVP_DigestFinal_ex(end, sum, &n) == 1 && n == (DIGEST_HEX - 1) / 2);
	EVP_MD_CTX_free(end);
	for (i = 0; i < n; i++) {
		hex[2 * i] = digit[sum[i] >> 4];
		hex[2 * i + 1] = digit[sum[i] & 15];
	}
	hex[DIGEST_HEX - 1] = '\0';
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
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
