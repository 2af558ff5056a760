/*
 * template_in - inside the template engine: the tree, the values, the functions. Nobody else includes it.
 */
#ifndef SOAK_RULES_TEMPLATE_IN_H
#define SOAK_RULES_TEMPLATE_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "rules/template.h"

#define TMPL_MAX_DEPTH 50           /* of blocks and parentheses inside each other, of templates calling each other */
#define TMPL_MAX_OUTPUT (64 * 1024) /* bytes that one template may write */
#define TMPL_MAX_WORK 100000        /* nodes and calls that one expansion may take */

enum tmpl_kind { TV_NIL, TV_BOOL, TV_INT, TV_FLOAT, TV_STRING, TV_LABELS, TV_SAMPLE, TV_VECTOR, TV_TIME, TV_DATA, TV_ARGS };

struct tmpl_value {
	enum tmpl_kind kind;
	bool truth;
	int64_t i;       /* TV_INT, TV_TIME: ms */
	double f;
	struct sv s;
	const struct labels *labels;      /* TV_LABELS */
	const struct tmpl_sample *sample; /* TV_SAMPLE, TV_VECTOR */
	const struct tmpl_value *arg;     /* TV_ARGS */
	size_t n;                         /* TV_VECTOR, TV_ARGS */
};

enum tmpl_operand_kind { TO_VALUE, TO_DOT, TO_VAR, TO_FUNC, TO_PIPE };
struct tmpl_pipe;
struct tmpl_function;

struct tmpl_operand {
	enum tmpl_operand_kind kind;
	struct sv name;          /* of a variable, with its '$' */
	const struct tmpl_function *fn;
	struct tmpl_value value; /* TO_VALUE */
	struct tmpl_pipe *pipe;  /* TO_PIPE */
	struct sv *field;        /* .A.B behind it */
	size_t n_fields;
	struct tmpl_operand *next;
};

struct tmpl_command {
	struct tmpl_operand *operand; /* the first, which is what is called */
	size_t n;
	struct tmpl_command *next;
};

struct tmpl_pipe {
	struct sv var[2]; /* "$i, $e := ..." */
	size_t n_vars;
	bool assign;      /* "=", not ":=" */
	struct tmpl_command *command;
};

enum tmpl_node_kind { TN_TEXT, TN_ACTION, TN_IF, TN_RANGE, TN_WITH, TN_TEMPLATE, TN_BREAK, TN_CONTINUE };

struct tmpl_node {
	enum tmpl_node_kind kind;
	int line;
	struct sv text; /* TN_TEXT; the name of TN_TEMPLATE */
	struct tmpl_pipe *pipe;
	struct tmpl_node *body, *other; /* other: else */
	struct tmpl_node *next;
};

struct tmpl_define {
	struct sv name;
	struct tmpl_node *body;
	struct tmpl_define *next;
};

struct tmpl {
	struct tmpl_node *body;
	struct tmpl_define *define;
};

/* An expansion under way. */
struct tmpl_run {
	const struct tmpl *t;
	const struct tmpl_data *data;
	struct arena *a;
	struct sb out;
	VEC(struct tmpl_variable { struct sv name; struct tmpl_value v; }) vars;
	int64_t work;
	int depth;
	int line;
	struct err *e;
};

struct tmpl_function {
	const char *name;
	size_t min, max; /* arguments */
	int (*call)(struct tmpl_run *r, const struct tmpl_value *arg, size_t n, struct tmpl_value *out);
};

/* --- template_call.c --- */
/* NULL when there is none of that name. */
const struct tmpl_function *tmpl_function_find(struct sv name);
/* Each ends with a zeroed one: template_query.c, _number.c, _text.c, _link.c, _builtin.c. */
extern const struct tmpl_function tmpl_query_functions[], tmpl_number_functions[], tmpl_text_functions[], tmpl_link_functions[],
    tmpl_builtins[];
/* What s holds, which is freed. */
struct tmpl_value tmpl_taken(struct tmpl_run *r, struct sb *s);
struct tmpl_value tmpl_number(double v);
/* An argument of function fn: 0, or -1 where it is of another type. A number may also be a text that reads as one. */
int tmpl_want_text(struct tmpl_run *r, const struct tmpl_value *v, const char *fn);
int tmpl_want_vector(struct tmpl_run *r, const struct tmpl_value *v, const char *fn);
int tmpl_want_number(struct tmpl_run *r, const struct tmpl_value *v, const char *fn, double *out);
/* err_set with the template's line. -1. */
int tmpl_fail(struct tmpl_run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* --- template_print.c: as Go's fmt writes values --- */
/* fmt.Fprint of one value. */
void tmpl_print(const struct tmpl_value *v, struct sb *out);
/* Sprintf; never fails: what does not fit is written as Go does, "%!d(float64=3)". */
void tmpl_printf(struct sv format, const struct tmpl_value *arg, size_t n, struct sb *out);
/* %v of a float: the shortest digits that read back, with an exponent below 1e-4 and from 1e6 (more digits: 1e21) on. */
void tmpl_float(double v, struct sb *out);
/* "%.4g" */
void tmpl_float4(double v, struct sb *out);
bool tmpl_true(const struct tmpl_value *v);

static inline struct tmpl_value
tmpl_text(struct sv s)
{
	return (struct tmpl_value){.kind = TV_STRING, .s = s};
}

#endif
