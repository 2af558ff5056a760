/*
 * uptime - the definitions of synthetic checks (uptime_checks.yml: what each has to answer, how fast, and how often it may fail in a row)
 * read as a profile.
 *
 * Nothing is judged here that a profile written out could not be: each check becomes criteria of the kinds promql, sli and attest, of what
 * the format synthetic-checks makes of the checks' results. The file's mistakes are errors with their places, so that --lint checks it.
 */
#include "profile/parts.h"

#include "base/num.h"
#include "base/time.h"

#define DAYS 7 /* availability is that of a week */

struct uptime {
	struct loader *l;
	const struct doc *root;
	struct sv environment; /* "production" where the file has it */
	int64_t every;         /* its interval; 0: that of each check */
	int64_t threshold;     /* its threshold; 0: that of each check */
	int64_t usual;         /* of the rule on failures in a row; 0: none */
	double available;      /* of the rule on availability; 0: none */
	struct sb out;         /* the profile's criteria */
};

struct check {
	const struct doc *at;
	struct sv name;
	const char *id;
	int64_t every, threshold, timeout;
	double limit;        /* seconds; 0: none */
	bool on, body;
	struct sb status;    /* the sum of comparisons that is 1 for a right one; empty: none is asked for */
	struct sb codes;     /* "200 or 401" */
	const char *weight;
};

static const struct {
	const char *word, *weight;
} criticality[] = {{"high", "3"}, {"medium", "2"}, {"low", "1"}};
#define N_CRITICALITY (sizeof(criticality) / sizeof(criticality[0]))

bool
part_is_uptime(const struct doc *root)
{
	const struct doc *checks = doc_get(root, "checks");

	return doc_get(root, "profile") == NULL && checks != NULL && (checks->n == 0 || doc_get(doc_first(checks), "success_criteria") != NULL ||
	    doc_get(doc_first(checks), "url") != NULL);
}

/* "check.consecutive_failures >= 3" and "check.availability_7d < 0.985": what can be judged. */
static int
read_rule(struct uptime *u, const struct doc *rule)
{
	static const char *const known[] = {"name", "condition", "severity", "message", "enabled", NULL};
	const struct sv in_a_row = SV("check.consecutive_failures >= "), week = SV("check.availability_7d < ");
	struct sv text;
	double v;

	if (profile_keys(rule, known, u->l->e) < 0 || part_need(u->l, rule, "a rule", "condition", &text) < 0)
		return -1;
	text = sv_trim(text);
	if (sv_starts(text, in_a_row.p) && num_parse(sv_trim(sv_from(text, in_a_row.n)), &v) && v >= 1 && v <= 100 && v == (double)(int64_t)v)
		u->usual = (int64_t)v;
	else if (sv_starts(text, week.p) && num_parse(sv_trim(sv_from(text, week.n)), &v) && v > 0 && v < 1)
		u->available = v;
	else
		return doc_err(doc_get(rule, "condition"), u->l->e,
		    "a condition is 'check.consecutive_failures >= N' or 'check.availability_7d < 0.NNN'");
	return 0;
}

static int
read_alerting(struct uptime *u)
{
	static const char *const known[] = {"channels", "rules", NULL};
	const struct doc *alerting = doc_get(u->root, "alerting"), *rules, *r;

	if (alerting == NULL)
		return 0;
	if (profile_keys(alerting, known, u->l->e) < 0)
		return -1;
	if ((rules = doc_get(alerting, "rules")) != NULL && part_list(u->l, rules, "rules") < 0)
		return -1;
	for (r = doc_first(rules); r != NULL; r = r->next)
		if (read_rule(u, r) < 0)
			return -1;
	return 0;
}

