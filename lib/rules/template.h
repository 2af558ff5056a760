/*
 * template - the Go templates that alerting rules carry in labels and annotations, in a small engine.
 *
 * The language of text/template with Prometheus' functions (template/template.go): $labels, $value, if, else, with, range,
 * define, pipelines, printf, humanize ... Values are numbers, texts, labels and what query() gives. Unknown functions are
 * errors when it is parsed; all else that goes wrong is an error when it is expanded. Bounded in time and output.
 */
#ifndef SOAK_RULES_TEMPLATE_H
#define SOAK_RULES_TEMPLATE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/labels.h"
#include "base/str.h"

struct tmpl;

struct tmpl_sample {
	struct labels labels;
	double value;
};

/* What a template sees. */
struct tmpl_data {
	const struct labels *labels;   /* with __name__ where the sample has one */
	const struct labels *external; /* of the server */
	struct sv external_url;
	double value;
	/* Evaluates an expression now; the samples are owned by the arena. 0 or -1. NULL: query() is an error. */
	int (*query)(void *ctx, struct sv expr, struct arena *a, struct tmpl_sample **out, size_t *n, struct err *e);
	void *ctx;
};

/* NULL with e set: "template: 1: function \"x\" not defined". Owned by the arena, which text must outlive. */
const struct tmpl *tmpl_parse(struct arena *a, struct sv text, struct err *e);

/* The text with all filled in, owned by the arena. 0 or -1. */
int tmpl_expand(const struct tmpl *t, const struct tmpl_data *d, struct arena *a, struct sv *out, struct err *e);

#endif
