/* verdict.json and the page for a terminal: whatever stands in the artifacts, both stay what they are. */
#include "court_help.h"

#include "base/clean.h"
#include "base/doc.h"

#define HOSTILE "q\"uo\\te </script><!-- \033[31mred\007 \r\n\t\001 caf\303\251 \377\300\257 \342\200\256rtl \360\237\232\200"
#define PLAIN "q\"uo\\te </script><!-- "

static const char profile[] =
    "profile: hostile\ntitle: 'Not \"quite\" </title> a \\ title'\n"
    "run: {start: {event: BEGIN}, end: {event: END}, duration: 10h}\n"
    "windows: {chaos: {from: CHAOS_ON, to: CHAOS_OFF}, steady: {not: chaos}}\n"
    "evidence:\n"
    "  - {file: m.om}\n"
    "  - {file: 'q*', title: \"hostile \\\" file\"}\n"
    "  - {snapshots: {file: 'h{hour}.prom', time: 'run.start + {hour} * 1h', count: 24}}\n"
    "outcomes: {good: 'code=~\"2..|403\"', total: reqs_total}\n"
    "quantities: {counted: reqs_total}\n"
    "claims: [{path: all, equals: counted, because: A \"reason\" </b>.}, {path: lie, equals: counted}]\n"
    "criteria:\n"
    "  - {id: rate, sli: {total: reqs_total, bad: 'reqs_total{code=\"500\"}'}, objective: 97%, key: true, action: Look.}\n"
    "  - {id: steady-rate, over: steady, sli: {total: reqs_total, bad: 'reqs_total{code=\"500\"}'}, objective: 97%}\n"
    "  - {id: nothing, sli: {count: nobody_total}, objective: '>= 1', optional: true}\n"
    "  - {id: crash, events: {none: 'q', source: events.log}}\n"
    "  - {id: ticks, schedule: {event: TICK, every: 15m, tolerance: 60s}}\n";

static void
problem(int64_t content_id, int64_t line)
{
	struct store_problem p = {.content = content_id, .line = line, .severity = "error", .stage = "read", .text = SV(HOSTILE)};

	OK(store_add_problem(court.store, &p, &err));
}

static const struct verdict *
hostile(void)
{
	int64_t log, f;
	int i;

	court_open();
	log = court_log(600);
	court_event(log, 100, HOSTILE);
	court_event(log, 120, "RESTART " HOSTILE);
	f = court_span("m.om", 0, 600);
	for (i = 0; i <= 600; i += 60) {
		court_sample(f, "reqs_total", "200", i, i < 300 ? i : i - 300);
		court_sample(f, "reqs_total", "500", i, i);
		court_sample(f, "reqs_total", HOSTILE, i, 2 * i);
	}
	f = court_file(HOSTILE);
	court_claim(f, "lie", "5");
	court_claim(f, "all", "1500");
	court_claim(f, HOSTILE, HOSTILE);
	court_fact(f, HOSTILE, HOSTILE);
	court_sample(f, "reqs_total", HOSTILE, 600, -3);
	problem(f, 3);
	court_file_as(HOSTILE "/h3.prom", (struct store_content){.size = 10, .format = HOSTILE, .first_ms = TIME_NONE,
	    .last_ms = TIME_NONE});
	OK(store_place(court.store, court.artifact, TIME_NONE, "unknown", SV(HOSTILE), &err));
	return court_judge(profile);
}

static struct doc *
parsed(struct arena *a, const struct verdict *v)
{
	struct sb out = {0};
	struct doc *d;

	verdict_json(v, &out);
	d = doc_json(a, "verdict.json", sb_sv(&out), &err);
	if (d == NULL)
		fail_msg("%s", err.msg);
	sb_free(&out);
	return d;
}

static void
has_keys(const struct doc *d, const char *path, const char *keys)
{
	const struct doc *at = path[0] == '\0' ? d : doc_path(d, sv_of(path));
	struct sv rest = sv_of(keys), key;
	char name[64];

	if (at == NULL || at->kind != DOC_MAP)
		fail_msg("no map %s", path);
	while (sv_split(&rest, ' ', &key)) {
		snprintf(name, sizeof(name), "%.*s", (int)key.n, key.p);
		if (doc_get(at, name) == NULL)
			fail_msg("%s has no %s", path, name);
	}
}

