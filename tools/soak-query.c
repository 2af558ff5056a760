/*
 * soak-query - what a PromQL expression says of the store, or of a server's samples.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/num.h"
#include "base/time.h"
#include "promql/answer.h"
#include "promql/caret.h"
#include "promql/explain.h"
#include "promql/functions.h"
#include "promql/store_source.h"
#include "step_query.h"
#include "step_server.h"
#include "steps.h"

#define MOST_TEXT (1 << 20) /* bytes of an expression from stdin */

enum { OPT_START = 256, OPT_END, OPT_STEP, OPT_TIME, OPT_LOOKBACK, OPT_COMPAT, OPT_SAMPLES, OPT_EXPLAIN, OPT_FORMAT, OPT_CHECK,
	OPT_TOKEN, OPT_USER, OPT_CA, OPT_TIMEOUT, OPT_LOCAL };
static const struct tool_option options[] = {
    {'d', "db", "STORE", "the store (default: $SOAK_DB, else soak.db), or a server: http(s)://HOST:PORT"},
    {'p', "profile", "PROFILE", "whose run is the time that is meant, by path or name"},
    {'o', "output", "FORMAT", "table (default on a terminal), tsv (default in a pipe), csv or json"},
    {OPT_TIME, "time", "TIME", "an instant query then (default: at the last sample)"},
    {OPT_START, "start", "TIME", "a range query from then on (default: the first sample)"},
    {OPT_END, "end", "TIME", "to then (default: the last sample)"},
    {OPT_STEP, "step", "DURATION", "with a value each so often (default: at most 250 steps)"},
    {OPT_LOOKBACK, "lookback", "DURATION", "how long a sample lives (default: 5m)"},
    {OPT_COMPAT, "promql-compat", "2|3", "ranges as in Prometheus 3 (default) or 2"},
    {OPT_SAMPLES, "max-samples", "N", "at most so many in memory (default: 50000000)"},
    {OPT_TIMEOUT, "timeout", "DURATION", "give up after that (default: 2m)"},
    {OPT_LOCAL, "local-eval", NULL, "fetch samples from the server and evaluate here"},
    {OPT_TOKEN, "token-file", "FILE", "holds the bearer token for the server"},
    {OPT_USER, "user-file", "FILE", "holds USER:PASSWORD for the server"},
    {OPT_CA, "ca-file", "FILE", "trust these certificates (PEM), not the system's"},
    {OPT_EXPLAIN, "explain", NULL, "print what the expression reads and whether that can answer it"},
    {OPT_FORMAT, "format", NULL, "only print the expression in its usual form"},
    {OPT_CHECK, "check", NULL, "only check the expression"},
    {0},
};

struct query {
	struct tool *tool;
	const char *db, *profile, *output;
	bool explain, format, check;
	struct pq_times times;
	struct pq_query q;
	struct step_server server;
	struct step_deadline deadline;
	struct sv text;
	struct arena arena;
};

static void
read_options(struct query *q)
{
	struct tool *t = q->tool;
	int c;

	while ((c = tool_option(t)) != 0)
		switch (c) {
		case 'd':
			q->db = t->value;
			break;
		case 'p':
			q->profile = t->value;
			break;
		case 'o':
			q->output = t->value;
			break;
		case OPT_TIME:
			q->times.time = tool_time(t, "--time");
			break;
		case OPT_START:
			q->times.start = tool_time(t, "--start");
			break;
		case OPT_END:
			q->times.end = tool_time(t, "--end");
			break;
		case OPT_STEP:
			q->times.step = tool_duration(t, "--step");
			break;
		case OPT_LOOKBACK:
			q->q.lookback = tool_duration(t, "--lookback");
			break;
		case OPT_COMPAT:
			if (strcmp(t->value, "2") != 0 && strcmp(t->value, "3") != 0)
				tool_usage(t, "--promql-compat %s: 2 or 3", t->value);
			q->q.closed_ranges = t->value[0] == '2';
			break;
		case OPT_SAMPLES:
			if (!num_parse_int(sv_of(t->value), &q->q.max_samples) || q->q.max_samples <= 0)
				tool_usage(t, "--max-samples %s: a whole number above 0", t->value);
			break;
		case OPT_TIMEOUT:
			q->server.timeout = tool_duration(t, "--timeout");
			break;
		case OPT_LOCAL:
			q->server.local = true;
			break;
		case OPT_TOKEN:
			q->server.token_file = t->value;
			break;
		case OPT_USER:
			q->server.user_file = t->value;
			break;
		case OPT_CA:
			q->server.ca_file = t->value;
			break;
		case OPT_EXPLAIN:
			q->explain = true;
			break;
		case OPT_FORMAT:
			q->format = true;
			break;
		case OPT_CHECK:
			q->check = true;
			break;
		}
	if (q->times.time != TIME_NONE &&
	    (q->times.start != TIME_NONE || q->times.end != TIME_NONE || q->times.step > 0))
		tool_usage(t, "--time is for an instant query; --start, --end and --step are for a range");
	if (q->output == NULL)
		q->output = isatty(1) ? "table" : "tsv";
	if (strcmp(q->output, "table") != 0 && strcmp(q->output, "tsv") != 0 && strcmp(q->output, "csv") != 0 &&
	    strcmp(q->output, "json") != 0)
		tool_usage(t, "-o %s: table, tsv, csv or json", q->output);
	if (t->argc != 1)
		tool_usage(t, t->argc == 0 ? "an expression is needed" : "one expression is needed: quote it");
}

