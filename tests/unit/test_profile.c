#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "profile/profile.h"

static struct profile *p;

static int
teardown(void **state)
{
	(void)state;
	profile_free(p);
	p = NULL;
	return 0;
}

static const struct profile *
good(const char *text)
{
	struct err e = {0};

	profile_free(p);
	p = profile_parse("p.yaml", sv_of(text), &e);
	if (p == NULL)
		fail_msg("%s\n%s", text, e.msg);
	return p;
}

/* The whole message, place included. */
static void
bad(const char *text, const char *message)
{
	struct err e = {0};
	struct profile *none = profile_parse("p.yaml", sv_of(text), &e);

	if (none != NULL) {
		profile_free(none);
		fail_msg("accepted:\n%s\ninstead of: %s", text, message);
	}
	if (strcmp(e.msg, message) != 0)
		fail_msg("%s\n got: %s\nwant: %s", text, e.msg, message);
	assert_null(profile_parse("p.yaml", sv_of(text), NULL));
}

static void
is(struct sv got, const char *want)
{
	if (!sv_is(got, want))
		fail_msg("'%.*s' is not '%s'", (int)got.n, got.p, want);
}

#define NAME "profile: x\n"
#define CRITERIA "criteria:\n- {id: a, events: {name: E}}\n"
/* text between the two, from line 2 on */
#define WITH(text) NAME text CRITERIA

static void
test_defaults(void **state)
{
	const struct profile *g = good(WITH(""));

	(void)state;
	is(g->name, "x");
	is(g->title, "x");
	is(g->text, WITH(""));
	assert_string_equal(g->file, "p.yaml");
	assert_int_equal(g->start.kind, WHEN_NONE);
	assert_int_equal(g->end.kind, WHEN_NONE);
	assert_int_equal(g->duration_fact.kind, WHEN_NONE);
	assert_true(g->duration == TIME_NONE);
	assert_non_null(g->zone);
	assert_int_equal(time_zone_offset(g->zone, 0), 0);
	assert_int_equal(g->process_slack, 10 * TIME_MINUTE);
	assert_int_equal(g->process_start.n, 0);
	assert_true(g->contradiction_fails);
	assert_int_equal(g->n_criteria, 1);
	is(g->criteria[0].over, "run");
	is(g->criteria[0].title, "a");
	is(g->criteria[0].kind, "events");
	assert_int_equal(g->criteria[0].spec->kind, DOC_MAP);
	assert_int_equal(g->criteria[0].objective.op, OP_NONE);
	assert_true(g->criteria[0].weight == 1 && g->criteria[0].min_coverage == 0.95);
	assert_false(g->criteria[0].key || g->criteria[0].optional || g->criteria[0].absent_zero);
	assert_int_equal(g->n_evidence + g->n_claims + g->n_charts + g->n_windows, 0);
}

static void
test_run(void **state)
{
	const struct profile *g = good(WITH("title: T\n"
	    "run:\n"
	    "  start: {event: BEGIN, pick: first}\n"
	    "  end: END\n"
	    "  duration: 1h30m\n"
	    "  timezone: Africa/Johannesburg\n"
	    "process_start: {series: proc_start, slack: 90}\n"
	    "on_contradiction: warn\n"
	    "report: {template: brief}\n"));

	(void)state;
	is(g->title, "T");
	assert_int_equal(g->start.kind, WHEN_EVENT);
	assert_int_equal(g->start.pick, PICK_FIRST);
	is(g->start.event, "BEGIN");
	assert_int_equal(g->start.at->line, 4);
	assert_int_equal(g->end.kind, WHEN_EVENT);
	assert_int_equal(g->end.pick, PICK_ONLY);
	is(g->end.event, "END");
	assert_int_equal(g->duration, 5400000);
	is(g->zone_name, "Africa/Johannesburg");
	assert_int_equal(time_zone_offset(g->zone, 1768197600000), 7200);
	is(g->process_start, "proc_start");
	assert_int_equal(g->process_slack, 90000);
	assert_false(g->contradiction_fails);
	is(g->report_template, "brief");

	g = good(WITH("run:\n"
	    "  start: {artifact: m.json, path: started_at}\n"
	    "  duration: {artifact: m.json, path: hours, unit: 1h}\n"));
	assert_int_equal(g->start.kind, WHEN_FACT);
	is(g->start.artifact, "m.json");
	is(g->start.path, "started_at");
	assert_true(g->duration == TIME_NONE);
	assert_int_equal(g->duration_fact.kind, WHEN_FACT);
	assert_int_equal(g->duration_fact.unit, TIME_HOUR);

	/* A literal time; without an offset only where the zone is known. */
	g = good(WITH("run: {start: '2026-01-12T06:00:00Z'}\n"));
	assert_int_equal(g->start.kind, WHEN_TIME);
	assert_int_equal(g->start.time, 1768197600000);
	g = good(WITH("run: {start: '2026-01-12 08:00:00', timezone: Africa/Johannesburg}\n"));
	assert_int_equal(g->start.time, 1768197600000);
}

static void
test_run_refused(void **state)
{
	(void)state;
	bad(WITH("run: {begin: A}\n"),
	    "p.yaml:2:7: unknown key 'begin', known here: start, end, duration, timezone");
	bad(WITH("run: {strat: A}\n"), "p.yaml:2:7: unknown key 'strat', did you mean 'start'?");
	bad(WITH("run: 24h\n"), "p.yaml:2:6: 'run' must have keys and values");
	bad(WITH("run: {start: run.end}\n"),
	    "p.yaml:2:14: the run's start cannot be counted from itself; state an event, a fact or a duration");
	bad(WITH("run: {start: 5}\n"), "p.yaml:2:14: an event's name or an RFC 3339 time expected");
	bad(WITH("run: {start: ''}\n"), "p.yaml:2:14: an event's name or an RFC 3339 time expected");
	bad(WITH("run: {start: }\n"), "p.yaml:2:14: an event's name or an RFC 3339 time expected");
	bad(WITH("run: {start: [A]}\n"),
	    "p.yaml:2:14: an event's name, a time, {event: NAME} or {artifact: FILE, path: PATH} expected");
	bad(WITH("run: {start: {name: A}}\n"),
	    "p.yaml:2:14: an event's name, a time, {event: NAME} or {artifact: FILE, path: PATH} expected");
	bad(WITH("run: {start: {event: A, pick: any}}\n"), "p.yaml:2:31: 'pick' must be first or last");
	bad(WITH("run: {start: {event: A, pik: last}}\n"),
	    "p.yaml:2:25: unknown key 'pik', did you mean 'pick'?");
	bad(WITH("run: {start: {event: ''}}\n"), "p.yaml:2:22: 'event' is empty");
	bad(WITH("run: {start: {event: }}\n"), "p.yaml:2:15: 'event' has no value");
	bad(WITH("run: {start: {artifact: m.json}}\n"), "p.yaml:2:14: a fact needs 'path'");
	bad(WITH("run: {start: {artifact: m.json, path: a, unit: 1h}}\n"),
	    "p.yaml:2:42: unknown key 'unit', known here: artifact, path, pick");
	bad(WITH("run: {start: '2026-13-12T06:00:00Z'}\n"),
	    "p.yaml:2:14: '2026-13-12T06:00:00Z' is not an RFC 3339 time with an offset (Z)");
	bad(WITH("run: {start: '2026-01-12T06:00:00'}\n"),
	    "p.yaml:2:14: '2026-01-12T06:00:00' is not an RFC 3339 time with an offset (Z)");
	bad(WITH("run: {duration: soon}\n"),
	    "p.yaml:2:17: 'duration' must be a duration above 0, such as 90s, 15m or 1h30m");
	bad(WITH("run: {duration: 0}\n"),
	    "p.yaml:2:17: 'duration' must be a duration above 0, such as 90s, 15m or 1h30m");
	bad(WITH("run: {duration: {artifact: a, path: b, unit: x}}\n"),
	    "p.yaml:2:46: 'unit' must be a duration above 0, such as 90s, 15m or 1h30m");
	bad(WITH("run: {timezone: ''}\n"), "p.yaml:2:17: 'timezone' is empty");
	bad(WITH("run: {timezone: '../etc/passwd'}\n"),
	    "p.yaml:2:17: '../etc/passwd' is not a time zone name");
	bad(WITH("run: {timezone: \"UTC\\0x\"}\n"), "p.yaml:2:17: 'timezone' must not hold a NUL character");
	bad(WITH("process_start: {slack: -1s}\n"),
	    "p.yaml:2:24: 'slack' must be a duration above 0, such as 90s, 15m or 1h30m");
}

