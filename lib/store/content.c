#include "store/store.h"

#include <string.h>

#include "store/private.h"

int64_t
store_content_find(struct store *s, const char *sha256, struct err *e)
{
	db_bind_text(s, s->stmt[Q_CONTENT_FIND], 1, sv_of(sha256));
	return db_value(s, s->stmt[Q_CONTENT_FIND], e);
}

int64_t
store_content_items(struct store *s, int64_t content, struct err *e)
{
	db_bind_int(s, s->stmt[Q_CONTENT_ITEMS], 1, content);
	return db_value(s, s->stmt[Q_CONTENT_ITEMS], e);
}

int64_t
store_content_new(struct store *s, struct err *e)
{
	if (db_writing(s, e) < 0 || db_do(s, s->stmt[Q_CONTENT_NEW], e) < 0)
		return -1;
	return sqlite3_last_insert_rowid(s->db);
}

int
store_content_done(struct store *s, int64_t content, const struct store_content *c, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_CONTENT_DONE];

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_int(s, st, 1, content);
	db_bind_text(s, st, 2, sv_of(c->sha256));
	db_bind_int(s, st, 3, c->size);
	db_bind_text(s, st, 4, sv_of(c->format));
	db_bind_int(s, st, 5, c->items);
	db_bind_int(s, st, 6, c->complete);
	db_bind_time(s, st, 7, c->first_ms);
	db_bind_time(s, st, 8, c->last_ms);
	db_bind_text(s, st, 9, c->format_sha256 == NULL ? SV("") : sv_of(c->format_sha256));
	return db_do(s, st, e);
}

int
store_add_family(struct store *s, struct sv name, struct sv type, struct sv unit, struct sv help,
    struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_FAMILY_ADD];

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_text(s, st, 1, name);
	db_bind_text(s, st, 2, type);
	db_bind_text(s, st, 3, unit);
	db_bind_text(s, st, 4, help);
	return db_do(s, st, e);
}

int
store_family_type(struct store *s, const char *name, char type[32], struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_FAMILY_TYPE];
	struct sv text;
	int rc;

	type[0] = '\0';
	db_bind_text(s, st, 1, sv_of(name));
	if ((rc = db_step(s, st, e)) != 1)
		return rc;
	text = sv_head(db_text(st, 0), 31);
	memcpy(type, text.p, text.n);
	type[text.n] = '\0';
	sqlite3_reset(st);
	return 0;
}

static int
add_fact(struct store *s, enum stmt q, int64_t content, const struct store_fact *f, struct err *e)
{
	sqlite3_stmt *st = s->stmt[q];

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_int(s, st, 1, content);
	db_bind_text(s, st, 2, f->path);
	db_bind_text(s, st, 3, f->text);
	db_bind_num(s, st, 4, f->value);
	db_bind_int(s, st, 5, f->line);
	return db_do(s, st, e);
}

int
store_add_claim(struct store *s, int64_t content, const struct store_fact *f, struct err *e)
{
	return add_fact(s, Q_CLAIM_NEW, content, f, e);
}

int
store_add_run(struct store *s, int64_t content, const struct store_fact *f, struct err *e)
{
	return add_fact(s, Q_RUN_NEW, content, f, e);
}

int
store_add_result(struct store *s, int64_t content, const struct store_result *r, struct err *e)
{
	sqlite3_stmt *st = s->stmt[Q_RESULT_NEW];

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_int(s, st, 1, content);
	db_bind_text(s, st, 2, r->kind);
	db_bind_text(s, st, 3, r->suite);
	db_bind_text(s, st, 4, r->name);
	db_bind_text(s, st, 5, r->status);
	db_bind_time(s, st, 6, r->t);
	db_bind_num(s, st, 7, r->duration);
	db_bind_text(s, st, 8, r->text);
	db_bind_int(s, st, 9, r->line);
	return db_do(s, st, e);
}

int
store_add_problem(struct store *s, const struct store_problem *p, struct err *e)
{
	/* A content is read once, but one that could not even be read is tried each time. */
	sqlite3_stmt *st = s->stmt[p->content == 0 ? Q_PROBLEM_NEW_ONCE : Q_PROBLEM_NEW];

	if (db_writing(s, e) < 0)
		return -1;
	db_bind_id(s, st, 1, p->content);
	db_bind_id(s, st, 2, p->artifact);
	db_bind_id(s, st, 3, p->line);
	db_bind_text(s, st, 4, sv_of(p->severity));
	db_bind_text(s, st, 5, sv_of(p->stage));
	db_bind_text(s, st, 6, p->text);
	return db_do(s, st, e);
}
