/*
 * words - an expression as a person would say what it asks: "the largest of the highest value in 48 h of errors".
 *
 * For sentences beside a number; the expression itself stays the definition.
 */
#ifndef SOAK_PROMQL_WORDS_H
#define SOAK_PROMQL_WORDS_H

#include "promql/promql.h"

/* Appends; what it has no words for stands as PromQL. */
void pq_words(const struct pq_expr *x, struct sb *out);

#endif
