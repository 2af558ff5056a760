/*
 * The report templates that come with Soakproof, over a verdict.json written here by hand: every name of the schema is
 * in it, and every text in it can be made hostile. Then what report.h promises about data, lookup and refusals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "base/time.h"
#include "judge/judge.h"
#include "report/people.h"
#include "report/provenance.h"
#include "report/report.h"

#define DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define PNG "\211PNG\r\n\032\n"

/* '@' is a text from an artifact; $D, $V, $C, $S: decision, verdict, verdict of the criterion, state of the claim. */
static const char verdict_json_text[] =
    "{'schema': 1, 'profile': {'name': 'gateway-24h', 'title': 'Gateway soak @', 'sha256': '" DIGEST "'},\n"
    " 'verdict': '$V', 'decision': '$D', 'headline': 'the headline @', 'reasons': ['a reason @'],\n"
    " 'run': {'start': '2026-01-12T06:00:00Z', 'start_source': 'soak-events.log:1 @',\n"
    "  'end': '2026-01-13T06:00:00Z', 'end_source': 'start + duration @', 'end_planned': true, 'duration_seconds': 86400},\n"
    " 'criteria': [{'id': 'success-rate', 'title': 'Success rate @', 'kind': 'sli', 'over': 'steady@', 'verdict': '$C',\n"
    "  'key': true, 'optional': true,\n"
    "  'observed': {'id': 'o', 'value': 0.99, 'text': '99.44 % @', 'unit': 'ratio', 'query': 'q @'},\n"
    "  'required': {'id': 'r', 'value': 0.97, 'text': '97 % @', 'unit': 'ratio'}, 'margin': null,\n"
    "  'n': {'id': 'n', 'value': null, 'text': 'n/a', 'unit': 'count'},\n"
    "  'coverage': {'id': 'c', 'value': 0.5, 'text': '50 %', 'window_seconds': 86400, 'covered_seconds': 43200,\n"
    "   'first': '2026-01-12T07:00:00Z', 'last': null, 'samples': 25, 'longest_gap_seconds': 3600, 'restarts': 1,\n"
    "   'unseen_seconds_min': 33, 'unseen_seconds_max': 42},\n"
    "  'at_least': true, 'method': 'exact increases @', 'sentence': 'It was measured @', 'settle': 'more samples @',\n"
    "  'action': 'look at the chart @', 'sources': ['a@', 'b', 'c', 'd', 'e']},\n"
    "  {'id': 'seen', 'title': 'Seen', 'kind': 'events', 'over': 'run', 'verdict': 'PASS', 'key': false,\n"
    "  'optional': false, 'observed': null, 'required': null, 'margin': null, 'n': null, 'coverage': null,\n"
    "  'at_least': false, 'method': '', 'sentence': 'Seen once.', 'sources': []}],\n"
    " 'notes': {'given': true, 'by': 'Ada @', 'role': 'Lead @', 'stated': '2026-01-13T09:00:00Z', 'sha256': '" DIGEST "', 'why': 'too early @',\n"
    "  'identity': [{'name': 'version @', 'value': '2.4 @'}, {'name': 'commit', 'value': ''}],\n"
    "  'observations': [{'text': 'it rained @', 'by': 'Ben @'}], 'no_risks': false,\n"
    "  'risks': [{'id': 'R-1 @', 'text': 'a risk @', 'owner': 'Cara @', 'due': '2026-02-01T00:00:00Z', 'mitigation': 'care @',\n"
    "   'ticket': 'T-1 @'}, {'id': '', 'text': 'another', 'owner': 'x', 'due': null, 'mitigation': '', 'ticket': ''}],\n"
    "  'readiness': [{'id': 'back', 'question': 'Is there a way back @', 'optional': true, 'state': 'ready', 'answer': 'yes',\n"
    "   'detail': 'tried @', 'by': 'Dan @'}, {'id': 'call', 'question': 'On call?', 'optional': false, 'state': 'missing', 'answer': '',\n"
    "   'detail': '', 'by': ''}], 'sign_off': [{'role': 'QA @', 'name': 'Eve @'}], 'missing': ['no answer @']},\n"
    " 'checklists': [{'id': 'go', 'title': 'Go-live @', 'note': 'all of it @', 'items': [\n"
    "  {'text': 'rate @', 'state': 'ticked', 'why': '', 'rests_on': ['criterion/success-rate']},\n"
    "  {'text': 'alarms @', 'state': 'waived', 'why': 'known @', 'rests_on': ['criterion/seen']},\n"
    "  {'text': 'leak @', 'state': 'unknown', 'why': 'not looked at @', 'rests_on': []},\n"
    "  {'text': 'smoke @', 'state': 'unticked', 'why': 'one failed @', 'rests_on': ['criterion/seen']}]}],\n"
    " 'slos': [{'id': 'avail', 'title': 'Availability @', 'outcome': 'missed', 'sentence': '24 h of 30 days @', 'period': '30-day',\n"
    "  'required': {'id': 's/r', 'value': 0.999, 'text': '99.9 %', 'unit': 'ratio'}, 'observed': {'id': 's/o', 'value': 0.99,\n"
    "   'text': '99.01 %', 'unit': 'ratio', 'query': 'q @'}, 'n': null, 'bad': null, 'burn': {'id': 's/b', 'value': 9.9, 'text': '9.90',\n"
    "   'unit': ''}, 'demonstrated': {'id': 's/d', 'value': 0.98, 'text': '98.12 %', 'unit': 'ratio'},\n"
    "  'windows': [{'window': '1h', 'evaluable': true, 'why': '', 'burn': {'id': 's/1h', 'value': 14, 'text': '14.00', 'unit': ''},\n"
    "    'at': '2026-01-12T15:00:00Z'}, {'window': '3d', 'evaluable': false, 'why': 'longer than the run @', 'burn': null, 'at': null}],\n"
    "  'alerts': [{'severity': 'page @', 'rule': '1h/5m burn above 14.4', 'evaluable': true, 'why': '', 'fired': [{\n"
    "    'from': '2026-01-12T15:00:00Z', 'to': '2026-01-12T15:10:00Z'}]},\n"
    "   {'severity': 'ticket', 'rule': '3d/6h burn above 1', 'evaluable': false, 'why': 'longer than the run @', 'fired': []}]}],\n"
    " 'evidence': [{'id': 'm', 'title': 'Metrics @', 'present': false, 'optional': false, 'expected': 25, 'found': 23,\n"
    "  'sentence': 'Metrics @: 23 of 25', 'missing': ['h5.prom: empty @', 'h6.prom: empty @'],\n"
    "  'missing_brief': ['h5.prom to h6.prom @']},\n"
    "  {'id': 'x', 'title': 'Alerts', 'present': false, 'optional': true, 'expected': 1, 'found': 0,\n"
    "  'sentence': 'none', 'missing': ['alerts.json: not there']}],\n"
    " 'contradictions': [{'id': 'c', 'source': 'sum.json:9 @', 'sentence': 'it contradicts @'}],\n"
    " 'claims': [{'id': 'cl', 'path': 'success_rate @', 'source': 'sum.json:9 @', 'claimed': '99.04 @',\n"
    "  'recomputed': {'id': 'x', 'value': 99.04, 'text': '99.040625 @', 'unit': ''}, 'state': '$S',\n"
    "  'definition': '100 * ok / all @', 'because': 'b @', 'sentence': 'the claim is so @'}],\n"
    " 'rates': [{'title': 'answered 2xx @', 'matcher': 'code=~\\'2..\\' @', 'rate': {'id': 'r', 'value': 0.98, 'text': '98.88 %',\n"
    "  'unit': 'ratio'}, 'good': null, 'total': {'id': 't', 'value': 10, 'text': '865 440', 'unit': 'count'}}],\n"
    " 'windows': [{'name': 'steady @', 'source': 'events @', 'spans': [{'from': '2026-01-12T06:00:00Z',\n"
    "  'to': '2026-01-12T15:00:00Z'}]}, {'name': 'upgrade', 'source': 'no such event @', 'spans': []}],\n"
    " 'events': [{'time': '2026-01-12T15:00:00Z', 'name': 'CHAOS_MODE_ON @', 'source': 'soak-events.log:52 @'}],\n"
    " 'problems': [{'source': 'h5.prom @', 'line': 12, 'severity': 'error', 'text': 'cut @'},\n"
    "  {'source': 'h6.prom', 'line': null, 'severity': 'note', 'text': 'empty'}],\n"
    " 'inputs': [{'name': 'r.tar.gz/h5.prom @', 'sha256': '" DIGEST "', 'size': 12595, 'format': 'prometheus-text @',\n"
    "  'items': 214, 'complete': true, 'superseded': false, 'time': '2026-01-12T12:00:00Z', 'time_source': 'profile',\n"
    "  'time_why': 'pattern @', 'first': null, 'last': null}]}\n";

