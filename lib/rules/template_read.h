/*
 * template_read - inside the reader of templates: where it stands in the text. template_parse.c and template_pipe.c only.
 */
#ifndef SOAK_RULES_TEMPLATE_READ_H
#define SOAK_RULES_TEMPLATE_READ_H

#include "rules/template_in.h"

struct parser {
	struct arena *a;
	struct sv text;
	size_t i;      /* in text, or inside an action */
	size_t end;    /* of the action that is read */
	bool trim;     /* the last action ended in -}} */
	int depth, loops;
	struct tmpl *t;
	VEC(struct sv) vars;
	struct err *e;
};

/* -1, with "template: line N: what" in p->e. */
#define FAIL(p, ...) tmpl_parse_fail(p, arena_fmt((p)->a, __VA_ARGS__))
int tmpl_parse_fail(struct parser *p, const char *what);

/* --- template_pipe.c: inside an action, to p->end --- */
/* "$x := f 1 | g". NULL with p->e set. */
struct tmpl_pipe *tmpl_parse_pipe(struct parser *p);
/* The word (letters, digits, '_') that begins at p->i; may be empty. */
struct sv tmpl_parse_word(struct parser *p);
/* The quoted text at p->i, as PromQL (and Go) reads it. 0 or -1. */
int tmpl_parse_string(struct parser *p, struct sv *out);

static inline bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline void
skip_blanks(struct parser *p)
{
	while (p->i < p->end && is_blank(p->text.p[p->i]))
		p->i++;
}

static inline char
peek(const struct parser *p)
{
	return p->i < p->end ? p->text.p[p->i] : '\0';
}

#endif
