/*
 * step_dry - a copy of the store for those who only want to see what reading would do.
 */
#ifndef SOAK_TOOLS_STEP_DRY_H
#define SOAK_TOOLS_STEP_DRY_H

#include "base/str.h"
#include "store/store.h"

struct step_dry {
	struct sb folder, path; /* of the copy, in $TMPDIR, else /tmp */
};

/* A store for writing that holds what the one at db does (nothing, where there is none). NULL with e set. step_dry_end() either way. */
struct store *step_dry_open(struct step_dry *d, const char *db, struct err *e);
/* Removes the copy. The store must be closed. */
void step_dry_end(struct step_dry *d);

#endif