static const char hostile[] = "<script>alert(1)</script><b onload='x'>\"><img src=x> | `code` ](javascript:alert(2)) "
			      "![i](http://evil) {{x}} \033[31mred\033]0;t\007 \342\200\256rtl\342\200\250 \r\n\r\n# head\n- list";

static struct arena a;
static struct err e;
static struct sb out;
static char root[512], user[64];

static int
setup(void **state)
{
	const char *given = getenv("SOAK_ROOT");

	(void)state;
	memset(&e, 0, sizeof(e));
	snprintf(root, sizeof(root), "%s/templates", given == NULL ? "." : given);
	snprintf(user, sizeof(user), "/tmp/soak-report-XXXXXX");
	return mkdtemp(user) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	char cmd[96];

	(void)state;
	arena_free(&a);
	sb_free(&out);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", user);
	return system(cmd) == 0 ? 0 : -1;
}

struct words {
	const char *decision, *verdict, *criterion, *state, *text;
};
static const struct words go = {"GO", "PASS", "PASS", "explained", ""};
static const struct words no_go = {"NO-GO", "FAIL", "FAIL", "contradicted", ""};
static const struct words open_end = {"INCONCLUSIVE", "INCONCLUSIVE", "INCONCLUSIVE", "undecided", ""};

/* A text like the one above with its words filled in, and " where it has '. */
static struct doc *
filled(const char *p, const struct words *w)
{
	struct sb json = {0}, quoted = {0};
	struct doc *d;

	json_quote(&quoted, sv_of(w->text));
	for (; *p != '\0'; p++) {
		if (*p == '@')
			sb_add(&json, quoted.buf + 1, quoted.n - 2);
		else if (*p == '$')
			sb_adds(&json, *++p == 'D' ? w->decision : *p == 'V' ? w->verdict : *p == 'C' ? w->criterion : w->state);
		else if (*p == '\\' && p[1] == '\'')
			sb_addc(&json, *++p);
		else
			sb_addc(&json, *p == '\'' ? '"' : *p);
	}
	d = doc_json(&a, "verdict.json", arena_sv(&a, sb_sv(&json)), &e);
	if (d == NULL)
		fail_msg("%s", e.msg);
	sb_free(&json);
	sb_free(&quoted);
	return d;
}

