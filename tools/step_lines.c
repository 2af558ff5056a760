#include "step_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "ingest/folder.h"
#include "read/bundle.h"
#include "read/formats.h"
#include "steps.h"

#define RANGES 30 /* shown of one artifact */

struct found {
	bool there;
	VEC(int64_t) line;
};

struct step_lines {
	const struct chain *chain;
	const struct profile *profile;
	struct read_formats *formats;
	struct arena arena;
	struct found *found; /* per source of the chain */
	/* of the item under way: lines by source, since its digest is known at its end only */
	struct found *maybe;
};

static int
on_sample(void *ctx, const struct read_sample *s, struct err *e)
{
	struct step_lines *l = ctx;
	size_t i;

	(void)e;
	for (i = 0; i < l->chain->n_sources; i++)
		if (!l->found[i].there && chain_wants(l->chain, &l->chain->source[i], s->name, s->labels, s->t))
			*vec_add(&l->maybe[i].line) = s->line;
	return 0;
}

static int
on_family(void *ctx, const struct read_family *f, struct err *e)
{
	(void)ctx;
	(void)f;
	(void)e;
	return 0;
}

static int
on_event(void *ctx, const struct read_event *ev, struct err *e)
{
	(void)ctx;
	(void)ev;
	(void)e;
	return 0;
}

static int
on_fact(void *ctx, const struct read_fact *f, struct err *e)
{
	(void)ctx;
	(void)f;
	(void)e;
	return 0;
}

static int
on_result(void *ctx, const struct read_result *r, struct err *e)
{
	(void)ctx;
	(void)r;
	(void)e;
	return 0;
}

static int
on_metric(void *ctx, const struct read_metric *m, struct err *e)
{
	(void)ctx;
	(void)m;
	(void)e;
	return 0;
}

static int
on_series(void *ctx, struct sv metric, const struct labels *tags, int64_t *id, struct err *e)
{
	(void)ctx;
	(void)metric;
	(void)tags;
	(void)e;
	*id = 0;
	return 0;
}

static int
on_observations(void *ctx, const struct observation *v, size_t n, struct err *e)
{
	(void)ctx;
	(void)v;
	(void)n;
	(void)e;
	return 0;
}

static int
on_problem(void *ctx, int64_t line, enum read_severity sev, struct sv text, struct err *e)
{
	(void)ctx;
	(void)line;
	(void)sev;
	(void)text;
	(void)e;
	return 0;
}

/* The head that recognising needs, then the rest. */
struct again {
	struct io_src src;
	struct io_src *in;
	struct sv head;
};

static ptrdiff_t
again_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct again *a = (struct again *)src;

	if (a->head.n == 0)
		return a->in->read(a->in, buf, n, e);
	n = n < a->head.n ? n : a->head.n;
	memcpy(buf, a->head.p, n);
	a->head = sv_from(a->head, n);
	return (ptrdiff_t)n;
}

static int
on_begin(void *ctx, struct bundle_item *it, struct err *e)
{
	struct step_lines *l = ctx;
	const struct read_sink sink = {l, on_sample, on_family, on_event, on_fact, on_fact, on_result, on_metric, on_series,
	    on_observations, on_problem};
	struct read_input in = {.name = it->name, .formats = l->formats, .zone = l->profile->zone};
	struct again again = {.src = {.read = again_read}, .in = it->src};
	char *head = mem_new(READ_HEAD, 1);
	const struct reader *reader;
	ptrdiff_t got = 1;
	size_t n = 0, i;

	(void)e;
	for (i = 0; i < l->chain->n_sources; i++)
		l->maybe[i].line.n = 0;
	while (n < READ_HEAD && got > 0) {
		got = it->src->read(it->src, head + n, READ_HEAD - n, NULL);
		n += got > 0 ? (size_t)got : 0;
	}
	again.head = in.head = (struct sv){head, n};
	in.src = &again.src;
	/* What does not read to its end gave no samples. */
	if ((reader = read_recognise(&in)) != NULL)
		(void)reader->read(&in, &sink, NULL);
	mem_free(head);
	return 0;
}

static int
on_end(void *ctx, const struct bundle_item *it, const struct bundle_done *d, const struct err *read_error, struct err *e)
{
	struct step_lines *l = ctx;
	size_t i, k;

	(void)it;
	(void)read_error;
	(void)e;
	for (i = 0; i < l->chain->n_sources; i++) {
		if (!sv_is(l->chain->source[i].sha256, d->sha256) || l->found[i].there)
			continue;
		l->found[i].there = true;
		for (k = 0; k < l->maybe[i].line.n; k++)
			*vec_add(&l->found[i].line) = l->maybe[i].line.v[k];
	}
	return 0;
}

