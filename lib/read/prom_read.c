#include "read/prom_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "read/prom_heads.h"
#include "read/prom_line.h"
#include "read/prom_set.h"
#include "read/odd.h"
#include "read/read_lines.h"

/* 0.0.4 counts milliseconds: smaller ones lie before March 1973 and are seconds. */
#define LIKE_SECONDS INT64_C(100000000000)

/* What is known of a name, in the families set. */
#define SEEN_HELP 1u
#define SEEN_TYPE 2u
#define SEEN_UNIT 4u
#define SEEN_SAMPLE 8u
#define TYPE_SHIFT 8 /* and from here on its type's index in types[], plus 1 */

/* The suffixes of the samples of a family of that type, beside the bare name. */
static const struct type {
	const char *name;
	bool counter_like; /* OpenMetrics: the samples' name is the family's with suffix[0] */
	const char *suffix[3];
} types[] = {
	{"counter", true, {"_total"}},
	{"gauge", false, {NULL}},
	{"histogram", false, {"_bucket", "_sum", "_count"}},
	{"summary", false, {"_sum", "_count"}},
	{"untyped", false, {NULL}},
	{"unknown", false, {NULL}},
	{"info", true, {"_info"}},
	{"stateset", false, {NULL}},
	{"gaugehistogram", false, {"_bucket", "_gsum", "_gcount"}},
};

#define NTYPES (sizeof(types) / sizeof(types[0]))

/* Oddities that are counted and told once. */
enum odd_kind {
	ODD_HELP,
	ODD_TYPE,
	ODD_TYPE_DIFFERS,
	ODD_TYPE_LATE,
	ODD_TYPE_UNKNOWN,
	ODD_UNIT,
	ODD_HELP_BYTES,
	ODD_SERIES,
	ODD_SECONDS,
	ODD_EXEMPLAR,
	ODD_MANY_SERIES,
	ODD_MANY_FAMILIES,
	NODD
};

static const char *const odd_text[NODD] = {
	[ODD_HELP] = "HELP repeated for a family that has one",
	[ODD_TYPE] = "TYPE repeated for a family that has one",
	[ODD_TYPE_DIFFERS] = "TYPE that differs from the family's first, which is kept",
	[ODD_TYPE_LATE] = "TYPE after samples of its family",
	[ODD_TYPE_UNKNOWN] = "TYPE with an unknown word, not used",
	[ODD_UNIT] = "UNIT repeated for a family that has one",
	[ODD_HELP_BYTES] = "HELP that is not UTF-8, not used",
	[ODD_SERIES] = "series that stands twice without a timestamp: the first is kept",
	[ODD_SECONDS] = "timestamp before 1973: seconds where the format has milliseconds?",
	[ODD_EXEMPLAR] = "exemplar, which text 0.0.4 does not have",
	[ODD_MANY_SERIES] = "line with a series beyond those that are watched for standing twice",
	[ODD_MANY_FAMILIES] = "line with a name beyond those that are watched for repeated metadata",
};

struct reading {
	const struct read_input *in;
	const struct read_sink *sink;
	bool openmetrics;
	int64_t line;
	struct prom_line l;
	struct prom_set families, series;
	struct prom_heads heads;
	struct odd odd[NODD];
	/* Metadata of one family, gathered until something else comes. */
	struct {
		bool any;
		struct sb name, type, unit, help;
	} meta;
	struct sb last_sample; /* name of the sample before: most lines repeat it */
	struct sb scratch;
};

static void
count(struct reading *r, enum odd_kind kind)
{
	odd_count(&r->odd[kind], r->line);
}

static int
fail(struct reading *r, struct err *e, const char *what)
{
	return err_set(e, ERR_INPUT, "%s:%" PRId64 ": %s", r->in->name, r->line, what);
}

/* NULL: more names than are watched. */
static uint32_t *
known(struct reading *r, struct sv name)
{
	uint32_t *flags = prom_set_at(&r->families, prom_key(name, NULL));

	if (flags == NULL)
		count(r, ODD_MANY_FAMILIES);
	return flags;
}

static bool
sampled(struct reading *r, struct sv name, const char *suffix)
{
	sb_reset(&r->scratch);
	sb_addv(&r->scratch, name);
	sb_adds(&r->scratch, suffix);
	return prom_set_get(&r->families, prom_key(sb_sv(&r->scratch), NULL)) & SEEN_SAMPLE;
}

/*
 * A sample's name must find its type. Histograms and summaries are told by their base
 * name, as in the file; the samples of an OpenMetrics counter `foo` are `foo_total`.
 */
static int
flush_meta(struct reading *r, struct err *e)
{
	struct read_family f;
	size_t i;

	if (!r->meta.any)
		return 0;
	r->meta.any = false;
	for (i = 0; r->openmetrics && i < NTYPES; i++)
		if (types[i].counter_like && sv_is(sb_sv(&r->meta.type), types[i].name) &&
		    !sv_ends(sb_sv(&r->meta.name), types[i].suffix[0]))
			sb_adds(&r->meta.name, types[i].suffix[0]);
	f.name = sb_sv(&r->meta.name);
	f.type = sb_sv(&r->meta.type);
	f.unit = sb_sv(&r->meta.unit);
	f.help = sb_sv(&r->meta.help);
	return r->sink->family(r->sink->ctx, &f, e);
}

