/* The JSON of an answer; its sender is not trusted. */
#include "promql/server.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/doc.h"
#include "base/mem.h"
#include "base/num.h"

#define MAX_SECONDS 1e13 /* eval.c's bound, too */

struct parser {
	const char *name;
	struct arena *a;
	struct err *e;
};

/* The error types of web/api/v1/api.go. */
static enum err_code
code_of(struct sv type, struct sv text)
{
	if (sv_is(type, "timeout") || sv_is(type, "canceled") ||
	    sv_find(text, SV("too many samples")) < text.n)
		return ERR_LIMIT;
	return sv_is(type, "bad_data") || sv_is(type, "execution") ? ERR_USAGE : ERR_SYS;
}

/* {"status":"error","errorType":"bad_data","error":"..."} -1. */
static int
server_error(struct parser *p, const struct doc *root)
{
	const struct doc *type = doc_get(root, "errorType"), *text = doc_get(root, "error");
	struct sv t = type != NULL && type->kind == DOC_STRING ? type->text : SV("error");
	struct sv why = text != NULL && text->kind == DOC_STRING ? text->text : SV("no reason given");
	struct sb clean = {0};

	clean_add(&clean, t);
	sb_adds(&clean, ": ");
	clean_add(&clean, why);
	err_set(p->e, code_of(t, why), "%s: %s", p->name, sb_str(&clean));
	sb_free(&clean);
	return -1;
}

static struct doc *
expect(struct parser *p, const struct doc *map, const char *key, enum doc_kind kind)
{
	static const char *const kinds[] = {"null", "a truth value", "a number", "a string", "a list", "an object"};
	struct doc *d = doc_get(map, key);

	if (d == NULL)
		doc_err(map, p->e, "\"%s\" is missing", key);
	else if (d->kind != kind)
		doc_err(d, p->e, "\"%s\" is not %s", key, kinds[kind]);
	return d != NULL && d->kind == kind ? d : NULL;
}

/* [SECONDS,"VALUE"]; *value is the text. 0 or -1. */
static int
read_pair(struct parser *p, const struct doc *d, int64_t *t, const struct doc **value)
{
	if (d->kind != DOC_LIST || d->n != 2 || d->child->kind != DOC_NUMBER || d->last->kind != DOC_STRING)
		return doc_err(d, p->e, "not [time, \"value\"]");
	if (!(fabs(d->child->num) <= MAX_SECONDS))
		return doc_err(d->child, p->e, "a time out of bounds");
	*t = (int64_t)llround(d->child->num * 1000);
	*value = d->last;
	return 0;
}

static int
read_point(struct parser *p, const struct doc *d, struct pq_point *out)
{
	const struct doc *value;

	if (read_pair(p, d, &out->t, &value) < 0)
		return -1;
	return num_parse(value->text, &out->v) ? 0 : doc_err(value, p->e, "not a number");
}

static int
read_labels(struct parser *p, const struct doc *metric, struct labels *out)
{
	const struct doc *d;

	out->v = arena_new(p->a, metric->n, sizeof(*out->v));
	for (d = doc_first(metric); d != NULL; d = d->next) {
		if (d->kind != DOC_STRING)
			return doc_err(d, p->e, "a label that is not a string");
		out->v[out->n++] = (struct label){arena_sv(p->a, d->key), arena_sv(p->a, d->text)};
	}
	return labels_sort(out) < 0 ? doc_err(metric, p->e, "a label twice") : 0;
}

static int
read_series(struct parser *p, const struct doc *d, bool matrix, struct pq_result_series *out)
{
	const struct doc *metric, *values, *v;

	if (d->kind != DOC_MAP)
		return doc_err(d, p->e, "not a series");
	if (doc_get(d, "histogram") != NULL || doc_get(d, "histograms") != NULL)
		return doc_err(d, p->e, "not supported: native histograms");
	metric = expect(p, d, "metric", DOC_MAP);
	values = metric == NULL ? NULL : expect(p, d, matrix ? "values" : "value", DOC_LIST);
	if (values == NULL || read_labels(p, metric, &out->labels) < 0)
		return -1;
	out->point = arena_new(p->a, matrix ? values->n : 1, sizeof(*out->point));
	if (!matrix) {
		out->n = 1;
		return read_point(p, values, out->point);
	}
	for (v = doc_first(values); v != NULL; v = v->next) {
		if (read_point(p, v, &out->point[out->n++]) < 0)
			return -1;
		if (out->n > 1 && out->point[out->n - 1].t <= out->point[out->n - 2].t)
			return doc_err(v, p->e, "times are not in order");
	}
	return 0;
}

