/*
 * schedule: {result: checkpoint, at: ["02:00", "08:00"], tolerance: 1h, count: 8}: a slot at each of these times of the
 * day, from the window's beginning to before its end. A slot is met by a run that came to its end and did not say it
 * failed. Whether what it measured was good is for other criteria.
 */
#include "judge/schedule_slots.h"

#include <inttypes.h>

#include "base/num.h"
#include "judge/figure.h"
#include "judge/result.h"
#include "judge/slots.h"
#include "judge/sources.h"

#define LISTED 8 /* slots named in the sentence */

struct plan {
	struct slot_plan slots;
	int64_t count; /* 0: not stated */
};

static int
read_plan(struct arena *a, const struct doc *spec, struct plan *p, struct err *e)
{
	static const char *const known[] = {"result", "suite", "at", "tolerance", "stand_in", "count", NULL};
	const struct doc *count = doc_get(spec, "count");

	*p = (struct plan){0};
	if (profile_keys(spec, known, e) < 0 || slots_plan(a, spec, &p->slots, e) < 0)
		return -1;
	if (p->slots.result.n == 0 || p->slots.daily == NULL)
		return doc_err(spec, e, "schedule: 'result' (a kind of results) and 'at' (times of the day) are needed");
	if (count != NULL && (count->kind != DOC_NUMBER || !num_parse_int(count->text, &p->count) || p->count < 1))
		return doc_err(count, e, "schedule: 'count' must be a whole number of slots, at least 1");
	return 0;
}

int
schedule_slots_check(const struct profile_criterion *c, struct err *e)
{
	struct arena a = {0};
	struct plan plan;
	int rc = read_plan(&a, c->spec, &plan, e);

	arena_free(&a);
	if (rc == 0 && (c->objective.op != OP_NONE || c->warn.op != OP_NONE))
		return doc_err(c->at, e, "schedule: every slot counts; it takes no 'objective' and no 'warn'");
	return rc;
}

struct score {
	int64_t met, stood_in;
	int64_t proven, open; /* not met: by evidence; for all that is known */
	int64_t unclear;      /* of those open: it ended, nobody knows how */
	int64_t worst;        /* the largest deviation of those met, ms */
	struct sb bad;        /* the first LISTED that were not met */
};

/* What became of a slot, in one word. */
static const char *
status_of(const struct slot *s)
{
	static const char *const words[] = {"complete", "failed", "cut off", "unclear"};

	if (s->run != NULL)
		return words[s->run->status];
	if (s->stands_in != NULL)
		return "skipped";
	return s->told ? "missing" : "unknown";
}

static void
count_bad(struct judging *j, struct criterion_result *r, struct score *t, const struct slot_line *line, bool proven)
{
	char at[TIME_TEXT], number[24];
	struct label label[2] = {{SV("slot"), {NULL, 0}}, {SV("status"), sv_of(line->status)}};
	const struct labels labels = {label, 2};
	struct sb text = {0};

	snprintf(number, sizeof(number), "%" PRId64, line->number);
	label[0].value = sv_of(number);
	sb_addf(&text, "#%s (%s) %s", number, time_text(line->scheduled, at), sv_is(sv_of(line->status), "unknown")
	    ? "not told of" : sv_is(sv_of(line->status), "unclear") ? "ended with no verdict that is known:" : line->status);
	if (sv_is(sv_of(line->status), "cut off") || sv_is(sv_of(line->status), "unclear"))
		sb_addf(&text, "%s \"%" SV_FMT "\"", sv_is(sv_of(line->status), "unclear") ? "" : " after", SV_ARG(sv_head(line->text, 120)));
	if (t->proven + t->open < LISTED)
		sb_addf(&t->bad, "%s%s", t->bad.n > 0 ? "; " : "", sb_str(&text));
	if (proven) {
		t->proven++;
		result_finding(j, r, &labels, sb_sv(&text));
	} else {
		t->open++;
		t->unclear += sv_is(sv_of(line->status), "unclear");
	}
	sb_free(&text);
}

static void
dispute(struct judging *j, struct criterion_result *r, const struct slot_run *run, int64_t number)
{
	char at[TIME_TEXT];
	struct arena *a = j->arena;

	judge_contradict(j,
	    arena_fmt(a, "criterion/%" SV_FMT "/slot-%" PRId64, SV_ARG(r->criterion->id), number), run->source,
	    arena_fmt(a, "One artifact says that the run of %s passed, another that it failed (%" SV_FMT ").",
		time_text(run->t, at), SV_ARG(run->source)));
}

/* last: no run is later. One that broke off there may be under way: its log may have been copied meanwhile. */
static void
take_slot(struct judging *j, struct criterion_result *r, struct score *t, const struct slot *s, int64_t number,
    const struct slot_run *last)
{
	const struct slot_run *run = s->run != NULL ? s->run : s->stands_in;
	struct slot_line *line = &r->slot[number - 1];
	int64_t off;

	*line = (struct slot_line){.number = number, .scheduled = s->t, .ran = run != NULL ? run->t : TIME_NONE,
	    .status = status_of(s)};
	if (run != NULL) {
		line->text = arena_sv(j->arena, run->text);
		line->source = arena_sv(j->arena, run->source);
		if (run->disputed)
			dispute(j, r, run, number);
	}
	if (s->run != NULL && run->status == SLOT_DONE) {
		off = run->t < s->t ? s->t - run->t : run->t - s->t;
		t->worst = off > t->worst ? off : t->worst;
		t->met++;
	} else if (s->stands_in != NULL) {
		t->stood_in++;
	} else {
		count_bad(j, r, t, line, s->run != NULL ? run->status == SLOT_FAILED || (run->status == SLOT_CUT && run != last) : s->told);
	}
}

