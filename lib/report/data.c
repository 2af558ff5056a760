/*
 * data - verdict.json's tree with what only people need added: docs/report-data.md.
 */
#include <math.h>

#include "base/time.h"
#include "report/derive.h"
#include "report/report.h"
#include "report/shape.h"
#include "report/people.h"

struct class {
	const char *word, *class;
};

/* The last entry has no word. */
static const struct class outcomes[] = {
	{"PASS", "pass"}, {"WARN", "warn"}, {"FAIL", "fail"}, {"WAIVED", "waived"}, {"INCONCLUSIVE", "open"}, {0}};
static const struct class decisions[] = {
	{"GO", "pass"}, {"GO WITH WAIVERS", "waived"}, {"NO-GO", "fail"}, {"INCONCLUSIVE", "open"}, {0}};
static const struct class verdicts[] = {{"PASS", "pass"}, {"FAIL", "fail"}, {"INCONCLUSIVE", "open"}, {0}};
static const struct class states[] = {
	{"explained", "pass"}, {"contradicted", "fail"}, {"undecided", "open"}, {"not audited", "none"}, {0}};

/* Adds "class" for the word under key; which words there are is part of the schema. */
static int
add_class(struct arena *a, struct doc *d, const char *key, const char *as, const struct class *c, struct err *e)
{
	const struct doc *word = doc_get(d, key);

	for (; c->word != NULL; c++) {
		if (sv_is(word->text, c->word)) {
			doc_add_str(a, d, as, sv_of(c->class));
			return 0;
		}
	}
	return doc_err(word, e, "not a verdict: no '%s' is called that", key);
}

static int64_t
instant(const struct doc *d, const char *key)
{
	int64_t ms;

	return time_parse(shape_text(d, key), &ms) ? ms : TIME_NONE;
}

/* KEY_text for a time under KEY. */
static void
add_time(struct arena *a, struct doc *d, const char *key)
{
	doc_add_str(a, d, arena_fmt(a, "%s_text", key), people_time(a, instant(d, key)));
}

/* WORD_text for a length under WORD_seconds. */
static void
add_length(struct arena *a, struct doc *d, const char *word)
{
	double seconds = shape_number(d, arena_fmt(a, "%s_seconds", word));

	doc_add_str(a, d, arena_fmt(a, "%s_text", word), people_length(a, seconds));
}

static void
add_short_digest(struct arena *a, struct doc *d)
{
	doc_add_str(a, d, "sha256_short", sv_head(shape_text(d, "sha256"), 12));
}

/* Some names, then how many more there are: a criterion may rest on hundreds of snapshots. */
static void
add_sources(struct arena *a, struct doc *d)
{
	const struct doc *list = doc_get(d, "sources"), *c;
	struct sb s = {0};
	size_t i = 0;

	for (c = list->child; c != NULL; c = c->next, i++) {
		if (list->n > 4 && i >= 2 && i + 1 < list->n)
			continue;
		sb_adds(&s, i == 0 ? "" : list->n > 4 && i + 1 == list->n ? " \342\200\246 " : ", ");
		sb_addv(&s, c->text);
	}
	if (list->n > 4)
		sb_addf(&s, " (%zu artifacts)", list->n);
	doc_add_str(a, d, "sources_text", sb_sv(&s));
	sb_free(&s);
}

static void
add_coverage(struct arena *a, struct doc *c)
{
	double least = shape_number(c, "unseen_seconds_min"), most = shape_number(c, "unseen_seconds_max");
	struct sv from = people_length(a, least), to = people_length(a, most);

	add_length(a, c, "window");
	add_length(a, c, "covered");
	add_length(a, c, "longest_gap");
	add_time(a, c, "first");
	add_time(a, c, "last");
	doc_add_bool(a, c, "has_gap", shape_number(c, "longest_gap_seconds") > 0);
	doc_add_bool(a, c, "has_restarts", shape_number(c, "restarts") > 0);
	if (isnan(most))
		doc_add(a, c, "unseen_text", doc_new(a, DOC_NULL));
	else if (least < most && least > 0)
		doc_add_str(a, c, "unseen_text",
		    sv_of(arena_fmt(a, "%" SV_FMT " to %" SV_FMT, SV_ARG(from), SV_ARG(to))));
	else
		doc_add_str(a, c, "unseen_text",
		    sv_of(arena_fmt(a, "%s%" SV_FMT, least < most ? "up to " : "", SV_ARG(to))));
}

