/*
 * escape - text from an artifact, made safe to stand inside a report.
 *
 * In every mode the value is first made one line of visible text: line ends
 * and tabs become a blank, what clean.h does not show is written as it says.
 */
#ifndef SOAK_REPORT_ESCAPE_H
#define SOAK_REPORT_ESCAPE_H

#include "base/str.h"

enum escape_mode {
	ESCAPE_PLAIN,    /* no more than that: for text that is only read */
	ESCAPE_HTML,     /* for element content and quoted attribute values */
	ESCAPE_MARKDOWN, /* for CommonMark text and GitHub's table cells */
};

/*
 * Appends v. For Markdown out must be the document so far, since what a '-' or
 * a '#' means depends on what its line starts with; no value can begin a block,
 * a link, emphasis, a table cell or HTML. Backslash escapes have no meaning
 * between backticks: in a template write <code>{{name}}</code>, not `{{name}}`
 * (which is as safe, but shows the escapes).
 */
void escape_add(struct sb *out, enum escape_mode mode, struct sv v);

#endif
