#include "report/mustache_parse.h"

#include <string.h>

#include "base/clean.h"
#include "report/mustache_reader.h"

static int
fail(struct mustache_reader *r, int line, const char *what, struct sv name)
{
	struct sb shown = {0};

	clean_add(&shown, sv_head(name, 80));
	err_set(r->e, ERR_INPUT, "%s:%d: %s '%s'", r->file, line, what, sb_str(&shown));
	sb_free(&shown);
	return -1;
}

static void
advance(struct mustache_reader *r, size_t pos)
{
	for (; r->pos < pos; r->pos++)
		r->line += r->text.p[r->pos] == '\n';
}

static struct mustache_node *
add(struct mustache_reader *r, enum mustache_kind kind, struct sv text, int line)
{
	struct mustache_node *n = arena_new(r->a, 1, sizeof(*n));

	n->kind = kind;
	n->text = text;
	n->line = line;
	*r->tail = n;
	r->tail = &n->next;
	return n;
}

/* Reads the tag whose delimiter starts at byte start. */
static int
read_tag(struct mustache_reader *r, size_t start, struct mustache_tag *t)
{
	struct sb end = {0};
	struct sv rest;
	size_t at;

	advance(r, start);
	t->line = r->line;
	t->start = start;
	rest = sv_from(r->text, start + r->opening.n);
	t->type = 'v';
	if (rest.n > 0 && rest.p[0] != '\0' && strchr("#^/><$!=&{", rest.p[0]) != NULL) {
		t->type = rest.p[0];
		rest = sv_from(rest, 1);
	}
	if (t->type == '{')
		sb_addc(&end, '}');
	if (t->type == '=')
		sb_addc(&end, '=');
	sb_addv(&end, r->closing);
	at = sv_find(rest, sb_sv(&end));
	t->inner = sv_trim(sv_head(rest, at));
	t->end = (size_t)(rest.p - r->text.p) + at + end.n;
	if (at == rest.n) {
		fail(r, t->line, "the tag is not closed:", sv_head(rest, sv_chr(rest, '\n')));
		sb_free(&end);
		return -1;
	}
	sb_free(&end);
	return 0;
}

static int
check_name(struct mustache_reader *r, const struct mustache_tag *t)
{
	bool file = t->type == '>' || t->type == '<';
	struct sv v = t->inner, part;
	size_t i;

	if (file && sv_starts(v, "*"))
		v = sv_trim(sv_from(v, 1));

	for (i = 0; i < v.n; i++)
		if ((unsigned char)v.p[i] <= ' ')
			return fail(r, t->line, "a name has no blanks in it:", t->inner);
	if (v.n == 0)
		return fail(r, t->line, "a name is missing between", r->opening);
	if (file || t->type == '$' || t->type == '/' || sv_is(v, "."))
		return 0;
	while (sv_split(&v, '.', &part))
		if (part.n == 0)
			return fail(r, t->line, "not a name:", t->inner);
	return 0;
}

static struct mustache_open *
open_section(struct mustache_reader *r, enum mustache_kind kind, const struct mustache_tag *t)
{
	struct mustache_node *n;
	struct mustache_open *o;

	if (r->depth == MUSTACHE_MAX_DEPTH) {
		err_set(r->e, ERR_LIMIT, "%s:%d: sections are nested too deeply", r->file, t->line);
		return NULL;
	}
	n = add(r, kind, t->inner, t->line);
	o = &r->open[r->depth++];
	*o = (struct mustache_open){.section = n, .tail = r->tail};
	r->tail = &n->child;
	return o;
}

/* The blanks with which a text begins. */
static struct sv
blanks_of(struct sv text)
{
	size_t n = 0;

	while (n < text.n && mustache_blank(text.p[n]))
		n++;
	return sv_head(text, n);
}

static int
open_block(struct mustache_reader *r, const struct mustache_tag *t, size_t to)
{
	struct mustache_open *o = open_section(r, MUSTACHE_BLOCK, t);
	size_t line;

	if (o == NULL)
		return -1;
	o->first = mustache_blank_before(r, t->start, &line);
	o->section->own_line = to > t->end || (to == r->text.n && t->end == to && o->first);
	if (o->first)
		o->section->indent = sv_head(sv_from(r->text, line), t->start - line);
	o->body = to;
	o->section->body = (struct mustache_source){r->file, SV(""), 0, r->opening, r->closing};
	return 0;
}

/* An argument is indented as what it takes the place of: the default, where that has a line, else the tag. */
static void
close_block(struct mustache_reader *r, const struct mustache_open *o, size_t from)
{
	struct mustache_node *n = o->section;

	n->body.text = sv_head(sv_from(r->text, o->body), from > o->body ? from - o->body : 0);
	n->body.line = o->body_line;
	if (!n->own_line)
		return;
	n->dedent = blanks_of(n->body.text);
	if (sv_trim(n->body.text).n > 0)
		n->indent = n->dedent;
}

static int
open_parent(struct mustache_reader *r, const struct mustache_tag *t, struct mustache_node *before)
{
	struct mustache_open *o = open_section(r, MUSTACHE_PARENT, t);
	size_t line;

	if (o == NULL)
		return -1;
	o->first = mustache_blank_before(r, t->start, &line);
	o->lead = before;
	o->blanks = t->start - line;
	return 0;
}

