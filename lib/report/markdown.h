/*
 * markdown - a report in Markdown as HTML, by md4c: for users' own templates.
 *
 * GitHub's tables, task lists and strikethrough. Raw HTML never passes, but for <code> and </code> (templates have them: the escapes of
 * values have no meaning between backticks). Links lead to http:, https:, mailto: or inside; any other scheme (javascript:, data:) is dropped and
 * its text stays. Nothing is loaded: a picture that is not given is its alternative text.
 */
#ifndef SOAK_REPORT_MARKDOWN_H
#define SOAK_REPORT_MARKDOWN_H

#include "base/doc.h"
#include "base/err.h"
#include "base/str.h"

struct markdown_heading {
	int level;
	struct sv anchor, text; /* "part-3"; its plain text */
};

struct markdown {
	struct sb body;
	struct arena arena;
	struct markdown_heading *heading; /* in order */
	size_t n_headings;
};

/*
 * Renders text. charts (the list of report_data(), or NULL): pictures that can stand in the page, by their link. 0, or -1 with e set. Free
 * out either way.
 */
int markdown_html(const char *name, struct sv text, const struct doc *charts, struct markdown *out, struct err *e);
void markdown_free(struct markdown *m);

/* What a page of it is made of, for a template: title (the first heading), body (HTML), contents (anchor, text of the
 * second level), has_contents, has_h1, generator. */
struct doc *markdown_page(struct arena *a, const struct markdown *m, struct sv name);

#endif
