/*
 * soak-report - the sign-off document of a run folder, from a template; or any template with any data.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/doc.h"
#include "base/io.h"
#include "base/time.h"
#include "step_pdf.h"
#include "steps.h"

enum { OPT_HTML = 256, OPT_PDF, OPT_LIST, OPT_HISTORY, OPT_EVERY };
static const struct tool_option options[] = {
    {'t', "template", "TEMPLATE", "NAME.md or NAME.html of templates/reports, or a file's path (default: sign-off.md)"},
    {OPT_LIST, "list-templates", NULL, "list the templates"},
    {'D', "data", "FILE.json", "render the template with this document instead of a run folder's (-: stdin)"},
    {OPT_HISTORY, "history", "DIR", "many runs: each folder in DIR that has a verdict.json (-t history.md, unless said otherwise)"},
    {OPT_EVERY, "every", "DURATION", "with --history: a run was due so often"},
    {'L', "lenient", NULL, "with --data: unknown names are empty, as the Mustache spec has it"},
    {OPT_HTML, "html", NULL, "a template in Markdown as a page of HTML; so, too, when FILE ends in .html"},
    {OPT_PDF, "pdf", "FILE", "a PDF of it, by weasyprint or chromium (- is standard output)"},
    {'o', "output", "FILE", "where to write it (default: -, standard output)"},
    {0},
};

struct job {
	struct tool t;
	const char *name, *output, *data, *history, *pdf;
	int64_t every;
	unsigned how;
	struct sb folder;
};

/* The run folder: the operand, or where its verdict.json lies. */
static void
take_folder(struct job *j)
{
	struct sv path = sv_of(j->t.argv[0]), dir = sv_head(path, path.n - sv_base(path).n);
	struct stat st;

	if (stat(j->t.argv[0], &st) == 0 && S_ISREG(st.st_mode))
		sb_addv(&j->folder, dir.n > 0 ? dir : SV("."));
	else
		sb_addv(&j->folder, path);
}

/* What stands in a PDF as its time: SOURCE_DATE_EPOCH, else the run's end, else 1980. */
static const char *
epoch_of(struct arena *a, struct job *j)
{
	const char *given = getenv("SOURCE_DATE_EPOCH"), *file = arena_fmt(a, "%s/verdict.json", sb_str(&j->folder));
	const struct doc *verdict = NULL, *end;
	struct sb json = {0};
	int64_t ms = INT64_C(315532800000);

	if (given != NULL && time_parse(sv_of(given), &ms))
		return arena_fmt(a, "%lld", (long long)(ms / 1000));
	if (j->data == NULL && j->history == NULL && io_read_file(file, (size_t)256 << 20, &json, NULL) == 0)
		verdict = doc_json(a, file, arena_sv(a, sb_sv(&json)), NULL);
	sb_free(&json);
	end = doc_path(verdict, SV("run.end"));
	if (end == NULL || end->kind != DOC_STRING || !time_parse(end->text, &ms))
		ms = INT64_C(315532800000);
	return arena_fmt(a, "%lld", (long long)(ms / 1000));
}

static int
make(struct job *j, struct err *e)
{
	struct sb text = {0}, pdf = {0};
	struct arena a = {0};
	int rc;

	rc = j->history != NULL ? step_report_history(&j->t, j->history, j->every, j->name, j->how, &text, e) :
	    j->data != NULL ? step_report_data(&j->t, j->data, j->name, j->how, &text, e) :
	    step_report_as(&j->t, sb_str(&j->folder), j->name, j->how, &text, e);
	if (rc == 0 && j->output != NULL)
		rc = tool_write(j->output, sb_sv(&text), e);
	if (rc == 0 && j->pdf != NULL)
		rc = step_pdf(&j->t, sb_sv(&text), epoch_of(&a, j), &pdf, e);
	if (rc == 0 && j->pdf != NULL)
		rc = tool_write(j->pdf, sb_sv(&pdf), e);
	sb_free(&text);
	sb_free(&pdf);
	arena_free(&a);
	return rc;
}

static int
list_templates(struct job *j, struct err *e)
{
	struct sb text = {0};
	int rc = step_report_list(&j->t, &text, e);

	if (rc == 0)
		rc = tool_write(j->output == NULL ? "-" : j->output, sb_sv(&text), e);
	sb_free(&text);
	return rc;
}

int
main(int argc, char **argv)
{
	struct job j = {.name = NULL};
	struct err e = {0};
	bool list = false;
	int c, status = TOOL_PASS;

	tool_init(&j.t, argc, argv, "soak-report",
	    "[-t TEMPLATE] [--html] [-o FILE] [--pdf FILE] FOLDER|VERDICT.json | --history DIR [--every DURATION] | --data FILE.json -t TEMPLATE | --list-templates", options);
	while ((c = tool_option(&j.t)) != 0)
		switch (c) {
		case 't':
			j.name = j.t.value;
			break;
		case 'D':
			j.data = j.t.value;
			break;
		case 'L':
			j.how |= STEP_REPORT_LENIENT;
			break;
		case OPT_HISTORY:
			j.history = j.t.value;
			break;
		case OPT_EVERY:
			j.every = tool_duration(&j.t, "--every");
			break;
		case OPT_HTML:
			j.how |= STEP_REPORT_PAGE;
			break;
		case OPT_LIST:
			list = true;
			break;
		case OPT_PDF:
			j.pdf = j.t.value;
			break;
		case 'o':
			j.output = j.t.value;
			break;
		}
	if (list) {
		if (j.t.argc != 0 || j.data != NULL)
			tool_usage(&j.t, "--list-templates stands alone");
		return tool_end(&j.t, list_templates(&j, &e) < 0 ? tool_fail(&j.t, &e) : TOOL_PASS);
	}
	if (j.history == NULL ? j.every > 0 : j.data != NULL || j.t.argc != 0 || (j.how & STEP_REPORT_LENIENT) != 0)
		tool_usage(&j.t, j.history == NULL ? "--every goes with --history" : "--history stands without an operand, --data and --lenient");
	if (j.history == NULL && (j.data == NULL ? j.t.argc != 1 || (j.how & STEP_REPORT_LENIENT) != 0 : j.t.argc != 0 || j.name == NULL))
		tool_usage(&j.t, j.data == NULL ? "one run folder is needed, or --data" : "--data wants a template (-t) and no operand");
	if (j.name == NULL)
		j.name = j.history != NULL ? j.pdf != NULL ? "history.html" : "history.md" : j.pdf != NULL ? "sign-off.html" : "sign-off.md";
	if (j.pdf != NULL || (j.output != NULL && sv_ends(sv_of(j.output), ".html")))
		j.how |= STEP_REPORT_PAGE;
	if (j.pdf == NULL && j.output == NULL)
		j.output = "-";
	if (j.data == NULL && j.history == NULL)
		take_folder(&j);
	if (make(&j, &e) < 0)
		status = tool_fail(&j.t, &e);
	sb_free(&j.folder);
	return tool_end(&j.t, status);
}
