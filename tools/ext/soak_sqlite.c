/*
 * soak_sqlite - PromQL in SQL: the extension soak.so for SQLite, with two table-valued functions.
 *
 *	.load ./soak
 *	SELECT * FROM promql('expr', start, end, step);
 *	SELECT * FROM k6_points;                            points.h
 *
 * https://www.sqlite.org/loadext.html, https://www.sqlite.org/vtab.html. All of SQLite, also that under lib/store, is
 * the program's that loads us, reached through the table of pointers it hands over: it may be linked with SQLite
 * in whatever way, and nothing here is linked with libsqlite3. What is required: SQLite 3.37 (the store's tables
 * are STRICT), and the store as the main database of the connection.
 *
 * The answer is computed when SQLite asks for the first row, and held whole; again for other arguments, and for each
 * statement. Out of memory ends the program (docs/rules.md 27).
 */
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

#include <math.h>

#include "arguments.h"
#include "base/labels.h"
#include "base/mem.h"
#include "base/time.h"
#include "points.h"
#include "promql/answer.h"
#include "table.h"

#define OLDEST_SQLITE 3037000

/* The last ones are the arguments, in their order. */
enum column { SERIES, LABELS, T, TIME, VALUE, NOTE, EXPR, START, END, STEP };

struct table {
	sqlite3_vtab base;
	sqlite3 *db;
};

struct cursor {
	sqlite3_vtab_cursor base;
	struct arguments args;
	struct table_answer answer;
	bool answered;            /* to these arguments */
	size_t series, point;     /* of the row */
	sqlite3_int64 row;
	struct sb series_text, labels_text; /* of that series */
};

static int
fail(sqlite3_vtab *t, const struct err *e)
{
	sqlite3_free(t->zErrMsg);
	t->zErrMsg = sqlite3_mprintf("promql: %s", e->msg);
	return SQLITE_ERROR;
}

static int
table_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **message)
{
	struct table *t;
	int rc;

	(void)aux, (void)argc, (void)argv, (void)message;
	rc = sqlite3_declare_vtab(db, "CREATE TABLE x(series TEXT, labels TEXT, t INTEGER, time TEXT, value REAL, "
	    "note TEXT, expr HIDDEN, start HIDDEN, \"end\" HIDDEN, step HIDDEN)");
	if (rc != SQLITE_OK)
		return rc;
	t = sqlite3_malloc(sizeof(*t));
	if (t == NULL)
		return SQLITE_NOMEM;
	*t = (struct table){.db = db};
	*out = &t->base;
	return SQLITE_OK;
}

static int
table_disconnect(sqlite3_vtab *t)
{
	sqlite3_free(t);
	return SQLITE_OK;
}

/*
 * Arguments come as "expr = ?". One whose value is not known yet in this order of the loops makes the order impossible.
 * Evaluating is dear: SQLite should rather go once over all we give than call us for each row of another table.
 */
static int
table_best_index(sqlite3_vtab *t, sqlite3_index_info *x)
{
	int use[ARGUMENTS] = {0}; /* index of the constraint, from 1 */
	int i, k, n = 0;

	(void)t;
	for (i = 0; i < x->nConstraint; i++) {
		k = x->aConstraint[i].iColumn - EXPR;
		if (k < 0 || k >= ARGUMENTS || x->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ || use[k] != 0)
			continue;
		if (!x->aConstraint[i].usable)
			return SQLITE_CONSTRAINT;
		use[k] = i + 1;
	}
	for (k = 0; k < ARGUMENTS; k++)
		if (use[k] != 0) {
			x->idxNum |= 1 << k;
			x->aConstraintUsage[use[k] - 1].argvIndex = ++n;
			x->aConstraintUsage[use[k] - 1].omit = 1;
		}
	x->estimatedCost = use[0] != 0 ? 1e6 : 1e99;
	x->estimatedRows = 1000;
	return SQLITE_OK;
}

static void
cursor_clear(struct cursor *c)
{
	arguments_free(&c->args);
	arena_free(&c->answer.arena);
	c->answer = (struct table_answer){0};
	c->answered = false;
}

static int
cursor_open(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
	struct cursor *c = sqlite3_malloc(sizeof(*c));

	(void)t;
	if (c == NULL)
		return SQLITE_NOMEM;
	*c = (struct cursor){0};
	*out = &c->base;
	return SQLITE_OK;
}

static int
cursor_close(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)base;

	cursor_clear(c);
	sb_free(&c->series_text);
	sb_free(&c->labels_text);
	sqlite3_free(c);
	return SQLITE_OK;
}

/* As in the table series: canonical JSON without the metric's name. Appends. */
static void
add_labels(const struct labels *l, struct sb *out)
{
	struct labels rest = {.v = mem_new(l->n, sizeof(*rest.v))};
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!sv_is(l->v[i].name, "__name__"))
			rest.v[rest.n++] = l->v[i];
	labels_json(&rest, out);
	mem_free(rest.v);
}

