#include "read/k6_line.h"

#include <string.h>

#include "base/doc.h"

/* Takes the literal off *s. */
static bool
take(struct sv *s, struct sv literal)
{
	if (s->n < literal.n || memcmp(s->p, literal.p, literal.n) != 0)
		return false;
	*s = sv_from(*s, literal.n);
	return true;
}

/* Takes what stands before the closing quote, and the quote; not with an escape in it. */
static bool
take_string(struct sv *s, struct sv *out)
{
	size_t i;

	for (i = 0; i < s->n && s->p[i] != '"'; i++)
		if (s->p[i] == '\\' || (unsigned char)s->p[i] < 0x20 || (unsigned char)s->p[i] > 0x7e)
			return false;
	*out = sv_head(*s, i);
	if (i == s->n)
		return false;
	*s = sv_from(*s, i + 1);
	return true;
}

bool
k6_line_point(struct sv line, struct k6_point_line *out)
{
	size_t i;

	if (!take(&line, SV("{\"metric\":\"")) || !take_string(&line, &out->metric) ||
	    !take(&line, SV(",\"type\":\"Point\",\"data\":{\"time\":\"")) || !take_string(&line, &out->time) ||
	    !take(&line, SV(",\"value\":")))
		return false;
	for (i = 0; i < line.n && line.p[i] != ','; i++)
		;
	out->value = sv_head(line, i);
	out->tail = sv_from(line, i + 1);
	return out->metric.n > 0 && out->value.n > 0 && sv_starts(out->tail, "\"tags\":{") && sv_ends(out->tail, "}}}");
}

/* Strings by name; other scalars by their text, null and "" not at all. */
static bool
tags_of(struct arena *a, const struct doc *map, struct labels *tags)
{
	const struct doc *c;

	*tags = (struct labels){NULL, 0};
	if (map == NULL || map->kind == DOC_NULL)
		return true;
	if (map->kind != DOC_MAP)
		return false;
	tags->v = arena_new(a, map->n, sizeof(*tags->v));
	for (c = doc_first(map); c != NULL; c = c->next) {
		if (c->kind == DOC_LIST || c->kind == DOC_MAP || c->key.n == 0)
			return false;
		if (c->kind != DOC_NULL)
			tags->v[tags->n++] = (struct label){c->key,
			    c->kind == DOC_BOOL ? (c->truth ? SV("true") : SV("false")) : c->text};
	}
	return labels_sort(tags) == 0;
}

bool
k6_line_tags(struct arena *a, struct sv tail, struct labels *tags)
{
	char *text;
	const struct doc *d;

	/* {"tags":{...}} of "tags":{...}}}: the line's outermost bracket in the place of the last. */
	text = arena_new(a, tail.n, 1);
	text[0] = '{';
	memcpy(text + 1, tail.p, tail.n - 1);
	d = doc_json(a, "", (struct sv){text, tail.n}, NULL);
	/* What else k6 may write there one day (now: metadata) must not be a value that we have taken from before it. */
	return d != NULL && doc_get(d, "value") == NULL && doc_get(d, "time") == NULL &&
	    tags_of(a, doc_get(d, "tags"), tags);
}

/* The strings of a list of strings, or of maps with that key. */
static struct sv *
strings(struct arena *a, const struct doc *list, const char *key, size_t *n)
{
	struct sv *out;
	const struct doc *c, *s;

	*n = 0;
	if (list == NULL || list->kind != DOC_LIST)
		return NULL;
	out = arena_new(a, list->n, sizeof(*out));
	for (c = doc_first(list); c != NULL; c = c->next) {
		s = c->kind == DOC_MAP ? doc_get(c, key) : c;
		if (s != NULL && s->kind == DOC_STRING)
			out[(*n)++] = s->text;
	}
	return out;
}

static struct sv
text_of(const struct doc *map, const char *key)
{
	const struct doc *d = doc_get(map, key);

	return d != NULL && d->kind == DOC_STRING ? d->text : SV("");
}

enum k6_line
k6_line_any(struct arena *a, struct sv line, struct k6_point_line *point, struct labels *tags,
    struct k6_metric_line *metric, const char **why)
{
	const struct doc *d = doc_json(a, "", line, NULL), *data = doc_get(d, "data"), *value = doc_get(data, "value");
	struct sv type = text_of(d, "type");

	*why = "neither a point nor a metric";
	if (d == NULL) {
		*why = "not JSON, or cut off";
	} else if (sv_is(type, "Point")) {
		*why = "a point without a metric, time, value or tags";
		*point = (struct k6_point_line){.metric = text_of(d, "metric"), .time = text_of(data, "time")};
		if (point->metric.n == 0 || point->time.n == 0 || value == NULL || value->kind != DOC_NUMBER ||
		    !tags_of(a, doc_get(data, "tags"), tags))
			return K6_LINE_NEITHER;
		point->value = value->text;
		return K6_LINE_POINT;
	} else if (sv_is(type, "Metric")) {
		*why = "a metric without a name";
		*metric = (struct k6_metric_line){.name = text_of(data, "name"), .type = text_of(data, "type"),
		    .contains = text_of(data, "contains")};
		if (metric->name.n == 0)
			metric->name = text_of(d, "metric");
		metric->threshold = strings(a, doc_get(data, "thresholds"), "threshold", &metric->n_thresholds);
		metric->submetric = strings(a, doc_get(data, "submetrics"), "name", &metric->n_submetrics);
		return metric->name.n == 0 ? K6_LINE_NEITHER : K6_LINE_METRIC;
	}
	return K6_LINE_NEITHER;
}
