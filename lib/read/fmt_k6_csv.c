/*
 * k6's points as CSV (k6 run --out csv=FILE): "k6-csv".
 *
 * Columns: metric_name, timestamp, metric_value, one for each system tag that was enabled, extra_tags, metadata. The time has one
 * of six formats (K6_CSV_TIME_FORMAT): whole numbers are told apart by their size, the others are RFC 3339. Values have six
 * decimals. extra_tags is "k=v&k=v" with nothing escaped, so that a value with '&' or '=' in it is lost; and a type
 * is not stated, but k6's own metrics always have theirs.
 */
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "read/k6_points.h"
#include "read/read_lines.h"

#define MAX_LINE ((size_t)1 << 20)
#define MAX_COLUMNS 100

static const char *
probe(const struct read_input *in)
{
	struct sv rest = in->head, line;

	return read_head_line(&rest, true, &line) && sv_starts(line, "metric_name,timestamp,metric_value,") &&
	    sv_find(line, SV("extra_tags")) < line.n ? "k6-csv" : NULL;
}

struct csv {
	const struct read_sink *sink;
	struct k6_points points;
	struct sv column[MAX_COLUMNS]; /* names, from the fourth on; owned by names */
	size_t n_columns;
	struct arena names;
	struct odd unreadable, lossy;
	VEC(bool) told; /* of each metric: its type */
};

/*
 * The next field of a record, without its quotes (RFC 4180; owned by the arena where a quote is doubled inside). False when
 * there is none left or its quotes are wrong: then *rest is not NULL.
 */
static bool
field(struct arena *a, struct sv *rest, struct sv *out)
{
	size_t i, n = 0;
	char *text;

	if (rest->p == NULL)
		return false;
	if (rest->n == 0 || rest->p[0] != '"')
		return sv_split(rest, ',', out);
	for (i = 1; i < rest->n && (rest->p[i] != '"' || (i + 1 < rest->n && rest->p[i + 1] == '"')); i++)
		i += rest->p[i] == '"';
	if (i >= rest->n || (i + 1 < rest->n && rest->p[i + 1] != ','))
		return false;
	*out = (struct sv){rest->p + 1, i - 1};
	if (sv_chr(*out, '"') < out->n) {
		text = arena_str(a, *out);
		for (size_t k = 0; k < out->n; k++, n++) {
			text[n] = out->p[k];
			k += out->p[k] == '"';
		}
		*out = (struct sv){text, n};
	}
	*rest = i + 1 < rest->n ? sv_from(*rest, i + 2) : (struct sv){NULL, 0};
	return true;
}

/* "k=v&k=v": what has no '=' is lost. */
static void
extra_tags(struct csv *c, struct sv text, struct labels *tags, size_t max)
{
	struct sv part;
	size_t eq;

	while (text.n > 0 && sv_split(&text, '&', &part)) {
		eq = sv_chr(part, '=');
		if (eq == part.n || eq == 0 || tags->n == max)
			odd_count(&c->lossy, c->points.line);
		else
			tags->v[tags->n++] = (struct label){sv_head(part, eq), sv_from(part, eq + 1)};
	}
}

static bool
read_tags(void *ctx, struct arena *a, struct sv text, struct labels *tags)
{
	struct csv *c = ctx;
	size_t i, k, n = 0, max = c->n_columns;
	struct sv value, extra = {NULL, 0};

	for (i = 0; i < text.n; i++)
		max += text.p[i] == '&';
	*tags = (struct labels){arena_new(a, max + 1, sizeof(*tags->v)), 0};
	if (!clean_is_utf8(text))
		return false;
	while (field(a, &text, &value)) {
		if (n >= c->n_columns)
			return false;
		if (sv_is(c->column[n], "extra_tags"))
			extra = value;
		else if (!sv_is(c->column[n], "metadata") && value.n > 0)
			tags->v[tags->n++] = (struct label){c->column[n], value};
		n++;
	}
	if (text.p != NULL || n != c->n_columns)
		return false;
	extra_tags(c, extra, tags, max + 1);
	/* A lost '&' can make one tag stand twice: the first stays. */
	for (i = 0; i < tags->n; i++)
		for (k = i + 1; k < tags->n; k++)
			if (sv_eq(tags->v[i].name, tags->v[k].name)) {
				odd_count(&c->lossy, c->points.line);
				tags->v[k--] = tags->v[--tags->n];
			}
	return labels_sort(tags) == 0;
}

static bool
read_time(struct sv text, int64_t *ns)
{
	static const int64_t unit[] = {INT64_C(1000000000), 1000000, 1000, 1};
	static const int64_t below[] = {INT64_C(100000000000), INT64_C(100000000000000), INT64_C(100000000000000000), INT64_MAX};
	int64_t v;
	size_t i;

	if (!num_parse_int(text, &v))
		return k6_time(text, ns);
	if (v < 0)
		return false;
	for (i = 0; v >= below[i] && i < 3; i++)
		;
	/* Seconds below 10^11 lie before the year 5138, beyond what nanoseconds reach. */
	if (v > INT64_MAX / unit[i])
		return false;
	*ns = v * unit[i];
	return true;
}


