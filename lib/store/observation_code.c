#include "store/observation_code.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define VERSION 1

static const double scale[] = {1, 1e6, 1e9, 1e12};

/* --- writing --------------------------------------------------------------------------- */

static void
put(struct sb *out, uint64_t v)
{
	unsigned char b[10];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		b[n++] = (unsigned char)(v | 0x80);
	b[n++] = (unsigned char)v;
	sb_add(out, b, n);
}

static uint64_t
zigzag(int64_t v)
{
	return ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0);
}

static int64_t
unzigzag(uint64_t u)
{
	return (int64_t)(u >> 1) ^ -(int64_t)(u & 1);
}

static bool
same_bits(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

/* The code of a value, or 0 where only its bits will do. */
static uint64_t
value_code(double v)
{
	double scaled;
	size_t k;

	for (k = 0; k < sizeof(scale) / sizeof(*scale); k++) {
		scaled = rint(v * scale[k]);
		/* Both exact in a double, so that one correctly rounded division gives v again; -0 is not among them. */
		if (fabs(scaled) > 9007199254740992.0)
			break;
		if (same_bits((double)(int64_t)scaled / scale[k], v))
			return (zigzag((int64_t)scaled) << 2 | k) + 1;
	}
	return 0;
}

static void
put_bits(struct sb *out, double v)
{
	unsigned char b[8];
	uint64_t bits;
	size_t i;

	memcpy(&bits, &v, sizeof(bits));
	for (i = 0; i < sizeof(b); i++)
		b[i] = (unsigned char)(bits >> (8 * i));
	sb_add(out, b, sizeof(b));
}

/* Which series stand in a block, and as which number. */
struct dictionary {
	int64_t *id;     /* ascending */
	size_t n;
	uint32_t *index; /* of each point's series */
};

struct slot { /* of a hash table over series */
	int64_t id;
	uint32_t seen; /* in order of appearance, from 1; 0: free */
};

#define SLOTS ((size_t)2 * OBSERVATION_BLOCK)

static uint32_t
slot_find(struct slot *slot, int64_t id)
{
	uint32_t i = (uint32_t)(((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15)) >> 47);

	while (slot[i].seen != 0 && slot[i].id != id)
		i = (i + 1) % SLOTS;
	return i;
}

struct seen {
	int64_t id;
	uint32_t seen;
};

static int
by_id(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static void
dictionary_make(struct dictionary *d, const struct observation *v, size_t n)
{
	struct slot *slot = mem_new(SLOTS, sizeof(*slot));
	struct seen *order = mem_new(n, sizeof(*order));
	uint32_t *rank, i, at;

	*d = (struct dictionary){.index = mem_new(n, sizeof(*d->index))};
	for (i = 0; i < n; i++) {
		at = slot_find(slot, v[i].series);
		if (slot[at].seen == 0) {
			order[d->n] = (struct seen){v[i].series, (uint32_t)d->n};
			slot[at] = (struct slot){v[i].series, (uint32_t)++d->n};
		}
		d->index[i] = slot[at].seen - 1;
	}
	qsort(order, d->n, sizeof(*order), by_id);
	d->id = mem_new(d->n, sizeof(*d->id));
	rank = mem_new(d->n, sizeof(*rank));
	for (i = 0; i < d->n; i++) {
		d->id[i] = order[i].id;
		rank[order[i].seen] = i;
	}
	for (i = 0; i < n; i++)
		d->index[i] = rank[d->index[i]];
	mem_free(rank);
	mem_free(order);
	mem_free(slot);
}

static void
put_series(const struct dictionary *d, size_t n, struct sb *out)
{
	uint32_t *next = mem_new(d->n, sizeof(*next)), before = 0;
	uint64_t run = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (next[before] == d->index[i]) {
			run++;
		} else {
			put(out, run);
			put(out, d->index[i]);
			next[before] = d->index[i];
			run = 0;
		}
		before = d->index[i];
	}
	put(out, run);
	mem_free(next);
}

/* n bits, all 0: their place in out, for set_bit(). */
static size_t
put_bitmap(size_t n, struct sb *out)
{
	static const unsigned char zeros[OBSERVATION_BLOCK / 8];
	size_t at = out->n;

	sb_add(out, zeros, (n + 7) / 8);
	return at;
}

static void
set_bit(struct sb *out, size_t at, size_t i)
{
	out->buf[at + i / 8] = (char)((unsigned char)out->buf[at + i / 8] | 1u << i % 8);
}

static void
put_times(const struct observation *v, size_t n, struct sb *out)
{
	size_t i, bits = put_bitmap(n, out);
	int64_t before = 0;

	for (i = 0; i < n; i++) {
		if (v[i].t == before)
			continue;
		set_bit(out, bits, i);
		/* Times may lie 2^64 apart: the difference wraps around, and back when it is added. */
		put(out, zigzag((int64_t)((uint64_t)v[i].t - (uint64_t)before)));
		before = v[i].t;
	}
}

static void
put_values(const struct observation *v, size_t n, const struct dictionary *d, struct sb *out)
{
	size_t i, bits = put_bitmap(n, out);
	double *last = mem_new(d->n, sizeof(*last));
	uint64_t code;

	for (i = 0; i < n; i++) {
		if (same_bits(last[d->index[i]], v[i].v))
			continue;
		set_bit(out, bits, i);
		last[d->index[i]] = v[i].v;
		code = value_code(v[i].v);
		put(out, code);
		if (code == 0)
			put_bits(out, v[i].v);
	}
	mem_free(last);
}

void
observation_encode(const struct observation *v, size_t n, struct sb *out)
{
	struct sb series = {0}, times = {0};
	struct dictionary d;
	int64_t before = 0;
	size_t i;

	dictionary_make(&d, v, n);
	put_series(&d, n, &series);
	put_times(v, n, &times);
	put(out, VERSION);
	put(out, n);
	put(out, d.n);
	for (i = 0; i < d.n; i++) {
		put(out, (uint64_t)(d.id[i] - before));
		before = d.id[i];
	}
	put(out, series.n);
	put(out, times.n);
	sb_addv(out, sb_sv(&series));
	sb_addv(out, sb_sv(&times));
	put_values(v, n, &d, out);
	mem_free(d.id);
	mem_free(d.index);
	sb_free(&series);
	sb_free(&times);
}

/* --- reading --------------------------------------------------------------------------- */

struct stream {
	const unsigned char *p, *end;
	bool bad; /* it ended too early, or holds a number that cannot be */
};

static uint64_t
get(struct stream *s)
{
	uint64_t v = 0;
	unsigned int shift;

	if (s->p < s->end && *s->p < 0x80)
		return *s->p++;
	for (shift = 0; s->p < s->end && shift < 64; shift += 7) {
		v |= (uint64_t)(*s->p & 0x7f) << shift;
		if (*s->p++ < 0x80)
			return v;
	}
	s->bad = true;
	return 0;
}

static double
get_bits(struct stream *s)
{
	uint64_t bits = 0;
	double v;
	size_t i;

	if (s->end - s->p < 8) {
		s->bad = true;
		return 0;
	}
	for (i = 0; i < 8; i++)
		bits |= (uint64_t)*s->p++ << (8 * i);
	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* The first part of s, n bytes long. */
static struct stream
cut(struct stream *s, uint64_t n)
{
	struct stream part = {s->p, s->p, s->bad};

	if (n > (uint64_t)(s->end - s->p)) {
		s->bad = true;
		return part;
	}
	part.end = s->p += n;
	return part;
}

/* Into v[].series, as indexes. */
static bool
get_series(struct stream *s, size_t n_ids, uint32_t *next, uint32_t *index, size_t n)
{
	uint32_t before = 0;
	uint64_t run, id;
	size_t i = 0;

	for (;;) {
		run = get(s);
		if (s->bad || run > n - i)
			return false;
		for (; run > 0; run--)
			before = index[i++] = next[before];
		if (i == n)
			return s->p == s->end;
		id = get(s);
		if (s->bad || id >= n_ids)
			return false;
		next[before] = (uint32_t)id;
		before = index[i++] = (uint32_t)id;
	}
}

static bool
bit(const struct stream *bits, size_t i)
{
	return bits->p[i / 8] >> i % 8 & 1;
}

static bool
get_times(struct stream *s, struct observation *v, size_t n)
{
	struct stream bits = cut(s, (n + 7) / 8);
	uint64_t t = 0;
	size_t i;

	for (i = 0; i < n && !s->bad; i++) {
		if (bit(&bits, i))
			t += (uint64_t)unzigzag(get(s));
		v[i].t = (int64_t)t;
	}
	return !s->bad && s->p == s->end;
}

static bool
get_values(struct stream *s, const uint32_t *index, double *last, struct observation *v, size_t n)
{
	struct stream bits = cut(s, (n + 7) / 8);
	uint64_t code;
	size_t i;

	for (i = 0; i < n && !s->bad; i++) {
		if (bit(&bits, i)) {
			code = get(s);
			last[index[i]] = code == 0 ? get_bits(s) : (double)unzigzag((code - 1) >> 2) / scale[(code - 1) & 3];
			if (!isfinite(last[index[i]]))
				return false;
		}
		v[i].v = last[index[i]];
	}
	return !s->bad && s->p == s->end;
}

static bool
get_ids(struct stream *s, int64_t *id, size_t n)
{
	uint64_t sum = 0, more;
	size_t i;

	for (i = 0; i < n; i++) {
		more = get(s);
		if (s->bad || more == 0 || more > (uint64_t)INT64_MAX - sum)
			return false;
		id[i] = (int64_t)(sum += more);
	}
	return true;
}

static bool
get_points(struct stream *s, size_t n, size_t n_ids, struct observation *v)
{
	int64_t *id = mem_new(n_ids, sizeof(*id));
	double *last = mem_new(n_ids, sizeof(*last));
	uint32_t *next = mem_new(n_ids, sizeof(*next)), *index = mem_new(n, sizeof(*index));
	struct stream series, times;
	uint64_t n_series, n_times;
	bool ok = get_ids(s, id, n_ids);
	size_t i;

	n_series = get(s);
	n_times = get(s);
	series = cut(s, n_series);
	times = cut(s, n_times);
	ok = ok && !s->bad && get_series(&series, n_ids, next, index, n) && get_times(&times, v, n) &&
	    get_values(s, index, last, v, n);
	for (i = 0; ok && i < n; i++)
		v[i].series = id[index[i]];
	mem_free(id);
	mem_free(last);
	mem_free(next);
	mem_free(index);
	return ok;
}

ptrdiff_t
observation_decode(struct sv block, struct observation *v, struct err *e)
{
	const unsigned char *p = (const unsigned char *)block.p;
	struct stream s = {p, p + block.n, false};
	uint64_t version = get(&s), n = get(&s), n_ids = get(&s);

	if (!s.bad && version > VERSION)
		return err_set(e, ERR_DB, "a block of observations of version %llu: a newer program is needed",
		    (unsigned long long)version);
	if (s.bad || version != VERSION || n == 0 || n > OBSERVATION_BLOCK || n_ids == 0 || n_ids > n ||
	    !get_points(&s, (size_t)n, (size_t)n_ids, v))
		return err_set(e, ERR_DB, "a damaged block of observations");
	return (ptrdiff_t)n;
}