/* A parent that is alone on its lines has its indent before each line of what it brings. */
static void
close_parent(const struct mustache_open *o, bool own)
{
	struct mustache_node *n = o->section;

	if (!own || o->blanks == 0 || o->lead == NULL || o->lead->text.n < o->blanks)
		return;
	n->indent = sv_from(o->lead->text, o->lead->text.n - o->blanks);
	o->lead->text = sv_head(o->lead->text, o->lead->text.n - o->blanks);
}

static int
close_section(struct mustache_reader *r, const struct mustache_tag *t, size_t from, bool own)
{
	const struct mustache_open *o = mustache_innermost(r, 0);

	if (o == NULL)
		return fail(r, t->line, "no section is open that could end here:", t->inner);
	if (!sv_eq(o->section->text, t->inner))
		return fail(r, t->line, "another section must end first:", o->section->text);
	if (o->section->kind == MUSTACHE_BLOCK)
		close_block(r, o, from);
	if (o->section->kind == MUSTACHE_PARENT)
		close_parent(o, own);
	r->tail = o->tail;
	r->depth--;
	return 0;
}

/* "*name": its value is the name. */
static void
resolve_later(struct mustache_node *n)
{
	if (!sv_starts(n->text, "*"))
		return;
	n->dynamic = true;
	n->text = sv_trim(sv_from(n->text, 1));
}

/* "<% %>" */
static int
set_delimiters(struct mustache_reader *r, const struct mustache_tag *t)
{
	size_t n = 0;

	while (n < t->inner.n && (unsigned char)t->inner.p[n] > ' ')
		n++;
	r->opening = sv_head(t->inner, n);
	r->closing = sv_trim(sv_from(t->inner, n));
	for (n = 0; n < r->closing.n; n++)
		if ((unsigned char)r->closing.p[n] <= ' ')
			return fail(r, t->line, "two delimiters expected, not", t->inner);
	if (r->opening.n == 0 || r->closing.n == 0 || sv_chr(t->inner, '=') < t->inner.n)
		return fail(r, t->line, "two delimiters expected, not", t->inner);
	return 0;
}

/* What a tag takes with it: the bytes [from, to), the text node before them. */
struct place {
	size_t from, to;
	bool own; /* it is alone on its line */
	struct mustache_node *before;
};

static int
add_tag(struct mustache_reader *r, const struct mustache_tag *t, const struct place *p)
{
	struct mustache_node *n;

	if (t->type == '!')
		return 0;
	if (t->type == '=')
		return set_delimiters(r, t);
	if (check_name(r, t) < 0)
		return -1;
	switch (t->type) {
	case '#':
	case '^':
		return open_section(r, t->type == '#' ? MUSTACHE_SECTION : MUSTACHE_INVERTED, t) == NULL ? -1 : 0;
	case '$':
		return open_block(r, t, p->to);
	case '<':
		return open_parent(r, t, p->before);
	case '/':
		return close_section(r, t, p->from, p->own);
	case '>':
		n = add(r, MUSTACHE_PARTIAL, t->inner, t->line);
		n->indent = sv_head(sv_from(r->text, p->from), t->start - p->from);
		resolve_later(n);
		return 0;
	default:
		add(r, t->type == 'v' ? MUSTACHE_VALUE : MUSTACHE_RAW, t->inner, t->line);
		return 0;
	}
}

static int
next_tag(struct mustache_reader *r, size_t start)
{
	struct place p = {0};
	size_t text = r->pos;
	int line = r->line;
	struct mustache_tag t;

	if (read_tag(r, start, &t) < 0)
		return -1;
	p.own = mustache_extent(r, &t, &p.from, &p.to);
	if (p.from > text)
		p.before = add(r, MUSTACHE_TEXT, sv_head(sv_from(r->text, text), p.from - text), line);
	if (add_tag(r, &t, &p) < 0)
		return -1;
	advance(r, p.to);
	if (t.type == '$')
		r->open[r->depth - 1].body_line = r->line;
	return 0;
}

/* Ends of dynamic parents were compared with their beginnings, asterisk and all: now it can go. */
static void
resolve_parents(struct mustache_node *n)
{
	for (; n != NULL; n = n->next) {
		if (n->kind == MUSTACHE_PARENT)
			resolve_later(n);
		resolve_parents(n->child);
	}
}

int
mustache_parse(struct arena *a, const struct mustache_source *s, struct mustache_node **first, struct err *e)
{
	struct mustache_reader r = {.a = a, .file = s->file, .text = s->text, .line = s->line, .tail = first, .e = e};
	size_t start;

	*first = NULL;
	r.opening = s->opening.n > 0 ? s->opening : SV("{{");
	r.closing = s->closing.n > 0 ? s->closing : SV("}}");
	if (sv_starts(r.text, "\xef\xbb\xbf"))
		r.text = sv_from(r.text, 3);
	for (;;) {
		start = r.pos + sv_find(sv_from(r.text, r.pos), r.opening);
		if (start >= r.text.n)
			break;
		if (next_tag(&r, start) < 0)
			return -1;
	}
	if (r.pos < r.text.n)
		add(&r, MUSTACHE_TEXT, sv_from(r.text, r.pos), r.line);
	if (r.depth > 0)
		return fail(&r, r.open[r.depth - 1].section->line, "the section is not closed:",
		    r.open[r.depth - 1].section->text);
	resolve_parents(*first);
	return 0;
}
