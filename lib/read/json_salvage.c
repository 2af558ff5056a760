#include "read/json_salvage.h"

#include "base/clean.h"
#include "read/read_lines.h"

#define SHOWN ((size_t)60) /* bytes of an artifact's text in a message */

struct salvage {
	struct arena *a;
	const char *file;
	struct sv text;
	size_t at;
	int line;
	size_t line_start;
	int depth;
	const struct read_sink *sink;
	struct sb path;  /* of the value under way, for messages */
	bool given_up;   /* cut off, too deep */
	bool failed;     /* the sink's error */
	struct err *e;
};

static char
peek(const struct salvage *s)
{
	return s->at < s->text.n ? s->text.p[s->at] : '\0';
}

static void
advance(struct salvage *s)
{
	if (s->text.p[s->at++] == '\n') {
		s->line++;
		s->line_start = s->at;
	}
}

static void
blanks(struct salvage *s)
{
	while (s->at < s->text.n && (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r'))
		advance(s);
}

/* In characters, from 1. */
static int
column(const struct salvage *s)
{
	size_t i;
	int n = 1;

	for (i = s->line_start; i < s->at; i++)
		n += ((unsigned char)s->text.p[i] & 0xc0) != 0x80;
	return n;
}

/* The length of the string that begins here, with its quotes; it ends in its line. 0: it is none. */
static size_t
string_length(struct sv v)
{
	size_t i;

	if (v.n == 0 || v.p[0] != '"')
		return 0;
	for (i = 1; i < v.n && v.p[i] != '\n'; i++) {
		if (v.p[i] == '\\')
			i++;
		else if (v.p[i] == '"')
			return i + 1;
	}
	return 0;
}

/* Does a line go on with a key or a closing bracket? */
static bool
is_sure(struct sv v)
{
	size_t n;

	v = sv_trim(v);
	if (v.n > 0 && (v.p[0] == '}' || v.p[0] == ']'))
		return true;
	n = string_length(v);
	v = sv_trim(sv_from(v, n));
	return n > 0 && v.n > 0 && v.p[0] == ':';
}

/* Leaves out what begins here: says so, and goes on where it is certain again. */
static void
leave_out(struct salvage *s, const char *what)
{
	struct sb text = {0}, plain = {0};
	struct sv rest = sv_from(s->text, s->at);

	sb_addf(&text, "%s left out: %s at column %d: '", s->path.n > 0 ? sb_str(&s->path) : "value", what, column(s));
	clean_add(&text, sv_head(read_no_ansi(sv_head(rest, sv_chr(rest, '\n')), &plain), SHOWN));
	sb_adds(&text, "'");
	if (!s->failed && s->sink->problem(s->sink->ctx, s->line, READ_WARNING, sb_sv(&text), s->e) < 0)
		s->failed = true;
	sb_free(&text);
	sb_free(&plain);
	do {
		while (s->at < s->text.n && peek(s) != '\n')
			advance(s);
		if (s->at < s->text.n)
			advance(s);
		rest = sv_from(s->text, s->at);
	} while (rest.n > 0 && !is_sure(sv_head(rest, sv_chr(rest, '\n'))));
}

static bool
over(struct salvage *s)
{
	if (s->at == s->text.n)
		s->given_up = true;
	return s->given_up || s->failed;
}

/* A string, number, true, false or null, and what ends it. NULL: it is none. */
static struct doc *
scalar(struct salvage *s)
{
	size_t n = string_length(sv_from(s->text, s->at));
	struct doc *d;

	while (n == 0 || peek(s) != '"') {
		char c = s->at + n < s->text.n ? s->text.p[s->at + n] : '\n';

		if (c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"')
			break;
		n++;
	}
	d = n == 0 ? NULL : doc_json(s->a, s->file, (struct sv){s->text.p + s->at, n}, NULL);
	if (d == NULL || d->kind == DOC_MAP || d->kind == DOC_LIST)
		return NULL;
	d->line = s->line;
	d->col = column(s);
	s->at += n; /* no newline in it */
	return d;
}

static struct doc *value(struct salvage *s);

static void
append(struct salvage *s, struct doc *parent, struct sv key, struct doc *child, int line)
{
	char *name = parent->kind == DOC_MAP ? arena_str(s->a, key) : NULL;

	doc_add(s->a, parent, name, child);
	if (name != NULL)
		child->key = arena_sv(s->a, key);
	child->key_line = line;
}

/* What follows a value: ',' or the closing bracket. Else the value is in doubt. */
static bool
ends_well(struct salvage *s)
{
	blanks(s);
	return peek(s) == ',' || peek(s) == '}' || peek(s) == ']' || is_sure(sv_head(sv_from(s->text, s->at),
	    sv_chr(sv_from(s->text, s->at), '\n')));
}

static void
member(struct salvage *s, struct doc *map)
{
	size_t n = string_length(sv_from(s->text, s->at)), path = s->path.n;
	struct doc *key = n == 0 ? NULL : doc_json(s->a, s->file, (struct sv){s->text.p + s->at, n}, NULL), *child;
	int line = s->line;

	if (key == NULL) {
		leave_out(s, "no key");
		return;
	}
	s->at += n;
	sb_addf(&s->path, "%s%" SV_FMT, path > 0 ? "." : "", SV_ARG(sv_head(key->text, SHOWN)));
	blanks(s);
	if (peek(s) != ':') {
		leave_out(s, "no ':'");
	} else {
		s->at++;
		blanks(s);
		child = value(s);
		if (child != NULL && !ends_well(s)) {
			child = NULL;
			leave_out(s, "more than a value");
		}
		if (child != NULL)
			append(s, map, key->text, child, line);
	}
	s->path.n = path;
	s->path.buf[path] = '\0';
}

static void
element(struct salvage *s, struct doc *list)
{
	struct doc *child = value(s);

	if (child != NULL && !ends_well(s)) {
		leave_out(s, "more than a value");
		child = NULL;
	}
	if (child != NULL)
		append(s, list, SV(""), child, s->line);
}

static struct doc *
container(struct salvage *s, char close)
{
	struct doc *d = doc_new(s->a, close == '}' ? DOC_MAP : DOC_LIST);

	d->file = s->file;
	d->line = s->line;
	d->col = column(s);
	if (++s->depth > DOC_MAX_DEPTH)
		s->given_up = true;
	s->at++;
	for (blanks(s); !over(s) && peek(s) != close; blanks(s)) {
		if (peek(s) == ',')
			s->at++;
		else if (peek(s) == '}' || peek(s) == ']')
			s->given_up = true; /* of another: nothing is certain any more */
		else if (close == '}')
			member(s, d);
		else
			element(s, d);
	}
	if (!over(s))
		s->at++;
	s->depth--;
	return d;
}

static struct doc *
value(struct salvage *s)
{
	struct doc *d;

	if (over(s))
		return NULL;
	if (peek(s) == '{' || peek(s) == '[')
		return container(s, peek(s) == '{' ? '}' : ']');
	d = scalar(s);
	if (d == NULL)
		leave_out(s, "no value");
	return d;
}

static bool
unique(const struct doc *d)
{
	const struct doc *c;

	if (d->kind == DOC_MAP && doc_unique_keys(d, NULL) < 0)
		return false;
	for (c = doc_first(d); c != NULL; c = c->next)
		if ((c->kind == DOC_MAP || c->kind == DOC_LIST) && !unique(c))
			return false;
	return true;
}

struct doc *
json_salvage(struct arena *a, const char *file, struct sv text, const struct read_sink *sink, bool *failed, struct err *e)
{
	struct salvage s = {.a = a, .file = file, .text = read_no_bom(text), .line = 1, .sink = sink, .e = e};
	struct doc *d = NULL;

	sb_adds(&s.path, "");
	blanks(&s);
	if (peek(&s) == '{' || peek(&s) == '[')
		d = value(&s);
	if (d != NULL && !s.given_up && !unique(d))
		s.given_up = true;
	sb_free(&s.path);
	*failed = s.failed;
	return s.given_up || s.failed ? NULL : d;
}
