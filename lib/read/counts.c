#include "read/counts.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"

#define MAX_BUCKETS 100
#define MAX_BEATS INT64_C(2000000) /* samples of the full minutes, in one file */
#define MAX_LATE 60                /* seconds that a line may lie behind the one before it */
#define QUIET 300                  /* seconds without a line after which silence says nothing */

/* --- the format's part ------------------------------------------------------------------ */

static struct doc *
copy_of(struct arena *a, const struct doc *d)
{
	struct doc *c = arena_new(a, 1, sizeof(*c));

	*c = *d;
	c->next = NULL;
	return c;
}

/* The map d without "buckets", counting 1 where it has no "value", as the only "sample" of a map: what emit_load() reads. */
static const struct doc *
as_sample(struct arena *a, const struct doc *d)
{
	struct doc *outer = doc_new(a, DOC_MAP), *inner = copy_of(a, d);
	const struct doc *c;

	outer->file = d->file;
	inner->child = inner->last = NULL;
	inner->n = 0;
	for (c = doc_first(d); c != NULL; c = c->next)
		if (!sv_is(c->key, "buckets") && !sv_is(c->key, "per"))
			doc_add(a, inner, arena_str(a, c->key), copy_of(a, c));
	if (doc_get(d, "value") == NULL)
		doc_add_str(a, inner, "value", SV("=1"));
	return doc_add(a, outer, "sample", inner) != NULL ? outer : NULL;
}

static int
load_buckets(struct arena *a, const struct doc *d, struct count_def *out, struct err *e)
{
	const struct doc *c;

	if (d == NULL)
		return 0;
	if (d->kind != DOC_LIST || d->n == 0 || d->n > MAX_BUCKETS)
		return doc_err(d, e, "expected a list of up to %d limits", MAX_BUCKETS);
	out->bucket = arena_new(a, d->n, sizeof(*out->bucket));
	for (c = doc_first(d); c != NULL; c = c->next) {
		if (c->kind != DOC_NUMBER || !isfinite(c->num) ||
		    (out->nbuckets > 0 && c->num <= out->bucket[out->nbuckets - 1]))
			return doc_err(c, e, "the limits of buckets are numbers, each above the one before it");
		out->bucket[out->nbuckets++] = c->num;
	}
	return 0;
}

/* The labels of "per", each of them one that the counter has. */
static int
load_per(struct arena *a, const struct doc *d, struct count_def *out, struct err *e)
{
	const struct doc *list = doc_get(d, "per"), *labels = doc_get(d, "labels"), *c;

	if (list == NULL)
		return 0;
	if (list->kind != DOC_LIST || list->n == 0)
		return doc_err(list, e, "expected a list of labels");
	out->per = arena_new(a, list->n, sizeof(*out->per));
	for (c = doc_first(list); c != NULL; c = c->next) {
		if (c->kind != DOC_STRING || labels == NULL || doc_get(labels, arena_str(a, c->text)) == NULL)
			return doc_err(c, e, "\"per\" names labels that stand in \"labels\"");
		out->per[out->nper++] = c->text;
	}
	return 0;
}

int
counts_load(struct emit_scope *s, const struct doc *d, struct counts_set *out, struct err *e)
{
	const struct doc *list = doc_get(d, "count"), *c;
	struct count_def *def;

	*out = (struct counts_set){0};
	if (list == NULL)
		return 0;
	if (list->kind != DOC_LIST && list->kind != DOC_MAP)
		return doc_err(list, e, "expected a map or a list of maps");
	out->v = arena_new(s->arena, list->kind == DOC_LIST ? list->n : 1, sizeof(*out->v));
	for (c = list->kind == DOC_LIST ? doc_first(list) : list; c != NULL; c = list->kind == DOC_LIST ? c->next : NULL) {
		def = &out->v[out->n++];
		if (c->kind != DOC_MAP)
			return doc_err(c, e, "expected a map");
		if (doc_get(c, "time") == NULL)
			return doc_err(c, e, "missing key \"time\"");
		if (doc_get(c, "type") != NULL)
			return doc_err(doc_get(c, "type"), e, "a count is a counter, or with \"buckets\" a histogram");
		if (load_buckets(s->arena, doc_get(c, "buckets"), def, e) < 0 || load_per(s->arena, c, def, e) < 0 ||
		    emit_load(s, as_sample(s->arena, c), &def->emit, e) < 0)
			return -1;
	}
	return 0;
}