static void
test_top(void **state)
{
	(void)state;
	bad("", "p.yaml:1:1: no document here");
	bad("[1]", "p.yaml:1:1: not a profile: keys and values expected");
	bad(CRITERIA, "p.yaml:1:1: a profile needs 'profile'");
	bad("profile: ../x\n" CRITERIA, "p.yaml:1:10: a profile's name has letters, digits, '.', '_' and '-' only");
	bad("profile: {}\n" CRITERIA, "p.yaml:1:10: 'profile' must be a text");
	bad(NAME, "p.yaml:1:1: no criteria: nothing could pass or fail");
	bad(NAME "criteria: []\n", "p.yaml:2:11: 'criteria' is empty");
	bad(NAME "criteria: {a: b}\n", "p.yaml:2:11: 'criteria' must be a list");
	bad(WITH("critera: 1\n"), "p.yaml:2:1: unknown key 'critera', did you mean 'criteria'?");
	bad(WITH("\"a\\u001b[31m\": 1\n"), "p.yaml:2:1: unknown key 'a\\x1b[31m', known here: profile, title, run, windows, "
	    "process_start, inputs, evidence, outcomes, on_contradiction, score, quantities, claims, crosscheck, criteria, baselines, "
	    "charts, report, slos, notes, checklists, approvals, waivers, attestations, rule_files, collect");
	bad(WITH("on_contradiction: no\n"), "p.yaml:2:19: 'on_contradiction' must be fail or warn");
	bad(WITH("slos: []\n"), "p.yaml:2:7: 'slos' is a list of SLOs");
	bad(WITH("approvals: {}\n"), "p.yaml:2:1: 'approvals' is not supported yet by this version");
	bad(WITH("waivers: []\n"), "p.yaml:2:10: 'waivers' is empty");
	bad(WITH("collect: []\n"), "p.yaml:2:10: 'collect' must have keys and values");
	bad(WITH("collect: {required: [a], optional: [a]}\n"), "p.yaml:2:37: 'a' stands there twice");
	bad(WITH("profile: y\n"), "p.yaml:2:1: duplicate key \"profile\" (also on line 1)");
	bad(WITH("report: {templat: a}\n"), "p.yaml:2:10: unknown key 'templat', did you mean 'template'?");
}

static void
test_windows(void **state)
{
	const struct profile *g = good(WITH("windows:\n"
	    "  steady: {not: chaos}\n"
	    "  chaos: {from: ON, to: {event: OFF, pick: last}}\n"
	    "  warm: {from: run.start, to: \"run.start + 10m\"}\n"));

	(void)state;
	/* What leaves another out comes after it. */
	assert_int_equal(g->n_windows, 3);
	is(g->windows[0].name, "chaos");
	is(g->windows[0].from.event, "ON");
	assert_int_equal(g->windows[0].to.pick, PICK_LAST);
	assert_int_equal(g->windows[0].not_window.n, 0);
	is(g->windows[1].name, "warm");
	assert_int_equal(g->windows[1].to.kind, WHEN_EXPR);
	is(g->windows[1].to.expr, "run.start + 10m");
	is(g->windows[2].name, "steady");
	is(g->windows[2].not_window, "chaos");
	assert_int_equal(g->windows[2].from.kind, WHEN_NONE);

	bad(WITH("windows: {run: {from: A, to: B}}\n"),
	    "p.yaml:2:11: 'run' is the whole run; give the window another name");
	bad(WITH("windows: {a b: {from: A, to: B}}\n"),
	    "p.yaml:2:11: 'a b' is no name for a window: letters, digits, '-' or '_'");
	bad(WITH("windows: {w: {from: A}}\n"), "p.yaml:2:14: a window needs 'from' and 'to', or 'not'");
	bad(WITH("windows: {w: A}\n"), "p.yaml:2:14: 'a window' must have keys and values");
	bad(WITH("windows: {w: {form: A, to: B}}\n"), "p.yaml:2:15: unknown key 'form', did you mean 'from'?");
	bad(WITH("windows: {v: {from: A, to: B}, w: {not: v, to: A}}\n"),
	    "p.yaml:2:35: a window has 'from' and 'to', or 'not', not both");
	bad(WITH("windows: {chaos: {from: A, to: B}, w: {not: choas}}\n"),
	    "p.yaml:2:45: no window 'choas' with 'from' and 'to', did you mean 'chaos'?");
	bad(WITH("windows: {w: {not: w}}\n"), "p.yaml:2:20: no window 'w' with 'from' and 'to'");
	bad(WITH("windows: {w: {from: run.strat, to: B}}\n"),
	    "p.yaml:2:21: in the time 'run.strat': column 1: unknown name 'run.strat', a time knows run.start and run.end");
	bad(WITH("windows: {w: {from: 'run.start +', to: B}}\n"),
	    "p.yaml:2:21: in the time 'run.start +': column 12: unexpected end");
}

