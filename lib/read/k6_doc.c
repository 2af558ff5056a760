#include "read/k6_doc.h"

#include <math.h>

#include "base/digest.h"
#include "base/num.h"

static bool
is_map(const struct doc *d)
{
	return d != NULL && d->kind == DOC_MAP;
}

/* Does any child of the map have that key, with a value of that kind? */
static bool
any_child(const struct doc *map, const char *key, enum doc_kind kind)
{
	const struct doc *c, *d;

	for (c = is_map(map) ? doc_first(map) : NULL; c != NULL; c = c->next)
		if ((d = doc_get(c, key)) != NULL && d->kind == kind)
			return true;
	return false;
}

enum k6_shape
k6_doc_shape(const struct doc *d)
{
	const struct doc *metrics = doc_get(d, "metrics"), *list = doc_path(d, SV("results.metrics"));
	const struct doc *scenarios = doc_get(d, "scenarios"), *thresholds = doc_get(d, "thresholds");

	if (is_map(metrics) && is_map(doc_get(d, "root_group")))
		return any_child(metrics, "values", DOC_MAP) ? K6_HANDLE : K6_EXPORT;
	if (list != NULL && list->kind == DOC_LIST && doc_path(d, SV("results.checks")) != NULL &&
	    doc_path(d, SV("config.duration")) != NULL && doc_path(d, SV("metadata.k6_version")) != NULL)
		return K6_MACHINE;
	if (any_child(scenarios, "executor", DOC_STRING))
		return K6_OPTIONS;
	if (is_map(thresholds) && thresholds->n > 0 && doc_first(thresholds)->kind == DOC_LIST &&
	    (doc_get(d, "stages") != NULL || doc_get(d, "vus") != NULL || doc_get(d, "iterations") != NULL))
		return K6_OPTIONS;
	return K6_NO_SHAPE;
}

static struct sv
join(struct k6_teller *t, const char *what, struct sv name, struct sv part)
{
	sb_reset(&t->path);
	sb_addf(&t->path, "k6/%s", what);
	if (name.n > 0)
		sb_addf(&t->path, "/%" SV_FMT, SV_ARG(name));
	if (part.n > 0)
		sb_addf(&t->path, "/%" SV_FMT, SV_ARG(part));
	return sb_sv(&t->path);
}

int
k6_claim_text(struct k6_teller *t, const char *what, struct sv name, struct sv part, struct sv text, double value, int64_t line,
    struct err *e)
{
	const struct read_fact f = {join(t, what, name, part), text, value, line};

	return t->sink->claim(t->sink->ctx, &f, e);
}

int
k6_claim(struct k6_teller *t, const char *what, struct sv name, struct sv part, const struct doc *value, struct err *e)
{
	return k6_claim_text(t, what, name, part, value->text, value->num, value->line, e);
}

int
k6_fact(struct k6_teller *t, const char *what, struct sv name, struct sv part, struct sv text, double value, int64_t line,
    struct err *e)
{
	const struct read_fact f = {join(t, what, name, part), text, value, line};

	return t->sink->run(t->sink->ctx, &f, e);
}

/* --- metrics ----------------------------------------------------------------------------------- */

/* The new names back into the old: p95, matches, total. */
static struct sv
stat_name(struct sv key, struct sv type, bool machine, char buf[32])
{
	struct sb s = {0};
	double p;

	if (machine && sv_is(key, "matches"))
		return SV("passes");
	if (machine && sv_is(key, "total") && sv_is(type, "rate"))
		return SV("count");
	if (!machine || key.n < 2 || key.n > 16 || key.p[0] != 'p' || !num_parse(sv_from(key, 1), &p))
		return key;
	sb_addf(&s, "p(%" SV_FMT ")", SV_ARG(sv_from(key, 1)));
	for (key.n = 0; key.n < s.n; key.n++)
		buf[key.n] = s.buf[key.n];
	sb_free(&s);
	return (struct sv){buf, key.n};
}

static int
values(struct k6_teller *t, struct sv name, const struct doc *map, struct sv type, bool machine, struct err *e)
{
	const struct doc *c;
	char buf[32];

	for (c = doc_first(map); c != NULL; c = c->next)
		if (c->kind == DOC_NUMBER &&
		    k6_claim(t, "metric", name, stat_name(c->key, type, machine, buf), c, e) < 0)
			return -1;
	return 0;
}

static int
thresholds(struct k6_teller *t, struct sv name, const struct doc *map, enum k6_shape shape, struct err *e)
{
	const struct doc *c, *ok;
	bool passed;

	for (c = doc_first(map); c != NULL; c = c->next) {
		ok = shape == K6_HANDLE ? doc_get(c, "ok") : c;
		if (ok == NULL || ok->kind != DOC_BOOL)
			return doc_err(c, e, "a threshold that is neither true nor false");
		/* The flat form says whether it was crossed. */
		passed = shape == K6_HANDLE ? ok->truth : !ok->truth;
		if (k6_claim_text(t, "threshold", name, c->key, passed ? SV("passed") : SV("crossed"), NAN, c->line, e) < 0)
			return -1;
	}
	return 0;
}

