#include "step_progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clean.h"
#include "ingest/folder.h"

#define EVERY_MS 200
#define NAME_COLUMNS 40

static int
on_file(void *ctx, int fd, const char *name, const char *path, struct err *e)
{
	struct step_progress *p = ctx;
	struct stat st;

	(void)name;
	(void)path;
	(void)e;
	if (fstat(fd, &st) == 0)
		p->total += (int64_t)st.st_size;
	return 0;
}

static int
on_unreadable(void *ctx, const char *name, const char *why, struct err *e)
{
	(void)ctx;
	(void)name;
	(void)why;
	(void)e;
	return 0;
}

void
step_progress_begin(struct step_progress *p, const struct tool *t, char *const *operand, size_t n)
{
	const struct folder_sink sink = {p, on_file, on_unreadable, NULL, NULL};
	struct err none = {0};
	struct stat st;
	bool known = true;
	size_t i;

	*p = (struct step_progress){.tool = t, .on = !t->quiet && isatty(STDERR_FILENO)};
	if (!p->on)
		return;
	for (i = 0; i < n; i++)
		if (strcmp(operand[i], "-") == 0 || stat(operand[i], &st) < 0)
			known = false;
		else if (S_ISDIR(st.st_mode))
			(void)folder_walk(operand[i], &sink, &none);
		else if (S_ISREG(st.st_mode))
			p->total += (int64_t)st.st_size;
		else
			known = false;
	if (!known)
		p->total = 0;
	p->began = p->shown = tool_clock_ms(CLOCK_MONOTONIC);
}

/* The end of a long name says more than its beginning. */
static void
show_name(const char *name, struct sb *out)
{
	struct sb clean = {0};
	struct sv v;

	clean_add(&clean, sv_of(name));
	v = sb_sv(&clean);
	if (v.n > NAME_COLUMNS) {
		v = sv_from(v, v.n - NAME_COLUMNS);
		while (v.n > 0 && ((unsigned char)v.p[0] & 0xc0) == 0x80) /* not in the middle of a character */
			v = sv_from(v, 1);
		sb_adds(out, "...");
	}
	sb_addv(out, v);
	sb_free(&clean);
}

void
step_progress_add(struct step_progress *p, const char *name, size_t bytes)
{
	struct sb line = {0};
	int64_t now, spent, left;

	if (!p->on)
		return;
	p->done += (int64_t)bytes;
	now = tool_clock_ms(CLOCK_MONOTONIC);
	if (now - p->shown < EVERY_MS)
		return;
	p->shown = now;
	spent = now - p->began > 0 ? now - p->began : 1;
	sb_addf(&line, "%.1f MB", (double)p->done / 1e6);
	if (p->total >= p->done) {
		left = (int64_t)((double)(p->total - p->done) * (double)spent / (double)p->done) / 1000;
		sb_addf(&line, " of %.1f, %lld:%02d left", (double)p->total / 1e6, (long long)(left / 60), (int)(left % 60));
	}
	sb_addf(&line, ", %.1f MB/s, ", (double)p->done / 1e3 / (double)spent);
	show_name(name, &line);
	fprintf(stderr, "\r\033[K%s", sb_str(&line));
	fflush(stderr);
	sb_free(&line);
}

void
step_progress_clear(struct step_progress *p)
{
	if (p->on && p->shown != p->began) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
}