static int
meta_for(struct reading *r, struct sv name, const uint32_t *flags, struct err *e)
{
	if (r->meta.any && sv_eq(sb_sv(&r->meta.name), name))
		return 0;
	if (flush_meta(r, e) < 0)
		return -1;
	r->meta.any = true;
	sb_reset(&r->meta.name);
	sb_reset(&r->meta.type);
	sb_reset(&r->meta.unit);
	sb_reset(&r->meta.help);
	sb_addv(&r->meta.name, name);
	/* HELP or UNIT that stands apart from its TYPE still belongs to the same name. */
	if (flags != NULL && *flags >> TYPE_SHIFT)
		sb_adds(&r->meta.type, types[(*flags >> TYPE_SHIFT) - 1].name);
	return 0;
}

static size_t
type_index(struct sv word)
{
	size_t i, k;

	for (i = 0; i < NTYPES; i++) {
		if (strlen(types[i].name) != word.n)
			continue;
		for (k = 0; k < word.n; k++)
			if ((word.p[k] | 0x20) != types[i].name[k])
				break;
		if (k == word.n)
			break;
	}
	return i;
}

static int
type_line(struct reading *r, uint32_t *flags, struct err *e)
{
	size_t i = type_index(r->l.text), k;
	bool late = flags != NULL && (*flags & SEEN_SAMPLE);

	if (i == NTYPES) {
		count(r, ODD_TYPE_UNKNOWN);
		return 0;
	}
	if (flags != NULL && (*flags & SEEN_TYPE)) {
		count(r, (*flags >> TYPE_SHIFT) - 1 == i ? ODD_TYPE : ODD_TYPE_DIFFERS);
		return 0;
	}
	if (meta_for(r, r->l.name, flags, e) < 0)
		return -1;
	sb_reset(&r->meta.type);
	sb_adds(&r->meta.type, types[i].name);
	if (flags != NULL)
		*flags |= SEEN_TYPE | (uint32_t)(i + 1) << TYPE_SHIFT;
	for (k = 0; !late && k < 3 && types[i].suffix[k] != NULL; k++)
		if (r->openmetrics || !types[i].counter_like)
			late = sampled(r, r->l.name, types[i].suffix[k]);
	if (late)
		count(r, ODD_TYPE_LATE);
	return 0;
}

static int
metadata(struct reading *r, struct err *e)
{
	uint32_t *flags = known(r, r->l.name);
	bool help = r->l.kind == PROM_HELP;
	uint32_t bit = help ? SEEN_HELP : SEEN_UNIT;

	if (r->l.kind == PROM_TYPE)
		return type_line(r, flags, e);
	if (flags != NULL && (*flags & bit)) {
		count(r, help ? ODD_HELP : ODD_UNIT);
		return 0;
	}
	if (flags != NULL)
		*flags |= bit;
	if (help && !clean_is_utf8(r->l.text)) {
		count(r, ODD_HELP_BYTES);
		return 0;
	}
	if (meta_for(r, r->l.name, flags, e) < 0)
		return -1;
	sb_addv(help ? &r->meta.help : &r->meta.unit, r->l.text);
	return 0;
}

/* Of a value, never 0: enough to tell whether a second one is the same. */
static uint32_t
fingerprint(double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	bits *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(bits >> 32) | 1;
}

static int
stamp(struct reading *r, struct sv text, int64_t *t, struct err *e)
{
	if (r->openmetrics ? !prom_stamp_seconds(text, t) : !prom_stamp_ms(text, t))
		return fail(r, e, r->openmetrics ?
		    "the timestamp is not a time in seconds" :
		    "the timestamp is not a time in whole milliseconds");
	if (!r->openmetrics && *t != 0 && *t > -LIKE_SECONDS && *t < LIKE_SECONDS)
		count(r, ODD_SECONDS);
	return 0;
}

/* head: what the line begins with, up to the end of name and labels. */
static int
sample(struct reading *r, struct sv head, struct err *e)
{
	struct read_sample s = {.name = r->l.name, .labels = &r->l.labels, .t = TIME_NONE,
	    .v = r->l.value, .line = r->line};
	struct prom_head *known_head;
	uint32_t *flags, *twice;

	if (flush_meta(r, e) < 0)
		return -1;
	if (!sv_eq(sb_sv(&r->last_sample), s.name)) {
		if ((flags = known(r, s.name)) != NULL)
			*flags |= SEEN_SAMPLE;
		sb_reset(&r->last_sample);
		sb_addv(&r->last_sample, s.name);
	}
	if (r->l.exemplar && !r->openmetrics)
		count(r, ODD_EXEMPLAR);
	if (r->l.stamp.n > 0) {
		if (stamp(r, r->l.stamp, &s.t, e) < 0)
			return -1;
		if ((known_head = prom_heads_add(&r->heads, head, s.name, s.labels)) != NULL)
			s.memo = &known_head->memo;
	} else if ((twice = prom_set_at(&r->series, prom_key(s.name, s.labels))) == NULL) {
		count(r, ODD_MANY_SERIES);
	} else if (*twice == 0) {
		*twice = fingerprint(s.v);
	} else if (*twice == fingerprint(s.v)) {
		count(r, ODD_SERIES);
		return 0;
	} else {
		return fail(r, e, "this series stands here twice, with different values");
	}
	return r->sink->sample(r->sink->ctx, &s, e);
}

