#include "read/k6_points.h"

#include <math.h>
#include <string.h>

/*
 * k6 writes its number of users once a second, and requests when they are over: where their times go back, another run begins, or
 * the same once more. (Others may lie behind: a session's first point is written when it is over.)
 */
static const struct {
	const char *metric;
	int64_t back_ns;
} watched[K6_WATCHED] = {{"vus", INT64_C(2000000000)}, {"http_reqs", INT64_C(60000000000)}};

/* Two requests may end in one nanosecond; this share of all points is more than that. */
#define TWICE_PER_MILLE 1

/* Half a minute: what a killed pipe loses of a run with few requests. */
#define BATCH_NS (INT64_C(30) * 1000000000)

uint64_t
k6_hash(struct sv v)
{
	uint64_t h = v.n * UINT64_C(0x9e3779b97f4a7c15), w;
	size_t i;

	for (i = 0; i + 8 <= v.n; i += 8) {
		memcpy(&w, v.p + i, 8);
		h = (h ^ w) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	w = 0;
	if (i < v.n)
		memcpy(&w, v.p + i, v.n - i);
	h = (h ^ w) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 29;
}

static void
table_grow(struct k6_table *t)
{
	struct k6_table old = *t;
	size_t i, at;

	t->cap = old.cap == 0 ? 256 : old.cap * 2;
	t->slot = mem_new(t->cap, sizeof(*t->slot));
	for (i = 0; i < old.cap; i++) {
		if (old.slot[i].index == 0)
			continue;
		for (at = old.slot[i].hash & (t->cap - 1); t->slot[at].index != 0; at = (at + 1) & (t->cap - 1))
			;
		t->slot[at] = old.slot[i];
	}
	mem_free(old.slot);
}

static void
table_add(struct k6_table *t, uint64_t hash, size_t index)
{
	size_t at;

	if (t->n * 2 >= t->cap)
		table_grow(t);
	for (at = hash & (t->cap - 1); t->slot[at].index != 0; at = (at + 1) & (t->cap - 1))
		;
	t->slot[at] = (struct k6_hashed){hash, (uint32_t)index + 1};
	t->n++;
}

/* The next slot with that hash; *at is where to begin, and then where to go on. NULL: there is none. */
static const struct k6_hashed *
table_next(const struct k6_table *t, uint64_t hash, size_t *at)
{
	const struct k6_hashed *s;

	if (t->cap == 0)
		return NULL;
	for (;; ++*at) {
		s = &t->slot[*at & (t->cap - 1)];
		if (s->index == 0)
			return NULL;
		if (s->hash == hash) {
			++*at;
			return s;
		}
	}
}

void
k6_points_init(struct k6_points *p, const struct read_sink *sink)
{
	static struct label none[] = {{SV(K6_OVERFLOW), SV("true")}};

	*p = (struct k6_points){.sink = sink, .tail = mem_new(K6_TAILS, sizeof(*p->tail)),
	    .recent = mem_new(K6_RECENT, sizeof(*p->recent))};
	*vec_add(&p->tagsets) = (struct labels){none, 1};
}

void
k6_points_free(struct k6_points *p)
{
	size_t i;

	for (i = 0; i < K6_TAILS; i++)
		mem_free(p->tail[i].text);
	mem_free(p->tail);
	mem_free(p->recent);
	arena_free(&p->scratch);
	arena_free(&p->arena);
	vec_free(&p->metrics);
	vec_free(&p->tagsets);
	vec_free(&p->series);
	mem_free(p->metric_table.slot);
	mem_free(p->tagset_table.slot);
	mem_free(p->series_table.slot);
	sb_free(&p->key);
	vec_free(&p->batch);
}

int64_t
k6_points_metric(struct k6_points *p, struct sv name, struct err *e)
{
	uint64_t hash = k6_hash(name);
	const struct k6_hashed *s;
	size_t at = hash;

	while ((s = table_next(&p->metric_table, hash, &at)) != NULL)
		if (sv_eq(p->metrics.v[s->index - 1], name))
			return s->index - 1;
	if (p->metrics.n >= K6_MAX_METRICS)
		return err_set(e, ERR_LIMIT, "more than %d metrics", K6_MAX_METRICS);
	table_add(&p->metric_table, hash, p->metrics.n);
	*vec_add(&p->metrics) = arena_sv(&p->arena, name);
	for (at = 0; at < K6_WATCHED; at++)
		if (sv_is(name, watched[at].metric))
			p->watch[at].metric = (uint32_t)p->metrics.n;
	return (int64_t)p->metrics.n - 1;
}

uint32_t
k6_points_tagset(struct k6_points *p, const struct labels *tags)
{
	const struct k6_hashed *s;
	uint64_t hash;
	size_t at;

	sb_reset(&p->key);
	labels_json(tags, &p->key);
	hash = k6_hash(sb_sv(&p->key));
	at = hash;
	while ((s = table_next(&p->tagset_table, hash, &at)) != NULL)
		if (labels_cmp(&p->tagsets.v[s->index - 1], tags) == 0)
			return s->index - 1;
	if (p->tagsets.n >= K6_MAX_TAGSETS || p->tag_bytes + p->key.n > K6_MAX_TAG_BYTES) {
		odd_count(&p->overflow, p->line);
		return 0;
	}
	p->tag_bytes += p->key.n;
	table_add(&p->tagset_table, hash, p->tagsets.n);
	*vec_add(&p->tagsets) = labels_copy(&p->arena, tags);
	return (uint32_t)p->tagsets.n - 1;
}

bool
k6_points_tail(struct k6_points *p, struct sv text, const char *unlike, k6_tags_fn *read, void *ctx, uint32_t *out)
{
	struct k6_tail *t = p->last_tail;
	struct labels tags;
	bool ok;

	if (t != NULL && t->n == text.n && memcmp(t->text, text.p, text.n) == 0) {
		*out = t->tagset;
		return true;
	}
	t = &p->tail[k6_hash(text) & (K6_TAILS - 1)];
	if (t->text == NULL || t->n != text.n || memcmp(t->text, text.p, text.n) != 0) {
		ok = read(ctx, &p->scratch, text, &tags);
		if (ok)
			*out = k6_points_tagset(p, &tags);
		arena_free(&p->scratch);
		/* Of those that overflow each is counted. */
		if (!ok || *out == 0 || text.n > K6_MAX_TAIL ||
		    (unlike != NULL && sv_find(text, sv_of(unlike)) < text.n))
			return ok;
		mem_free(t->text);
		*t = (struct k6_tail){mem_dup(text.p, text.n), text.n, *out};
	}
	p->last_tail = t;
	*out = t->tagset;
	return true;
}

bool
k6_builtin(struct sv name, struct read_metric *out)
{
	static const struct {
		const char *name, *type, *contains;
	} known[] = {
		{"checks", "rate", "default"}, {"data_received", "counter", "data"}, {"data_sent", "counter", "data"},
		{"dropped_iterations", "counter", "default"}, {"group_duration", "trend", "time"},
		{"grpc_req_duration", "trend", "time"}, {"http_req_blocked", "trend", "time"},
		{"http_req_connecting", "trend", "time"}, {"http_req_duration", "trend", "time"},
		{"http_req_failed", "rate", "default"}, {"http_req_receiving", "trend", "time"},
		{"http_req_sending", "trend", "time"}, {"http_req_tls_handshaking", "trend", "time"},
		{"http_req_waiting", "trend", "time"}, {"http_reqs", "counter", "default"},
		{"iteration_duration", "trend", "time"}, {"iterations", "counter", "default"}, {"vus", "gauge", "default"},
		{"vus_max", "gauge", "default"}, {"ws_connecting", "trend", "time"}, {"ws_msgs_received", "counter", "default"},
		{"ws_msgs_sent", "counter", "default"}, {"ws_ping", "trend", "time"}, {"ws_session_duration", "trend", "time"},
		{"ws_sessions", "counter", "default"},
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (sv_is(name, known[i].name)) {
			*out = (struct read_metric){name, sv_of(known[i].type), sv_of(known[i].contains)};
			return true;
		}
	return false;
}

int64_t
k6_points_series(struct k6_points *p, uint32_t metric, uint32_t tagset, struct err *e)
{
	uint64_t key = (uint64_t)metric << 32 | tagset, hash = (key + 1) * UINT64_C(0x9e3779b97f4a7c15);
	const struct k6_hashed *s;
	size_t at;
	int64_t id;

	/* Multiplying by an odd number loses nothing, and neither does the shift: equal hashes are equal keys. */
	hash ^= hash >> 32;
	at = hash;
	if ((s = table_next(&p->series_table, hash, &at)) != NULL)
		return p->series.v[s->index - 1];
	if (p->series.n >= K6_MAX_SERIES + K6_MAX_METRICS || (p->series.n >= K6_MAX_SERIES && tagset != 0)) {
		odd_count(&p->overflow, p->line);
		return k6_points_series(p, metric, 0, e);
	}
	if (p->sink->series(p->sink->ctx, p->metrics.v[metric], &p->tagsets.v[tagset], &id, e) < 0)
		return -1;
	table_add(&p->series_table, hash, p->series.n);
	*vec_add(&p->series) = id;
	return id;
}

static int
flush(struct k6_points *p, struct err *e)
{
	size_t n = p->batch.n;

	p->batch.n = 0;
	return n == 0 ? 0 : p->sink->observations(p->sink->ctx, p->batch.v, n, e);
}

/* Is it the same point as one not long before? */
static void
look_twice(struct k6_points *p, const struct observation *o)
{
	struct observation *slot;
	uint64_t h, v;

	memcpy(&v, &o->v, sizeof(v));
	h = ((uint64_t)o->t ^ v) * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)o->series * UINT64_C(0xff51afd7ed558ccd);
	slot = &p->recent[(h ^ h >> 32) & (K6_RECENT - 1)];
	if (slot->series == o->series && slot->t == o->t && memcmp(&slot->v, &v, sizeof(v)) == 0)
		odd_count(&p->twice, p->line);
	*slot = *o;
}

static void
look_back(struct k6_points *p, uint32_t metric, int64_t t)
{
	size_t i;

	for (i = 0; i < K6_WATCHED; i++) {
		struct k6_watch *w = &p->watch[i];

		if (w->metric != metric + 1)
			continue;
		if (w->last != 0 && t < w->last && (uint64_t)w->last - (uint64_t)t > (uint64_t)watched[i].back_ns)
			odd_count(&p->back, p->line);
		w->last = t;
	}
}

int
k6_points_add(struct k6_points *p, uint32_t metric, const struct observation *o, struct err *e)
{
	if (p->exact)
		look_twice(p, o);
	look_back(p, metric, o->t);
	if (p->batch.n == 0)
		p->since = o->t;
	/* Without overflow: both lie between 1678 and 2262. */
	if ((p->batch.n == OBSERVATION_BLOCK || (o->t > p->since && (uint64_t)o->t - (uint64_t)p->since > BATCH_NS)) &&
	    flush(p, e) < 0)
		return -1;
	if (p->batch.n == 0)
		p->since = o->t;
	p->first = p->total == 0 || o->t < p->first ? o->t : p->first;
	p->last = p->total++ == 0 || o->t > p->last ? o->t : p->last;
	*vec_add(&p->batch) = *o;
	return 0;
}

/* When the run was, for profiles: {artifact: "points.ndjson*", path: k6/first_point}. Cut to milliseconds. */
static int
tell_time(struct k6_points *p, const char *path, int64_t t, struct err *e)
{
	char text[TIME_TEXT];
	const struct read_fact f = {sv_of(path), sv_of(time_text(t / 1000000 - (t % 1000000 < 0), text)), NAN, p->line};

	return p->sink->run(p->sink->ctx, &f, e);
}

int
k6_points_end(struct k6_points *p, struct err *e)
{
	if (flush(p, e) < 0)
		return -1;
	if (p->total > 0 && (tell_time(p, "k6/first_point", p->first, e) < 0 || tell_time(p, "k6/last_point", p->last, e) < 0))
		return -1;
	if (odd_tell(&p->back, "the times go back: another run begins here, or the same once more", READ_ERROR, p->sink, e) < 0 ||
	    (p->twice.n * 1000 > p->total * TWICE_PER_MILLE &&
		odd_tell(&p->twice, "a point that stood there before: what is there twice counts twice", READ_ERROR, p->sink, e) < 0))
		return -1;
	return odd_tell(&p->overflow, "too many different tag sets (is there an id in a tag?): the tags of this point and "
				      "others like it are not kept, their values are", READ_ERROR, p->sink, e);
}
