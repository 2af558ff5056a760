#include "arguments.h"

#include <math.h>
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3

#include "base/time.h"

enum { EXPR, START, END, STEP };

static struct sv
text_of(sqlite3_value *v)
{
	const char *p = (const char *)sqlite3_value_text(v);

	return p == NULL ? SV("") : (struct sv){p, (size_t)sqlite3_value_bytes(v)};
}

static bool
same_value(sqlite3_value *x, sqlite3_value *y)
{
	int type = sqlite3_value_type(x);

	if (type != sqlite3_value_type(y))
		return false;
	if (type == SQLITE_INTEGER)
		return sqlite3_value_int64(x) == sqlite3_value_int64(y);
	if (type == SQLITE_FLOAT)
		return sqlite3_value_double(x) == sqlite3_value_double(y);
	return type == SQLITE_TEXT && sv_eq(text_of(x), text_of(y));
}

bool
arguments_same(const struct arguments *a, int given, sqlite3_value **v)
{
	int i, n = 0;

	for (i = 0; i < ARGUMENTS; i++)
		if ((given >> i & 1) != (a->v[i] != NULL) || (a->v[i] != NULL && !same_value(a->v[i], v[n++])))
			return false;
	return true;
}

int
arguments_take(struct arguments *a, int given, sqlite3_value **v)
{
	int i, n = 0, rc = 1;

	for (i = 0; i < ARGUMENTS; i++) {
		if ((given >> i & 1) == 0)
			continue;
		a->v[i] = sqlite3_value_dup(v[n++]);
		if (a->v[i] == NULL)
			return -1;
		if (sqlite3_value_type(a->v[i]) == SQLITE_NULL)
			rc = 0;
	}
	return rc;
}

void
arguments_free(struct arguments *a)
{
	for (int i = 0; i < ARGUMENTS; i++) {
		sqlite3_value_free(a->v[i]);
		a->v[i] = NULL;
	}
}

static bool
is_number(sqlite3_value *v)
{
	return sqlite3_value_type(v) == SQLITE_INTEGER || sqlite3_value_type(v) == SQLITE_FLOAT;
}

/* Argument i as the user gave it, for a message. */
static int
bad_argument(const struct arguments *a, int i, const char *name, const char *wanted, struct err *e)
{
	struct sv text = text_of(a->v[i]);

	return err_set(e, ERR_USAGE, "%s '%.*s' is not %s", name, (int)sv_head(text, 60).n, text.p, wanted);
}

/* An instant; one that is not given, or '', is TIME_NONE. 0 or -1. */
static int
time_argument(const struct arguments *a, int i, const char *name, int64_t *ms, struct err *e)
{
	static const char wanted[] = "a time (RFC 3339 or Unix seconds; milliseconds / 1000.0)";
	sqlite3_value *v = a->v[i];
	int64_t first, last;
	double s;

	*ms = TIME_NONE;
	if (v == NULL)
		return 0;
	if (is_number(v)) {
		s = sqlite3_value_double(v);
		first = time_days(1, 1, 1) * TIME_DAY;
		last = time_days(10000, 1, 1) * TIME_DAY - 1;
		if (!(s * 1000 >= (double)first && s * 1000 <= (double)last))
			return bad_argument(a, i, name, wanted, e);
		*ms = llround(s * 1000);
		return 0;
	}
	if (sqlite3_value_type(v) != SQLITE_TEXT)
		return bad_argument(a, i, name, wanted, e);
	return text_of(v).n == 0 || time_parse(text_of(v), ms) ? 0 : bad_argument(a, i, name, wanted, e);
}

/* Likewise a length; 0 when it is not given. */
static int
step_argument(const struct arguments *a, int64_t *ms, struct err *e)
{
	static const char wanted[] = "a duration above 0 (30s, 1h30m, or seconds)";
	sqlite3_value *v = a->v[STEP];
	double s;

	*ms = 0;
	if (v == NULL || (sqlite3_value_type(v) == SQLITE_TEXT && text_of(v).n == 0))
		return 0;
	if (is_number(v)) {
		s = sqlite3_value_double(v);
		*ms = s > 0 && s < 1e12 ? llround(s * 1000) : 0;
	} else if (sqlite3_value_type(v) != SQLITE_TEXT || !time_duration(text_of(v), ms)) {
		*ms = 0;
	}
	return *ms > 0 ? 0 : bad_argument(a, STEP, "step", wanted, e);
}

/* One moment without a step is an instant query, which takes ranges too, and keeps the order of sort(). */
static int
read_times(const struct arguments *a, struct pq_times *times, struct err *e)
{
	times->time = TIME_NONE;
	if (time_argument(a, START, "start", &times->start, e) < 0 ||
	    time_argument(a, END, "end", &times->end, e) < 0 || step_argument(a, &times->step, e) < 0)
		return -1;
	if (times->step == 0 && times->start == times->end) {
		times->time = times->start;
		times->start = times->end = TIME_NONE;
	}
	return 0;
}

int
arguments_read(const struct arguments *a, struct sv *expr, struct pq_times *times, struct err *e)
{
	if (a->v[EXPR] == NULL || sqlite3_value_type(a->v[EXPR]) != SQLITE_TEXT)
		return err_set(e, ERR_USAGE, "an expression is needed, as text: promql('EXPR', start, end, step)");
	*expr = text_of(a->v[EXPR]);
	return read_times(a, times, e);
}
