/*
 * k6's documents of JSON: the summary in its three shapes ("k6-summary-export", "k6-handle-summary",
 * "k6-machine-summary") and a load profile ("k6-options"). All that a summary says is a claim.
 */
#include "read/k6_doc.h"
#include "read/read_lines.h"

#define MAX_BYTES ((size_t)64 << 20)

static const char *const names[] = {[K6_EXPORT] = "k6-summary-export", [K6_HANDLE] = "k6-handle-summary",
    [K6_MACHINE] = "k6-machine-summary", [K6_OPTIONS] = "k6-options"};

static bool
holds(struct sv text, const char *key)
{
	return sv_find(text, sv_of(key)) < text.n;
}

/* What is longer than the head, or broken, is told by its quoted keys: a cut summary is a finding, not an unknown file. */
static enum k6_shape
guess(struct sv text)
{
	if (holds(text, "\"root_group\"") && holds(text, "\"metrics\""))
		return holds(text, "\"testRunDurationMs\"") || holds(text, "\"values\"") ? K6_HANDLE : K6_EXPORT;
	if (holds(text, "\"root_group\"") && holds(text, "\"groups\"") && holds(text, "\"checks\""))
		return K6_EXPORT;
	if (holds(text, "\"k6_version\"") && holds(text, "\"results\"") && holds(text, "\"config\""))
		return K6_MACHINE;
	return K6_NO_SHAPE;
}

static const char *
probe(const struct read_input *in)
{
	struct sv text = sv_trim(read_no_bom(in->head));
	enum k6_shape shape = K6_NO_SHAPE;
	const struct doc *d = NULL;
	struct arena a = {0};

	if (text.n == 0 || text.p[0] != '{')
		return NULL;
	if (in->head.n < READ_HEAD)
		d = doc_json(&a, in->name, in->head, NULL);
	shape = d != NULL ? k6_doc_shape(d) : guess(text);
	arena_free(&a);
	return shape == K6_NO_SHAPE ? NULL : names[shape];
}

static int
read_k6_json(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	struct arena a = {0};
	struct sb text = {0};
	enum k6_shape shape;
	const struct doc *d;
	int rc = io_read_all(in->src, in->name, MAX_BYTES, &text, e);

	d = rc == 0 ? doc_json(&a, in->name, sb_sv(&text), e) : NULL;
	if (d == NULL) {
		rc = -1;
	} else {
		shape = k6_doc_shape(d);
		if (shape == K6_NO_SHAPE)
			rc = doc_err(d, e, "has the key names of a k6 summary, but not in their places");
		else
			rc = shape == K6_OPTIONS ? k6_doc_options(d, sink, e) : k6_doc_summary(d, shape, sink, e);
	}
	arena_free(&a);
	sb_free(&text);
	return rc;
}

const struct reader reader_k6_json = {probe, read_k6_json, {
    {"k6-handle-summary", "k6's summary as handleSummary() gets it"},
    {"k6-machine-summary", "k6's summary for machines (k6 2)"},
    {"k6-options", "k6's options: a load profile with its thresholds"},
    {"k6-summary-export", "k6's flat summary (--summary-export)"},
}};
