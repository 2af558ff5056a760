/*
 * step_expression - one picture from one expression, or from the lines of a pipe.
 */
#include <math.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "chart/lines.h"
#include "step_chart_opts.h"

#define MOST_LINES ((size_t)2 << 30)

static bool
is_spark(const struct chart_opts *o)
{
	return o->look.kind != NULL && strcmp(o->look.kind, "spark") == 0;
}

int
chart_out(struct chart_opts *o, const struct chart *c, struct err *e)
{
	struct sb out = {0};
	int rc;

	if (!is_spark(o))
		return step_draw(&o->draw, c, o->output, e);
	chart_spark(c, tool_columns(), &out);
	rc = tool_write(o->output != NULL ? o->output : "-", sb_sv(&out), e);
	sb_free(&out);
	return rc;
}

/* "5 series, 28 800 values, one each 15 s": with a blank that is no break between thousands. */
static struct sv
extent_text(const struct step_data *d, double interval, struct arena *a)
{
	char count[NUM_TEXT], each[TIME_TEXT];
	size_t i, n = 0;

	for (i = 0; i < d->n; i++)
		n += d->v[i].n;
	return sv_of(arena_fmt(a, "%zu series, n = %s%s%s", d->n, num_count((int64_t)n, count), interval > 0 ? ", one value each " : "",
	    interval > 0 ? time_length_text((int64_t)interval, each) : ""));
}

static bool
is_instant(const char *kind)
{
	static const char *const known[] = {"bars", "gauge", NULL};
	size_t i;

	for (i = 0; kind != NULL && known[i] != NULL; i++)
		if (strcmp(kind, known[i]) == 0)
			return true;
	return false;
}

static int
draw(struct chart_opts *o, struct err *e)
{
	struct step_look *look = &o->look;
	struct chart c = {.kind = CHART_PLOT};
	struct step_data d = {.times = true};
	struct pq_query q = o->ask.q;
	struct pq_result r;
	struct sv why;

	if (is_instant(look->kind)) {
		q.start = q.end;
		q.step = 0;
	}
	step_ask_tile(&o->ask, look->kind, o->expr, &q);
	if (step_ask_eval(&o->ask, o->expr, &q, &o->arena, &r, &why, e) < 0)
		return -1;
	step_data_of(&r, &o->arena, &d);
	step_names(d.v, d.n, look->legend, &o->arena);
	d.interval = (double)q.step;
	d.from = (double)o->ask.q.start;
	d.to = (double)o->ask.q.end;
	look->end = o->ask.dated ? o->ask.q.end : TIME_NONE;
	if (look->title.n == 0)
		look->title = o->expr;
	if (look->subtitle.n == 0)
		look->subtitle = extent_text(&d, d.interval, &o->arena);
	if (look->footer.n == 0)
		look->footer = look->title.p == o->expr.p ? SV("") : o->expr;
	if (o->ask.store != NULL && o->ask.dated && !o->no_events &&
	    step_marks(o->ask.store, o->ask.q.start, o->ask.q.end, &o->arena, &c, e) < 0)
		return -1;
	if (step_model(&d, look, &o->arena, &c, e) < 0)
		return -1;
	if (r.n == 0) {
		tool_say(o->tool, "%s", why.n > 0 ? arena_str(&o->arena, why) : "the expression has no value in the time shown");
		c.why = why;
	}
	if (chart_out(o, &c, e) < 0)
		return -1;
	return r.n == 0 ? TOOL_INCONCLUSIVE : TOOL_PASS;
}

int
chart_expression(struct chart_opts *o)
{
	struct err e = {0};
	int status;

	if (o->output == NULL && !is_spark(o))
		tool_usage(o->tool, "-o FILE is needed: its ending says the format (.png, .svg, .pdf)");
	status = step_ask_open(&o->ask, &e) < 0 ? -1 : draw(o, &e);
	return status < 0 ? tool_fail(o->tool, &e) : status;
}