static void
test_evidence(void **state)
{
	const struct profile *g = good(WITH("evidence:\n"
	    "- id: metrics\n"
	    "  any:\n"
	    "  - all:\n"
	    "    - snapshots: {file: 's-h{hour}.prom', time: 'run.start + ({hour} + 1) * 1h', every: 1h, count: 24}\n"
	    "    - snapshots: {file: s-final.prom, time: run.end, target: gw}\n"
	    "  - samples: {file: '*.om*', every: 1m}\n"
	    "- file: Events.log\n"
	    "  title: What happened\n"
	    "  optional: true\n"
	    "- snapshots:\n"
	    "    file: 'm-{hour}.prom'\n"
	    "    time: {event: 'hour {hour}', pick: last}\n"
	    "    first: 1\n"
	    "- file: events.log\n"));
	const struct profile_evidence *any = &g->evidence[0], *all = &any->child[0];

	(void)state;
	assert_int_equal(g->n_evidence, 4);
	assert_int_equal(any->kind, EVIDENCE_ANY);
	is(any->id, "metrics");
	is(any->title, "24 snapshots s-h{hour}.prom and s-final.prom or *.om*");
	assert_int_equal(any->n, 2);
	assert_int_equal(all->kind, EVIDENCE_ALL);
	assert_int_equal(all->n, 2);
	assert_int_equal(all->child[0].kind, EVIDENCE_SNAPSHOTS);
	is(all->child[0].id, "s-h-hour-prom");
	is(all->id, "s-h-hour-prom-2");
	is(all->child[0].snapshots.file, "s-h{hour}.prom");
	assert_int_equal(all->child[0].snapshots.time.kind, WHEN_EXPR);
	assert_int_equal(all->child[0].snapshots.every, TIME_HOUR);
	assert_int_equal(all->child[0].snapshots.count, 24);
	assert_int_equal(all->child[0].snapshots.first, 0);
	assert_true(all->child[1].snapshots.every == TIME_NONE);
	assert_int_equal(all->child[1].snapshots.count, 1);
	is(all->child[1].snapshots.target, "gw");
	assert_int_equal(any->child[1].kind, EVIDENCE_SAMPLES);
	assert_int_equal(any->child[1].every, TIME_MINUTE);
	assert_int_equal(g->evidence[1].kind, EVIDENCE_FILE);
	is(g->evidence[1].id, "events-log");
	is(g->evidence[1].title, "What happened");
	assert_true(g->evidence[1].optional);
	assert_false(g->evidence[2].optional);
	assert_int_equal(g->evidence[2].snapshots.time.kind, WHEN_EVENT);
	assert_int_equal(g->evidence[2].snapshots.time.pick, PICK_LAST);
	assert_int_equal(g->evidence[2].snapshots.first, 1);
	is(g->evidence[3].id, "events-log-2");
}

static void
test_evidence_refused(void **state)
{
	(void)state;
	bad(WITH("evidence: {}\n"), "p.yaml:2:11: 'evidence' must be a list");
	bad(WITH("evidence: []\n"), "p.yaml:2:11: 'evidence' is empty");
	bad(WITH("evidence:\n- a.log\n"), "p.yaml:3:3: 'evidence' must have keys and values");
	bad(WITH("evidence:\n- id: a\n"),
	    "p.yaml:3:3: say what must be there: snapshots, file, samples, any or all");
	bad(WITH("evidence:\n- {file: a, samples: {file: b, every: 1m}}\n"),
	    "p.yaml:3:13: 'samples' beside 'file': one of them in each item; several belong into any: or all:");
	bad(WITH("evidence:\n- {id: A, file: a}\n"),
	    "p.yaml:3:8: an id has small letters, digits and '-' only");
	bad(WITH("evidence:\n- {id: a, file: a}\n- any:\n  - {id: a, file: b}\n"),
	    "p.yaml:5:10: the id 'a' is taken (line 3)");
	bad(WITH("evidence:\n- {file: ''}\n"), "p.yaml:3:10: 'file' is empty");
	bad(WITH("evidence:\n- {file: [a]}\n"), "p.yaml:3:10: 'file' must be a text");
	bad(WITH("evidence:\n- {any: []}\n"), "p.yaml:3:9: 'any' is empty");
	bad(WITH("evidence:\n- {file: a, optional: yes}\n"), "p.yaml:3:23: 'optional' must be true or false");
	bad(WITH("evidence:\n- any:\n  - {file: a, optional: true}\n"),
	    "p.yaml:4:15: 'optional' belongs to the whole item, not inside any: or all:");
	bad(WITH("evidence:\n- samples: {file: a}\n"),
	    "p.yaml:3:12: 'samples' needs 'every': how far apart may they be?");
	bad(WITH("evidence:\n- snapshots: {file: a}\n"),
	    "p.yaml:3:14: 'snapshots' needs 'time': when was each taken?");
	bad(WITH("evidence:\n- snapshots: {file: a, time: run.end, count: 2}\n"),
	    "p.yaml:3:46: 'file' names one file; more need a {name} in it, as in soak-h{hour}.prom");
	bad(WITH("evidence:\n- snapshots: {file: 'a{n}', time: 'run.start + {n}', count: 0}\n"),
	    "p.yaml:3:61: 'count' must be a whole number from 1 to 1000000");
	bad(WITH("evidence:\n- snapshots: {file: 'a{n}', time: 'run.start + {n}', first: 99999999999999999999}\n"),
	    "p.yaml:3:61: 'first' must be a whole number from 0 to 2147483647");
	bad(WITH("evidence:\n- snapshots: {file: 'a{n}', time: 'run.start + {m}'}\n"),
	    "p.yaml:3:35: in the time 'run.start + {m}': column 14: the file's pattern has no {m}");
	bad(WITH("evidence:\n- snapshots: {file: 'a{n}', time: 'run.start + n'}\n"),
	    "p.yaml:3:35: in the time 'run.start + n': column 13: unknown name 'n', did you mean '{n}'?");
	bad(WITH("evidence:\n- snapshots: {file: 'a{n}', time: run.end}\n"),
	    "p.yaml:3:35: the time does not use {n}: all files would get the same one");
	bad(WITH("evidence:\n- snapshots: {file: 'a{n}', time: {event: X}}\n"),
	    "p.yaml:3:35: the time does not use {n}: all files would get the same one");
	bad(WITH("evidence:\n- snapshots: {file: a, time: 1h}\n"),
	    "p.yaml:3:30: a time is counted from run.start or run.end, as in 'run.start + 1h'");
	bad(WITH("evidence:\n- snapshots: {file: a, time: {artifact: m, path: t}}\n"),
	    "p.yaml:3:30: an expression or {event: NAME} expected");
	bad(WITH("evidence:\n- snapshots: {file: '*.prom', time: run.end}\n"),
	    "p.yaml:3:21: a snapshot's file holds {names} that stand for digits, not '*'");
	bad(WITH("evidence:\n- snapshots: {file: 'a{n', time: run.end}\n"),
	    "p.yaml:3:21: after '{' a name and '}' expected in the file's pattern");
	bad(WITH("evidence:\n- snapshots: {file: 'a{}', time: run.end}\n"),
	    "p.yaml:3:21: after '{' a name and '}' expected in the file's pattern");
	bad(WITH("evidence:\n- snapshots: {file: 'an}', time: run.end}\n"),
	    "p.yaml:3:21: '}' without '{' in the file's pattern");
	bad(WITH("evidence:\n- snapshots: {file: '{n}-{n}', time: run.end}\n"),
	    "p.yaml:3:21: {n} stands twice in the file's pattern");
	bad(WITH("evidence:\n- snapshots: {file: '{n}{m}', time: run.end}\n"),
	    "p.yaml:3:21: where {n} ends cannot be told: a digit or another {name} follows");
	bad(WITH("evidence:\n- snapshots: {file: '{n}0.prom', time: run.end}\n"),
	    "p.yaml:3:21: where {n} ends cannot be told: a digit or another {name} follows");
	bad(WITH("evidence:\n- snapshots: {file: '{a}-{b}-{c}-{d}-{e}', time: run.end}\n"),
	    "p.yaml:3:21: more than 4 {names} in the file's pattern");
}