/* --- counting --------------------------------------------------------------------------- */

/* Counters that fall silent together. */
struct voice {
	struct sb key;        /* the values of "per"; "": all that have none */
	int64_t last;         /* the second of its last line */
	bool silent;          /* its series have ended */
};

struct series {
	struct sb key;        /* name and labels, for the table */
	size_t voice;
	struct sv name;       /* into the arena, as is all below */
	struct labels labels;
	const struct count_def *def;
	double sum;
	uint64_t n, *bucket;  /* bucket: not cumulated */
	bool changed;
	int64_t line;         /* of the last change */
};

struct counts {
	const struct read_sink *sink;
	struct read_sink own;
	struct emit_run run;
	struct arena arena;
	const struct count_def *def; /* under way */
	VEC(struct series) series;
	VEC(struct voice) voice;
	size_t *table, room;  /* places in series + 1, by key */
	bool begun;
	bool ending;          /* what is given are stale markers */
	int64_t second;       /* the one that is counted */
	int64_t beats;
	struct sb key, name;
	struct odd late, negative, many, still;
};

static uint64_t
hash(struct sv key)
{
	uint64_t h = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
	return h;
}

static void
put(struct counts *c, size_t number)
{
	size_t at = (size_t)hash(sb_sv(&c->series.v[number].key)) % c->room;

	while (c->table[at] != 0)
		at = (at + 1) % c->room;
	c->table[at] = number + 1;
}

static void
grow(struct counts *c)
{
	size_t i;

	if (c->series.n * 2 < c->room)
		return;
	mem_free(c->table);
	c->room = c->room == 0 ? 64 : c->room * 4;
	c->table = mem_new(c->room, sizeof(*c->table));
	for (i = 0; i < c->series.n; i++)
		put(c, i);
}

static int
give(struct counts *c, const struct series *s, const char *suffix, const struct labels *labels, int64_t t, double v,
    struct err *e)
{
	struct read_sample out = {.labels = labels, .t = t, .v = c->ending ? (double)NAN : v, .line = s->line, .stale = c->ending};

	sb_reset(&c->name);
	sb_addv(&c->name, s->name);
	sb_adds(&c->name, suffix);
	out.name = sb_sv(&c->name);
	return c->sink->sample(c->sink->ctx, &out, e);
}

static int
give_buckets(struct counts *c, const struct series *s, int64_t t, struct err *e)
{
	struct labels with = {mem_new(s->labels.n + 1, sizeof(struct label)), 0};
	uint64_t sum = 0;
	char le[NUM_TEXT];
	size_t i;
	int rc = 0;

	for (i = 0; i <= s->def->nbuckets && rc == 0; i++) {
		sum += s->bucket[i];
		if (s->labels.n > 0)
			memcpy(with.v, s->labels.v, s->labels.n * sizeof(*with.v));
		with.n = s->labels.n;
		with.v[with.n++] = (struct label){SV("le"),
		    sv_of(i == s->def->nbuckets ? "+Inf" : num_text(s->def->bucket[i], le))};
		labels_sort(&with);
		rc = give(c, s, "_bucket", &with, t, (double)sum, e);
	}
	mem_free(with.v);
	return rc;
}

/* All of one counter at t, what happened before it. */
static int
give_all(struct counts *c, const struct series *s, int64_t t, struct err *e)
{
	if (s->def->nbuckets == 0)
		return give(c, s, "", &s->labels, t, s->sum, e);
	if (give_buckets(c, s, t, e) < 0 || give(c, s, "_sum", &s->labels, t, s->sum, e) < 0)
		return -1;
	return give(c, s, "_count", &s->labels, t, (double)s->n, e);
}

