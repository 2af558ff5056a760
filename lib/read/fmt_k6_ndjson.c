/*
 * k6's points as lines of JSON (k6 run --out json=FILE, or to standard output): "k6-ndjson".
 *
 * A Metric line stands before a metric's first Point. The order is that of k6's flushes; there is no end mark, so that a
 * file alone never says that the run is over. On standard output k6's own progress and summary stand between the lines:
 * what does not begin with '{' is passed over.
 *
 * Most of a line is tags, and most lines have those of the line before: they are compared with that, then looked up by
 * their bytes, and only those that are new are read as JSON (k6_line.h).
 */
#include <math.h>
#include <string.h>

#include "read/k6_line.h"
#include "read/k6_points.h"
#include "read/read_lines.h"

#define MAX_LINE ((size_t)1 << 20)
#define CHUNK ((size_t)128 * 1024)
#define MAX_FACTS 1000

static const char *
probe(const struct read_input *in)
{
	struct sv rest = in->head, line;
	struct arena a = {0};
	struct k6_point_line point;
	struct k6_metric_line metric;
	struct labels tags;
	const char *why;
	bool first = true, found = false;

	for (; !found && read_head_line(&rest, first, &line); first = false) {
		if (line.n == 0 || line.p[0] != '{' || sv_find(line, SV("\"data\"")) == line.n)
			continue;
		found = k6_line_point(line, &point) || k6_line_any(&a, line, &point, &tags, &metric, &why) != K6_LINE_NEITHER;
		arena_free(&a);
	}
	return found ? "k6-ndjson" : NULL;
}

struct reading {
	const struct read_sink *sink;
	struct k6_points points;
	size_t metric;         /* of the point before */
	VEC(uint32_t) next;    /* the metric that came after each metric the last time */
	int64_t t;             /* what time_text says */
	char time_text[40];
	size_t time_n;
	struct odd unreadable, prose, bad_time, bad_value;
	int64_t facts;
	struct arena scratch;
};

static int
metric_of(struct reading *r, struct sv name, uint32_t *out, struct err *e)
{
	size_t guess = r->metric < r->next.n ? r->next.v[r->metric] : 0;
	int64_t got;

	if (guess < r->points.metrics.n && sv_eq(r->points.metrics.v[guess], name)) {
		r->metric = guess;
	} else {
		if ((got = k6_points_metric(&r->points, name, e)) < 0)
			return -1;
		while (r->next.n < r->points.metrics.n)
			(void)vec_add(&r->next);
		r->next.v[r->metric] = (uint32_t)got;
		r->metric = (size_t)got;
	}
	*out = (uint32_t)r->metric;
	return 0;
}

static bool
time_of(struct reading *r, struct sv text)
{
	if (text.n == r->time_n && memcmp(text.p, r->time_text, text.n) == 0)
		return true;
	r->time_n = 0;
	if (text.n > sizeof(r->time_text) || !k6_time(text, &r->t))
		return false;
	memcpy(r->time_text, text.p, text.n);
	r->time_n = text.n;
	return true;
}

static bool
read_tail(void *ctx, struct arena *a, struct sv tail, struct labels *tags)
{
	(void)ctx;
	return k6_line_tags(a, tail, tags);
}

static int
add_point(struct reading *r, const struct k6_point_line *p, uint32_t tagset, struct err *e)
{
	struct observation o;
	uint32_t metric;

	if (!time_of(r, p->time)) {
		odd_count(&r->bad_time, r->points.line);
		return 0;
	}
	if (!k6_number(p->value, &o.v)) {
		odd_count(&r->bad_value, r->points.line);
		return 0;
	}
	o.t = r->t;
	if (metric_of(r, p->metric, &metric, e) < 0 || (o.series = k6_points_series(&r->points, metric, tagset, e)) < 0)
		return -1;
	return k6_points_add(&r->points, metric, &o, e);
}

static int
add_fact(struct reading *r, const char *what, struct sv metric, struct sv text, struct err *e)
{
	struct read_fact f = {.text = text, .value = NAN, .line = r->points.line};
	struct sb path = {0};
	int rc;

	if (r->facts++ >= MAX_FACTS)
		return 0;
	sb_addf(&path, "k6/%s/%" SV_FMT, what, SV_ARG(metric));
	f.path = sb_sv(&path);
	rc = r->sink->run(r->sink->ctx, &f, e);
	sb_free(&path);
	return rc;
}

/* The type, and what the script asks of it. A submetric's own thresholds do not stand in the file. */
static int
add_metric(struct reading *r, const struct k6_metric_line *m, struct err *e)
{
	const struct read_metric out = {m->name, m->type, m->contains};
	size_t i;

	if (r->sink->metric(r->sink->ctx, &out, e) < 0)
		return -1;
	for (i = 0; i < m->n_thresholds; i++)
		if (add_fact(r, "threshold", m->name, m->threshold[i], e) < 0)
			return -1;
	for (i = 0; i < m->n_submetrics; i++)
		if (add_fact(r, "submetric", m->name, m->submetric[i], e) < 0)
			return -1;
	return 0;
}

