/*
 * amend - approvals and the statement put into a package that is there: everything else in it stays as it is, byte for byte.
 */
#ifndef SOAK_PACK_AMEND_H
#define SOAK_PACK_AMEND_H

#include "base/err.h"
#include "base/str.h"

struct amend_file {
	const char *name; /* "approvals/x.json", "statement.intoto.jsonl" */
	struct sv bytes;
};

/*
 * The package at path (an archive is written anew in its own format, under a temporary name) with these files added or
 * replaced. 0 or -1: then it is as it was.
 */
int amend(const char *path, const struct amend_file *file, size_t n, struct err *e);

#endif
