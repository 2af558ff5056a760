/*
 * k6_doc - k6's JSON documents as claims and facts, one function a shape. docs/formats.md lists the paths.
 */
#ifndef SOAK_READ_K6_DOC_H
#define SOAK_READ_K6_DOC_H

#include "base/doc.h"
#include "read/read.h"

enum k6_shape {
	K6_NO_SHAPE,
	K6_EXPORT,  /* --summary-export: metrics flat; a threshold's true means crossed */
	K6_HANDLE,  /* the data of handleSummary(): values apart; a threshold's ok means passed */
	K6_MACHINE, /* the newer machine-readable summary: no thresholds, no groups */
	K6_OPTIONS, /* a load profile: scenarios, thresholds */
};

/* By several paths each. */
enum k6_shape k6_doc_shape(const struct doc *d);

/* 0, or -1: the sink's, or the document is not what its shape promised (file:line:col). */
int k6_doc_summary(const struct doc *d, enum k6_shape shape, const struct read_sink *sink, struct err *e);
int k6_doc_options(const struct doc *d, const struct read_sink *sink, struct err *e);

/* What both use: a claim or fact whose path is what, name and part joined by '/'. */
struct k6_teller {
	const struct read_sink *sink;
	struct sb path;
};
int k6_claim(struct k6_teller *t, const char *what, struct sv name, struct sv part, const struct doc *value, struct err *e);
int k6_claim_text(struct k6_teller *t, const char *what, struct sv name, struct sv part, struct sv text, double value, int64_t line,
    struct err *e);
int k6_fact(struct k6_teller *t, const char *what, struct sv name, struct sv part, struct sv text, double value, int64_t line,
    struct err *e);

#endif