static void
test_inputs(void **state)
{
	const struct profile *g = good(WITH("inputs:\n"
	    "- {file: 'a/*.prom', labels: {job: gw, instance: 'a:1'}, target: a}\n"
	    "- {file: b, target: b}\n"
	    "outcomes: {good: 'code=~\"2..\"', total: reqs}\n"));

	(void)state;
	assert_int_equal(g->n_inputs, 2);
	is(g->inputs[0].file, "a/*.prom");
	is(g->inputs[0].target, "a");
	assert_int_equal(g->inputs[0].labels.n, 2);
	is(g->inputs[0].labels.v[0].name, "instance"); /* sorted */
	is(labels_get(&g->inputs[0].labels, "job"), "gw");
	assert_int_equal(g->inputs[1].labels.n, 0);
	is(g->good, "code=~\"2..\"");
	is(g->outcome_total, "reqs");

	bad(WITH("inputs:\n- {file: a}\n"), "p.yaml:3:3: an input needs 'labels' or 'target'");
	bad(WITH("inputs:\n- {target: a}\n"), "p.yaml:3:3: an input needs 'file'");
	bad(WITH("inputs:\n- {file: a, labels: {a-b: c}}\n"), "p.yaml:3:22: 'a-b' is no label name");
	bad(WITH("inputs:\n- {file: a, labels: {__name__: c}}\n"), "p.yaml:3:22: '__name__' is no label name");
	bad(WITH("inputs:\n- {file: a, labels: {a: [c]}}\n"), "p.yaml:3:25: the label 'a' needs a text");
	bad(WITH("outcomes: {total: reqs}\n"), "p.yaml:2:11: 'outcomes' needs 'good'");
}

static void
test_claims(void **state)
{
	const struct profile *g = good(WITH("quantities: {all: reqs, sum2xx: 'reqs{code=~\"2..\"}'}\n"
	    "claims:\n"
	    "- {path: rate, file: s.json, equals: '100 * sum2xx / all', because: So it is.}\n"
	    "- {path: odd, because: Not ours.}\n"
	    "- {check: a.b + rate, equals: 100}\n"
	    "- {path: duration, equals: run.duration / 1s}\n"
	    "crosscheck:\n"
	    "- {series: reqs, starts: run}\n"
	    "- {series: fastfail, not_before: CHAOS_ON}\n"));

	(void)state;
	assert_int_equal(g->n_quantities, 2);
	is(g->quantities[1].name, "sum2xx");
	is(g->quantities[1].selector, "reqs{code=~\"2..\"}");
	assert_int_equal(g->n_claims, 4);
	is(g->claims[0].path, "rate");
	is(g->claims[0].file, "s.json");
	is(g->claims[0].equals, "100 * sum2xx / all");
	is(g->claims[0].because, "So it is.");
	assert_int_equal(g->claims[0].check.n, 0);
	assert_int_equal(g->claims[1].equals.n, 0);
	is(g->claims[2].check, "a.b + rate");
	is(g->claims[2].equals, "100");
	assert_int_equal(g->n_crosschecks, 2);
	assert_true(g->crosschecks[0].starts_at_run);
	assert_int_equal(g->crosschecks[0].not_before.kind, WHEN_NONE);
	assert_false(g->crosschecks[1].starts_at_run);
	is(g->crosschecks[1].not_before.event, "CHAOS_ON");

	bad(WITH("quantities: {a.b: x}\n"),
	    "p.yaml:2:14: 'a.b' is no name for a quantity: letters, digits and '_'");
	bad(WITH("quantities: {a: 5}\n"), "p.yaml:2:17: the quantity 'a' needs a selector");
	bad(WITH("claims:\n- {equals: 1}\n"), "p.yaml:3:3: a claim needs 'path'");
	bad(WITH("claims:\n- {path: a}\n"),
	    "p.yaml:3:3: a claim needs 'equals' (what it must be) or 'because' (why not)");
	bad(WITH("claims:\n- {path: a, check: b, equals: 1}\n"),
	    "p.yaml:3:13: 'path' and 'check' in one claim: one of them");
	bad(WITH("claims:\n- {check: a}\n"), "p.yaml:3:3: a check needs 'equals'");
	bad(WITH("claims:\n- {path: a, equal: 1}\n"), "p.yaml:3:13: unknown key 'equal', did you mean 'equals'?");
	bad(WITH("claims:\n- {path: a, equals: '1 +'}\n"), "p.yaml:3:21: in '1 +': column 4: unexpected end");
	bad(WITH("claims:\n- {check: '(a', equals: 1}\n"), "p.yaml:3:11: in '(a': column 3: unexpected end");
	bad(WITH("claims:\n- {path: a, equals: 2 * a}\n"),
	    "p.yaml:3:21: in '2 * a': column 5: the claim 'a' would be compared with itself");
	bad(WITH("claims:\n- {path: a, equals: '{hour}'}\n"),
	    "p.yaml:3:21: in '{hour}': column 2: {hour}: there are no file names with {names} here");
	bad(WITH("crosscheck:\n- {series: a}\n"),
	    "p.yaml:3:3: a crosscheck needs one of 'starts' and 'not_before'");
	bad(WITH("crosscheck:\n- {series: a, starts: run, not_before: A}\n"),
	    "p.yaml:3:3: a crosscheck needs one of 'starts' and 'not_before'");
	bad(WITH("crosscheck:\n- {series: a, starts: now}\n"),
	    "p.yaml:3:23: 'starts' can only be run: the series stands at 0 then");
	bad(WITH("crosscheck:\n- {starts: run}\n"), "p.yaml:3:3: a crosscheck needs 'series'");
}

static void
test_criteria(void **state)
{
	const struct profile *g = good(NAME "windows: {chaos: {from: A, to: B}}\n"
	    "criteria:\n"
	    "- id: success-rate\n"
	    "  title: Enough\n"
	    "  sli: {total: reqs, bad: bads}\n"
	    "  over: chaos\n"
	    "  objective: 97%\n"
	    "  warn: 99%\n"
	    "  key: true\n"
	    "  optional: true\n"
	    "  weight: 2.5\n"
	    "  min_coverage: 90%\n"
	    "  absent: zero\n"
	    "  absent_reason: Written only when there are some.\n"
	    "  action: Look.\n"
	    "- {id: b, promql: up == 1, min_coverage: 0}\n");
	const struct profile_criterion *c = &g->criteria[0];

	(void)state;
	assert_int_equal(g->n_criteria, 2);
	is(c->kind, "sli");
	assert_non_null(doc_get(c->spec, "bad"));
	is(c->over, "chaos");
	assert_true(c->objective.value == 0.97 && c->objective.op == OP_GE && c->objective.ratio);
	assert_int_equal(c->objective.at->line, 8);
	assert_true(c->warn.value == 0.99);
	assert_true(c->key && c->optional && c->absent_zero);
	assert_true(c->weight == 2.5 && c->min_coverage == 0.9);
	is(c->absent_reason, "Written only when there are some.");
	is(c->action, "Look.");
	is(g->criteria[1].kind, "promql");
	assert_int_equal(g->criteria[1].spec->kind, DOC_STRING);
	assert_true(g->criteria[1].min_coverage == 0);
}

