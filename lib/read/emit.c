#include "read/emit.h"

#include <inttypes.h>
#include <math.h>

#include "base/clean.h"
#include "base/mem.h"
#include "base/num.h"
#include "read/emit_def.h"
#include "read/emit_nested.h"

#define SHOWN ((size_t)80) /* bytes of an artifact's text in a message */

#define MAX_TIME INT64_C(253402300799999) /* the end of the year 9999 */

struct emit_told {
	struct odd unmeasured, unknown;
	const char *what;
	struct sb first; /* the text that could not be converted */
	struct sb word;  /* the status that is none */
	bool family;     /* the metric was described */
};

void
emit_add_text(struct sb *out, struct sv v)
{
	if (clean_is_utf8(v) && sv_chr(v, '\0') == v.n)
		sb_addv(out, v);
	else
		clean_add(out, v);
}

bool
emit_cut(struct sb *s, size_t max)
{
	if (s->n <= max)
		return false;
	while (max > 0 && ((unsigned char)s->buf[max] & 0xc0) == 0x80)
		max--;
	s->n = max;
	s->buf[max] = '\0';
	return true;
}

void
emit_begin(struct emit_run *r, const struct read_sink *sink, const struct time_zone *zone, int count)
{
	*r = (struct emit_run){.sink = sink, .zone = zone, .count = count};
	r->told = mem_new((size_t)count, sizeof(*r->told));
}

void
emit_free(struct emit_run *r)
{
	size_t f;
	int i;

	for (i = 0; i < r->count; i++) {
		sb_free(&r->told[i].first);
		sb_free(&r->told[i].word);
	}
	mem_free(r->told);
	for (f = 0; f < sizeof(r->field) / sizeof(r->field[0]); f++)
		sb_free(&r->field[f]);
	sb_free(&r->labels);
	sb_free(&r->problem);
	*r = (struct emit_run){0};
}

/* --- texts ------------------------------------------------------------------------------- */

/* Begins the word as the pattern is? '#' stands for a digit. */
static bool
begins(struct sv word, struct sv pattern)
{
	size_t i;

	if (word.n < pattern.n)
		return false;
	for (i = 0; i < pattern.n; i++)
		if (pattern.p[i] == '#' ? word.p[i] < '0' || word.p[i] > '9' : word.p[i] != pattern.p[i])
			return false;
	return true;
}

static struct sv
look_up(const struct emit_words *w, struct sv text)
{
	struct sv word = sv_trim(text);
	size_t i;

	for (i = 0; i < w->n; i++)
		if (sv_eq(w->from[i], word))
			return w->to[i];
	for (i = 0; i < w->n; i++) /* "2##" stands for three digits, */
		if (w->from[i].n == word.n && begins(word, w->from[i]))
			return w->to[i];
	for (i = 0; i < w->n; i++) /* "5*" for what begins so, "*" for all */
		if (sv_ends(w->from[i], "*") && begins(word, sv_head(w->from[i], w->from[i].n - 1)))
			return w->to[i];
	return text;
}

/* Appends it. Was there anything: a fixed part, or a value that exists? */
static bool
expand(const struct emit_text *t, const struct emit_values *values, struct sb *out)
{
	bool any = false;
	struct sv v;
	size_t i;

	for (i = 0; i < t->n; i++) {
		const struct emit_part *p = &t->part[i];

		v = p->number < 0 ? p->fixed : values->get(values->ctx, p->number);
		any = any || v.p != NULL;
		if (v.p == NULL)
			continue;
		emit_add_text(out, p->words != NULL ? look_up(p->words, v) : v);
	}
	return any;
}

/* A field into one of the scratch texts, cut where that is too long. False: not stated, or no value. */
static bool
field(struct emit_run *r, const struct emit *m, enum emit_field f, const struct emit_values *values, struct sb *out,
    int64_t line)
{
	bool any;

	sb_reset(out);
	any = expand(&m->field[f], values, out);
	if (emit_cut(out, EMIT_TEXT))
		odd_count(&r->cut, line);
	return any;
}

static void
unmeasured(struct emit_run *r, const struct emit *m, struct sv text, int64_t line)
{
	struct emit_told *told = &r->told[m->id];

	if (told->unmeasured.n == 0)
		clean_add(&told->first, sv_head(sv_trim(text), SHOWN));
	told->what = m->what;
	odd_count(&told->unmeasured, line);
}

/* 1 and *t, 0 not stated (TIME_NONE), -1 counted as odd. */
static int
time_of(struct emit_run *r, const struct emit *m, enum emit_field f, const struct emit_values *values, int64_t *t,
    int64_t line)
{
	*t = TIME_NONE;
	if (m->field[f].n == 0)
		return 0;
	if (!field(r, m, f, values, &r->field[0], line) && f == EF_END)
		return 0; /* it is not over */
	if (emit_time(sb_sv(&r->field[0]), r->zone, t))
		return 1;
	*t = TIME_NONE;
	odd_count(&r->timeless, line);
	return -1;
}

/* --- records ----------------------------------------------------------------------------- */

