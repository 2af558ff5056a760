/*
 * step_pdf - a report's HTML as PDF, by a program that is there: weasyprint, else chromium.
 */
#ifndef SOAK_TOOLS_STEP_PDF_H
#define SOAK_TOOLS_STEP_PDF_H

#include "tool.h"

/*
 * html as PDF, appended. epoch: the time that stands in it where the program lets us say so (weasyprint), seconds as text; the same input is
 * the same bytes then. 0; -1 with e set: neither program is there, it failed, or took longer than two minutes.
 */
int step_pdf(const struct tool *t, struct sv html, const char *epoch, struct sb *out, struct err *e);

#endif
