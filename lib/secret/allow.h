/*
 * allow - what may be packed although it looks like a secret: by rule and file, with a reason, an owner and an end.
 */
#ifndef SOAK_SECRET_ALLOW_H
#define SOAK_SECRET_ALLOW_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define ALLOW_NOT_SCANNED "not-scanned" /* as a rule: what could not be looked at */

struct allow {
	struct sv rule, file, reason, owner; /* file: a glob over the name in the package, without data/ */
	int64_t line;                        /* 0: any */
	int64_t expires;
	bool used;                           /* allow_find() has found it */
	const char *at;                      /* "file:line:col" */
};
struct allow_list {
	struct allow *v;
	size_t n;
};

/* YAML: a list. An entry that has expired at now is an error. 0 or -1. */
int allow_parse(struct arena *a, const char *file, struct sv text, int64_t now, struct allow_list *out, struct err *e);
/* The entry that allows it, or NULL. */
const struct allow *allow_find(struct allow_list *l, struct sv rule, struct sv file, int64_t line);
/* 0, or -1 with e set: an entry that allows nothing that is there. */
int allow_check_used(const struct allow_list *l, struct err *e);

#endif
