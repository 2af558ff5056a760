/* budget: what a verdict says of the profile's objectives, beside and apart from its criteria. */
#include "court_help.h"

#include <string.h>

#include "base/doc.h"
#include "judge/budget.h"
#include "judge/chain.h"

/* Three hours, a sample a minute until "until", 100 requests each; every "nth" minute one is bad. */
static void
judged(const char *slos, int nth, int until)
{
	struct sb profile = {0};
	int64_t f;
	int i, bad = 0;

	court_open();
	f = court_span("m.om", 0, 180);
	court_log(180);
	for (i = 0; i <= until; i++) {
		bad += i > 0 && i % nth == 0;
		court_sample(f, "req_total", "200", i, i * 100 - bad);
		court_sample(f, "req_total", "500", i, bad);
	}
	sb_addf(&profile, RUN_PART "windows: {hour: {from: run.start, to: 'run.start + 1h'}, never: {from: NO_SUCH, to: run.end}}\nslos: [%s]\n"
	    "criteria: [{id: c, promql: 'max(req_total) >= 0'}]\n", slos);
	court_judge(sb_str(&profile));
	sb_free(&profile);
}

#define REQ "sli: {total: req_total, bad: 'req_total{code=\"500\"}'}"

static const struct {
	const char *what, *slo, *outcome, *says, *observed, *bad;
	int nth, until;
} cases[] = {
	{"met", "objective: 99%", "met", "3 h observed of a 30-day window (0.42 %). Burn 0.10", "99.90 %", "18", 10, 180},
	{"missed", "objective: 99.95%", "missed", "Burn 2.00", "99.90 %", "18", 10, 180},
	{"half of it", "objective: 99%", "too little covered", "1 h 30 min observed", "99.90 %", "9", 10, 90},
	{"missed in half of it is missed", "objective: 99.95%", "missed", "1 h 30 min observed", "99.90 %", "9", 10, 90},
	{"in its window", "objective: 99%, over: hour", "met", "Of the hour window: ", "99.90 %", "6", 10, 180},
	{"in a window that nothing tells of", "objective: 99%, over: never", "not measured", "Not measured: nothing says when the never window was.", "n/a", "n/a", 10, 180},
};

static void
test_cases(void **state)
{
	char slo[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct budget_result *b;

		snprintf(slo, sizeof(slo), "{id: a, %s, %s}", REQ, cases[i].slo);
		judged(slo, cases[i].nth, cases[i].until);
		assert_int_equal(court.v.n_budgets, 1);
		b = &court.v.budgets[0];
		if (strcmp(b->outcome, cases[i].outcome) != 0 || sv_find(b->sentence, sv_of(cases[i].says)) == b->sentence.n ||
		    !sv_is(b->observed.text, cases[i].observed) || !sv_is(b->bad.text, cases[i].bad))
			fail_msg("%s: %s, %.*s: %.*s, bad %.*s", cases[i].what, b->outcome, (int)b->sentence.n, b->sentence.p, (int)b->observed.text.n,
			    b->observed.text.p, (int)b->bad.text.n, b->bad.text.p);
		/* It decides nothing. */
		assert_int_not_equal(court.v.outcome, OUTCOME_FAIL);
		court_close();
	}
}

struct ids {
	size_t n;
	struct sb list;
};

static void
take_id(void *ctx, struct sv id)
{
	struct ids *ids = ctx;

	if (sv_starts(id, "slo/")) {
		ids->n++;
		sb_addf(&ids->list, "%" SV_FMT "\n", SV_ARG(id));
	}
}

/* Each number has a way back; the same ids as in verdict.json. */
static void
test_chains(void **state)
{
	struct ids ids = {0};
	struct sv rest, id;
	struct chain c;

	(void)state;
	judged("{id: a, " REQ ", objective: 99%}", 10, 180);
	chain_ids(&court.v, take_id, &ids);
	assert_int_equal(ids.n, 6 + court.v.budgets[0].measured.n_windows);
	for (rest = sb_sv(&ids.list); sv_split(&rest, '\n', &id) && id.n > 0;) {
		assert_int_equal(OK(chain_open(court.store, &court.v, id, &c, &err)), 1);
		assert_true(c.figure != NULL);
		assert_true(sv_eq(c.figure->id, id));
		assert_true(c.rule.n > 0);
		assert_true(sv_ends(id, "/required") ? c.n_points == 0 : c.n_points > 0);
		chain_close(&c);
	}
	assert_int_equal(OK(chain_open(court.store, &court.v, SV("slo/a"), &c, &err)), 1);
	assert_true(c.figure == NULL);
	chain_close(&c);
	assert_int_equal(OK(chain_open(court.store, &court.v, SV("slo/b/observed"), &c, &err)), 0);
	chain_close(&c);
	sb_free(&ids.list);
	court_close();
}

static const struct doc *
text_is(const struct doc *d, const char *path, const char *want)
{
	const struct doc *v = doc_path(d, sv_of(path));

	if (v == NULL || !sv_is(v->text, want))
		fail_msg("%s: %.*s, not %s", path, v == NULL ? 4 : (int)v->text.n, v == NULL ? "none" : v->text.p, want);
	return v;
}

static void
test_json(void **state)
{
	struct arena a = {0};
	struct sb json = {0};
	const struct doc *d, *o, *w;
	size_t open = 0;

	(void)state;
	judged("{id: a, " REQ ", objective: 99%}, {id: b, title: Other, " REQ ", objective: 99.95%, over: never}", 10, 180);
	verdict_json(&court.v, &json);
	d = doc_json(&a, "v", sb_sv(&json), &err);
	assert_non_null(d);
	o = doc_first(doc_get(d, "slos"));
	assert_non_null(o);
	text_is(o, "title", "a");
	text_is(o, "period", "30-day");
	text_is(o, "required.text", "at least 99 %");
	text_is(o, "burn.id", "slo/a/burn");
	text_is(o, "burn.text", "0.10");
	for (w = doc_first(doc_get(o, "windows")); w != NULL; w = w->next) {
		bool evaluable = doc_get(w, "evaluable")->truth;

		open += !evaluable;
		assert_true(evaluable == (doc_get(w, "why")->text.n == 0));
		assert_true(evaluable == (doc_get(w, "at")->kind == DOC_STRING));
	}
	assert_int_equal(open, 3); /* 6 h, 1 d, 3 d */
	assert_int_equal(doc_get(o, "alerts")->n, 4);
	text_is(doc_first(doc_get(o, "alerts")), "rule", "1h/5m burn above 14.4");
	text_is(o->next, "title", "Other");
	text_is(o->next, "outcome", "not measured");
	text_is(o->next, "observed.text", "n/a");
	assert_int_equal(doc_get(o->next, "demonstrated")->kind, DOC_NULL);
	arena_free(&a);
	sb_free(&json);
	court_close();
}

static void
test_wrong(void **state)
{
	static const struct {
		const char *slo, *says;
	} wrong[] = {{"over: nope", "unknown window 'nope'"}, {"over: [run]", "over"}};
	struct sb text = {0};
	struct profile *p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		sb_reset(&text);
		sb_addf(&text, RUN_PART "slos: [{id: a, " REQ ", objective: 99%%, %s}]\ncriteria: [{id: c, promql: 'x > 0'}]\n", wrong[i].slo);
		p = profile_parse("p.yaml", sb_sv(&text), &err);
		assert_true(p == NULL || budget_check(p, &err) < 0);
		assert_non_null(strstr(err.msg, wrong[i].says));
		profile_free(p);
	}
	sb_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_wrong),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