#define CRITERION(text) NAME "windows: {chaos: {from: A, to: B}}\ncriteria:\n- {" text "}\n"

static void
test_criteria_refused(void **state)
{
	(void)state;
	bad(NAME "criteria:\n- success\n", "p.yaml:3:3: 'criteria' must have keys and values");
	bad(CRITERION("sli: {}"), "p.yaml:4:3: a criterion needs 'id'");
	bad(CRITERION("id: a_b, sli: {}"), "p.yaml:4:8: an id has small letters, digits and '-' only");
	bad(CRITERION("id: a, sli: {}}\n- {id: a, sli: {}"), "p.yaml:5:8: the id 'a' is taken (line 4)");
	bad(CRITERION("id: a"), "p.yaml:4:3: a criterion needs its kind, such as sli, events or schedule");
	bad(CRITERION("id: a, sli: {}, events: {}"),
	    "p.yaml:4:20: 'events' beside 'sli': a criterion has one kind, and other keys are: id, title, over, at, "
	    "objective, warn, key, optional, weight, min_coverage, min_samples, max_excluded, mode, absent, absent_reason, action, section");
	/* A misspelled key is not taken for a second kind, nor for the only one. */
	bad(CRITERION("id: a, sli: {}, objectve: 97%"),
	    "p.yaml:4:20: unknown key 'objectve', did you mean 'objective'?");
	bad(CRITERION("id: a, wieght: 1, sli: {}"), "p.yaml:4:11: unknown key 'wieght', did you mean 'weight'?");
	bad(CRITERION("id: a, objectiv: 97%"),
	    "p.yaml:4:11: unknown key 'objectiv', did you mean 'objective'?");
	bad(CRITERION("id: a, sli: {}, over: choas"),
	    "p.yaml:4:26: unknown window 'choas', did you mean 'chaos'?");
	bad(CRITERION("id: a, sli: {}, over: night"), "p.yaml:4:26: unknown window 'night'");
	bad(CRITERION("id: a, sli: {}, key: 1"), "p.yaml:4:25: 'key' must be true or false");
	bad(CRITERION("id: a, sli: {}, weight: -1"), "p.yaml:4:28: 'weight' must be a number, not negative");
	bad(CRITERION("id: a, sli: {}, weight: .inf"), "p.yaml:4:28: 'weight' must be a number, not negative");
	bad(CRITERION("id: a, sli: {}, min_samples: 0"), "p.yaml:4:33: 'min_samples' must be a whole number from 1 to 1000000000000000");
	bad(CRITERION("id: a, sli: {}, min_samples: 1.5"), "p.yaml:4:33: 'min_samples' must be a whole number from 1 to 1000000000000000");
	bad(CRITERION("id: a, sli: {}, mode: proven"), "p.yaml:4:26: 'mode' must be observed or demonstrated");
	bad(CRITERION("id: a, sli: {}") "score: {warn: 50%}\n", "p.yaml:5:8: score needs 'pass', such as 90%");
	bad(CRITERION("id: a, sli: {}") "score: {pass: 50%, warn: 60%}\n",
	    "p.yaml:5:26: 'warn' is the score above which it is not failed yet: not more than 'pass'");
	bad(CRITERION("id: a, sli: {}") "score: {pass: 90}\n", "p.yaml:5:15: 'pass' must be a ratio from 0% to 100%");
	bad(CRITERION("id: a, sli: {}, min_coverage: 95"),
	    "p.yaml:4:34: 'min_coverage' must be a ratio from 0% to 100%");
	bad(CRITERION("id: a, sli: {}, min_coverage: '>= 95%'"),
	    "p.yaml:4:34: 'min_coverage' must be a ratio from 0% to 100%");
	bad(CRITERION("id: a, sli: {}, warn: 99%"), "p.yaml:4:20: 'warn' without 'objective'");
	bad(CRITERION("id: a, sli: {}, objective: 97%, warn: 95%"),
	    "p.yaml:4:42: 'warn' is not stricter than 'objective': it would never be given");
	bad(CRITERION("id: a, sli: {}, objective: 97%, warn: < 99%"),
	    "p.yaml:4:42: 'warn' must compare in the same way as 'objective'");
	bad(CRITERION("id: a, sli: {}, absent: null"),
	    "p.yaml:4:28: 'absent' can only be zero: a metric that was never seen counts as 0");
	bad(CRITERION("id: a, sli: {}, absent: zero"),
	    "p.yaml:4:20: 'absent: zero' needs 'absent_reason': why is nothing seen the same as 0?");
	bad(CRITERION("id: a, sli: {}, absent: zero, absent_reason: ''"), "p.yaml:4:49: 'absent_reason' is empty");
	bad(CRITERION("id: a, sli: {}, absent_reason: because"), "p.yaml:4:20: 'absent_reason' without 'absent'");
}

/* None of the kinds that architecture.md names may be taken for a misspelling. */
static void
test_kinds(void **state)
{
	static const char *const kinds[] = {"sli", "promql", "k6", "alerts", "slo", "tests", "schedule", "events",
	    "trend", "spike", "recovery", "compare", "attest"};
	char text[100];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(text, sizeof(text), NAME "criteria:\n- {id: a, %s: x}\n", kinds[i]);
		is(good(text)->criteria[0].kind, kinds[i]);
	}
}