/* What differs in an environment; that of production is what counts: the question is whether to go live. */
static int
read_environments(struct uptime *u)
{
	static const char *const known[] = {"base_url", "interval_override", "failure_threshold_override", NULL};
	const struct doc *all = doc_get(u->root, "environments"), *d;
	int64_t every, threshold;

	if (all != NULL && part_map(u->l, all, "environments") < 0)
		return -1;
	for (d = doc_first(all); d != NULL; d = d->next) {
		every = threshold = 0;
		if (profile_keys(d, known, u->l->e) < 0 || part_duration(u->l, d, "interval_override", &every) < 0 ||
		    part_whole(u->l, d, "failure_threshold_override", 1, 100, &threshold) < 0)
			return -1;
		if (!sv_is(d->key, "production"))
			continue;
		u->environment = d->key;
		u->every = every;
		u->threshold = threshold;
	}
	return 0;
}

/* 200, or a list of such. */
static int
read_status(struct uptime *u, const struct doc *d, struct check *c)
{
	const struct doc *one = d->kind == DOC_LIST ? doc_first(d) : d;
	double v;

	if (one == NULL)
		return doc_err(d, u->l->e, "a status, or a list of them, is expected");
	if (c->codes.n > 0)
		return doc_err_key(d, u->l->e, "a second 'status_code': write a list");
	for (; one != NULL; one = d->kind == DOC_LIST ? one->next : NULL) {
		if (one->kind != DOC_NUMBER || !num_parse(one->text, &v) || v < 100 || v > 599 || v != (double)(int64_t)v)
			return doc_err(one, u->l->e, "a status is a number from 100 to 599");
		sb_addf(&c->status, "%s(probe_http_status_code{check=\"%" SV_FMT "\"} == bool %d)", c->status.n > 0 ? " + " : "", SV_ARG(c->name), (int)v);
		sb_addf(&c->codes, "%s%d", c->codes.n > 0 ? " or " : "", (int)v);
	}
	return 0;
}

/* <800 */
static int
read_limit(struct uptime *u, const struct doc *d, struct check *c)
{
	double ms;

	if (d->kind != DOC_STRING || !sv_starts(d->text, "<") || sv_starts(d->text, "<=") || !num_parse(sv_trim(sv_from(d->text, 1)), &ms) || ms <= 0)
		return doc_err(d, u->l->e, "'response_time_ms' is written <800");
	if (ms >= (double)c->timeout)
		return doc_err(d, u->l->e, "a time-out of %lld ms comes before this limit", (long long)c->timeout);
	c->limit = ms / 1000;
	return 0;
}

static int
read_success(struct uptime *u, struct check *c)
{
	static const char *const known[] = {"status_code", "response_time_ms", "body_contains", "body_json_equals", "headers_contain", NULL};
	const struct doc *list = doc_get(c->at, "success_criteria"), *m, *d;

	if (list == NULL)
		return doc_err(c->at, u->l->e, "a check without 'success_criteria' cannot fail");
	if (part_list(u->l, list, "success_criteria") < 0)
		return -1;
	for (m = doc_first(list); m != NULL; m = m->next) {
		if (profile_keys(m, known, u->l->e) < 0)
			return -1;
		for (d = doc_first(m); d != NULL; d = d->next)
			if (sv_is(d->key, "status_code") ? read_status(u, d, c) < 0 : sv_is(d->key, "response_time_ms") && read_limit(u, d, c) < 0)
				return -1;
			else if (!sv_is(d->key, "status_code") && !sv_is(d->key, "response_time_ms"))
				c->body = true;
	}
	return 0;
}

static int
read_labels(struct uptime *u, struct check *c)
{
	const struct doc *word = doc_get(doc_get(c->at, "labels"), "criticality");
	size_t i;

	c->weight = "1";
	if (word == NULL)
		return 0;
	for (i = 0; i < N_CRITICALITY && !sv_is(word->text, criticality[i].word); i++)
		;
	if (i == N_CRITICALITY)
		return doc_err(word, u->l->e, "'criticality' is high, medium or low");
	c->weight = criticality[i].weight;
	return 0;
}

