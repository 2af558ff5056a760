#include "base/doc.h"

#include <math.h>
#include <yaml.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"

/*
 * libyaml reads YAML 1.1's grammar and leaves the meaning of plain scalars to
 * its caller; here they mean what YAML 1.2.2, 10.3 (core schema) says.
 */

struct reader {
	struct arena *a;
	const char *file;
	struct sv text;
	yaml_parser_t parser;
	int depth;
	struct err *e;
};

static int
fail(struct reader *r, yaml_mark_t at, enum err_code code, const char *what)
{
	return err_set(r->e, code, "%s:%zu:%zu: %s", r->file, at.line + 1, at.column + 1, what);
}

/* A byte offset as a mark: libyaml gives none for bytes that are not text. */
static yaml_mark_t
mark_at(struct sv text, size_t offset)
{
	yaml_mark_t m = {0};
	size_t i;

	for (i = 0; i < offset && i < text.n; i++) {
		if (text.p[i] == '\n') {
			m.line++;
			m.column = 0;
		} else if (((unsigned char)text.p[i] & 0xc0) != 0x80) {
			m.column++;
		}
	}
	return m;
}

static int
fail_parser(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *what = p->problem == NULL ? "not YAML" : p->problem;

	if (p->error == YAML_MEMORY_ERROR)
		mem_out();
	if (p->error == YAML_READER_ERROR)
		return fail(r, mark_at(r->text, p->problem_offset), ERR_INPUT, what);
	if (fail(r, p->problem_mark, ERR_INPUT, what) < 0 && p->context != NULL && r->e != NULL) {
		struct err first = *r->e;

		err_set(r->e, ERR_INPUT, "%s, %s that starts on line %zu", first.msg, p->context,
		    p->context_mark.line + 1);
	}
	return -1;
}

static int
next(struct reader *r, yaml_event_t *ev)
{
	if (!yaml_parser_parse(&r->parser, ev))
		return fail_parser(r);
	return 0;
}

/* null | Null | NULL and the like: lower case, capitalised, upper case. */
static bool
is_word(struct sv v, const char *lower, const char *capital, const char *upper)
{
	return sv_is(v, lower) || sv_is(v, capital) || sv_is(v, upper);
}