static const char *
plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

static void
decide(struct judging *j, struct criterion_result *r, const struct score *t, const struct slots *s, const struct plan *p)
{
	struct arena *a = j->arena;
	int64_t other = 0;
	const char *done, *stood = "", *more = "";
	size_t i;

	for (i = 0; i < s->n_runs; i++)
		other += !s->run[i].used;
	if (t->stood_in > 0)
		stood = arena_fmt(a, " For %" PRId64 " of them another run stands in.", t->stood_in);
	if (other > 0)
		more = arena_fmt(a, " %" PRId64 " other run%s of no slot.", other, plural(other));
	done = arena_fmt(a, "%" PRId64 " of %zu %" SV_FMT "s were carried out", t->met + t->stood_in, s->n, SV_ARG(p->slots.result));
	if (t->proven > 0) {
		r->outcome = OUTCOME_FAIL;
		r->sentence = sv_of(arena_fmt(a, "%s; %s.%s%s", done, sb_str(&t->bad), stood, more));
	} else if (s->n == 0) {
		result_undecided(r, arena_fmt(a, "Not decidable: no slot lies inside %s.", result_over(j, r)),
		    "the right beginning and end of the run");
	} else if (t->open > 0) {
		result_undecided(r, arena_fmt(a, "Not decidable: %s; %s%s.%s%s", done, sb_str(&t->bad),
		    t->unclear == t->open ? "" : "; no log that was read without a problem goes on behind them", stood, more),
		    t->unclear == t->open ? "how they ended" : "the log of what is missing, whole");
	} else if (p->count > 0 && p->count != (int64_t)s->n) {
		result_undecided(r, arena_fmt(a, "Not decidable: %s, but there are to be %" PRId64 " in %s.%s%s", done, p->count,
		    result_over(j, r), stood, more), "the right beginning and end of the run");
	} else {
		r->outcome = OUTCOME_PASS;
		r->sentence = sv_of(arena_fmt(a, "%s, none more than %s off.%s%s", done, figure_length(a, t->worst), stood, more));
	}
}

static int
take_sources(struct judging *j, struct criterion_result *r, const struct slots *s, struct err *e)
{
	struct sources *list = sources_new();
	size_t i, colon;
	int rc;

	for (i = 0; i < s->n_runs; i++) {
		for (colon = s->run[i].source.n; colon > 0 && s->run[i].source.p[colon - 1] != ':'; colon--)
			;
		sources_name(list, sv_head(s->run[i].source, colon > 0 ? colon - 1 : 0));
	}
	rc = sources_list(list, j, r, e);
	sources_free(list);
	return rc;
}

static int
judge_span(struct judging *j, struct criterion_result *r, const struct plan *p, struct span span, struct slots *s,
    struct err *e)
{
	struct score t = {0};
	size_t i;

	if (slots_read(j, &p->slots, span, s, e) < 0 || slots_assign(j, &p->slots, span, s, e) < 0)
		return -1;
	r->slot = arena_new(j->arena, s->n, sizeof(*r->slot));
	r->n_slots = s->n;
	for (i = 0; i < s->n; i++)
		take_slot(j, r, &t, &s->slot[i], (int64_t)i + 1, s->n_runs > 0 ? &s->run[s->n_runs - 1] : NULL);
	figure_count(j->arena, &r->observed, result_id(j, r, "observed"), (double)(t.met + t.stood_in));
	figure_count(j->arena, &r->required, result_id(j, r, "required"), (double)(p->count > 0 ? p->count : (int64_t)s->n));
	figure_count(j->arena, &r->margin, result_id(j, r, "margin"), (double)(t.met + t.stood_in) - r->required.value);
	figure_count(j->arena, &r->n, result_id(j, r, "n"), (double)s->n_runs);
	decide(j, r, &t, s, p);
	sb_free(&t.bad);
	return take_sources(j, r, s, e);
}

int
schedule_slots_judge(struct judging *j, struct criterion_result *r, struct err *e)
{
	const struct span *span;
	struct slots s = {0};
	struct plan p;
	size_t n;
	int rc;

	result_open(j, r, "times of the day, each met by the nearest run within the tolerance, one each", "count");
	if (read_plan(j->arena, r->criterion->spec, &p, e) < 0)
		return -1;
	if ((rc = result_window(j, r, &span, &n, e)) <= 0)
		return rc;
	if (n != 1) {
		result_undecided(r, "Not decidable: its window has more than one part.", "a window of one part");
		return 0;
	}
	rc = judge_span(j, r, &p, span[0], &s, e);
	slots_free(&s);
	return rc;
}
