/*
 * rules - Prometheus rule files as structs: groups of recording and alerting rules, checked as Prometheus checks them.
 *
 * Knows the language of rules; never knows where samples come from nor what a verdict is.
 */
#ifndef SOAK_RULES_RULES_H
#define SOAK_RULES_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/doc.h"
#include "base/err.h"
#include "base/labels.h"
#include "promql/promql.h"
#include "rules/template.h"

#define RULES_INTERVAL INT64_C(60000) /* Prometheus' global evaluation_interval, ms */

struct rule_label {
	struct sv name, text;
	const struct tmpl *value; /* of alerts; NULL: the text as it is */
};

struct rule {
	bool alert;
	struct sv name; /* of the alert, or of the recorded metric */
	struct sv text; /* the expression as written */
	const struct pq_expr *expr; /* NULL: it asks for what this evaluator does not have; why says so */
	struct sv why;
	int64_t hold;   /* for, ms */
	int64_t keep;   /* keep_firing_for, ms */
	struct rule_label *label, *annotation; /* in order of name; the group's labels are among them */
	size_t n_labels, n_annotations;
	const struct doc *at;
};

struct rule_group {
	struct sv name;
	const char *file;
	int64_t interval; /* ms; 0: the default */
	int64_t offset;   /* query_offset, ms */
	int64_t limit;    /* series or alerts of a rule; 0: none */
	struct rule *rule;
	size_t n;
	const struct doc *at;
};

struct rules {
	struct rule_group *group; /* in the order of the files, then as they stand */
	size_t n;
};

/*
 * Reads a rule file. Groups are added to r; all is owned by the arena. 0, or -1 with "file:line:col: what": not as
 * Prometheus has it, unknown keys (those of Thanos, Mimir and the like are), an expression or a template that does not parse.
 * An expression with a function that Prometheus has and this evaluator has not is kept with expr NULL.
 */
int rules_parse(struct arena *a, const char *file, struct sv text, struct rules *r, struct err *e);
/* The same from a tree: groups is the list below "groups:". */
int rules_read(struct arena *a, const char *file, const struct doc *groups, struct rules *r, struct err *e);

/* The alert's own label, as the file has it: "severity". "" when there is none. */
struct sv rule_label_text(const struct rule *r, const char *name);

#endif
