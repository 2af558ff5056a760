/* OpenSLO v1: SLO, SLI, AlertPolicy, AlertCondition. What the spec is silent on is asked for or said. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "profile/slo.h"

struct set {
	struct slos *s;
	struct doc *const *doc;
	size_t n;
	struct err *e;
};

/* The document of a kind and name, or NULL. */
static const struct doc *
find(const struct set *x, const char *kind, struct sv name)
{
	const struct doc *k, *m;
	size_t i;

	for (i = 0; i < x->n; i++) {
		k = doc_get(x->doc[i], "kind");
		m = doc_path(x->doc[i], SV("metadata.name"));
		if (k != NULL && sv_is(k->text, kind) && m != NULL && sv_eq(m->text, name))
			return x->doc[i];
	}
	return NULL;
}

/* metricSource: {spec: {query: ...}} */
static int
query_of(const struct set *x, const struct doc *metric, struct sv *out)
{
	const struct doc *source = doc_get(metric, "metricSource"), *spec = doc_get(source, "spec"), *q = doc_get(spec, "query");

	if (q == NULL)
		q = doc_get(spec, "promql");
	if (q == NULL || q->kind != DOC_STRING)
		return doc_err(spec != NULL ? spec : metric, x->e, "metricSource.spec.query is needed: what is counted, in PromQL");
	*out = q->text;
	return 0;
}

/* A ratio that somebody else made: each value counts alike, whatever the traffic behind it. */
static int
read_raw(const struct set *x, const struct doc *ratio, struct slo *o)
{
	static const char *const counts[] = {"good", "bad", "total", "counter"};
	const struct doc *type = doc_get(ratio, "rawType");
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (doc_get(ratio, counts[i]) != NULL)
			return doc_err_key(doc_get(ratio, counts[i]), x->e, "'%s' beside raw: it is one or the other", counts[i]);
	if (type == NULL || (!sv_is(type->text, "success") && !sv_is(type->text, "failure")))
		return doc_err(type != NULL ? type : ratio, x->e, "rawType is success or failure: what is the raw ratio a share of?");
	o->kind = sv_is(type->text, "success") ? SLO_SUCCESS : SLO_FAILURE;
	return query_of(x, doc_get(ratio, "raw"), &o->raw);
}

static int
read_threshold(const struct set *x, const struct doc *metric, const struct doc *objective, struct slo *o)
{
	static const struct {
		const char *name;
		enum profile_op op;
	} ops[] = {{"lte", OP_LE}, {"lt", OP_LT}, {"gte", OP_GE}, {"gt", OP_GT}};
	const struct doc *op = doc_get(objective, "op"), *value = doc_get(objective, "value");
	size_t i;

	for (i = 0; op != NULL && i < sizeof(ops) / sizeof(*ops); i++)
		if (sv_is(op->text, ops[i].name))
			o->op = ops[i].op;
	if (o->op == OP_NONE)
		return doc_err(op != NULL ? op : objective, x->e, "a thresholdMetric needs the objective's op: lte, lt, gte or gt");
	if (value == NULL || !num_parse(value->text, &o->limit) || !isfinite(o->limit))
		return doc_err(value != NULL ? value : objective, x->e, "a thresholdMetric needs the objective's value, a number");
	o->kind = SLO_THRESHOLD;
	return query_of(x, metric, &o->raw);
}

static int
read_ratio(const struct set *x, const struct doc *ratio, struct slo *o)
{
	static const char *const known[] = {"counter", "good", "bad", "total", "raw", "rawType", NULL};
	const struct doc *good = doc_get(ratio, "good"), *bad = doc_get(ratio, "bad"), *total = doc_get(ratio, "total");

	if (profile_keys(ratio, known, x->e) < 0)
		return -1;
	if (doc_get(ratio, "raw") != NULL)
		return read_raw(x, ratio, o);
	if (doc_get(ratio, "rawType") != NULL)
		return doc_err_key(doc_get(ratio, "rawType"), x->e, "rawType goes with raw");
	if (total == NULL || (good == NULL) == (bad == NULL))
		return doc_err(ratio, x->e, "ratioMetric needs total, and one of good and bad");
	if (query_of(x, total, &o->total) < 0)
		return -1;
	return good != NULL ? query_of(x, good, &o->good) : query_of(x, bad, &o->bad);
}

