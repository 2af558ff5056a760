#include "ingest/item.h"

#include <string.h>

int
container_refused(void *ctx, const char *name, const char *why, struct err *e)
{
	struct ingest *i = ctx;
	struct ingest_note n = {.status = INGEST_UNRECOGNISED, .name = name, .format = "refused", .problems = 1,
	    .reason = why};
	struct refusal *r = vec_add(&i->refused);

	(void)e;
	r->name = mem_dup(name, strlen(name));
	r->why = mem_dup(why, strlen(why));
	i->totals.refused++;
	item_note(i, &n);
	return 0;
}

/* Takes the refusals inside the archive off the list and makes them its problems. */
static void
take_refusals(struct ingest *i, const char *name, struct records *r)
{
	size_t k, kept = 0, n = strlen(name);

	for (k = 0; k < i->refused.n; k++) {
		struct refusal *f = &i->refused.v[k];

		if (strncmp(f->name, name, n) != 0 || f->name[n] != '/') {
			i->refused.v[kept++] = *f;
			continue;
		}
		records_problem(r, 0, READ_WARNING,
		    sv_of(arena_fmt(&r->arena, "%s: not read: %s", f->name + n + 1, f->why)));
		mem_free(f->name);
		mem_free(f->why);
	}
	i->refused.n = kept;
}

/*
 * Nothing that came out of an archive whose checksum is wrong can be trusted: its members are taken back, unless the same
 * bytes are also there from elsewhere. *n: how many.
 */
static int
take_back_members(struct ingest *i, const char *name, int64_t *n, struct err *e)
{
	struct store_rows *rows = store_artifacts_open(i->store, e);
	size_t prefix = strlen(name), k;
	struct store_artifact a;
	VEC(int64_t) inside = {0}, outside = {0};
	int rc;

	if (rows == NULL)
		return -1;
	while ((rc = store_artifacts_next(rows, &a, e)) > 0)
		if (!a.superseded)
			*(a.name.n > prefix && memcmp(a.name.p, name, prefix) == 0 && a.name.p[prefix] == '/' ? vec_add(&inside) :
			    vec_add(&outside)) = a.content;
	store_rows_close(rows);
	for (; inside.n > 0 && rc == 0; inside.n--) {
		int64_t content = inside.v[inside.n - 1];

		for (k = 0; k < outside.n && outside.v[k] != content; k++)
			;
		if (k < outside.n)
			continue;
		rc = store_forget(i->store, content, e);
		*vec_add(&outside) = content; /* once */
		++*n;
	}
	vec_free(&inside);
	vec_free(&outside);
	return rc;
}

static int
write_archive(struct ingest *i, struct records *r, const char *name, const struct store_content *c,
    const struct standing *st, const struct err *broken, struct ingest_note *n, struct err *e)
{
	int64_t content = st->known;
	bool fresh = false;

	if (content == 0) {
		content = store_content_new(i->store, e);
		if (content < 0 || store_content_done(i->store, content, c, e) < 0 ||
		    records_write_problems(r, content, &n->problems, e) < 0)
			return -1;
	}
	if (occurrence_add(i, content, name, st, broken, &n->problems, &fresh, e) < 0)
		return -1;
	n->status = !fresh ? INGEST_KNOWN : broken != NULL ? INGEST_BROKEN : st->known != 0 ? INGEST_SAME
	    : st->grew ? INGEST_GREW : INGEST_STORED;
	return 0;
}

int
container_end(void *ctx, const char *name, const char *format, int64_t members, const struct bundle_done *d,
    const struct err *read_error, struct err *e)
{
	struct ingest *i = ctx;
	struct ingest_note n = {.name = name, .format = format, .items = members};
	struct store_content c = {.size = d->size, .format = format, .items = members,
	    .complete = read_error == NULL, .first_ms = TIME_NONE, .last_ms = TIME_NONE};
	struct standing st = {0};
	struct records r;
	struct sv why = {NULL, 0};
	int64_t back = 0;
	int rc;

	if (i->failed.code != ERR_NONE)
		return err_set(e, i->failed.code, "%s", i->failed.msg);
	records_init(&r, i->store, 0);
	memcpy(c.sha256, d->sha256, sizeof(c.sha256));
	take_refusals(i, name, &r);
	if (read_error != NULL)
		why = records_broken(&r, name, read_error->msg);
	else if (members == 0)
		records_problem(&r, 0, READ_WARNING, SV("no members: an empty archive, or a file that begins with zeros"));
	rc = occurrence_find(i, name, d, &st, e);
	if (rc == 0 && (rc = store_begin(i->store, e)) == 0) {
		rc = d->damaged ? take_back_members(i, name, &back, e) : 0;
		if (rc == 0 && back > 0)
			records_problem(&r, 0, READ_ERROR, sv_of(arena_fmt(&r.arena, "%lld of its members are not used", (long long)back)));
		if (rc == 0)
			rc = write_archive(i, &r, name, &c, &st, read_error, &n, e);
		rc = store_end(i->store, rc, e);
	}
	if (rc == 0) {
		if (read_error != NULL) {
			if (strcmp(name, i->top) == 0)
				err_set(&i->wrong, read_error->code, "%s: %" SV_FMT, name, SV_ARG(why));
			n.reason = n.status == INGEST_BROKEN ? arena_str(&r.arena, why) : NULL;
		}
		if (n.status == INGEST_BROKEN)
			i->totals.broken++;
		item_note(i, &n);
	}
	records_free(&r);
	return rc;
}

void
container_forget(struct ingest *i)
{
	size_t k;

	for (k = 0; k < i->refused.n; k++) {
		mem_free(i->refused.v[k].name);
		mem_free(i->refused.v[k].why);
	}
	vec_free(&i->refused);
}
