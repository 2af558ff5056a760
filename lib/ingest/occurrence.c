#include "ingest/item.h"

#include <string.h>

int
occurrence_find(struct ingest *i, const char *name, const struct bundle_done *d, struct standing *st, struct err *e)
{
	char sha[DIGEST_HEX];
	int64_t size;
	int rc = store_artifact_named(i->store, sv_of(name), &size, sha, &st->named, e);

	if (rc < 0)
		return -1;
	if (rc == 0)
		st->named = 0;
	st->other = rc > 0 && strcmp(sha, d->sha256) != 0;
	/* Everything begins with nothing. */
	st->grew = st->other && d->size > size && (size == 0 || strcmp(sha, d->prefix_sha256) == 0);
	st->known = store_content_find(i->store, d->sha256, e);
	return st->known < 0 ? -1 : 0;
}

/* What stands against an occurrence, not against its bytes. */
static int
artifact_problem(struct ingest *i, int64_t artifact, const char *severity, const char *text, struct err *e)
{
	struct store_problem p = {.artifact = artifact, .severity = severity, .stage = "read",
	    .text = sv_of(text)};

	return store_add_problem(i->store, &p, e);
}

#define MAX_NAMES 1000000 /* of a session that are compared in small letters */

/* Did another name differ from this one in case only? One of the two may have been meant for the other. */
static bool
has_twin(struct ingest *i, const char *name)
{
	struct prom_key key = prom_key(sv_of(name), NULL);
	struct sb folded = {0};
	uint32_t *first, mine = (uint32_t)(key.a >> 32) | 1;
	bool twin;

	for (; *name != '\0'; name++)
		sb_addc(&folded, *name >= 'A' && *name <= 'Z' ? (char)(*name | 0x20) : *name);
	i->folded.max = MAX_NAMES;
	first = prom_set_at(&i->folded, prom_key(sb_sv(&folded), NULL));
	sb_free(&folded);
	twin = first != NULL && *first != 0 && *first != mine;
	if (first != NULL && *first == 0)
		*first = mine;
	return twin;
}

int
occurrence_add(struct ingest *i, int64_t content, const char *name, const struct standing *st,
    const struct err *broken, int64_t *problems, bool *fresh, struct err *e)
{
	int64_t artifact = store_add_artifact(i->store, content, sv_of(name), fresh, e);
	bool whole = broken == NULL || broken->code == ERR_NONE;

	if (artifact < 0)
		return -1;
	*vec_add(&i->seen) = (struct seen){artifact, *fresh, i->mtime};
	if (!*fresh)
		return 0;
	if (has_twin(i, name)) {
		++*problems;
		if (artifact_problem(i, artifact, "warning", "another file's name differs from this one's in case only; both are kept", e) < 0)
			return -1;
	}
	/*
	 * A content known before may have been read before the shorter one, which then holds what both say. A longer
	 * version that cannot be read takes nothing back.
	 */
	if (st->grew && st->known == 0 && whole)
		return store_supersede(i->store, sv_of(name), st->named, e);
	if (st->other) {
		++*problems;
		if (artifact_problem(i, artifact, "warning",
		    "another file of this name with other content was stored before; both are kept", e) < 0)
			return -1;
	}
	/* A content's own problems are recorded with it. */
	if (!whole && st->known != 0) {
		++*problems;
		return artifact_problem(i, artifact, "error", broken->msg, e);
	}
	return 0;
}
