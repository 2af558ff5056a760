#include "judge/evidence.h"

#include "base/mem.h"
#include "judge/figure.h"
#include "judge/listing.h"

/* The list of what is missing grows while it is looked for. */
struct missing {
	VEC(struct sv) list;
};

static void
miss(struct missing *m, char *text)
{
	*vec_add(&m->list) = sv_of(text);
}

static void
judge_item(struct judging *j, const struct profile_evidence *item, struct evidence_result *r);

/* Real files pad numbers or not ("metrics-hour-03.prom"): as wide as the shortest name of the set. */
static int
usual_width(struct judging *j, const struct profile_snapshots *s)
{
	struct profile_captures c;
	size_t i, shortest = 0, plain;

	for (i = 0; i < j->v->n_inputs; i++) {
		struct sv name = j->v->inputs[i].name;

		/* Without '/' a pattern is compared with the base name. */
		if (!profile_match(s->file, name, &c) || c.n != 1)
			continue;
		if (sv_chr(s->file, '/') == s->file.n)
			name = sv_base(name);
		plain = name.n - (s->file.n - c.name[0].n - 2);
		if (shortest == 0 || plain < shortest)
			shortest = plain;
	}
	return (int)shortest;
}

/* The name that number k of a set would have. */
static char *
expected_name(struct judging *j, const struct profile_snapshots *s, int64_t k, int width)
{
	size_t open = sv_chr(s->file, '{'), close = sv_chr(s->file, '}');

	if (close >= s->file.n)
		return arena_str(j->arena, s->file);
	return arena_fmt(j->arena, "%.*s%0*lld%.*s", (int)open, s->file.p, width, (long long)k,
	    (int)(s->file.n - close - 1), s->file.p + close + 1);
}

static bool
fits(const struct profile_snapshots *s, const struct input_line *in, int64_t k)
{
	struct profile_captures c;

	return !in->superseded && profile_match(s->file, in->name, &c) &&
	    (c.n == 0 || c.value[0] == k);
}

/* Number k of a set: present once any of its occurrences is whole and timed; else why not. */
static bool
snapshot_present(struct judging *j, const struct profile_snapshots *s, int64_t k, int width, struct missing *m)
{
	const struct input_line *seen = NULL;
	size_t i;

	for (i = 0; i < j->v->n_inputs; i++) {
		const struct input_line *in = &j->v->inputs[i];

		if (!fits(s, in, k))
			continue;
		if (in->complete && in->items > 0 && in->time != TIME_NONE)
			return true;
		seen = in;
	}
	if (seen == NULL)
		miss(m, arena_fmt(j->arena, "%s: not there", expected_name(j, s, k, width)));
	else if (seen->complete && seen->items > 0)
		miss(m, arena_fmt(j->arena, "%" SV_FMT ": when it was taken is unknown", SV_ARG(seen->name)));
	else {
		struct sv why = listing_why(j, seen);

		miss(m, arena_fmt(j->arena, "%" SV_FMT ": %" SV_FMT, SV_ARG(seen->name), SV_ARG(why)));
	}
	return false;
}

static void
judge_snapshots(struct judging *j, const struct profile_snapshots *s, struct evidence_result *r, struct missing *m)
{
	int width = usual_width(j, s);
	int64_t k;

	r->expected = s->count;
	for (k = s->first; k < s->first + s->count; k++)
		r->found += snapshot_present(j, s, k, width, m);
}

static void
judge_file(struct judging *j, const struct profile_evidence *item, struct evidence_result *r, struct missing *m)
{
	const struct input_line *seen = NULL;
	size_t i;

	r->expected = 1;
	for (i = 0; i < j->v->n_inputs && r->found == 0; i++) {
		const struct input_line *in = &j->v->inputs[i];

		if (in->superseded || !sv_glob(item->file, in->name))
			continue;
		seen = in;
		r->found = in->complete && in->recognised && in->items > 0;
	}
	if (r->found > 0)
		return;
	if (seen == NULL) {
		miss(m, arena_fmt(j->arena, "%" SV_FMT ": not there", SV_ARG(item->file)));
	} else {
		struct sv why = listing_why(j, seen);

		miss(m, arena_fmt(j->arena, "%" SV_FMT ": %" SV_FMT, SV_ARG(seen->name), SV_ARG(why)));
	}
}

static void
miss_gap(struct judging *j, struct missing *m, int64_t from, int64_t to)
{
	char buf[TIME_TEXT];

	miss(m, arena_fmt(j->arena, "no sample for %s from %s", figure_length(j->arena, to - from),
	    time_text(from, buf)));
}

