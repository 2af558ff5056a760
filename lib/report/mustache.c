#include "report/mustache.h"

#include <stdint.h>

#include "base/clean.h"
#include "report/mustache_parse.h"

/* A partial that was read once; the same one indented otherwise is another. */
struct partial {
	struct sv name, indent;
	const char *file;
	struct mustache_node *nodes;
	struct partial *next;
};

/* The data that names are looked up in, innermost first. */
struct scope {
	const struct doc *data;
	const struct scope *outer;
};

/* The arguments in force: those of the parent tags being rendered, innermost first. */
struct frame {
	const struct mustache_node *blocks; /* the parent's children */
	const struct frame *outer;
};

/* An argument in the place of a block, indented as that wants it. */
struct filled {
	const struct mustache_node *block, *argument;
	struct mustache_node *nodes;
	struct filled *next;
};

struct renderer {
	const struct mustache_opts *opts;
	const char *file; /* of the template or partial being rendered */
	struct arena arena;
	struct partial *partials;
	struct filled *filled;
	const struct frame *frame;
	struct sb *out;
	size_t limit; /* of out->n */
	long steps;
	int depth;
	struct err *e;
};

static const struct doc nothing = {.kind = DOC_NULL};

static int
fail(struct renderer *r, const struct mustache_node *n, const char *what)
{
	struct sb name = {0};

	clean_add(&name, sv_head(n->text, 80));
	err_set(r->e, ERR_INPUT, "%s:%d: %s '%s'", r->file, n->line, what, sb_str(&name));
	sb_free(&name);
	return -1;
}

static int
fail_limit(struct renderer *r, const struct mustache_node *n, const char *what)
{
	return err_set(r->e, ERR_LIMIT, "%s:%d: %s", r->file, n->line, what);
}

/*
 * The value of a name, or NULL when the data does not have it. Its first part
 * is looked for in the scopes from the inside out, the others only in what was
 * found (spec, "Context Precedence").
 */
static const struct doc *
find(const struct scope *s, struct sv name)
{
	const struct doc *d = NULL;
	struct sv part;

	if (sv_is(name, "."))
		return s->data;
	sv_split(&name, '.', &part);
	for (; s != NULL && d == NULL; s = s->outer)
		if (s->data->kind == DOC_MAP)
			d = doc_path(s->data, part);
	while (d != NULL && d->kind != DOC_NULL && sv_split(&name, '.', &part))
		d = doc_path(d, part);
	return d;
}

/* 0 and *d, or -1: unknown. */
static int
look_up(struct renderer *r, const struct scope *s, const struct mustache_node *n,
    const struct doc **d)
{
	*d = find(s, n->text);
	if (*d == NULL) {
		if (!r->opts->lenient)
			return fail(r, n, "unknown name");
		*d = &nothing;
	}
	return 0;
}

static int
render_value(struct renderer *r, const struct mustache_node *n, const struct scope *s)
{
	struct sv text = SV("");
	const struct doc *d;

	if (look_up(r, s, n, &d) < 0)
		return -1;
	switch (d->kind) {
	case DOC_NULL:
		break;
	case DOC_BOOL:
		text = d->truth ? SV("true") : SV("false");
		break;
	case DOC_NUMBER:
	case DOC_STRING:
		text = d->text;
		break;
	case DOC_LIST:
	case DOC_MAP:
		if (!r->opts->lenient)
			return fail(r, n, "a list or map is not text; it needs a section:");
		break;
	}
	if (n->kind == MUSTACHE_RAW)
		sb_addv(r->out, text);
	else
		escape_add(r->out, r->opts->escape, text);
	return 0;
}

static bool
is_false(const struct doc *d)
{
	return d->kind == DOC_NULL || (d->kind == DOC_BOOL && !d->truth) ||
	    (d->kind == DOC_LIST && d->child == NULL) || (d->kind == DOC_STRING && d->text.n == 0);
}

static int render(struct renderer *r, const struct mustache_node *n, const struct scope *s);