static struct series *
find(struct counts *c, const struct read_sample *m)
{
	size_t at;

	sb_reset(&c->key);
	labels_show(m->name, m->labels, &c->key);
	grow(c);
	for (at = (size_t)hash(sb_sv(&c->key)) % c->room; c->table[at] != 0; at = (at + 1) % c->room)
		if (sv_eq(sb_sv(&c->series.v[c->table[at] - 1].key), sb_sv(&c->key)))
			return &c->series.v[c->table[at] - 1];
	return NULL;
}

/* Whose silence a new series shares. */
static size_t
voice_of(struct counts *c, const struct read_sample *m)
{
	struct sb key = {0};
	size_t i;

	for (i = 0; i < c->def->nper; i++) {
		struct sv value = labels_get(m->labels, arena_str(&c->arena, c->def->per[i]));

		sb_addf(&key, "%zu:%" SV_FMT ",", value.n, SV_ARG(value));
	}
	for (i = 0; i < c->voice.n && !sv_eq(sb_sv(&c->voice.v[i].key), sb_sv(&key)); i++)
		;
	if (i < c->voice.n)
		sb_free(&key);
	else
		*vec_add(&c->voice) = (struct voice){.key = key, .last = c->second};
	return i;
}

/* A new one stands at 0 when its second begins. */
static int
add_series(struct counts *c, const struct read_sample *m, struct series **out, struct err *e)
{
	struct series *s = vec_add(&c->series);

	sb_addv(&s->key, sb_sv(&c->key));
	s->name = arena_sv(&c->arena, m->name);
	s->labels = labels_copy(&c->arena, m->labels);
	s->def = c->def;
	s->bucket = arena_new(&c->arena, c->def->nbuckets + 1, sizeof(*s->bucket));
	s->line = m->line;
	s->voice = voice_of(c, m);
	put(c, c->series.n - 1);
	*out = s;
	return give_all(c, s, c->second * TIME_SECOND, e);
}

/* The second is over: what changed in it; at the end all, or a counter that stands still would seem to end before the others. */
static int
flush(struct counts *c, bool all, struct err *e)
{
	size_t i;

	for (i = 0; i < c->series.n; i++) {
		struct series *s = &c->series.v[i];

		if ((s->changed || (all && !c->voice.v[s->voice].silent)) && give_all(c, s, (c->second + 1) * TIME_SECOND, e) < 0)
			return -1;
		s->changed = false;
	}
	return 0;
}

/* If its last line lies too far back by then, its series end. */
static int
fall_silent(struct counts *c, size_t voice, int64_t second, struct err *e)
{
	struct voice *v = &c->voice.v[voice];
	int64_t end = v->last + 1 + QUIET;
	size_t i;
	int rc = 0;

	if (v->silent || end > second)
		return 0;
	v->silent = c->ending = true;
	for (i = 0; i < c->series.n && rc == 0; i++)
		if (c->series.v[i].voice == voice)
			rc = give_all(c, &c->series.v[i], end * TIME_SECOND, e);
	c->ending = false;
	return rc;
}

static int
all_fall_silent(struct counts *c, int64_t second, struct err *e)
{
	size_t i;

	for (i = 0; i < c->voice.n; i++)
		if (fall_silent(c, i, second, e) < 0)
			return -1;
	return 0;
}

/*
 * All counters at each full minute behind the second that is over, up to the new one. Not through a longer silence: checks that
 * were not made must stay a hole.
 */
static int
beat(struct counts *c, int64_t to, struct err *e)
{
	int64_t minute = c->second + 1;
	size_t k;

	minute += (60 - minute % 60) % 60;
	if (minute == c->second + 1)
		minute += 60; /* flush() may have given that; a minute later will do */
	for (; minute <= to && to - c->second <= QUIET; minute += 60) {
		if (all_fall_silent(c, minute, e) < 0)
			return -1;
		for (k = 0; k < c->series.n; k++) {
			if (c->voice.v[c->series.v[k].voice].silent)
				continue;
			if (c->beats++ >= MAX_BEATS) {
				odd_count(&c->still, c->series.v[k].line);
				return 0;
			}
			if (give_all(c, &c->series.v[k], minute * TIME_SECOND, e) < 0)
				return -1;
		}
	}
	return to - c->second > QUIET ? all_fall_silent(c, to, e) : 0;
}

