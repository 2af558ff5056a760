#include "ingest/records.h"

#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "store/observation.h"

void
records_init(struct records *r, struct store *s, int64_t content)
{
	*r = (struct records){.store = s, .content = content, .target = "", .first_ms = TIME_NONE,
	    .last_ms = TIME_NONE};
}

void
records_free(struct records *r)
{
	arena_free(&r->arena);
	vec_free(&r->problems);
	vec_free(&r->merged);
}

/* What every callback returns: a failing store is remembered as our trouble. */
static int
stored(struct records *r, int rc, const struct err *e)
{
	if (rc == 0)
		r->items++;
	else if (e->code == ERR_DB || e->code == ERR_SYS)
		r->trouble = *e;
	return rc;
}

static void
span(struct records *r, int64_t t)
{
	if (t == TIME_NONE)
		return;
	if (r->first_ms == TIME_NONE || t < r->first_ms)
		r->first_ms = t;
	if (r->last_ms == TIME_NONE || t > r->last_ms)
		r->last_ms = t;
}

/* The series' own labels and the extra ones it does not have. out borrows from r until the next call. */
static void
merge_labels(struct records *r, const struct labels *own, struct labels *out)
{
	size_t i, n = own->n + r->extra->n;

	while (r->merged.n < n)
		(void)vec_add(&r->merged);
	if (own->n > 0)
		memcpy(r->merged.v, own->v, own->n * sizeof(*own->v));
	*out = (struct labels){r->merged.v, own->n};
	for (i = 0; i < r->extra->n; i++)
		if (!labels_has(own, r->extra->v[i].name))
			out->v[out->n++] = r->extra->v[i];
	labels_sort(out);
}

static int
on_sample(void *ctx, const struct read_sample *m, struct err *e)
{
	struct records *r = ctx;
	struct store_sample out = {.name = m->name, .labels = m->labels, .t = m->t, .v = m->v, .stale = m->stale, .target = r->target};
	struct store_ref ref = {0};
	struct labels labels;
	struct err inner = {0};
	int rc;

	if (m->memo != NULL) {
		ref = (struct store_ref){m->memo->a, m->memo->b};
		out.ref = &ref;
	}
	if (ref.series == 0 && r->extra != NULL && labels_get(m->labels, "job").n == 0 && labels_get(m->labels, "instance").n == 0) {
		merge_labels(r, m->labels, &labels);
		out.labels = &labels;
	}
	span(r, m->t);
	rc = stored(r, store_add_sample(r->store, r->content, &out, &inner), &inner);
	if (m->memo != NULL)
		*m->memo = (struct read_memo){ref.series, ref.target};
	return rc == 0 ? 0 : err_set(e, inner.code, "%s", inner.msg);
}

static int
on_family(void *ctx, const struct read_family *f, struct err *e)
{
	struct records *r = ctx;
	struct err inner = {0};
	int rc = stored(r, store_add_family(r->store, f->name, f->type, f->unit, f->help, &inner), &inner);

	r->items -= rc == 0; /* it describes samples and is not one */
	return rc == 0 ? 0 : err_set(e, inner.code, "%s", inner.msg);
}

static int
on_event(void *ctx, const struct read_event *ev, struct err *e)
{
	struct records *r = ctx;
	struct store_event out = {.t = ev->t, .t_end = ev->t_end, .kind = ev->kind, .name = ev->name,
	    .text = ev->text, .line = ev->line};
	struct err inner = {0};
	int rc;

	span(r, ev->t);
	span(r, ev->t_end);
	rc = stored(r, store_add_event(r->store, r->content, &out, &inner), &inner);
	return rc == 0 ? 0 : err_set(e, inner.code, "%s", inner.msg);
}

static int
on_fact(struct records *r, const struct read_fact *f,
    int (*add)(struct store *, int64_t, const struct store_fact *, struct err *), struct err *e)
{
	struct store_fact out = {.path = f->path, .text = f->text, .value = f->value, .line = f->line};
	struct err inner = {0};
	int rc = stored(r, add(r->store, r->content, &out, &inner), &inner);

	return rc == 0 ? 0 : err_set(e, inner.code, "%s", inner.msg);
}

static int
on_claim(void *ctx, const struct read_fact *f, struct err *e)
{
	return on_fact(ctx, f, store_add_claim, e);
}

static int
on_run(void *ctx, const struct read_fact *f, struct err *e)
{
	return on_fact(ctx, f, store_add_run, e);
}

static int
on_result(void *ctx, const struct read_result *res, struct err *e)
{
	struct records *r = ctx;
	struct store_result out = {.kind = res->kind, .suite = res->suite, .name = res->name, .status = res->status,
	    .t = res->t, .duration = res->duration, .text = res->text, .line = res->line};
	struct err inner = {0};
	int rc;

	span(r, res->t);
	rc = stored(r, store_add_result(r->store, r->content, &out, &inner), &inner);
	return rc == 0 ? 0 : err_set(e, inner.code, "%s", inner.msg);
}

