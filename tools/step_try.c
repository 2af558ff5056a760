#include "step_try.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/num.h"
#include "read/formats.h"
#include "steps.h"

#define MAX_BYTES ((size_t)256 << 20)

static void
print_clean(struct sv text)
{
	struct sb clean = {0};

	clean_add(&clean, text);
	fputs(sb_str(&clean), stdout);
	sb_free(&clean);
}

/* --- --list-formats ---------------------------------------------------------------------- */

static void
list_declared(void *ctx, const char *name, const char *title, const char *file)
{
	(void)ctx;
	printf("%s\t%s\t%s\n", name, file, title);
}

static void
list_coded(void *ctx, const char *name, const char *title)
{
	list_declared(ctx, name, title, "built in");
}

int
step_list_formats(const struct tool *t, struct err *e)
{
	struct read_formats *f = step_formats(t, e);

	if (f == NULL)
		return -1;
	puts("format\twhence\ttitle");
	formats_each(f, list_declared, NULL);
	read_each(list_coded, NULL);
	formats_free(f);
	return 0;
}

/* --- --try ------------------------------------------------------------------------------- */

struct trying {
	int64_t lines, unmatched, records, problems;
};

static int
begin(struct trying *y, const char *what)
{
	y->records++;
	printf("\t%s ", what);
	return 0;
}

static int
end(void)
{
	putchar('\n');
	return 0;
}

static void
on_line(void *ctx, int64_t line, struct sv text, const char *what)
{
	struct trying *y = ctx;

	y->lines++;
	if (strcmp(what, "no pattern") == 0)
		y->unmatched++;
	printf("%" PRId64 "\t%s\t", line, what);
	print_clean(sv_head(text, 1000));
	putchar('\n');
}

static void
print_time(int64_t t)
{
	char text[TIME_TEXT];

	if (t != TIME_NONE)
		printf(" at %s", time_text(t, text));
}

static int
on_sample(void *ctx, const struct read_sample *s, struct err *e)
{
	struct sb series = {0};
	char num[NUM_TEXT];

	(void)e;
	begin(ctx, "sample");
	labels_show(s->name, s->labels, &series);
	print_clean(sb_sv(&series));
	printf(" %s", num_text(s->v, num));
	print_time(s->t);
	sb_free(&series);
	return end();
}

static int
on_family(void *ctx, const struct read_family *f, struct err *e)
{
	(void)ctx;
	(void)f;
	(void)e;
	return 0;
}

static int
on_event(void *ctx, const struct read_event *ev, struct err *e)
{
	(void)e;
	begin(ctx, "event");
	print_clean(ev->name);
	fputs(" (", stdout);
	print_clean(ev->kind);
	fputs(")", stdout);
	print_time(ev->t);
	if (ev->t_end != TIME_NONE) {
		fputs(" to", stdout);
		print_time(ev->t_end);
	}
	printf(", line %" PRId64, ev->line);
	if (ev->text.n > 0)
		fputs(": ", stdout);
	print_clean(ev->text);
	return end();
}

static int
on_fact(struct trying *y, const char *what, const struct read_fact *f)
{
	begin(y, what);
	print_clean(f->path);
	fputs(" = ", stdout);
	print_clean(f->text);
	return end();
}

static int
on_claim(void *ctx, const struct read_fact *f, struct err *e)
{
	(void)e;
	return on_fact(ctx, "claim", f);
}

static int
on_run(void *ctx, const struct read_fact *f, struct err *e)
{
	(void)e;
	return on_fact(ctx, "run", f);
}

static int
on_result(void *ctx, const struct read_result *r, struct err *e)
{
	char num[NUM_TEXT];

	(void)e;
	begin(ctx, "result");
	print_clean(r->kind);
	putchar(' ');
	if (r->suite.n > 0)
		print_clean(r->suite);
	fputs(r->suite.n > 0 ? " / " : "", stdout);
	print_clean(r->name);
	printf(": %.*s", SV_ARG(r->status));
	print_time(r->t);
	if (!isnan(r->duration))
		printf(", %s s", num_text(r->duration, num));
	printf(", line %" PRId64, r->line);
	if (r->text.n > 0)
		fputs(": ", stdout);
	print_clean(r->text);
	return end();
}

