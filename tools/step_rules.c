#include "step_rules.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/io.h"
#include "base/time.h"

#define MOST_TEXT ((size_t)16 << 20)

int
step_rules_load(struct arena *a, const char *path, struct rules *r, struct err *e)
{
	struct sb text = {0};
	struct io_fd in;
	int rc;

	io_fd_init(&in, 0, "-");
	if (strcmp(path, "-") == 0)
		rc = io_read_all(&in.src, "-", MOST_TEXT, &text, e);
	else
		rc = io_read_file(path, MOST_TEXT, &text, e);
	if (rc == 0)
		rc = rules_parse(a, arena_str(a, sv_of(path)), arena_sv(a, sb_sv(&text)), r, e);
	sb_free(&text);
	return rc;
}

int
step_rules_glob(struct step_paths *p, const char *beside, struct sv pattern, struct err *e)
{
	const char *slash = beside == NULL ? NULL : strrchr(beside, '/');
	struct sb path = {0};
	glob_t found;
	size_t i;
	int rc;

	if (slash != NULL && !(pattern.n > 0 && pattern.p[0] == '/'))
		sb_add(&path, beside, (size_t)(slash - beside) + 1);
	sb_addv(&path, pattern);
	rc = glob(sb_str(&path), 0, NULL, &found);
	for (i = 0; rc == 0 && i < found.gl_pathc; i++)
		*vec_add(&p->path) = mem_dup(found.gl_pathv[i], strlen(found.gl_pathv[i]));
	if (rc == 0)
		globfree(&found);
	if (rc != 0 && rc != GLOB_NOMATCH)
		err_set(e, ERR_SYS, "%s: cannot be looked up", sb_str(&path));
	sb_free(&path);
	return rc == 0 || rc == GLOB_NOMATCH ? 0 : -1;
}

void
step_paths_free(struct step_paths *p)
{
	size_t i;

	for (i = 0; i < p->path.n; i++)
		mem_free(p->path.v[i]);
	vec_free(&p->path);
}

/* ----- unit tests ---------------------------------------------------------------------------- */

/* The rules that a test file names. */
static int
load_rules(struct arena *a, const struct unit_file *u, struct rules *rules, struct err *e)
{
	struct step_paths paths = {0};
	size_t i, before;
	int rc = 0;

	for (i = 0; i < u->n_rule_files && rc == 0; i++) {
		before = paths.path.n;
		rc = step_rules_glob(&paths, u->file, u->rule_file[i], e);
		if (rc == 0 && paths.path.n == before)
			fprintf(stderr, "  WARNING: no file match pattern %" SV_FMT "\n", SV_ARG(u->rule_file[i]));
	}
	for (i = 0; i < paths.path.n && rc == 0; i++)
		rc = step_rules_load(a, paths.path.v[i], rules, e);
	step_paths_free(&paths);
	return rc;
}

static int
run_tests(struct arena *a, const char *file, bool closed_ranges, struct sb *out, struct err *e)
{
	struct sb text = {0};
	struct rules rules = {0};
	struct unit_file u;
	int rc = io_read_file(file, MOST_TEXT, &text, e);

	if (rc == 0)
		rc = unit_parse(a, file, sb_sv(&text), &u, e);
	if (rc == 0)
		rc = load_rules(a, &u, &rules, e);
	if (rc == 0)
		rc = unit_run(&u, &rules, closed_ranges, out, e);
	sb_free(&text);
	return rc;
}

int
step_rules_test(char **file, size_t n, bool closed_ranges)
{
	struct sb out = {0}, cleaned = {0};
	struct sv rest, line;
	struct arena a = {0};
	struct err e;
	int rc, status = TOOL_PASS;
	size_t i;

	for (i = 0; i < n; i++) {
		e = (struct err){0};
		sb_reset(&out);
		sb_reset(&cleaned);
		printf("Unit Testing:  %s\n", file[i]);
		rc = run_tests(&a, file[i], closed_ranges, &out, &e);
		if (rc == 0) {
			printf("  SUCCESS\n");
		} else {
			status = TOOL_FAIL;
			if (rc < 0)
				sb_addf(&out, "    %s\n", e.msg);
			for (rest = sb_sv(&out); sv_split(&rest, '\n', &line) && rest.p != NULL;) {
				clean_add(&cleaned, line);
				sb_addc(&cleaned, '\n');
			}
			fflush(stdout);
			fprintf(stderr, "  FAILED:\n%s", sb_str(&cleaned));
		}
		printf("\n");
		arena_free(&a);
	}
	sb_free(&out);
	sb_free(&cleaned);
	return status;
}

/* ----- the store ------------------------------------------------------------------------------- */

static int
read_scrapes(struct store *s, struct arena *a, struct doubt_scrapes *out, struct err *e)
{
	struct store_rows *rows = store_scrapes_open(s, out->target, e);
	VEC(int64_t) all = {0};
	int64_t t;
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_scrapes_next(rows, &t, e)) > 0)
		*vec_add(&all) = t;
	store_rows_close(rows);
	out->n = all.n;
	out->t = arena_keep(a, all.v, all.n, sizeof(*all.v));
	return rc;
}