static int
by_labels(const void *a, const void *b)
{
	const struct pq_result_series *x = a, *y = b;

	return labels_cmp(&x->labels, &y->labels);
}

/* A series twice would be counted twice. A vector keeps the order that the server gave it: sort() may have made it. */
static int
check_unique(struct parser *p, const struct doc *list, struct pq_result *r)
{
	struct arena scratch = {0};
	struct pq_result_series *v = r->v;
	size_t i;
	int rc = 0;

	if (r->n < 2)
		return 0;
	if (r->type == PQ_VECTOR) {
		v = arena_new(&scratch, r->n, sizeof(*v));
		memcpy(v, r->v, r->n * sizeof(*v));
	}
	qsort(v, r->n, sizeof(*v), by_labels);
	for (i = 1; i < r->n && rc == 0; i++)
		if (by_labels(&v[i - 1], &v[i]) == 0)
			rc = doc_err(list, p->e, "a series twice");
	arena_free(&scratch);
	return rc;
}

static int
read_list(struct parser *p, const struct doc *data, struct pq_result *r)
{
	const struct doc *list = expect(p, data, "result", DOC_LIST), *d;

	if (list == NULL)
		return -1;
	r->v = arena_new(p->a, list->n, sizeof(*r->v));
	for (d = doc_first(list); d != NULL; d = d->next) {
		if (read_series(p, d, r->type == PQ_MATRIX, &r->v[r->n]) < 0)
			return -1;
		r->n += r->v[r->n].n > 0;
	}
	return check_unique(p, list, r);
}

static int
read_single(struct parser *p, const struct doc *data, struct pq_result *r)
{
	const struct doc *pair = expect(p, data, "result", DOC_LIST), *value;
	int64_t t;

	if (pair == NULL || read_pair(p, pair, &t, &value) < 0)
		return -1;
	if (r->type == PQ_STRING) {
		r->text = arena_sv(p->a, value->text);
		return 0;
	}
	r->v = arena_new(p->a, 1, sizeof(*r->v));
	r->v->point = arena_new(p->a, 1, sizeof(*r->v->point));
	r->v->n = r->n = 1;
	return read_point(p, pair, r->v->point);
}

static int
read_data(struct parser *p, const struct doc *data, struct pq_result *r)
{
	static const char *const types[] = {[PQ_SCALAR] = "scalar", [PQ_STRING] = "string", [PQ_VECTOR] = "vector",
	    [PQ_MATRIX] = "matrix"};
	const struct doc *type = expect(p, data, "resultType", DOC_STRING);
	size_t i;

	if (type == NULL)
		return -1;
	for (i = 0; i < sizeof(types) / sizeof(*types) && !sv_is(type->text, types[i]); i++)
		;
	if (i == sizeof(types) / sizeof(*types))
		return doc_err(type, p->e, "an unknown type of result");
	r->type = (enum pq_type)i;
	return r->type == PQ_VECTOR || r->type == PQ_MATRIX ? read_list(p, data, r) : read_single(p, data, r);
}

static int
read_warnings(struct parser *p, const struct doc *list, struct pq_server_answer *out)
{
	const struct doc *d;

	out->warning = arena_new(p->a, list != NULL ? list->n : 0, sizeof(*out->warning));
	for (d = doc_first(list); d != NULL; d = d->next) {
		if (d->kind != DOC_STRING)
			return doc_err(d, p->e, "a warning that is not a string");
		out->warning[out->n_warnings++] = arena_sv(p->a, d->text);
	}
	return 0;
}

static int
read_root(struct parser *p, const struct doc *root, struct pq_server_answer *out)
{
	const struct doc *status, *data;

	if (root->kind != DOC_MAP)
		return doc_err(root, p->e, "not the answer of a Prometheus server");
	status = expect(p, root, "status", DOC_STRING);
	if (status == NULL)
		return -1;
	if (sv_is(status->text, "error"))
		return server_error(p, root);
	if (!sv_is(status->text, "success"))
		return doc_err(status, p->e, "an unknown status");
	data = expect(p, root, "data", DOC_MAP);
	if (data == NULL || read_data(p, data, &out->result) < 0)
		return -1;
	return read_warnings(p, doc_get(root, "warnings"), out);
}

int
pq_server_parse(const char *name, struct sv json, struct arena *a, struct pq_server_answer *out, struct err *e)
{
	struct parser p = {name, a, e};
	struct arena scratch = {0};
	struct doc *root = doc_json(&scratch, name, json, e);
	int rc;

	*out = (struct pq_server_answer){0};
	rc = root == NULL ? -1 : read_root(&p, root, out);
	arena_free(&scratch);
	return rc;
}
