/*
 * soak-pack - a run folder and its artifacts as one deterministic BagIt package; and what is in a package.
 */
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/io.h"
#include "pack/contents.h"
#include "steps.h"

enum { OPT_FORMAT = 256, OPT_RUNNER, OPT_LIST, OPT_EXTRACT, OPT_ALLOW, OPT_REDACT, OPT_INCOMPLETE };
static const struct tool_option options[] = {
    {'a', "artifacts", "PATH", "the files or folder the run was judged by (again for more)"},
    {'o', "output", "FILE", "the package (what --extract takes out: default -)"},
    {OPT_FORMAT, "format", "FORMAT", "tar.gz, tar.zst, zip or dir (default: by the name of FILE)"},
    {OPT_RUNNER, "runner", "PRINCIPAL", "who ran it: does not approve it"},
    {OPT_ALLOW, "allow", "FILE", "what may be packed although it looks like a secret"},
    {OPT_REDACT, "redact", NULL, "pack plain files without the secrets that were found in them"},
    {OPT_INCOMPLETE, "incomplete", NULL, "pack although what the profile requires is not there, and say so"},
    {OPT_LIST, "list", NULL, "what is in a package: digest, size, name"},
    {OPT_EXTRACT, "extract", "NAME", "one file of a package"},
    {0},
};

static int
list(struct tool *t, const char *path)
{
	struct contents c;
	struct err e = {0};
	struct sb shown = {0};
	int status = TOOL_PASS;
	size_t i;

	if (contents_read(&c, path, NULL, &e) < 0)
		status = tool_fail(t, &e);
	for (i = 0; status == TOOL_PASS && i < c.file.n; i++) {
		sb_reset(&shown);
		clean_add(&shown, c.file.v[i].name);
		printf("%s\t%lld\t%s\n", c.file.v[i].sha256, (long long)c.file.v[i].size, sb_str(&shown));
	}
	sb_free(&shown);
	contents_free(&c);
	return status;
}

static int
give(void *ctx, const void *p, size_t n, struct err *e)
{
	return fwrite(p, 1, n, ctx) == n ? 0 : err_set(e, ERR_SYS, "cannot write");
}

static int
extract(struct tool *t, const char *path, const char *name, const char *output)
{
	struct io_out o;
	struct err e = {0};
	int rc;

	if (output == NULL || strcmp(output, "-") == 0)
		return contents_extract(path, sv_of(name), give, stdout, &e) < 0 ? tool_fail(t, &e) : TOOL_PASS;
	if (io_out_open(&o, output, &e) < 0)
		return tool_fail(t, &e);
	rc = contents_extract(path, sv_of(name), give, o.f, &e);
	if (rc == 0)
		rc = io_out_commit(&o, &e);
	else
		io_out_abort(&o);
	return rc < 0 ? tool_fail(t, &e) : TOOL_PASS;
}

/* "out/x.tar.gz" -> "out/x.intoto.jsonl" */
static const char *
statement_path(struct sb *out, const struct step_pack *in)
{
	static const char *const ending[] = {".tar.gz", ".tgz", ".tar.zst", ".zip"};
	struct sv stem = sv_of(in->path);
	size_t i;

	for (i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		if (sv_ends(stem, ending[i]))
			stem.n -= strlen(ending[i]);
	while (stem.n > 1 && stem.p[stem.n - 1] == '/')
		stem.n--;
	sb_addv(out, stem);
	sb_adds(out, ".intoto.jsonl");
	return sb_str(out);
}

static int
pack(struct tool *t, struct step_pack *in, const char *format)
{
	struct sb statement = {0};
	struct err e = {0};
	int status = TOOL_PASS;

	if (format != NULL ? !out_format_of(sv_of(format), &in->format) : !out_format_of_file(sv_of(in->path), &in->format))
		tool_usage(t, "%s: a package is a tar.gz, tar.zst, zip or dir", format != NULL ? format : in->path);
	if (in->n == 0)
		tool_note(t, "no -a: the artifacts themselves are not in this package");
	in->statement = statement_path(&statement, in);
	switch (step_pack(t, in, &e)) {
	case 0:
		break;
	case 1:
		status = TOOL_FAIL;
		break;
	default:
		status = tool_fail(t, &e);
	}
	sb_free(&statement);
	return status;
}

int
main(int argc, char **argv)
{
	VEC(char *) artifact = {0};
	const char *output = NULL, *format = NULL, *name = NULL;
	struct step_pack in = {0};
	bool listing = false;
	struct tool t;
	int c, status;

	tool_init(&t, argc, argv, "soak-pack", "-o FILE [--format FORMAT] [-a PATH]... [--runner PRINCIPAL] [--allow FILE] [--redact] [--incomplete] FOLDER | --list PACKAGE | --extract NAME PACKAGE",
	    options);
	while ((c = tool_option(&t)) != 0)
		switch (c) {
		case 'a':
			*vec_add(&artifact) = (char *)(uintptr_t)t.value;
			break;
		case 'o':
			output = t.value;
			break;
		case OPT_FORMAT:
			format = t.value;
			break;
		case OPT_RUNNER:
			in.runner = t.value;
			break;
		case OPT_ALLOW:
			in.allow = t.value;
			break;
		case OPT_REDACT:
			in.redact = true;
			break;
		case OPT_INCOMPLETE:
			in.incomplete = true;
			break;
		case OPT_LIST:
			listing = true;
			break;
		case OPT_EXTRACT:
			name = t.value;
			break;
		}
	if (t.argc != 1 || (listing && name != NULL) || (!listing && name == NULL && output == NULL))
		tool_usage(&t, "a run folder and -o FILE, or a package are needed");
	in.folder = t.argv[0];
	in.artifact = artifact.v;
	in.n = artifact.n;
	in.path = output;
	if (listing)
		status = list(&t, t.argv[0]);
	else if (name != NULL)
		status = extract(&t, t.argv[0], name, output);
	else
		status = pack(&t, &in, format);
	vec_free(&artifact);
	return tool_end(&t, status);
}