/* Does a whole file of that glob reach over t? Samples of other files are not this evidence. */
static bool
file_spans(const struct judging *j, struct sv glob, int64_t t)
{
	size_t i;

	for (i = 0; i < j->v->n_inputs; i++) {
		const struct input_line *in = &j->v->inputs[i];

		if (!in->superseded && in->complete && in->first != TIME_NONE && in->first <= t && t <= in->last &&
		    sv_glob(glob, in->name))
			return true;
	}
	return false;
}

/* A whole file whose samples follow each other through the run without a hole of more than 1.5 steps. */
static void
judge_samples(struct judging *j, const struct profile_evidence *item, struct evidence_result *r, struct missing *m)
{
	const struct when_run *run = &j->v->run;
	const struct target_life *best = NULL;
	int64_t hole = item->every + item->every / 2, last;
	size_t i;

	judge_file(j, item, r, m);
	if (r->found == 0)
		return;
	r->found = 0;
	if (run->start == TIME_NONE || run->end == TIME_NONE || run->start >= run->end) {
		miss(m, arena_fmt(j->arena, "%" SV_FMT ": when the run began and ended is not known", SV_ARG(item->file)));
		return;
	}
	for (i = 0; i < j->increase.n_life; i++)
		if (best == NULL || j->increase.life[i].n > best->n)
			best = &j->increase.life[i];
	r->expected = (run->end - run->start) / item->every;
	last = run->start;
	for (i = 0; best != NULL && i < best->n; i++) {
		int64_t t = best->scrape[i];

		if (t < run->start || t > run->end || !file_spans(j, item->file, t))
			continue;
		r->found++;
		if (t - last > hole)
			miss_gap(j, m, last, t);
		last = t;
	}
	if (run->end - last > hole)
		miss_gap(j, m, last, run->end);
	else if (r->found == 0)
		miss(m, arena_fmt(j->arena, "%" SV_FMT ": no sample inside the run", SV_ARG(item->file)));
}

/* The nearest to being there: what is missing from it is what the user would want to know. */
static const struct evidence_result *
nearest(const struct evidence_result *child, size_t n)
{
	const struct evidence_result *best = &child[0];
	size_t i;

	for (i = 0; i < n; i++) {
		if (child[i].present)
			return &child[i];
		if ((double)child[i].found * (double)best->expected > (double)best->found * (double)child[i].expected)
			best = &child[i];
	}
	return best;
}

static void
judge_children(struct judging *j, const struct profile_evidence *item, struct evidence_result *r, struct missing *m)
{
	struct evidence_result *child = arena_new(j->arena, item->n, sizeof(*child));
	const struct evidence_result *best;
	size_t i, k;

	for (i = 0; i < item->n; i++)
		judge_item(j, &item->child[i], &child[i]);
	best = nearest(child, item->n);
	for (i = 0; i < item->n; i++) {
		const struct evidence_result *c = item->kind == EVIDENCE_ANY ? best : &child[i];

		r->expected += c->expected;
		r->found += c->found;
		for (k = 0; k < c->n_missing; k++)
			*vec_add(&m->list) = c->missing[k];
		if (!c->present && c->n_missing == 0)
			*vec_add(&m->list) = c->sentence;
		if (item->kind == EVIDENCE_ANY)
			break;
	}
}

static struct sv
reason_part(struct sv missing)
{
	return sv_from(missing, sv_find(missing, SV(": ")));
}

/* "h14.prom to h47.prom: not there (34)": thirty lines that say the same hide the one that does not. */
static void
draw_together(struct judging *j, struct evidence_result *r)
{
	size_t i, k;

	r->brief = arena_new(j->arena, r->n_missing, sizeof(*r->brief));
	for (i = 0; i < r->n_missing; i = k) {
		struct sv first = r->missing[i], why = reason_part(first), last;

		/* What gives no reason of that form, such as a gap in time, stands for itself. */
		for (k = i + 1; why.n > 0 && k < r->n_missing && sv_eq(reason_part(r->missing[k]), why); k++)
			;
		if (k - i < 3) {
			r->brief[r->n_brief++] = first;
			k = i + 1;
			continue;
		}
		last = r->missing[k - 1];
		r->brief[r->n_brief++] = sv_of(arena_fmt(j->arena, "%" SV_FMT " to %" SV_FMT "%" SV_FMT " (%zu)",
		    SV_ARG(sv_head(first, first.n - why.n)), SV_ARG(sv_head(last, last.n - why.n)), SV_ARG(why), k - i));
	}
}