static struct doc *
verdict(const struct words *w)
{
	return filled(verdict_json_text, w);
}

static struct doc *
data(const struct words *w)
{
	struct report_chart chart = {SV("charts/rate (1).png"), SV(PNG), sv_of(w->text), sv_of(w->text), {NULL, 0}};
	struct doc *d = report_data(&a, verdict(w), NULL, &chart, 1, &e);

	if (d == NULL || provenance_add(&a, d, NULL, &e) < 0)
		fail_msg("%s", e.msg);
	return d;
}

static const char *
render(const struct words *w, const char *name)
{
	const char *dir[] = {root};

	sb_reset(&out);
	if (report_render(data(w), name, dir, 1, &out, &e) < 0)
		fail_msg("%s", e.msg);
	return sb_str(&out);
}

static void
assert_has(const char *text)
{
	if (strstr(sb_str(&out), text) == NULL)
		fail_msg("the report lacks: %s", text);
}

static void
assert_has_not(const char *text)
{
	const char *at = strstr(sb_str(&out), text);

	if (at != NULL)
		fail_msg("the report has '%s' in: %.120s", text, at - (at - sb_str(&out) > 60 ? 60 : 0));
}

static const char *
after(const char *first, const char *second)
{
	const char *x = strstr(sb_str(&out), first), *y = x == NULL ? NULL : strstr(x, second);

	if (y == NULL)
		fail_msg("no '%s' with '%s' after it", first, second);
	return y;
}

/* What must be in every report, whatever its format. */
static void
assert_whole(void)
{
	static const char *const parts[] = {
		"the headline", "a reason", "it contradicts", "sum.json:9", "h5.prom to h6.prom", "alerts.json: not there",
		"Success rate", "99.44 %", "97 %", "at least", "50 %", "It was measured", "more samples", "look at the chart",
		"exact increases", "33 s to 42 s", "(5 artifacts)", "answered 2xx", "98.88 %", "865 440", "the claim is so",
		"99.040625", "2026-01-12 06:00:00 UTC", "24 h", "start + duration", "9 h", "not found", "CHAOS_MODE_ON",
		"T+9:00:00", "h5.prom", "cut", "What this run does not show", "12.3 KiB", "214", "2026-01-12 12:00:00 UTC",
		"profile", "pattern", DIGEST, "docs/rules.md", ("soakproof " SOAK_VERSION),
	};
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		assert_has(parts[i]);
	assert_has_not("{{");
}

