/*
 * verdict_json - verdict.json, schema VERDICT_SCHEMA; docs/verdict.md is its page.
 */
#include "base/json.h"
#include "judge/budget.h"
#include "judge/figure.h"
#include "judge/judge.h"
#include "judge/notes.h"

static void
write_strings(struct json *j, const char *key, const struct sv *v, size_t n)
{
	size_t i;

	json_list(j, key);
	for (i = 0; i < n; i++)
		json_str(j, NULL, v[i]);
	json_end(j);
}

static void
write_run(struct json *j, const struct verdict *v)
{
	const struct when_run *run = &v->run;

	json_map(j, "run");
	json_time(j, "start", run->start);
	json_str(j, "start_source", run->start_source);
	json_time(j, "end", run->end);
	json_str(j, "end_source", run->end_source);
	json_bool(j, "end_planned", run->end_planned);
	if (run->start != TIME_NONE && run->end != TIME_NONE)
		json_num(j, "duration_seconds", (double)(run->end - run->start) / 1000);
	else
		json_null(j, "duration_seconds");
	json_end(j);
}

static void
write_coverage(struct json *j, const struct criterion_result *r)
{
	const struct coverage *c = &r->coverage;

	if (!r->has_coverage) {
		json_null(j, "coverage");
		return;
	}
	json_map(j, "coverage");
	json_str(j, "id", r->cover.id);
	json_num(j, "value", r->cover.value);
	json_str(j, "text", r->cover.text);
	json_num(j, "window_seconds", (double)c->window / 1000);
	json_num(j, "covered_seconds", (double)c->covered / 1000);
	json_time(j, "first", c->first);
	json_time(j, "last", c->last);
	json_int(j, "samples", c->samples);
	if (c->expected > 0)
		json_int(j, "samples_expected", c->expected);
	if (r->excluded > 0)
		json_num(j, "excluded_seconds", (double)r->excluded / 1000);
	json_num(j, "longest_gap_seconds", (double)c->longest_gap / 1000);
	json_int(j, "restarts", c->restarts);
	if (c->restarts > 0) {
		json_num(j, "unseen_seconds_min", (double)c->unseen_min / 1000);
		json_num(j, "unseen_seconds_max", (double)c->unseen_max / 1000);
	}
	json_end(j);
}

static void
write_labels(struct json *j, const char *key, const struct labels *l)
{
	struct sb text = {0};

	if (l->n > 0)
		labels_show(SV(""), l, &text);
	json_str(j, key, sb_sv(&text));
	sb_free(&text);
}

/* What failed one by one, and by which waivers it is accepted. */
static void
write_findings(struct json *j, const struct criterion_result *r)
{
	size_t i;

	json_list(j, "findings");
	for (i = 0; i < r->n_findings; i++) {
		json_map(j, NULL);
		write_labels(j, "labels", &r->finding[i].labels);
		json_str(j, "text", r->finding[i].text);
		if (r->finding[i].waiver != NULL)
			json_str(j, "waiver", r->finding[i].waiver->id);
		json_end(j);
	}
	json_end(j);
}

static void
write_slots(struct json *j, const struct criterion_result *r)
{
	size_t i;

	json_list(j, "slots");
	for (i = 0; i < r->n_slots; i++) {
		json_map(j, NULL);
		json_int(j, "number", r->slot[i].number);
		json_time(j, "scheduled", r->slot[i].scheduled);
		json_time(j, "ran", r->slot[i].ran);
		json_cstr(j, "status", r->slot[i].status);
		json_str(j, "text", r->slot[i].text);
		json_str(j, "source", r->slot[i].source);
		json_end(j);
	}
	json_end(j);
}

static void
write_criterion(struct json *j, const struct criterion_result *r)
{
	const struct profile_criterion *c = r->criterion;

	json_map(j, NULL);
	json_str(j, "id", c->id);
	json_str(j, "title", c->title);
	json_str(j, "kind", c->kind);
	if (c->section.n > 0)
		json_str(j, "section", c->section);
	json_str(j, "over", c->over);
	json_cstr(j, "verdict", outcome_text(r->outcome));
	json_bool(j, "key", c->key);
	json_bool(j, "optional", c->optional);
	json_num(j, "weight", c->weight);
	figure_json(j, "observed", &r->observed);
	figure_json(j, "required", &r->required);
	figure_json(j, "margin", &r->margin);
	figure_json(j, "n", &r->n);
	write_coverage(j, r);
	if (r->demonstrated.id.n > 0) {
		json_cstr(j, "mode", c->mode == MODE_DEMONSTRATED ? "demonstrated" : "observed");
		figure_json(j, "demonstrated", &r->demonstrated);
		json_str(j, "confidence", r->confidence);
	}
	json_bool(j, "at_least", r->at_least);
	json_str(j, "method", r->method);
	json_str(j, "sentence", r->sentence);
	if (r->settle.n > 0)
		json_str(j, "settle", r->settle);
	if (c->action.n > 0 && r->outcome == OUTCOME_FAIL)
		json_str(j, "action", c->action);
	json_bool(j, "manual", r->manual);
	if (r->outcome == OUTCOME_WAIVED)
		json_cstr(j, "waived_from", outcome_text(r->before));
	if (r->n_findings > 0)
		write_findings(j, r);
	if (r->n_slots > 0)
		write_slots(j, r);
	write_strings(j, "sources", r->sources, r->n_sources);
	json_end(j);
}