static int
render_section(struct renderer *r, const struct mustache_node *n, const struct scope *s)
{
	const struct doc *d, *item;
	struct scope inner;

	if (look_up(r, s, n, &d) < 0)
		return -1;
	if (n->kind == MUSTACHE_INVERTED)
		return is_false(d) ? render(r, n->child, s) : 0;
	if (is_false(d))
		return 0;
	if (d->kind != DOC_LIST) {
		inner = (struct scope){d, s};
		return render(r, n->child, &inner);
	}
	for (item = d->child; item != NULL; item = item->next) {
		/* Counted here too: a section without content must not loop for free. */
		if (++r->steps > MUSTACHE_MAX_STEPS)
			return fail_limit(r, n, "the template takes too many steps");
		inner = (struct scope){item, s};
		if (render(r, n->child, &inner) < 0)
			return -1;
	}
	return 0;
}

/* Every line that is not empty loses dedent and gets indent instead, the first only if own_line. Owned by the arena. */
static struct sv
indented(struct renderer *r, struct sv text, struct sv dedent, struct sv indent, bool own_line)
{
	struct sb s = {0};
	struct sv line, result;

	if ((indent.n == 0 && dedent.n == 0) || text.n == 0)
		return text;
	for (; sv_split(&text, '\n', &line); own_line = true) {
		if (sv_eq(sv_head(line, dedent.n), dedent))
			line = sv_from(line, dedent.n);
		if (line.n > 0 && !sv_is(line, "\r") && own_line)
			sb_addv(&s, indent);
		sb_addv(&s, line);
		if (text.p != NULL)
			sb_addc(&s, '\n');
	}
	result = arena_sv(&r->arena, sb_sv(&s));
	sb_free(&s);
	return result;
}

/* 1 and *found, 0 when there is none, -1. */
static int
get_partial(struct renderer *r, const struct mustache_node *n, struct sv name, struct partial **found)
{
	struct mustache_text t = {NULL, {NULL, 0}};
	struct mustache_source source;
	struct partial *p;
	int result;

	for (p = r->partials; p != NULL; p = p->next) {
		if (sv_eq(p->name, name) && sv_eq(p->indent, n->indent)) {
			*found = p;
			return 1;
		}
	}
	result = r->opts->partial == NULL ? 0 : r->opts->partial(r->opts->ctx, name, &t, r->e);
	if (result <= 0)
		return result;
	/* Recursive partials can be indented ever deeper: reading them counts, too. */
	r->steps += (long)(t.text.n / 16);
	p = arena_new(&r->arena, 1, sizeof(*p));
	p->name = name;
	p->indent = n->indent;
	p->file = t.file;
	source = (struct mustache_source){.file = t.file, .text = indented(r, t.text, SV(""), n->indent, true), .line = 1};
	if (mustache_parse(&r->arena, &source, &p->nodes, r->e) < 0)
		return -1;
	p->next = r->partials;
	r->partials = p;
	*found = p;
	return 1;
}

/* A partial's or parent's name: as it stands, or the text that a name has in the data. "" none. 0 or -1. */
static int
partial_name(struct renderer *r, const struct mustache_node *n, const struct scope *s, struct sv *name)
{
	const struct doc *d;

	*name = n->text;
	if (!n->dynamic)
		return 0;
	if (look_up(r, s, n, &d) < 0)
		return -1;
	*name = d->kind == DOC_STRING || d->kind == DOC_NUMBER ? d->text : SV("");
	return 0;
}

/* With the arguments of a parent in force. */
static int
render_partial(struct renderer *r, const struct mustache_node *n, const struct scope *s)
{
	struct frame frame = {n->child, r->frame};
	const char *file = r->file;
	struct partial *p;
	struct sv name;
	int result = partial_name(r, n, s, &name);

	if (result == 0)
		result = get_partial(r, n, name, &p);
	if (result < 0)
		return -1;
	if (result == 0)
		return r->opts->lenient ? 0 : fail(r, n, "no such partial:");
	if (n->kind == MUSTACHE_PARENT)
		r->frame = &frame;
	r->file = p->file;
	result = render(r, p->nodes, s);
	r->file = file;
	r->frame = n->kind == MUSTACHE_PARENT ? frame.outer : r->frame;
	return result;
}

