/*
 * steps - the stages that more than one tool takes: profile, artifacts, charts, report, package.
 *
 * The layers below do not know each other; here they are joined.
 */
#ifndef SOAK_TOOLS_STEPS_H
#define SOAK_TOOLS_STEPS_H

#include "base/mem.h"
#include "ingest/ingest.h"
#include "judge/judge.h"
#include "pack/out.h"
#include "tool.h"

/* -p: by path or name. NULL with e set. Caller frees. */
struct profile *step_profile(const struct tool *t, const char *name, struct err *e);

/*
 * -d: a store for reading; of a package (.tar.gz, .tar.zst, .zip, or its folder) that is whole the store inside it, signatures
 * not looked at. NULL with e set. Close with store_close().
 */
struct store *step_store(const char *path, struct err *e);

/* A store that was in the making, which a run that was killed may have left, and its journal. */
void step_remove_store(const char *path);

/* What a run folder and a package call the store of the run it was compared with, where there was one. */
#define STEP_BASELINE "baseline.db"

/* The declarative formats of t's templates; the user's own win. NULL with e set. Free with formats_free(). */
struct read_formats *step_formats(const struct tool *t, struct err *e);

/*
 * What people add to a profile: --waivers, --attest and --notes (NULL: none), and the time by which waivers expire: --now (text, NULL
 * not given), else SOURCE_DATE_EPOCH. 0 or -1.
 */
struct step_people {
	const char *waivers, *attestations, *notes, *now;
};
int step_people(const struct step_people *in, struct profile *p, struct judge_opts *o, struct err *e);

struct step_ingest {
	const struct profile *profile;   /* may be NULL */
	int64_t operand_time, start;     /* TIME_NONE: not given */
	const char *skip;                /* a folder that is not read: our own output; NULL none */
	char **operand;
	size_t n;
	/* out */
	struct ingest_totals totals;
	size_t failed_operands;
};
/* Reads all operands into the store and places them in time, telling on stderr what is odd. 0 or -1. */
int step_ingest(const struct tool *t, struct store *s, struct step_ingest *in, struct err *e);

struct step_chart {
	char *file; /* name below the output folder: "charts/success-rate.png" */
	char *png;
	size_t png_n;
	char *svg; /* its name.svg */
	size_t svg_n;
	char *json; /* its name.json */
	size_t json_n;
	char *title, *alt;
};
struct step_charts {
	VEC(struct step_chart) chart;
};
/* Draws the profile's charts of a verdict. scale: 2 is double resolution. 0 or -1. */
int step_charts(const struct verdict *v, double scale, struct step_charts *out, struct err *e);
void step_charts_free(struct step_charts *c);

/* The stems of folder/charts/STEM.json, sorted; no such folder is no charts. Owned by the arena. 0 or -1. */
int step_chart_stems(struct arena *a, const char *folder, char ***out, size_t *n, struct err *e);
/* Removes what an earlier run drew there: charts/ID.png with their charts/ID.svg and charts/ID.json. 0 or -1. */
int step_charts_clear(const char *folder, struct err *e);
/* Writes them below folder: charts/ID.png, charts/ID.svg and charts/ID.json. 0 or -1. */
int step_charts_write(const struct step_charts *c, const char *folder, struct err *e);

/*
 * Renders a report by a template's name ("summary.md") from what lies in a run folder: verdict.json and charts/.
 * Appends. 0 or -1.
 */
int step_report(const struct tool *t, const char *folder, const char *template_name, struct sb *out, struct err *e);

/* How a template is rendered. */
#define STEP_REPORT_PAGE 1u    /* one in Markdown as a page of HTML */
#define STEP_REPORT_LENIENT 2u /* as the Mustache spec has it: unknown names are empty; the template is a path then */
/* The same; the template may be the path of a file, too. */
int step_report_as(const struct tool *t, const char *folder, const char *template_name, unsigned how, struct sb *out, struct err *e);

/*
 * The template that soak-run's report.ENDING is made from: the one the profile names, else sign-off. Owned by the arena.
 */
const char *step_report_name(const struct profile *p, const char *ending, struct arena *a);
/* The templates there are, a line each: name, endings, what its first line says ("{{! Template: ..."), with tabs between. 0 or -1. */
int step_report_list(const struct tool *t, struct sb *out, struct err *e);

/*
 * Renders a template with the runs of a folder of run folders. every, ms, 0 none: a run was due so often. One that cannot be read is
 * an error: a history must not lose a run silently. Appends. 0 or -1.
 */
int step_report_history(const struct tool *t, const char *dir, int64_t every, const char *template, unsigned how, struct sb *out,
    struct err *e);

/*
 * Renders a template, a file's path or a name, with the JSON document at data_path ("-": stdin) and nothing else. Appends. 0 or -1.
 */
int step_report_data(const struct tool *t, const char *data_path, const char *template, unsigned how, struct sb *out,
    struct err *e);

struct step_pack {
	const char *folder;           /* the run folder */
	char *const *artifact;        /* what it was made from */
	size_t n;
	const char *path;             /* the package */
	enum out_format format;
	const char *statement;        /* where the statement goes, too; NULL: only into the package */
	const char *runner;           /* the principal of who ran it; NULL: not said */
	const char *allow;            /* secrets that are allowed; NULL: none */
	bool redact;                  /* pack without the secrets that were found */
	bool incomplete;              /* pack although what the profile requires is not there, and say so */
};
/*
 * Packs a run folder (run.db, verdict.json, profile.yaml, reports, charts) and the artifacts as one bag. Times in it:
 * SOURCE_DATE_EPOCH, else the end of the run. 0; 1: refused for secrets in it or what is missing, which was said; -1.
 */
int step_pack(const struct tool *t, const struct step_pack *in, struct err *e);

#endif
