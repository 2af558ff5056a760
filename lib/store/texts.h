/*
 * texts - all text that a SQLite file holds, ours or anybody's: for those who look for something in it.
 */
#ifndef SOAK_STORE_TEXTS_H
#define SOAK_STORE_TEXTS_H

#include "base/err.h"
#include "base/str.h"

/*
 * Calls fn with each text and blob of each table, views valid during the call. The file is opened for reading only, without
 * trusting what its schema says. 0; -1 with e set: not a database, damaged (ERR_DB), or fn failed.
 */
int store_texts(const char *path, int (*fn)(void *ctx, const char *table, struct sv text, struct err *e), void *ctx, struct err *e);

#endif