static int
add_any(struct reading *r, struct sv line, struct err *e)
{
	struct k6_point_line point;
	struct k6_metric_line metric;
	struct labels tags;
	const char *why;
	int rc = 0;

	switch (k6_line_any(&r->scratch, line, &point, &tags, &metric, &why)) {
	case K6_LINE_POINT:
		rc = add_point(r, &point, k6_points_tagset(&r->points, &tags), e);
		break;
	case K6_LINE_METRIC:
		rc = add_metric(r, &metric, e);
		break;
	case K6_LINE_NEITHER:
		odd_count(&r->unreadable, r->points.line);
		break;
	}
	arena_free(&r->scratch);
	return rc;
}

static int
add_line(struct reading *r, struct sv line, struct err *e)
{
	struct k6_point_line p;
	uint32_t tagset;

	r->points.line++;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (k6_line_point(line, &p) && k6_points_tail(&r->points, p.tail, ",\"metadata\":", read_tail, NULL, &tagset))
		return add_point(r, &p, tagset, e);
	line = sv_trim(line);
	if (line.n > 0 && line.p[0] == '{')
		return add_any(r, line, e);
	if (line.n > 0)
		odd_count(&r->prose, r->points.line);
	return 0;
}

/* All whole lines of buf; what is left of it is moved to its beginning. 0 or -1. */
static int
add_lines(struct reading *r, char *buf, size_t *n, struct err *e)
{
	char *at = buf, *end = buf + *n, *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		if (add_line(r, (struct sv){at, (size_t)(newline - at)}, e) < 0)
			return -1;
		at = newline + 1;
	}
	*n = (size_t)(end - at);
	memmove(buf, at, *n);
	return 0;
}

/* The rest of a line that is too long, of which buf is full. */
static int
skip_line(struct reading *r, struct io_src *src, char *buf, size_t *n, struct err *e)
{
	char *newline = NULL;
	ptrdiff_t got;

	r->points.line++;
	odd_count(&r->unreadable, r->points.line);
	for (*n = 0; newline == NULL; ) {
		if ((got = src->read(src, buf, CHUNK, e)) <= 0)
			return (int)got;
		newline = memchr(buf, '\n', (size_t)got);
		if (newline != NULL) {
			*n = (size_t)(buf + got - (newline + 1));
			memmove(buf, newline + 1, *n);
		}
	}
	return 0;
}

static int
read_all(struct reading *r, const struct read_input *in, struct err *e)
{
	size_t n = 0, start, room = 2 * CHUNK;
	char *buf = mem_new(room, 1);
	ptrdiff_t got;
	int rc = 0;

	while (rc == 0 && (got = in->src->read(in->src, buf + n, CHUNK, e)) != 0) {
		n += got > 0 ? (size_t)got : 0;
		start = r->points.line == 0 && n >= 3 && memcmp(buf, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
		n -= start;
		memmove(buf, buf + start, start > 0 ? n : 0);
		rc = got < 0 ? -1 : add_lines(r, buf, &n, e);
		if (rc == 0 && n > MAX_LINE)
			rc = skip_line(r, in->src, buf, &n, e);
		if (n + CHUNK > room)
			buf = mem_grow(buf, room = 2 * (n + CHUNK), 1);
	}
	/* A last line without its newline may be whole all the same; cut off it is no JSON. */
	if (rc == 0 && n > 0)
		rc = add_line(r, (struct sv){buf, n}, e);
	mem_free(buf);
	return rc;
}

static int
tell(const struct reading *r, struct err *e)
{
	const struct read_sink *k = r->sink;

	if (odd_tell(&r->unreadable, "a line that cannot be read, or is cut off: what it said is missing", READ_ERROR, k, e) < 0 ||
	    odd_tell(&r->bad_time, "a point whose time cannot be read, or lies outside the years 1678 to 2261: it is missing",
		READ_ERROR, k, e) < 0 ||
	    odd_tell(&r->bad_value, "a point whose value is no finite number: it is missing", READ_ERROR, k, e) < 0)
		return -1;
	return odd_tell(&r->prose, "a line of text between the points, passed over", READ_NOTE, k, e);
}

static int
read_k6_ndjson(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	struct reading *r = mem_new(1, sizeof(*r));
	int rc;

	r->sink = sink;
	k6_points_init(&r->points, sink);
	r->points.exact = true;
	rc = read_all(r, in, e);
	if (rc == 0)
		rc = k6_points_end(&r->points, e);
	if (rc == 0)
		rc = tell(r, e);
	k6_points_free(&r->points);
	arena_free(&r->scratch);
	vec_free(&r->next);
	mem_free(r);
	return rc;
}

const struct reader reader_k6_ndjson = {probe, read_k6_ndjson, {{"k6-ndjson", "Points of k6 run --out json"}}};