/* Where the event's end is told as its length. */
static void
end_after(struct emit_run *r, const struct emit *m, const struct emit_values *values, struct read_event *ev, int64_t line)
{
	double seconds;

	if (m->field[EF_LASTS].n == 0 || !field(r, m, EF_LASTS, values, &r->field[0], line))
		return;
	if (emit_convert(sb_sv(&r->field[0]), m->unit, r->zone, &seconds) && seconds >= 0 &&
	    seconds < (double)(MAX_TIME - ev->t) / 1000)
		ev->t_end = ev->t + (int64_t)llround(seconds * 1000);
	else
		unmeasured(r, m, sb_sv(&r->field[0]), line);
}

static int
make_event(struct emit_run *r, const struct emit *m, const struct emit_values *values, int64_t line, struct err *e)
{
	struct read_event ev = {.t_end = TIME_NONE, .kind = m->fixed_kind, .line = line};

	if (time_of(r, m, EF_TIME, values, &ev.t, line) < 0)
		return 0;
	(void)time_of(r, m, EF_END, values, &ev.t_end, line); /* it happened, whenever it was over */
	end_after(r, m, values, &ev, line);
	(void)field(r, m, EF_NAME, values, &r->field[1], line);
	(void)field(r, m, EF_TEXT, values, &r->field[2], line);
	ev.name = sb_sv(&r->field[1]);
	ev.text = sb_sv(&r->field[2]);
	if (ev.name.n == 0) {
		odd_count(&r->nameless, line);
		return 0;
	}
	return r->event != NULL ? r->event(r->ctx, &ev, e) : r->sink->event(r->sink->ctx, &ev, e);
}

/* What a metric cannot be called becomes '_'. */
static void
metric_name(struct sb *name)
{
	size_t i;

	for (i = 0; i < name->n; i++)
		if (!((name->buf[i] | 0x20) >= 'a' && (name->buf[i] | 0x20) <= 'z') && name->buf[i] != '_' &&
		    name->buf[i] != ':' && !(i > 0 && name->buf[i] >= '0' && name->buf[i] <= '9'))
			name->buf[i] = '_';
}

/* The labels' texts stand one behind the other in r->labels; views into it once it is complete. */
static void
labels_of(struct emit_run *r, const struct emit *m, const struct emit_values *values, struct label *v, struct labels *out)
{
	size_t i, at = 0, *end = mem_new(m->nlabels, sizeof(*end));

	sb_reset(&r->labels);
	for (i = 0; i < m->nlabels; i++) {
		(void)expand(&m->label[i].value, values, &r->labels);
		end[i] = r->labels.n;
	}
	for (i = 0; i < m->nlabels; i++) {
		v[i] = (struct label){m->label[i].name, sv_trim(sv_head(sv_from(sb_sv(&r->labels), at), end[i] - at))};
		at = end[i];
	}
	mem_free(end);
	*out = (struct labels){v, m->nlabels};
	labels_sort(out);
}

static int
make_sample(struct emit_run *r, const struct emit *m, const struct emit_values *values, int64_t line, struct err *e)
{
	struct read_sample s = {.line = line};
	struct read_family f = {.type = m->type, .help = m->help};
	struct label v[32];
	struct labels labels;

	if (!field(r, m, EF_VALUE, values, &r->field[1], line))
		return 0;
	if (!emit_convert(sb_sv(&r->field[1]), m->unit, r->zone, &s.v)) {
		unmeasured(r, m, sb_sv(&r->field[1]), line);
		return 0;
	}
	if (time_of(r, m, EF_TIME, values, &s.t, line) < 0)
		return 0;
	(void)field(r, m, EF_METRIC, values, &r->field[2], line);
	metric_name(&r->field[2]);
	s.name = f.name = sb_sv(&r->field[2]);
	if (s.name.n == 0) {
		odd_count(&r->nameless, line);
		return 0;
	}
	labels_of(r, m, values, v, &labels);
	s.labels = &labels;
	if (!r->told[m->id].family && r->sink->family(r->sink->ctx, &f, e) < 0)
		return -1;
	r->told[m->id].family = true;
	return r->sink->sample(r->sink->ctx, &s, e);
}

static bool
is_status(struct sv v)
{
	static const char *const known[] = {"pass", "fail", "error", "skip", "incomplete", "unknown"};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sv_is(v, known[i]))
			return true;
	return false;
}

/* A word that is no status says nothing, and that is said. */
static struct sv
status_of(struct emit_run *r, const struct emit *m, const struct emit_values *values, struct sb *out, int64_t line)
{
	struct emit_told *told = &r->told[m->id];
	struct sv got;

	if (!field(r, m, EF_STATUS, values, out, line))
		return SV("unknown");
	got = sv_trim(sb_sv(out));
	if (is_status(got))
		return got;
	if (told->unknown.n == 0)
		clean_add(&told->word, sv_head(got, SHOWN));
	odd_count(&told->unknown, line);
	return SV("unknown");
}

