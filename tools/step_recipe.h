/*
 * step_recipe - how a run folder's products were made: recipe.json, from which soak-verify --recompute makes them again.
 */
#ifndef SOAK_TOOLS_STEP_RECIPE_H
#define SOAK_TOOLS_STEP_RECIPE_H

#include "base/arena.h"
#include "judge/judge.h"

/*
 * The command as it would be given in the package's data/ (docs/rules.md 26: no paths of the machine it ran on), the version,
 * and the judge's options. Appends.
 */
void step_recipe_write(const char *tool, size_t n_operands, const struct judge_opts *o, struct sb *out);

/* The judge's options back, without the store to compare with, of which *baseline says whether there was one; texts are the arena's. 0, or -1 with e set. */
int step_recipe_read(struct arena *a, const char *file, struct sv text, struct judge_opts *o, bool *baseline, const char **version,
    struct err *e);

#endif