int
step_rules_scrapes(struct store *s, struct arena *a, struct doubt_scrapes **out, size_t *n, struct err *e)
{
	struct store_rows *rows = store_series_open(s, NULL, e);
	VEC(struct doubt_scrapes) all = {0};
	struct store_series row;
	size_t i;
	int rc;

	*out = NULL;
	*n = 0;
	if (rows == NULL)
		return -1;
	while ((rc = store_series_next(rows, &row, e)) > 0) {
		for (i = 0; i < all.n && all.v[i].target != row.target; i++)
			;
		if (i == all.n)
			vec_add(&all)->target = row.target;
	}
	store_rows_close(rows);
	for (i = 0; i < all.n && rc == 0; i++)
		rc = read_scrapes(s, a, &all.v[i], e);
	*n = all.n;
	*out = arena_keep(a, all.v, all.n, sizeof(*all.v));
	return rc;
}

/* What is recorded, as text: its digest tells whether it is there already. */
static void
write_out(const struct replay *r, struct sb *out)
{
	size_t i, k;

	for (i = 0; i < r->overlay.recorded.n; i++) {
		const struct overlay_series *s = &r->overlay.recorded.v[i];

		labels_show(s->name, &s->labels, out);
		for (k = 0; k < s->sample.n; k++)
			sb_addf(out, " %lld:%a%s", (long long)s->sample.v[k].t, s->sample.v[k].v, s->sample.v[k].stale ? "s" : "");
		sb_addc(out, '\n');
	}
}

static int
add_samples(struct store *s, int64_t content, const struct replay *r, struct store_content *c, struct err *e)
{
	size_t i, k;

	for (i = 0; i < r->overlay.recorded.n; i++) {
		const struct overlay_series *o = &r->overlay.recorded.v[i];

		for (k = 0; k < o->sample.n; k++) {
			const struct pq_sample *p = &o->sample.v[k];
			/* A target of its own: that a rule was evaluated says nothing of who was scraped. */
			struct store_sample m = {.name = o->name, .labels = &o->labels, .t = p->t, .v = p->v, .stale = p->stale,
			    .target = "soak-alerts"};

			if (store_add_sample(s, content, &m, e) < 0)
				return -1;
			c->items++;
			c->first_ms = c->first_ms == TIME_NONE || p->t < c->first_ms ? p->t : c->first_ms;
			c->last_ms = p->t > c->last_ms ? p->t : c->last_ms;
		}
	}
	return 0;
}

/* Series of these names that somebody else made would become contradictions. 0 or -1. */
static int
none_there(struct store *s, const struct replay *r, struct err *e)
{
	struct store_rows *rows;
	struct store_series row;
	struct arena a = {0};
	size_t i;
	int rc = 0;

	for (i = 0; i < r->overlay.recorded.n && rc == 0; i++) {
		const char *name = arena_str(&a, r->overlay.recorded.v[i].name);

		if ((rows = store_series_open(s, name, e)) == NULL)
			rc = -1;
		else if ((rc = store_series_next(rows, &row, e)) > 0)
			rc = err_set(e, ERR_USAGE, "--record: the store has %s already, from other artifacts", name);
		store_rows_close(rows);
	}
	arena_free(&a);
	return rc;
}

static int
record(struct store *s, const char *name, const struct replay *r, struct store_content *c, struct err *e)
{
	char old_sha[DIGEST_HEX];
	int64_t old_size, old, content;
	bool fresh;
	int rc = store_artifact_named(s, sv_of(name), &old_size, old_sha, &old, e);

	if (rc < 0)
		return -1;
	if (rc == 1 && memcmp(old_sha, c->sha256, DIGEST_HEX) == 0)
		return (c->items = store_content_items(s, old, e)) < 0 ? -1 : 0;
	if (rc == 0 && none_there(s, r, e) < 0)
		return -1;
	if (rc == 1 && store_supersede(s, sv_of(name), old, e) < 0)
		return -1;
	content = store_content_new(s, e);
	if (content < 0 || add_samples(s, content, r, c, e) < 0 || store_content_done(s, content, c, e) < 0)
		return -1;
	return store_add_artifact(s, content, sv_of(name), &fresh, e) < 0 ? -1 : 0;
}

int
step_rules_record(struct store *s, const char *name, const struct replay *r, int64_t *n, struct err *e)
{
	struct store_content c = {.format = "soak-alerts", .complete = true, .first_ms = TIME_NONE, .last_ms = TIME_NONE};
	struct sb text = {0};
	int rc;

	write_out(r, &text);
	c.size = (int64_t)text.n;
	digest_of(sb_sv(&text), c.sha256);
	sb_free(&text);
	if (store_begin(s, e) < 0)
		return -1;
	rc = store_end(s, record(s, name, r, &c, e), e);
	*n = c.items;
	return rc;
}
