/* Rule files read and replayed; which rules cannot be answered. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "promql/memory_source.h"
#include "rules/show.h"

static struct arena a;

/* A replay of rules over series in promtool's notation, one sample each "every". */
struct stage {
	struct pq_memory m;
	struct rules rules;
	struct replay r;
	struct rule_doubts *doubts;
};

static void
open_stage(struct stage *s, const char *rules, const char *const *series, int64_t every, int64_t end)
{
	struct replay_opts o = {.end = end};
	struct doubt_opts d = {.first = 0};
	struct pq_notation n;
	struct err e = {0};

	*s = (struct stage){.doubts = NULL};
	pq_memory_init(&s->m);
	for (; *series != NULL; series++) {
		n = (struct pq_notation){0};
		assert_int_equal(pq_notation_parse(&a, sv_of(*series), &n, &e), 0);
		assert_int_equal(pq_memory_load(&s->m, &n, 0, every, &e), 0);
	}
	if (rules_parse(&a, "r.yml", sv_of(rules), &s->rules, &e) < 0)
		fail_msg("%s", e.msg);
	replay_open(&s->r, &s->rules, &s->m.src, &o);
	assert_int_equal(replay_run(&s->r, &e), 0);
	s->doubts = arena_new(&a, s->r.n, sizeof(*s->doubts));
	assert_int_equal(doubt_rules(&s->r, &d, &a, s->doubts, &e), 0);
}

static void
close_stage(struct stage *s)
{
	replay_close(&s->r);
	pq_memory_free(&s->m);
	arena_free(&a);
}

/* "pending 60 firing 180 inactive 300": an alert's changes, in seconds. */
static const char *
changes(const struct replay_rule *r, size_t i)
{
	struct sb out = {0};
	const char *text;
	size_t k;

	for (k = 0; i < r->alert.n && k < r->alert.v[i].change.n; k++)
		sb_addf(&out, "%s%s %lld", k > 0 ? " " : "", alert_state_text(r->alert.v[i].change.v[k].to),
		    (long long)(r->alert.v[i].change.v[k].t / 1000));
	text = arena_str(&a, sb_sv(&out));
	sb_free(&out);
	return text;
}

static void
test_states(void **state)
{
	static const char *const series[] = {"x 0 1 1 1 1 0 0 1 0 0 0", NULL};
	struct stage s;

	(void)state;
	open_stage(&s, "groups: [{name: g, rules: [\n"
	               "  {alert: AtOnce, expr: x > 0},\n"
	               "  {alert: For2, expr: x > 0, for: 2m},\n"
	               "  {alert: Kept, expr: x > 0, keep_firing_for: 90s},\n"
	               "  {alert: Never, expr: x > 5},\n"
	               "  {alert: EachValue, expr: x > 0, labels: {value: '{{ $value }}'}}]}]",
	    series, 60000, 600000);
	assert_string_equal(changes(&s.r.rule[0], 0), "pending 60 firing 60 inactive 300 pending 420 firing 420 inactive 480");
	assert_string_equal(changes(&s.r.rule[1], 0), "pending 60 firing 180 inactive 300 pending 420 inactive 480");
	/* Absent at 300 and 360, back at 420, absent from 480 on: resolved at the first evaluation 90 s after that. */
	assert_string_equal(changes(&s.r.rule[2], 0), "pending 60 firing 60 inactive 600");
	assert_int_equal(s.r.rule[3].alert.n, 0);
	assert_int_equal(s.r.rule[0].alert.v[0].firing, 300000);
	assert_int_equal(s.r.rule[1].alert.v[0].pending, 180000);
	assert_int_equal(rule_outcome(&s.r.rule[0], &s.doubts[0]), RULE_FIRED);
	assert_int_equal(rule_outcome(&s.r.rule[3], &s.doubts[3]), RULE_QUIET);
	close_stage(&s);
}

/* An alert that is resolved comes back with the next evaluation that has it. */
static void
test_kept_again(void **state)
{
	static const char *const series[] = {"x 0 1 0 0 0 1 1 1", NULL};
	struct stage s;

	(void)state;
	open_stage(&s, "groups: [{name: g, rules: [{alert: K, expr: x > 0, keep_firing_for: 2m}]}]", series, 60000, 420000);
	assert_string_equal(changes(&s.r.rule[0], 0), "pending 60 firing 60 inactive 240 pending 300 firing 300");
	assert_int_equal(s.r.rule[0].alert.v[0].firing, 180000 + 120000);
	close_stage(&s);
}