static void
write_waiver(struct json *j, const struct waiver_result *r)
{
	const struct profile_waiver *w = r->waiver;

	json_map(j, NULL);
	json_str(j, "id", w->id);
	json_str(j, "criterion", w->criterion);
	write_labels(j, "match", &w->match);
	json_str(j, "observed", w->observed);
	json_str(j, "reason", w->reason);
	json_str(j, "owner", w->owner);
	json_str(j, "approver", w->approver);
	json_time(j, "created", w->created);
	json_time(j, "expires", w->expires);
	json_str(j, "ticket", w->ticket);
	json_bool(j, "used", r->used);
	json_str(j, "why", r->why);
	json_end(j);
}

static void
write_attestation(struct json *j, const struct attestation_result *r)
{
	const struct profile_attestation *t = r->attestation;

	json_map(j, NULL);
	json_str(j, "criterion", t->criterion);
	json_str(j, "statement", t->statement);
	json_bool(j, "holds", t->holds);
	json_str(j, "by", t->by);
	json_str(j, "role", t->role);
	json_time(j, "stated", t->stated);
	json_str(j, "ticket", t->ticket);
	json_bool(j, "manual", true);
	json_bool(j, "used", r->used);
	json_str(j, "why", r->why);
	json_end(j);
}

/* What people add, with the digests of the files it stands in. */
static void
write_people(struct json *j, const struct verdict *v)
{
	char sha256[DIGEST_HEX];
	size_t i;

	json_time(j, "now", v->now);
	json_str(j, "now_source", v->now_source);
	json_list(j, "waivers");
	for (i = 0; i < v->n_waivers; i++)
		write_waiver(j, &v->waivers[i]);
	json_end(j);
	if (v->profile->waivers_text.p != NULL) {
		digest_of(v->profile->waivers_text, sha256);
		json_cstr(j, "waivers_sha256", sha256);
	}
	json_list(j, "attestations");
	for (i = 0; i < v->n_attestations; i++)
		write_attestation(j, &v->attestations[i]);
	json_end(j);
	if (v->profile->attestations_text.p != NULL) {
		digest_of(v->profile->attestations_text, sha256);
		json_cstr(j, "attestations_sha256", sha256);
	}
}

static void
write_score(struct json *j, const struct score_result *s)
{
	if (!s->asked) {
		json_null(j, "score");
		return;
	}
	json_map(j, "score");
	json_cstr(j, "verdict", outcome_text(s->outcome));
	figure_json(j, "observed", &s->observed);
	figure_json(j, "possible", &s->possible);
	figure_json(j, "required", &s->required);
	figure_json(j, "warn", &s->warn);
	json_str(j, "sentence", s->sentence);
	json_end(j);
}

static void
write_evidence(struct json *j, const struct evidence_result *r)
{
	json_map(j, NULL);
	json_str(j, "id", r->id);
	json_str(j, "title", r->title);
	json_bool(j, "present", r->present);
	json_bool(j, "optional", r->optional);
	json_int(j, "expected", r->expected);
	json_int(j, "found", r->found);
	json_str(j, "sentence", r->sentence);
	write_strings(j, "missing", r->missing, r->n_missing);
	write_strings(j, "missing_brief", r->brief, r->n_brief);
	json_end(j);
}

static void
write_claim(struct json *j, const struct claim_result *r)
{
	json_map(j, NULL);
	json_str(j, "id", r->id);
	json_str(j, "path", r->path);
	json_str(j, "source", r->source);
	json_str(j, "claimed", r->claimed);
	figure_json(j, "recomputed", &r->recomputed);
	json_cstr(j, "state", claim_state_text(r->state));
	json_str(j, "definition", r->definition);
	json_str(j, "because", r->because);
	json_str(j, "sentence", r->sentence);
	json_end(j);
}

static void
write_rates(struct json *j, const struct verdict *v)
{
	size_t i;

	json_list(j, "rates");
	for (i = 0; i < v->n_rates; i++) {
		json_map(j, NULL);
		json_str(j, "title", v->rates[i].title);
		json_str(j, "matcher", v->rates[i].matcher);
		figure_json(j, "rate", &v->rates[i].rate);
		figure_json(j, "good", &v->rates[i].good);
		figure_json(j, "total", &v->rates[i].total);
		json_end(j);
	}
	json_end(j);
}