/* The argument for a block: of several parents in each other the outermost one's. NULL: the default stays. */
static const struct mustache_node *
argument_for(const struct renderer *r, const struct mustache_node *block)
{
	const struct mustache_node *found = NULL, *n;
	const struct frame *f;

	for (f = r->frame; f != NULL; f = f->outer)
		for (n = f->blocks; n != NULL; n = n->next)
			if (n->kind == MUSTACHE_BLOCK && sv_eq(n->text, block->text))
				found = n;
	return found;
}

/* The argument's text as the block's place wants it, read once. 0 or -1. */
static int
fill(struct renderer *r, const struct mustache_node *block, const struct mustache_node *argument, struct filled **out)
{
	struct mustache_source source = argument->body;
	struct filled *f;

	for (f = r->filled; f != NULL; f = f->next)
		if (f->block == block && f->argument == argument) {
			*out = f;
			return 0;
		}
	f = arena_new(&r->arena, 1, sizeof(*f));
	f->block = block;
	f->argument = argument;
	r->steps += (long)(source.text.n / 16);
	source.text = indented(r, source.text, argument->dedent, block->indent, block->own_line);
	if (mustache_parse(&r->arena, &source, &f->nodes, r->e) < 0)
		return -1;
	f->next = r->filled;
	r->filled = f;
	*out = f;
	return 0;
}

static int
render_block(struct renderer *r, const struct mustache_node *n, const struct scope *s)
{
	const struct mustache_node *argument = argument_for(r, n);
	const char *file = r->file;
	struct filled *f;
	int result;

	if (argument == NULL)
		return render(r, n->child, s);
	if (fill(r, n, argument, &f) < 0)
		return -1;
	r->file = argument->body.file;
	result = render(r, f->nodes, s);
	r->file = file;
	return result;
}

/* A list of nodes. */
static int
render(struct renderer *r, const struct mustache_node *n, const struct scope *s)
{
	int result = 0;

	if (n != NULL && r->depth == MUSTACHE_MAX_DEPTH)
		return fail_limit(r, n, "sections and partials are nested too deeply");
	r->depth++;
	for (; n != NULL && result == 0; n = n->next) {
		if (++r->steps > MUSTACHE_MAX_STEPS)
			return fail_limit(r, n, "the template takes too many steps");
		switch (n->kind) {
		case MUSTACHE_TEXT:
			sb_addv(r->out, n->text);
			break;
		case MUSTACHE_VALUE:
		case MUSTACHE_RAW:
			result = render_value(r, n, s);
			break;
		case MUSTACHE_SECTION:
		case MUSTACHE_INVERTED:
			result = render_section(r, n, s);
			break;
		case MUSTACHE_PARTIAL:
		case MUSTACHE_PARENT:
			result = render_partial(r, n, s);
			break;
		case MUSTACHE_BLOCK:
			result = render_block(r, n, s);
			break;
		}
		if (result == 0 && r->out->n > r->limit)
			result = fail_limit(r, n, "the document becomes too large");
	}
	r->depth--;
	return result;
}

int
mustache_render(const struct mustache_opts *opts, const char *file, struct sv text,
    const struct doc *data, struct sb *out, struct err *e)
{
	struct renderer r = {.opts = opts, .file = file, .out = out, .e = e};
	struct mustache_source source = {.file = file, .text = text, .line = 1};
	struct scope top = {data == NULL ? &nothing : data, NULL};
	struct mustache_node *nodes;
	size_t before = out->n;
	int result;

	r.limit = before + MUSTACHE_MAX_OUTPUT;
	result = mustache_parse(&r.arena, &source, &nodes, e);
	if (result == 0)
		result = render(&r, nodes, &top);
	if (result < 0 && out->buf != NULL) {
		out->n = before;
		out->buf[before] = '\0';
	}
	arena_free(&r.arena);
	return result;
}