static void
test_decisions(void **state)
{
	static const struct {
		const struct words *w;
		const char *md, *html;
	} cases[] = {
		{&go, "# GO: Gateway soak", "class=\"decision pass\">\n<h1><strong>GO</strong>"},
		{&no_go, "# NO-GO: Gateway soak", "class=\"decision fail\">\n<h1><strong>NO-GO</strong>"},
		{&open_end, "# INCONCLUSIVE: Gateway soak", "class=\"decision open\">\n<h1><strong>INCONCLUSIVE</strong>"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		render(cases[i].w, "sign-off.md");
		assert_true(sv_starts(sb_sv(&out), cases[i].md));
		assert_whole();
		render(cases[i].w, "summary.html");
		assert_has(cases[i].html);
		after(cases[i].html, "the headline");
		assert_whole();
	}
}

/* The order a reader needs: the decision, why, what contradicts, what is missing, the numbers, the rest. */
static void
test_order(void **state)
{
	static const char *const order[] = {"NO-GO", "a reason", "it contradicts", "h5.prom to h6.prom", "look at the chart", "cut",
		"99.44 %", "98.88 %", "rate%20%281%29.png", "the claim is so", "CHAOS_MODE_ON", "What this run does not show\n",
		"Approvals\n", DIGEST, "docs/rules.md"};
	const char *at;
	size_t i;

	(void)state;
	at = render(&no_go, "sign-off.md");
	for (i = 0; i < sizeof(order) / sizeof(*order); i++) {
		at = strstr(at, order[i]);
		if (at == NULL)
			fail_msg("'%s' is not where it should be", order[i]);
	}
}

/* Undecided criteria, optional ones too, missing evidence, parts of windows. */
static void
test_not_shown(void **state)
{
	(void)state;
	render(&open_end, "sign-off.md");
	after("What this run does not show\n", "**Success rate .** It was measured");
	after("What this run does not show\n", "What would settle it: more samples");
	after("What this run does not show\n", "**Metrics .** 23 of 25");
	after("What this run does not show\n", "**Alerts.** none");
	after("What this run does not show\n", "Whether success_rate");
	render(&go, "sign-off.md");
	after("What this run does not show\n", "Decided from 12 h of 24 h (50 %); the rest was not seen.");
	after("What this run does not show\n", "A restart hid 33 s to 42 s");
}

static bool
is_void(struct sv tag)
{
	return sv_is(tag, "meta") || sv_is(tag, "img") || sv_is(tag, "!DOCTYPE");
}

/* Every element that is opened is closed, in order; what is inside <style> is not looked at. */
static void
assert_balanced(const char *html)
{
	struct sv open[64];
	int depth = 0;
	const char *p = html;

	while ((p = strchr(p, '<')) != NULL) {
		struct sv tag = {p + 1, strcspn(p + 1, " >\n")};

		if (tag.p[0] == '/') {
			if (depth == 0 || !sv_eq(open[--depth], sv_from(tag, 1)))
				fail_msg("not balanced: %.80s", p);
		} else if (!is_void(tag)) {
			if (depth == 64)
				fail_msg("too deep: %.80s", p);
			open[depth++] = tag;
		}
		p = sv_is(tag, "style") ? strstr(p, "</style>") : p + 1;
	}
	assert_int_equal(depth, 0);
}

/* Nothing is loaded, nothing runs, and links stay in the page. */
static void
assert_self_contained(void)
{
	const char *p;

	assert_has_not("<script");
	assert_has_not("<link");
	assert_has_not("<iframe");
	assert_has_not("@import");
	assert_has_not("url(");
	for (p = sb_str(&out); (p = strstr(p, "href=")) != NULL; p++)
		assert_memory_equal(p, "href=\"#", 7);
	for (p = sb_str(&out); (p = strstr(p, " src=\"")) != NULL; p++)
		assert_memory_equal(p, " src=\"data:image/png;base64,iVBORw0KGgo=\"", 41);
}

static void
test_html(void **state)
{
	const char *p;

	(void)state;
	render(&no_go, "summary.html");
	assert_true(sv_starts(sb_sv(&out), "<!DOCTYPE html>\n<html lang=\"en\">"));
	assert_has("<title>NO-GO: Gateway soak");
	assert_has("prefers-color-scheme: dark");
	assert_has("@media print");
	assert_has("name=\"viewport\"");
	assert_has("Content-Security-Policy");
	assert_has("alt=\"");
	assert_has_not("http:");
	assert_has_not("https:");
	assert_self_contained();
	assert_balanced(sb_str(&out));
	/* Every link of the table of contents has its target, every header of a table its scope. */
	for (p = sb_str(&out); (p = strstr(p, "href=\"#")) != NULL; p++) {
		char id[80];

		snprintf(id, sizeof(id), " id=\"%.*s\"", (int)strcspn(p + 7, "\""), p + 7);
		assert_has(id);
	}
	for (p = sb_str(&out); (p = strstr(p, "<th ")) != NULL; p++)
		assert_memory_equal(p, "<th scope=\"", 11);
	assert_has_not("<th>");
}

static void
test_hostile_html(void **state)
{
	struct words w = no_go;
	const char *p;

	(void)state;
	w.text = hostile;
	render(&w, "summary.html");
	assert_balanced(sb_str(&out)); /* also finds any tag that got in */
	assert_has_not("<script");
	assert_has_not("<b ");
	assert_has_not("<img src=x");
	assert_has_not("onload='");
	assert_has_not("\033");
	assert_has_not("\007");
	assert_has_not("\342\200\256");
	assert_has_not("\342\200\250");
	assert_self_contained();
	assert_has("&lt;script&gt;alert(1)&lt;/script&gt;");
	assert_has("{{x}}"); /* data is not a template */
	for (p = sb_str(&out); *p != '\0'; p++)
		if ((unsigned char)*p < ' ' && *p != '\n' && *p != '\t')
			fail_msg("a control character");
}

static size_t
count(const char *line, size_t n, char c)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		k += line[i] == c;
	return k;
}

