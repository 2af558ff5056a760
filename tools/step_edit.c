#include "step_edit.h"

#include <unistd.h>

#include "store/merge.h"

int
step_edit_event(const struct tool *t, const char *db, struct manual_event *ev, struct err *e)
{
	struct store *s;
	int rc;

	ev->name = sv_of(t->argv[0]);
	ev->text = sv_of(t->argv[1]);
	if ((s = store_open(tool_db(db), STORE_WRITE, e)) == NULL)
		return -1;
	rc = manual_add(s, ev, e);
	store_close(s);
	return rc;
}

int
step_edit_remove(const struct tool *t, const char *db, const char *name, struct sv by, struct sv why, struct step_ingest *in, struct err *e)
{
	struct store *s;
	int rc;

	if (access(tool_db(db), F_OK) < 0)
		return err_set(e, ERR_SYS, "%s: there is no such store", tool_db(db));
	if ((s = store_open(tool_db(db), STORE_WRITE, e)) == NULL)
		return -1;
	rc = manual_remove(s, sv_of(name), by, why, e);
	if (rc == 0 && in->profile != NULL)
		rc = step_ingest(t, s, in, e);
	store_close(s);
	return rc;
}

int
step_edit_merge(const struct tool *t, const char *db, const char *other, struct step_ingest *in, struct err *e)
{
	struct store *from = store_open(other, STORE_READ, e), *to = NULL;
	struct store_merged n = {0};
	int rc = -1;

	if (from != NULL && (to = store_open(tool_db(db), STORE_WRITE, e)) != NULL && (rc = store_begin(to, e)) == 0 &&
	    (rc = store_end(to, store_merge(to, from, &n, e), e)) == 0) {
		tool_note(t, "%lld contents taken over, %lld were there, %lld left out that were never read to their end", (long long)n.contents,
		    (long long)n.known, (long long)n.unread);
		rc = step_ingest(t, to, in, e); /* all is placed in time anew */
	}
	store_close(from);
	store_close(to);
	return rc;
}
