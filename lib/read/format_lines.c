/*
 * The "lines:" part of a format's YAML; docs/formats.md explains the keys.
 */
#include "read/format_def.h"

#include <string.h>

/* One part of a load: everything of the format that its texts may name. */
struct loading {
	struct emit_scope *s;
	struct format_lines *out;
	const struct format_match *match; /* whose groups are values, too; NULL: none's */
	struct err *e;
};

/* --- patterns ---------------------------------------------------------------------------- */

static struct regex *
pattern(const struct doc *d, struct err *e)
{
	struct err why = {0};
	struct regex *r = regex_new(d->text, REGEX_BOUNDED, &why);

	if (r == NULL)
		doc_err(d, e, "%s", why.msg);
	else if (regex_count(r) > FORMAT_MAX_GROUPS) {
		doc_err(d, e, "more than %d groups in one pattern", FORMAT_MAX_GROUPS);
		regex_free(r);
		r = NULL;
	}
	return r;
}

static int
patterns(struct loading *l, const struct doc *d, const char *key, struct regex ***out, size_t *n)
{
	const struct doc **text;
	size_t count;

	if (format_strings(l->s->arena, d, key, &text, &count, l->e) < 0)
		return -1;
	*out = arena_new(l->s->arena, count, sizeof(struct regex *));
	for (; *n < count; (*n)++)
		if (((*out)[*n] = pattern(text[*n], l->e)) == NULL)
			return -1;
	return 0;
}

/* --- names of values --------------------------------------------------------------------- */

static int
slot_of(const struct format_lines *f, struct sv name)
{
	size_t i;

	for (i = 0; i < f->nkept; i++)
		if (sv_eq(f->kept[i], name))
			return (int)i;
	return -1;
}

static int
add_slot(struct loading *l, const struct doc *d, struct sv name)
{
	if (slot_of(l->out, name) >= 0)
		return 0;
	if (name.n == 0 || name.p[0] == '@')
		return doc_err(d, l->e, "'%" SV_FMT "' is no name for a value", SV_ARG(sv_head(name, 80)));
	if (l->out->nkept == FORMAT_MAX_KEPT)
		return doc_err(d, l->e, "more than %d kept values", FORMAT_MAX_KEPT);
	l->out->kept[l->out->nkept++] = name;
	return 0;
}

static int
group_of(const struct format_match *m, struct sv name)
{
	char *text;
	int number;

	if (m == NULL || m->pattern == NULL)
		return -1;
	text = mem_dup(name.p, name.n);
	number = regex_group(m->pattern, text);
	mem_free(text);
	return number;
}

/* For emit_load(): a group of the pattern, a value kept by an earlier line, or one of ours. */
static int
find_value(void *ctx, const struct doc *d, struct sv name, struct err *e)
{
	const struct loading *l = ctx;
	int number = group_of(l->match, name);

	if (number >= 0)
		return number;
	if (sv_is(name, "@line"))
		return FORMAT_LINE;
	if (sv_is(name, "@last"))
		return FORMAT_LAST;
	if ((number = slot_of(l->out, name)) >= 0)
		return FORMAT_KEPT + number;
	return doc_err(d, e, l->match != NULL ? "the pattern has no group (?<%" SV_FMT ">...)"
	    : "no line keeps a value called '%" SV_FMT "'", SV_ARG(sv_head(name, 80)));
}

/* Each keep's names, before anything that may refer to them is loaded. */
static int
load_names(struct loading *l, const struct doc *keep)
{
	const struct doc *c;

	if (keep == NULL)
		return 0;
	if (keep->kind == DOC_STRING)
		return add_slot(l, keep, keep->text);
	if (keep->kind != DOC_LIST && keep->kind != DOC_MAP)
		return doc_err(keep, l->e, "expected names: [when, number], or {kept: group}");
	for (c = doc_first(keep); c != NULL; c = c->next)
		if (c->kind != DOC_STRING)
			return doc_err(c, l->e, "expected a name");
		else if (add_slot(l, c, keep->kind == DOC_MAP ? c->key : c->text) < 0)
			return -1;
	return 0;
}