/* The SLO's indicator, or (of several that it is made of) the objective's own. */
static int
read_indicator(const struct set *x, const struct doc *spec, const struct doc *objective, struct slo *o)
{
	const struct doc *whose = doc_get(objective, "indicator") != NULL || doc_get(objective, "indicatorRef") != NULL ? objective : spec;
	const struct doc *in = doc_get(whose, "indicator"), *ref = doc_get(whose, "indicatorRef"), *sli, *ratio, *threshold;

	if (whose == objective && (doc_get(spec, "indicator") != NULL || doc_get(spec, "indicatorRef") != NULL))
		return doc_err(objective, x->e, "the SLO has an indicator, and so has this objective: which of them counts?");
	if ((in == NULL) == (ref == NULL))
		return doc_err(spec, x->e, "an SLO needs one of indicator and indicatorRef, of its own or in each of its objectives");
	if (ref != NULL) {
		in = find(x, "SLI", ref->text);
		if (in == NULL)
			return doc_err(ref, x->e, "there is no SLI '%" SV_FMT "' in the file", SV_ARG(ref->text));
	}
	sli = doc_get(in, "spec");
	threshold = doc_get(sli, "thresholdMetric");
	ratio = doc_get(sli, "ratioMetric");
	if ((threshold == NULL) == (ratio == NULL))
		return doc_err(sli != NULL ? sli : in, x->e, "one of ratioMetric and thresholdMetric is needed");
	if (threshold != NULL && doc_get(spec, "objectives")->n > 1 && whose == spec)
		return doc_err_key(threshold, x->e, "a thresholdMetric goes with exactly one objective");
	if (threshold != NULL)
		return read_threshold(x, threshold, objective, o);
	if (doc_get(objective, "op") != NULL || doc_get(objective, "value") != NULL)
		return doc_err(objective, x->e, "'op' and 'value' go with a thresholdMetric, this is a ratioMetric");
	return read_ratio(x, ratio, o);
}

static int
read_window(const struct set *x, const struct doc *spec, struct slo *o)
{
	const struct doc *w = doc_get(spec, "timeWindow"), *rolling;

	if (w == NULL || w->kind != DOC_LIST || w->n != 1)
		return doc_err(w != NULL ? w : spec, x->e, "timeWindow is a list of exactly one window");
	if (slo_duration(doc_get(w->child, "duration") != NULL ? doc_get(w->child, "duration") : w->child, &o->period, &o->calendar, x->e) < 0)
		return -1;
	rolling = doc_get(w->child, "isRolling");
	o->calendar = rolling != NULL && rolling->kind == DOC_BOOL ? !rolling->truth : doc_get(w->child, "calendar") != NULL;
	return 0;
}

static int
read_method(const struct set *x, const struct doc *spec, const struct doc *objective, struct slo *o)
{
	const struct doc *m = doc_get(spec, "budgetingMethod"), *w = doc_get(objective, "timeSliceWindow"),
	    *t = doc_get(objective, "timeSliceTarget");
	int64_t minutes;

	if (m == NULL || sv_is(m->text, "Occurrences"))
		o->method = SLO_OCCURRENCES;
	else if (sv_is(m->text, "Timeslices"))
		o->method = SLO_TIMESLICES;
	else if (sv_is(m->text, "RatioTimeslices"))
		o->method = SLO_RATIO_TIMESLICES;
	else
		return doc_err(m, x->e, "budgetingMethod is Occurrences, Timeslices or RatioTimeslices");
	if (o->method != SLO_OCCURRENCES && w == NULL)
		return doc_err(objective, x->e, "timeSliceWindow is needed");
	if (w != NULL && num_parse_int(w->text, &minutes) && minutes > 0 && minutes < 100000)
		o->slice = minutes * TIME_MINUTE; /* a bare number is minutes */
	else if (w != NULL && slo_duration(w, &o->slice, NULL, x->e) < 0)
		return -1;
	if (o->method == SLO_TIMESLICES &&
	    (t == NULL || !num_parse(t->text, &o->slice_target) || !(o->slice_target > 0 && o->slice_target <= 1)))
		return doc_err(t != NULL ? t : objective, x->e, "timeSliceTarget is needed, above 0 and at most 1");
	return 0;
}

static int
read_condition(const struct set *x, const struct doc *policy, const struct doc *condition, struct slo *o)
{
	const struct doc *spec = doc_get(condition, "spec"), *c = doc_get(spec, "condition"), *kind = doc_get(c, "kind"),
	    *op = doc_get(c, "op"), *threshold = doc_get(c, "threshold"), *after = doc_get(c, "alertAfter");
	const struct doc *name = doc_path(policy, SV("metadata.name"));
	struct slo_pair *p;

	if (c == NULL || kind == NULL || !sv_is(kind->text, "burnrate"))
		return doc_err(c != NULL ? c : condition, x->e, "a condition of kind burnrate is needed");
	if (o->n_pairs == SLO_MAX_PAIRS)
		return doc_err(condition, x->e, "more than %d conditions", SLO_MAX_PAIRS);
	p = &o->pair[o->n_pairs++];
	*p = (struct slo_pair){.name = name != NULL ? name->text : SV(""), .or_equal = op != NULL && sv_is(op->text, "gte")};
	if (profile_text(spec, "severity", &p->severity, x->e) < 0 || slo_duration(doc_get(c, "lookbackWindow"), &p->lo, NULL, x->e) < 0)
		return -1;
	if (threshold == NULL || !num_parse(threshold->text, &p->factor) || !(p->factor >= 0))
		return doc_err(threshold != NULL ? threshold : c, x->e, "'threshold' must be a burn rate such as 14.4");
	if (after != NULL && !sv_is(after->text, "0m") && slo_duration(after, &p->after, NULL, x->e) < 0)
		return -1;
	if (op != NULL && (sv_is(op->text, "lte") || sv_is(op->text, "lt")))
		o->note = SV("a burn rate with op lte or lt is read as gt: an alert on a low burn rate makes no sense");
	return 0;
}

