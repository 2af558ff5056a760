/*
 * data_parts - what the files that make a report's data share; nobody else includes it.
 *
 * Each data_NAME.c adds to one group of verdict.json's names what people need of it. They run in the order of report_data(), and a
 * later one may use what an earlier one added. Everything is owned by the arena.
 */
#ifndef SOAK_REPORT_DATA_PARTS_H
#define SOAK_REPORT_DATA_PARTS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/doc.h"
#include "base/err.h"
#include "report/report.h"

/* --- data.c: what parts have in common ------------------------------------------------- */

/* The CSS class that goes with a word; a table's last entry has no word. */
struct data_class {
	const char *word, *class;
};
extern const struct data_class data_outcomes[]; /* PASS, WARN, FAIL, WAIVED, INCONCLUSIVE */

/* Adds the class of the word under key, as "as"; which words there are is part of the schema. 0 or -1. */
int data_class(struct arena *a, struct doc *d, const char *key, const char *as, const struct data_class *c, struct err *e);
/* The time under key, TIME_NONE for null. */
int64_t data_instant(const struct doc *d, const char *key);
/* Adds KEY_text for a time under KEY. */
void data_time(struct arena *a, struct doc *d, const char *key);
/* Adds WORD_text for a length under WORD_seconds. */
void data_length(struct arena *a, struct doc *d, const char *word);
/* Adds sha256_short. */
void data_short_digest(struct arena *a, struct doc *d);
/* The same node once more, for another list: shares the children, which stay where they are. */
struct doc *data_reference(struct arena *a, const struct doc *from);

/* --- the parts, in order; those that return int: 0, or -1 with e set: no verdict ---------- */

void data_run(struct arena *a, struct doc *data);       /* run, windows, events */
void data_inputs(struct arena *a, struct doc *data);    /* inputs, problems, evidence, missing */
int data_criteria(struct arena *a, struct doc *data, struct err *e); /* criteria: class, coverage, files, tables of slots */
int data_claims(struct arena *a, struct doc *data, struct err *e);   /* claims, rates */
int data_people(struct arena *a, struct doc *data, struct err *e);   /* waivers, attestations, notes */
int data_checklists(struct arena *a, struct doc *data, struct err *e); /* checklists: boxes */
int data_slos(struct arena *a, struct doc *data, struct err *e);     /* slos */
void data_sections(struct arena *a, struct doc *data);  /* sections, methods: the criteria by what they are about */
void data_figures(struct arena *a, struct doc *data);   /* every figure: verdict, class; the list of all */
/* security; scan: secret-scan.json, NULL when nothing has been searched yet */
int data_security(struct arena *a, struct doc *data, const struct doc *scan, struct err *e);
int data_charts(struct arena *a, struct doc *data, const struct report_chart *chart, size_t n, struct err *e); /* charts */

#endif