static int
on_problem(void *ctx, int64_t line, enum read_severity sev, struct sv text, struct err *e)
{
	static const char *const name[] = {"note", "warning", "error"};
	struct trying *y = ctx;

	(void)e;
	y->problems += sev != READ_NOTE;
	printf("%s", name[sev]);
	if (line > 0)
		printf(" at line %" PRId64, line);
	fputs(": ", stdout);
	print_clean(text);
	return end();
}

/* What no declarative format makes. */
static int
no_metric(void *ctx, const struct read_metric *m, struct err *e)
{
	(void)ctx;
	(void)m;
	return err_set(e, ERR_USAGE, "not of a declarative format");
}

static int
no_series(void *ctx, struct sv metric, const struct labels *tags, int64_t *id, struct err *e)
{
	(void)metric;
	(void)tags;
	*id = 0;
	return no_metric(ctx, NULL, e);
}

static int
no_observations(void *ctx, const struct observation *v, size_t n, struct err *e)
{
	(void)v;
	(void)n;
	return no_metric(ctx, NULL, e);
}

/* The format by itself: of a file's path, or of the templates. NULL with e set. */
static struct read_formats *
load(const struct tool *t, const char *format, struct sv *name, struct err *e)
{
	struct read_formats *f;
	struct sb text = {0};

	*name = sv_of(format);
	if (!sv_ends(*name, ".yaml"))
		return step_formats(t, e);
	*name = sv_base(*name);
	name->n -= strlen(".yaml");
	f = formats_new();
	if (io_read_file(format, 1 << 20, &text, e) < 0 || formats_add(f, format, sb_sv(&text), e) < 0) {
		formats_free(f);
		f = NULL;
	}
	sb_free(&text);
	return f;
}

/* What would the file be taken for, all formats considered? */
static bool
recognised(const struct tool *t, const char *format, struct read_input *in)
{
	const char *wanted = in->format;
	bool same = read_recognise(in) != NULL && strcmp(in->format, wanted) == 0;

	if (!same)
		tool_say(t, "%s: soak-ingest would not take it for %s, but for %s; see \"recognise\"", in->name, format,
		    in->format != NULL ? in->format : "nothing it knows");
	in->format = wanted;
	return same;
}

static int
try_file(const struct tool *t, const struct read_formats *f, const char *format, const struct reader *r, const char *known,
    const char *file, const struct time_zone *zone, struct err *e)
{
	struct trying y = {0};
	const struct read_trace trace = {&y, on_line};
	const struct read_sink sink = {&y, on_sample, on_family, on_event, on_claim, on_run, on_result, no_metric,
	    no_series, no_observations, on_problem};
	struct read_input in = {.name = file, .formats = f, .format = known, .zone = zone, .trace = &trace};
	struct sb text = {0};
	struct io_mem m;
	bool same = false;
	int rc = io_read_file(file, MAX_BYTES, &text, e);

	if (rc == 0) {
		io_mem_init(&m, sb_sv(&text));
		in.src = &m.src;
		in.head = sv_head(sb_sv(&text), READ_HEAD);
		same = recognised(t, format, &in);
		rc = r->read(&in, &sink, e);
	}
	sb_free(&text);
	if (rc < 0)
		return -1;
	printf("%s: %" PRId64 " records", file, y.records);
	if (y.lines > 0)
		printf(" of %" PRId64 " lines, %" PRId64 " of them matched by no pattern", y.lines, y.unmatched);
	printf("; %" PRId64 " problem%s\n", y.problems, y.problems == 1 ? "" : "s");
	return !same || y.problems > 0 || y.records == 0;
}

int
step_try(const struct tool *t, const char *format, char *const *file, size_t n, const struct time_zone *zone,
    struct err *e)
{
	struct sv name;
	struct read_formats *f = load(t, format, &name, e);
	const struct reader *r;
	const char *known = NULL;
	char *text;
	size_t i;
	int rc = 0, one;

	if (f == NULL)
		return -1;
	text = mem_dup(name.p, name.n);
	r = formats_reader(f, text, &known);
	if (r == NULL)
		rc = err_set(e, ERR_USAGE, "there is no format '%s': soak-ingest --list-formats lists them", format);
	for (i = 0; i < n && rc >= 0; i++) {
		one = try_file(t, f, format, r, known, file[i], zone, e);
		rc = one < 0 ? -1 : rc | one;
	}
	mem_free(text);
	formats_free(f);
	return rc;
}