static int
tell_type(struct csv *c, uint32_t metric, struct err *e)
{
	struct read_metric m = {c->points.metrics.v[metric], SV(""), SV("")};

	while (c->told.n < c->points.metrics.n)
		*vec_add(&c->told) = false;
	if (c->told.v[metric])
		return 0;
	c->told.v[metric] = true;
	(void)k6_builtin(m.name, &m);
	return c->sink->metric(c->sink->ctx, &m, e);
}

static int
add_record(struct csv *c, struct sv line, struct err *e)
{
	struct sv metric, time, value;
	struct observation o;
	int64_t number;
	uint32_t tagset;
	struct arena a = {0};
	int rc = 0;

	if (!field(&a, &line, &metric) || !field(&a, &line, &time) || !field(&a, &line, &value) || line.p == NULL ||
	    metric.n == 0 || !clean_is_utf8(metric) || !read_time(time, &o.t) || !k6_number(value, &o.v) ||
	    !k6_points_tail(&c->points, line, NULL, read_tags, c, &tagset))
		odd_count(&c->unreadable, c->points.line);
	else if ((number = k6_points_metric(&c->points, metric, e)) < 0 || tell_type(c, (uint32_t)number, e) < 0 ||
	    (o.series = k6_points_series(&c->points, (uint32_t)number, tagset, e)) < 0 || k6_points_add(&c->points, (uint32_t)number, &o, e) < 0)
		rc = -1;
	arena_free(&a);
	return rc;
}

static int
read_header(struct csv *c, const char *name, struct sv line, struct err *e)
{
	struct sv got;
	size_t i;

	line = read_no_bom(line);
	for (i = 0; field(&c->names, &line, &got); i++) {
		if (i >= MAX_COLUMNS + 3)
			return err_set(e, ERR_LIMIT, "%s:1: more than %d columns", name, MAX_COLUMNS);
		if (!clean_is_utf8(got))
			return err_set(e, ERR_INPUT, "%s:1: the name of column %zu is not UTF-8", name, i + 1);
		if (i >= 3)
			c->column[c->n_columns++] = arena_sv(&c->names, got);
	}
	if (line.p != NULL)
		return err_set(e, ERR_INPUT, "%s:1: the quotes of a column's name are wrong", name);
	return 0;
}

static bool
open_quote(struct sv text)
{
	size_t i, quotes = 0;

	if (memchr(text.p, '"', text.n) == NULL)
		return false;
	for (i = 0; i < text.n; i++)
		quotes += text.p[i] == '"';
	return quotes % 2 != 0;
}

static int
read_records(struct csv *c, const struct read_input *in, struct err *e)
{
	struct io_lines l;
	struct sb record = {0};
	struct sv line;
	int rc, header = 1;

	io_lines_init(&l, in->src, MAX_LINE);
	while ((rc = io_lines_next(&l, &line, e)) == 1) {
		/* A value with a newline in it goes on in the next line. */
		if (record.n > 0 || open_quote(line)) {
			sb_addv(&record, line);
			if (record.n <= MAX_LINE && l.ends_in_newline && open_quote(sb_sv(&record))) {
				sb_addc(&record, '\n');
				continue;
			}
			line = sb_sv(&record);
		}
		c->points.line = l.line;
		if (header)
			rc = read_header(c, in->name, line, e);
		else if (!l.ends_in_newline) /* it may have lost digits or tags */
			odd_count(&c->unreadable, l.line);
		else
			rc = line.n == 0 ? 0 : add_record(c, line, e);
		header = 0;
		sb_reset(&record);
		if (rc < 0)
			break;
	}
	if (rc < 0 && e != NULL && e->code == ERR_LIMIT)
		rc = read_lines_failed(&l, in->name, e);
	if (rc == 0 && record.n > 0)
		odd_count(&c->unreadable, l.line);
	sb_free(&record);
	io_lines_free(&l);
	return rc < 0 ? -1 : 0;
}

static int
read_k6_csv(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	struct csv *c = mem_new(1, sizeof(*c));
	int rc;

	c->sink = sink;
	k6_points_init(&c->points, sink);
	rc = read_records(c, in, e);
	if (rc == 0)
		rc = k6_points_end(&c->points, e);
	if (rc == 0)
		rc = odd_tell(&c->unreadable, "a line that cannot be read, or is cut off: what it said is missing", READ_ERROR, sink, e);
	if (rc == 0)
		rc = odd_tell(&c->lossy, "extra_tags that cannot be told apart: CSV does not escape '&' and '='", READ_WARNING, sink, e);
	k6_points_free(&c->points);
	arena_free(&c->names);
	vec_free(&c->told);
	mem_free(c);
	return rc;
}

const struct reader reader_k6_csv = {probe, read_k6_csv, {{"k6-csv", "Points of k6 run --out csv"}}};
