#include "rules/show.h"

#include <math.h>

#include "base/clean.h"
#include "base/json.h"
#include "base/num.h"
#include "base/time.h"

const char *
rule_outcome_text(enum rule_outcome o)
{
	static const char *const text[] = {"quiet", "pending", "fired", "unanswerable"};

	return text[o];
}

static size_t
count_changes(const struct replay_rule *r, enum alert_state to)
{
	size_t i, k, n = 0;

	for (i = 0; i < r->alert.n; i++)
		for (k = 0; k < r->alert.v[i].change.n; k++)
			n += r->alert.v[i].change.v[k].to == to;
	return n;
}

enum rule_outcome
rule_outcome(const struct replay_rule *r, const struct rule_doubts *d)
{
	if (count_changes(r, ALERT_FIRING) > 0 && !d->hollow)
		return RULE_FIRED;
	if (d->n > 0)
		return RULE_UNANSWERABLE;
	return r->alert.n > 0 ? RULE_PENDING : RULE_QUIET;
}

size_t
show_count(const struct shown *s, enum rule_outcome o)
{
	size_t i, n = 0;

	for (i = 0; i < s->r->n; i++)
		n += s->asked[i] && s->r->rule[i].rule->alert && rule_outcome(&s->r->rule[i], &s->doubts[i]) == o;
	return n;
}

size_t
show_asked(const struct shown *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->r->n; i++)
		n += s->asked[i] && s->r->rule[i].rule->alert;
	return n;
}

/* {a="b"} without alertname. Cleaned. */
static void
add_labels(const struct labels *l, struct sb *out)
{
	struct labels some = {.v = mem_new(l->n, sizeof(*some.v))};
	struct sb text = {0};
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!sv_is(l->v[i].name, "alertname"))
			some.v[some.n++] = l->v[i];
	labels_show(SV(""), &some, &text);
	clean_add(out, some.n > 0 ? sb_sv(&text) : SV("{}"));
	sb_free(&text);
	mem_free(some.v);
}

static const char *
number(double v, char buf[NUM_TEXT])
{
	double a = fabs(v);

	if (!isfinite(v) || (v == floor(v) && a < 1e15))
		return num_text(v, buf);
	return num_fixed(v, a >= 1000 ? 1 : a >= 1 ? 3 : a >= 1e-3 ? 5 : 9, buf);
}

/* ----- text ------------------------------------------------------------------------------------ */

static void
add_state(const struct alert_change *c, bool was_firing, struct sb *out)
{
	char t[TIME_TEXT], v[NUM_TEXT];
	const char *state = c->to != ALERT_INACTIVE ? alert_state_text(c->to) : was_firing ? "resolved" : "inactive";

	sb_addf(out, "      %-8s  %s", state, time_text(c->t, t));
	if (c->to != ALERT_INACTIVE)
		sb_addf(out, "  value %s", number(c->value, v));
	sb_addc(out, '\n');
}

static void
add_alert(const struct replay_rule *r, const struct replay_alert *a, struct sb *out)
{
	char v[NUM_TEXT], t[TIME_TEXT], d[TIME_TEXT];
	size_t i;

	sb_adds(out, "    ");
	add_labels(&a->labels, out);
	if (a->firing > 0)
		sb_addf(out, "  firing %s", time_length_text(a->firing, d));
	if (!isnan(a->peak))
		sb_addf(out, "  %s %s at %s", r->below ? "lowest" : "peak", number(a->peak, v), time_text(a->peak_at, t));
	sb_addc(out, '\n');
	for (i = 0; i < a->change.n; i++)
		add_state(&a->change.v[i], i > 0 && a->change.v[i - 1].to == ALERT_FIRING, out);
	for (i = 0; i < r->rule->n_annotations && a->annotation != NULL; i++) {
		sb_addf(out, "      %" SV_FMT ": ", SV_ARG(r->rule->annotation[i].name));
		clean_add(out, sv_trim(a->annotation[i]));
		sb_addc(out, '\n');
	}
	/* An annotation that says another number than the peak beside it is no contradiction. */
	if (r->rule->n_annotations > 0 && a->annotation != NULL && a->annotated_at != a->peak_at && !(a->annotated == a->peak))
		sb_addf(out, "      (annotations as last expanded, %s, with value %s: not at the %s)\n", time_text(a->annotated_at, t),
		    number(a->annotated, v), r->below ? "lowest" : "peak");
}

static void
add_spans(const struct shown *s, const struct replay_rule *r, struct sb *out)
{
	char from[TIME_TEXT], to[TIME_TEXT], d[TIME_TEXT];
	struct replay_span *span;
	struct arena a = {0};
	size_t n, i;

	replay_firing(s->r, r, &a, &span, &n);
	for (i = 0; i < n; i++)
		sb_addf(out, "    fired from %s to %s%s, %s\n", time_text(span[i].from, from), time_text(span[i].to, to),
		    span[i].open ? " (and still then)" : "", time_length_text(span[i].to - span[i].from, d));
	arena_free(&a);
}

