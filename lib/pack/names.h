/*
 * names - which names a package may carry, so that it unpacks to the same files on every system.
 */
#ifndef SOAK_PACK_NAMES_H
#define SOAK_PACK_NAMES_H

#include "base/err.h"
#include "base/str.h"

#define NAME_MAX_BYTES 240

struct names; /* the names taken so far */

struct names *names_new(void);
void names_free(struct names *s); /* NULL is fine */

/*
 * 0, or -1 with e set (ERR_INPUT) when a relative path cannot travel: empty, absolute, with empty, "." or ".." parts,
 * not UTF-8, with control or invisible characters, longer than NAME_MAX_BYTES; with '%' (RFC 8493 writes it %25,
 * bagit-python does not, so no spelling is valid for both); or with what Windows refuses: < > : " \ | ? *, a part
 * that ends in '.' or a blank, the device names (NUL, com1.txt).
 */
int names_check(struct sv name, struct err *e);

/* Why Windows cannot have this path (a character, a device's name, a '.' or blank at the end), or NULL. */
const char *names_windows(struct sv name);

/*
 * names_check(), and the name joins those taken: -1 when it is there already, differs only in case from one that is
 * (Latin, Greek and Cyrillic letters), or is a file where another name needs a folder.
 */
int names_take(struct names *s, struct sv name, struct err *e);

#endif
