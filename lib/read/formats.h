/*
 * formats - the formats that users write themselves: templates/formats/NAME.yaml.
 *
 * A log format (kind "lines"): named PCRE2 patterns, each line becomes an event.
 * A JSON format (kind "json"): paths whose scalars become claims or facts about the run.
 * docs/formats.md teaches both.
 */
#ifndef SOAK_READ_FORMATS_H
#define SOAK_READ_FORMATS_H

#include "base/err.h"
#include "read/read.h"

/*
 * Loads every *.yaml of the folders dir[0..n-1] in name order (a later folder's file of the same
 * name wins; a folder that does not exist is skipped). NULL with e set (file:line:col: what).
 */
struct read_formats *formats_load(const char *const *dir, size_t n, struct err *e);
void formats_free(struct read_formats *f);

/* None yet. Caller frees. */
struct read_formats *formats_new(void);
/*
 * Adds the format that text states, or replaces the one of the same name. file is for messages;
 * its base name must be the format's name and ".yaml". 0, or -1 with e set and f as it was.
 */
int formats_add(struct read_formats *f, const char *file, struct sv text, struct err *e);

/* Whom a format of that name is read by, whatever the input looks like; NULL: there is none. *known is its name in f. */
const struct reader *formats_reader(const struct read_formats *f, const char *name, const char **known);

/* SHA-256 of the format's text, in hex; "" when it is none of f (read by code), or f is NULL. Lives as long as f. */
const char *formats_sha256(const struct read_formats *f, const char *name);

/* One line per format, in name order: fn(ctx, name, title, file). */
void formats_each(const struct read_formats *f,
    void (*fn)(void *ctx, const char *name, const char *title, const char *file), void *ctx);

#endif
