/*
 * data - verdict.json's tree with what only people need added, part by part: docs/report-data.md.
 */
#include "base/time.h"
#include "report/derive.h"
#include "report/data_parts.h"
#include "report/people.h"
#include "report/shape.h"

const struct data_class data_outcomes[] = {
	{"PASS", "pass"}, {"WARN", "warn"}, {"FAIL", "fail"}, {"WAIVED", "waived"}, {"INCONCLUSIVE", "open"}, {0}};
static const struct data_class decisions[] = {
	{"GO", "pass"}, {"GO WITH WAIVERS", "waived"}, {"NO-GO", "fail"}, {"INCONCLUSIVE", "open"}, {0}};
static const struct data_class verdicts[] = {{"PASS", "pass"}, {"FAIL", "fail"}, {"INCONCLUSIVE", "open"}, {0}};

/* Adds "class" for the word under key; which words there are is part of the schema. */
int
data_class(struct arena *a, struct doc *d, const char *key, const char *as, const struct data_class *c, struct err *e)
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

int64_t
data_instant(const struct doc *d, const char *key)
{
	int64_t ms;

	return time_parse(shape_text(d, key), &ms) ? ms : TIME_NONE;
}

/* KEY_text for a time under KEY. */
void
data_time(struct arena *a, struct doc *d, const char *key)
{
	doc_add_str(a, d, arena_fmt(a, "%s_text", key), people_time(a, data_instant(d, key)));
}

/* WORD_text for a length under WORD_seconds. */
void
data_length(struct arena *a, struct doc *d, const char *word)
{
	double seconds = shape_number(d, arena_fmt(a, "%s_seconds", word));

	doc_add_str(a, d, arena_fmt(a, "%s_text", word), people_length(a, seconds));
}

void
data_short_digest(struct arena *a, struct doc *d)
{
	doc_add_str(a, d, "sha256_short", sv_head(shape_text(d, "sha256"), 12));
}

struct doc *
data_reference(struct arena *a, const struct doc *from)
{
	struct doc *d = doc_new(a, from->kind);

	*d = *from; /* shares the children, which stay where they are */
	d->key = SV("");
	d->next = NULL;
	return d;
}

/* The decision line. */
static int
add_decision(struct arena *a, struct doc *data, struct err *e)
{
	if (data_class(a, data, "decision", "decision_class", decisions, e) < 0 ||
	    data_class(a, data, "verdict", "verdict_class", verdicts, e) < 0)
		return -1;
	doc_add_str(a, data, "generator", SV("soakproof " SOAK_VERSION));
	doc_add_bool(a, data, "is_go", sv_is(shape_text(data, "verdict"), "PASS"));
	doc_add_bool(a, data, "is_no_go", sv_is(shape_text(data, "verdict"), "FAIL"));
	doc_add_bool(a, data, "is_inconclusive", sv_is(shape_text(data, "verdict"), "INCONCLUSIVE"));
	data_short_digest(a, doc_get(data, "profile"));
	return 0;
}

struct doc *
report_data(struct arena *a, const struct doc *verdict, const struct doc *scan, const struct report_chart *chart, size_t n,
    struct err *e)
{
	struct doc *data = shape_verdict(a, verdict, e);

	if (data == NULL || add_decision(a, data, e) < 0)
		return NULL;
	data_run(a, data);
	data_inputs(a, data);
	if (data_criteria(a, data, e) < 0 || data_claims(a, data, e) < 0 || data_people(a, data, e) < 0 || data_slos(a, data, e) < 0 ||
	    data_checklists(a, data, e) < 0 || data_security(a, data, scan, e) < 0 ||
	    data_charts(a, data, chart, n, e) < 0)
		return NULL;
	data_sections(a, data);
	data_figures(a, data);
	derive_not_shown(a, data);
	derive_counts(a, data);
	return data;
}
