/*
 * sight - can these bytes be looked into, or are they what compression and encryption make?
 *
 * By their distribution, block by block: what is as even as noise, and no text in any character set, hides what it says. Of a
 * PNG picture the pixels are passed over, its compressed texts are not.
 */
#ifndef SOAK_SECRET_SIGHT_H
#define SOAK_SECRET_SIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGHT_BLOCK 4096
#define SIGHT_LEAST 40 /* bytes: less hides no key */

/* All zeros at the beginning. */
struct sight {
	unsigned char block[SIGHT_BLOCK];
	size_t n;
	bool opaque;
	int64_t at;             /* of the file */
	bool png;
	unsigned char chunk[8]; /* a PNG chunk's length and kind */
	size_t head;
	int64_t left;           /* of the chunk, its checksum too */
	bool skip;              /* its bytes are pixels */
};

void sight_add(struct sight *s, const void *p, size_t n);
/* At the end: was there something that could not be looked into? */
bool sight_end(struct sight *s);

#endif