static int
on_archive(void *ctx, const char *name, const char *format, int64_t members, const struct bundle_done *d,
    const struct err *read_error, struct err *e)
{
	(void)name;
	(void)format;
	(void)members;
	return on_end(ctx, NULL, d, read_error, e);
}

static int
on_refused(void *ctx, const char *name, const char *why, struct err *e)
{
	(void)ctx;
	(void)name;
	(void)why;
	(void)e;
	return 0;
}

static int64_t
on_prefix(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return 0;
}

static int
read_one(struct step_lines *l, int fd, const char *name, struct err *e)
{
	const struct bundle_sink sink = {l, on_prefix, on_begin, on_end, on_archive, on_refused};
	struct io_fd src;
	int rc;

	io_fd_init(&src, fd, name);
	rc = bundle_walk(&src.src, name, &sink, e);
	close(fd);
	return rc;
}

static int
on_file(void *ctx, int fd, const char *name, const char *path, struct err *e)
{
	int copy = dup(fd), rc;

	(void)path;
	rc = copy < 0 ? err_set(e, ERR_SYS, "%s: %s", name, strerror(errno)) : read_one(ctx, copy, name, e);
	return rc;
}

static int
on_unreadable(void *ctx, const char *name, const char *why, struct err *e)
{
	return on_refused(ctx, name, why, e);
}

static int
read_operand(struct step_lines *l, const char *path, struct err *e)
{
	const struct folder_sink sink = {l, on_file, on_unreadable, NULL, NULL};
	struct stat st;
	int fd;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return folder_walk(path, &sink, e) == 0 ? 0 : -1;
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return err_set(e, ERR_SYS, "%s: %s", path, strerror(errno));
	return read_one(l, fd, path, e);
}

struct step_lines *
step_lines_open(const struct tool *t, const struct chain *chain, const struct profile *p, char *const *operand, size_t n,
    struct err *e)
{
	struct step_lines *l = mem_new(1, sizeof(*l));
	size_t i;
	int rc = 0;

	*l = (struct step_lines){.chain = chain, .profile = p};
	l->found = mem_new(chain->n_sources, sizeof(*l->found));
	l->maybe = mem_new(chain->n_sources, sizeof(*l->maybe));
	if ((l->formats = step_formats(t, e)) == NULL)
		rc = -1;
	for (i = 0; i < n && rc == 0; i++)
		rc = read_operand(l, operand[i], e);
	if (rc == 0)
		return l;
	step_lines_close(l);
	return NULL;
}

static int
by_line(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

const char *
step_lines_of(void *lines, size_t source)
{
	struct step_lines *l = lines;
	struct found *f = &l->found[source];
	struct sb out = {0};
	const char *text;
	size_t i, k, ranges = 0;

	if (!f->there)
		return "line unknown: not among the artifacts given";
	if (f->line.n == 0)
		return "line unknown: this version does not read them there";
	qsort(f->line.v, f->line.n, sizeof(*f->line.v), by_line);
	sb_adds(&out, f->line.n == 1 ? "line " : "lines ");
	for (i = 0; i < f->line.n; i = k) {
		for (k = i + 1; k < f->line.n && f->line.v[k] <= f->line.v[k - 1] + 1; k++)
			;
		if (ranges++ >= RANGES)
			continue;
		sb_addf(&out, "%s%lld", ranges > 1 ? ", " : "", (long long)f->line.v[i]);
		if (f->line.v[k - 1] > f->line.v[i])
			sb_addf(&out, "-%lld", (long long)f->line.v[k - 1]);
	}
	if (ranges > RANGES)
		sb_addf(&out, " and %zu more places", ranges - RANGES);
	text = arena_str(&l->arena, sb_sv(&out));
	sb_free(&out);
	return text;
}

void
step_lines_close(struct step_lines *l)
{
	size_t i;

	if (l == NULL)
		return;
	for (i = 0; i < l->chain->n_sources; i++) {
		vec_free(&l->found[i].line);
		vec_free(&l->maybe[i].line);
	}
	mem_free(l->found);
	mem_free(l->maybe);
	formats_free(l->formats);
	arena_free(&l->arena);
	mem_free(l);
}