static int
load_keep(struct loading *l, const struct doc *keep, struct format_match *m)
{
	const struct doc *c;
	bool map;

	if (keep == NULL)
		return 0;
	map = keep->kind == DOC_MAP;
	m->keep = arena_new(l->s->arena, keep->kind == DOC_STRING ? 1 : keep->n, sizeof(*m->keep));
	for (c = keep->kind == DOC_STRING ? keep : doc_first(keep); c != NULL;
	    c = keep->kind == DOC_STRING ? NULL : c->next) {
		struct format_keep *k = &m->keep[m->nkeep++];

		k->slot = slot_of(l->out, map ? c->key : c->text);
		k->number = map ? find_value(l, c, c->text, l->e) : group_of(m, c->text);
		if (map && k->number < 0)
			return -1;
		if (k->number < 0)
			return doc_err(c, l->e, "the pattern has no group (?<%" SV_FMT ">...)", SV_ARG(sv_head(c->text, 80)));
	}
	return 0;
}

/* --- blocks ------------------------------------------------------------------------------ */

static int
block_of(struct loading *l, const struct doc *d)
{
	size_t i;

	for (i = 0; i < l->out->nblocks; i++)
		if (sv_eq(l->out->block[i].name, d->text))
			return (int)i;
	return doc_err(d, l->e, "no block called '%" SV_FMT "'", SV_ARG(sv_head(d->text, 80)));
}

static int
name_blocks(struct loading *l, const struct doc *d)
{
	const struct doc *c, *v, *values;

	if (d == NULL)
		return 0;
	if (d->kind != DOC_MAP || d->n > FORMAT_MAX_BLOCKS)
		return doc_err(d, l->e, "expected a map of up to %d blocks", FORMAT_MAX_BLOCKS);
	l->out->block = arena_new(l->s->arena, d->n, sizeof(*l->out->block));
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (sv_is(c->key, "outside"))
			return doc_err_key(c, l->e, "no block can be called 'outside': that is where no block is");
		l->out->block[l->out->nblocks++].name = c->key;
		values = doc_get(c, "values");
		if (values != NULL && values->kind != DOC_MAP)
			return doc_err(values, l->e, "expected a map: {verdict: incomplete}");
		for (v = doc_first(values); v != NULL; v = v->next)
			if (add_slot(l, v, v->key) < 0)
				return -1;
	}
	return 0;
}

static int
load_block(struct loading *l, const struct doc *d, struct format_block *b)
{
	static const char *const keys[] = {"values", EMIT_KEYS, NULL};
	const struct doc *v;
	int slot;

	/* "head: " is a block of which nothing is made. */
	if (d->kind == DOC_NULL)
		return 0;
	if (format_keys(d, keys, l->e) < 0)
		return -1;
	for (v = doc_first(doc_get(d, "values")); v != NULL; v = v->next) {
		if (v->kind == DOC_LIST || v->kind == DOC_MAP)
			return doc_err(v, l->e, "expected a text, or null for no value");
		slot = slot_of(l->out, v->key);
		b->resets[slot] = true;
		if (v->kind != DOC_NULL)
			b->first[slot] = v->text;
	}
	l->match = NULL;
	return emit_load(l->s, d, &b->emit, l->e);
}

/* --- matches ----------------------------------------------------------------------------- */

static int
load_place(struct loading *l, const struct doc *d, struct format_match *m)
{
	const struct doc *begin = doc_get(d, "begin"), *end = doc_get(d, "end"), **in;
	size_t i, n;
	int k;

	m->begin = -1;
	if (begin != NULL && (m->begin = block_of(l, begin)) < 0)
		return -1;
	if (end != NULL && (end->kind != DOC_BOOL || !end->truth || begin != NULL))
		return doc_err(end, l->e, "'end: true' says that a block ends with this line");
	m->end = end != NULL;
	if (format_strings(l->s->arena, d, "in", &in, &n, l->e) < 0)
		return -1;
	for (i = 0; i < n; i++) {
		if (sv_is(in[i]->text, "outside"))
			m->in |= FORMAT_OUTSIDE;
		else if ((k = block_of(l, in[i])) < 0)
			return -1;
		else
			m->in |= 1u << k;
	}
	return 0;
}

