/* Inside an action of a template: operands, commands, pipes. */
#include <string.h>

#include "base/num.h"
#include "promql/lex.h"
#include "rules/template_read.h"

static bool
is_word(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct sv
tmpl_parse_word(struct parser *p)
{
	size_t from = p->i;

	while (p->i < p->end && is_word(p->text.p[p->i]))
		p->i++;
	return sv_head(sv_from(p->text, from), p->i - from);
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

int
tmpl_parse_string(struct parser *p, struct sv *out)
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
		f = tmpl_parse_word(p);
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
	struct sv w = tmpl_parse_word(p);

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
		return tmpl_parse_string(p, &o->value.s) < 0 ? -1 : 1;
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
		tmpl_parse_word(p);
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
		if ((o->pipe = tmpl_parse_pipe(p)) == NULL)
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

		tmpl_parse_word(p);
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

struct tmpl_pipe *
tmpl_parse_pipe(struct parser *p)
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
		*vec_add(&p->vars) = pipe->var[i];
	return pipe;
}
