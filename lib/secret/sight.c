#include "secret/sight.h"

#include <math.h>
#include <string.h>


#define PNG "\x89PNG\r\n\x1a\n"
#define PNG_HEAD 8

/* Bits a byte of noise: 8; of programs and numbers hardly 7. */
#define FULL_BLOCK 7.2
/* In few bytes not all can occur: a share of what is possible. */
#define SHARE 0.85

/* Bytes above ASCII: eight at a time, since most of what there is has none. */
static size_t
high_bytes(const unsigned char *p, size_t n)
{
	uint64_t word;
	size_t i = 0, high = 0;

	for (; i + 8 <= n; i += 8) {
		memcpy(&word, p + i, 8);
		word = word >> 7 & UINT64_C(0x0101010101010101);
		high += (size_t)(word * UINT64_C(0x0101010101010101) >> 56);
	}
	for (; i < n; i++)
		high += p[i] >> 7;
	return high;
}

static bool
is_noise(const unsigned char *p, size_t n)
{
	size_t of[256] = {0}, controls = 0, i;
	double bits = 0, possible = n < 256 ? log2((double)n) : 8;

	if (n < SIGHT_LEAST || high_bytes(p, n) < n / 5)
		return false;
	for (i = 0; i < n; i++)
		of[p[i]]++;
	/* Control characters that no text has. */
	for (i = 1; i < ' '; i++)
		controls += (i < '\b' || i > '\r') && i != '\033' ? of[i] : 0;
	if (controls + of[0x7f] < 1 + n / 64)
		return false;
	for (i = 0; i < 256; i++)
		if (of[i] > 0)
			bits -= (double)of[i] / (double)n * log2((double)of[i] / (double)n);
	return n == SIGHT_BLOCK ? bits >= FULL_BLOCK : bits >= SHARE * possible;
}

static void
block_add(struct sight *s, const unsigned char *p, size_t n)
{
	while (n > 0) {
		size_t part = SIGHT_BLOCK - s->n < n ? SIGHT_BLOCK - s->n : n;

		if (part == SIGHT_BLOCK) {
			s->opaque = s->opaque || is_noise(p, part);
			p += part;
			n -= part;
			continue;
		}
		memcpy(s->block + s->n, p, part);
		s->n += part;
		p += part;
		n -= part;
		if (s->n == SIGHT_BLOCK) {
			s->opaque = s->opaque || is_noise(s->block, s->n);
			s->n = 0;
		}
	}
}

static void
block_end(struct sight *s)
{
	s->opaque = s->opaque || is_noise(s->block, s->n);
	s->n = 0;
}

/* A chunk's head is there: zTXt and a compressed iTXt are text that is not to be seen. PNG, third edition, 5 and 11. */
static void
chunk_begin(struct sight *s)
{
	const char *kind = (const char *)s->chunk + 4;

	s->left = ((int64_t)s->chunk[0] << 24 | (int64_t)s->chunk[1] << 16 | (int64_t)s->chunk[2] << 8 | s->chunk[3]) + 4;
	s->skip = memcmp(kind, "IDAT", 4) == 0 || memcmp(kind, "fdAT", 4) == 0 || memcmp(kind, "PLTE", 4) == 0 ||
	    memcmp(kind, "iCCP", 4) == 0;
	if (memcmp(kind, "zTXt", 4) == 0)
		s->opaque = true;
	/* Behind the picture's end anything may follow. */
	if (memcmp(kind, "IEND", 4) == 0)
		s->png = false;
	s->head = 0;
}

static void
png_add(struct sight *s, const unsigned char *p, size_t n)
{
	while (n > 0 && s->png) {
		size_t part;

		if (s->left == 0) {
			s->chunk[s->head++] = *p++;
			n--;
			if (s->head == PNG_HEAD)
				chunk_begin(s);
			continue;
		}
		part = s->left < (int64_t)n ? (size_t)s->left : n;
		if (!s->skip)
			block_add(s, p, part);
		s->left -= (int64_t)part;
		p += part;
		n -= part;
		if (s->left == 0)
			block_end(s);
	}
	if (n > 0)
		block_add(s, p, n);
}

void
sight_add(struct sight *s, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	if (s->at == 0 && n >= PNG_HEAD && memcmp(p, PNG, PNG_HEAD) == 0) {
		s->png = true;
		s->at += PNG_HEAD;
		p += PNG_HEAD;
		n -= PNG_HEAD;
	}
	s->at += (int64_t)n;
	if (s->png)
		png_add(s, p, n);
	else
		block_add(s, p, n);
}

bool
sight_end(struct sight *s)
{
	bool opaque;

	block_end(s);
	opaque = s->opaque;
	memset(s, 0, sizeof(*s));
	return opaque;
}