static int
load_match(struct loading *l, const struct doc *d, struct format_match *m)
{
	static const char *const keys[] = {"pattern", "in", "begin", "end", "keep", EMIT_KEYS, NULL};
	const struct doc *text;

	if (format_keys(d, keys, l->e) < 0 || (text = format_string(d, "pattern", l->e)) == NULL)
		return -1;
	if ((m->pattern = pattern(text, l->e)) == NULL)
		return -1;
	l->match = m;
	if (load_place(l, d, m) < 0 || load_keep(l, doc_get(d, "keep"), m) < 0 || emit_load(l->s, d, &m->emit, l->e) < 0)
		return -1;
	return m->emit.n > 0 || m->begin >= 0 || m->end || m->nkeep > 0 ? 0 : doc_err(d, l->e, "missing key \"event\" (or \""
	    "sample\", \"result\", \"claim\", \"run\", \"keep\", \"begin\", \"end\"): nothing would come of it");
}

static int
load_matches(struct loading *l, const struct doc *list)
{
	const struct doc *c;

	l->out->match = arena_new(l->s->arena, list->n, sizeof(*l->out->match));
	for (c = doc_first(list); c != NULL; c = c->next)
		if (load_match(l, c, &l->out->match[l->out->nmatch++]) < 0)
			return -1;
	return 0;
}

static int
load_otherwise(const struct doc *d, struct format_lines *out, struct err *e)
{
	if (d == NULL || sv_is(d->text, "problem"))
		out->otherwise = OTHERWISE_PROBLEM;
	else if (sv_is(d->text, "continue"))
		out->otherwise = OTHERWISE_CONTINUE;
	else if (sv_is(d->text, "note"))
		out->otherwise = OTHERWISE_NOTE;
	else
		return doc_err(d, e, "expected \"continue\", \"problem\" or \"note\"");
	return 0;
}

int
format_lines_load(struct emit_scope *s, const struct doc *d, struct format_lines *out, struct err *e)
{
	static const char *const keys[] = {"recognise", "skip", "continues", "blocks", "match", "failures", "otherwise", NULL};
	struct loading l = {.s = s, .out = out, .e = e};
	const struct doc *recognise, *blocks = doc_get(d, "blocks"), *list = doc_get(d, "match"), *c;
	size_t i;

	s->find = find_value;
	s->ctx = &l;
	if (format_keys(d, keys, e) < 0 || (recognise = format_string(d, "recognise", e)) == NULL)
		return -1;
	if ((out->recognise = pattern(recognise, e)) == NULL ||
	    patterns(&l, d, "skip", &out->skip, &out->nskip) < 0 ||
	    patterns(&l, d, "continues", &out->continues, &out->ncontinues) < 0 ||
	    patterns(&l, d, "failures", &out->failures, &out->nfailures) < 0)
		return -1;
	if (list == NULL)
		return doc_err(d, e, "missing key \"match\"");
	if (list->kind != DOC_LIST || list->n == 0)
		return doc_err(list, e, "expected a list of patterns");
	if (name_blocks(&l, blocks) < 0)
		return -1;
	for (c = doc_first(list); c != NULL; c = c->next)
		if (load_names(&l, doc_get(c, "keep")) < 0)
			return -1;
	for (i = 0, c = doc_first(blocks); c != NULL; c = c->next, i++)
		if (load_block(&l, c, &out->block[i]) < 0)
			return -1;
	return load_matches(&l, list) < 0 ? -1 : load_otherwise(doc_get(d, "otherwise"), out, e);
}

static void
free_patterns(struct regex **r, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		regex_free(r[i]);
}

void
format_lines_free(struct format_lines *l)
{
	size_t i;

	regex_free(l->recognise);
	free_patterns(l->skip, l->nskip);
	free_patterns(l->continues, l->ncontinues);
	free_patterns(l->failures, l->nfailures);
	for (i = 0; i < l->nmatch; i++)
		regex_free(l->match[i].pattern);
	*l = (struct format_lines){0};
}
