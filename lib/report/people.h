/*
 * people - times, lengths and sizes as people read them in a report. All results are owned by the arena.
 */
#ifndef SOAK_REPORT_PEOPLE_H
#define SOAK_REPORT_PEOPLE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* "2026-01-12 06:00:00 UTC"; milliseconds only where not 0; TIME_NONE is "unknown". */
struct sv people_time(struct arena *a, int64_t ms);
/* time_length_text() of seconds; "unknown" for what is no length. */
struct sv people_length(struct arena *a, double seconds);
/* "1 byte", "812 bytes", "12.3 KiB", "4.0 GiB". */
struct sv people_size(struct arena *a, double bytes);
/* "data:TYPE;base64,..." (RFC 2397, RFC 4648 section 4). */
struct sv people_data_uri(struct arena *a, const char *type, struct sv bytes);
/* A relative path as a URL: what is not unreserved (RFC 3986, 2.3) or '/' as %XX. */
struct sv people_link(struct arena *a, struct sv path);

#endif
