/*
 * soak-ingest - reads what a run left behind into the store.
 *
 * Each artifact is one transaction; bad ones are recorded and the good ones kept.
 */
#include <stdio.h>

#include "base/clean.h"
#include "base/time.h"
#include "ingest/manual.h"
#include "step_dry.h"
#include "step_edit.h"
#include "step_k6.h"
#include "step_pull.h"
#include "step_trust.h"
#include "step_try.h"
#include "steps.h"

enum { OPT_TIME = 256, OPT_START, OPT_TRY, OPT_FORMATS, OPT_EVENT, OPT_BY, OPT_K6_SUMMARY,
	OPT_MERGE, OPT_REMOVE, OPT_REASON, OPT_DRY, OPT_FROM, OPT_MATCH, OPT_END, OPT_INTO, OPT_TOKEN, OPT_USER, OPT_CA, OPT_TIMEOUT };
static const struct tool_option options[] = {
    {'d', "db", "STORE", "the store (default: $SOAK_DB, else soak.db)"},
    {'p', "profile", "PROFILE", "names, times and zones of this kind of run"},
    {'l', "list", NULL, "then list every artifact of the store on stdout"},
    {OPT_TIME, "time", "TIME", "when the untimed operands were taken; beats all other sources"},
    {OPT_START, "start", "TIME", "when the run started; beats the profile"},
    {OPT_TRY, "try", "FORMAT", "store nothing: show what FORMAT (a name or a .yaml) makes of each line of the files"},
    {OPT_EVENT, "event", "TIME", "record that KIND happened then (operands KIND TEXT), as --by says; marked manual"},
    {OPT_BY, "by", "NAME", "who says so"},
    {OPT_REMOVE, "remove", "ARTIFACT", "take it out of the store, with what lay inside it; --by and --reason stay as a problem of the run"},
    {OPT_MERGE, "merge", "OTHER", "take over what another store of the same run holds"},
    {OPT_REASON, "reason", "TEXT", "why"},
    {OPT_DRY, "dry-run", NULL, "store nothing: list what the store would hold, as --list does"},
    {OPT_FROM, "from", "URL", "first save what a Prometheus-compatible server holds (--match, --start, --end) as files, and read those"},
    {OPT_MATCH, "match", "SELECTOR", "the series to save; may be given again"},
    {OPT_END, "end", "TIME", "up to then"},
    {OPT_INTO, "into", "FOLDER", "where the files go (default: STORE.pulled)"},
    {OPT_TOKEN, "token-file", "FILE", "holds the bearer token for the server"},
    {OPT_USER, "user-file", "FILE", "holds USER:PASSWORD for the server"},
    {OPT_CA, "ca-file", "FILE", "trust these certificates (PEM), not the system's"},
    {OPT_TIMEOUT, "timeout", "DURATION", "of a request (default: 2m)"},
    {OPT_FORMATS, "list-formats", NULL, "list the formats that can be read"},
    {OPT_K6_SUMMARY, "k6-summary", NULL, "then print k6's summary of its points on stdout, computed again"},
    {0},
};

static void
print_clean(struct sv text, char end)
{
	struct sb clean = {0};

	clean_add(&clean, text);
	printf("%s%c", sb_str(&clean), end);
	sb_free(&clean);
}

static void
print_artifact(const struct store_artifact *a)
{
	char t[TIME_TEXT], last[TIME_TEXT];

	print_clean(a->name, '\t');
	print_clean(a->format, '\t');
	printf("%lld\t%lld\t", (long long)a->size, (long long)a->items);
	printf("%s\t", a->time_ms == TIME_NONE ? "-" : time_text(a->time_ms, t));
	print_clean(a->time_source, '\t');
	print_clean(a->time_why, '\t');
	printf("%lld\t%s\t", (long long)a->problems,
	    a->superseded ? "superseded" : a->complete ? "complete" : "not used");
	printf("%s\t%s\n", a->first_ms == TIME_NONE ? "-" : time_text(a->first_ms, t),
	    a->last_ms == TIME_NONE ? "-" : time_text(a->last_ms, last));
}

static int
list(struct store *s, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(s, e);
	struct store_artifact a;
	int rc;

	if (rows == NULL)
		return -1;
	puts("artifact\tformat\tbytes\titems\ttime\tsource\twhy\tproblems\tstate\tfirst\tlast");
	while ((rc = store_artifacts_next(rows, &a, e)) > 0)
		print_artifact(&a);
	store_rows_close(rows);
	return rc;
}

