/* Text to tree: texts and blocks. */
#include "rules/template.h"

#include <string.h>

#include "rules/template_read.h"

static int
line_of(const struct parser *p, size_t at)
{
	int line = 1;
	size_t i;

	for (i = 0; i < at && i < p->text.n; i++)
		line += p->text.p[i] == '\n';
	return line;
}

int
tmpl_parse_fail(struct parser *p, const char *what)
{
	return err_set(p->e, ERR_INPUT, "template: line %d: %s", line_of(p, p->i), what);
}

/* What ended a list of nodes. */
enum stop { STOP_END_OF_TEXT, STOP_END, STOP_ELSE };

static int parse_list(struct parser *p, struct tmpl_node **out, enum stop *stop);

/* The text before the next action, trimmed where asked; then p->i .. p->end is the action. 1, 0 at the end, -1. */
static int
next_action(struct parser *p, struct sv *text)
{
	struct sv rest = sv_from(p->text, p->i);
	size_t open = sv_find(rest, SV("{{")), k, close;
	char quote;

	*text = sv_head(rest, open);
	if (p->trim)
		while (text->n > 0 && is_blank(text->p[0]))
			*text = sv_from(*text, 1);
	p->trim = false;
	if (open == rest.n) {
		p->i = p->end = p->text.n;
		return 0;
	}
	p->i += open + 2;
	if (p->i + 1 < p->text.n && p->text.p[p->i] == '-' && is_blank(p->text.p[p->i + 1])) {
		while (text->n > 0 && is_blank(text->p[text->n - 1]))
			text->n--;
		p->i += 2;
	}
	if (sv_starts(sv_from(p->text, p->i), "/*")) {
		k = sv_find(sv_from(p->text, p->i), SV("*/"));
		rest = sv_from(p->text, p->i + k + 2);
		if (sv_starts(rest, " -}}"))
			p->trim = true;
		else if (!sv_starts(rest, "}}"))
			return FAIL(p, k == sv_from(p->text, p->i).n ? "unclosed comment" : "comment ends before closing delimiter");
		p->i = p->end = p->i + k + 2;
		close = p->trim ? 4 : 2;
		p->i += close;
		p->end = p->i;
		return 2;
	}
	for (k = p->i; k < p->text.n; k++) {
		quote = p->text.p[k];
		if (quote == '"' || quote == '`') {
			for (k++; k < p->text.n && p->text.p[k] != quote; k++)
				k += quote == '"' && p->text.p[k] == '\\';
		} else if (quote == '}' && k + 1 < p->text.n && p->text.p[k + 1] == '}') {
			p->end = k;
			if (k >= p->i + 2 && p->text.p[k - 1] == '-' && is_blank(p->text.p[k - 2])) {
				p->trim = true;
				p->end = k - 1;
			}
			return 1;
		}
	}
	return FAIL(p, "unclosed action");
}

/* After the action: behind its braces. */
static int
close_action(struct parser *p)
{
	skip_blanks(p);
	if (p->i < p->end)
		return FAIL(p, "unexpected \"%c\" in command", peek(p));
	p->i = p->end + (p->trim ? 1 : 0) + 2;
	return 0;
}

static struct tmpl_node *
add_node(struct parser *p, struct tmpl_node ***last, enum tmpl_node_kind kind)
{
	struct tmpl_node *n = arena_new(p->a, 1, sizeof(*n));

	n->kind = kind;
	n->line = line_of(p, p->i);
	**last = n;
	*last = &n->next;
	return n;
}

static int parse_block(struct parser *p, struct tmpl_node *n);

/* "else", "else if PIPE", "else with PIPE": p->i stands behind the word else. */
static int
parse_else(struct parser *p, struct tmpl_node *n)
{
	struct tmpl_node **last = &n->other, *inner;
	enum stop stop;
	size_t from;
	struct sv w;

	skip_blanks(p);
	from = p->i;
	w = tmpl_parse_word(p);
	if ((sv_is(w, "if") && n->kind == TN_IF) || (sv_is(w, "with") && n->kind == TN_WITH)) {
		inner = add_node(p, &last, n->kind);
		return parse_block(p, inner);
	}
	p->i = from;
	if (close_action(p) < 0 || parse_list(p, &n->other, &stop) < 0)
		return -1;
	return stop == STOP_END ? 0 : FAIL(p, stop == STOP_ELSE ? "unexpected {{else}}" : "unexpected EOF");
}

/* if, range, with: p->i stands behind the keyword. */
static int
parse_block(struct parser *p, struct tmpl_node *n)
{
	size_t vars = p->vars.n;
	enum stop stop;
	int rc;

	if (++p->depth > TMPL_MAX_DEPTH)
		return FAIL(p, "too many blocks inside each other");
	if ((n->pipe = tmpl_parse_pipe(p)) == NULL || close_action(p) < 0)
		return -1;
	if (n->pipe->n_vars == 2 && n->kind != TN_RANGE)
		return FAIL(p, "too many declarations in command");
	p->loops += n->kind == TN_RANGE;
	rc = parse_list(p, &n->body, &stop);
	p->loops -= n->kind == TN_RANGE;
	if (rc == 0 && stop == STOP_ELSE)
		rc = parse_else(p, n);
	else if (rc == 0 && stop == STOP_END_OF_TEXT)
		rc = FAIL(p, "unexpected EOF");
	p->vars.n = vars;
	p->depth--;
	return rc;
}