static size_t
digits(struct sv v, size_t i)
{
	while (i < v.n && v.p[i] >= '0' && v.p[i] <= '9')
		i++;
	return i;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? and integers. */
static bool
is_decimal(struct sv v)
{
	size_t i = v.n > 0 && (v.p[0] == '-' || v.p[0] == '+'), from = i;
	bool whole, fraction = false;

	i = digits(v, i);
	whole = i > from;
	if (i < v.n && v.p[i] == '.') {
		from = ++i;
		i = digits(v, i);
		fraction = i > from;
	}
	if (!whole && !fraction)
		return false;
	if (i < v.n && (v.p[i] == 'e' || v.p[i] == 'E')) {
		i++;
		if (i < v.n && (v.p[i] == '-' || v.p[i] == '+'))
			i++;
		from = i;
		i = digits(v, i);
		if (i == from)
			return false;
	}
	return i == v.n;
}

/* The value of what is_decimal() accepts: +.5 and 1. become 0.5 and 1.0 first. */
static double
decimal(struct sv v)
{
	struct sb s = {0};
	double x = INFINITY;
	size_t i;

	for (i = 0; i < v.n; i++) {
		bool before = i > 0 && v.p[i - 1] >= '0' && v.p[i - 1] <= '9';
		bool behind = i + 1 < v.n && v.p[i + 1] >= '0' && v.p[i + 1] <= '9';

		if (v.p[i] == '+' && i == 0)
			continue;
		if (v.p[i] == '.' && !before)
			sb_addc(&s, '0');
		sb_addc(&s, v.p[i]);
		if (v.p[i] == '.' && !behind)
			sb_addc(&s, '0');
	}
	if (!num_parse(sb_sv(&s), &x))
		x = INFINITY;
	sb_free(&s);
	return x;
}

/* 0o17 and 0x1F. */
static bool
based(struct sv v, double *x)
{
	int base = sv_starts(v, "0o") ? 8 : sv_starts(v, "0x") ? 16 : 0;
	size_t i;

	if (base == 0 || v.n < 3)
		return false;
	*x = 0;
	for (i = 2; i < v.n; i++) {
		char c = v.p[i];
		int d = c >= '0' && c <= '9'   ? c - '0'
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
					   : 99;

		if (d >= base)
			return false;
		*x = *x * base + d;
	}
	return true;
}

/* Gives a plain scalar its type. -1: a number that no double can hold. */
static int
type_plain(struct doc *d)
{
	struct sv v = d->text, size = v;

	if (v.n > 0 && (v.p[0] == '-' || v.p[0] == '+'))
		size = sv_from(v, 1);
	d->kind = DOC_NUMBER;
	if (v.n == 0 || sv_is(v, "~") || is_word(v, "null", "Null", "NULL")) {
		d->kind = DOC_NULL;
	} else if (is_word(v, "true", "True", "TRUE")) {
		d->kind = DOC_BOOL;
		d->truth = true;
	} else if (is_word(v, "false", "False", "FALSE")) {
		d->kind = DOC_BOOL;
	} else if (is_word(size, ".inf", ".Inf", ".INF")) {
		d->num = v.p[0] == '-' ? -INFINITY : INFINITY;
	} else if (is_word(v, ".nan", ".NaN", ".NAN")) {
		d->num = NAN;
	} else if (is_decimal(v)) {
		d->num = decimal(v);
		return isfinite(d->num) ? 0 : -1;
	} else if (based(v, &d->num)) {
		return isfinite(d->num) ? 0 : -1;
	} else {
		d->kind = DOC_STRING;
	}
	return 0;
}

static struct sv
scalar_text(struct reader *r, const yaml_event_t *ev)
{
	return arena_sv(r->a, (struct sv){(const char *)ev->data.scalar.value,
				  ev->data.scalar.length});
}

static int
refuse_tag(struct reader *r, const yaml_event_t *ev, const yaml_char_t *anchor,
    const yaml_char_t *tag)
{
	if (anchor != NULL)
		return fail(r, ev->start_mark, ERR_INPUT, "anchors (&name) are not allowed here");
	if (tag != NULL)
		return fail(r, ev->start_mark, ERR_INPUT, "tags (!name) are not allowed here");
	return 0;
}

/* Anchors, aliases and tags are refused wherever they stand. */
static int
refuse(struct reader *r, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_ALIAS_EVENT:
		return fail(r, ev->start_mark, ERR_INPUT, "aliases (*name) are not allowed here");
	case YAML_SCALAR_EVENT:
		return refuse_tag(r, ev, ev->data.scalar.anchor, ev->data.scalar.tag);
	case YAML_SEQUENCE_START_EVENT:
		return refuse_tag(r, ev, ev->data.sequence_start.anchor,
		    ev->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return refuse_tag(r, ev, ev->data.mapping_start.anchor,
		    ev->data.mapping_start.tag);
	default:
		return 0;
	}
}

static int node(struct reader *r, const yaml_event_t *ev, struct doc *d);

/* The node that follows in the stream, into d. 1: the end event came instead. */
static int
child(struct reader *r, yaml_event_type_t end, struct doc *d)
{
	yaml_event_t ev;
	int result;

	if (next(r, &ev) < 0)
		return -1;
	result = ev.type == end ? 1 : node(r, &ev, d);
	yaml_event_delete(&ev);
	return result;
}

/* A map's next key, into d. 1: the map ends instead. */
static int
key(struct reader *r, struct doc *d)
{
	yaml_event_t ev;
	int result = 0;

	if (next(r, &ev) < 0)
		return -1;
	d->key_line = (int)ev.start_mark.line + 1;
	d->key_col = (int)ev.start_mark.column + 1;
	if (ev.type == YAML_MAPPING_END_EVENT)
		result = 1;
	else if (refuse(r, &ev) < 0)
		result = -1;
	else if (ev.type != YAML_SCALAR_EVENT)
		result = fail(r, ev.start_mark, ERR_INPUT, "a key must be a plain word or a string");
	else
		d->key = scalar_text(r, &ev);
	yaml_event_delete(&ev);
	return result;
}

static int
children(struct reader *r, const yaml_event_t *start, struct doc *d)
{
	yaml_event_type_t end = d->kind == DOC_MAP ? YAML_MAPPING_END_EVENT
						   : YAML_SEQUENCE_END_EVENT;
	struct doc *c;
	int result;

	if (r->depth == DOC_MAX_DEPTH)
		return fail(r, start->start_mark, ERR_LIMIT, "nested too deeply");
	r->depth++;
	for (;;) {
		c = doc_new(r->a, DOC_NULL);
		result = d->kind == DOC_MAP ? key(r, c) : 0;
		if (result == 0)
			result = child(r, end, c);
		if (result != 0)
			break;
		doc_add(r->a, d, NULL, c);
	}
	r->depth--;
	return result < 0 ? -1 : doc_unique_keys(d, r->e);
}

static int
node(struct reader *r, const yaml_event_t *ev, struct doc *d)
{
	d->file = r->file;
	d->line = (int)ev->start_mark.line + 1;
	d->col = (int)ev->start_mark.column + 1;
	if (refuse(r, ev) < 0)
		return -1;
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		d->text = scalar_text(r, ev);
		d->kind = DOC_STRING;
		if (ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && type_plain(d) < 0)
			return fail(r, ev->start_mark, ERR_INPUT, "the number is too large");
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		d->kind = DOC_LIST;
		return children(r, ev, d);
	case YAML_MAPPING_START_EVENT:
		d->kind = DOC_MAP;
		return children(r, ev, d);
	default:
		return fail(r, ev->start_mark, ERR_INPUT, "a value expected");
	}
}

