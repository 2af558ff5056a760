/*
 * prom_read - reads a whole Prometheus text or OpenMetrics stream into a sink.
 *
 * Lenient where real exporters are sloppy, but said (one problem per kind, with a count):
 * repeated HELP or TYPE, TYPE after samples, a series that stands twice without a timestamp
 * (the first wins). Strict where a number may be cut: a line that does not parse, a last
 * line without its newline, OpenMetrics without "# EOF" or with text after it end the
 * reading with -1; as a scrape, nothing of it may then be used (docs/rules.md 8).
 *
 * Label values are kept as written: le="1" does not become le="1.0".
 */
#ifndef SOAK_READ_PROM_READ_H
#define SOAK_READ_PROM_READ_H

#include <stdbool.h>

#include "read/read.h"

#define PROM_MAX_LINE ((size_t)1 << 20)
#define PROM_MAX_SERIES ((size_t)3 << 18)   /* how many are watched for standing twice */
#define PROM_MAX_FAMILIES ((size_t)3 << 15) /* how many are watched for repeated metadata */

int prom_read(const struct read_input *in, const struct read_sink *sink, bool openmetrics,
    struct err *e);

#endif
