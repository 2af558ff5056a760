/*
 * answer_in - inside the answers: what the forms for people and pipes share. Users include answer.h.
 */
#ifndef SOAK_PROMQL_ANSWER_IN_H
#define SOAK_PROMQL_ANSWER_IN_H

#include "base/str.h"
#include "promql/eval.h"

/* The text of num_text(), faster. Appends. */
void pq_answer_number(double v, struct sb *out);
void pq_answer_whole(uint64_t v, struct sb *out);

#endif
