/* Text to tree. */
#include "rules/template.h"

#include <string.h>

#include "base/num.h"
#include "promql/lex.h"
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

static int
line_of(const struct parser *p, size_t at)
{
	int line = 1;
	size_t i;

	for (i = 0; i < at && i < p->text.n; i++)
		line += p->text.p[i] == '\n';
	return line;
}

#define FAIL(p, ...) fail(p, arena_fmt((p)->a, __VA_ARGS__))
static int
fail(struct parser *p, const char *what)
{
	return err_set(p->e, ERR_INPUT, "template: line %d: %s", line_of(p, p->i), what);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_word(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void
skip_blanks(struct parser *p)
{
	while (p->i < p->end && is_blank(p->text.p[p->i]))
		p->i++;
}

static char
peek(const struct parser *p)
{
	return p->i < p->end ? p->text.p[p->i] : '\0';
}

static struct sv
word(struct parser *p)
{
	size_t from = p->i;

	while (p->i < p->end && is_word(p->text.p[p->i]))
		p->i++;
	return sv_head(sv_from(p->text, from), p->i - from);
}

static int
declare(struct parser *p, struct sv name)
{
	*vec_add(&p->vars) = name;
	return 0;
}

static bool
declared(const struct parser *p, struct sv name)
{
	size_t i;

	for (i = p->vars.n; i > 0; i--)
		if (sv_eq(p->vars.v[i - 1], name))
			return true;
	return false;
}

/* ----- operands ----------------------------------------------------------------------- */

static struct tmpl_pipe *parse_pipe(struct parser *p);

/* The quoted text at p->i as PromQL (and Go) reads it. 0 or -1. */
static int
parse_string(struct parser *p, struct sv *out)
{
	size_t from = p->i;
	char quote = peek(p);
	const char *why;
	size_t at;

	for (p->i++; p->i < p->end && p->text.p[p->i] != quote; p->i++)
		if (quote == '"' && p->text.p[p->i] == '\\')
			p->i++;
	if (p->i >= p->end)
		return FAIL(p, "unterminated quoted string");
	p->i++;
	if (pq_unquote(p->a, sv_head(sv_from(p->text, from), p->i - from), out, &why, &at) < 0)
		return FAIL(p, "bad quoted string: %s", why);
	return 0;
}

static int
parse_number(struct parser *p, struct tmpl_value *v)
{
	size_t from = p->i;
	struct sv s, digits;
	bool duration;
	char c;

	for (p->i++; p->i < p->end; p->i++) {
		c = p->text.p[p->i];
		if (!is_word(c) && c != '.' && !((c == '+' || c == '-') && (p->text.p[p->i - 1] | 0x20) == 'e'))
			break;
	}
	s = digits = sv_head(sv_from(p->text, from), p->i - from);
	if (digits.p[0] == '-' || digits.p[0] == '+')
		digits = sv_from(digits, 1);
	if (num_parse_int(digits, &v->i)) {
		v->kind = TV_INT;
		v->i = s.p[0] == '-' ? -v->i : v->i;
		return 0;
	}
	v->kind = TV_FLOAT;
	if (!pq_number(digits, &v->f, &duration) || duration)
		return FAIL(p, "bad number syntax: \"%" SV_FMT "\"", SV_ARG(s));
	if (sv_starts(digits, "0x") || sv_starts(digits, "0X")) {
		v->kind = TV_INT;
		v->i = v->f < 9e15 ? (int64_t)v->f : 0;
		v->i = s.p[0] == '-' ? -v->i : v->i;
	}
	v->f = s.p[0] == '-' ? -v->f : v->f;
	return 0;
}

static int
parse_fields(struct parser *p, struct tmpl_operand *o)
{
	VEC(struct sv) found = {0};
	struct sv f;

	while (peek(p) == '.') {
		p->i++;
		f = word(p);
		if (f.n == 0)
			break;
		*vec_add(&found) = f;
	}
	o->n_fields = found.n;
	o->field = arena_keep(p->a, found.v, found.n, sizeof(*found.v));
	return p->i > 0 && p->text.p[p->i - 1] == '.' ? FAIL(p, "unexpected <.> in operand") : 0;
}

static int
parse_word(struct parser *p, struct tmpl_operand *o)
{
	struct sv w = word(p);

	o->kind = TO_VALUE;
	if (sv_is(w, "true") || sv_is(w, "false")) {
		o->value = (struct tmpl_value){.kind = TV_BOOL, .truth = sv_is(w, "true")};
	} else if (sv_is(w, "nil")) {
		o->value = (struct tmpl_value){.kind = TV_NIL};
	} else {
		o->kind = TO_FUNC;
		o->fn = tmpl_function_find(w);
		if (o->fn == NULL)
			return FAIL(p, "function \"%" SV_FMT "\" not defined", SV_ARG(w));
	}
	return 0;
}

/* An operand at p->i: 1, 0 there is none, -1. */
static int
parse_operand(struct parser *p, struct tmpl_operand *o)
{
	char c = peek(p);
	size_t from = p->i;

	if (c == '"' || c == '`') {
		o->value.kind = TV_STRING;
		return parse_string(p, &o->value.s) < 0 ? -1 : 1;
	}
	if ((c >= '0' && c <= '9') || ((c == '-' || c == '+') && p->i + 1 < p->end && p->text.p[p->i + 1] >= '0' &&
	    p->text.p[p->i + 1] <= '9'))
		return parse_number(p, &o->value) < 0 ? -1 : 1;
	if (c == '.') {
		o->kind = TO_DOT;
		if (p->i + 1 < p->end && is_word(p->text.p[p->i + 1]))
			return parse_fields(p, o) < 0 ? -1 : 1;
		p->i++;
		return 1;
	}
	if (c == '$') {
		p->i++;
		word(p);
		o->kind = TO_VAR;
		o->name = sv_head(sv_from(p->text, from), p->i - from);
		if (!declared(p, o->name))
			return FAIL(p, "undefined variable \"%" SV_FMT "\"", SV_ARG(o->name));
		return parse_fields(p, o) < 0 ? -1 : 1;
	}
	if (c == '(') {
		if (++p->depth > TMPL_MAX_DEPTH)
			return FAIL(p, "too many parentheses inside each other");
		p->i++;
		o->kind = TO_PIPE;
		if ((o->pipe = parse_pipe(p)) == NULL)
			return -1;
		if (peek(p) != ')')
			return FAIL(p, "unclosed left paren");
		p->i++;
		p->depth--;
		return parse_fields(p, o) < 0 ? -1 : 1;
	}
	if (is_word(c))
		return parse_word(p, o) < 0 ? -1 : 1;
	return 0;
}

static struct tmpl_command *
parse_command(struct parser *p)
{
	struct tmpl_command *c = arena_new(p->a, 1, sizeof(*c));
	struct tmpl_operand **last = &c->operand, *o;
	int rc;

	for (;;) {
		skip_blanks(p);
		o = arena_new(p->a, 1, sizeof(*o));
		rc = parse_operand(p, o);
		if (rc < 0)
			return NULL;
		if (rc == 0)
			break;
		*last = o;
		last = &o->next;
		c->n++;
		if (p->i < p->end && !is_blank(peek(p)) && peek(p) != '|' && peek(p) != ')') {
			FAIL(p, "unexpected \"%c\" in operand", peek(p));
			return NULL;
		}
	}
	if (c->n == 0) {
		FAIL(p, "missing value for command");
		return NULL;
	}
	if (c->n > 1 && c->operand->kind != TO_FUNC) {
		FAIL(p, "can't give argument to non-function");
		return NULL;
	}
	return c;
}

/* "$x :=", "$i, $e :=", "$x =" in front of a pipeline. 0 or -1. */
static int
parse_declaration(struct parser *p, struct tmpl_pipe *pipe)
{
	size_t start = p->i, n = 0;
	struct sv var[2];

	while (n < 2 && peek(p) == '$') {
		size_t from = p->i++;

		word(p);
		var[n++] = sv_head(sv_from(p->text, from), p->i - from);
		skip_blanks(p);
		if (peek(p) != ',')
			break;
		p->i++;
		skip_blanks(p);
	}
	if (n > 0 && sv_starts(sv_head(sv_from(p->text, p->i), p->end - p->i), ":=")) {
		p->i += 2;
	} else if (n == 1 && peek(p) == '=') {
		p->i++;
		pipe->assign = true;
	} else {
		p->i = start;
		return 0;
	}
	pipe->n_vars = n;
	memcpy(pipe->var, var, n * sizeof(*var));
	if (pipe->assign && !declared(p, var[0]))
		return FAIL(p, "undefined variable \"%" SV_FMT "\"", SV_ARG(var[0]));
	return 0;
}

static struct tmpl_pipe *
parse_pipe(struct parser *p)
{
	struct tmpl_pipe *pipe = arena_new(p->a, 1, sizeof(*pipe));
	struct tmpl_command **last = &pipe->command;
	size_t i;

	skip_blanks(p);
	if (parse_declaration(p, pipe) < 0)
		return NULL;
	for (;;) {
		*last = parse_command(p);
		if (*last == NULL)
			return NULL;
		if (last != &pipe->command && (*last)->operand->kind != TO_FUNC) {
			FAIL(p, "non executable command in pipeline");
			return NULL;
		}
		last = &(*last)->next;
		if (peek(p) != '|')
			break;
		p->i++;
	}
	for (i = 0; i < pipe->n_vars && !pipe->assign; i++)
		declare(p, pipe->var[i]);
	return pipe;
}

/* ----- blocks --------------------------------------------------------------------------- */

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
	w = word(p);
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
	if ((n->pipe = parse_pipe(p)) == NULL || close_action(p) < 0)
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
	if (parse_string(p, &d->name) < 0 || close_action(p) < 0)
		return -1;
	p->vars.n = 0;
	p->loops = 0;
	declare(p, SV("$"));
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
	if (parse_string(p, &n->text) < 0)
		return -1;
	skip_blanks(p);
	if (p->i < p->end && (n->pipe = parse_pipe(p)) == NULL)
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
	w = word(p);
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
	if ((n->pipe = parse_pipe(p)) == NULL)
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
	declare(&p, SV("$"));
	declare(&p, SV("$labels"));
	declare(&p, SV("$externalLabels"));
	declare(&p, SV("$externalURL"));
	declare(&p, SV("$value"));
	rc = parse_list(&p, &p.t->body, &stop);
	if (rc == 0 && stop != STOP_END_OF_TEXT)
		rc = FAIL(&p, "unexpected {{%s}}", stop == STOP_END ? "end" : "else");
	vec_free(&p.vars);
	return rc < 0 ? NULL : p.t;
}
