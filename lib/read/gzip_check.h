/*
 * gzip_check - does gzip's own checksum agree with what its bytes decompress to? libarchive does not look at it.
 *
 * RFC 1952: each member of a gzip file ends in the CRC-32 and the length of what it holds; members may follow each other. Knows
 * compressed bytes only; that they end too early is for others to notice.
 */
#ifndef SOAK_READ_GZIP_CHECK_H
#define SOAK_READ_GZIP_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct gzip_check;

/* Do these bytes, the first of a file, begin a gzip member? */
bool gzip_check_begins(const unsigned char *p, size_t n);
struct gzip_check *gzip_check_new(void);
/* The next bytes, in order. */
void gzip_check_add(struct gzip_check *g, const unsigned char *p, size_t n);
/* What is wrong, after all bytes (a bomb, for which it does not decompress on; else the checksum): "gzip's checksum does not match: ..."; NULL nothing. */
const char *gzip_check_result(const struct gzip_check *g);
/* How many bytes stand behind the last member that are neither a member nor zeros. */
size_t gzip_check_behind(const struct gzip_check *g);
void gzip_check_free(struct gzip_check *g); /* NULL is fine */

#endif
