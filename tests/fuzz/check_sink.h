/*
 * check_sink - a sink that ends the process when a reader hands out what it must not:
 * text that is not UTF-8, labels out of order, a time outside the years 1 to 9999.
 */
#ifndef SOAK_FUZZ_CHECK_SINK_H
#define SOAK_FUZZ_CHECK_SINK_H

#include <math.h>
#include <stdlib.h>

#include "base/clean.h"
#include "read/read.h"

static inline void
check_text(struct sv v)
{
	uint32_t c;
	size_t n;

	for (; v.n > 0; v = sv_from(v, n))
		if ((n = clean_utf8(v, &c)) == 0)
			abort();
}

static inline void
check_time(int64_t t)
{
	if (t != TIME_NONE && (t < INT64_C(-62135596800000) || t > INT64_C(253402300799999)))
		abort();
}

static int
check_sample(void *ctx, const struct read_sample *s, struct err *e)
{
	size_t i;

	(void)ctx;
	(void)e;
	if (s->name.n == 0 || s->line < 1)
		abort();
	check_text(s->name);
	check_time(s->t);
	for (i = 0; i < s->labels->n; i++) {
		check_text(s->labels->v[i].name);
		check_text(s->labels->v[i].value);
		if (s->labels->v[i].value.n == 0 || (i > 0 &&
		    sv_cmp(s->labels->v[i - 1].name, s->labels->v[i].name) >= 0))
			abort();
	}
	return 0;
}

static int
check_family(void *ctx, const struct read_family *f, struct err *e)
{
	(void)ctx;
	(void)e;
	if (f->name.n == 0)
		abort();
	check_text(f->name);
	check_text(f->type);
	check_text(f->help);
	return 0;
}

static int
check_event(void *ctx, const struct read_event *ev, struct err *e)
{
	(void)ctx;
	(void)e;
	if (ev->t == TIME_NONE || ev->name.n == 0 || ev->line < 1 || ev->text.n > 4096)
		abort();
	check_time(ev->t);
	check_text(ev->name);
	check_text(ev->text);
	return 0;
}

static int
check_fact(void *ctx, const struct read_fact *f, struct err *e)
{
	(void)ctx;
	(void)e;
	if (f->path.n == 0 || f->line < 1)
		abort();
	check_text(f->path);
	check_text(f->text);
	return 0;
}

static int
check_result(void *ctx, const struct read_result *res, struct err *e)
{
	static const char *const known[] = {"pass", "fail", "error", "skip", "incomplete", "unknown"};
	size_t i = 0;

	(void)ctx;
	(void)e;
	while (i < sizeof(known) / sizeof(*known) && !sv_is(res->status, known[i]))
		i++;
	if (i == sizeof(known) / sizeof(*known) || res->kind.n == 0 || res->name.n == 0 || res->line < 1 ||
	    res->text.n > 4096 || res->duration < 0)
		abort();
	check_time(res->t);
	check_text(res->suite);
	check_text(res->name);
	check_text(res->text);
	return 0;
}

static int
check_metric(void *ctx, const struct read_metric *m, struct err *e)
{
	(void)ctx;
	(void)e;
	if (m->name.n == 0)
		abort();
	check_text(m->name);
	check_text(m->type);
	check_text(m->contains);
	return 0;
}

static int
check_series(void *ctx, struct sv metric, const struct labels *tags, int64_t *id, struct err *e)
{
	static int64_t series;
	struct labels sorted = *tags;

	(void)ctx;
	(void)e;
	if (metric.n == 0 || labels_sort(&sorted) < 0 || sorted.n != tags->n)
		abort();
	check_text(metric);
	*id = ++series;
	return 0;
}

static int
check_observations(void *ctx, const struct observation *v, size_t n, struct err *e)
{
	size_t i;

	(void)ctx;
	(void)e;
	if (n == 0 || n > OBSERVATION_BLOCK)
		abort();
	for (i = 0; i < n; i++)
		if (!isfinite(v[i].v) || v[i].series < 1)
			abort();
	return 0;
}

static int
check_problem(void *ctx, int64_t line, enum read_severity sev, struct sv text, struct err *e)
{
	(void)ctx;
	(void)sev;
	(void)e;
	if (line < 0 || text.n == 0)
		abort();
	check_text(text);
	return 0;
}

static inline struct read_sink
check_sink(void)
{
	return (struct read_sink){NULL, check_sample, check_family, check_event, check_fact,
	    check_fact, check_result, check_metric, check_series, check_observations, check_problem};
}

/* Reads data as format; a failure must say why. */
static inline void
check_read(const struct reader *r, struct read_input *in, struct sv data)
{
	struct read_sink sink = check_sink();
	struct err e = {0};
	struct io_mem m;

	io_mem_init(&m, data);
	in->src = &m.src;
	if (r->read(in, &sink, &e) < 0) {
		if (e.msg[0] == '\0')
			abort();
		check_text(sv_of(e.msg));
	}
}

#endif
