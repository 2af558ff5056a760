/*
 * base64 - RFC 4648, both alphabets when reading.
 */
#ifndef SOAK_BASE_BASE64_H
#define SOAK_BASE_BASE64_H

#include "base/str.h"

/*
 * Appends the bytes that text stands for: '+' and '/' or '-' and '_', with or without '=' at the end; blanks and line ends are
 * skipped when told. False when it is no base64; out is as it was.
 */
bool base64_decode(struct sv text, bool skip_blanks, struct sb *out);
/* Appends the text of bytes with padding (standard alphabet). */
void base64_encode(struct sv bytes, struct sb *out);

#endif