static void
judge_item(struct judging *j, const struct profile_evidence *item, struct evidence_result *r)
{
	struct missing m = {{0}};

	r->id = sv_of(arena_fmt(j->arena, "evidence/%" SV_FMT, SV_ARG(item->id)));
	r->title = item->title;
	r->optional = item->optional;
	switch (item->kind) {
	case EVIDENCE_SNAPSHOTS:
		judge_snapshots(j, &item->snapshots, r, &m);
		break;
	case EVIDENCE_FILE:
		judge_file(j, item, r, &m);
		break;
	case EVIDENCE_SAMPLES:
		judge_samples(j, item, r, &m);
		break;
	case EVIDENCE_ANY:
	case EVIDENCE_ALL:
		judge_children(j, item, r, &m);
		break;
	}
	/* Nothing found is never present, whatever the lists say. */
	r->present = m.list.n == 0 && r->found > 0;
	r->n_missing = m.list.n;
	r->missing = arena_keep(j->arena, m.list.v, m.list.n, sizeof(*r->missing));
	draw_together(j, r);
	r->sentence = sv_of(arena_fmt(j->arena, r->present ? "%" SV_FMT ": all there (%lld)"
							   : "%" SV_FMT ": %lld of %lld",
	    SV_ARG(r->title), (long long)r->found, (long long)r->expected));
}

/*
 * A run that ended early shows nothing of the time it did not last. 1 % is allowed for how events are logged; an end
 * that is only planned proves nothing here, and coverage tells what was seen.
 */
static void
judge_duration(struct judging *j, struct evidence_result *r)
{
	const struct when_run *run = &j->v->run;
	const char *lasted = figure_length(j->arena, run->end - run->start);
	const char *planned = figure_length(j->arena, run->duration);

	r->id = SV("evidence/duration");
	r->title = SV("The planned duration was reached");
	r->expected = run->duration / TIME_SECOND;
	r->found = (run->end - run->start) / TIME_SECOND;
	r->present = run->end - run->start >= run->duration - run->duration / 100;
	r->sentence = sv_of(arena_fmt(j->arena, "%" SV_FMT ": %s of %s", SV_ARG(r->title), lasted, planned));
	if (r->present)
		return;
	r->missing = r->brief = arena_new(j->arena, 1, sizeof(*r->missing));
	r->missing[0] = sv_of(arena_fmt(j->arena, "the run lasted %s of the planned %s", lasted, planned));
	r->n_missing = r->n_brief = 1;
}

static bool
is_archive(struct sv format)
{
	return sv_starts(format, "tar") || sv_starts(format, "zip");
}

/* A damaged archive may have held anything: what it does not show is missing. */
static void
judge_archives(struct judging *j, struct evidence_result *r)
{
	struct missing m = {{0}};
	size_t i;

	r->id = SV("evidence/archives");
	r->title = SV("Archives that are whole");
	for (i = 0; i < j->v->n_inputs; i++) {
		const struct input_line *in = &j->v->inputs[i];
		struct sv why;

		if (in->superseded || !is_archive(in->format))
			continue;
		r->expected++;
		r->found += in->complete;
		why = listing_why(j, in);
		if (!in->complete)
			miss(&m, arena_fmt(j->arena, "%" SV_FMT ": %" SV_FMT, SV_ARG(in->name), SV_ARG(why)));
	}
	r->present = r->found == r->expected;
	r->n_missing = m.list.n;
	r->missing = r->brief = arena_keep(j->arena, m.list.v, m.list.n, sizeof(*r->missing));
	r->n_brief = r->n_missing;
	r->sentence = sv_of(arena_fmt(j->arena, "%" SV_FMT ": %lld of %lld", SV_ARG(r->title), (long long)r->found,
	    (long long)r->expected));
}

void
evidence_judge(struct judging *j)
{
	const struct profile *p = j->profile;
	const struct when_run *run = &j->v->run;
	struct verdict *v = j->v;
	size_t i;

	v->evidence = arena_new(j->arena, p->n_evidence + 2, sizeof(*v->evidence));
	for (i = 0; i < p->n_evidence; i++)
		judge_item(j, &p->evidence[i], &v->evidence[v->n_evidence++]);
	if (run->duration != TIME_NONE && run->start != TIME_NONE && run->end != TIME_NONE && !run->end_planned)
		judge_duration(j, &v->evidence[v->n_evidence++]);
	judge_archives(j, &v->evidence[v->n_evidence]);
	v->n_evidence += !v->evidence[v->n_evidence].present;
}
