#include "read/emit_nested.h"

#include <inttypes.h>

/* What is given on to the outer sink. */
struct nested {
	const struct read_sink *sink;
	int64_t t, line;
	bool dry; /* only whether it can be read */
};

static int
on_sample(void *ctx, const struct read_sample *s, struct err *e)
{
	const struct nested *n = ctx;
	struct read_sample out = *s;

	if (out.t == TIME_NONE)
		out.t = n->t;
	out.line = n->line;
	return n->dry ? 0 : n->sink->sample(n->sink->ctx, &out, e);
}

static int
on_family(void *ctx, const struct read_family *f, struct err *e)
{
	const struct nested *n = ctx;

	return n->dry ? 0 : n->sink->family(n->sink->ctx, f, e);
}

static int
on_event(void *ctx, const struct read_event *ev, struct err *e)
{
	const struct nested *n = ctx;
	struct read_event out = *ev;

	out.line = n->line;
	return n->dry ? 0 : n->sink->event(n->sink->ctx, &out, e);
}

static int
on_claim(void *ctx, const struct read_fact *f, struct err *e)
{
	const struct nested *n = ctx;
	struct read_fact out = *f;

	out.line = n->line;
	return n->dry ? 0 : n->sink->claim(n->sink->ctx, &out, e);
}

static int
on_run(void *ctx, const struct read_fact *f, struct err *e)
{
	const struct nested *n = ctx;
	struct read_fact out = *f;

	out.line = n->line;
	return n->dry ? 0 : n->sink->run(n->sink->ctx, &out, e);
}

static int
on_result(void *ctx, const struct read_result *r, struct err *e)
{
	const struct nested *n = ctx;
	struct read_result out = *r;

	if (out.t == TIME_NONE)
		out.t = n->t;
	out.line = n->line;
	return n->dry ? 0 : n->sink->result(n->sink->ctx, &out, e);
}

static int
on_metric(void *ctx, const struct read_metric *m, struct err *e)
{
	const struct nested *n = ctx;

	return n->dry ? 0 : n->sink->metric(n->sink->ctx, m, e);
}

static int
on_series(void *ctx, struct sv metric, const struct labels *tags, int64_t *id, struct err *e)
{
	const struct nested *n = ctx;

	*id = 0;
	return n->dry ? 0 : n->sink->series(n->sink->ctx, metric, tags, id, e);
}

static int
on_observations(void *ctx, const struct observation *v, size_t count, struct err *e)
{
	const struct nested *n = ctx;

	return n->dry ? 0 : n->sink->observations(n->sink->ctx, v, count, e);
}

static int
on_problem(void *ctx, int64_t line, enum read_severity sev, struct sv text, struct err *e)
{
	const struct nested *n = ctx;
	struct sb said = {0};
	int rc;

	if (n->dry)
		return 0;
	sb_addf(&said, "embedded text, line %" PRId64 ": ", line);
	sb_addv(&said, text);
	rc = n->sink->problem(n->sink->ctx, n->line, sev, sb_sv(&said), e);
	sb_free(&said);
	return rc;
}

static int
read_once(struct nested *n, struct sv text, struct err *e)
{
	const struct read_sink sink = {n, on_sample, on_family, on_event, on_claim, on_run, on_result, on_metric, on_series,
	    on_observations, on_problem};
	struct read_input in = {.name = "embedded text", .head = sv_head(text, READ_HEAD)};
	const struct reader *r;
	struct io_mem m;

	io_mem_init(&m, text);
	in.src = &m.src;
	r = read_recognise(&in);
	return r == NULL ? err_set(e, ERR_INPUT, "embedded text not recognised") : r->read(&in, &sink, e);
}

int
emit_nested(struct sv text, int64_t t, int64_t line, const struct read_sink *sink, struct err *e)
{
	struct nested n = {sink, t, line, true};
	struct err why = {0};
	struct sb whole = {0}, said = {0};
	int rc;

	sb_addv(&whole, text);
	if (whole.n > 0 && whole.buf[whole.n - 1] != '\n')
		sb_addc(&whole, '\n');
	if (read_once(&n, sb_sv(&whole), &why) < 0) {
		sb_addf(&said, "%s (not used)", why.msg);
		rc = sink->problem(sink->ctx, line, READ_WARNING, sb_sv(&said), e);
	} else {
		n.dry = false;
		rc = read_once(&n, sb_sv(&whole), e);
	}
	sb_free(&said);
	sb_free(&whole);
	return rc;
}
