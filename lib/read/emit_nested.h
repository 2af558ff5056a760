/*
 * emit_nested - an artifact inside another one: Prometheus text in a JSON string.
 */
#ifndef SOAK_READ_EMIT_NESTED_H
#define SOAK_READ_EMIT_NESTED_H

#include "read/read.h"

/*
 * Recognises text among the formats that are read by code and gives what it says to the sink: what has no time gets t (which
 * may be TIME_NONE), everything the line. A string that ends is whole, so a missing last newline is no cut. What is not
 * recognised, or broken, is a warning, and nothing of it is used. 0, or the sink's -1.
 */
int emit_nested(struct sv text, int64_t t, int64_t line, const struct read_sink *sink, struct err *e);

#endif