/* Labels from a series as soak-query prints it: name{a="b"}. False: it is some other text. */
static bool
labels_of(struct sv name, struct arena *a, struct labels *out)
{
	const struct pq_selector *sel;
	struct arena scratch = {0};
	bool ok = sv_chr(name, '{') < name.n && (sel = pq_parse_selector(&scratch, name, NULL)) != NULL;
	size_t i;

	if (ok) {
		struct label *v = mem_new(sel->n, sizeof(*v));
		struct labels l = {v, 0};

		for (i = 0; i < sel->n; i++)
			if (sel->v[i].op == PQ_EQ)
				v[l.n++] = (struct label){sel->v[i].name, sel->v[i].value};
		ok = l.n == sel->n && labels_sort(&l) == 0;
		if (ok)
			*out = labels_copy(a, &l);
		mem_free(v);
	}
	arena_free(&scratch);
	return ok;
}

static void
take_lines(struct chart_opts *o, const struct chart_lines *lines, struct step_data *d)
{
	bool labelled = lines->n > 0;
	size_t i;

	d->n = lines->n;
	d->v = arena_new(&o->arena, lines->n, sizeof(*d->v));
	d->times = lines->times;
	d->from = INFINITY;
	d->to = -INFINITY;
	d->label = lines->rows ? lines->label : NULL;
	d->n_labels = lines->n_labels;
	for (i = 0; i < lines->n; i++) {
		d->v[i].p = lines->v[i].point;
		d->v[i].n = lines->v[i].n;
		if (lines->v[i].n > 0) {
			d->from = fmin(d->from, lines->v[i].point[0].x);
			d->to = fmax(d->to, lines->v[i].point[lines->v[i].n - 1].x);
		}
		labelled &= labels_of(lines->v[i].name, &o->arena, &d->v[i].labels);
	}
	for (i = 0; !labelled && i < lines->n; i++)
		d->v[i].name = lines->v[i].name;
	step_names(d->v, d->n, o->look.legend, &o->arena);
}

int
chart_pipe(struct chart_opts *o)
{
	const char *path = o->tool->argc > 0 ? o->tool->argv[0] : "-";
	struct chart c = {.kind = CHART_PLOT};
	struct step_data d = {.n = 0};
	struct chart_lines lines;
	struct err e = {0};
	struct sb text = {0};
	struct io_fd in;
	size_t i, n = 0;
	int rc;

	if (o->output == NULL && !is_spark(o))
		tool_usage(o->tool, "-o FILE is needed: its ending says the format (.png, .svg, .pdf)");
	io_fd_init(&in, 0, "-");
	rc = strcmp(path, "-") == 0 ? io_read_all(&in.src, "-", MOST_LINES, &text, &e) : io_read_file(path, MOST_LINES, &text, &e);
	if (rc == 0)
		rc = chart_lines(strcmp(path, "-") == 0 ? "stdin" : path, sb_sv(&text), &o->arena, &lines, &e);
	if (rc == 0) {
		take_lines(o, &lines, &d);
		if (o->ask.times.step > 0)
			d.interval = (double)o->ask.times.step;
		if (o->ask.times.start != TIME_NONE)
			d.from = (double)o->ask.times.start;
		if (o->ask.times.end != TIME_NONE)
			d.to = (double)o->ask.times.end;
		o->look.end = d.times && d.to >= d.from ? (int64_t)d.to : TIME_NONE;
		if (o->look.subtitle.n == 0)
			o->look.subtitle = extent_text(&d, d.times && d.n > 0 && d.v[0].n > 1 ?
			    chart_data(d.v[0].p, d.v[0].n, d.interval, &o->arena).interval : 0, &o->arena);
		rc = step_model(&d, &o->look, &o->arena, &c, &e);
	}
	for (i = 0; i < d.n; i++)
		n += d.v[i].n;
	if (rc == 0 && n == 0)
		tool_say(o->tool, "%s: no sample", strcmp(path, "-") == 0 ? "stdin" : path);
	if (rc == 0)
		rc = chart_out(o, &c, &e);
	sb_free(&text);
	return rc < 0 ? tool_fail(o->tool, &e) : n == 0 ? TOOL_INCONCLUSIVE : TOOL_PASS;
}