/* What comes from artifacts and people stays text in its place. */
static void
assert_tame_markdown(void)
{
	size_t columns = 0, n;
	const char *p;

	assert_has_not("<script");
	assert_has_not("<b ");
	assert_has_not("<img");
	for (p = sb_str(&out); (p = strstr(p, "](")) != NULL; p++)
		if (p[-1] != '\\' && !sv_starts(sv_of(p), "](charts/"))
			fail_msg("a link: %.40s", p);
	assert_has_not("\033");
	assert_has_not("\342\200\256");
	assert_has_not("\n# head");
	assert_has_not("\n- list");
	/* A table has as many cells in each row as in its head. */
	for (p = sb_str(&out); *p != '\0'; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		if (*p != '|') {
			columns = 0;
			continue;
		}
		if (columns != 0 && count(p, n, '|') != columns)
			fail_msg("cells: %.*s", (int)n, p);
		columns = count(p, n, '|');
	}
	assert_has_not("`");
}

static const char *const shipped[] = {"sign-off.md", "certification.md", "whitepaper.md", "checkpoint.md", "proof.md", "summary.md"};
#define SHIPPED (sizeof(shipped) / sizeof(*shipped))

static void
test_hostile_markdown(void **state)
{
	struct words w = open_end;
	size_t i;

	(void)state;
	w.text = hostile;
	for (i = 0; i < SHIPPED; i++) {
		render(&w, shipped[i]);
		assert_tame_markdown();
		assert_has("\\](javascript:alert(2))"); /* the text is there, the link is not */
		assert_has_not("{{#");
	}
}

/* What people wrote, the lists, the objectives. */
static void
test_people_and_lists(void **state)
{
	static const char *const parts[] = {"too early", "2.4", "**not stated**", "it rained", "R-1", "Cara", "2026-02-01", "T-1",
		"- [x] Is there a way back", "tried", "- [ ] On call? **missing**", "Eve", "no answer", "Go-live : 1 of 4 ticked", "- [x] rate",
		"- [ ] alarms : **waived.** known", "- [ ] leak : **unknown.** not looked at", "- [ ] smoke : **unticked.** one failed",
		"24 h of 30 days", "98.12 %", "14.00", "would have fired", "2026-01-12 15:00:00 UTC to 2026-01-12 15:10:00 UTC (10 min)",
		"not evaluable", "longer than the run"};
	size_t i;

	(void)state;
	render(&no_go, "sign-off.md");
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		assert_has(parts[i]);
	after("What this run does not show\n", "longer than the run . This concerns: Availability , burn over 3d; Availability , alert 3d/6h burn above 1");
	after("What this run does not show\n", "With 95 % confidence it proves no more than 98.12 %; required: 99.9 %");
	render(&no_go, "summary.md");
	assert_has("Missing from people: no answer");
	assert_has("Go-live : 1 of 4 ticked:");
	assert_has("[ ] leak  (unknown)");
}

static void
test_same_bytes(void **state)
{
	static const char *const name[] = {"sign-off.md", "summary.html", "certification.md", "whitepaper.md", "checkpoint.md", "proof.md",
		"summary.md"};
	struct sb first = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(name) / sizeof(*name); i++) {
		sb_reset(&first);
		sb_adds(&first, render(&go, name[i]));
		assert_string_equal(render(&go, name[i]), sb_str(&first));
	}
	sb_free(&first);
}