static int
add_criteria(struct arena *a, struct doc *data, struct err *e)
{
	struct doc *c;
	int n = 0;

	for (c = doc_first(doc_get(data, "criteria")); c != NULL; c = c->next) {
		if (add_class(a, c, "verdict", "class", outcomes, e) < 0)
			return -1;
		doc_add_str(a, c, "anchor", sv_of(arena_fmt(a, "criterion-%d", ++n)));
		doc_add_bool(a, c, "is_whole_run", sv_is(shape_text(c, "over"), "run"));
		/* Of a ratio, what a restart hid could lower as well as raise it. */
		doc_add_bool(a, c, "observed_at_least", shape_true(c, "at_least") &&
		    doc_get(c, "observed")->kind == DOC_MAP && sv_is(shape_text(doc_get(c, "observed"), "unit"), "count"));
		add_sources(a, c);
		doc_add_bool(a, c, "has_slots", doc_first(doc_get(c, "slots")) != NULL);
		if (doc_get(c, "coverage")->kind == DOC_MAP)
			add_coverage(a, doc_get(c, "coverage"));
	}
	return 0;
}

static struct doc *
reference(struct arena *a, const struct doc *from)
{
	struct doc *d = doc_new(a, from->kind);

	*d = *from; /* shares the children, which stay where they are */
	d->key = SV("");
	d->next = NULL;
	return d;
}

/* The sentence without the title that it begins with, for where the title stands right before it. */
static struct sv
without_title(const struct doc *c)
{
	struct sv sentence = shape_text(c, "sentence"), title = shape_text(c, "title");

	if (sentence.n > title.n + 2 && sv_eq(sv_head(sentence, title.n), title) &&
	    sv_starts(sv_from(sentence, title.n), ": "))
		return sv_from(sentence, title.n + 2);
	return sentence;
}

/* Each item's state, and the list "missing" of those that are not whole. */
static void
add_evidence(struct arena *a, struct doc *data)
{
	struct doc *missing = doc_new(a, DOC_LIST), *c, *brief;

	for (c = doc_first(doc_get(data, "evidence")); c != NULL; c = c->next) {
		bool present = shape_true(c, "present"), optional = shape_true(c, "optional");
		bool some = shape_number(c, "found") > 0;

		doc_add_str(a, c, "state",
		    present    ? SV("present")
		    : optional ? (some ? SV("incomplete (optional)") : SV("missing (optional)"))
			       : (some ? SV("INCOMPLETE") : SV("MISSING")));
		doc_add_str(a, c, "class", present ? SV("pass") : optional ? SV("none") : SV("open"));
		doc_add_str(a, c, "count_text",
		    sv_of(arena_fmt(a, "%" SV_FMT " of %" SV_FMT, SV_ARG(shape_text(c, "found")), SV_ARG(shape_text(c, "expected")))));
		doc_add_str(a, c, "detail_text", without_title(c));
		brief = doc_get(c, "missing_brief");
		if (brief->kind == DOC_NULL) { /* written before there was one */
			brief->kind = DOC_LIST;
			brief->child = doc_get(c, "missing")->child;
			brief->n = doc_get(c, "missing")->n;
		}
		doc_add_bool(a, c, "has_names", brief->n > 0);
		if (!present || doc_get(c, "missing")->n > 0)
			doc_add(a, missing, NULL, reference(a, c));
	}
	doc_add(a, data, "missing", missing);
}

/* What people add: their times. */
static void
add_people(struct arena *a, struct doc *data)
{
	struct doc *c;

	for (c = doc_first(doc_get(data, "waivers")); c != NULL; c = c->next) {
		add_time(a, c, "created");
		add_time(a, c, "expires");
	}
	for (c = doc_first(doc_get(data, "attestations")); c != NULL; c = c->next)
		add_time(a, c, "stated");
}

static int
add_claims(struct arena *a, struct doc *data, struct err *e)
{
	struct sv definition, sentence;
	struct doc *c;
	bool said;

	for (c = doc_first(doc_get(data, "claims")); c != NULL; c = c->next) {
		if (add_class(a, c, "state", "class", states, e) < 0)
			return -1;
		definition = shape_text(c, "definition");
		sentence = shape_text(c, "sentence");
		said = definition.n == 0 || sv_find(sentence, definition) < sentence.n;
		doc_add_str(a, c, "definition_text", said ? SV("") : definition);
	}
	return 0;
}

/* Counted at all? A rate of nothing is not 100 %. */
static void
add_rates(struct arena *a, struct doc *data)
{
	struct doc *c;

	for (c = doc_first(doc_get(data, "rates")); c != NULL; c = c->next) {
		const struct doc *value = doc_get(doc_get(c, "rate"), "value");

		doc_add_bool(a, c, "is_known", value != NULL && value->kind == DOC_NUMBER);
	}
}

static void
add_windows(struct arena *a, struct doc *data)
{
	struct doc *w, *s;

	for (w = doc_first(doc_get(data, "windows")); w != NULL; w = w->next) {
		double seconds = 0;

		for (s = doc_first(doc_get(w, "spans")); s != NULL; s = s->next) {
			int64_t from = instant(s, "from"), to = instant(s, "to");
			double length = from == TIME_NONE || to == TIME_NONE ? (double)NAN : (double)(to - from) / 1000;

			add_time(a, s, "from");
			add_time(a, s, "to");
			doc_add_str(a, s, "length_text", people_length(a, length));
			seconds += length;
		}
		doc_add_str(a, w, "length_text",
		    doc_get(w, "spans")->n == 0 ? SV("not found") : people_length(a, seconds));
	}
}

