/*
 * The samples of one series from the pages of the database file, ten times as fast as through SQL.
 *
 * The table "sample" is an index b-tree of (series, t, v, flag, content, placed) in the documented file format
 * (https://www.sqlite.org/fileformat2.html). It is read with SQLite's own file, while a statement of SQLite's own stands on a
 * row and so keeps writers out. Whatever is not exactly as expected (a write-ahead log, overflowing cells, another order of
 * columns, keys out of order, damage) is left to SQL, which knows what to say about it.
 */
#include "store/store.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "store/private.h"

#define HEADER 100
#define MAX_DEPTH 16
#define LEAF 0x0a
#define INTERIOR 0x02
#define LEAF_HEAD 8
#define INTERIOR_HEAD 12

struct row {
	int64_t series, t;
	double v; /* NULL is NaN */
	int64_t flag;
};

struct walk {
	sqlite3_file *file;
	size_t page_size, usable;
	int64_t series, from, to;
	struct row last; /* that was met, also of those before the range */
	unsigned char *page[MAX_DEPTH];
	VEC(struct store_point) found;
};

static size_t
two(const unsigned char *p)
{
	return (size_t)p[0] << 8 | p[1];
}

static uint32_t
four(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A variable-length integer of at most four bytes, which is all that a page can hold; 0 when there is none. */
static size_t
varint(const unsigned char *p, size_t n, size_t *v)
{
	size_t i;

	for (*v = 0, i = 0; i < n && i < 4; i++) {
		*v = *v << 7 | (p[i] & 0x7f);
		if (p[i] < 0x80)
			return i + 1;
	}
	return 0;
}

/* How many bytes a value of that serial type has; none of ours is longer than 8. */
static size_t
length_of(size_t type)
{
	static const unsigned char n[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};

	return type < sizeof(n) ? n[type] : 9;
}

static int64_t
integer(size_t type, const unsigned char *p)
{
	size_t i, n = length_of(type);
	uint64_t v;

	if (type >= 8)
		return type == 9;
	v = n > 0 && p[0] >= 0x80 ? UINT64_MAX : 0;
	for (i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

static double
real(size_t type, const unsigned char *p)
{
	int64_t bits = integer(type == 7 ? 6 : type, p);
	double v;

	if (type == 0)
		return NAN;
	if (type != 7) /* whole numbers are kept as such */
		return (double)bits;
	memcpy(&v, &bits, sizeof(v));
	return v;
}

static bool
is_integer(size_t type)
{
	return (type >= 1 && type <= 6) || type == 8 || type == 9;
}

/* The first four columns of a record of n bytes. */
static bool
read_record(const unsigned char *p, size_t n, struct row *r)
{
	size_t header, type[4], at, k, i, used;

	used = varint(p, n, &header);
	if (used == 0 || header > n)
		return false;
	for (at = used, i = 0; i < 4; i++, at += k)
		if ((k = varint(p + at, header - at, &type[i])) == 0)
			return false;
	if (!is_integer(type[0]) || !is_integer(type[1]) || (!is_integer(type[2]) && type[2] != 0 && type[2] != 7) ||
	    !is_integer(type[3]))
		return false;
	if (length_of(type[0]) + length_of(type[1]) + length_of(type[2]) + length_of(type[3]) > n - header)
		return false;
	p += header;
	r->series = integer(type[0], p);
	p += length_of(type[0]);
	r->t = integer(type[1], p);
	p += length_of(type[1]);
	r->v = real(type[2], p);
	p += length_of(type[2]);
	r->flag = integer(type[3], p);
	return true;
}

/* A cell's record, all of which is on its page. */
static bool
read_cell(const struct walk *w, const unsigned char *page, size_t at, struct row *r)
{
	size_t n, used, most = (w->usable - 12) * 64 / 255 - 23;

	if (at >= w->usable)
		return false;
	used = varint(page + at, w->usable - at, &n);
	return used > 0 && n <= most && n <= w->usable - at - used && read_record(page + at + used, n, r);
}

static int
compare(const struct row *r, int64_t series, int64_t t)
{
	if (r->series != series)
		return r->series < series ? -1 : 1;
	return (r->t > t) - (r->t < t);
}

/* Is a row where it has to be, after the one before it? SQLite's binary search finds others in a page out of order. */
static bool
follows(struct row *last, const struct row *r)
{
	bool ok = compare(last, r->series, r->t) < 0;

	*last = *r;
	return ok;
}

/* From cell i on, which is past what is looked for, only order counts. */
static bool
rest_in_order(const struct walk *w, const unsigned char *page, size_t head, size_t cells, size_t i, struct row last)
{
	struct row r;

	for (; i < cells; i++)
		if (!read_cell(w, page, two(page + head + 2 * i) + (head == INTERIOR_HEAD ? 4 : 0), &r) || !follows(&last, &r))
			return false;
	return true;
}

/* A page into the memory for its depth; the length of its header, 0 when it is not one of ours. */
static size_t
read_page(struct walk *w, uint32_t number, size_t depth)
{
	sqlite3_int64 at = ((sqlite3_int64)number - 1) * (sqlite3_int64)w->page_size;
	unsigned char *page;
	size_t head;

	if (number < 2 || depth >= MAX_DEPTH)
		return 0;
	if (w->page[depth] == NULL)
		w->page[depth] = mem_new(w->page_size, 1);
	page = w->page[depth];
	if (w->file->pMethods->xRead(w->file, page, (int)w->page_size, at) != SQLITE_OK)
		return 0;
	head = page[0] == LEAF ? LEAF_HEAD : page[0] == INTERIOR ? INTERIOR_HEAD : 0;
	return head + 2 * two(page + 3) <= w->usable ? head : 0;
}

/* The rows of a page and of those below it, from the first that is looked for on: 1 go on, 0 that was the last, -1 not this way. */
static int
walk(struct walk *w, uint32_t number, size_t depth)
{
	size_t head = read_page(w, number, depth), cells, i, at;
	const unsigned char *page;
	struct row r;
	bool inner = head == INTERIOR_HEAD, before;
	int rc;

	if (head == 0)
		return -1;
	page = w->page[depth];
	cells = two(page + 3);
	for (i = 0; i < cells; i++) {
		at = two(page + head + 2 * i);
		if (at + 4 > w->usable || !read_cell(w, page, inner ? at + 4 : at, &r))
			return -1;
		before = compare(&r, w->series, w->from) < 0;
		rc = inner && !before ? walk(w, four(page + at), depth + 1) : 1;
		if (rc < 0 || (rc > 0 && !follows(&w->last, &r)))
			return -1;
		if (rc == 0 || compare(&r, w->series, w->to) > 0)
			return rest_in_order(w, page, head, cells, i + 1, r) ? 0 : -1;
		if (!before)
			*vec_add(&w->found) = (struct store_point){.t = r.t, .v = r.v, .flag = (int)r.flag};
	}
	return inner ? walk(w, four(page + 8), depth + 1) : 1;
}

/* The file, if it is one whose pages can be read as they are. */
static bool
open_file(struct store *s, struct walk *w)
{
	unsigned char h[HEADER];

	w->file = NULL;
	if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &w->file) != SQLITE_OK || w->file == NULL ||
	    w->file->pMethods == NULL || w->file->pMethods->xRead(w->file, h, sizeof(h), 0) != SQLITE_OK)
		return false;
	w->page_size = two(h + 16) == 1 ? 65536 : two(h + 16);
	w->usable = w->page_size - h[20];
	/* Bytes 18 and 19 are 2 where changes may stand in a write-ahead log. */
	return memcmp(h, "SQLite format 3", 16) == 0 && h[18] == 1 && h[19] == 1 && w->page_size >= 512 && w->usable >= 480;
}

/* Are the columns what read_record() takes them for? Asked once. */
static bool
is_known(struct store *s)
{
	static const char want[] = "series 1 0,t 2 0,v 0 0,flag 0 0,content 0 0,placed 0 0";
	sqlite3_stmt *st = s->stmt[Q_SAMPLE_COLUMNS];

	if (s->pages == 0)
		s->pages = db_step(s, st, NULL) == 1 && sv_is(db_text(st, 0), want) ? 1 : -1;
	sqlite3_reset(st);
	return s->pages > 0;
}

bool
db_pages_points(struct store *s, int64_t series, int64_t from, int64_t to, store_point_fn *each, void *ctx)
{
	struct walk w = {.series = series, .from = from, .to = to, .last = {.series = INT64_MIN, .t = INT64_MIN}};
	sqlite3_stmt *st = s->stmt[Q_SAMPLE_ROOT];
	bool ok = false;
	size_t i;

	/* One that writes has changes that are not in the file yet; a connection of somebody else's may be one. */
	if (s->mode != STORE_READ || s->borrowed || !is_known(s))
		return false;
	/* From here until the reset this statement is SQLite's shared lock on the file. */
	if (db_step(s, st, NULL) == 1 && open_file(s, &w))
		ok = from > to || walk(&w, (uint32_t)sqlite3_column_int64(st, 0), 0) >= 0;
	sqlite3_reset(st);
	for (i = 0; ok && i < w.found.n; i++)
		each(ctx, &w.found.v[i]);
	vec_free(&w.found);
	for (i = 0; i < MAX_DEPTH; i++)
		mem_free(w.page[i]);
	return ok;
}

int
store_points_each(struct store *s, int64_t series, int64_t from, int64_t to, store_point_fn *each, void *ctx, struct err *e)
{
	struct store_rows *rows;
	struct store_point p;
	int rc;

	if (db_samples_flush(s, e) < 0)
		return -1;
	if (db_pages_points(s, series, from, to, each, ctx))
		return 0;
	rows = store_points_open(s, series, from, to, e);
	if (rows == NULL)
		return -1;
	while ((rc = store_points_next(rows, &p, e)) == 1)
		each(ctx, &p);
	store_rows_close(rows);
	return rc;
}