/* {{define "x"}} ... {{end}} */
static int
parse_define(struct parser *p)
{
	struct tmpl_define *d = arena_new(p->a, 1, sizeof(*d));
	size_t vars = p->vars.n;
	int loops = p->loops;
	enum stop stop;

	skip_blanks(p);
	if (++p->depth > TMPL_MAX_DEPTH || (peek(p) != '"' && peek(p) != '`'))
		return FAIL(p, "unexpected token in define clause");
	if (tmpl_parse_string(p, &d->name) < 0 || close_action(p) < 0)
		return -1;
	p->vars.n = 0;
	p->loops = 0;
	*vec_add(&p->vars) = SV("$");
	if (parse_list(p, &d->body, &stop) < 0)
		return -1;
	if (stop != STOP_END)
		return FAIL(p, "unexpected end of define");
	p->vars.n = vars;
	p->loops = loops;
	p->depth--;
	d->next = p->t->define;
	p->t->define = d;
	return 0;
}

/* {{template "x" PIPE}} */
static int
parse_template(struct parser *p, struct tmpl_node *n)
{
	skip_blanks(p);
	if (peek(p) != '"' && peek(p) != '`')
		return FAIL(p, "unexpected token in template clause");
	if (tmpl_parse_string(p, &n->text) < 0)
		return -1;
	skip_blanks(p);
	if (p->i < p->end && (n->pipe = tmpl_parse_pipe(p)) == NULL)
		return -1;
	return close_action(p);
}

/* One action that is not a comment. 1 goes on, 0 the list ends (stop), -1. */
static int
parse_action(struct parser *p, struct tmpl_node ***last, enum stop *stop)
{
	struct tmpl_node *n;
	size_t from;
	struct sv w;

	skip_blanks(p);
	from = p->i;
	w = tmpl_parse_word(p);
	if (sv_is(w, "end")) {
		*stop = STOP_END;
		return close_action(p);
	}
	if (sv_is(w, "else")) {
		*stop = STOP_ELSE;
		return 0;
	}
	if (sv_is(w, "if") || sv_is(w, "range") || sv_is(w, "with")) {
		n = add_node(p, last, sv_is(w, "if") ? TN_IF : sv_is(w, "range") ? TN_RANGE : TN_WITH);
		return parse_block(p, n) < 0 ? -1 : 1;
	}
	if (sv_is(w, "break") || sv_is(w, "continue")) {
		if (p->loops == 0)
			return FAIL(p, "{{%" SV_FMT "}} outside {{range}}", SV_ARG(w));
		add_node(p, last, sv_is(w, "break") ? TN_BREAK : TN_CONTINUE);
		return close_action(p) < 0 ? -1 : 1;
	}
	if (sv_is(w, "define"))
		return parse_define(p) < 0 ? -1 : 1;
	if (sv_is(w, "template"))
		return parse_template(p, add_node(p, last, TN_TEMPLATE)) < 0 ? -1 : 1;
	if (sv_is(w, "block"))
		return FAIL(p, "{{block}} is not supported");
	p->i = from;
	n = add_node(p, last, TN_ACTION);
	if ((n->pipe = tmpl_parse_pipe(p)) == NULL)
		return -1;
	if (n->pipe->n_vars == 2)
		return FAIL(p, "too many declarations in command");
	return close_action(p) < 0 ? -1 : 1;
}

static int
parse_list(struct parser *p, struct tmpl_node **out, enum stop *stop)
{
	struct tmpl_node **last = out;
	struct sv text;
	int rc;

	*stop = STOP_END_OF_TEXT;
	for (;;) {
		rc = next_action(p, &text);
		if (rc < 0)
			return -1;
		if (text.n > 0)
			add_node(p, &last, TN_TEXT)->text = text;
		if (rc == 0)
			return 0;
		if (rc == 1 && (rc = parse_action(p, &last, stop)) <= 0)
			return rc;
	}
}

const struct tmpl *
tmpl_parse(struct arena *a, struct sv text, struct err *e)
{
	struct parser p = {.a = a, .text = text, .e = e};
	enum stop stop;
	int rc;

	p.t = arena_new(a, 1, sizeof(*p.t));
	*vec_add(&p.vars) = SV("$");
	*vec_add(&p.vars) = SV("$labels");
	*vec_add(&p.vars) = SV("$externalLabels");
	*vec_add(&p.vars) = SV("$externalURL");
	*vec_add(&p.vars) = SV("$value");
	rc = parse_list(&p, &p.t->body, &stop);
	if (rc == 0 && stop != STOP_END_OF_TEXT)
		rc = FAIL(&p, "unexpected {{%s}}", stop == STOP_END ? "end" : "else");
	vec_free(&p.vars);
	return rc < 0 ? NULL : p.t;
}
