/*
 * The "json:" part of a format's YAML; docs/formats.md explains the keys.
 */
#include "read/format_def.h"

#include <string.h>

static int
load_path(struct arena *a, const struct doc *d, bool stars, struct format_path *out,
    struct err *e)
{
	struct sv rest = d->text, element;

	out->element = arena_new(a, d->text.n + 1, sizeof(struct sv));
	while (sv_split(&rest, '.', &element)) {
		if (element.n == 0)
			return doc_err(d, e, "empty element in a path");
		if (sv_chr(element, '*') < element.n && (!stars || element.n > 1))
			return doc_err(d, e, stars ? "'*' stands for one whole element of a path" :
			    "no '*' here: each of these paths must exist");
		out->element[out->n++] = element;
	}
	if (out->n > DOC_MAX_DEPTH)
		return doc_err(d, e, "more than %d elements in a path", DOC_MAX_DEPTH);
	return 0;
}

static int
load_paths(struct arena *a, const struct doc *d, const char *key, bool stars,
    struct format_paths *out, struct err *e)
{
	const struct doc **text;
	size_t n;

	if (format_strings(a, d, key, &text, &n, e) < 0)
		return -1;
	out->v = arena_new(a, n, sizeof(*out->v));
	for (; out->n < n; out->n++)
		if (load_path(a, text[out->n], stars, &out->v[out->n], e) < 0)
			return -1;
	return 0;
}

int
format_json_load(struct arena *a, const struct doc *d, struct format_json *out, struct err *e)
{
	static const char *const keys[] = {"recognise", "claims", "run", NULL};

	if (format_keys(d, keys, e) < 0 ||
	    load_paths(a, d, "recognise", false, &out->recognise, e) < 0 ||
	    load_paths(a, d, "claims", true, &out->claims, e) < 0 ||
	    load_paths(a, d, "run", true, &out->run, e) < 0)
		return -1;
	if (out->recognise.n == 0)
		return doc_err(d, e, "\"recognise\" names no path");
	if (out->claims.n == 0 && out->run.n == 0)
		return doc_err(d, e, "neither \"claims\" nor \"run\" selects anything");
	return 0;
}
