/*
 * soak-alerts - which alerts of Prometheus rule files would have fired over the samples of a store or a server, and when.
 */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "promql/store_source.h"
#include "rules/show.h"
#include "step_query.h"
#include "step_rules.h"
#include "step_rules_server.h"
#include "steps.h"

enum { OPT_START = 256, OPT_END, OPT_INTERVAL, OPT_LOOKBACK, OPT_COMPAT, OPT_SEVERITY, OPT_LABEL, OPT_URL, OPT_COVERAGE, OPT_RECORD,
	OPT_TEST, OPT_CHECK, OPT_TOKEN, OPT_USER, OPT_CA, OPT_TIMEOUT };
static const struct tool_option options[] = {
    {'d', "db", "STORE", "the store (default: $SOAK_DB, else soak.db), or a server: http(s)://HOST:PORT"},
    {'p', "profile", "PROFILE", "whose run is the time that is meant, by path or name"},
    {'o', "output", "FORMAT", "text (default), tsv or json"},
    {OPT_SEVERITY, "severity", "LIST", "only alerts with these values of the label severity count (a,b)"},
    {OPT_START, "start", "TIME", "evaluate from then on (default: the first sample)"},
    {OPT_END, "end", "TIME", "to then (default: the last sample)"},
    {OPT_INTERVAL, "interval", "DURATION", "of groups that state none (default: 1m)"},
    {OPT_LOOKBACK, "lookback", "DURATION", "how long a sample lives (default: 5m)"},
    {OPT_COMPAT, "promql-compat", "2|3", "ranges as in Prometheus 3 (default) or 2"},
    {OPT_LABEL, "external-label", "NAME=VALUE", "for templates; may be given again"},
    {OPT_URL, "external-url", "URL", "for templates"},
    {OPT_COVERAGE, "min-coverage", "RATIO", "how much of the time samples must cover (default: 95%)"},
    {OPT_RECORD, "record", NULL, "write ALERTS and recorded series into the store"},
    {OPT_TIMEOUT, "timeout", "DURATION", "give up asking the server after that (default: 2m)"},
    {OPT_TOKEN, "token-file", "FILE", "holds the bearer token for the server"},
    {OPT_USER, "user-file", "FILE", "holds USER:PASSWORD for the server"},
    {OPT_CA, "ca-file", "FILE", "trust these certificates (PEM), not the system's"},
    {OPT_TEST, "test", NULL, "run promtool's unit tests of rules; no store is needed"},
    {OPT_CHECK, "check", NULL, "only check the rule files"},
    {0},
};

#define MOST_EXTERNAL 64

struct alerts {
	struct tool *tool;
	const char *db, *profile, *output, *severity;
	bool record, test, check;
	double min_coverage;
	struct pq_times times;
	struct replay_opts o;
	struct label external[MOST_EXTERNAL];
	struct arena arena;
	struct rules rules;
	struct step_rules_server at; /* with -d URL */
	struct replay replay;
	bool opened;
};

static void
external_label(struct alerts *x, const char *text)
{
	struct sv v = sv_of(text);
	size_t k = sv_chr(v, '=');

	if (k == 0 || k == v.n || x->o.external.n == MOST_EXTERNAL)
		tool_usage(x->tool, "--external-label %s: NAME=VALUE, at most %d of them", text, MOST_EXTERNAL);
	x->o.external.v = x->external;
	x->external[x->o.external.n++] = (struct label){sv_head(v, k), sv_from(v, k + 1)};
	if (labels_sort(&x->o.external) < 0)
		tool_usage(x->tool, "--external-label %s: the name is there already", text);
}

