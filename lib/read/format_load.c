/*
 * The "lines:" and "json:" parts of a format's YAML; docs/formats.md explains the keys.
 */
#include "read/format_def.h"

#include <string.h>

static struct regex *
pattern(const struct doc *d, struct err *e)
{
	struct err why = {0};
	struct regex *r = regex_new(d->text, 0, &why);

	if (r == NULL)
		doc_err(d, e, "%s", why.msg);
	else if (regex_count(r) > FORMAT_MAX_GROUPS) {
		doc_err(d, e, "more than %d groups in one pattern", FORMAT_MAX_GROUPS);
		regex_free(r);
		r = NULL;
	}
	return r;
}

/* The group of m's pattern that event's key names, 0 when the key is not there. */
static int
group(struct arena *a, const struct format_match *m, const struct doc *event, const char *key,
    int *number, struct err *e)
{
	const struct doc *d;

	*number = 0;
	if (doc_get(event, key) == NULL)
		return 0;
	if ((d = format_string(event, key, e)) == NULL)
		return -1;
	*number = regex_group(m->pattern, arena_str(a, d->text));
	if (*number < 0)
		return doc_err(d, e, "the pattern has no group (?<%" SV_FMT ">...)",
		    SV_ARG(sv_head(d->text, 80)));
	return 0;
}

static int
load_match(struct arena *a, const struct doc *d, struct format_match *m, struct err *e)
{
	static const char *const keys[] = {"pattern", "event", NULL};
	static const char *const event_keys[] = {"time", "name", "text", "kind", NULL};
	const struct doc *text, *event, *kind;

	if (format_keys(d, keys, e) < 0 || (text = format_string(d, "pattern", e)) == NULL)
		return -1;
	if ((m->pattern = pattern(text, e)) == NULL)
		return -1;
	if ((event = doc_get(d, "event")) == NULL)
		return doc_err(d, e, "missing key \"event\"");
	if (format_keys(event, event_keys, e) < 0 ||
	    format_string(event, "time", e) == NULL || format_string(event, "name", e) == NULL ||
	    (kind = format_string(event, "kind", e)) == NULL)
		return -1;
	m->kind = kind->text;
	return group(a, m, event, "time", &m->time, e) < 0 ||
	    group(a, m, event, "name", &m->name, e) < 0 ||
	    group(a, m, event, "text", &m->text, e) < 0 ? -1 : 0;
}

static int
load_matches(struct arena *a, const struct doc *d, struct format_lines *out, struct err *e)
{
	const struct doc *list = doc_get(d, "match"), *c;

	if (list == NULL)
		return doc_err(d, e, "missing key \"match\"");
	if (list->kind != DOC_LIST || list->n == 0)
		return doc_err(list, e, "expected a list of patterns");
	out->match = arena_new(a, list->n, sizeof(*out->match));
	for (c = doc_first(list); c != NULL; c = c->next)
		if (load_match(a, c, &out->match[out->nmatch++], e) < 0)
			return -1;
	return 0;
}

int
format_lines_load(struct arena *a, const struct doc *d, struct format_lines *out, struct err *e)
{
	static const char *const keys[] = {"recognise", "skip", "match", "otherwise", NULL};
	const struct doc *recognise, *otherwise = doc_get(d, "otherwise"), **skip;
	size_t n;

	if (format_keys(d, keys, e) < 0 || (recognise = format_string(d, "recognise", e)) == NULL)
		return -1;
	if ((out->recognise = pattern(recognise, e)) == NULL)
		return -1;
	if (format_strings(a, d, "skip", &skip, &n, e) < 0)
		return -1;
	out->skip = arena_new(a, n, sizeof(struct regex *));
	for (; out->nskip < n; out->nskip++)
		if ((out->skip[out->nskip] = pattern(skip[out->nskip], e)) == NULL)
			return -1;
	if (load_matches(a, d, out, e) < 0)
		return -1;
	if (otherwise == NULL)
		return 0;
	out->otherwise_continue = sv_is(otherwise->text, "continue");
	if (!out->otherwise_continue && !sv_is(otherwise->text, "problem"))
		return doc_err(otherwise, e, "expected \"continue\" or \"problem\"");
	return 0;
}

void
format_lines_free(struct format_lines *l)
{
	size_t i;

	regex_free(l->recognise);
	for (i = 0; i < l->nskip; i++)
		regex_free(l->skip[i]);
	for (i = 0; i < l->nmatch; i++)
		regex_free(l->match[i].pattern);
	*l = (struct format_lines){0};
}

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