static void
add_rule(const struct shown *s, size_t k, struct sb *out)
{
	const struct replay_rule *r = &s->r->rule[k];
	enum rule_outcome o = rule_outcome(r, &s->doubts[k]);
	struct sv severity = rule_label_text(r->rule, "severity");
	char d[TIME_TEXT];
	size_t i;

	sb_addf(out, "%-12s  ", rule_outcome_text(o));
	clean_add(out, r->rule->name);
	if (severity.n > 0) {
		sb_adds(out, "  severity ");
		clean_add(out, severity);
	}
	if (r->rule->hold > 0)
		sb_addf(out, "  for %s", time_duration_text(r->rule->hold, d));
	sb_adds(out, s->asked[k] ? "\n" : "  (does not count)\n");
	for (i = 0; i < s->doubts[k].n; i++) {
		sb_adds(out, o == RULE_FIRED ? "    note: " : "    ");
		clean_add(out, s->doubts[k].why[i]);
		sb_addc(out, '\n');
	}
	add_spans(s, r, out);
	for (i = 0; i < r->alert.n; i++)
		add_alert(r, &r->alert.v[i], out);
}

static void
add_recording(const struct shown *s, size_t k, struct sb *out)
{
	const struct replay_rule *r = &s->r->rule[k];

	if (s->doubts[k].n == 0)
		return;
	sb_adds(out, "recording     ");
	clean_add(out, r->rule->name);
	sb_adds(out, "\n    ");
	clean_add(out, s->doubts[k].why[0]);
	sb_addc(out, '\n');
}

void
show_text(const struct shown *s, struct sb *out)
{
	static const enum rule_outcome order[] = {RULE_FIRED, RULE_UNANSWERABLE, RULE_PENDING, RULE_QUIET};
	char from[TIME_TEXT], to[TIME_TEXT], d[TIME_TEXT];
	size_t i, k;

	for (i = 0; i < sizeof(order) / sizeof(*order); i++)
		for (k = 0; k < s->r->n; k++)
			if (s->r->rule[k].rule->alert && rule_outcome(&s->r->rule[k], &s->doubts[k]) == order[i])
				add_rule(s, k, out);
	for (k = 0; k < s->r->n; k++)
		if (!s->r->rule[k].rule->alert)
			add_recording(s, k, out);
	sb_addf(out, "\n%s to %s, %s: ", time_text(s->r->opts.start, from), time_text(s->r->opts.end, to),
	    time_length_text(s->r->opts.end - s->r->opts.start, d));
	sb_addf(out, "of %zu alerts %zu fired, %zu unanswerable, %zu pending only, %zu quiet\n", show_asked(s), show_count(s, RULE_FIRED),
	    show_count(s, RULE_UNANSWERABLE), show_count(s, RULE_PENDING), show_count(s, RULE_QUIET));
}

/* ----- tsv ------------------------------------------------------------------------------------ */

void
show_tsv(const struct shown *s, struct sb *out)
{
	char t[TIME_TEXT], v[NUM_TEXT];
	size_t i, k, m;

	sb_adds(out, "time\talert\tstate\tvalue\tlabels\n");
	for (i = 0; i < s->r->n; i++) {
		const struct replay_rule *r = &s->r->rule[i];

		for (k = 0; k < r->alert.n; k++)
			for (m = 0; m < r->alert.v[k].change.n; m++) {
				const struct alert_change *c = &r->alert.v[k].change.v[m];

				sb_addf(out, "%s\t", time_text(c->t, t));
				clean_add(out, r->rule->name);
				sb_addf(out, "\t%s\t%s\t", alert_state_text(c->to), c->to == ALERT_INACTIVE ? "" : num_text(c->value, v));
				add_labels(&r->alert.v[k].labels, out);
				sb_addc(out, '\n');
			}
		if (r->rule->alert && rule_outcome(r, &s->doubts[i]) == RULE_UNANSWERABLE) {
			sb_adds(out, "\t");
			clean_add(out, r->rule->name);
			sb_adds(out, "\tunanswerable\t\t");
			clean_add(out, s->doubts[i].why[0]);
			sb_addc(out, '\n');
		}
	}
}

/* ----- json ------------------------------------------------------------------------------------ */

static void
json_labels(struct json *j, const char *key, const struct labels *l)
{
	struct arena a = {0};
	size_t i;

	json_map(j, key);
	for (i = 0; i < l->n; i++)
		json_str(j, arena_str(&a, l->v[i].name), l->v[i].value);
	json_end(j);
	arena_free(&a);
}