/* Reads one event that must be of the given type. */
static int
expect(struct reader *r, yaml_event_type_t type, const char *otherwise)
{
	yaml_event_t ev;
	int result = 0;

	if (next(r, &ev) < 0)
		return -1;
	if (ev.type != type)
		result = fail(r, ev.start_mark, ERR_INPUT, otherwise);
	yaml_event_delete(&ev);
	return result;
}

static int
stream(struct reader *r, struct doc *d)
{
	if (expect(r, YAML_STREAM_START_EVENT, "no YAML here") < 0 ||
	    expect(r, YAML_DOCUMENT_START_EVENT, "no document here") < 0 ||
	    child(r, YAML_NO_EVENT, d) < 0 ||
	    expect(r, YAML_DOCUMENT_END_EVENT, "the end of the document expected") < 0)
		return -1;
	return expect(r, YAML_STREAM_END_EVENT, "a second document is not allowed here");
}

struct doc *
doc_yaml(struct arena *a, const char *file, struct sv text, struct err *e)
{
	struct reader r = {.a = a, .text = text, .e = e};
	struct doc *d = doc_new(a, DOC_NULL);
	int result;

	r.file = arena_str(a, sv_of(file));
	if (sv_starts(r.text, "\xef\xbb\xbf"))
		r.text = sv_from(r.text, 3);
	if (!yaml_parser_initialize(&r.parser))
		mem_out();
	/* Not what a byte order mark says: UTF-16 is refused as bytes that are not UTF-8. */
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser,
	    (const unsigned char *)(r.text.n == 0 ? "" : r.text.p), r.text.n);
	result = stream(&r, d);
	yaml_parser_delete(&r.parser);
	return result < 0 ? NULL : d;
}