#define FIGURE "id value text unit"

static void
test_json_keys(void **state)
{
	struct arena a = {0};
	const struct verdict *v;
	struct doc *d;

	(void)state;
	v = hostile();
	d = parsed(&a, v);
	has_keys(d, "", "schema profile verdict decision headline reasons run criteria evidence contradictions claims rates "
			"windows events problems inputs");
	assert_string_equal(doc_get(d, "schema")->text.p, "1");
	has_keys(d, "profile", "name title sha256");
	has_keys(d, "run", "start start_source end end_source end_planned duration_seconds");
	assert_true(doc_path(d, SV("run.duration_seconds"))->num == 36000);
	has_keys(d, "criteria.0", "id title kind over verdict key optional observed required margin n coverage at_least method "
				  "sentence sources action");
	has_keys(d, "criteria.0.observed", FIGURE " query");
	has_keys(d, "criteria.0.required", FIGURE);
	has_keys(d, "criteria.0.coverage", "id value text window_seconds covered_seconds first last samples "
					   "longest_gap_seconds restarts unseen_seconds_min unseen_seconds_max");
	has_keys(d, "evidence.0", "id title present optional expected found sentence missing missing_brief");
	has_keys(d, "contradictions.0", "id source sentence");
	has_keys(d, "claims.0", "id path source claimed recomputed state definition because sentence");
	has_keys(d, "claims.0.recomputed", FIGURE);
	has_keys(d, "rates.0", "title matcher rate good total");
	has_keys(d, "rates.2.rate", FIGURE " query");
	has_keys(d, "windows.0", "name source spans");
	has_keys(d, "windows.0.spans.0", "from to");
	has_keys(d, "events.0", "time name source");
	has_keys(d, "problems.0", "source line severity text");
	has_keys(d, "inputs.0", "name sha256 size format items complete superseded time time_source time_why first last");
	assert_int_equal(doc_get(d, "criteria")->n, v->n_criteria);
	assert_int_equal(doc_get(d, "inputs")->n, v->n_inputs);
	assert_int_equal(doc_get(d, "claims")->n, 3);
	arena_free(&a);
	court_close();
}

static bool
anywhere(const struct doc *d, const char *words)
{
	const struct doc *c;

	if (d->kind == DOC_STRING && sv_find(d->text, sv_of(words)) < d->text.n)
		return true;
	for (c = d->child; c != NULL; c = c->next)
		if (anywhere(c, words))
			return true;
	return false;
}

/* What was there is there again, in each part; bytes that are not UTF-8 are marked as such. */
static void
test_json_hostile(void **state)
{
	static const char *const part[] = {"events", "problems", "inputs", "claims", "contradictions", "criteria", "reasons"};
	struct arena a = {0};
	struct doc *d;
	size_t i;

	(void)state;
	d = parsed(&a, hostile());
	for (i = 0; i < sizeof(part) / sizeof(*part); i++)
		if (!anywhere(doc_get(d, part[i]), PLAIN))
			fail_msg("%s lost its text", part[i]);
	assert_true(anywhere(doc_get(d, "inputs"), PLAIN "\033[31mred\007 \r\n\t\001 caf\303\251 \357\277\275"));
	assert_true(anywhere(doc_get(d, "profile"), "Not \"quite\" </title> a \\ title"));
	arena_free(&a);
	court_close();
}

