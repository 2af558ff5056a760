/*
 * digest - SHA-256 (FIPS 180-4) through libcrypto; other algorithms where somebody else's manifest uses them.
 */
#ifndef SOAK_BASE_DIGEST_H
#define SOAK_BASE_DIGEST_H

#include "base/io.h"

#define DIGEST_HEX 65 /* 64 lower-case hex digits and a NUL */

struct digest; /* one computation under way */

struct digest *digest_new(void);
#define DIGEST_MAX_HEX 129
/*
 * By the name that a BagIt manifest has in its file name: md5, sha1, sha224, sha256, sha384, sha512, sha3256, sha3512; case and
 * hyphens do not count. NULL when we do not know it, or the system forbids it (FIPS mode and MD5).
 */
struct digest *digest_new_of(struct sv algorithm);
/* Of any algorithm: the hex digits, and how many. */
size_t digest_text(struct digest *d, char hex[DIGEST_MAX_HEX]);
void digest_add(struct digest *d, const void *p, size_t n);
/*
 * The same on a thread of its own, once much has been added: p must stay as it is until DIGEST_LATER more such calls have
 * returned, or another function here was called with d.
 */
#define DIGEST_LATER 16
void digest_later(struct digest *d, const void *p, size_t n);
/* The digest of what was added so far; d can go on (a prefix's digest costs nothing extra). */
void digest_hex(struct digest *d, char hex[DIGEST_HEX]);
void digest_free(struct digest *d);

/* In one call. */
void digest_of(struct sv bytes, char hex[DIGEST_HEX]);
/* Of a file, with its size. 0 or -1. */
int digest_file(const char *path, char hex[DIGEST_HEX], int64_t *size, struct err *e);

#endif