static void
test_objective(void **state)
{
	static const struct {
		const char *text;
		enum profile_op op;
		double value;
		bool ratio;
	} table[] = {
		{"97%", OP_GE, 0.97, true}, {"99.9%", OP_GE, 0.999, true}, {"0.97", OP_GE, 0.97, true},
		{"1", OP_GE, 1, true}, {"100%", OP_GE, 1, true}, {"'>= 1'", OP_GE, 1, false},
		{"'< 0.1%'", OP_LT, 0.001, true}, {"'== 0'", OP_EQ, 0, false}, {"'<=5'", OP_LE, 5, false},
		{"'> 1e3'", OP_GT, 1000, false}, {"' >=  99.99 % '", OP_GE, 0.9999, true},
		{"'> -1'", OP_GT, -1, false},
	};
	static const struct {
		const char *text, *message;
	} wrong[] = {
		{"good", "p.yaml:1:12: 'good' is no objective; write 97%, 0.97 or '>= 1'"},
		{"97", "p.yaml:1:12: '97' is no ratio; write 97% or 0.97, or compare: '>= 97'"},
		{"120%", "p.yaml:1:12: '120%' is no ratio; write 97% or 0.97, or compare: '>= 97'"},
		{"-0.5", "p.yaml:1:12: '-0.5' is no ratio; write 97% or 0.97, or compare: '>= 97'"},
		{"0", "p.yaml:1:12: '0' would always be met; compare: '== 0'"},
		{"0%", "p.yaml:1:12: '0%' would always be met; compare: '== 0'"},
		{"'='", "p.yaml:1:12: '=' is no objective; write 97%, 0.97 or '>= 1'"},
		{"'>='", "p.yaml:1:12: '>=' is no objective; write 97%, 0.97 or '>= 1'"},
		{"'%'", "p.yaml:1:12: '%' is no objective; write 97%, 0.97 or '>= 1'"},
		{"'>= nan'", "p.yaml:1:12: '>= nan' is no objective: it has no limit"},
		{"'< inf'", "p.yaml:1:12: '< inf' is no objective: it has no limit"},
		{"''", "p.yaml:1:12: '' is no objective; write 97%, 0.97 or '>= 1'"},
		{"true", "p.yaml:1:12: an objective is text such as 97% or '>= 1'"},
		{"[1]", "p.yaml:1:12: an objective is text such as 97% or '>= 1'"},
	};
	struct profile_objective o;
	struct arena a = {0};
	struct err e = {0};
	char text[100];
	struct doc *d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		snprintf(text, sizeof(text), "objective: %s", table[i].text);
		d = doc_yaml(&a, "p.yaml", sv_of(text), NULL);
		if (profile_objective(doc_get(d, "objective"), &o, &e) < 0)
			fail_msg("%s: %s", text, e.msg);
		if (o.op != table[i].op || o.value != table[i].value || o.ratio != table[i].ratio)
			fail_msg("%s: op %d value %.17g ratio %d", text, o.op, o.value, o.ratio);
		is(o.text, doc_get(d, "objective")->text.p);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), "objective: %s", wrong[i].text);
		d = doc_yaml(&a, "p.yaml", sv_of(text), NULL);
		assert_int_equal(profile_objective(d->child, &o, &e), -1);
		assert_string_equal(e.msg, wrong[i].message);
	}
	arena_free(&a);
}

static void
test_charts(void **state)
{
	const struct profile *g = good(NAME CRITERIA "charts:\n- {id: c, kind: success-rate, criterion: a}\n");

	(void)state;
	assert_int_equal(g->n_charts, 1);
	is(g->charts[0].kind, "success-rate");
	is(g->charts[0].criterion, "a");
	is(g->charts[0].title, "c");
	bad(NAME CRITERIA "charts:\n- {id: c}\n", "p.yaml:5:3: a chart needs 'kind'");
	bad(NAME CRITERIA "charts:\n- {id: c, kind: k, criterion: b}\n",
	    "p.yaml:5:31: no criterion has the id 'b'");
	bad(NAME CRITERIA "charts:\n- {id: c, kind: k}\n- {id: c, kind: k}\n",
	    "p.yaml:6:8: the id 'c' is taken (line 5)");
}

/* Bounded: a list of more entries than anybody writes. */
static void
test_too_many(void **state)
{
	struct sb s = {0};
	int i;

	(void)state;
	sb_adds(&s, NAME "criteria:\n");
	for (i = 0; i < 1001; i++)
		sb_addf(&s, "- {id: c%d, sli: {}}\n", i);
	bad(sb_str(&s), "p.yaml:3:1: 'criteria' has more than 1000 entries");
	sb_reset(&s);
	sb_adds(&s, NAME "evidence:\n");
	for (i = 0; i < 201; i++)
		sb_adds(&s, "- {file: '*'}\n");
	sb_adds(&s, CRITERIA);
	bad(sb_str(&s), "p.yaml:203:3: 'evidence' has more than 200 items");
	sb_free(&s);
}

static void
test_match(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool match;
		int64_t value;
	} table[] = {
		{"soak-h{hour}.prom", "soak-h0.prom", true, 0},
		{"soak-h{hour}.prom", "soak-h23.prom", true, 23},
		{"soak-h{hour}.prom", "reports/x/soak-h7.prom", true, 7},
		{"soak-h{hour}.prom", "a.tar.gz/reports/soak-h7.prom", true, 7},
		{"m-{h}.prom", "m-08.prom", true, 8},
		{"m-{h}.prom", "m-.prom", false, 0},
		{"m-{h}.prom", "m-x.prom", false, 0},
		{"m-{h}.prom", "m-1x.prom", false, 0},
		{"m-{h}.prom", "m--1.prom", false, 0},
		{"m-{h}.prom", "m-1.prom.gz", false, 0},
		{"m-{h}.prom", "am-1.prom", false, 0},
		{"m-{h}.prom", "m-99999999999999999999.prom", false, 0},
		{"m-{h}.prom", "m-9223372036854775807.prom", true, INT64_MAX},
		{"m-{h}.prom", "", false, 0},
		{"reports/m-{h}", "reports/m-5", true, 5},
		{"reports/m-{h}", "m-5", false, 0},
		{"{h}", "5", true, 5},
	};
	struct profile_captures c;
	struct arena a = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		bool match = profile_match(sv_of(table[i].pattern), sv_of(table[i].name), &c);

		if (match != table[i].match || (match && (c.n != 1 || c.value[0] != table[i].value)))
			fail_msg("%s, %s: %d", table[i].pattern, table[i].name, match);
	}
	assert_true(profile_match(SV("final.prom"), SV("x/final.prom"), &c));
	assert_int_equal(c.n, 0);
	assert_true(profile_match(SV("d{day}-h{hour}.prom"), SV("d02-h003.prom"), &c));
	assert_int_equal(c.n, 2);
	is(c.name[0], "day");
	assert_int_equal(c.value[1], 3);
	is(profile_fill(&a, SV("day {day}, hour {hour} of {all} {"), &c), "day 2, hour 3 of {all} {");
	is(profile_fill(&a, SV(""), &c), "");
	arena_free(&a);
}

static void
test_snapshot_rule(void **state)
{
	const struct profile *g = good(WITH("evidence:\n"
	    "- any:\n"
	    "  - samples: {file: '*.om', every: 1m}\n"
	    "  - all:\n"
	    "    - snapshots: {file: 'h{hour}.prom', time: 'run.start + {hour} * 1h'}\n"
	    "- snapshots: {file: final.prom, time: run.end}\n"));
	struct profile_captures c;

	(void)state;
	assert_ptr_equal(profile_snapshot_rule(g, SV("x/h4.prom"), &c),
	    &g->evidence[0].child[1].child[0].snapshots);
	assert_int_equal(c.value[0], 4);
	assert_ptr_equal(profile_snapshot_rule(g, SV("final.prom"), &c), &g->evidence[1].snapshots);
	assert_int_equal(c.n, 0);
	assert_null(profile_snapshot_rule(g, SV("x.om"), &c));
}

/* For those who read a criterion's spec. */
static void
test_keys(void **state)
{
	static const char *const known[] = {"total", "bad", NULL};
	struct arena a = {0};
	struct err e = {0};
	struct doc *d = doc_yaml(&a, "s.yaml", SV("total: a\nbda: b\n"), &e);
	struct sv text;

	(void)state;
	assert_int_equal(profile_keys(d, known, &e), -1);
	assert_string_equal(e.msg, "s.yaml:2:1: unknown key 'bda', did you mean 'bad'?");
	assert_int_equal(profile_keys(doc_get(d, "total"), known, &e), -1);
	assert_string_equal(e.msg, "s.yaml:1:8: keys and values expected here");
	assert_int_equal(profile_text(d, "total", &text, &e), 0);
	is(text, "a");
	assert_int_equal(profile_text(d, "none", &text, &e), 0);
	is(text, "");
	d = doc_yaml(&a, "s.yaml", SV("total: a\nbad: [b]\n"), &e);
	assert_int_equal(profile_keys(d, known, &e), 0);
	assert_int_equal(profile_text(d, "bad", &text, &e), -1);
	assert_string_equal(e.msg, "s.yaml:2:6: 'bad' must be a text");
	arena_free(&a);
}