static int
read_policies(const struct set *x, const struct doc *spec, struct slo *o)
{
	const struct doc *c = doc_first(doc_get(spec, "alertPolicies")), *policy, *condition, *ref;
	struct sv name;

	for (; c != NULL; c = c->next) {
		ref = doc_get(c, "alertPolicyRef");
		name = c->kind == DOC_STRING ? c->text : ref != NULL ? ref->text : SV("");
		policy = name.n > 0 ? find(x, "AlertPolicy", name) : c;
		if (policy == NULL)
			return doc_err(c, x->e, "there is no AlertPolicy '%" SV_FMT "' in the file", SV_ARG(name));
		condition = doc_first(doc_path(policy, SV("spec.conditions")));
		if (condition == NULL)
			return doc_err(policy, x->e, "an AlertPolicy needs one of 'conditions'");
		ref = doc_get(condition, "conditionRef");
		if (ref != NULL && (condition = find(x, "AlertCondition", ref->text)) == NULL)
			return doc_err(ref, x->e, "there is no AlertCondition '%" SV_FMT "' in the file", SV_ARG(ref->text));
		if (read_condition(x, policy, condition, o) < 0)
			return -1;
	}
	return 0;
}

/* "NAME/DISPLAYNAME" of one of several objectives, or its number. */
static struct sv
name_of(const struct set *x, struct sv slo, const struct doc *list, const struct doc *objective)
{
	const struct doc *shown = doc_get(objective, "displayName"), *c;
	int i = 1;

	if (shown != NULL && shown->kind == DOC_STRING && shown->text.n > 0)
		return sv_of(arena_fmt(x->s->arena, "%" SV_FMT "/%" SV_FMT, SV_ARG(slo), SV_ARG(shown->text)));
	for (c = list->child; c != objective; c = c->next)
		i++;
	return sv_of(arena_fmt(x->s->arena, "%" SV_FMT "/%d", SV_ARG(slo), i));
}

static int
read_objective(const struct set *x, const struct doc *d, const struct doc *objective, struct slo *o)
{
	static const char *const known[] = {"displayName", "op", "value", "target", "targetPercent", "timeSliceTarget", "timeSliceWindow",
	    "indicator", "indicatorRef", "compositeWeight", NULL};
	const struct doc *spec = doc_get(d, "spec"), *t = doc_get(objective, "target"), *p = doc_get(objective, "targetPercent");
	const struct doc *name = doc_path(d, SV("metadata.name"));
	double weight;

	if (profile_keys(objective, known, x->e) < 0)
		return -1;
	if ((t == NULL) == (p == NULL))
		return doc_err(objective, x->e, "an objective needs one of target and targetPercent");
	if (name == NULL)
		return doc_err(d, x->e, "metadata.name is needed");
	if (doc_get(objective, "compositeWeight") != NULL && doc_get(spec, "objectives")->n > 1 &&
	    (!num_parse(doc_get(objective, "compositeWeight")->text, &weight) || weight != 1))
		return doc_err(doc_get(objective, "compositeWeight"), x->e,
		    "compositeWeight: what several indicators weigh together has no count behind it; without weights each is judged by itself");
	o->name = doc_get(spec, "objectives")->n > 1 ? name_of(x, name->text, doc_get(spec, "objectives"), objective) : name->text;
	if (profile_text(doc_get(d, "metadata"), "displayName", &o->title, x->e) < 0 ||
	    profile_text(spec, "service", &o->service, x->e) < 0 || slo_target(t != NULL ? t : p, t == NULL, o, x->e) < 0 ||
	    read_window(x, spec, o) < 0 || read_indicator(x, spec, objective, o) < 0 || read_method(x, spec, objective, o) < 0)
		return -1;
	slo_usual_pairs(o);
	return read_policies(x, spec, o);
}

int
slo_openslo(struct slos *s, struct doc *const *docs, size_t n, struct err *e)
{
	struct set x = {s, docs, n, e};
	const struct doc *kind, *list, *c;
	size_t i;

	for (i = 0; i < n; i++) {
		kind = doc_get(docs[i], "kind");
		if (kind == NULL || !sv_is(kind->text, "SLO"))
			continue;
		list = doc_path(docs[i], SV("spec.objectives"));
		if (list == NULL || list->kind != DOC_LIST || list->n == 0)
			return doc_err(docs[i], e, "an SLO needs 'objectives'");
		for (c = list->child; c != NULL; c = c->next)
			if (read_objective(&x, docs[i], c, slo_add(s, c)) < 0)
				return -1;
	}
	return 0;
}
