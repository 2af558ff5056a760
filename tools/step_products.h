/*
 * step_products - what one run leaves in its folder: store, verdict, the lines behind its figures, charts, reports, package.
 *
 * In this order: what comes later is made of what is on disk already, and the verdict is there before anything is drawn.
 */
#ifndef SOAK_TOOLS_STEP_PRODUCTS_H
#define SOAK_TOOLS_STEP_PRODUCTS_H

#include "steps.h"

struct step_products {
	const struct tool *t;
	const char *folder;            /* ours: step_folder_take() */
	struct step_ingest *in;        /* the artifacts */
	const struct profile *profile;
	const struct judge_opts *judge;
	const char *runner, *allow;    /* of the package; may be NULL */
	bool redact, incomplete;
};

/* Makes them and prints the verdict. The verdict's exit code, or TOOL_TROUBLE with e set. */
int step_products(const struct step_products *r, struct err *e);

#endif