static void
summarise(const struct tool *t, const struct ingest_totals *n)
{
	tool_note(t, "%lld stored, %lld known, %lld broken, %lld empty, %lld not recognised", (long long)n->stored,
	    (long long)n->known, (long long)n->broken, (long long)n->empty, (long long)n->unrecognised);
	if (n->placed > 0 || n->untimed > 0)
		tool_note(t, "snapshots: %lld placed in time (%lld of them anew), %lld without a time%s",
		    (long long)n->placed, (long long)n->retimed, (long long)n->untimed,
		    n->untimed > 0 ? ": a profile (-p) says when they were taken" : "");
}

/* --from: the files that were written are what is read. 0 or -1. */
static int
pull(struct tool *t, const char *db, struct step_pull *p, struct step_ingest *in, struct sb *folder, char **operand, struct err *e)
{
	if (p->into == NULL)
		sb_addf(folder, "%s.pulled", tool_db(db));
	else
		sb_adds(folder, p->into);
	p->into = sb_str(folder);
	if (step_pull(t, p, e) < 0)
		return -1;
	tool_note(t, "%lld samples in %zu files below %s, %zu were there", (long long)p->samples, p->files, p->into, p->known);
	if (p->files + p->known == 0)
		return err_set(e, ERR_INPUT, "%s: no series matched there and then", p->url);
	operand[0] = folder->buf;
	in->operand = operand;
	in->n = 1;
	return 0;
}