/* The operand, or for "-" what stands on stdin. */
static int
read_text(struct query *q, struct err *e)
{
	struct sb all = {0};
	struct io_fd in;
	int rc;

	q->text = sv_of(q->tool->argv[0]);
	if (!sv_is(q->text, "-"))
		return 0;
	io_fd_init(&in, 0, "-");
	rc = io_read_all(&in.src, "-", MOST_TEXT, &all, e);
	q->text = arena_sv(&q->arena, sb_sv(&all));
	sb_free(&all);
	return rc;
}

static const struct pq_expr *
parse(struct query *q)
{
	const struct pq_expr *x;
	struct err e = {0};
	struct sb caret = {0};

	x = pq_parse(&q->arena, q->text, &e);
	if (x == NULL) {
		tool_fail(q->tool, &e);
		pq_caret(q->text, e.msg, 80, &caret);
		fputs(sb_str(&caret), stderr);
		sb_free(&caret);
	}
	return x;
}

/* --check, --format */
static int
print_text(struct query *q, const struct pq_expr *x)
{
	struct sb out = {0};

	if (q->format) {
		pq_format(x, &out);
		printf("%s\n", sb_str(&out));
		sb_free(&out);
	} else {
		tool_note(q->tool, "the expression is fine: %s", pq_type_name(x->type));
	}
	return TOOL_PASS;
}

static void
print_answer(const struct query *q, const struct pq_result *r)
{
	struct sb out = {0};

	if (strcmp(q->output, "json") == 0)
		pq_answer_json(r, &q->q, &out);
	else if (strcmp(q->output, "csv") == 0)
		pq_answer_csv(r, &out);
	else if (strcmp(q->output, "tsv") == 0)
		pq_answer_tsv(r, &out);
	else
		pq_answer_table(r, tool_columns(), &out);
	fwrite(sb_str(&out), 1, out.n, stdout);
	sb_free(&out);
}

static void
print_explanation(const struct pq_expr *x, const struct pq_explanation *ex)
{
	struct sb out = {0};

	pq_explain_text(x, ex, &out);
	fwrite(sb_str(&out), 1, out.n, stdout);
	sb_free(&out);
}

/* Says what each selector lacks: series, or samples close enough to each other. 0 or -1. */
static int
say_doubts(struct query *q, struct pq_source *src, const struct pq_explanation *ex, struct err *e)
{
	struct sb text = {0};
	size_t i;
	int rc = 0;

	for (i = 0; i < ex->n && rc == 0; i++) {
		sb_reset(&text);
		if (ex->v[i].n_series == 0 && q->server.url != NULL)
			step_server_missing(&ex->v[i], &text);
		else if (ex->v[i].n_series == 0)
			rc = pq_explain_missing(src, ex->v[i].x, &q->arena, &text, e);
		else if (!q->explain) /* it is in the tree already */
			pq_reading_doubt(&ex->v[i], &text);
		if (rc == 0 && text.n > 0)
			tool_say(q->tool, "%s", sb_str(&text));
	}
	sb_free(&text);
	return rc;
}

static int
evaluate(struct query *q, struct pq_source *src, const struct pq_expr *x, struct pq_result *r, struct err *e)
{
	char series[NUM_TEXT], points[NUM_TEXT], ms[NUM_TEXT];
	struct timespec from, to;
	size_t i, n = 0;

	clock_gettime(CLOCK_MONOTONIC, &from);
	if (q->server.url != NULL ? step_server_eval(&q->server, x, q->text, &q->q, &q->arena, r, e) < 0
	                          : pq_eval(src, x, &q->q, &q->arena, r, e) < 0)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &to);
	for (i = 0; i < r->n; i++)
		n += r->v[i].n;
	if (q->explain)
		tool_note(q->tool, "evaluated in %s ms: %s series with %s points",
		    num_fixed((double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6, 1, ms),
		    num_count((int64_t)r->n, series), num_count((int64_t)n, points));
	return 0;
}

/* What the selectors read; src is NULL for a server. */
static int
explain(struct query *q, struct pq_source **src, const struct pq_expr *x, struct pq_explanation *ex, struct err *e)
{
	if (*src == NULL && (*src = step_server_wide(&q->server, x, &q->q, e)) == NULL)
		return -1;
	return pq_explain(*src, x, &q->q, &q->arena, ex, e);
}

/*
 * rules.md 21. A result that is empty because its ranges are too short for the samples is no answer
 * either: "no alert" would be the wrong reading.
 */
