/*
 * The "lines:" part of a format's YAML; docs/formats.md explains the keys.
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

/* For emit_load(): the values of a line are the groups of the pattern that matched it. */
static int
find_group(void *ctx, const struct doc *d, struct sv name, struct err *e)
{
	const struct format_match *m = ctx;
	char *text = mem_dup(name.p, name.n);
	int number = regex_group(m->pattern, text);

	mem_free(text);
	return number >= 0 ? number : doc_err(d, e, "the pattern has no group (?<%" SV_FMT ">...)",
	    SV_ARG(sv_head(name, 80)));
}

static int
load_match(struct emit_scope *s, const struct doc *d, struct format_match *m, struct err *e)
{
	static const char *const keys[] = {"pattern", EMIT_KEYS, NULL};
	const struct doc *text;

	if (format_keys(d, keys, e) < 0 || (text = format_string(d, "pattern", e)) == NULL)
		return -1;
	if ((m->pattern = pattern(text, e)) == NULL)
		return -1;
	s->find = find_group;
	s->ctx = m;
	if (emit_load(s, d, &m->emit, e) < 0)
		return -1;
	return m->emit.n > 0 ? 0 : doc_err(d, e, "missing key \"event\" (or \"sample\", \"result\", \"claim\", \"run\")");
}

static int
load_matches(struct emit_scope *s, const struct doc *d, struct format_lines *out, struct err *e)
{
	const struct doc *list = doc_get(d, "match"), *c;

	if (list == NULL)
		return doc_err(d, e, "missing key \"match\"");
	if (list->kind != DOC_LIST || list->n == 0)
		return doc_err(list, e, "expected a list of patterns");
	out->match = arena_new(s->arena, list->n, sizeof(*out->match));
	for (c = doc_first(list); c != NULL; c = c->next)
		if (load_match(s, c, &out->match[out->nmatch++], e) < 0)
			return -1;
	return 0;
}

int
format_lines_load(struct emit_scope *s, const struct doc *d, struct format_lines *out, struct err *e)
{
	static const char *const keys[] = {"recognise", "skip", "match", "otherwise", NULL};
	const struct doc *recognise, *otherwise = doc_get(d, "otherwise"), **skip;
	size_t n;

	if (format_keys(d, keys, e) < 0 || (recognise = format_string(d, "recognise", e)) == NULL)
		return -1;
	if ((out->recognise = pattern(recognise, e)) == NULL)
		return -1;
	if (format_strings(s->arena, d, "skip", &skip, &n, e) < 0)
		return -1;
	out->skip = arena_new(s->arena, n, sizeof(struct regex *));
	for (; out->nskip < n; out->nskip++)
		if ((out->skip[out->nskip] = pattern(skip[out->nskip], e)) == NULL)
			return -1;
	if (load_matches(s, d, out, e) < 0)
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