int
main(int argc, char **argv)
{
	struct step_ingest in = {.operand_time = TIME_NONE, .start = TIME_NONE};
	const char *db = NULL, *profile_name = NULL, *trying = NULL;
	struct manual_event manual = {.t = TIME_NONE};
	struct profile *profile = NULL;
	struct store *store = NULL;
	struct step_pull from = {.end = TIME_NONE};
	struct sb pulled = {0};
	char *pulled_operand[1];
	const char *removing = NULL, *reason = NULL, *merging = NULL;
	struct step_dry dry = {0};
	bool listing = false, formats = false, k6 = false, trying_out = false;
	struct err e = {0};
	struct tool t;
	int c, status = TOOL_TROUBLE;

	tool_init(&t, argc, argv, "soak-ingest", "[-d STORE] [-p PROFILE] [-lq] [--dry-run] [--k6-summary] [--time TIME] [--start TIME] [FILE|FOLDER|- ...]\n"
	    "       soak-ingest --from URL --match SELECTOR --start TIME --end TIME [-d STORE] [--into FOLDER]\n"
	    "       soak-ingest --event TIME --by NAME [-d STORE] KIND TEXT\n"
	    "       soak-ingest --remove ARTIFACT --by NAME --reason TEXT [-d STORE] [-p PROFILE]\n"
	    "       soak-ingest --merge OTHER [-d STORE] [-p PROFILE]\n"
	    "       soak-ingest --try FORMAT [-p PROFILE] FILE ... | --list-formats", options);
	while ((c = tool_option(&t)) != 0)
		switch (c) {
		case 'd':
			db = t.value;
			break;
		case 'p':
			profile_name = t.value;
			break;
		case 'l':
			listing = true;
			break;
		case OPT_TIME:
			in.operand_time = tool_time(&t, "--time");
			break;
		case OPT_K6_SUMMARY:
			k6 = true;
			break;
		case OPT_START:
			in.start = tool_time(&t, "--start");
			break;
		case OPT_EVENT:
			manual.t = tool_time(&t, "--event");
			break;
		case OPT_BY:
			manual.by = sv_of(t.value);
			break;
		case OPT_MERGE:
			merging = t.value;
			break;
		case OPT_REMOVE:
			removing = t.value;
			break;
		case OPT_REASON:
			reason = t.value;
			break;
		case OPT_DRY:
			trying_out = true;
			break;
		case OPT_FROM:
			from.url = t.value;
			break;
		case OPT_MATCH:
			if (from.n_matches == STEP_PULL_MATCHES)
				tool_usage(&t, "more than %d selectors", STEP_PULL_MATCHES);
			from.match[from.n_matches++] = t.value;
			break;
		case OPT_END:
			from.end = tool_time(&t, "--end");
			break;
		case OPT_INTO:
			from.into = t.value;
			break;
		case OPT_TOKEN:
			from.token_file = t.value;
			break;
		case OPT_USER:
			from.user_file = t.value;
			break;
		case OPT_CA:
			from.ca_file = t.value;
			break;
		case OPT_TIMEOUT:
			if (!time_duration(sv_of(t.value), &from.timeout) || from.timeout <= 0)
				tool_usage(&t, "--timeout %s: not a duration", t.value);
			break;
		case OPT_TRY:
			trying = t.value;
			break;
		case OPT_FORMATS:
			formats = true;
			break;
		}
	if (removing != NULL && (reason == NULL || manual.by.n == 0 || manual.t != TIME_NONE || t.argc > 0 || listing || formats || trying != NULL ||
	    from.url != NULL || trying_out))
		tool_usage(&t, "--remove ARTIFACT --by NAME --reason TEXT, and nothing else but -d and -p");
	if (merging != NULL && (removing != NULL || manual.t != TIME_NONE || t.argc > 0 || listing || formats || trying != NULL || from.url != NULL ||
	    trying_out))
		tool_usage(&t, "--merge OTHER, and nothing else but -d and -p");
	if (trying_out && (t.argc == 0 || from.url != NULL || formats || trying != NULL || manual.t != TIME_NONE))
		tool_usage(&t, "--dry-run FILE ...");
	if (reason != NULL && removing == NULL)
		tool_usage(&t, "--reason goes with --remove");
	if (removing == NULL && (manual.t != TIME_NONE) != (manual.by.n > 0))
		tool_usage(&t, "--event and --by go together: an event that somebody states by name");
	if (manual.t != TIME_NONE) {
		if (t.argc != 2 || profile_name != NULL || listing || formats || trying != NULL)
			tool_usage(&t, "--event TIME KIND TEXT --by NAME");
		status = step_edit_event(&t, db, &manual, &e) < 0 ? TOOL_TROUBLE : TOOL_PASS;
		goto out;
	}
	from.start = in.start;
	step_pull_check(&t, &from);
	if (t.argc == 0 && from.url == NULL && !formats && removing == NULL && merging == NULL && (trying != NULL || (!listing && !k6 && profile_name == NULL)))
		tool_usage(&t, "what is to be read?");
	in.operand = t.argv;
	in.n = (size_t)t.argc;
	if (from.url != NULL && pull(&t, db, &from, &in, &pulled, pulled_operand, &e) < 0)
		goto out;
	step_trust_templates(&t, in.operand, in.n);
	if (profile_name != NULL && (profile = step_trusted_profile(&t, profile_name, in.operand, in.n, &e)) == NULL)
		goto out;
	in.profile = profile;
	if (formats || trying != NULL) {
		status = formats ? step_list_formats(&t, &e)
				 : step_try(&t, trying, t.argv, in.n, profile != NULL ? profile->zone : NULL, &e);
		status = status < 0 ? TOOL_TROUBLE : status;
		goto out;
	}
	if (removing != NULL) {
		status = step_edit_remove(&t, db, removing, manual.by, sv_of(reason), &in, &e) < 0 ? TOOL_TROUBLE : TOOL_PASS;
		goto out;
	}
	if (merging != NULL) {
		status = step_edit_merge(&t, db, merging, &in, &e) < 0 ? TOOL_TROUBLE : TOOL_PASS;
		goto out;
	}
	store = trying_out ? step_dry_open(&dry, tool_db(db), &e) : store_open(tool_db(db), in.n == 0 && profile == NULL ? STORE_READ : STORE_WRITE, &e);
	if (store == NULL)
		goto out;
	if ((in.n > 0 || profile != NULL) && step_ingest(&t, store, &in, &e) < 0)
		goto out;
	if (in.n > 0)
		summarise(&t, &in.totals);
	if ((listing || trying_out) && list(store, &e) < 0)
		goto out;
	if ((status = k6 ? step_k6_summary(&t, store, &e) : TOOL_PASS) == TOOL_TROUBLE)
		goto out;
	if (in.n > 0 && (in.failed_operands > 0 || in.totals.stored + in.totals.known == 0)) {
		err_set(&e, ERR_INPUT, "%s", in.failed_operands > 0 ? "not every operand could be read"
								    : "nothing was stored: no artifact was recognised");
		status = TOOL_TROUBLE;
	}
out:
	if (status == TOOL_TROUBLE)
		tool_fail(&t, &e);
	sb_free(&pulled);
	store_close(store);
	step_dry_end(&dry);
	profile_free(profile);
	return tool_end(&t, status);
}