/* report_data() refuses the verdict with this text changed to that, and says why. */
static void
assert_refused(const char *from, const char *to, const char *says)
{
	struct sv text = sv_of(verdict_json_text);
	size_t at = sv_find(text, sv_of(from));
	struct sb changed = {0};
	struct doc *d;

	assert_true(at < text.n);
	sb_addv(&changed, sv_head(text, at));
	sb_adds(&changed, to);
	sb_addv(&changed, sv_from(text, at + strlen(from)));
	d = filled(sb_str(&changed), &go);
	sb_free(&changed);
	memset(&e, 0, sizeof(e));
	assert_null(report_data(&a, d, NULL, NULL, 0, &e));
	assert_int_equal(e.code, ERR_INPUT);
	if (strstr(e.msg, says) == NULL || !sv_starts(sv_of(e.msg), "verdict.json:"))
		fail_msg("'%s' does not say '%s'", e.msg, says);
}

static void
test_refused(void **state)
{
	(void)state;
	assert_refused("'schema': 1", "'schema': 2", "schema 2 is newer than this program, which reads up to 1");
	assert_refused("'schema': 1", "'schema': 1.5", "newer");
	assert_refused("'schema': 1", "'schema': 0", "no such verdict schema");
	assert_refused("'schema': 1", "'schema': '1'", "no schema number");
	assert_refused("'schema': 1, ", "", "no schema number");
	assert_refused("'headline'", "'headlines'", "'headline' is missing");
	assert_refused("'found': 23,", "'fount': 23,", "'found' is missing");
	assert_refused("'reasons': [", "'reasons': 5, 'x': [", "'reasons' is of another kind");
	assert_refused("'a reason @'", "5", "another kind");
	assert_refused("'margin': null", "'margin': 5", "'margin' is of another kind");
	assert_refused("'$V'", "'SPLENDID'", "'verdict'");
	assert_refused("'$D', 'headline'", "'MAYBE', 'headline'", "'decision'");
}

static void
test_not_a_verdict(void **state)
{
	static const char *const text[] = {"[]", "{}", "5", "null", "\"schema\"", "{\"schema\": null}"};
	struct report_chart chart = {SV("charts/x.png"), SV("GIF89a"), SV(""), SV(""), {NULL, 0}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text) / sizeof(*text); i++)
		assert_null(report_data(&a, doc_json(&a, "v", sv_of(text[i]), &e), NULL, NULL, 0, &e));
	assert_null(report_data(&a, verdict(&go), NULL, &chart, 1, &e));
	assert_string_equal(e.msg, "charts/x.png: not a PNG picture");
}

static void
assert_data(const struct doc *d, const char *path, const char *text)
{
	const struct doc *node = doc_path(d, sv_of(path));

	if (node == NULL || !sv_is(node->text, text))
		fail_msg("%s is '%s', not '%s'", path, node == NULL ? "missing" : node->text.p, text);
}

static void
test_data(void **state)
{
	struct doc *d = data(&no_go);

	(void)state;
	assert_data(d, "decision_class", "fail");
	assert_data(d, "is_no_go", "true");
	assert_data(d, "is_go", "false");
	assert_data(d, "counts.criteria", "2");
	assert_data(d, "counts.fail", "1");
	assert_data(d, "counts.pass", "1");
	assert_data(d, "counts.missing", "2");
	assert_data(d, "counts.contradicted", "1");
	assert_data(d, "has_contradictions", "true");
	assert_data(d, "has_undecided", "false");
	assert_data(d, "run.start_text", "2026-01-12 06:00:00 UTC");
	assert_data(d, "run.duration_text", "24 h");
	assert_data(d, "criteria.0.class", "fail");
	assert_data(d, "criteria.0.coverage.last_text", "unknown");
	assert_data(d, "criteria.0.sources_text", "a, b \342\200\246 e (5 artifacts)");
	assert_data(d, "criteria.1.settle", "");
	assert_data(d, "evidence.0.state", "INCOMPLETE");
	assert_data(d, "evidence.0.detail_text", "23 of 25");
	assert_data(d, "rates.0.is_known", "true");
	assert_data(d, "claims.0.definition_text", "100 * ok / all ");
	assert_data(d, "evidence.1.state", "missing (optional)");
	assert_data(d, "evidence.1.missing_brief.0", "alerts.json: not there"); /* an older verdict has only "missing" */
	assert_data(d, "inputs.0.sha256_short", "e3b0c44298fc");
	assert_data(d, "inputs.0.size_text", "12.3 KiB");
	assert_data(d, "problems.0.place", "h5.prom :12");
	assert_data(d, "charts.0.link", "charts/rate%20%281%29.png");
	assert_data(d, "charts.0.data_uri", "data:image/png;base64,iVBORw0KGgo=");
}

