/*
 * json_salvage - what is certain in a document that is not JSON: a script captured its own log lines into a value.
 *
 * A value that is none is left out with its key, and said with line and column; reading goes on at the next line that begins
 * with a key or a closing bracket. What does not come to its end is cut off, and nothing of it is certain.
 */
#ifndef SOAK_READ_JSON_SALVAGE_H
#define SOAK_READ_JSON_SALVAGE_H

#include "base/arena.h"
#include "base/doc.h"
#include "read/read.h"

/*
 * The document (a map or a list), without what is in doubt, owned by the arena; each thing left out is a warning to the
 * sink. NULL when it was cut off, or is nested too deep, or holds a key twice (*failed false), or when the sink gave up
 * (*failed true, e set).
 */
struct doc *json_salvage(struct arena *a, const char *file, struct sv text, const struct read_sink *sink, bool *failed,
    struct err *e);

#endif
