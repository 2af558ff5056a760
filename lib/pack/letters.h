/*
 * letters - text of any character set as UTF-8, and names that only look alike: iconv's and glib's one home.
 */
#ifndef SOAK_PACK_LETTERS_H
#define SOAK_PACK_LETTERS_H

#include "base/arena.h"
#include "base/err.h"

/*
 * text in the character set of that name (IANA's, as iconv knows it) as UTF-8; a byte order mark is dropped, and *mark tells that
 * there was one. Owned by the arena. -1 with e set: such a set is not known, or the bytes are not of it.
 */
int letters_utf8(struct arena *a, struct sv charset, struct sv text, struct sv *out, bool *mark, struct err *e);

/* A name's normal form (NFC), and with its case folded away; the same when it is not UTF-8. Owned by the arena. */
struct sv letters_nfc(struct arena *a, struct sv name);
struct sv letters_fold(struct arena *a, struct sv name);

#endif