static void
read_options(struct alerts *x)
{
	struct tool *t = x->tool;
	int c;

	while ((c = tool_option(t)) != 0)
		switch (c) {
		case 'd':
			x->db = t->value;
			break;
		case 'p':
			x->profile = t->value;
			break;
		case 'o':
			x->output = t->value;
			break;
		case OPT_SEVERITY:
			x->severity = t->value;
			break;
		case OPT_START:
			x->times.start = tool_time(t, "--start");
			break;
		case OPT_END:
			x->times.end = tool_time(t, "--end");
			break;
		case OPT_INTERVAL:
			x->o.interval = tool_duration(t, "--interval");
			break;
		case OPT_LOOKBACK:
			x->o.query.lookback = tool_duration(t, "--lookback");
			break;
		case OPT_COMPAT:
			if (strcmp(t->value, "2") != 0 && strcmp(t->value, "3") != 0)
				tool_usage(t, "--promql-compat %s: 2 or 3", t->value);
			x->o.query.closed_ranges = t->value[0] == '2';
			break;
		case OPT_LABEL:
			external_label(x, t->value);
			break;
		case OPT_URL:
			x->o.external_url = sv_of(t->value);
			break;
		case OPT_COVERAGE:
			x->min_coverage = tool_ratio(t, "--min-coverage");
			break;
		case OPT_RECORD:
			x->record = true;
			break;
		case OPT_TIMEOUT:
			x->at.server.timeout = tool_duration(t, "--timeout");
			break;
		case OPT_TOKEN:
			x->at.server.token_file = t->value;
			break;
		case OPT_USER:
			x->at.server.user_file = t->value;
			break;
		case OPT_CA:
			x->at.server.ca_file = t->value;
			break;
		case OPT_TEST:
			x->test = true;
			break;
		case OPT_CHECK:
			x->check = true;
			break;
		}
	if (strcmp(x->output, "text") != 0 && strcmp(x->output, "tsv") != 0 && strcmp(x->output, "json") != 0)
		tool_usage(t, "-o %s: text, tsv or json", x->output);
	if (t->argc == 0)
		tool_usage(t, x->test ? "a test file is needed" : "a rule file is needed");
	if (x->test && (x->check || x->record))
		tool_usage(t, "--test takes test files: not with --check or --record");
}

/* Each rule file once, all its groups. */
static int
load(struct alerts *x, struct err *e)
{
	int i;

	for (i = 0; i < x->tool->argc; i++)
		if (step_rules_load(&x->arena, x->tool->argv[i], &x->rules, e) < 0)
			return -1;
	return 0;
}

static bool
is_asked(const struct alerts *x, const struct rule *r)
{
	struct sv rest = sv_of(x->severity), one, severity = rule_label_text(r, "severity");

	if (x->severity == NULL)
		return true;
	while (sv_split(&rest, ',', &one))
		if (sv_eq(sv_trim(one), severity))
			return true;
	return false;
}

static int
print(struct alerts *x, const struct rule_doubts *doubts)
{
	bool *asked = arena_new(&x->arena, x->replay.n, sizeof(*asked));
	struct shown s = {&x->replay, doubts, asked};
	struct sb out = {0};
	size_t i;

	for (i = 0; i < x->replay.n; i++)
		asked[i] = is_asked(x, x->replay.rule[i].rule);
	if (strcmp(x->output, "json") == 0)
		show_json(&s, &out);
	else if (strcmp(x->output, "tsv") == 0)
		show_tsv(&s, &out);
	else
		show_text(&s, &out);
	fwrite(sb_str(&out), 1, out.n, stdout);
	sb_free(&out);
	if (show_count(&s, RULE_FIRED) > 0)
		return TOOL_FAIL;
	if (show_asked(&s) == 0)
		tool_say(x->tool, "no alert %sin these files: nothing could have fired", x->severity != NULL ? "of that severity " : "");
	return show_asked(&s) == 0 || show_count(&s, RULE_UNANSWERABLE) > 0 ? TOOL_INCONCLUSIVE : TOOL_PASS;
}

static int
record(struct alerts *x, const char *db, struct err *e)
{
	struct store *s = store_open(db, STORE_WRITE, e);
	int64_t n = 0;
	int rc;

	if (s == NULL)
		return -1;
	rc = step_rules_record(s, "soak-alerts", &x->replay, &n, e);
	store_close(s);
	if (rc == 0)
		tool_note(x->tool, "%lld samples of alerts and recorded series are in the store", (long long)n);
	return rc;
}

/* Over a source whose first sample and scrapes d tells. The exit status, or -1. */
static int
replay(struct alerts *x, struct pq_source *src, const struct doubt_opts *d, struct err *e)
{
	struct rule_doubts *doubts;

	replay_open(&x->replay, &x->rules, src, &x->o);
	x->opened = true;
	doubts = arena_new(&x->arena, x->replay.n, sizeof(*doubts));
	if (replay_run(&x->replay, e) < 0 || doubt_rules(&x->replay, d, &x->arena, doubts, e) < 0)
		return -1;
	return print(x, doubts);
}

