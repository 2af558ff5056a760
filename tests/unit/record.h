/*
 * record - a sink that writes what it gets as lines of text, for the readers' tests:
 *
 *	family name|type|unit|help
 *	sample 3 name{a="b"} 1.5 @1000
 *	event 1 2026-01-12T06:00:00Z kind|name|text
 *	claim 2 path=text (number)
 *	run 2 path=text (number)
 *	result 4 test|suite|name pass @2026-01-12T06:00:00Z 1.5s text
 *	metric name|type|contains
 *	series 1 metric{tag="b"}
 *	point 1 1.5 @1000000000 (nanoseconds)
 *	batch of 3
 *	problem 5 warning text
 */
#ifndef SOAK_TEST_RECORD_H
#define SOAK_TEST_RECORD_H

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "read/formats.h"
#include "read/read.h"

struct record {
	struct sb all;
	int fail_after; /* > 0: that callback gives -1 */
	int calls;
	int64_t series;
};

static int
record_call(struct record *r, struct err *e)
{
	sb_addc(&r->all, '\n');
	if (++r->calls == r->fail_after)
		return err_set(e, ERR_DB, "the sink said no");
	return 0;
}

static int
record_sample(void *ctx, const struct read_sample *s, struct err *e)
{
	struct record *r = ctx;
	char buf[NUM_TEXT];

	sb_addf(&r->all, "sample %" PRId64 " ", s->line);
	labels_show(s->name, s->labels, &r->all);
	sb_addf(&r->all, " %s", s->stale ? "stale" : num_text(s->v, buf));
	if (s->t != TIME_NONE)
		sb_addf(&r->all, " @%" PRId64, s->t);
	return record_call(r, e);
}

static int
record_family(void *ctx, const struct read_family *f, struct err *e)
{
	struct record *r = ctx;

	sb_addf(&r->all, "family %" SV_FMT "|%" SV_FMT "|%" SV_FMT "|%" SV_FMT, SV_ARG(f->name),
	    SV_ARG(f->type), SV_ARG(f->unit), SV_ARG(f->help));
	return record_call(r, e);
}

static int
record_event(void *ctx, const struct read_event *ev, struct err *e)
{
	struct record *r = ctx;
	char buf[TIME_TEXT];

	sb_addf(&r->all, "event %" PRId64 " %s ", ev->line, time_text(ev->t, buf));
	if (ev->t_end != TIME_NONE)
		sb_addf(&r->all, "to %s ", time_text(ev->t_end, buf));
	sb_addf(&r->all, "%" SV_FMT "|%" SV_FMT "|%" SV_FMT, SV_ARG(ev->kind), SV_ARG(ev->name),
	    SV_ARG(ev->text));
	return record_call(r, e);
}

static int
record_fact(struct record *r, const char *what, const struct read_fact *f, struct err *e)
{
	char buf[NUM_TEXT];

	sb_addf(&r->all, "%s %" PRId64 " %" SV_FMT "=%" SV_FMT " (%s)", what, f->line,
	    SV_ARG(f->path), SV_ARG(f->text), num_text(f->value, buf));
	return record_call(r, e);
}

static int
record_claim(void *ctx, const struct read_fact *f, struct err *e)
{
	return record_fact(ctx, "claim", f, e);
}

static int
record_run(void *ctx, const struct read_fact *f, struct err *e)
{
	return record_fact(ctx, "run", f, e);
}

static int
record_result(void *ctx, const struct read_result *res, struct err *e)
{
	struct record *r = ctx;
	char buf[TIME_TEXT], num[NUM_TEXT];

	sb_addf(&r->all, "result %" PRId64 " %" SV_FMT "|%" SV_FMT "|%" SV_FMT " %" SV_FMT, res->line,
	    SV_ARG(res->kind), SV_ARG(res->suite), SV_ARG(res->name), SV_ARG(res->status));
	if (res->t != TIME_NONE)
		sb_addf(&r->all, " @%s", time_text(res->t, buf));
	if (!isnan(res->duration))
		sb_addf(&r->all, " %ss", num_text(res->duration, num));
	if (res->text.n > 0)
		sb_addf(&r->all, " %" SV_FMT, SV_ARG(res->text));
	return record_call(r, e);
}

static int
record_metric(void *ctx, const struct read_metric *m, struct err *e)
{
	struct record *r = ctx;

	sb_addf(&r->all, "metric %" SV_FMT "|%" SV_FMT "|%" SV_FMT, SV_ARG(m->name), SV_ARG(m->type),
	    SV_ARG(m->contains));
	return record_call(r, e);
}

static int
record_series(void *ctx, struct sv metric, const struct labels *tags, int64_t *id, struct err *e)
{
	struct record *r = ctx;

	*id = ++r->series;
	sb_addf(&r->all, "series %" PRId64 " ", *id);
	labels_show(metric, tags, &r->all);
	return record_call(r, e);
}

static int
record_observations(void *ctx, const struct observation *v, size_t n, struct err *e)
{
	struct record *r = ctx;
	char buf[NUM_TEXT];
	size_t i;

	for (i = 0; i < n; i++)
		sb_addf(&r->all, "point %" PRId64 " %s @%" PRId64 "\n", v[i].series, num_text(v[i].v, buf), v[i].t);
	sb_addf(&r->all, "batch of %zu", n);
	return record_call(r, e);
}

static int
record_problem(void *ctx, int64_t line, enum read_severity sev, struct sv text, struct err *e)
{
	struct record *r = ctx;

	sb_addf(&r->all, "problem %" PRId64 " %s %" SV_FMT, line,
	    sev == READ_NOTE ? "note" : sev == READ_WARNING ? "warning" : "error", SV_ARG(text));
	return record_call(r, e);
}

static inline struct read_sink
record_sink(struct record *r)
{
	return (struct read_sink){r, record_sample, record_family, record_event, record_claim,
	    record_run, record_result, record_metric, record_series, record_observations,
	    record_problem};
}

#endif