/* health_endpoint: the label of its results; health-endpoint: the id of its criteria. */
static int
read_name(struct uptime *u, struct check *c)
{
	const struct doc *d;
	char *id;
	size_t i;

	if (part_need(u->l, c->at, "a check", "name", &c->name) < 0)
		return -1;
	if (!part_is_name(c->name))
		return doc_err(doc_get(c->at, "name"), u->l->e, "a check's name has letters, digits and '_' only");
	for (d = doc_first(doc_get(u->root, "checks")); d != c->at; d = d->next)
		if (sv_eq(doc_get(d, "name")->text, c->name))
			return doc_err(doc_get(c->at, "name"), u->l->e, "the name is taken (line %d)", doc_get(d, "name")->line);
	id = arena_str(&u->l->p->arena, c->name);
	for (i = 0; id[i] != '\0'; i++)
		id[i] = id[i] == '_' ? '-' : id[i] >= 'A' && id[i] <= 'Z' ? (char)(id[i] - 'A' + 'a') : id[i];
	c->id = id;
	return 0;
}

static int
read_check(struct uptime *u, struct check *c)
{
	static const char *const known[] = {"name", "type", "method", "url", "interval", "timeout", "success_criteria", "failure_threshold", "labels",
	    "description", "notes", "enabled", NULL};
	struct loader *l = u->l;
	struct sv type = SV("http"), url;

	c->on = true;
	c->every = TIME_MINUTE;
	c->timeout = TIME_MINUTE;
	c->threshold = u->usual > 0 ? u->usual : 3;
	if (part_map(l, c->at, "checks") < 0 || profile_keys(c->at, known, l->e) < 0 || read_name(u, c) < 0 || profile_text(c->at, "type", &type, l->e) < 0 ||
	    part_need(l, c->at, "a check", "url", &url) < 0 || part_flag(l, c->at, "enabled", &c->on) < 0 ||
	    part_duration(l, c->at, "interval", &c->every) < 0 || part_duration(l, c->at, "timeout", &c->timeout) < 0 ||
	    part_whole(l, c->at, "failure_threshold", 1, 100, &c->threshold) < 0 || read_success(u, c) < 0)
		return -1;
	if (!sv_is(type, "http"))
		return doc_err(doc_get(c->at, "type"), l->e, "checks of the type http can be judged, no others");
	if (!sv_starts(url, "http://") && !sv_starts(url, "https://") && !sv_starts(url, "${"))
		return doc_err(doc_get(c->at, "url"), l->e, "a URL begins with http://, https:// or a variable, ${BASE_URL}");
	if (u->every > 0)
		c->every = u->every;
	if (c->every > TIME_HOUR * 24)
		return doc_err(c->at, l->e, "an interval of more than a day makes no week's availability");
	if (u->threshold > 0)
		c->threshold = u->threshold;
	return read_labels(u, c);
}

/* "NAME: WHAT" and all that a criterion of a check has. */
static void
begin(struct uptime *u, const struct check *c, const char *what)
{
	sb_addf(&u->out, "  - id: %s-%s\n    weight: %s\n", c->id, what, c->weight);
	if (sv_is(sv_of(c->weight), "3"))
		sb_adds(&u->out, "    key: true\n");
}

/* Not so often in a row that 1 (well) never comes within so many checks. */
static void
add_in_a_row(struct uptime *u, const struct check *c, const char *well)
{
	char range[TIME_TEXT], step[TIME_TEXT];

	time_duration_text(c->threshold * c->every, range);
	time_duration_text(c->every, step);
	sb_addf(&u->out, "    promql: 'min(min_over_time(max_over_time((%s)[%s:%s])[%dd:%s])) == 1'\n    min_samples: %lld\n", well, range, step, DAYS, step,
	    (long long)((int64_t)DAYS * 24 * TIME_HOUR / c->every * 95 / 100));
}