/* A verdict.json cannot bring names of its own: they could stand in for ours. */
static void
test_unknown_names(void **state)
{
	struct doc *v = verdict(&go), *d;

	(void)state;
	doc_add_str(&a, v, "decision_class", SV("\" onclick=\"x"));
	doc_add_str(&a, v, "extra", SV("x"));
	d = report_data(&a, v, NULL, NULL, 0, &e);
	assert_non_null(d);
	assert_data(d, "decision_class", "pass");
	assert_null(doc_get(d, "extra"));
	assert_data(d, "has_charts", "false");
}

static void
test_people(void **state)
{
	static const struct {
		double v;
		const char *length, *size;
	} cases[] = {
		{0, "0 s", "0 bytes"}, {1, "1 s", "1 byte"}, {0.25, "250 ms", "0.25 bytes"}, {119, "1 min 59 s", "119 bytes"},
		{120, "2 min", "120 bytes"}, {3661, "1 h 1 min", "3.6 KiB"}, {7200, "2 h", "7.0 KiB"},
		{84600, "23 h 30 min", "82.6 KiB"}, {172800, "48 h", "168.8 KiB"}, {1048575, "12 d 3 h", "1.0 MiB"},
		{-90, "-1 min 30 s", "unknown"}, {1e300, "unknown", NULL}, {0.0 / 0.0, "unknown", "unknown"},
		{5e9, "57870 d 8 h", "4.7 GiB"},
	};
	static const struct {
		const char *bytes, *uri;
	} base64[] = { /* RFC 4648, section 10 */
		{"", "data:t;base64,"}, {"f", "data:t;base64,Zg=="}, {"fo", "data:t;base64,Zm8="}, {"foo", "data:t;base64,Zm9v"},
		{"foob", "data:t;base64,Zm9vYg=="}, {"fooba", "data:t;base64,Zm9vYmE="}, {"foobar", "data:t;base64,Zm9vYmFy"},
		{"\377\376\375", "data:t;base64,//79"}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (!sv_is(people_length(&a, cases[i].v), cases[i].length))
			fail_msg("%g is %s", cases[i].v, people_length(&a, cases[i].v).p);
		if (cases[i].size != NULL && !sv_is(people_size(&a, cases[i].v), cases[i].size))
			fail_msg("%g is %s", cases[i].v, people_size(&a, cases[i].v).p);
	}
	for (i = 0; i < sizeof(base64) / sizeof(*base64); i++)
		assert_string_equal(people_data_uri(&a, "t", sv_of(base64[i].bytes)).p, base64[i].uri);
	assert_string_equal(people_time(&a, INT64_C(1768197600000)).p, "2026-01-12 06:00:00 UTC");
	assert_string_equal(people_time(&a, INT64_C(1768197600250)).p, "2026-01-12 06:00:00.250 UTC");
	assert_string_equal(people_time(&a, TIME_NONE).p, "unknown");
	assert_string_equal(people_link(&a, SV("a b/\303\244?#\"<.png")).p, "a%20b/%C3%A4%3F%23%22%3C.png");
}

static void
put(const char *name, const char *text)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/reports", user);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/reports/%s", user, name);
	assert_int_equal(io_write_file(path, sv_of(text), &e), 0);
}

static int
render_from(const char *name, const char *first, const char *second)
{
	const char *dir[] = {first, second};

	sb_reset(&out);
	sb_adds(&out, "before ");
	memset(&e, 0, sizeof(e));
	return report_render(data(&go), name, dir, second == NULL ? 1 : 2, &out, &e);
}

static void
test_lookup(void **state)
{
	(void)state;
	put("mine.md", "{{decision}} {{>part}}");
	put("part.md", "{{counts.criteria}} *{{profile.name}}*");
	put("part.html", "wrong");
	assert_int_equal(render_from("mine.md", user, NULL), 0);
	assert_string_equal(sb_str(&out), "before GO 2 *gateway-24h*");
	/* The user's folder comes first, for partials of the shipped template, too. */
	put("style.html", "<style>/* mine */</style>");
	assert_int_equal(render_from("summary.html", user, root), 0);
	assert_has("/* mine */");
	assert_int_equal(render_from("summary.html", root, user), 0);
	assert_has_not("/* mine */");
}

