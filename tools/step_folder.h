/*
 * step_folder - soak-run's output folder: one run at a time, nothing of former ones, and no evidence among the products.
 */
#ifndef SOAK_TOOLS_STEP_FOLDER_H
#define SOAK_TOOLS_STEP_FOLDER_H

#include <stddef.h>

#include "base/err.h"

/*
 * Makes the folder where it is missing, and removes what a former run left in it; of others' files it touches none. An
 * error: it cannot be written to, another soak-run is at work in it, or it lies in one of the n operands and holds what no
 * run of ours put there. The folder's descriptor, to be kept open while we write there, or -1.
 */
int step_folder_take(const char *folder, char *const *operand, size_t n, struct err *e);

#endif