static void
write_file(const char *path, const char *text)
{
	struct err e = {0};

	if (io_write_file(path, sv_of(text), &e) < 0)
		fail_msg("%s", e.msg);
}

static void
find_is(const char *name, const char *const *dir, size_t n, const char *file)
{
	struct err e = {0};

	profile_free(p);
	p = profile_find(name, dir, n, &e);
	if (p == NULL)
		fail_msg("%s: %s", name, e.msg);
	assert_string_equal(p->file, file);
}

static void
find_fails(const char *name, const char *const *dir, size_t n, const char *message)
{
	struct err e = {0};

	assert_null(profile_find(name, dir, n, &e));
	assert_string_equal(e.msg, message);
}

/* What test_find() made; a folder that is not empty stays and fails. */
static void
remove_all(const char *tmp)
{
	static const char *const files[] = {"one/profiles/b.yaml", "two/profiles/b.yaml", "two/profiles/a-24h.yaml",
	    "two/profiles/notes.txt", "two/profiles/.yaml", "b.yaml", "b", "two/profiles/folder.yaml",
	    "one/profiles", "two/profiles", "one", "two"};
	char path[200];
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", tmp, files[i]);
		assert_int_equal(remove(path), 0);
	}
	assert_int_equal(rmdir(tmp), 0);
}

static void
test_find(void **state)
{
	static const char *const dir[] = {"one", "two", "none"};
	char here[4096], tmp[] = "/tmp/test-profile-XXXXXX";
	struct err e = {0};

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_non_null(mkdtemp(tmp));
	assert_int_equal(chdir(tmp), 0);
	assert_int_equal(io_mkdirs("one/profiles", &e), 0);
	assert_int_equal(io_mkdirs("two/profiles/folder.yaml", &e), 0);
	find_fails("a", dir, 3, "no profile 'a', and no profiles are installed");
	write_file("one/profiles/b.yaml", WITH(""));
	write_file("two/profiles/b.yaml", WITH(""));
	write_file("two/profiles/a-24h.yaml", WITH(""));
	write_file("two/profiles/notes.txt", "");
	write_file("two/profiles/.yaml", "");

	find_is("b", dir, 3, "one/profiles/b.yaml"); /* the first folder wins */
	find_is("a-24h", dir, 3, "two/profiles/a-24h.yaml");
	find_is("a-24h.yaml", dir, 3, "two/profiles/a-24h.yaml");
	find_is("two/profiles/a-24h", dir, 0, "two/profiles/a-24h.yaml");
	find_is("./two/profiles/b.yaml", dir, 3, "./two/profiles/b.yaml");
	find_fails("c", dir, 3, "no profile 'c'; there are: a-24h, b");
	find_fails("", dir, 3, "no profile ''; there are: a-24h, b");
	find_fails("c\033[2J", dir, 3, "no profile 'c\\x1b[2J'; there are: a-24h, b");
	find_fails("folder", dir, 3, "no profile 'folder'; there are: a-24h, b");
	/* A path is not looked up in the folders. */
	find_fails("../profiles/b", dir, 3, "no profile '../profiles/b'; there are: a-24h, b");

	/* A folder of that name does not hide the profile; a file does. */
	assert_int_equal(mkdir("b", 0700), 0);
	find_is("b", dir, 3, "one/profiles/b.yaml");
	write_file("b.yaml", WITH(""));
	find_is("b", dir, 3, "b.yaml");
	write_file("b.yaml", "profile: [\n");
	assert_null(profile_find("b", dir, 3, &e));
	assert_memory_equal(e.msg, "b.yaml:2:1: ", 12);
	assert_int_equal(chdir(here), 0);
	remove_all(tmp);
}

/* The fuzzer's seed that has every key must stay a good one. */
static void
test_seed(void **state)
{
	const char *root = getenv("SOAK_ROOT");
	struct sb path = {0};

	(void)state;
	sb_addf(&path, "%s/tests/corpus/profile/every-key.yaml", root == NULL ? "." : root);
	find_is(sb_str(&path), NULL, 0, sb_str(&path));
	is(p->evidence[1].id, "evidence-2"); /* two globs without a letter in them */
	sb_free(&path);
}

/* What we ship must load. */
static void
test_shipped(void **state)
{
	const char *root = getenv("SOAK_ROOT");
	const char *dir[1];
	struct arena a = {0};
	struct profile_captures c;
	const struct profile_snapshots *s;

	(void)state;
	dir[0] = arena_fmt(&a, "%s/templates", root == NULL ? "." : root);
	find_is("gateway-24h", dir, 1, arena_fmt(&a, "%s/profiles/gateway-24h.yaml", dir[0]));
	is(p->name, "gateway-24h");
	assert_int_equal(p->duration, TIME_DAY);
	s = profile_snapshot_rule(p, SV("reports/soak-h0.prom"), &c);
	assert_non_null(s);
	is(s->time.expr, "run.start + ({hour} + 1) * 1h");
	assert_int_equal(s->count, 24);
	assert_non_null(profile_snapshot_rule(p, SV("reports/soak-final.prom"), &c));
	find_is("gateway-burn-in-48h", dir, 1, arena_fmt(&a, "%s/profiles/gateway-burn-in-48h.yaml", dir[0]));
	is(p->name, "gateway-burn-in-48h");
	s = profile_snapshot_rule(p, SV("metrics-hour-08.prom"), &c);
	assert_non_null(s);
	is(profile_fill(&a, s->time.event, &c), "EXECUTING: Capturing metrics for hour 8");
	arena_free(&a);
}

/* The next fenced block of a Markdown text, without its fences. */
static bool
next_example(struct sv *text, struct sv *block)
{
	size_t at = sv_find(*text, SV("\n```yaml\n"));

	if (at == text->n)
		return false;
	*text = sv_from(*text, at + 9);
	at = sv_find(*text, SV("```\n"));
	*block = sv_head(*text, at);
	*text = sv_from(*text, at + 4);
	return true;
}

