/*
 * step_trust - evidence does not bring the rules it is judged by.
 *
 * Templates below the current folder and a profile in it are taken before the shipped ones, for users who have written
 * their own. Where the current folder lies among the artifacts they may be anybody's.
 */
#ifndef SOAK_TOOLS_STEP_TRUST_H
#define SOAK_TOOLS_STEP_TRUST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "profile/profile.h"
#include "tool.h"

/* Is path the operand, or somewhere below it? Links are followed; no when one of them is not there. */
bool step_lies_in(const char *path, const char *operand);
/* Templates that lie in one of the n operands are not used, and a note says so: all but $SOAK_TEMPLATES. */
void step_trust_templates(struct tool *t, char *const *operand, size_t n);
/*
 * step_profile(), but one that was asked for by its bare name, lies in one of the operands and has the name of one in the
 * templates is an error: which of the two is meant must be said. NULL with e set, or to be freed with profile_free().
 */
struct profile *step_trusted_profile(const struct tool *t, const char *name, char *const *operand, size_t n,
    struct err *e);

#endif