static void
json_seconds(struct json *j, const char *key, int64_t ms)
{
	json_num(j, key, (double)ms / 1000);
}

static void
json_alert(struct json *j, const struct replay_rule *r, const struct replay_alert *a)
{
	struct arena names = {0};
	size_t i;

	json_map(j, NULL);
	json_labels(j, "labels", &a->labels);
	json_map(j, "annotations");
	for (i = 0; i < r->rule->n_annotations && a->annotation != NULL; i++)
		json_str(j, arena_str(&names, r->rule->annotation[i].name), a->annotation[i]);
	json_end(j);
	if (a->annotation != NULL && r->rule->n_annotations > 0) {
		json_num(j, "annotations_value", a->annotated);
		json_time(j, "annotations_time", a->annotated_at);
	}
	json_list(j, "changes");
	for (i = 0; i < a->change.n; i++) {
		json_map(j, NULL);
		json_time(j, "time", a->change.v[i].t);
		json_cstr(j, "state", alert_state_text(a->change.v[i].to));
		if (a->change.v[i].to != ALERT_INACTIVE)
			json_num(j, "value", a->change.v[i].value);
		json_end(j);
	}
	json_end(j);
	json_seconds(j, "pending_seconds", a->pending);
	json_seconds(j, "firing_seconds", a->firing);
	json_num(j, "peak", a->peak);
	json_time(j, "peak_time", isnan(a->peak) ? TIME_NONE : a->peak_at);
	json_end(j);
	arena_free(&names);
}

static void
json_spans(struct json *j, const struct shown *s, const struct replay_rule *r)
{
	struct replay_span *span;
	struct arena a = {0};
	int64_t all = 0;
	size_t n, i;

	replay_firing(s->r, r, &a, &span, &n);
	json_list(j, "fired");
	for (i = 0; i < n; i++) {
		json_map(j, NULL);
		json_time(j, "from", span[i].from);
		json_time(j, "to", span[i].to);
		json_bool(j, "still", span[i].open);
		json_end(j);
		all += span[i].to - span[i].from;
	}
	json_end(j);
	json_seconds(j, "firing_seconds", all);
	arena_free(&a);
}

static void
json_rule(struct json *j, const struct shown *s, size_t k)
{
	const struct replay_rule *r = &s->r->rule[k];
	size_t i;

	json_map(j, NULL);
	json_str(j, r->rule->alert ? "alert" : "record", r->rule->name);
	json_cstr(j, "file", r->group->file);
	json_str(j, "group", r->group->name);
	json_int(j, "line", r->rule->at->line);
	json_str(j, "expr", r->rule->text);
	json_int(j, "evaluations", r->evaluations);
	if (r->rule->alert) {
		json_str(j, "severity", rule_label_text(r->rule, "severity"));
		json_bool(j, "counts", s->asked[k]);
		json_seconds(j, "for_seconds", r->rule->hold);
		json_cstr(j, "outcome", rule_outcome_text(rule_outcome(r, &s->doubts[k])));
	}
	json_list(j, "unanswerable");
	for (i = 0; i < s->doubts[k].n; i++)
		json_str(j, NULL, s->doubts[k].why[i]);
	json_end(j);
	json_num(j, "coverage", s->doubts[k].covered);
	if (r->rule->alert) {
		json_spans(j, s, r);
		json_list(j, "instances");
		for (i = 0; i < r->alert.n; i++)
			json_alert(j, r, &r->alert.v[i]);
		json_end(j);
	}
	json_end(j);
}

void
show_json(const struct shown *s, struct sb *out)
{
	struct json j = {.out = out};
	size_t i;

	json_map(&j, NULL);
	json_int(&j, "schema", 1);
	json_time(&j, "start", s->r->opts.start);
	json_time(&j, "end", s->r->opts.end);
	json_map(&j, "counts");
	json_int(&j, "alerts", (int64_t)show_asked(s));
	json_int(&j, "fired", (int64_t)show_count(s, RULE_FIRED));
	json_int(&j, "unanswerable", (int64_t)show_count(s, RULE_UNANSWERABLE));
	json_int(&j, "pending", (int64_t)show_count(s, RULE_PENDING));
	json_int(&j, "quiet", (int64_t)show_count(s, RULE_QUIET));
	json_end(&j);
	json_list(&j, "alerts");
	for (i = 0; i < s->r->n; i++)
		if (s->r->rule[i].rule->alert)
			json_rule(&j, s, i);
	json_end(&j);
	json_list(&j, "recording");
	for (i = 0; i < s->r->n; i++)
		if (!s->r->rule[i].rule->alert)
			json_rule(&j, s, i);
	json_end(&j);
	json_end(&j);
}