/* Goes on to the next point there is, from the one in hand. */
static void
settle(struct cursor *c)
{
	const struct pq_result *r = &c->answer.r;

	while (c->series < r->n && c->point >= r->v[c->series].n) {
		c->series++;
		c->point = 0;
	}
	if (c->point > 0 || c->series >= r->n)
		return;
	sb_reset(&c->series_text);
	sb_reset(&c->labels_text);
	if (r->type != PQ_SCALAR)
		pq_answer_series(&r->v[c->series].labels, &c->series_text);
	add_labels(&r->v[c->series].labels, &c->labels_text);
}

static int
answer(struct cursor *c, sqlite3 *db, struct err *e)
{
	struct pq_times times;
	struct sv expr;

	if (arguments_read(&c->args, &expr, &times, e) < 0)
		return -1;
	return table_ask(db, expr, &times, &c->answer, e);
}

/* Nothing equals NULL: as in every table-valued function an argument that is NULL gives no rows. */
static int
cursor_filter(sqlite3_vtab_cursor *base, int given, const char *text, int argc, sqlite3_value **argv)
{
	struct cursor *c = (struct cursor *)base;
	struct err e = {0};
	int rc;

	(void)text, (void)argc;
	c->series = c->point = 0;
	c->row = 0;
	/* A cursor lives as long as one statement runs, which sees one store. */
	if (!c->answered || !arguments_same(&c->args, given, argv)) {
		cursor_clear(c);
		rc = arguments_take(&c->args, given, argv);
		if (rc < 0)
			return SQLITE_NOMEM;
		if (rc > 0 && answer(c, ((struct table *)base->pVtab)->db, &e) < 0) {
			c->answer.r.n = 0;
			rc = fail(base->pVtab, &e);
			return c->answer.interrupted ? SQLITE_INTERRUPT : rc;
		}
		c->answered = true;
	}
	settle(c);
	return SQLITE_OK;
}

static int
cursor_next(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)base;

	c->point++;
	c->row++;
	settle(c);
	return SQLITE_OK;
}

static int
cursor_eof(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)base;

	return c->series >= c->answer.r.n;
}

static void
result_text(sqlite3_context *ctx, struct sv v)
{
	sqlite3_result_text64(ctx, v.p, v.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static int
cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int column)
{
	struct cursor *c = (struct cursor *)base;
	const struct pq_point *p = &c->answer.r.v[c->series].point[c->point];
	char time[TIME_TEXT];

	switch ((enum column)column) {
	case SERIES:
		result_text(ctx, sb_sv(&c->series_text));
		break;
	case LABELS:
		result_text(ctx, sb_sv(&c->labels_text));
		break;
	case T:
		sqlite3_result_int64(ctx, p->t);
		break;
	case TIME:
		result_text(ctx, sv_of(time_text(p->t, time)));
		break;
	case VALUE: /* SQLite makes NULL of NaN */
		sqlite3_result_double(ctx, p->v);
		break;
	case NOTE:
		result_text(ctx, isnan(p->v) ? SV("NaN") : SV(""));
		break;
	case EXPR:
	case START:
	case END:
	case STEP:
		if (c->args.v[column - EXPR] != NULL)
			sqlite3_result_value(ctx, c->args.v[column - EXPR]);
		break;
	}
	return SQLITE_OK;
}

static int
cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *row)
{
	*row = ((struct cursor *)base)->row;
	return SQLITE_OK;
}

/* Without xCreate it is there as soon as we are loaded, and cannot be made a second time. */
static const sqlite3_module module = {
    .xConnect = table_connect,
    .xBestIndex = table_best_index,
    .xDisconnect = table_disconnect,
    .xOpen = cursor_open,
    .xClose = cursor_close,
    .xFilter = cursor_filter,
    .xNext = cursor_next,
    .xEof = cursor_eof,
    .xColumn = cursor_column,
    .xRowid = cursor_rowid,
};

/* The name that SQLite makes of "soak.so". */
__attribute__((visibility("default"))) int sqlite3_soak_init(sqlite3 *db, char **message,
    const sqlite3_api_routines *api);

int
sqlite3_soak_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
	int rc;

	SQLITE_EXTENSION_INIT2(api);
	if (sqlite3_libversion_number() < OLDEST_SQLITE) {
		*message = sqlite3_mprintf("soak: this is SQLite %s, and a store needs 3.37 or newer", sqlite3_libversion());
		return SQLITE_ERROR;
	}
	rc = sqlite3_create_module_v2(db, "promql", &module, NULL, NULL);
	return rc == SQLITE_OK ? points_register(db) : rc;
}
