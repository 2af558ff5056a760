/*
 * answer - a result as the Prometheus HTTP API writes it, and as people and pipes read it.
 */
#ifndef SOAK_PROMQL_ANSWER_H
#define SOAK_PROMQL_ANSWER_H

#include "promql/eval.h"

/* {"status":"success","data":{...}} as web/api/v1 of Prometheus; ends in a newline. Appends. */
void pq_answer_json(const struct pq_result *r, const struct pq_query *q, struct sb *out);
/* Header line, then time, value, series; tab- or comma-separated (RFC 4180), cleaned of control characters. Appends. */
void pq_answer_tsv(const struct pq_result *r, struct sb *out);
void pq_answer_csv(const struct pq_result *r, struct sb *out);
/* Aligned for a terminal; a range result as one row a series: first, min, max, last, points. Appends. */
void pq_answer_table(const struct pq_result *r, int columns, struct sb *out);

/* A series as PromQL writes it, without control characters; "{}" for one without labels. Appends. */
void pq_answer_series(const struct labels *l, struct sb *out);

#endif