/* Nothing that was not measured has a number in the JSON. */
static void
test_json_unknown(void **state)
{
	struct arena a = {0};
	struct doc *d;

	(void)state;
	court_open();
	d = parsed(&a, court_judge(profile));
	assert_string_equal(doc_get(d, "verdict")->text.p, "INCONCLUSIVE");
	assert_string_equal(doc_get(d, "decision")->text.p, "INCONCLUSIVE");
	assert_int_equal(doc_path(d, SV("run.start"))->kind, DOC_NULL);
	assert_int_equal(doc_path(d, SV("run.end"))->kind, DOC_NULL);
	assert_int_equal(doc_path(d, SV("run.duration_seconds"))->kind, DOC_NULL);
	assert_int_equal(doc_path(d, SV("criteria.0.observed.value"))->kind, DOC_NULL);
	assert_string_equal(doc_path(d, SV("criteria.0.observed.text"))->text.p, "n/a");
	assert_int_equal(doc_path(d, SV("rates.0.rate.value"))->kind, DOC_NULL);
	assert_string_equal(doc_path(d, SV("rates.0.rate.text"))->text.p, "n/a");
	assert_int_equal(doc_path(d, SV("windows.1.spans"))->n, 0);
	arena_free(&a);
	court_close();
}

/* --- the page ---------------------------------------------------------------------------------- */

static size_t
wide(struct sv line)
{
	size_t i, n = 0;

	for (i = 0; i < line.n; i++)
		n += ((unsigned char)line.p[i] & 0xc0) != 0x80;
	return n;
}

/* Fits, or is one word that nobody could break (after a blank, a bullet or a number). */
static void
line_fits(struct sv line, size_t columns)
{
	struct sv text = sv_trim(line);

	if (wide(line) <= columns)
		return;
	if (sv_starts(text, "- "))
		text = sv_from(text, 2);
	if (sv_chr(text, ' ') < text.n)
		fail_msg("%zu columns: '%.*s'", wide(line), (int)line.n, line.p);
}

static void
page_is_clean(const struct verdict *v, int columns, bool colour)
{
	struct sb out = {0};
	struct sv rest, line, all;
	uint32_t c;
	size_t n;

	verdict_text(v, columns, colour, &out);
	rest = all = sb_sv(&out);
	while (!colour && sv_split(&rest, '\n', &line))
		line_fits(line, columns < 40 ? 40 : (size_t)columns);
	for (; all.n > 0; all = sv_from(all, n)) {
		n = clean_utf8(all, &c);
		if (n == 0 || (c != '\n' && !(colour && c == '\033') && !clean_keeps(c)))
			fail_msg("raw byte %02x", (unsigned char)all.p[0]);
	}
	/* Only our own colours. */
	for (all = sb_sv(&out); colour && all.n > 0; all = sv_from(all, 1))
		if (all.p[0] == '\033' && !sv_starts(all, "\033[0m") && !sv_starts(all, "\033[1m") &&
		    !sv_starts(all, "\033[1;3") && !sv_starts(all, "\033[32m") && !sv_starts(all, "\033[33m"))
			fail_msg("an escape that is not ours");
	sb_free(&out);
}

static void
test_page(void **state)
{
	static const int columns[] = {-5, 0, 1, 40, 41, 60, 79, 80, 100, 200, 100000};
	const struct verdict *v;
	size_t i;

	(void)state;
	v = hostile();
	for (i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		page_is_clean(v, columns[i], false);
		page_is_clean(v, columns[i], true);
	}
	court_close();

	/* Also one that has nothing but a plan to show. */
	court_open();
	court_event(court_span("events.log", 0, 1), 0, "BEGIN");
	v = court_judge(profile);
	assert_true(v->run.end_planned);
	for (i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		page_is_clean(v, columns[i], false);
	court_close();
}

/* The decision comes first, then why. */
static void
test_page_order(void **state)
{
	static const char *const parts[] = {"NO-GO", "criteria failed", "run 2026-01-12T06:00:00Z to 2026-01-12T16:00:00Z",
	    "Why", "FAIL rate", "contradiction: ", "missing evidence: ", "INCONCLUSIVE steady-rate", "Criteria", "what to do: Look.",
	    "Evidence", "h0.prom", "Contradictions", "What the artifacts claim", "not audited", "Success rates",
	    "Problems in the artifacts"};
	struct sb out = {0};
	struct sv rest;
	size_t i, at;

	(void)state;
	verdict_text(hostile(), 100, false, &out);
	rest = sb_sv(&out);
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		at = sv_find(rest, sv_of(parts[i]));
		if (at == rest.n)
			fail_msg("'%s' does not come where it should:\n%s", parts[i], sb_str(&out));
		rest = sv_from(rest, at);
	}
	sb_free(&out);
	court_close();
}

