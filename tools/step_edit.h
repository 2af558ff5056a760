/*
 * step_edit - what a person changes in a store, and soak-ingest's files do not: an event is added, an artifact is taken out, another
 * store is taken over. db is what -d says, or NULL.
 */
#ifndef SOAK_TOOLS_STEP_EDIT_H
#define SOAK_TOOLS_STEP_EDIT_H

#include "ingest/manual.h"
#include "steps.h"

/* --event TIME --by NAME KIND TEXT: the last two are the operands. 0 or -1. */
int step_edit_event(const struct tool *t, const char *db, struct manual_event *ev, struct err *e);
/* --remove ARTIFACT --by NAME --reason TEXT [-p PROFILE]: with a profile what is left is placed anew. 0 or -1. */
int step_edit_remove(const struct tool *t, const char *db, const char *name, struct sv by, struct sv why, struct step_ingest *in, struct err *e);
/* --merge OTHER [-p PROFILE]. 0 or -1. */
int step_edit_merge(const struct tool *t, const char *db, const char *other, struct step_ingest *in, struct err *e);

#endif