static int
make_result(struct emit_run *r, const struct emit *m, const struct emit_values *values, int64_t line, struct err *e)
{
	struct read_result res = {.kind = m->fixed_kind, .duration = NAN, .line = line};
	struct sb *scratch = &r->field[1];
	int rc = 0;

	(void)time_of(r, m, EF_TIME, values, &res.t, line);
	if (field(r, m, EF_DURATION, values, scratch, line) &&
	    (!emit_convert(sb_sv(scratch), m->unit, r->zone, &res.duration) || res.duration < 0)) {
		unmeasured(r, m, sb_sv(scratch), line);
		res.duration = NAN;
	}
	res.status = status_of(r, m, values, scratch, line);
	(void)field(r, m, EF_NAME, values, &r->field[2], line);
	(void)field(r, m, EF_TEXT, values, &r->field[3], line);
	sb_reset(&r->labels);
	(void)expand(&m->field[EF_SUITE], values, &r->labels);
	res.name = sv_trim(sb_sv(&r->field[2]));
	res.text = sb_sv(&r->field[3]);
	res.suite = sv_trim(sb_sv(&r->labels));
	if (res.name.n == 0)
		odd_count(&r->nameless, line);
	else
		rc = r->sink->result(r->sink->ctx, &res, e);
	return rc;
}

/* "99.04 %" says 99.04: a share in percent, as its definition has it. */
static struct sv
without_percent(struct sv text)
{
	return sv_ends(text, "%") ? sv_trim(sv_head(text, text.n - 1)) : text;
}

static int
make_fact(struct emit_run *r, const struct emit *m, const struct emit_values *values, int64_t line, struct err *e)
{
	struct read_fact f = {.line = line};

	if (!field(r, m, EF_TEXT, values, &r->field[1], line))
		return 0;
	(void)field(r, m, EF_PATH, values, &r->field[2], line);
	f.text = sv_trim(sb_sv(&r->field[1]));
	f.path = sv_trim(sb_sv(&r->field[2]));
	if (f.text.n == 0 || f.path.n == 0) {
		unmeasured(r, m, f.text, line);
		return 0;
	}
	if (!num_parse(without_percent(f.text), &f.value))
		f.value = NAN;
	return m->kind == EMIT_CLAIM ? r->sink->claim(r->sink->ctx, &f, e) : r->sink->run(r->sink->ctx, &f, e);
}

/* A text of any length that is an artifact of its own. */
static int
make_nested(struct emit_run *r, const struct emit *m, const struct emit_values *values, int64_t line, struct err *e)
{
	struct sb text = {0};
	int64_t t;
	int rc = 0;

	if (time_of(r, m, EF_TIME, values, &t, line) >= 0 && expand(&m->field[EF_TEXT], values, &text))
		rc = emit_nested(sb_sv(&text), t, line, r->sink, e);
	sb_free(&text);
	return rc;
}

static bool
wanted(struct emit_run *r, const struct emit *m, const struct emit_values *values)
{
	size_t i, k;

	for (i = 0; i < m->nonly; i++) {
		const struct emit_only *o = &m->only[i];

		sb_reset(&r->field[0]);
		(void)expand(&o->value, values, &r->field[0]);
		for (k = 0; k < o->n && !sv_eq(sv_trim(sb_sv(&r->field[0])), o->text[k]); k++)
			;
		if (k == o->n)
			return false;
	}
	return true;
}

int
emit_all(struct emit_run *r, const struct emit_set *set, const struct emit_values *values, int64_t line, struct err *e)
{
	static int (*const make[EMIT_NKINDS])(struct emit_run *, const struct emit *, const struct emit_values *, int64_t,
	    struct err *) = {make_event, make_sample, make_result, make_fact, make_fact, make_nested};
	size_t i;

	for (i = 0; i < set->n; i++)
		if (wanted(r, &set->v[i], values) && make[set->v[i].kind](r, &set->v[i], values, line, e) < 0)
			return -1;
	return 0;
}

bool
emit_makes_event(const struct emit_set *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (set->v[i].kind == EMIT_EVENT)
			return true;
	return false;
}

/* --- problems ---------------------------------------------------------------------------- */

static int
tell_template(struct emit_run *r, int i, struct err *e)
{
	const struct emit_told *told = &r->told[i];

	sb_reset(&r->problem);
	sb_addf(&r->problem, "%s not measured: '%s'", told->what, sb_str(&told->first));
	if (odd_tell(&told->unmeasured, sb_str(&r->problem), READ_WARNING, r->sink, e) < 0)
		return -1;
	sb_reset(&r->problem);
	sb_addf(&r->problem, "'%s' is no status that the format knows", sb_str(&told->word));
	return odd_tell(&told->unknown, sb_str(&r->problem), READ_WARNING, r->sink, e);
}

int
emit_tell(struct emit_run *r, struct err *e)
{
	int i;

	if (odd_tell(&r->timeless, "line whose time cannot be read (no zone?), not used", READ_WARNING, r->sink, e) < 0 ||
	    odd_tell(&r->nameless, "line that gives no name, not used", READ_WARNING, r->sink, e) < 0 ||
	    odd_tell(&r->cut, "text that is longer than is kept (4096 bytes)", READ_WARNING, r->sink, e) < 0)
		return -1;
	for (i = 0; i < r->count; i++)
		if (tell_template(r, i, e) < 0)
			return -1;
	return 0;
}