static int
on_metric(void *ctx, const struct read_metric *m, struct err *e)
{
	struct records *r = ctx;
	struct err inner = {0};
	int rc = stored(r, store_observation_metric(r->store, m->name, m->type, m->contains, &inner), &inner);

	r->items -= rc == 0; /* it describes observations and is none */
	return rc == 0 ? 0 : err_set(e, inner.code, "%s", inner.msg);
}

static int
on_series(void *ctx, struct sv metric, const struct labels *tags, int64_t *id, struct err *e)
{
	struct records *r = ctx;
	struct err inner = {0};
	int rc;

	*id = store_observation_series(r->store, metric, tags, &inner);
	rc = stored(r, *id < 0 ? -1 : 0, &inner);
	r->items -= rc == 0;
	return rc == 0 ? 0 : err_set(e, inner.code, "%s", inner.msg);
}

static int
on_observations(void *ctx, const struct observation *v, size_t n, struct err *e)
{
	struct records *r = ctx;
	int64_t first = v[0].t, last = v[0].t;
	struct err inner = {0};
	size_t i;
	int rc;

	for (i = 1; i < n; i++) {
		first = v[i].t < first ? v[i].t : first;
		last = v[i].t > last ? v[i].t : last;
	}
	span(r, first / 1000000 - (first % 1000000 < 0));
	span(r, last / 1000000 - (last % 1000000 < 0));
	rc = store_observe(r->store, r->content, v, n, &inner);
	if (rc == 0 && (r->batches++ % RECORDS_RELAX) == RECORDS_RELAX - 1)
		rc = store_observation_relax(r->store, &inner);
	r->items += rc == 0 ? (int64_t)n : 0;
	if (rc == 0 && r->batch != NULL)
		rc = r->batch(r->batch_ctx, &inner);
	if (rc == 0)
		return 0;
	(void)stored(r, rc, &inner);
	return err_set(e, inner.code, "%s", inner.msg);
}

void
records_problem(struct records *r, int64_t line, enum read_severity severity, struct sv text)
{
	if (r->problems.n < RECORDS_PROBLEMS)
		*vec_add(&r->problems) = (struct records_problem){line, severity, arena_sv(&r->arena, text)};
	else if (r->more++ == 0 || severity > r->more_severity)
		r->more_severity = severity;
}

static int
on_problem(void *ctx, int64_t line, enum read_severity severity, struct sv text, struct err *e)
{
	(void)e;
	records_problem(ctx, line, severity, text);
	return 0;
}

struct read_sink
records_sink(struct records *r)
{
	return (struct read_sink){r, on_sample, on_family, on_event, on_claim, on_run, on_result, on_metric,
	    on_series, on_observations, on_problem};
}

/* Takes "123:" off *v. */
static bool
take_number(struct sv *v, int64_t *n)
{
	size_t colon = sv_chr(*v, ':');

	if (colon == v->n || !num_parse_int(sv_head(*v, colon), n) || *n < 0)
		return false;
	*v = sv_from(*v, colon + 1);
	return true;
}

struct sv
records_broken(struct records *r, const char *name, const char *msg)
{
	struct sv text = sv_of(msg), start = sv_of(name);
	struct records_problem p;
	int64_t line = 0, column;

	if (sv_starts(text, name) && text.n > start.n && text.p[start.n] == ':') {
		text = sv_from(text, start.n + 1);
		if (take_number(&text, &line))
			take_number(&text, &column);
		text = sv_trim(text);
	}
	p = (struct records_problem){line, READ_ERROR, arena_sv(&r->arena, text)};
	/* This one counts: it takes the place of the last when there are too many. */
	if (r->problems.n == RECORDS_PROBLEMS) {
		if (r->more++ == 0 || r->problems.v[RECORDS_PROBLEMS - 1].severity > r->more_severity)
			r->more_severity = r->problems.v[RECORDS_PROBLEMS - 1].severity;
		r->problems.v[RECORDS_PROBLEMS - 1] = p;
	} else {
		*vec_add(&r->problems) = p;
	}
	return p.text;
}

int
records_write_problems(struct records *r, int64_t content, int64_t *n, struct err *e)
{
	static const char *const severity[] = {
		[READ_NOTE] = "note", [READ_WARNING] = "warning", [READ_ERROR] = "error",
	};
	struct store_problem p = {.content = content, .stage = "read"};
	size_t i;

	*n = (int64_t)r->problems.n + r->more;
	for (i = 0; i < r->problems.n; i++) {
		p.line = r->problems.v[i].line;
		p.severity = severity[r->problems.v[i].severity];
		p.text = r->problems.v[i].text;
		if (store_add_problem(r->store, &p, e) < 0)
			return -1;
	}
	if (r->more == 0)
		return 0;
	p.line = 0;
	p.severity = severity[r->more_severity];
	p.text = sv_of(arena_fmt(&r->arena, "and %" PRId64 " more problems", r->more));
	return store_add_problem(r->store, &p, e);
}