/* The next word of *rest, after a blank; empty when there is none. */
static struct sv
next_word(struct sv *rest)
{
	struct sv w;
	size_t n = 0;

	while (n < rest->n && (rest->p[n] == ' ' || rest->p[n] == '\t'))
		n++;
	*rest = sv_from(*rest, n);
	if (n == 0)
		return sv_head(*rest, 0);
	for (n = 0; n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t'; n++)
		;
	w = sv_head(*rest, n);
	*rest = sv_from(*rest, n);
	return w;
}

/* A line of a series that was taken apart before, a value and a timestamp: 1. 0: it has to be looked at in full. -1. */
static int
again(struct reading *r, struct sv line, struct err *e)
{
	struct prom_head *h = r->meta.any ? NULL : prom_heads_guess(&r->heads, line);
	struct read_sample s = {.line = r->line};
	struct sv rest, v, t;

	if (h == NULL)
		return 0;
	rest = sv_from(line, h->text.n);
	v = next_word(&rest);
	t = next_word(&rest);
	if (rest.n > 0 || t.n == 0 || t.p[0] == '#' || !num_parse(v, &s.v))
		return 0;
	if (stamp(r, t, &s.t, e) < 0)
		return -1;
	s.name = h->name;
	s.labels = &h->labels;
	s.memo = &h->memo;
	return r->sink->sample(r->sink->ctx, &s, e) < 0 ? -1 : 1;
}

static int
one_line(struct reading *r, struct sv line, struct err *e)
{
	int rc = again(r, line, e);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (prom_line_parse(&r->l, line, e) < 0)
		return err_prefix(e, "%s:%" PRId64, r->in->name, r->line);
	switch (r->l.kind) {
	case PROM_HELP:
	case PROM_TYPE:
	case PROM_UNIT:
		return metadata(r, e);
	case PROM_SAMPLE:
		return sample(r, sv_head(line, r->l.head), e);
	case PROM_BLANK:
	case PROM_COMMENT:
	case PROM_EOF:
		break;
	}
	return 0;
}

static int
all_lines(struct reading *r, struct io_lines *lines, struct err *e)
{
	bool ended = false;
	struct sv line;
	int rc;

	while ((rc = io_lines_next(lines, &line, e)) > 0) {
		r->line = lines->line;
		line = sv_trim(r->line == 1 ? read_no_bom(line) : line);
		if (line.n == 0)
			continue;
		if (ended)
			return fail(r, e, "text after # EOF");
		ended = r->openmetrics && sv_is(line, "# EOF");
		/* "# EOF" alone says by itself that nothing of it is missing. */
		if (!lines->ends_in_newline && !sv_is(line, "# EOF"))
			return fail(r, e, "cut off: no newline at the end");
		if (one_line(r, line, e) < 0)
			return -1;
	}
	if (rc < 0)
		return read_lines_failed(lines, r->in->name, e);
	if (r->openmetrics && !ended)
		return fail(r, e, "cut off: OpenMetrics without # EOF at the end");
	return flush_meta(r, e);
}

static int
tell_odd(const struct reading *r, struct err *e)
{
	int i, rc = 0;

	for (i = 0; i < NODD && rc == 0; i++)
		rc = odd_tell(&r->odd[i], odd_text[i],
		    i == ODD_MANY_SERIES || i == ODD_MANY_FAMILIES ? READ_NOTE : READ_WARNING, r->sink, e);
	return rc;
}

int
prom_read(const struct read_input *in, const struct read_sink *sink, bool openmetrics,
    struct err *e)
{
	struct reading r = {.in = in, .sink = sink, .openmetrics = openmetrics,
	    .families = {.max = PROM_MAX_FAMILIES}, .series = {.max = PROM_MAX_SERIES}};
	struct io_lines lines;
	int rc;

	io_lines_init(&lines, in->src, PROM_MAX_LINE);
	rc = all_lines(&r, &lines, e);
	if (rc == 0)
		rc = tell_odd(&r, e);
	io_lines_free(&lines);
	prom_line_free(&r.l);
	prom_set_free(&r.families);
	prom_set_free(&r.series);
	prom_heads_free(&r.heads);
	sb_free(&r.meta.name);
	sb_free(&r.meta.type);
	sb_free(&r.meta.unit);
	sb_free(&r.meta.help);
	sb_free(&r.last_sample);
	sb_free(&r.scratch);
	return rc;
}