static int
replay_store(struct alerts *x, struct store *s, const struct profile *p, struct err *e)
{
	struct doubt_opts d = {.min_coverage = x->min_coverage};
	struct doubt_scrapes *scrapes;
	struct pq_extent all;
	struct pq_store_source src;
	struct pq_query q = {0};
	int rc = pq_store_extent(s, &all, e);

	x->times.step = TIME_MINUTE; /* a range */
	if (rc == 0)
		rc = step_query_times(s, p, &x->times, &q, e);
	if (rc <= 0) {
		if (rc == 0)
			tool_say(x->tool, "the store holds no sample that has a time");
		return rc < 0 ? -1 : TOOL_INCONCLUSIVE;
	}
	x->o.start = q.start;
	x->o.end = q.end;
	pq_store_source_init(&src, s);
	if (step_rules_scrapes(s, &x->arena, &scrapes, &d.n_scrapes, e) < 0)
		return -1;
	d.scrapes = scrapes;
	d.first = all.first != TIME_NONE ? all.first : q.start;
	return replay(x, &src.src, &d, e);
}

static int
replay_server(struct alerts *x, struct err *e)
{
	struct doubt_opts d = {.min_coverage = x->min_coverage};
	struct pq_query q = {0};
	int status;

	x->times.step = TIME_MINUTE; /* a range */
	if (step_server_times(&x->times, &q, e) < 0)
		return -1;
	x->o.start = q.start;
	x->o.end = q.end;
	if (step_rules_server_open(&x->at, &x->rules, &x->o, &x->arena, e) < 0)
		return -1;
	d.scrapes = x->at.scrapes;
	d.n_scrapes = x->at.n_scrapes;
	d.first = x->at.first;
	status = replay(x, &x->at.samples.src, &d, e);
	/* What it warns of may be missing. */
	return step_server_warn(x->tool, &x->at.server) > 0 && status == TOOL_PASS ? TOOL_INCONCLUSIVE : status;
}

/* What makes sense for a server only, and for a store only. */
static void
check_server(struct alerts *x, const char *db)
{
	const struct step_server *s = &x->at.server;

	if (s->url == NULL && (s->token_file != NULL || s->user_file != NULL || s->ca_file != NULL || s->timeout > 0))
		tool_usage(x->tool, "-d %s: --token-file, --user-file, --ca-file and --timeout are for a server", db);
	if (s->url != NULL && x->profile != NULL)
		tool_usage(x->tool, "-p is for a store: give --start and --end");
	if (s->url != NULL && x->record)
		tool_usage(x->tool, "--record is for a store: nothing is written to a server");
}

static int
run(struct alerts *x)
{
	const char *db = tool_db(x->db);
	struct profile *p = NULL;
	struct store *s = NULL;
	struct err e = {0};
	int status = -1;

	if (x->test)
		return step_rules_test(x->tool->argv, (size_t)x->tool->argc, x->o.query.closed_ranges);
	if (load(x, &e) < 0)
		return tool_fail(x->tool, &e);
	if (x->check) {
		tool_note(x->tool, "%zu group%s: fine", x->rules.n, x->rules.n == 1 ? "" : "s");
		return TOOL_PASS;
	}
	x->at.server.url = step_server_is(db) ? db : NULL;
	check_server(x, db);
	if (x->at.server.url != NULL)
		status = replay_server(x, &e);
	else if ((x->profile == NULL || (p = step_profile(x->tool, x->profile, &e)) != NULL) && (s = step_store(db, &e)) != NULL)
		status = replay_store(x, s, p, &e);
	store_close(s);
	if (status >= 0 && x->record && x->opened && record(x, db, &e) < 0)
		status = -1;
	if (x->opened)
		replay_close(&x->replay);
	if (x->at.server.url != NULL)
		step_rules_server_close(&x->at);
	profile_free(p);
	return status < 0 ? tool_fail(x->tool, &e) : status;
}

int
main(int argc, char **argv)
{
	struct tool t;
	struct alerts x = {.tool = &t, .output = "text", .min_coverage = 0.95, .times = {TIME_NONE, TIME_NONE, TIME_NONE, 0}};
	int status;

	tool_init(&t, argc, argv, "soak-alerts",
	    "[-d STORE|URL] [-p PROFILE] [-o text|tsv|json] [--severity LIST] [--start TIME] [--end TIME] [--record] RULES... | --test FILE... | "
	    "--check RULES...",
	    options);
	read_options(&x);
	status = run(&x);
	arena_free(&x.arena);
	return tool_end(&t, status);
}
