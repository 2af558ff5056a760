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
	if (rc == 0 && (rc = store_begin(i->store, e)) == 0)
		rc = store_end(i->store, write_archive(i, &r, name, &c, &st, read_error, &n, e), e);
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