static void
test_bad_templates(void **state)
{
	static const char *const name[] = {"", "../x.md", "/etc/passwd", "a/b.md", "x.txt", "summary", ".md", "x.md\n", "a b.md"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(name) / sizeof(*name); i++) {
		assert_int_equal(render_from(name[i], user, root), -1);
		assert_int_equal(e.code, ERR_USAGE);
		assert_string_equal(sb_str(&out), "before ");
	}
	assert_int_equal(render_from("none.md", user, root), -1);
	assert_int_equal(e.code, ERR_USAGE);
	assert_non_null(strstr(e.msg, "none.md: no such template (looked in "));
	put("misspelt.md", "one\n{{#criteria}}\n{{titel}}\n{{/criteria}}\n");
	assert_int_equal(render_from("misspelt.md", user, root), -1);
	assert_non_null(strstr(e.msg, "/reports/misspelt.md:3: unknown name 'titel'"));
	put("out.md", "{{>../../etc/passwd}}");
	assert_int_equal(render_from("out.md", user, root), -1);
	assert_non_null(strstr(e.msg, "no such partial"));
}

/* What lib/judge writes is what is read here: a name that one side changes alone is found. */
static void
test_agrees_with_judge(void **state)
{
	struct profile p = {.name = SV("p"), .title = SV("P"), .text = SV("profile: p\n")};
	struct profile_criterion c = {.id = SV("c"), .title = SV("C"), .kind = SV("sli"), .over = SV("run"),
	    .action = SV("act")};
	struct figure f = {.id = SV("f"), .known = true, .value = 1, .text = SV("1"), .unit = SV("count"), .query = SV("q")};
	struct sv names[] = {SV("n")};
	struct criterion_result r[] = {
		{.criterion = &c, .outcome = OUTCOME_FAIL, .observed = f, .cover = f, .has_coverage = true,
		 .coverage = {.window = 1, .covered = 1, .first = 0, .last = TIME_NONE, .restarts = 1}, .sources = names,
		 .n_sources = 1},
		{.criterion = &c, .outcome = OUTCOME_INCONCLUSIVE, .settle = SV("s")},
		{.criterion = &c, .outcome = OUTCOME_WARN}, {.criterion = &c, .outcome = OUTCOME_WAIVED}};
	struct evidence_result ev = {.id = SV("e"), .missing = names, .n_missing = 1};
	struct claim_result cl[] = {{.id = SV("x"), .recomputed = f}, {.state = CLAIM_CONTRADICTED},
		{.state = CLAIM_UNDECIDED}, {.state = CLAIM_NOT_AUDITED}};
	struct contradiction con = {.id = SV("c")};
	struct rate_result rate = {.rate = f, .good = f};
	struct span span = {0, 1000};
	struct window_result win[] = {{.name = SV("w"), .span = &span, .n = 1}, {.name = SV("none")}};
	struct mark mark = {.t = 0, .name = SV("m")};
	struct problem_line problem[] = {{.line = 5, .severity = SV("error")}, {.severity = SV("note")}};
	struct input_line in = {.name = SV("i"), .time = TIME_NONE, .first = TIME_NONE, .last = TIME_NONE};
	struct verdict v = {.profile = &p, .run = {.start = TIME_NONE, .end = TIME_NONE}, .outcome = OUTCOME_FAIL,
	    .decision = SV("NO-GO"), .headline = SV("h"), .reasons = names, .n_reasons = 1, .criteria = r, .n_criteria = 4,
	    .evidence = &ev, .n_evidence = 1, .claims = cl, .n_claims = 4, .contradictions = &con, .n_contradictions = 1,
	    .rates = &rate, .n_rates = 1, .windows = win, .n_windows = 2, .marks = &mark, .n_marks = 1,
	    .problems = problem, .n_problems = 2, .inputs = &in, .n_inputs = 1};
	const char *dir[] = {root};
	struct sb json = {0};
	struct doc *d;

	(void)state;
	verdict_json(&v, &json);
	d = doc_json(&a, "verdict.json", arena_sv(&a, sb_sv(&json)), &e);
	sb_free(&json);
	assert_non_null(d);
	assert_int_equal((int)doc_get(d, "schema")->num, VERDICT_SCHEMA);
	d = report_data(&a, d, NULL, NULL, 0, &e);
	if (d == NULL || provenance_add(&a, d, NULL, &e) < 0)
		fail_msg("%s", e.msg);
	sb_reset(&out);
	if (report_render(d, "summary.md", dir, 1, &out, &e) < 0 || report_render(d, "summary.html", dir, 1, &out, &e) < 0)
		fail_msg("%s", e.msg);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(test_decisions),
		T(test_order),
		T(test_not_shown),
		T(test_html),
		T(test_hostile_html),
		T(test_hostile_markdown),
		T(test_people_and_lists),
		T(test_same_bytes),
		T(test_refused),
		T(test_not_a_verdict),
		T(test_data),
		T(test_unknown_names),
		T(test_people),
		T(test_lookup),
		T(test_bad_templates),
		T(test_agrees_with_judge),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
