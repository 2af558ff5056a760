/*
 * report - the verdict as a document for people, from a template and the verdict's own JSON.
 *
 * docs/report-data.md is the data model that templates see.
 */
#ifndef SOAK_REPORT_REPORT_H
#define SOAK_REPORT_REPORT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/doc.h"
#include "base/err.h"
#include "base/str.h"

struct report_chart {
	struct sv file; /* "charts/success-rate.png": the link in Markdown */
	struct sv png;  /* its bytes, embedded in HTML where there is no drawing */
	struct sv title, alt;
	struct sv svg;  /* the same as a drawing, embedded in HTML; empty: none */
};

/*
 * The data a template renders: verdict.json's tree with what only people need added (counts, texts of times and
 * sizes, classes for verdicts, charts as data: URIs). scan is secret-scan.json, NULL when nothing has been searched for
 * secrets. Owned by the arena. NULL with e set when verdict or scan are not ours or newer.
 */
struct doc *report_data(struct arena *a, const struct doc *verdict, const struct doc *scan, const struct report_chart *chart,
    size_t n, struct err *e);

/*
 * Renders template NAME.md or NAME.html (the ending decides how values are escaped) from the folders
 * dir[0..n-1]/reports, partials beside it. Unknown names are errors with file and line. Appends. 0 or -1.
 */
int report_render(const struct doc *data, const char *name, const char *const *dir, size_t n, struct sb *out,
    struct err *e);

/*
 * Renders the template file at path with any data. Its ending decides how values are escaped: .md as Markdown, .txt not at all,
 * all others as HTML; of NAME.md.mustache the inner one does. A partial is a file of its folder: its name with the same
 * ending, with .mustache, or as it is. lenient: unknown names and partials are empty, as the Mustache spec has it.
 * Appends. 0 or -1.
 */
int report_render_file(const struct doc *data, const char *path, bool lenient, struct sb *out, struct err *e);

#endif
