/* A load profile: what k6 was to do (k6's options as JSON). */
#include "read/k6_doc.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"

/* A duration as Go writes it ("1m30s", "500ms", "1.5h") or milliseconds; NAN when it is none. In seconds. */
static double
seconds(const struct doc *d)
{
	static const struct {
		const char *unit;
		double s;
	} units[] = {{"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}, {"h", 3600}, {"m", 60}, {"s", 1}};
	struct sv rest;
	double total = 0, v;
	size_t i, k;

	if (d != NULL && d->kind == DOC_NUMBER)
		return d->num / 1000;
	if (d == NULL || d->kind != DOC_STRING || d->text.n == 0)
		return NAN;
	for (rest = d->text; rest.n > 0;) {
		for (i = 0; i < rest.n && ((rest.p[i] >= '0' && rest.p[i] <= '9') || rest.p[i] == '.'); i++)
			;
		for (k = 0; k < sizeof(units) / sizeof(*units) && !sv_starts(sv_from(rest, i), units[k].unit); k++)
			;
		if (k == sizeof(units) / sizeof(*units) || !num_parse(sv_head(rest, i), &v))
			return NAN;
		total += v * units[k].s;
		rest = sv_from(rest, i + sv_of(units[k].unit).n);
	}
	return total;
}

struct plan {
	double seconds; /* until the last scenario ends, without graceful stops; NAN: not stated */
	double vus;     /* most at a time, added up over the scenarios */
};

static double
number(const struct doc *d, double otherwise)
{
	return d != NULL && d->kind == DOC_NUMBER ? d->num : otherwise;
}

/* startVUs, stages and duration of one scenario, or of the whole file in k6's short form. */
static void
plan_scenario(const struct doc *s, struct plan *p)
{
	const struct doc *c, *stages = doc_get(s, "stages");
	double length = stages != NULL ? 0 : seconds(doc_get(s, doc_get(s, "maxDuration") != NULL ? "maxDuration" : "duration"));
	const struct doc *executor = doc_get(s, "executor");
	bool arrival = executor != NULL && sv_ends(executor->text, "arrival-rate");
	double vus = number(doc_get(s, "startVUs"), number(doc_get(s, "vus"), 0)), start = seconds(doc_get(s, "startTime"));

	if (arrival)
		vus = number(doc_get(s, "maxVUs"), number(doc_get(s, "preAllocatedVUs"), 0));
	for (c = doc_first(stages); c != NULL; c = c->next) {
		length += seconds(doc_get(c, "duration"));
		if (!arrival)
			vus = fmax(vus, number(doc_get(c, "target"), 0));
	}
	length += isnan(start) ? 0 : start;
	*p = (struct plan){isnan(p->seconds) || isnan(length) ? NAN : fmax(p->seconds, length), p->vus + vus};
}

static int
fact_number(struct k6_teller *t, const char *what, struct sv name, struct sv part, double v, int64_t line, struct err *e)
{
	char buf[NUM_TEXT];

	return isnan(v) ? 0 : k6_fact(t, what, name, part, sv_of(num_text(v, buf)), v, line, e);
}

static int
scenario(struct k6_teller *t, const struct doc *s, struct plan *all, struct err *e)
{
	static const char *const told[] = {"executor", "rate", "timeUnit", "vus", "iterations", NULL};
	struct plan one = {0};
	const struct doc *d;
	size_t i;

	plan_scenario(s, &one);
	plan_scenario(s, all);
	for (i = 0; told[i] != NULL; i++) {
		d = doc_get(s, told[i]);
		if (d != NULL && (d->kind == DOC_STRING || d->kind == DOC_NUMBER) &&
		    k6_fact(t, "scenario", s->key, sv_of(told[i]), d->text, d->kind == DOC_NUMBER ? d->num : NAN, d->line, e) < 0)
			return -1;
	}
	if (fact_number(t, "scenario", s->key, SV("ends_after_s"), one.seconds, s->line, e) < 0)
		return -1;
	return fact_number(t, "scenario", s->key, SV("vus_most"), one.vus, s->line, e);
}

static int
thresholds(struct k6_teller *t, const struct doc *map, struct err *e)
{
	const struct doc *c, *one, *text;

	for (c = doc_first(map); c != NULL; c = c->next)
		for (one = c->kind == DOC_LIST ? doc_first(c) : c; one != NULL; one = c->kind == DOC_LIST ? one->next : NULL) {
			text = one->kind == DOC_MAP ? doc_get(one, "threshold") : one;
			if (text == NULL || text->kind != DOC_STRING)
				return doc_err(one, e, "a threshold that is no text");
			if (k6_fact(t, "threshold", c->key, SV(""), text->text, NAN, one->line, e) < 0)
				return -1;
		}
	return 0;
}

int
k6_doc_options(const struct doc *d, const struct read_sink *sink, struct err *e)
{
	const struct doc *scenarios = doc_get(d, "scenarios"), *c;
	struct k6_teller t = {.sink = sink};
	struct plan plan = {0};
	int rc = 0;

	for (c = doc_first(scenarios); c != NULL && rc == 0; c = c->next)
		rc = c->kind == DOC_MAP ? scenario(&t, c, &plan, e) : doc_err(c, e, "a scenario that is no map");
	if (scenarios == NULL)
		plan_scenario(d, &plan);
	if (rc == 0)
		rc = fact_number(&t, "planned", SV("duration_s"), SV(""), plan.seconds, d->line, e);
	if (rc == 0)
		rc = fact_number(&t, "planned", SV("vus_most"), SV(""), plan.vus, d->line, e);
	if (rc == 0)
		rc = thresholds(&t, doc_get(d, "thresholds"), e);
	sb_free(&t.path);
	return rc;
}