/* 1 count it, 0 leave it, -1. */
static int
advance(struct counts *c, int64_t t, int64_t line, struct err *e)
{
	int64_t second = t / TIME_SECOND - (t % TIME_SECOND < 0);

	if (!c->begun) {
		c->begun = true;
		c->second = second;
	}
	if (second < c->second - MAX_LATE) {
		odd_count(&c->late, line);
		return 0;
	}
	if (second > c->second) {
		if (flush(c, false, e) < 0 || beat(c, second, e) < 0)
			return -1;
		c->second = second;
	}
	return 1;
}

static int
on_sample(void *ctx, const struct read_sample *m, struct err *e)
{
	struct counts *c = ctx;
	struct series *s;
	size_t i;
	int rc = 1;

	if (m->t == TIME_NONE || !isfinite(m->v) || m->v < 0) {
		odd_count(&c->negative, m->line);
		return 0;
	}
	if ((rc = advance(c, m->t, m->line, e)) <= 0)
		return rc;
	if ((s = find(c, m)) == NULL) {
		if (c->series.n == COUNTS_MAX) {
			odd_count(&c->many, m->line);
			return 0;
		}
		if (add_series(c, m, &s, e) < 0)
			return -1;
	}
	if (fall_silent(c, s->voice, c->second, e) < 0)
		return -1;
	c->voice.v[s->voice].last = c->second;
	c->voice.v[s->voice].silent = false;
	s->sum += m->v;
	s->n++;
	for (i = 0; i < s->def->nbuckets && m->v > s->def->bucket[i]; i++)
		;
	s->bucket[i]++;
	s->changed = true;
	s->line = m->line;
	return 0;
}

static int
on_family(void *ctx, const struct read_family *f, struct err *e)
{
	struct counts *c = ctx;
	struct read_family out = *f;

	out.type = c->def->nbuckets > 0 ? SV("histogram") : SV("counter");
	return c->sink->family(c->sink->ctx, &out, e);
}

static int
on_problem(void *ctx, int64_t line, enum read_severity sev, struct sv text, struct err *e)
{
	struct counts *c = ctx;

	return c->sink->problem(c->sink->ctx, line, sev, text, e);
}

struct counts *
counts_new(const struct read_sink *sink, const struct time_zone *zone, int count)
{
	struct counts *c = mem_new(1, sizeof(*c));

	c->sink = sink;
	c->own = *sink;
	c->own.ctx = c;
	c->own.sample = on_sample;
	c->own.family = on_family;
	c->own.problem = on_problem;
	emit_begin(&c->run, &c->own, zone, count);
	return c;
}

int
counts_add(struct counts *c, const struct counts_set *set, const struct emit_values *values, int64_t line, struct err *e)
{
	size_t i;

	for (i = 0; i < set->n; i++) {
		c->def = &set->v[i];
		if (emit_all(&c->run, &set->v[i].emit, values, line, e) < 0)
			return -1;
	}
	return 0;
}

int
counts_finish(struct counts *c, struct err *e)
{
	if (flush(c, true, e) < 0 || emit_tell(&c->run, e) < 0)
		return -1;
	if (odd_tell(&c->late, "line more than a minute behind the one before it, not counted", READ_WARNING, c->sink, e) < 0 ||
	    odd_tell(&c->negative, "value that cannot be counted", READ_WARNING, c->sink, e) < 0 ||
	    odd_tell(&c->many, "more than 10000 sets of labels to count, not counted", READ_WARNING, c->sink, e) < 0)
		return -1;
	return odd_tell(&c->still, "too many counters for too long: no more values at full minutes", READ_NOTE, c->sink, e);
}

void
counts_free(struct counts *c)
{
	size_t i;

	if (c == NULL)
		return;
	emit_free(&c->run);
	for (i = 0; i < c->series.n; i++)
		sb_free(&c->series.v[i].key);
	for (i = 0; i < c->voice.n; i++)
		sb_free(&c->voice.v[i].key);
	vec_free(&c->voice);
	vec_free(&c->series);
	mem_free(c->table);
	arena_free(&c->arena);
	sb_free(&c->key);
	sb_free(&c->name);
	mem_free(c);
}
