/* One line a point, for pipes: the columns are time (RFC 3339, UTC), value, series. */
#include "promql/answer.h"

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "promql/answer_in.h"

struct form {
	char separator;
	const char *end; /* of a line */
	bool quotes;     /* fields are quoted where RFC 4180 wants it */
	struct sb *out;
};

void
pq_answer_series(const struct labels *l, struct sb *out)
{
	struct labels rest = {.v = mem_new(l->n, sizeof(*rest.v))};
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!sv_is(l->v[i].name, "__name__"))
			rest.v[rest.n++] = l->v[i];
	labels_show(labels_get(l, "__name__"), &rest, out);
	mem_free(rest.v);
}

/* No field holds a tab or a line end: both were shown as \x09, \x0a or \t, \n before. */
static void
add_field(const struct form *f, struct sv v)
{
	size_t i;

	if (!f->quotes || (sv_chr(v, ',') == v.n && sv_chr(v, '"') == v.n)) {
		sb_addv(f->out, v);
		return;
	}
	sb_addc(f->out, '"');
	for (i = 0; i < v.n; i++) {
		if (v.p[i] == '"')
			sb_addc(f->out, '"');
		sb_addc(f->out, v.p[i]);
	}
	sb_addc(f->out, '"');
}

static void
add_line(const struct form *f, const char *time, struct sv value, struct sv series)
{
	add_field(f, sv_of(time));
	sb_addc(f->out, f->separator);
	add_field(f, value);
	sb_addc(f->out, f->separator);
	add_field(f, series);
	sb_adds(f->out, f->end);
}

static void
add_points(const struct form *f, const struct pq_result_series *s, struct sv series)
{
	char time[TIME_TEXT], value[NUM_TEXT];
	size_t i;

	for (i = 0; i < s->n; i++)
		add_line(f, time_text(s->point[i].t, time), sv_of(num_text(s->point[i].v, value)), series);
}

static void
add_all(const struct form *f, const struct pq_result *r)
{
	struct sb text = {0};
	size_t i;

	add_line(f, "time", SV("value"), SV("series"));
	if (r->type == PQ_STRING) {
		clean_add(&text, r->text);
		add_line(f, "", sb_sv(&text), SV(""));
	}
	for (i = 0; r->type != PQ_STRING && i < r->n; i++) {
		sb_reset(&text);
		if (r->type != PQ_SCALAR)
			pq_answer_series(&r->v[i].labels, &text);
		add_points(f, &r->v[i], sb_sv(&text));
	}
	sb_free(&text);
}

void
pq_answer_tsv(const struct pq_result *r, struct sb *out)
{
	add_all(&(struct form){'\t', "\n", false, out}, r);
}

void
pq_answer_csv(const struct pq_result *r, struct sb *out)
{
	add_all(&(struct form){',', "\r\n", true, out}, r);
}