/* "T+9:30:05": when, seen from the start of the run; null where that is unknown. */
static void
add_offset(struct arena *a, struct doc *d, int64_t start, int64_t t)
{
	long long seconds;

	if (start == TIME_NONE || t == TIME_NONE || t < start) {
		doc_add(a, d, "offset_text", doc_new(a, DOC_NULL));
		return;
	}
	seconds = (long long)((t - start) / TIME_SECOND);
	doc_add_str(a, d, "offset_text",
	    sv_of(arena_fmt(a, "T+%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60)));
}

static void
add_events(struct arena *a, struct doc *data)
{
	int64_t start = instant(doc_get(data, "run"), "start");
	struct doc *c;

	for (c = doc_first(doc_get(data, "events")); c != NULL; c = c->next) {
		add_time(a, c, "time");
		add_offset(a, c, start, instant(c, "time"));
	}
}

static void
add_problems(struct arena *a, struct doc *data)
{
	struct doc *c;

	for (c = doc_first(doc_get(data, "problems")); c != NULL; c = c->next) {
		struct sv source = shape_text(c, "source"), line = shape_text(c, "line");

		doc_add_str(a, c, "place",
		    sv_of(arena_fmt(a, "%" SV_FMT "%s%" SV_FMT, SV_ARG(source), line.n > 0 ? ":" : "", SV_ARG(line))));
	}
}

static struct sv
input_state(const struct doc *c)
{
	if (shape_true(c, "superseded"))
		return SV("superseded");
	if (shape_number(c, "size") == 0)
		return SV("empty");
	if (sv_is(shape_text(c, "format"), "unrecognised"))
		return SV("not recognised");
	return shape_true(c, "complete") ? SV("complete") : SV("not complete");
}

static void
add_inputs(struct arena *a, struct doc *data)
{
	struct doc *c;

	for (c = doc_first(doc_get(data, "inputs")); c != NULL; c = c->next) {
		struct sv state = input_state(c);

		doc_add_str(a, c, "state", state);
		doc_add_bool(a, c, "is_whole", sv_is(state, "complete"));
		doc_add_str(a, c, "class", sv_is(state, "superseded") ? SV("none") : SV("open"));
		doc_add_str(a, c, "size_text", people_size(a, shape_number(c, "size")));
		add_short_digest(a, c);
		add_time(a, c, "time");
		add_time(a, c, "first");
		add_time(a, c, "last");
	}
}

static int
add_charts(struct arena *a, struct doc *data, const struct report_chart *chart, size_t n, struct err *e)
{
	struct doc *list = doc_add(a, data, "charts", doc_new(a, DOC_LIST)), *c;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!sv_starts(chart[i].png, "\211PNG\r\n\032\n")) /* PNG specification, 5.2 */
			return err_set(e, ERR_INPUT, "%" SV_FMT ": not a PNG picture", SV_ARG(chart[i].file));
		c = doc_add(a, list, NULL, doc_new(a, DOC_MAP));
		doc_add_str(a, c, "title", chart[i].title);
		doc_add_str(a, c, "alt", chart[i].alt);
		doc_add_str(a, c, "file", chart[i].file);
		doc_add_str(a, c, "link", people_link(a, chart[i].file));
		doc_add_str(a, c, "data_uri", people_data_uri(a, "image/png", chart[i].png));
	}
	return 0;
}

struct doc *
report_data(struct arena *a, const struct doc *verdict, const struct report_chart *chart, size_t n, struct err *e)
{
	struct doc *data = shape_verdict(a, verdict, e), *run;

	if (data == NULL || add_class(a, data, "decision", "decision_class", decisions, e) < 0 ||
	    add_class(a, data, "verdict", "verdict_class", verdicts, e) < 0 || add_criteria(a, data, e) < 0 ||
	    add_claims(a, data, e) < 0 || add_charts(a, data, chart, n, e) < 0)
		return NULL;
	doc_add_str(a, data, "generator", SV("soakproof " SOAK_VERSION));
	doc_add_bool(a, data, "is_go", sv_is(shape_text(data, "verdict"), "PASS"));
	doc_add_bool(a, data, "is_no_go", sv_is(shape_text(data, "verdict"), "FAIL"));
	doc_add_bool(a, data, "is_inconclusive", sv_is(shape_text(data, "verdict"), "INCONCLUSIVE"));
	add_short_digest(a, doc_get(data, "profile"));
	run = doc_get(data, "run");
	add_time(a, run, "start");
	add_time(a, run, "end");
	add_length(a, run, "duration");
	add_evidence(a, data);
	add_people(a, data);
	add_rates(a, data);
	add_windows(a, data);
	add_events(a, data);
	add_problems(a, data);
	add_inputs(a, data);
	derive_not_shown(a, data);
	derive_counts(a, data);
	return data;
}
