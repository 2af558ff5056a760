/*
 * attach - the store that a program has open already, as the sqlite3 shell has that loads our extension.
 *
 * Not a second connection to the same file: closing one would drop the POSIX locks that the first one holds
 * (https://www.sqlite.org/howtocorrupt.html 2.2), and it would not see what the first has not committed.
 */
#ifndef SOAK_STORE_ATTACH_H
#define SOAK_STORE_ATTACH_H

#include <stdbool.h>

#include "base/err.h"
#include "store/store.h"

struct sqlite3;

/*
 * The main database of a connection, for reading series, points and scrapes (what store.h reads besides wants a
 * collation, which this does not add). The connection stays the caller's, with all its settings. What is
 * read is the store as it stood at this call, to which store_close() puts an end; so that comes first, and soon. NULL
 * with e set: no store of ours, of another version, busy.
 */
struct store *store_attach(struct sqlite3 *db, struct err *e);

/* Did somebody call sqlite3_interrupt() on the connection while this statement of his runs? Costs about a microsecond. */
bool store_interrupted(struct store *s);

#endif