static int
metrics(struct k6_teller *t, const struct doc *map, enum k6_shape shape, struct err *e)
{
	const struct doc *c, *v;

	for (c = doc_first(map); c != NULL; c = c->next) {
		v = shape == K6_HANDLE ? doc_get(c, "values") : c;
		if (!is_map(c) || !is_map(v))
			return doc_err(c, e, "a metric that is no map");
		if (values(t, c->key, v, SV(""), false, e) < 0 ||
		    thresholds(t, c->key, doc_get(c, "thresholds"), shape, e) < 0)
			return -1;
	}
	return 0;
}

/* --- checks and groups ------------------------------------------------------------------------- */

static int
check(struct k6_teller *t, const char *what, const struct doc *c, const char *name, struct err *e)
{
	const struct doc *at = doc_get(c, name), *passes = doc_get(c, "passes"), *fails = doc_get(c, "fails");

	if (at == NULL || at->kind != DOC_STRING || passes == NULL || passes->kind != DOC_NUMBER || fails == NULL ||
	    fails->kind != DOC_NUMBER)
		return doc_err(c, e, "a check without '%s', 'passes' and 'fails'", name);
	if (k6_claim(t, what, at->text, SV("passes"), passes, e) < 0)
		return -1;
	return k6_claim(t, what, at->text, SV("fails"), fails, e);
}

/* Depth is bounded by doc_json(). */
static int
group(struct k6_teller *t, const struct doc *g, struct err *e)
{
	const struct doc *c;

	for (c = doc_first(doc_get(g, "checks")); c != NULL; c = c->next)
		if (check(t, "check", c, "path", e) < 0)
			return -1;
	for (c = doc_first(doc_get(g, "groups")); c != NULL; c = c->next)
		if (group(t, c, e) < 0)
			return -1;
	return 0;
}

/* --- the newer form ---------------------------------------------------------------------------- */

static int
machine(struct k6_teller *t, const struct doc *d, struct err *e)
{
	const struct doc *c, *v, *name, *script = doc_path(d, SV("config.script")), *duration = doc_path(d, SV("config.duration"));
	char sha[DIGEST_HEX], ms[NUM_TEXT];

	for (c = doc_first(doc_path(d, SV("results.metrics"))); c != NULL; c = c->next) {
		name = doc_get(c, "name");
		v = doc_get(c, "type");
		if (name == NULL || name->kind != DOC_STRING || v == NULL || !is_map(doc_get(c, "values")))
			return doc_err(c, e, "a metric without a name, a type or values");
		if (values(t, name->text, doc_get(c, "values"), v->text, true, e) < 0)
			return -1;
	}
	for (c = doc_first(doc_path(d, SV("results.checks.results"))); c != NULL; c = c->next)
		if (check(t, "check_name", c, "name", e) < 0)
			return -1;
	if (duration->kind == DOC_NUMBER && k6_fact(t, "duration_ms", SV(""), SV(""), sv_of(num_text(duration->num * 1000, ms)),
		duration->num * 1000, duration->line, e) < 0)
		return -1;
	v = doc_path(d, SV("metadata.k6_version"));
	if (k6_fact(t, "version", SV(""), SV(""), v->text, NAN, v->line, e) < 0)
		return -1;
	if (script == NULL || script->kind != DOC_STRING)
		return 0;
	/* The whole script stands there, and may hold secrets: its digest says which one it was. */
	digest_of(script->text, sha);
	return k6_fact(t, "script_sha256", SV(""), SV(""), sv_of(sha), NAN, script->line, e);
}

int
k6_doc_summary(const struct doc *d, enum k6_shape shape, const struct read_sink *sink, struct err *e)
{
	static const char *const called[] = {[K6_EXPORT] = "--summary-export", [K6_HANDLE] = "handleSummary",
	    [K6_MACHINE] = "machine-readable"};
	struct k6_teller t = {.sink = sink};
	const struct doc *duration = doc_path(d, SV("state.testRunDurationMs"));
	int rc = k6_fact(&t, "summary", SV(""), SV(""), sv_of(called[shape]), NAN, d->line, e);

	if (rc == 0 && shape == K6_MACHINE) {
		rc = machine(&t, d, e);
	} else if (rc == 0) {
		rc = metrics(&t, doc_get(d, "metrics"), shape, e);
		if (rc == 0)
			rc = group(&t, doc_get(d, "root_group"), e);
		if (rc == 0 && shape == K6_HANDLE && duration != NULL && duration->kind == DOC_NUMBER)
			rc = k6_fact(&t, "duration_ms", SV(""), SV(""), duration->text, duration->num, duration->line, e);
	}
	sb_free(&t.path);
	return rc;
}