static void
test_groups(void **state)
{
	static const char *const series[] = {"x{i=\"a\"} 0+1x60", "x{i=\"b\"} 0+1x60", NULL};
	struct stage s;
	struct pq_source *src;
	struct pq_selector sel = {0};
	struct pq_matcher by_name = {.op = PQ_EQ, .name = SV("__name__"), .value = SV("x:sum")};
	struct pq_series *found;
	struct pq_sample *sample;
	struct err e = {0};
	size_t n;

	(void)state;
	open_stage(&s, "groups:\n"
	               "- {name: g, interval: 30s, labels: {origin: group}, rules: [{record: 'x:sum', expr: sum(x)}, {alert: Sum, expr: 'x:sum > 60'}]}\n"
	               "- {name: h, interval: 5m, rules: [{alert: Slow, expr: 'x:sum > 60'}]}\n"
	               "- {name: late, query_offset: 10m, rules: [{alert: Late, expr: 'x{i=\"a\"} > 30'}]}\n"
	               "- {name: limited, limit: 1, rules: [{alert: Many, expr: x > 30}, {record: y, expr: x}]}\n",
	    series, 60000, 3600000);
	assert_string_equal(changes(&s.r.rule[1], 0), "pending 1860 firing 1860"); /* 62 at minute 31 */
	assert_string_equal(changes(&s.r.rule[2], 0), "pending 2100 firing 2100"); /* the next multiple of 5 minutes */
	assert_string_equal(changes(&s.r.rule[3], 0), "pending 2460 firing 2460");
	assert_int_equal(s.r.rule[4].failures, 30); /* two alerts from minute 31 on */
	assert_string_equal(arena_str(&a, s.r.rule[4].error), "exceeded limit of 1 with 2 alerts");
	assert_int_equal(s.r.rule[5].failures, 61);
	assert_string_equal(arena_str(&a, labels_get(&s.r.rule[1].alert.v[0].labels, "origin")), "group");
	/* What was recorded can be read, each half minute. */
	sel = (struct pq_selector){.name = SV("x:sum"), .v = &by_name, .n = 1};
	src = &s.r.overlay.src;
	assert_int_equal(src->series(src, &sel, &a, &found, &n, &e), 0);
	assert_int_equal(n, 1);
	assert_int_equal(src->samples(src, found, 0, 3600000, &a, &sample, &n, &e), 0);
	assert_int_equal(n, 121);
	assert_int_equal((int)sample[120].v, 120);
	close_stage(&s);
}

static const char *
doubt_of(const struct stage *s, size_t i)
{
	return s->doubts[i].n == 0 ? "" : arena_str(&a, s->doubts[i].why[0]);
}

static void
test_doubts(void **state)
{
	/* One sample an hour for a day, and one metric each minute. */
	static const char *const series[] = {"hourly_total{code=\"200\"} 0+100x24", "hourly_total{code=\"500\"} 0+1x24",
	    "process_start_time_seconds 5x24", NULL};
	struct stage s;
	size_t i;
	static const struct {
		size_t rule;
		const char *why;
	} cases[] = {
	    {0, "range 5m of hourly_total[5m] is shorter than"},
	    {1, "hourly_total has a sample every 1 h, which counts for 5 min: what is between them is not seen"},
	    {2, "no series matches nowhere: there is no such metric"},
	    {3, "for: 1d is not shorter than the run, 24 h"},
	    {4, "range 2d is longer than the 24 h of samples"},
	    {5, ""},
	    {6, "no series matches hourly_total{tool=\"x\"}: no series of hourly_total fits {tool=\"x\"}; none has that label"},
	    {7, "it reads bad:rate, whose rule is unanswerable: range 5m of hourly_total[5m]"},
	    {9, ""},
	    {10, "1441 of 1441 evaluations failed, the first at 1970-01-01T00:00:00Z: not supported: histogram_count()"},
	    {11, ""},
	    {12, "no series matches hourly_total{code=\"418\"}"},
	};

	(void)state;
	open_stage(&s, "groups: [{name: g, rules: [\n"
	               "  {alert: A0, expr: 'rate(hourly_total[5m]) > 1'},\n"
	               "  {alert: A1, expr: 'hourly_total > 1e9'},\n"
	               "  {alert: A2, expr: 'nowhere > 1'},\n"
	               "  {alert: A3, expr: 'rate(hourly_total[3h]) > 100', for: 1d},\n"
	               "  {alert: A4, expr: 'increase(hourly_total[2d]) > 1e9'},\n"
	               "  {alert: A5, expr: 'rate(hourly_total{code=\"418\"}[3h]) > 0'},\n"
	               "  {alert: A6, expr: 'rate(hourly_total{tool=\"x\"}[3h]) > 0'},\n"
	               "  {alert: A7, expr: 'bad:rate > 0'},\n"
	               "  {record: 'bad:rate', expr: 'rate(hourly_total[5m])'},\n"
	               "  {alert: A9, expr: 'absent(hourly_total) and absent_over_time(nowhere[5m]) and vector(0) > 1'},\n"
	               "  {alert: A10, expr: 'histogram_count(rate(hourly_total[3h])) > 1'},\n"
	               "  {alert: A11, expr: 'ALERTS{alertname=\"A2\"} == 1'},\n"
	               "  {alert: A12, expr: 'rate(hourly_total{code=\"500\"}[3h]) / rate(hourly_total{code=\"418\"}[3h]) > 1'}]}]",
	    series, TIME_HOUR, TIME_DAY);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = doubt_of(&s, cases[i].rule);

		if (strncmp(got, cases[i].why, strlen(cases[i].why)) != 0 || (cases[i].why[0] == '\0') != (got[0] == '\0'))
			fail_msg("rule %zu: %s", cases[i].rule, got);
	}
	close_stage(&s);
}