static int
answer(struct query *q, struct pq_source *src, const struct pq_expr *x, struct err *e)
{
	struct pq_explanation ex = {0};
	struct pq_result r = {0};
	bool explained = q->explain, extended, doubtful;
	size_t i;

	if (q->explain) {
		if (explain(q, &src, x, &ex, e) < 0)
			return -1;
		print_explanation(x, &ex);
	}
	if (evaluate(q, src, x, &r, e) < 0)
		return -1;
	if (!q->explain)
		print_answer(q, &r);
	/* What a server makes of its own samples is its own. */
	extended = pq_reads_extended(x) && (q->server.url == NULL || q->server.local);
	doubtful = (r.n == 0 && r.type != PQ_STRING) || extended;
	if (!explained && (doubtful || r.n_selected == 0) && explain(q, &src, x, &ex, e) < 0)
		return -1;
	for (i = 0; i < ex.n && q->server.url != NULL; i++) /* the server does not tell */
		r.n_selected += ex.v[i].n_series;
	if ((doubtful || explained || r.n_selected == 0) && say_doubts(q, src, &ex, e) < 0)
		return -1;
	return pq_no_answer(&r, &ex, extended) ? TOOL_INCONCLUSIVE : TOOL_PASS;
}

static int
ask(struct query *q, const struct profile *p, struct store *s, const struct pq_expr *x, struct err *e)
{
	struct pq_store_source src;
	int64_t untimed = step_query_untimed(s, e);
	int rc = untimed < 0 ? -1 : step_query_times(s, p, &q->times, &q->q, e);

	if (rc < 0)
		return -1;
	if (untimed > 0)
		tool_note(q->tool, "%lld artifact%s no time: what %s cannot be queried (soak-ingest -p PROFILE places them)",
		    (long long)untimed, untimed == 1 ? " has" : "s have", untimed == 1 ? "it holds" : "they hold");
	if (rc == 0) {
		tool_say(q->tool, "the store holds no sample that has a time");
		return TOOL_INCONCLUSIVE;
	}
	pq_store_source_init(&src, s);
	return answer(q, &src.src, x, e);
}

/* rules.md 21 for a server: an answer that it calls incomplete is none. */
static int
ask_server(struct query *q, const struct pq_expr *x, struct err *e)
{
	int status;

	if (step_server_times(&q->times, &q->q, e) < 0 || step_server_open(&q->server, &q->q, e) < 0)
		return -1;
	status = answer(q, NULL, x, e);
	if (step_server_warn(q->tool, &q->server) > 0 && status == TOOL_PASS)
		status = TOOL_INCONCLUSIVE;
	return status;
}

/* What makes sense for a server only, and for a store only. */
static void
check_options(struct query *q, const char *db)
{
	const struct step_server *s = &q->server;

	if (s->url == NULL && (s->local || s->token_file != NULL || s->user_file != NULL || s->ca_file != NULL))
		tool_usage(q->tool, "-d %s: --local-eval, --token-file, --user-file and --ca-file are for a server", db);
	if (s->url != NULL && q->profile != NULL)
		tool_usage(q->tool, "-p is for a store: give --time, or --start and --end");
	if (s->url != NULL && q->q.lookback > 0 && !s->local)
		tool_usage(q->tool, "--lookback needs --local-eval: many servers ignore it");
	if (s->url != NULL && q->explain && !s->local)
		tool_note(q->tool, "--explain fetches the samples of all selectors");
}

static int
run(struct query *q)
{
	const char *db = tool_db(q->db);
	struct profile *p = NULL;
	struct store *s = NULL;
	const struct pq_expr *x;
	struct err e = {0};
	int status = -1;

	if (read_text(q, &e) < 0)
		return tool_fail(q->tool, &e);
	if ((x = parse(q)) == NULL)
		return TOOL_TROUBLE;
	if (q->check || q->format)
		return print_text(q, x);
	q->server.url = step_server_is(db) ? db : NULL;
	check_options(q, db);
	step_server_deadline(&q->deadline, q->server.timeout > 0 ? q->server.timeout : STEP_SERVER_TIMEOUT, &q->q);
	if (q->server.url != NULL)
		status = ask_server(q, x, &e);
	else if ((q->profile == NULL || (p = step_profile(q->tool, q->profile, &e)) != NULL) &&
	    (s = step_store(db, &e)) != NULL)
		status = ask(q, p, s, x, &e);
	store_close(s);
	profile_free(p);
	return status < 0 ? tool_fail(q->tool, &e) : status;
}

int
main(int argc, char **argv)
{
	struct tool t;
	struct query q = {.tool = &t, .times = {TIME_NONE, TIME_NONE, TIME_NONE, 0}};
	int status;

	tool_init(&t, argc, argv, "soak-query",
	    "[-d STORE|URL] [-p PROFILE] [-o table|tsv|csv|json] [--time T | --start T --end T --step DURATION] [--explain] "
	    "EXPR|-",
	    options);
	read_options(&q);
	status = run(&q);
	step_server_close(&q.server);
	arena_free(&q.arena);
	return tool_end(&t, status);
}