static void
write_windows(struct json *j, const struct verdict *v)
{
	size_t i, k;

	json_list(j, "windows");
	for (i = 0; i < v->n_windows; i++) {
		json_map(j, NULL);
		json_str(j, "name", v->windows[i].name);
		json_str(j, "source", v->windows[i].source);
		if (v->windows[i].manual)
			json_bool(j, "manual", true);
		json_list(j, "spans");
		for (k = 0; k < v->windows[i].n; k++) {
			json_map(j, NULL);
			json_time(j, "from", v->windows[i].span[k].from);
			json_time(j, "to", v->windows[i].span[k].to);
			json_end(j);
		}
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static void
write_events(struct json *j, const struct verdict *v)
{
	size_t i;

	json_list(j, "events");
	for (i = 0; i < v->n_marks; i++) {
		json_map(j, NULL);
		json_time(j, "time", v->marks[i].t);
		json_str(j, "name", v->marks[i].name);
		json_str(j, "source", v->marks[i].source);
		if (v->marks[i].manual)
			json_bool(j, "manual", true);
		json_end(j);
	}
	json_end(j);
}

static void
write_problems(struct json *j, const struct verdict *v)
{
	size_t i;

	json_list(j, "problems");
	for (i = 0; i < v->n_problems; i++) {
		json_map(j, NULL);
		json_str(j, "source", v->problems[i].source);
		if (v->problems[i].line > 0)
			json_int(j, "line", v->problems[i].line);
		else
			json_null(j, "line");
		json_str(j, "severity", v->problems[i].severity);
		json_str(j, "text", v->problems[i].text);
		json_end(j);
	}
	json_end(j);
}

static void
write_inputs(struct json *j, const struct verdict *v)
{
	size_t i;

	json_list(j, "inputs");
	for (i = 0; i < v->n_inputs; i++) {
		const struct input_line *in = &v->inputs[i];

		json_map(j, NULL);
		json_str(j, "name", in->name);
		json_str(j, "sha256", in->sha256);
		json_int(j, "size", in->size);
		json_str(j, "format", in->format);
		if (in->format_sha256.n > 0)
			json_str(j, "format_sha256", in->format_sha256);
		json_int(j, "items", in->items);
		json_bool(j, "complete", in->complete);
		json_bool(j, "superseded", in->superseded);
		json_time(j, "time", in->time);
		json_str(j, "time_source", in->time_source);
		json_str(j, "time_why", in->time_why);
		json_time(j, "first", in->first);
		json_time(j, "last", in->last);
		json_end(j);
	}
	json_end(j);
}

/* Only where there are some: they are as much a part of the criteria as the profile is. */
static void
write_rule_files(struct json *j, const struct profile *p)
{
	char sha256[DIGEST_HEX];
	size_t i;

	if (p->n_rule_files == 0)
		return;
	json_list(j, "rule_files");
	for (i = 0; i < p->n_rule_files; i++) {
		digest_of(p->rule_files[i].text, sha256);
		json_map(j, NULL);
		json_str(j, "name", p->rule_files[i].name);
		json_cstr(j, "sha256", sha256);
		json_end(j);
	}
	json_end(j);
}

void
verdict_json(const struct verdict *v, struct sb *out)
{
	struct json j = {.out = out};
	char sha256[DIGEST_HEX];
	size_t i;

	digest_of(v->profile->text, sha256);
	json_map(&j, NULL);
	json_int(&j, "schema", VERDICT_SCHEMA);
	json_map(&j, "profile");
	json_str(&j, "name", v->profile->name);
	json_str(&j, "title", v->profile->title);
	json_cstr(&j, "sha256", sha256);
	write_rule_files(&j, v->profile);
	json_end(&j);
	json_cstr(&j, "verdict", outcome_text(v->outcome));
	json_str(&j, "decision", v->decision);
	json_str(&j, "headline", v->headline);
	write_strings(&j, "reasons", v->reasons, v->n_reasons);
	write_run(&j, v);
	json_list(&j, "criteria");
	for (i = 0; i < v->n_criteria; i++)
		write_criterion(&j, &v->criteria[i]);
	json_end(&j);
	write_score(&j, &v->score);
	write_people(&j, v);
	notes_json(v, &j);
	checklists_json(v, &j);
	budget_json(v, &j);
	json_list(&j, "evidence");
	for (i = 0; i < v->n_evidence; i++)
		write_evidence(&j, &v->evidence[i]);
	json_end(&j);
	json_list(&j, "contradictions");
	for (i = 0; i < v->n_contradictions; i++) {
		json_map(&j, NULL);
		json_str(&j, "id", v->contradictions[i].id);
		json_str(&j, "source", v->contradictions[i].source);
		json_str(&j, "sentence", v->contradictions[i].sentence);
		json_end(&j);
	}
	json_end(&j);
	json_list(&j, "claims");
	for (i = 0; i < v->n_claims; i++)
		write_claim(&j, &v->claims[i]);
	json_end(&j);
	write_rates(&j, v);
	write_windows(&j, v);
	write_events(&j, v);
	write_problems(&j, v);
	write_inputs(&j, v);
	json_end(&j);
}