static void
test_coverage(void **state)
{
	static const int64_t t[] = {0, 60, 120, 1000, 1060};
	int64_t gap;

	(void)state;
	assert_int_equal(doubt_covered(t, 5, 0, 1200, 100, &gap), 220 + 160);
	assert_int_equal(gap, 780);
	assert_int_equal(doubt_covered(t, 0, 0, 1200, 100, &gap), 0);
	assert_int_equal(gap, 1200);
	assert_int_equal(doubt_covered(t, 5, 50, 100, 100, &gap), 50);
	assert_int_equal(gap, 0);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {"groups: 1", "r.yml:1:9: 'groups' must be a list"},
	    {"group: []", "r.yml:1:1: unknown key 'group', did you mean 'groups'?"},
	    {"groups: [{name: a, rules: [{alert: A, expr: up, record: b}]}]", "r.yml:1:28: only one of 'record' and 'alert' must be set"},
	    {"groups: [{name: a, rules: [{expr: up}]}]", "r.yml:1:28: one of 'record' or 'alert' must be set"},
	    {"groups: [{name: a, rules: [{alert: A}]}]", "r.yml:1:28: field 'expr' must be set in rule"},
	    {"groups: [{name: a, rules: [{alert: A, expr: 'sum('}]}]", "r.yml:1:45: could not parse expression: 1:5: parse error: unclosed left parenthesis"},
	    {"groups: [{name: a, rules: [{alert: A, expr: 'up[5m]'}]}]", "r.yml:1:45: the expression is a range vector"},
	    {"groups: [{name: a, rules: [{record: 'a b', expr: up}]}]", "r.yml:1:37: invalid recording rule name: a b"},
	    {"groups: [{name: a, rules: [{record: a, expr: up, for: 5m}]}]", "r.yml:1:50: invalid field 'for' in recording rule"},
	    {"groups: [{name: a, rules: [{alert: A, expr: up, for: 90}]}]", "r.yml:1:54: 'for' must be a duration such as 5m"},
	    {"groups: [{name: a, rules: [{alert: A, expr: up, labels: {1x: a}}]}]", "r.yml:1:58: invalid label name: 1x"},
	    {"groups: [{name: a, rules: [{alert: A, expr: up, annotations: {s: '{{ nofunc }}'}}]}]", "r.yml:1:66: template: line 1: function \"nofunc\" not defined"},
	    {"groups: [{name: a}, {name: a}]", "r.yml:1:21: groupname: \"a\" is repeated in the same file"},
	    {"groups: [{rules: []}]", "r.yml:1:10: groupname must not be empty"},
	    {"groups: [{name: a, partial_response_strategy: abort}]", "r.yml:1:20: unknown key 'partial_response_strategy'"},
	};
	struct rules r;
	struct err e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		r = (struct rules){0};
		e = (struct err){0};
		assert_int_equal(rules_parse(&a, "r.yml", sv_of(cases[i].text), &r, &e), -1);
		if (strncmp(e.msg, cases[i].why, strlen(cases[i].why)) != 0)
			fail_msg("%s\n  %s", cases[i].text, e.msg);
		arena_free(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_states),
	    cmocka_unit_test(test_kept_again),
	    cmocka_unit_test(test_groups),
	    cmocka_unit_test(test_doubts),
	    cmocka_unit_test(test_coverage),
	    cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
