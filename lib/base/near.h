/*
 * near - "did you mean": the known word that a mistyped one is nearest to.
 */
#ifndef SOAK_BASE_NEAR_H
#define SOAK_BASE_NEAR_H

#include "base/str.h"

/*
 * The word of the NULL-terminated list that takes the fewest letters put in, left out, changed or swapped with their
 * neighbour; NULL when even that is another word (a third of its letters wrong). Borrowed from the list.
 */
const char *near_word(struct sv word, const char *const *known);

#endif
