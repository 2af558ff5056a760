/*
 * clean - text from an artifact made harmless for a terminal or a log line.
 *
 * Control characters (C0 with tab and newline, DEL, C1), bidirectional controls,
 * line and paragraph separators, other invisible format characters and bytes
 * that are not UTF-8 are shown as \xNN or \u{NNNN}; everything else is kept.
 */
#ifndef SOAK_BASE_CLEAN_H
#define SOAK_BASE_CLEAN_H

#include <stdint.h>

#include "base/str.h"

void clean_add(struct sb *out, struct sv text);

/* What means something in XML and HTML, between tags and in attributes: & < > " ' and `, as entities. Cleans nothing. */
void clean_entities(struct sb *out, struct sv text);
/* Cleaned, and then that: what XML 1.0 can hold. */
void clean_xml(struct sb *out, struct sv text);

/*
 * Decodes one UTF-8 character (RFC 3629: no surrogates, no overlong forms) at
 * the start of v, which is not empty: its length in bytes and *c, or 0 when the
 * bytes there are not UTF-8.
 */
size_t clean_utf8(struct sv v, uint32_t *c);
/* Is all of v UTF-8? */
bool clean_is_utf8(struct sv v);
/* Appends c as UTF-8. */
void clean_add_utf8(struct sb *out, uint32_t c);
/* Would clean_add() keep this character? */
int clean_keeps(uint32_t c);

#endif
