/*
 * digest - SHA-256 (FIPS 180-4) through libcrypto.
 */
#ifndef SOAK_BASE_DIGEST_H
#define SOAK_BASE_DIGEST_H

#include "base/io.h"

#define DIGEST_HEX 65 /* 64 lower-case hex digits and a NUL */

struct digest; /* one computation under way */

struct digest *digest_new(void);
void digest_add(struct digest *d, const void *p, size_t n);
/* The digest of what was added so far; d can go on (a prefix's digest costs nothing extra). */
void digest_hex(const struct digest *d, char hex[DIGEST_HEX]);
void digest_free(struct digest *d);

/* In one call. */
void digest_of(struct sv bytes, char hex[DIGEST_HEX]);
/* Of a file, with its size. 0 or -1. */
int digest_file(const char *path, char hex[DIGEST_HEX], int64_t *size, struct err *e);

#endif
