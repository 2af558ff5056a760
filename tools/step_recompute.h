/*
 * step_recompute - the verdict, the report and the charts made again from the packed evidence, through the steps of soak-run.
 */
#ifndef SOAK_TOOLS_STEP_RECOMPUTE_H
#define SOAK_TOOLS_STEP_RECOMPUTE_H

#include "step_package.h"

/*
 * k is whole and signed: only then is anything of it unpacked, to a folder of its own that is removed again. What comes out
 * otherwise than it was packed is a finding (docs/rules.md 25: verdict.json, report.md and the charts' descriptions, byte for
 * byte; pictures, and the HTML with them inside, where the libraries draw alike). 0, or -1 for trouble of ours.
 */
int step_recompute(const struct tool *t, struct step_package *k, struct err *e);

#endif