/* The same input twice gives the same bytes, from two stores as from one. */
static void
test_same_bytes(void **state)
{
	struct sb json[3] = {{0}}, page[3] = {{0}};
	struct judge_opts o = {.start = TIME_NONE};
	struct verdict again;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		court.files = 0;
		court.line = 0;
		verdict_json(hostile(), &json[i]);
		verdict_text(&court.v, 80, true, &page[i]);
		if (i == 1) {
			OK(judge_run(court.store, court.profile, &o, &again, &err));
			verdict_json(&again, &json[2]);
			verdict_text(&again, 80, true, &page[2]);
			verdict_free(&again);
		}
		court_close();
	}
	for (i = 1; i < 3; i++) {
		assert_string_equal(sb_str(&json[0]), sb_str(&json[i]));
		assert_string_equal(sb_str(&page[0]), sb_str(&page[i]));
	}
	for (i = 0; i < 3; i++) {
		sb_free(&json[i]);
		sb_free(&page[i]);
	}
}

static size_t
count_of(struct sv text, const char *word)
{
	size_t n = 0, at;

	while ((at = sv_find(text, sv_of(word))) < text.n) {
		n++;
		text = sv_from(text, at + 1);
	}
	return n;
}

/* No byte that a terminal or a parser of lines would take for a command; as many lines as there are things to tell. */
static void
harmless(const struct sb *out)
{
	size_t i;

	for (i = 0; i < out->n; i++)
		if ((unsigned char)out->buf[i] < 0x20 && out->buf[i] != '\n' && out->buf[i] != '\t')
			fail_msg("byte 0x%02x at %zu", (unsigned char)out->buf[i], i);
	assert_true(clean_is_utf8(sb_sv(out)));
}

/* The short outputs: the same things, hostile or not, in their own escapes. */
static void
test_short_outputs(void **state)
{
	static void (*const write[])(const struct verdict *, bool, struct sb *) = {verdict_junit, verdict_md, verdict_github, verdict_tsv};
	const struct verdict *v;
	size_t things, i;

	(void)state;
	v = hostile();
	things = 1 + v->n_criteria + v->n_evidence + v->n_contradictions;
	for (i = 0; i < 4; i++) {
		struct sb out = {0}, again = {0};

		write[i](v, false, &out);
		write[i](v, false, &again);
		assert_true(sv_eq(sb_sv(&out), sb_sv(&again)));
		harmless(&out);
		if (write[i] == verdict_junit) {
			assert_int_equal(count_of(sb_sv(&out), "<testcase "), things);
			assert_int_equal(count_of(sb_sv(&out), "</testcase>"), things);
			assert_int_equal(count_of(sb_sv(&out), "<!--"), 0);
			assert_int_equal(count_of(sb_sv(&out), "<skipped "), 1);
			assert_true(count_of(sb_sv(&out), "<error type=\"INCONCLUSIVE\"") > 0);
			assert_true(count_of(sb_sv(&out), "name=\"decision\" time=\"0\">\n      <failure type=\"FAIL\"") == 1);
		} else if (write[i] == verdict_md) {
			assert_int_equal(count_of(sb_sv(&out), "</script>"), 0);
			assert_int_equal(count_of(sb_sv(&out), "<"), 0);
			assert_true(sv_starts(sb_sv(&out), "## NO-GO: "));
		} else if (write[i] == verdict_github) {
			assert_int_equal(count_of(sb_sv(&out), "\n"), count_of(sb_sv(&out), " title="));
			assert_true(sv_starts(sb_sv(&out), "::error title=NO-GO%3A Not \"quite\""));
		} else {
			assert_int_equal(count_of(sb_sv(&out), "\n"), things + 1);
			assert_int_equal(count_of(sb_sv(&out), "\t"), 14 * (things + 1));
		}
		sb_free(&out);
		sb_free(&again);
	}
	court_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_keys),
		cmocka_unit_test(test_json_hostile),
		cmocka_unit_test(test_json_unknown),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_page_order),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test_setup_teardown(test_short_outputs, make_folder, drop_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
