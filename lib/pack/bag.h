/*
 * bag - the tag files of a BagIt 1.0 bag (RFC 8493): bagit.txt, bag-info.txt and the lines of manifests.
 */
#ifndef SOAK_PACK_BAG_H
#define SOAK_PACK_BAG_H

#include "base/digest.h"
#include "pack/pack.h"

#define BAG_MAX_LINE 1000 /* bytes of a label or value in bag-info.txt */

/*
 * Can this stand in a bag? The name is a file's name without '/', the time lies in 1970 to 2242, a line has a label
 * without ':' that is none of ours (Payload-Oxum and so on), and both parts are 1 to BAG_MAX_LINE bytes of
 * UTF-8 without control or invisible characters or blanks at the ends. 0, or -1 with e set.
 */
int bag_check(const struct pack_info *info, struct err *e);

/* bagit.txt and bag-info.txt; the payload is n files of bytes octets together. Appends. */
void bag_declaration(struct sb *out);
void bag_info(struct sb *out, const struct pack_info *info, int64_t bytes, int64_t n);

/* "DIGEST  PATH\n": what sha256sum -c reads, too. Appends. */
void bag_manifest_line(struct sb *out, const char hex[DIGEST_HEX], const char *path);

#endif
