/*
 * time - instants as UTC milliseconds since 1970, durations as milliseconds.
 *
 * Range: years 0001 to 9999. Nothing here reads a clock, a locale or TZ.
 */
#ifndef SOAK_BASE_TIME_H
#define SOAK_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define TIME_NONE INT64_MIN /* "no time known" */
#define TIME_SECOND INT64_C(1000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR (60 * TIME_MINUTE)
#define TIME_DAY (24 * TIME_HOUR)

struct time_zone;

/*
 * An instant from text: RFC 3339 ("2026-01-12T06:00:00.000Z", offset
 * required, 'T' or a blank, 0-9 fraction digits, rounded to milliseconds) or
 * Unix seconds ("1768197180", "1768197180.5"). True when all of s was read.
 */
bool time_parse(struct sv s, int64_t *ms);

/*
 * As time_parse(), but a time without an offset is local to zone (NULL: such
 * a time is refused). In the hour that occurs twice the first is taken; in
 * the hour that does not exist, the instant one gets by keeping the offset
 * from before the change.
 */
bool time_parse_local(struct sv s, const struct time_zone *zone, int64_t *ms);

#define TIME_TEXT 32
/* RFC 3339, UTC, "2026-01-12T06:00:00Z"; milliseconds only where not 0. TIME_NONE is "unknown". */
const char *time_text(int64_t ms, char buf[TIME_TEXT]);

/*
 * A duration: Prometheus' form ("1h30m", "2d", "250ms"; units y w d h m s ms
 * in that order, each once, whole numbers) or plain seconds ("90", "0.5").
 * Not negative.
 */
bool time_duration(struct sv s, int64_t *ms);
/* Prometheus' form, "1h30m"; 0 is "0s"; negative gets a '-'. */
const char *time_duration_text(int64_t ms, char buf[TIME_TEXT]);

/* Days from 1970-01-01 to a date of the Gregorian calendar; month 1-12, day 1-31. */
int64_t time_days(int64_t year, int month, int day);
/* And back. */
void time_date(int64_t days, int64_t *year, int *month, int *day);

/*
 * A length for people, its two largest units: "250 ms", "12.5 s", "54 min", "2 min 5 s", "24 h", "3 h 10 min", beyond
 * three days "5 d 3 h". 0 is "0 s", negative gets a '-'.
 */
const char *time_length_text(int64_t ms, char buf[TIME_TEXT]);

/*
 * The IANA zone name, e.g. "Africa/Johannesburg", from the TZif files in
 * /usr/share/zoneinfo (RFC 8536, version 2+ with its footer rule for times past
 * the table). "UTC" needs no file. NULL with e set. Caller frees.
 */
struct time_zone *time_zone_open(const char *name, struct err *e);
/* The same from the bytes of a TZif file (for tests and fuzzing). */
struct time_zone *time_zone_parse(struct sv tzif, struct err *e);
void time_zone_free(struct time_zone *z);
/* Seconds east of UTC at an instant. */
int time_zone_offset(const struct time_zone *z, int64_t ms);

#endif
