/*
 * mustache - report templates: Mustache (mustache(5), github.com/mustache/spec
 * 1.4) over a tree of data.
 *
 *	{{name}} {{a.b}} {{.}}          escaped for the kind of document
 *	{{{name}}} {{&name}}            as it is: only for text made by us
 *	{{#name}}...{{/name}}           for each item, or once if true
 *	{{^name}}...{{/name}}           if it is false, null, "" or an empty list
 *	{{>name}}                       another template, indented as the tag is
 *	{{>*name}}                      the template that name's value names
 *	{{<name}}{{$a}}...{{/a}}{{/name}}  another template with arguments for its blocks
 *	{{$a}}...{{/a}}                 a block: what stands there if no argument does
 *	{{!remark}} {{=<% %>=}}         nothing; other delimiters
 *
 * Stricter than the spec: a name that the data does not have is an error with
 * the template's file and line, in values, sections and partials alike, since a
 * misspelt name must not quietly leave out half a report. What may be absent is
 * in the data as null (names below a null are null, too). Zero is not false: a
 * measured 0 is a value. Lambdas have no meaning in data.
 */
#ifndef SOAK_REPORT_MUSTACHE_H
#define SOAK_REPORT_MUSTACHE_H

#include <stdbool.h>

#include "base/doc.h"
#include "base/err.h"
#include "base/str.h"
#include "report/escape.h"

#define MUSTACHE_MAX_DEPTH 100                     /* sections and partials in each other */
#define MUSTACHE_MAX_OUTPUT ((size_t)64 << 20)     /* bytes */
#define MUSTACHE_MAX_STEPS 20000000L               /* tags and pieces of text rendered */

/* A template's bytes and the name to use for it in messages. */
struct mustache_text {
	const char *file;
	struct sv text;
};

/*
 * Fills in *t for the partial of that name, borrowed until mustache_render()
 * returns: 1; 0 when there is none; -1 with e set.
 */
typedef int mustache_partial_fn(void *ctx, struct sv name, struct mustache_text *t,
    struct err *e);

struct mustache_opts {
	enum escape_mode escape;
	bool lenient; /* unknown names are empty, as the spec has it */
	mustache_partial_fn *partial; /* NULL: there are none */
	void *ctx;
};

/*
 * Appends the template, filled in from data, to out. Numbers print as they were
 * written. 0; or -1 with e set ("file:line: what") and out as it was.
 */
int mustache_render(const struct mustache_opts *opts, const char *file, struct sv text,
    const struct doc *data, struct sb *out, struct err *e);

#endif
