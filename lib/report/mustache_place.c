/* Which bytes a tag takes with it: itself, or its line. */
#include "report/mustache_reader.h"

bool
mustache_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
mustache_blank_before(const struct mustache_reader *r, size_t pos, size_t *from)
{
	while (pos > 0 && mustache_blank(r->text.p[pos - 1]))
		pos--;
	*from = pos;
	return pos == 0 || r->text.p[pos - 1] == '\n';
}

/* Is there nothing but blanks from pos to the end of its line? *to: where the next line begins. */
static bool
blank_after(const struct mustache_reader *r, size_t pos, size_t *to)
{
	struct sv s = r->text;

	while (pos < s.n && mustache_blank(s.p[pos]))
		pos++;
	*to = pos;
	if (pos == s.n)
		return true;
	if (s.p[pos] == '\r' && pos + 1 < s.n && s.p[pos + 1] == '\n')
		pos++;
	*to = pos + 1;
	return s.p[pos] == '\n';
}

const struct mustache_open *
mustache_innermost(const struct mustache_reader *r, int depth)
{
	return depth < r->depth ? &r->open[r->depth - 1 - depth] : NULL;
}

/* Text directly in a parent is nothing, so a block there is alone on its line whatever stands beside it. */
static bool
in_parent(const struct mustache_reader *r, int depth)
{
	const struct mustache_open *o = mustache_innermost(r, depth);

	return o != NULL && o->section->kind == MUSTACHE_PARENT;
}

bool
mustache_extent(const struct mustache_reader *r, const struct mustache_tag *t, size_t *from, size_t *to)
{
	const struct mustache_open *o = mustache_innermost(r, 0);
	bool before = mustache_blank_before(r, t->start, from), after = blank_after(r, t->end, to);
	bool own = before && after;

	if (t->type == '$' && after && in_parent(r, 0))
		own = true;
	else if (t->type == '/' && o != NULL && o->section->kind == MUSTACHE_BLOCK && before && in_parent(r, 1))
		own = true;
	else if (t->type == '<')
		own = false; /* its end decides */
	else if (t->type == '/' && o != NULL && o->section->kind == MUSTACHE_PARENT)
		own = o->first && after;
	if (!own || !before || t->type == 'v' || t->type == '&' || t->type == '{')
		*from = t->start;
	if (!own || !after || t->type == 'v' || t->type == '&' || t->type == '{')
		*to = t->end;
	return own;
}
