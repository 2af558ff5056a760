#include "step_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/sort.h"
#include "ingest/folder.h"
#include "read/bundle.h"
#include "read/formats.h"
#include "steps.h"

#define RANGES 30 /* shown of one artifact */

/* A source of one or more chains. */
struct content {
	struct sv sha256, name;
	bool there; /* it was among what was read */
};

/* A series of one or more chains, by its place in the first that has it. */
struct series {
	const struct chain *chain;
	size_t at;
};

/* A sample of the item under way that a series of the chains could be; whether one of them used it its digest tells at its end. */
struct maybe {
	size_t series;
	int64_t t, line;
};

struct found {
	VEC(int64_t) line;
};

struct step_lines {
	const struct chain *const *chain;
	size_t n;
	const struct profile *profile;
	struct read_formats *formats;
	struct arena arena;
	VEC(struct content) content;
	VEC(struct series) series;
	VEC(struct maybe) maybe;
	struct found **found; /* by chain and source */
	bool known;
};

static int
on_sample(void *ctx, const struct read_sample *s, struct err *e)
{
	struct step_lines *l = ctx;
	size_t i;

	(void)e;
	for (i = 0; i < l->series.n; i++)
		if (chain_is_series(&l->series.v[i].chain->series[l->series.v[i].at], s->name, s->labels))
			*vec_add(&l->maybe) = (struct maybe){i, s->t, s->line};
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

/* Does a chain name it, or (whole) something in it? */
static bool
is_wanted(const struct step_lines *l, const char *name, bool whole)
{
	struct sv n = sv_of(name);
	size_t i;

	for (i = 0; i < l->content.n; i++) {
		struct sv c = l->content.v[i].name;

		if (sv_eq(c, n) || (whole && c.n > n.n && c.p[n.n] == '/' && sv_eq(sv_head(c, n.n), n)))
			return true;
	}
	return false;
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
	size_t n = 0;

	(void)e;
	l->maybe.n = 0;
	if (l->series.n == 0 || (l->known && !is_wanted(l, it->name, false))) {
		mem_free(head);
		return 0;
	}
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

/* What chain c, which has these very bytes as source i, used of the item. */
static void
take(struct step_lines *l, size_t c, size_t i)
{
	const struct chain *chain = l->chain[c];
	size_t k, m;

	for (m = 0; m < l->maybe.n; m++) {
		const struct chain_series *s = &l->series.v[l->maybe.v[m].series].chain->series[l->series.v[l->maybe.v[m].series].at];

		for (k = 0; k < chain->n_series; k++)
			if (chain->series[k].id == s->id) {
				if (chain_has_point(chain, &chain->source[i], k, l->maybe.v[m].t))
					*vec_add(&l->found[c][i].line) = l->maybe.v[m].line;
				break;
			}
	}
}

static int
on_end(void *ctx, const struct bundle_item *it, const struct bundle_done *d, const struct err *read_error, struct err *e)
{
	struct step_lines *l = ctx;
	size_t i, c, k;

	(void)it;
	(void)read_error;
	(void)e;
	for (i = 0; i < l->content.n && !sv_is(l->content.v[i].sha256, d->sha256); i++)
		;
	if (i == l->content.n || l->content.v[i].there)
		return 0;
	l->content.v[i].there = true;
	for (c = 0; c < l->n; c++)
		for (k = 0; k < l->chain[c]->n_sources; k++)
			if (l->chain[c]->source[k].n > 0 && sv_eq(l->chain[c]->source[k].sha256, l->content.v[i].sha256))
				take(l, c, k);
	return 0;
}

static int
on_archive(void *ctx, const char *name, const char *format, int64_t members, const struct bundle_done *d,
    const struct err *read_error, struct err *e)
{
	(void)name;
	(void)format;
	(void)members;
	((struct step_lines *)ctx)->maybe.n = 0; /* its members had them */
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

int
step_lines_feed(struct step_lines *l, struct io_src *src, const char *name, struct err *e)
{
	const struct bundle_sink sink = {l, on_prefix, on_begin, on_end, on_archive, on_refused};

	return bundle_walk(src, name, &sink, e);
}

static int
read_one(struct step_lines *l, int fd, const char *name, struct err *e)
{
	struct io_fd src;
	int rc = 0;

	io_fd_init(&src, fd, name);
	if (!l->known || is_wanted(l, name, true))
		rc = step_lines_feed(l, &src.src, name, e);
	close(fd);
	return rc;
}

static int
on_file(void *ctx, int fd, const char *name, const char *path, struct err *e)
{
	int copy = dup(fd);

	(void)path;
	return copy < 0 ? err_set(e, ERR_SYS, "%s: %s", name, strerror(errno)) : read_one(ctx, copy, name, e);
}

static int
on_unreadable(void *ctx, const char *name, const char *why, struct err *e)
{
	return on_refused(ctx, name, why, e);
}

int
step_lines_read(struct step_lines *l, const char *operand, bool known, struct err *e)
{
	const struct folder_sink sink = {l, on_file, on_unreadable, NULL, NULL};
	struct stat st;
	int fd;

	l->known = known;
	if (stat(operand, &st) == 0 && S_ISDIR(st.st_mode))
		return folder_walk(operand, &sink, e) == 0 ? 0 : -1;
	if ((fd = open(operand, O_RDONLY | O_CLOEXEC)) < 0)
		return err_set(e, ERR_SYS, "%s: %s", operand, strerror(errno));
	return read_one(l, fd, known ? sv_base(sv_of(operand)).p : operand, e);
}

static void
note_content(struct step_lines *l, const struct chain_source *s)
{
	size_t i;

	for (i = 0; i < l->content.n; i++)
		if (sv_eq(l->content.v[i].sha256, s->sha256))
			return;
	*vec_add(&l->content) = (struct content){s->sha256, s->name, false};
}

static void
note_series(struct step_lines *l, const struct chain *c, size_t at)
{
	size_t i;

	for (i = 0; i < l->series.n; i++)
		if (l->series.v[i].chain->series[l->series.v[i].at].id == c->series[at].id)
			return;
	*vec_add(&l->series) = (struct series){c, at};
}

struct step_lines *
step_lines_new(const struct tool *t, const struct chain *const *chain, size_t n, const struct profile *p, struct err *e)
{
	struct step_lines *l = mem_new(1, sizeof(*l));
	size_t i, k;

	*l = (struct step_lines){.chain = chain, .n = n, .profile = p};
	l->found = arena_new(&l->arena, n, sizeof(*l->found));
	for (i = 0; i < n; i++) {
		l->found[i] = arena_new(&l->arena, chain[i]->n_sources, sizeof(**l->found));
		for (k = 0; k < chain[i]->n_sources; k++)
			if (chain[i]->source[k].n > 0)
				note_content(l, &chain[i]->source[k]);
		for (k = 0; k < chain[i]->n_series; k++)
			note_series(l, chain[i], k);
	}
	if ((l->formats = step_formats(t, e)) != NULL)
		return l;
	step_lines_close(l);
	return NULL;
}

const char *
step_lines_numbers(struct step_lines *l, size_t chain, size_t source)
{
	struct found *f = &l->found[chain][source];
	struct sb out = {0};
	const char *text;
	size_t i, k, ranges = 0;

	sort_ints(f->line.v, f->line.n);
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

const char *
step_lines_text(struct step_lines *l, size_t chain, size_t source)
{
	const struct chain_source *s = &l->chain[chain]->source[source];
	size_t i;

	for (i = 0; i < l->content.n && !sv_eq(l->content.v[i].sha256, s->sha256); i++)
		;
	if (i == l->content.n || !l->content.v[i].there)
		return "line unknown: not among the artifacts given";
	if (l->found[chain][source].line.n == 0)
		return "line unknown: this version does not read them there";
	return arena_fmt(&l->arena, "%s %s", l->found[chain][source].line.n == 1 ? "line" : "lines", step_lines_numbers(l, chain, source));
}

const char *
step_lines_of(void *lines, size_t source)
{
	return step_lines_text(lines, 0, source);
}

void
step_lines_close(struct step_lines *l)
{
	size_t i, k;

	if (l == NULL)
		return;
	for (i = 0; i < l->n; i++)
		for (k = 0; k < l->chain[i]->n_sources; k++)
			vec_free(&l->found[i][k].line);
	vec_free(&l->content);
	vec_free(&l->series);
	vec_free(&l->maybe);
	formats_free(l->formats);
	arena_free(&l->arena);
	mem_free(l);
}