/* Every example of docs/profile.md is a profile, or is one with the two required keys. */
static void
test_manual(void **state)
{
	const char *root = getenv("SOAK_ROOT");
	struct sb manual = {0}, example = {0}, path = {0};
	struct sv rest, block;
	struct err e = {0};
	int n = 0;

	(void)state;
	sb_addf(&path, "%s/docs/profile.md", root == NULL ? "." : root);
	if (io_read_file(sb_str(&path), 1 << 20, &manual, &e) < 0)
		fail_msg("%s", e.msg);
	for (rest = sb_sv(&manual); next_example(&rest, &block); n++) {
		sb_reset(&example);
		if (!sv_starts(block, "profile:"))
			sb_adds(&example, NAME);
		sb_addv(&example, block);
		if (sv_find(block, SV("criteria:")) == block.n)
			sb_adds(&example, CRITERIA);
		good(sb_str(&example));
	}
	assert_true(n >= 14);
	sb_free(&manual);
	sb_free(&example);
	sb_free(&path);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

#define W(text) "profile: x\ncriteria:\n- {id: a, sli: {}}\nwaivers:\n- {" text "}\n"
#define WHOLE "id: w, criterion: a, observed: 1, reason: r, owner: Ada, approver: Ben, created: 2026-01-03, expires: 2026-01-04"
#define A(text) "profile: x\ncriteria:\n- {id: a, attest: s}\nattestations:\n- {" text "}\n"

static void
test_people(void **state)
{
	const struct profile *g = good(W(WHOLE ", ticket: T-1, match: {zone: x, alarm: 'y z'}"));
	const struct profile_waiver *w = &g->waivers[0];
	int64_t t;

	(void)state;
	assert_int_equal(g->n_waivers, 1);
	is(w->id, "w");
	is(w->criterion, "a");
	is(w->owner, "Ada");
	is(w->approver, "Ben");
	is(w->ticket, "T-1");
	assert_int_equal(w->match.n, 2);
	is(w->match.v[1].name, "alarm");
	is(w->match.v[1].value, "y z");
	assert_true(time_parse(SV("2026-01-03T00:00:00Z"), &t) && w->created == t);
	assert_true(time_parse(SV("2026-01-05T00:00:00Z"), &t) && w->expires == t);
	/* A file beside it adds more, and its bytes are kept. */
	assert_int_equal(profile_add_waivers(p, "w.yaml", SV("waivers:\n- {id: v, criterion: a, observed: 1, reason: r, owner: C, "
	    "approver: D, created: 2026-01-03T01:00:00Z, expires: 2026-01-03T02:00:00Z}\n"), NULL), 0);
	assert_int_equal(p->n_waivers, 2);
	is(p->waivers[0].id, "w");
	is(p->waivers[1].id, "v");
	assert_true(p->waivers[1].expires - p->waivers[1].created == TIME_HOUR);
	assert_true(sv_starts(p->waivers_text, "waivers:\n- {id: v"));
	assert_null(p->attestations_text.p);

	good(A("criterion: a, statement: So it is., holds: false, by: Cara, stated: 2026-01-03"));
	assert_int_equal(p->n_attestations, 1);
	is(p->attestations[0].statement, "So it is.");
	is(p->attestations[0].by, "Cara");
	is(p->attestations[0].role, "");
	assert_false(p->attestations[0].holds);
	assert_int_equal(profile_add_attestations(p, "t.yaml", SV("attestations:\n- {criterion: a, statement: s, holds: true, by: D, role: "
	    "QA, stated: 2026-01-03, ticket: T}\n"), NULL), 0);
	assert_int_equal(p->n_attestations, 2);
	assert_true(p->attestations[1].holds);
}

static void
beside(const char *text, const char *message)
{
	struct err e = {0};

	good(W(WHOLE));
	assert_int_equal(profile_add_waivers(p, "w.yaml", sv_of(text), &e), -1);
	assert_string_equal(e.msg, message);
}

static void
test_people_refused(void **state)
{
	(void)state;
	bad(W("id: w"), "p.yaml:5:3: a waiver needs 'criterion'");
	bad(W(WHOLE ", colour: red"), "p.yaml:5:118: unknown key 'colour', known here: id, criterion, match, observed, reason, owner, approver, "
	    "created, expires, ticket");
	bad(W("id: w, criterion: b, observed: 1, reason: r, owner: A, approver: B, created: 2026-01-03, expires: 2026-01-04"),
	    "p.yaml:5:22: no criterion has the id 'b', did you mean 'a'?");
	bad(W("id: w, criterion: a, observed: 1, reason: r, owner: Ada B, approver: ' ADA b ', created: 2026-01-03, expires: 2026-01-04"),
	    "p.yaml:5:73: the approver of a waiver cannot be its owner");
	bad(W("id: w, criterion: a, observed: 1, reason: r, owner: Ada B, approver: \"ada\\u00a0 b\\u200b.\", created: 2026-01-03, expires: 2026-01-04"),
	    "p.yaml:5:73: the approver of a waiver cannot be its owner");
	bad(W("id: w, criterion: a, observed: 1, reason: r, owner: A, approver: B, created: 2026-01-03T00:00:00Z, expires: "
	      "2026-01-03T00:00:00Z"), "p.yaml:5:112: 'expires' is not after 'created'");
	bad(W("id: w, criterion: a, observed: 1, reason: r, owner: A, approver: B, created: 3 January, expires: 2026-01-04"),
	    "p.yaml:5:81: 'created' must be a date such as 2026-01-03, or a time such as 2026-01-03T12:00:00Z");
	bad(W("id: w, criterion: a, observed: 1, reason: r, owner: A, approver: B, created: 1768197180, expires: 2026-01-04"),
	    "p.yaml:5:81: 'created' must be a date such as 2026-01-03, or a time such as 2026-01-03T12:00:00Z");
	bad(W("id: w, criterion: a, match: {}, observed: 1, reason: r, owner: A, approver: B, created: 2026-01-03, expires: 2026-01-04"),
	    "p.yaml:5:32: 'match' is empty: leave it out to waive the whole criterion");
	bad(W("id: w, criterion: a, match: {alarm: [x]}, observed: 1, reason: r, owner: A, approver: B"),
	    "p.yaml:5:40: 'match' names labels and their values: {alarm: order-dlq}");
	bad(A("criterion: a, statement: s, by: C, stated: 2026-01-03"), "p.yaml:5:3: an attestation needs 'holds': true, or false when it is "
	    "stated that it did not");
	bad(A("criterion: a, statement: s, holds: maybe, by: C, stated: 2026-01-03"), "p.yaml:5:39: 'holds' must be true or false");
	bad(A("criterion: a, statement: s, holds: true, stated: 2026-01-03"), "p.yaml:5:3: an attestation needs 'by'");
	beside("waivers:\n- {" WHOLE "}\n", "w.yaml:2:8: the id 'w' is taken (p.yaml:5)");
	beside("waivrs: []\n", "w.yaml:1:1: unknown key 'waivrs', did you mean 'waivers'?");
	beside("[]\n", "w.yaml:1:1: a list 'waivers' is expected here");
	beside("{}\n", "w.yaml:1:1: a list 'waivers' is expected here");
	beside("waivers: []\nattestations: []\n", "w.yaml:2:1: unknown key 'attestations', known here: waivers");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_defaults), TEST(test_run), TEST(test_run_refused), TEST(test_top), TEST(test_windows),
		TEST(test_evidence), TEST(test_evidence_refused), TEST(test_inputs), TEST(test_claims),
		TEST(test_criteria), TEST(test_criteria_refused), TEST(test_kinds), TEST(test_objective),
		TEST(test_charts), TEST(test_too_many), TEST(test_match), TEST(test_snapshot_rule),
		TEST(test_keys), TEST(test_find), TEST(test_shipped),
		TEST(test_manual), TEST(test_seed),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_people_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
