/*
 * soak-compare - two runs beside each other, or many: is this one worse than the last?
 */
#include <stdio.h>
#include <string.h>

#include "judge/compare_runs.h"
#include "step_compare.h"
#include "step_history.h"
#include "steps.h"

enum { OPT_HISTORY = 256, OPT_EVERY };
static const struct tool_option options[] = {
    {'d', "db", "STORE", "the candidate's store (default: $SOAK_DB, else soak.db)"},
    {'b', "baseline", "STORE", "the store of the run to compare with"},
    {'p', "profile", "PROFILE", "what to compare, by path or name"},
    {'o', "output", "FORMAT", "text (default), tsv or json"},
    {OPT_HISTORY, "history", "DIR", "one row per run folder in DIR and criterion, from their verdict.json"},
    {OPT_EVERY, "every", "DURATION", "with --history: a run was due so often; one that is missing is a difference"},
    {0},
};

static int
compare(struct tool *t, const char *db, const char *baseline, const char *profile_name, const char *format)
{
	const struct judge_opts opts = {.start = TIME_NONE};
	struct compare_report r = {0};
	struct store *candidate = NULL, *base = NULL;
	struct profile *profile;
	struct sb out = {0};
	struct err e = {0};
	int status = TOOL_TROUBLE;

	if ((profile = step_profile(t, profile_name, &e)) == NULL || (candidate = step_store(tool_db(db), &e)) == NULL ||
	    (base = step_store(baseline, &e)) == NULL || compare_runs(candidate, base, profile, &opts, &r, &e) < 0) {
		tool_fail(t, &e);
	} else {
		if (strcmp(format, "json") == 0)
			compare_json(&r, &out);
		else
			compare_table(&r, strcmp(format, "tsv") == 0, &out);
		fwrite(sb_str(&out), 1, out.n, stdout);
		status = r.outcome == OUTCOME_PASS ? TOOL_PASS : r.outcome == OUTCOME_FAIL ? TOOL_FAIL : TOOL_INCONCLUSIVE;
	}
	sb_free(&out);
	compare_report_free(&r);
	store_close(base);
	store_close(candidate);
	profile_free(profile);
	return status;
}

int
main(int argc, char **argv)
{
	const char *db = NULL, *baseline = NULL, *profile = NULL, *format = "text", *history = NULL;
	int64_t every = 0;
	struct tool t;
	int c, status;

	tool_init(&t, argc, argv, "soak-compare",
	    "[-d STORE] -b STORE -p PROFILE [-o text|tsv|json] | --history DIR [--every DURATION] [-o text|tsv]", options);
	while ((c = tool_option(&t)) != 0)
		switch (c) {
		case 'd':
			db = t.value;
			break;
		case 'b':
			baseline = t.value;
			break;
		case 'p':
			profile = t.value;
			break;
		case 'o':
			format = t.value;
			break;
		case OPT_HISTORY:
			history = t.value;
			break;
		case OPT_EVERY:
			if (!time_duration(sv_of(t.value), &every) || every <= 0)
				tool_usage(&t, "--every %s: not a duration such as 7d", t.value);
			break;
		}
	if (t.argc > 0)
		tool_usage(&t, "no operand is expected");
	if (strcmp(format, "text") != 0 && strcmp(format, "tsv") != 0 && (strcmp(format, "json") != 0 || history != NULL))
		tool_usage(&t, "-o %s: text, tsv or json (no json with --history)", format);
	if (history != NULL && (baseline != NULL || profile != NULL || db != NULL))
		tool_usage(&t, "--history reads verdicts: no -d, -b or -p");
	if (history == NULL && (baseline == NULL || profile == NULL || every != 0))
		tool_usage(&t, "a baseline (-b) and a profile (-p) are needed, or --history");
	status = history != NULL ? step_history(&t, history, every, strcmp(format, "tsv") == 0) :
	    compare(&t, db, baseline, profile, format);
	return tool_end(&t, status);
}
