#include "report/mustache_parse.h"

#include <string.h>

#include "base/clean.h"
#include "report/mustache.h"

/* A section whose end has not come yet. */
struct open {
	struct mustache_node *section;
	struct mustache_node **tail; /* where the list goes on after the section */
};

struct reader {
	struct arena *a;
	const char *file;
	struct sv text;
	size_t pos; /* of what is not read yet */
	int line;   /* at pos */
	struct sv opening, closing; /* the delimiters */
	struct mustache_node **tail; /* where the next node is hung */
	struct open open[MUSTACHE_MAX_DEPTH];
	int depth;
	struct err *e;
};

/* One tag as it stands in the text. */
struct tag {
	char type;       /* # ^ / > ! = & { or 'v' for a value */
	struct sv inner; /* between delimiters and sigil, trimmed */
	size_t start, end; /* its bytes, delimiters included */
	int line;
};

static int
fail(struct reader *r, int line, const char *what, struct sv name)
{
	struct sb shown = {0};

	clean_add(&shown, sv_head(name, 80));
	err_set(r->e, ERR_INPUT, "%s:%d: %s '%s'", r->file, line, what, sb_str(&shown));
	sb_free(&shown);
	return -1;
}

static void
advance(struct reader *r, size_t pos)
{
	for (; r->pos < pos; r->pos++)
		r->line += r->text.p[r->pos] == '\n';
}

static struct mustache_node *
add(struct reader *r, enum mustache_kind kind, struct sv text, int line)
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
read_tag(struct reader *r, size_t start, struct tag *t)
{
	struct sb end = {0};
	struct sv rest;
	size_t at;

	advance(r, start);
	t->line = r->line;
	t->start = start;
	rest = sv_from(r->text, start + r->opening.n);
	t->type = 'v';
	if (rest.n > 0 && rest.p[0] != '\0' && strchr("#^/>!=&{", rest.p[0]) != NULL) {
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

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Is the tag alone on its line? Then *from and *to are the line's bytes, its
 * end included. A tag before it on the line ends in a delimiter, which is not
 * blank, so looking at the bytes is enough.
 */
static bool
standalone(const struct reader *r, const struct tag *t, size_t *from, size_t *to)
{
	struct sv s = r->text;

	*from = t->start;
	while (*from > 0 && is_blank(s.p[*from - 1]))
		--*from;
	if (*from > 0 && s.p[*from - 1] != '\n')
		return false;
	*to = t->end;
	while (*to < s.n && is_blank(s.p[*to]))
		++*to;
	if (*to == s.n)
		return true;
	if (s.p[*to] == '\r' && *to + 1 < s.n && s.p[*to + 1] == '\n')
		++*to;
	return s.p[(*to)++] == '\n';
}

static int
check_name(struct reader *r, const struct tag *t)
{
	struct sv v = t->inner, part;
	size_t i;

	for (i = 0; i < v.n; i++)
		if ((unsigned char)v.p[i] <= ' ')
			return fail(r, t->line, "a name has no blanks in it:", t->inner);
	if (v.n == 0)
		return fail(r, t->line, "a name is missing between", r->opening);
	if (v.p[0] == '<' || v.p[0] == '$')
		return fail(r, t->line, "inheritance is not supported:", t->inner);
	if (t->type == '>' && v.p[0] == '*')
		return fail(r, t->line, "dynamic names are not supported:", t->inner);
	if (t->type == '>' || sv_is(v, "."))
		return 0;
	while (sv_split(&v, '.', &part))
		if (part.n == 0)
			return fail(r, t->line, "not a name:", t->inner);
	return 0;
}

static int
open_section(struct reader *r, const struct tag *t)
{
	struct mustache_node *n;

	if (r->depth == MUSTACHE_MAX_DEPTH)
		return err_set(r->e, ERR_LIMIT, "%s:%d: sections are nested too deeply", r->file,
		    t->line);
	n = add(r, t->type == '#' ? MUSTACHE_SECTION : MUSTACHE_INVERTED, t->inner, t->line);
	r->open[r->depth++] = (struct open){n, r->tail};
	r->tail = &n->child;
	return 0;
}

static int
close_section(struct reader *r, const struct tag *t)
{
	if (r->depth == 0)
		return fail(r, t->line, "no section is open that could end here:", t->inner);
	r->depth--;
	if (!sv_eq(r->open[r->depth].section->text, t->inner))
		return fail(r, t->line, "another section must end first:",
		    r->open[r->depth].section->text);
	r->tail = r->open[r->depth].tail;
	return 0;
}

/* "<% %>" */
static int
set_delimiters(struct reader *r, const struct tag *t)
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

static int
add_tag(struct reader *r, const struct tag *t, struct sv indent)
{
	if (t->type == '!')
		return 0;
	if (t->type == '=')
		return set_delimiters(r, t);
	if (check_name(r, t) < 0)
		return -1;
	switch (t->type) {
	case '#':
	case '^':
		return open_section(r, t);
	case '/':
		return close_section(r, t);
	case '>':
		add(r, MUSTACHE_PARTIAL, t->inner, t->line)->indent = indent;
		return 0;
	case '&':
	case '{':
		add(r, MUSTACHE_RAW, t->inner, t->line);
		return 0;
	default:
		add(r, MUSTACHE_VALUE, t->inner, t->line);
		return 0;
	}
}

static int
next_tag(struct reader *r, size_t start)
{
	struct sv indent = SV("");
	size_t from = start, to, text = r->pos;
	int line = r->line;
	struct tag t;

	if (read_tag(r, start, &t) < 0)
		return -1;
	to = t.end;
	if (strchr("v&{", t.type) == NULL) {
		if (standalone(r, &t, &from, &to)) {
			indent = sv_head(sv_from(r->text, from), start - from);
		} else {
			from = start;
			to = t.end;
		}
	}
	if (from > text)
		add(r, MUSTACHE_TEXT, sv_head(sv_from(r->text, text), from - text), line);
	if (add_tag(r, &t, indent) < 0)
		return -1;
	advance(r, to);
	return 0;
}

int
mustache_parse(struct arena *a, const char *file, struct sv text,
    struct mustache_node **first, struct err *e)
{
	struct reader r = {.a = a, .file = file, .text = text, .line = 1, .tail = first, .e = e};
	size_t start;

	*first = NULL;
	r.opening = SV("{{");
	r.closing = SV("}}");
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
	return 0;
}
