#include "step_products.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "profile/notes.h"
#include "step_lines.h"
#include "step_provenance.h"
#include "step_recipe.h"

/* folder/name, valid until sb is used again. */
static const char *
below(struct sb *sb, const struct step_products *r, const char *name)
{
	sb_reset(sb);
	sb_addf(sb, "%s/%s", r->folder, name);
	return sb_str(sb);
}

/* A compact copy of a store as folder/name, which appears when it is whole. */
static int
leave_store(const struct step_products *r, struct store *s, const char *name, struct err *e)
{
	struct sb copy = {0}, final = {0};
	int rc;

	below(&copy, r, ".run.db.whole");
	below(&final, r, name);
	step_remove_store(sb_str(&copy));
	rc = store_copy(s, sb_str(&copy), e);
	if (rc == 0 && rename(sb_str(&copy), sb_str(&final)) < 0)
		rc = err_set(e, ERR_SYS, "%s: %s", sb_str(&final), strerror(errno));
	step_remove_store(sb_str(&copy));
	sb_free(&copy);
	sb_free(&final);
	return rc;
}

/* Reads the artifacts and leaves a compact run.db; the run to compare with beside it: the verdict cannot be made again without. */
static int
make_store(const struct step_products *r, struct err *e)
{
	struct sb tmp = {0};
	struct store *s;
	int rc = -1;

	below(&tmp, r, ".run.db.reading");
	step_remove_store(sb_str(&tmp));
	s = store_open(sb_str(&tmp), STORE_WRITE, e);
	if (s != NULL && step_ingest(r->t, s, r->in, e) == 0)
		rc = leave_store(r, s, "run.db", e);
	store_close(s);
	step_remove_store(sb_str(&tmp));
	if (rc == 0 && r->judge->baseline != NULL)
		rc = leave_store(r, r->judge->baseline, STEP_BASELINE, e);
	sb_free(&tmp);
	return rc;
}

static int
write_verdict(const struct step_products *r, const struct verdict *v, struct err *e)
{
	struct sb json = {0}, path = {0};
	int rc;

	verdict_json(v, &json);
	rc = io_write_file(below(&path, r, "verdict.json"), sb_sv(&json), e);
	if (rc == 0)
		rc = io_write_file(below(&path, r, "profile.yaml"), r->profile->text, e);
	if (rc == 0 && r->profile->waivers_text.p != NULL)
		rc = io_write_file(below(&path, r, "waivers.yaml"), r->profile->waivers_text, e);
	if (rc == 0 && r->profile->attestations_text.p != NULL)
		rc = io_write_file(below(&path, r, "attestations.yaml"), r->profile->attestations_text, e);
	if (rc == 0 && r->profile->notes != NULL && r->profile->notes->text.p != NULL)
		rc = io_write_file(below(&path, r, "notes.yaml"), r->profile->notes->text, e);
	if (rc == 0 && r->profile->n_rule_files > 0) {
		sb_reset(&json);
		profile_rule_files_json(r->profile, &json);
		rc = io_write_file(below(&path, r, PROFILE_RULE_FILES), sb_sv(&json), e);
	}
	sb_reset(&json);
	step_recipe_write("soak-run", r->in->n, r->judge, &json);
	if (rc == 0)
		rc = io_write_file(below(&path, r, "recipe.json"), sb_sv(&json), e);
	sb_free(&json);
	sb_free(&path);
	return rc;
}

static int
read_operands(void *ctx, struct step_lines *lines, struct err *e)
{
	const struct step_ingest *in = ctx;
	size_t i;

	for (i = 0; i < in->n; i++)
		if (step_lines_read(lines, in->operand[i], true, e) < 0)
			return -1;
	return 0;
}

static int
write_provenance(const struct step_products *r, struct store *s, const struct verdict *v, struct err *e)
{
	struct sb json = {0}, path = {0};
	int rc = step_provenance(r->t, s, v, read_operands, r->in, &json, e);

	if (rc == 0)
		rc = io_write_file(below(&path, r, "provenance.json"), sb_sv(&json), e);
	sb_free(&json);
	sb_free(&path);
	return rc;
}

static int
write_charts(const struct step_products *r, const struct verdict *v, struct err *e)
{
	struct step_charts charts = {{0}};
	int rc = step_charts(v, 2, &charts, e);

	if (rc == 0)
		rc = step_charts_write(&charts, r->folder, e);
	step_charts_free(&charts);
	return rc;
}

static int
write_report(const struct step_products *r, const char *template, const char *file, struct err *e)
{
	struct sb text = {0}, path = {0};
	int rc = step_report(r->t, r->folder, template, &text, e);

	if (rc == 0)
		rc = io_write_file(below(&path, r, file), sb_sv(&text), e);
	sb_free(&text);
	sb_free(&path);
	return rc;
}

static int
write_reports(const struct step_products *r, struct err *e)
{
	struct arena a = {0};
	int rc = write_report(r, step_report_name(r->profile, "md", &a), "report.md", e);

	if (rc == 0)
		rc = write_report(r, step_report_name(r->profile, "html", &a), "report.html", e);
	if (rc == 0)
		rc = write_report(r, "summary.md", "summary.md", e);
	arena_free(&a);
	return rc;
}

static int
write_package(const struct step_products *r, struct err *e)
{
	struct sb name = {0}, path = {0}, statement = {0};
	struct step_pack pack = {.folder = r->folder, .artifact = r->in->operand, .n = r->in->n, .format = OUT_TAR_GZ,
	    .runner = r->runner, .allow = r->allow, .redact = r->redact, .incomplete = r->incomplete};
	int rc;

	sb_addf(&name, "%" SV_FMT ".tar.gz", SV_ARG(r->profile->name));
	pack.path = below(&path, r, sb_str(&name));
	pack.statement = below(&statement, r, "statement.intoto.jsonl");
	rc = step_pack(r->t, &pack, e);
	if (rc == 1)
		rc = err_set(e, ERR_INPUT, "%s: no package was made, for what is said above", r->folder);
	sb_free(&name);
	sb_free(&path);
	sb_free(&statement);
	return rc;
}

int
step_products(const struct step_products *r, struct err *e)
{
	struct verdict v = {.profile = r->profile};
	struct sb path = {0}, text = {0};
	struct store *s;
	int status = TOOL_TROUBLE;

	if (make_store(r, e) < 0)
		return TOOL_TROUBLE;
	s = store_open(below(&path, r, "run.db"), STORE_READ, e);
	if (s != NULL && judge_run(s, r->profile, r->judge, &v, e) == 0 && write_verdict(r, &v, e) == 0 &&
	    write_provenance(r, s, &v, e) == 0 && write_charts(r, &v, e) == 0 && write_reports(r, e) == 0 &&
	    write_package(r, e) == 0) {
		status = verdict_exit(&v);
		verdict_text(&v, tool_columns(), tool_colour(1), &text);
		fwrite(sb_str(&text), 1, text.n, stdout);
	}
	verdict_free(&v);
	store_close(s);
	sb_free(&path);
	sb_free(&text);
	return status;
}