static void
add_criteria(struct uptime *u, struct check *c)
{
	struct sb well = {0};
	char num[NUM_TEXT];

	if (!c->on) {
		begin(u, c, "off");
		sb_addf(&u->out, "    title: %" SV_FMT " is switched off in the checks' definitions\n    attest: While the check %" SV_FMT
		    " was switched off, what it looks at was watched otherwise, and was well.\n", SV_ARG(c->name), SV_ARG(c->name));
		return;
	}
	/* Where it was down nothing else may have been measured; where it was up and nothing else was, it is not known. */
	sb_addf(&well, "probe_success{check=\"%" SV_FMT "\"}", SV_ARG(c->name));
	if (c->codes.n > 0)
		sb_addf(&well, " * (%s)", sb_str(&c->status));
	if (c->limit > 0)
		sb_addf(&well, " * (probe_duration_seconds{check=\"%" SV_FMT "\"} < bool %s)", SV_ARG(c->name), num_text(c->limit, num));
	sb_addf(&well, " or probe_success{check=\"%" SV_FMT "\"} == 0", SV_ARG(c->name));
	begin(u, c, "in-a-row");
	sb_addf(&u->out, "    title: '%" SV_FMT " failed less than %lld times in a row", SV_ARG(c->name), (long long)c->threshold);
	if (c->codes.n > 0 || c->limit > 0)
		sb_addf(&u->out, " (well is:%s%s", c->codes.n > 0 ? " " : "", c->codes.n > 0 ? sb_str(&c->codes) : "");
	if (c->limit > 0)
		sb_addf(&u->out, "%s below %s ms", c->codes.n > 0 ? "," : "", num_text(c->limit * 1000, num));
	sb_addf(&u->out, "%s'\n", c->codes.n > 0 || c->limit > 0 ? ")" : "");
	add_in_a_row(u, c, sb_str(&well));
	sb_free(&well);
	if (c->body) {
		begin(u, c, "content");
		sb_addf(&u->out, "    title: \"%" SV_FMT ": body and headers, by the checker's own word\"\n", SV_ARG(c->name));
		sb_addf(&well, "soak_check_ok{check=\"%" SV_FMT "\"}", SV_ARG(c->name));
		add_in_a_row(u, c, sb_str(&well));
		sb_free(&well);
	}
	if (u->available > 0) {
		begin(u, c, "availability");
		sb_addf(&u->out, "    title: %" SV_FMT " was up in %s %% of its checks\n    sli: {total: 'soak_checks_total{check=\"%" SV_FMT
		    "\"}', bad: 'soak_checks_total{check=\"%" SV_FMT "\",outcome=\"down\"}'}\n", SV_ARG(c->name), num_text(u->available * 100, num),
		    SV_ARG(c->name), SV_ARG(c->name));
		sb_addf(&u->out, "    objective: %s%%\n    min_samples: %lld\n", num_text(u->available * 100, num),
		    (long long)((int64_t)DAYS * 24 * TIME_HOUR / c->every * 95 / 100));
	}
}

static int
add_checks(struct uptime *u)
{
	const struct doc *list = doc_get(u->root, "checks"), *d;
	int rc = part_list(u->l, list, "checks");

	for (d = doc_first(list); d != NULL && rc == 0; d = d->next) {
		struct check c = {.at = d};

		if ((rc = read_check(u, &c)) == 0)
			add_criteria(u, &c);
		sb_free(&c.status);
		sb_free(&c.codes);
	}
	return rc;
}

const struct doc *
part_uptime(struct loader *l, const struct doc *root)
{
	static const char *const known[] = {"version", "checks", "alerting", "environments", NULL};
	struct uptime u = {.l = l, .root = root};
	const struct doc *made = NULL;

	if (profile_keys(root, known, l->e) == 0 && read_alerting(&u) == 0 && read_environments(&u) == 0) {
		sb_addf(&u.out, "profile: uptime-checks\ntitle: Synthetic checks of a week%s\n", u.environment.n > 0 ? ", as defined for production" : "");
		sb_addf(&u.out, "run:\n  start: {sample: probe_success, at: [\"00:00\"], tolerance: 10m}\n  duration: %dd\ncriteria:\n", DAYS);
		if (add_checks(&u) == 0)
			made = doc_yaml(&l->p->arena, l->p->file, arena_sv(&l->p->arena, sb_sv(&u.out)), l->e);
	}
	sb_free(&u.out);
	return made;
}
