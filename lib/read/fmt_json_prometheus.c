/*
 * Answers of a Prometheus-compatible server, saved as files: "prometheus-api". A matrix or a vector of /api/v1/query_range and
 * /api/v1/query (https://prometheus.io/docs/prometheus/latest/querying/api/): each series is kept under its own labels. What
 * an expression made has no name in the answer; it is called prometheus_answer, since nobody can know what was asked.
 */
#include <math.h>
#include <stdlib.h>

#include "base/doc.h"
#include "base/mem.h"
#include "base/num.h"
#include "read/read.h"

#define MAX_ANSWER ((size_t)64 << 20)
#define UNNAMED "prometheus_answer"

static bool
holds(struct sv head, const char *word)
{
	return sv_find(head, sv_of(word)) < head.n;
}

static const char *
probe(const struct read_input *in)
{
	struct sv head = sv_trim(in->head);

	if (head.n == 0 || head.p[0] != '{' || !holds(head, "\"status\"") || !holds(head, "\"resultType\"") ||
	    !holds(head, "\"result\""))
		return NULL;
	return holds(head, "\"matrix\"") || holds(head, "\"vector\"") ? "prometheus-api" : NULL;
}

/* [seconds, "value"] */
static int
pair(const struct doc *d, int64_t *t, double *v, struct err *e)
{
	const struct doc *time = doc_first(d), *value = time == NULL ? NULL : time->next;
	double ms;

	if (d->kind != DOC_LIST || d->n != 2 || time->kind != DOC_NUMBER || value->kind != DOC_STRING ||
	    !num_parse(value->text, v))
		return doc_err(d, e, "not a time and a value");
	ms = round(time->num * 1000);
	if (!(fabs(ms) < 253402300800000.0))
		return doc_err(time, e, "not a time: %" SV_FMT, SV_ARG(time->text));
	*t = (int64_t)ms;
	return 0;
}

static int
add_point(const struct doc *d, struct read_sample *m, const struct read_sink *sink, struct err *e)
{
	if (pair(d, &m->t, &m->v, e) < 0)
		return -1;
	m->line = d->line;
	return sink->sample(sink->ctx, m, e);
}

/* {"metric":{...},"values":[[...],...]} or {"metric":{...},"value":[...]} */
static int
add_series(const struct doc *d, const struct read_sink *sink, struct err *e)
{
	const struct doc *metric = doc_get(d, "metric"), *values = doc_get(d, "values"), *value = doc_get(d, "value"), *c;
	struct read_sample m = {.name = SV(UNNAMED)};
	VEC(struct label) label = {0};
	struct labels labels;
	int rc = 0;

	if (metric == NULL || metric->kind != DOC_MAP || (values == NULL) == (value == NULL))
		return doc_err(d, e, doc_get(d, "histograms") != NULL || doc_get(d, "histogram") != NULL ?
		    "not supported: native histograms" : "not a series: 'metric' with 'values' or 'value'");
	for (c = doc_first(metric); c != NULL && rc == 0; c = c->next) {
		if (c->kind != DOC_STRING)
			rc = doc_err(c, e, "a label is a text");
		else if (sv_is(c->key, "__name__") && c->text.n > 0)
			m.name = c->text;
		else if (!sv_is(c->key, "__name__"))
			*vec_add(&label) = (struct label){c->key, c->text};
	}
	labels = (struct labels){label.v, label.n};
	if (rc == 0)
		(void)labels_sort(&labels); /* keys of a map are unique */
	m.labels = &labels;
	if (rc == 0 && value != NULL)
		rc = add_point(value, &m, sink, e);
	for (c = doc_first(values); c != NULL && rc == 0; c = c->next)
		rc = add_point(c, &m, sink, e);
	vec_free(&label);
	return rc;
}

static int
read_answer(const struct doc *d, const struct read_sink *sink, struct err *e)
{
	const struct doc *status = doc_get(d, "status"), *result = doc_path(d, SV("data.result")), *warnings = doc_get(d, "warnings"), *c;
	int rc = 0;

	if (status == NULL || !sv_is(status->text, "success") || result == NULL || result->kind != DOC_LIST)
		return doc_err(d, e, "not the answer of a query: it has no \"status\":\"success\" and no data.result");
	for (c = doc_first(warnings); c != NULL && rc == 0; c = c->next)
		if (c->kind == DOC_STRING && c->text.n > 0)
			rc = sink->problem(sink->ctx, c->line, READ_WARNING, c->text, e);
	for (c = doc_first(result); c != NULL && rc == 0; c = c->next)
		rc = add_series(c, sink, e);
	return rc;
}

static int
read_api(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	struct arena a = {0};
	struct sb text = {0};
	const struct doc *d;
	int rc = io_read_all(in->src, in->name, MAX_ANSWER, &text, e);

	if (rc == 0)
		rc = (d = doc_json(&a, in->name, sb_sv(&text), e)) == NULL ? -1 : read_answer(d, sink, e);
	sb_free(&text);
	arena_free(&a);
	return rc;
}

const struct reader reader_json_prometheus = {probe, read_api,
    {{"prometheus-api", "Answers of a Prometheus-compatible server to query and query_range"}}};
