#include "steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/str.h"
#include "base/time.h"
#include "step_progress.h"

struct profile *
step_profile(const struct tool *t, const char *name, struct err *e)
{
	return profile_find(name, (const char *const *)t->dir, t->n_dirs, e);
}

#define PEOPLE_MAX ((size_t)1 << 20)

static int
add_file(struct profile *p, const char *path, int (*add)(struct profile *, const char *, struct sv, struct err *), struct err *e)
{
	struct sb text = {0};
	int rc = 0;

	if (path != NULL)
		rc = io_read_file(path, PEOPLE_MAX, &text, e) < 0 ? -1 : add(p, path, sb_sv(&text), e);
	sb_free(&text);
	return rc;
}

int
step_people(const struct step_people *in, struct profile *p, struct judge_opts *o, struct err *e)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	if (add_file(p, in->waivers, profile_add_waivers, e) < 0 || add_file(p, in->attestations, profile_add_attestations, e) < 0 ||
	    add_file(p, in->notes, profile_add_notes, e) < 0)
		return -1;
	if (in->now == NULL && epoch == NULL)
		return 0;
	o->has_now = true;
	o->now_source = in->now == NULL ? "SOURCE_DATE_EPOCH" : "--now";
	if (!time_parse(sv_of(in->now == NULL ? epoch : in->now), &o->now))
		return err_set(e, ERR_USAGE, "%s: not a time: %s", o->now_source, in->now == NULL ? epoch : in->now);
	return 0;
}

struct read_formats *
step_formats(const struct tool *t, struct err *e)
{
	struct read_formats *formats;
	char *dirs[TOOL_DIRS];
	size_t i;

	/* formats_load() lets a later folder win; the user's own come first in t->dir. */
	for (i = 0; i < t->n_dirs; i++) {
		struct sb path = {0};

		sb_addf(&path, "%s/formats", t->dir[t->n_dirs - 1 - i]);
		dirs[i] = sb_take(&path);
	}
	formats = formats_load((const char *const *)dirs, t->n_dirs, e);
	for (i = 0; i < t->n_dirs; i++)
		mem_free(dirs[i]);
	return formats;
}

static void
tell(void *ctx, const struct ingest_note *n)
{
	struct step_progress *p = ctx;
	const struct tool *t = p->tool;

	step_progress_clear(p);
	switch (n->status) {
	case INGEST_STORED:
	case INGEST_KNOWN:
	case INGEST_SAME:
		break;
	case INGEST_GREW:
		tool_note(t, "%s: grew, its longer version replaces the one in the store", n->name);
		break;
	case INGEST_BROKEN:
		if (n->reason != NULL && sv_starts(sv_of(n->reason), n->name))
			tool_note(t, "%s (not used)", n->reason);
		else
			tool_note(t, "%s: %s (not used)", n->name, n->reason != NULL ? n->reason : "broken");
		break;
	case INGEST_EMPTY:
		tool_note(t, "%s: empty file", n->name);
		break;
	case INGEST_UNRECOGNISED:
		tool_note(t, "%s: not recognised, listed only%s%s", n->name, n->reason != NULL ? ": " : "",
		    n->reason != NULL ? n->reason : "");
		break;
	}
}

static void
on_progress(void *ctx, const char *name, size_t bytes)
{
	step_progress_add(ctx, name, bytes);
}

int
step_ingest(const struct tool *t, struct store *s, struct step_ingest *in, struct err *e)
{
	struct ingest_opts opts = {.profile = in->profile, .operand_time = in->operand_time, .start = in->start,
	    .skip = in->skip, .note = tell};
	struct read_formats *formats = step_formats(t, e);
	struct step_progress progress;
	struct ingest *i;
	size_t k;
	int rc = 0;

	if (formats == NULL)
		return -1;
	opts.formats = formats;
	step_progress_begin(&progress, t, in->operand, in->n);
	opts.ctx = &progress;
	opts.progress = progress.on ? on_progress : NULL;
	i = ingest_open(s, &opts);
	for (k = 0; k < in->n; k++) {
		rc = ingest_operand(i, in->operand[k], e);
		if (rc < 0)
			break;
		if (rc > 0) {
			tool_say(t, "%s", e->msg);
			in->failed_operands++;
		}
		rc = 0;
	}
	step_progress_clear(&progress);
	if (rc == 0)
		rc = ingest_finish(i, e) < 0 || store_tidy(s, e) < 0 ? -1 : 0;
	in->totals = *ingest_totals(i);
	ingest_close(i);
	formats_free(formats);
	return rc;
}
