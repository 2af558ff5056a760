/*
 * expr - arithmetic over named quantities: "100 * sum2xx / (all - probes)",
 * "run.start + ({hour} + 1) * 1h".
 *
 * + - * / ( ), unary minus, numbers, durations with a unit (in milliseconds),
 * names ([A-Za-z_][A-Za-z0-9_.]*) and {names}, which the caller resolves.
 * Division by zero gives NaN. Depth is bounded.
 */
#ifndef SOAK_BASE_EXPR_H
#define SOAK_BASE_EXPR_H

#include "base/err.h"
#include "base/str.h"

/* 0 and *v, or -1 with e set (unknown or not measured). braces: it stood as {name}. */
typedef int expr_name_fn(void *ctx, struct sv name, int braces, double *v, struct err *e);

/* Evaluates text. 0 or -1; an error names the column in text. */
int expr_eval(struct sv text, expr_name_fn *name, void *ctx, double *v, struct err *e);
/* Only the grammar and the names (asked for where each stands; the value is not used). 0 or -1. */
int expr_check(struct sv text, expr_name_fn *name, void *ctx, struct err *e);

#endif
