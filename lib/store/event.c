#include "store/store.h"

#include "base/time.h"
#include "store/private.h"

/* The event with that key and number: its id (0 none, -1 error) and end. */
static int64_t
find(struct store *s, const struct store_event *ev, int64_t nth, int64_t *t_end, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_EVENT_FIND];
	int64_t id;
	int rc;

	db_bind_int(s, st, 1, ev->t);
	db_bind_text(s, st, 2, ev->kind);
	db_bind_text(s, st, 3, ev->name);
	db_bind_text(s, st, 4, ev->text);
	db_bind_int(s, st, 5, nth);
	if ((rc = db_step(s, st, e)) != 1)
		return rc;
	id = sqlite3_column_int64(st, 0);
	*t_end = db_time(st, 1);
	sqlite3_reset(st);
	return id;
}

/* Has this content said it nth times already? 1, 0, -1. */
static int
said(struct store *s, int64_t content, const struct store_event *ev, int64_t nth, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_EVENT_SAID];
	int64_t t_end, id = find(s, ev, nth, &t_end, e);

	if (id <= 0)
		return (int)id;
	db_bind_int(s, st, 1, id);
	db_bind_int(s, st, 2, content);
	return (int)db_value(s, st, e);
}

/*
 * How often this content has said it, plus one. A content fills the numbers from 1 on without a hole, so that a
 * search by doubling and halving finds the end: a file that says one line a million times must not cost a
 * million squared.
 */
static int64_t
next_nth(struct store *s, int64_t content, const struct store_event *ev, struct err *e)
{
	int64_t low = 0, high = 1, mid; /* said low times, not high times */
	int rc;

	while ((rc = said(s, content, ev, high, e)) == 1) {
		low = high;
		high *= 2;
	}
	while (rc >= 0 && high - low > 1) {
		mid = low + (high - low) / 2;
		rc = said(s, content, ev, mid, e);
		if (rc == 1)
			low = mid;
		else
			high = mid;
	}
	return rc < 0 ? -1 : high;
}

static int64_t
add(struct store *s, const struct store_event *ev, int64_t nth, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_EVENT_NEW];

	db_bind_int(s, st, 1, ev->t);
	db_bind_time(s, st, 2, ev->t_end);
	db_bind_text(s, st, 3, ev->kind);
	db_bind_text(s, st, 4, ev->name);
	db_bind_text(s, st, 5, ev->text);
	db_bind_int(s, st, 6, nth);
	return db_do(s, st, e) < 0 ? -1 : sqlite3_last_insert_rowid(s->db);
}

/* The same event again: who knows its end adds it, who knows another one contradicts. */
static int
compare_end(struct store *s, int64_t content, int64_t id, int64_t t_end, const struct store_event *ev,
    struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_EVENT_END];
	struct store_problem p = {.content = content, .line = ev->line, .severity = "warning", .stage = "read"};
	char here[TIME_TEXT], there[TIME_TEXT];
	struct sb text = {0};
	int rc;

	if (ev->t_end == TIME_NONE || ev->t_end == t_end)
		return 0;
	if (t_end == TIME_NONE) {
		db_bind_int(s, st, 1, id);
		db_bind_time(s, st, 2, ev->t_end);
		return db_do(s, st, e);
	}
	sb_addf(&text, "%" SV_FMT " ends at %s here and at %s in another artifact; that one is used",
	    SV_ARG(ev->name), time_text(ev->t_end, here), time_text(t_end, there));
	p.text = sb_sv(&text);
	rc = store_add_problem(s, &p, e);
	sb_free(&text);
	return rc;
}

int
store_add_event(struct store *s, int64_t content, const struct store_event *ev, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_EVENT_SOURCE_NEW];
	int64_t nth, id, t_end = TIME_NONE;

	if (db_writing(s, e) < 0)
		return -1;
	if (ev->t == TIME_NONE)
		return err_set(e, ERR_USAGE, "%s: an event without a time cannot be stored", s->path);
	if ((nth = next_nth(s, content, ev, e)) < 0 || (id = find(s, ev, nth, &t_end, e)) < 0)
		return -1;
	if (id == 0)
		id = add(s, ev, nth, e);
	else if (compare_end(s, content, id, t_end, ev, e) < 0)
		return -1;
	if (id < 0)
		return -1;
	db_bind_int(s, st, 1, id);
	db_bind_int(s, st, 2, content);
	db_bind_int(s, st, 3, ev->line);
	return db_do(s, st, e);
}
