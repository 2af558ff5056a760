/* The files of sloth and pyrra, as far as they count events. */
#include <math.h>

#include "base/num.h"
#include "profile/slo.h"

static bool
is_true(const struct doc *d)
{
	return d != NULL && d->kind == DOC_BOOL && d->truth;
}

/* page_alert and ticket_alert: {disable: true, labels: {severity: ...}}; in Kubernetes pageAlert and ticketAlert. */
static void
sloth_alerting(const struct doc *alerting, struct slo *o)
{
	static const struct {
		const char *kind, *keys[2];
	} alerts[] = {{"page", {"page_alert", "pageAlert"}}, {"ticket", {"ticket_alert", "ticketAlert"}}};
	size_t i, k, n;

	for (i = 0; i < 2; i++) {
		const struct doc *a = doc_get(alerting, alerts[i].keys[0]), *severity;

		if (a == NULL)
			a = doc_get(alerting, alerts[i].keys[1]);
		severity = doc_path(a, SV("labels.severity"));
		for (k = n = 0; k < o->n_pairs; k++) {
			if (!sv_is(o->pair[k].name, alerts[i].kind)) {
				o->pair[n++] = o->pair[k];
			} else if (!is_true(doc_get(a, "disable"))) {
				o->pair[n] = o->pair[k];
				if (severity != NULL && severity->kind == DOC_STRING)
					o->pair[n].severity = severity->text;
				n++;
			}
		}
		o->n_pairs = n;
	}
}

static int
sloth_slo(struct slos *s, const struct doc *root, const struct doc *d, struct err *e)
{
	const struct doc *sli = doc_get(d, "sli"), *events = doc_get(sli, "events"), *raw = doc_get(sli, "raw");
	struct slo *o = slo_add(s, d);

	if (slo_text(d, "name", &o->name, e) < 0 || profile_text(root, "service", &o->service, e) < 0 ||
	    profile_text(d, "description", &o->title, e) < 0 || slo_target(doc_get(d, "objective"), true, o, e) < 0)
		return -1;
	slo_usual_pairs(o);
	sloth_alerting(doc_get(d, "alerting"), o);
	if (doc_get(sli, "plugin") != NULL)
		return doc_err_key(doc_get(sli, "plugin"), e, "'plugin' is code of sloth's: its queries are not known here");
	if (raw != NULL) {
		o->kind = SLO_FAILURE;
		return slo_text(raw, doc_get(raw, "errorRatioQuery") != NULL ? "errorRatioQuery" : "error_ratio_query", &o->raw, e);
	}
	if (events == NULL)
		events = doc_get(sli, "errorQuery") != NULL ? sli : NULL;
	if (events == NULL)
		return doc_err(sli != NULL ? sli : d, e, "'sli.events' or 'sli.raw' is needed");
	if (doc_get(events, "error_query") != NULL || doc_get(events, "total_query") != NULL) {
		if (slo_text(events, "error_query", &o->bad, e) < 0 || slo_text(events, "total_query", &o->total, e) < 0)
			return -1;
	} else if (slo_text(events, "errorQuery", &o->bad, e) < 0 || slo_text(events, "totalQuery", &o->total, e) < 0) {
		return -1;
	}
	return 0;
}

int
slo_sloth(struct slos *s, const struct doc *root, struct err *e)
{
	const struct doc *spec = doc_get(root, "spec") != NULL ? doc_get(root, "spec") : root, *list = doc_get(spec, "slos"), *d;

	if (list == NULL || list->kind != DOC_LIST || list->n == 0)
		return doc_err(spec, e, "'slos' is needed");
	for (d = list->child; d != NULL; d = d->next)
		if (sloth_slo(s, spec, d, e) < 0)
			return -1;
	return 0;
}

static bool
is_false(const struct doc *d)
{
	return d != NULL && d->kind == DOC_BOOL && !d->truth;
}

/* Pyrra's own factors, on windows scaled from 28 days and rounded to minutes (slo/rules.go). */
static void
pyrra_pairs(struct slo *o)
{
	static const struct {
		const char *severity;
		int64_t lo, sho, after;
		double factor;
	} of28[] = {{"critical", TIME_HOUR, 5 * TIME_MINUTE, 2 * TIME_MINUTE, 14},
	    {"critical", 6 * TIME_HOUR, 30 * TIME_MINUTE, 15 * TIME_MINUTE, 7}, {"warning", TIME_DAY, 2 * TIME_HOUR, TIME_HOUR, 2},
	    {"warning", 4 * TIME_DAY, 6 * TIME_HOUR, 3 * TIME_HOUR, 1}};
	double scale = (double)o->period / (28 * (double)TIME_DAY);
	size_t i;

	for (i = 0; i < sizeof(of28) / sizeof(*of28); i++)
		o->pair[o->n_pairs++] = (struct slo_pair){.name = sv_of(of28[i].severity), .severity = sv_of(of28[i].severity),
		    .lo = (int64_t)round((double)of28[i].lo * scale / TIME_MINUTE) * TIME_MINUTE,
		    .sho = (int64_t)round((double)of28[i].sho * scale / TIME_MINUTE) * TIME_MINUTE,
		    .after = (int64_t)round((double)of28[i].after * scale / TIME_MINUTE) * TIME_MINUTE,
		    .factor = of28[i].factor};
	if (o->pair[0].sho == 0)
		o->note = SV("pyrra's short windows round to 0 for so short a period: they are left out");
}

int
slo_pyrra(struct slos *s, const struct doc *root, struct err *e)
{
	const struct doc *spec = doc_get(root, "spec"), *in = doc_get(spec, "indicator"), *ratio = doc_get(in, "ratio"),
	    *latency = doc_get(in, "latency"), *gauge = NULL;
	struct slo *o = slo_add(s, root);

	if (slo_text(doc_get(root, "metadata"), "name", &o->name, e) < 0 || slo_target(doc_get(spec, "target"), true, o, e) < 0 ||
	    slo_duration(doc_get(spec, "window") != NULL ? doc_get(spec, "window") : spec, &o->period, NULL, e) < 0)
		return -1;
	if (ratio != NULL) {
		if (slo_text(doc_get(ratio, "errors"), "metric", &o->bad, e) < 0 || slo_text(doc_get(ratio, "total"), "metric", &o->total, e) < 0)
			return -1;
	} else if (latency != NULL) {
		if (slo_text(doc_get(latency, "success"), "metric", &o->good, e) < 0 ||
		    slo_text(doc_get(latency, "total"), "metric", &o->total, e) < 0)
			return -1;
	} else if (doc_get(in, "bool_gauge") != NULL) {
		gauge = doc_get(in, "bool_gauge");
		o->kind = SLO_SUCCESS; /* 1 or 0 */
		if (slo_text(gauge, "metric", &o->raw, e) < 0)
			return -1;
	} else if (doc_get(in, "latencyNative") != NULL) {
		return doc_err_key(doc_get(in, "latencyNative"), e, "'latencyNative' reads native histograms, which are not supported: use latency");
	} else {
		return doc_err(in != NULL ? in : root, e, "'indicator.ratio', 'latency' or 'bool_gauge' is needed");
	}
	if (!is_true(doc_path(spec, SV("alerting.disabled"))) && !is_false(doc_path(spec, SV("alerting.burnrates"))))
		pyrra_pairs(o);
	if (doc_get(ratio != NULL ? ratio : latency != NULL ? latency : gauge, "grouping") != NULL)
		o->note = SV("grouping is not used: all groups are counted together");
	return 0;
}
