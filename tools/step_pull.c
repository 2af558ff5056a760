#include "step_pull.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/io.h"
#include "base/num.h"
#include "base/time.h"

/* One selector under way. */
struct pull {
	const struct tool *tool;
	struct step_pull *p;
	char prefix[16]; /* "1a2b3c4d-" */
};

/* "prefix1768197600000-1768204799999.om": 1 and its times, or 0. */
static int
piece_times(const struct pull *u, const char *name, int64_t *from, int64_t *to)
{
	struct sv rest = sv_of(name);
	size_t dash;

	if (!sv_starts(rest, u->prefix) || !sv_ends(rest, ".om"))
		return 0;
	rest = sv_from(sv_head(rest, rest.n - 3), strlen(u->prefix));
	dash = sv_chr(rest, '-');
	return dash < rest.n && num_parse_int(sv_head(rest, dash), from) && num_parse_int(sv_from(rest, dash + 1), to) && *from <= *to;
}

/* The end of the piece that begins at from and is there, in *to: 1, 0 none, -1. Files appear whole (io_write_file). */
static int
piece_there(const struct pull *u, int64_t from, int64_t *to, struct err *e)
{
	DIR *d = opendir(u->p->into);
	struct dirent *entry;
	int64_t f, t;
	int found = 0;

	if (d == NULL)
		return err_set(e, ERR_SYS, "%s: %s", u->p->into, strerror(errno));
	while ((entry = readdir(d)) != NULL)
		if (piece_times(u, entry->d_name, &f, &t) && f == from && (!found || t > *to)) {
			*to = t;
			found = 1;
		}
	closedir(d);
	return found;
}

/* A line of OpenMetrics. */
static void
add_sample(struct sb *out, struct sv name, const struct pq_point *m)
{
	int64_t t = m->t < 0 ? -m->t : m->t;
	char v[NUM_TEXT];

	sb_addv(out, name);
	sb_addf(out, " %s %s%" PRId64 ".%03d\n", num_text(m->v, v), m->t < 0 ? "-" : "", t / 1000, (int)(t % 1000));
}

/* Escaped as OpenMetrics has it: all but three characters stand for themselves. */
static void
add_quoted(struct sb *out, struct sv v)
{
	sb_addc(out, '"');
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] == '\n')
			sb_adds(out, "\\n");
		else
			sb_addf(out, "%s%c", v.p[i] == '"' || v.p[i] == '\\' ? "\\" : "", v.p[i]);
	sb_addc(out, '"');
}

/* name{label="value"}; a name that is not plain stands quoted inside the braces. */
static void
series_name(const struct labels *l, struct sb *out)
{
	struct sv name = labels_get(l, "__name__");
	bool plain = labels_plain_name(name, true), first = true;

	if (plain)
		sb_addv(out, name);
	sb_addc(out, '{');
	if (!plain) {
		add_quoted(out, name);
		first = false;
	}
	for (size_t i = 0; i < l->n; i++) {
		if (sv_is(l->v[i].name, "__name__"))
			continue;
		if (!first)
			sb_addc(out, ',');
		first = false;
		if (labels_plain_name(l->v[i].name, false))
			sb_addv(out, l->v[i].name);
		else
			add_quoted(out, l->v[i].name);
		sb_addc(out, '=');
		add_quoted(out, l->v[i].value);
	}
	sb_addc(out, '}');
}

static int
write_piece(void *ctx, const struct pq_result *r, int64_t from, int64_t to, struct err *e)
{
	struct pull *u = ctx;
	struct sb text = {0}, path = {0}, name = {0};
	char at[TIME_TEXT];
	int64_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < r->n; i++) {
		sb_reset(&name);
		series_name(&r->v[i].labels, &name);
		for (size_t k = 0; k < r->v[i].n; k++, n++)
			add_sample(&text, sb_sv(&name), &r->v[i].point[k]);
	}
	if (n > 0) {
		sb_adds(&text, "# EOF\n");
		sb_addf(&path, "%s/%s%" PRId64 "-%" PRId64 ".om", u->p->into, u->prefix, from, to);
		rc = io_write_file(sb_str(&path), sb_sv(&text), e);
		u->p->files++;
		u->p->samples += n;
	}
	tool_note(u->tool, "%lld samples up to %s", (long long)n, time_text(to, at));
	sb_free(&name);
	sb_free(&path);
	sb_free(&text);
	return rc;
}

/* From the first time that is not there yet, piece by piece; a hole between pieces that are there is filled. */
static int
pull_selector(struct pull *u, struct pq_server *s, const struct pq_selector *sel, struct err *e)
{
	int64_t from = u->p->start, to = from;
	int rc;

	while (from <= u->p->end && (rc = piece_there(u, from, &to, e)) != 0) {
		if (rc < 0)
			return -1;
		u->p->known++;
		from = to + 1;
	}
	return from > u->p->end ? 0 : pq_server_pieces(s, sel, from, u->p->end, NULL, write_piece, u, e);
}

/* The parts of a name that tells selectors apart, whatever characters they have. */
static void
name_of(const struct pq_selector *sel, struct pull *u)
{
	struct sb text = {0};
	char hex[DIGEST_HEX];

	pq_format_selector(sel, &text);
	digest_of(sb_sv(&text), hex);
	snprintf(u->prefix, sizeof(u->prefix), "%.8s-", hex);
	sb_free(&text);
}

int
step_pull(const struct tool *t, struct step_pull *p, struct err *e)
{
	struct step_server server = {.url = p->url, .token_file = p->token_file, .user_file = p->user_file, .ca_file = p->ca_file,
	    .timeout = p->timeout};
	struct pq_query none = {0};
	struct arena a = {0};
	struct pull u = {.tool = t, .p = p};
	const struct pq_selector *sel;
	struct err why = {0};
	int rc = step_server_open(&server, &none, e);

	if (rc == 0)
		rc = io_mkdirs(p->into, e);
	for (size_t i = 0; i < p->n_matches && rc == 0; i++) {
		if ((sel = pq_parse_selector(&a, sv_of(p->match[i]), &why)) == NULL) {
			rc = err_set(e, ERR_USAGE, "--match %s: %s", p->match[i], why.msg);
		} else {
			name_of(sel, &u);
			rc = pull_selector(&u, &server.server, sel, e);
		}
	}
	if (rc == 0)
		(void)step_server_warn(t, &server);
	step_server_close(&server);
	arena_free(&a);
	return rc;
}

void
step_pull_check(struct tool *t, const struct step_pull *p)
{
	if (p->url == NULL && (p->n_matches > 0 || p->end != TIME_NONE || p->into != NULL || p->token_file != NULL ||
	    p->user_file != NULL || p->ca_file != NULL || p->timeout != 0))
		tool_usage(t, "--match, --end, --into, --timeout and the -file options go with --from");
	if (p->url == NULL)
		return;
	if (p->n_matches == 0 || p->end == TIME_NONE || p->start == TIME_NONE || t->argc > 0)
		tool_usage(t, "--from URL needs --match, --start and --end, and no operands");
	if (p->end < p->start)
		tool_usage(t, "--end lies before --start");
}
