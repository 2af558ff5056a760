/*
 * step_provenance - provenance.json: what each figure of a verdict was made of, for reports.
 */
#ifndef SOAK_TOOLS_STEP_PROVENANCE_H
#define SOAK_TOOLS_STEP_PROVENANCE_H

#include "judge/judge.h"
#include "tool.h"

struct step_lines;

/* Gives the artifacts to lines, once it is known what is looked for. 0 or -1. */
typedef int step_provenance_read(void *ctx, struct step_lines *lines, struct err *e);

/*
 * Appends provenance.json (docs/verdict.md) of a verdict just reached and its store. read is called once; NULL: no artifacts are at
 * hand, and their lines stay unknown. 0 or -1.
 */
int step_provenance(const struct tool *t, struct store *s, const struct verdict *v, step_provenance_read *read, void *ctx,
    struct sb *out, struct err *e);

#endif
