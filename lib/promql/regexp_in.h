/*
 * regexp_in - inside regexp: the reader of a pattern, shared by regexp.c and regexp_class.c.
 */
#ifndef SOAK_PROMQL_REGEXP_IN_H
#define SOAK_PROMQL_REGEXP_IN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct pq_re {
	struct sv in;
	size_t i; /* how much of it was read */
	struct sb *out;
	struct err *e;
};

/* "error parsing regexp "PATTERN" at N: what", N from 1 in bytes. -1. */
int pq_re_error(struct pq_re *r, size_t at, const char *what);
/* The byte k on, '\0' past the end. */
char pq_re_ahead(const struct pq_re *r, size_t k);
/* The character at r->i, which is not the end; moves on. 0 or -1: not UTF-8. */
int pq_re_char(struct pq_re *r, uint32_t *c);

/* A character of its own, escaped for PCRE2 inside and outside a class. */
void pq_re_emit(struct sb *out, uint32_t c);
/* An escape for one character, from its backslash on. 0 or -1. */
int pq_re_escape(struct pq_re *r, uint32_t *c);
/* \d \s \w \p{L} and their like, in a class or not: 1 read and written, 0 something else stands here, -1. */
int pq_re_class_escape(struct pq_re *r, bool in_class);
/* [...], from its bracket on. 0 or -1. */
int pq_re_class(struct pq_re *r);

#endif
