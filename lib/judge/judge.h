/*
 * judge - evidence, criteria, claims: numbers in, a verdict out. No files, no clock.
 *
 * docs/rules.md says what each word means. A criterion kind is one file, kind_NAME.c, found by the Makefile
 * like the readers. All that a verdict holds is owned by its arena.
 */
#ifndef SOAK_JUDGE_JUDGE_H
#define SOAK_JUDGE_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/when.h"
#include "profile/profile.h"
#include "promql/promql.h"
#include "store/store.h"

#define VERDICT_SCHEMA 1 /* of verdict.json; docs/verdict.md */

enum outcome { OUTCOME_PASS, OUTCOME_WARN, OUTCOME_FAIL, OUTCOME_WAIVED, OUTCOME_INCONCLUSIVE };
/* "PASS", "WARN", "FAIL", "WAIVED", "INCONCLUSIVE" */
const char *outcome_text(enum outcome o);

/*
 * A number that is printed somewhere. The id is made from its meaning and stable between runs:
 * "criterion/success-rate/observed".
 */
struct figure {
	struct sv id;
	bool known;       /* false: not measured; value is NaN and text "n/a" */
	double value;
	struct sv text;   /* as people read it: "99.44 %" */
	struct sv unit;   /* "ratio", "count", "seconds", "" */
	struct sv query;  /* what it was computed from: selectors, expression; "" */
};

/* Half-open in the direction of counters: increases over (from, to]. */
struct span {
	int64_t from, to;
};
/* Does t lie in one of them? Their ends count, too: an event at the start of a window is in it. */
bool span_has(const struct span *v, size_t n, int64_t t);

/* How much of a window the evidence covers: docs/rules.md 11-16. */
struct coverage {
	int64_t window;     /* length, ms */
	int64_t covered;    /* ms of it between samples that both lie inside */
	int64_t first, last; /* first and last sample used, TIME_NONE none */
	int64_t samples;    /* scrapes used */
	int64_t longest_gap; /* between two used scrapes, ms */
	int64_t restarts;
	int64_t unseen_min, unseen_max; /* ms around restarts that no sample saw: "at least" is said when restarts > 0 */
	int64_t expected;    /* scrapes there should be by how far apart they usually are; 0: not known */
	int64_t pending;     /* ms after the last sample of a run that goes on: not seen yet, not unseen */
	int64_t hidden;      /* ms of covered that restarts may have hidden from the target worst off: no pass rests on them */
};

/* One of the things that make a criterion fail, where it can tell them apart. */
struct finding {
	struct labels labels; /* a waiver matches these: alarm="order-dlq" */
	struct sv text;
	const struct profile_waiver *waiver; /* that covers it; NULL none */
};

struct slot_line { /* what was to be done by the clock, and what became of it */
	int64_t number;         /* from 1 */
	int64_t scheduled, ran; /* ran TIME_NONE: it was not */
	const char *status;     /* "complete", "failed", "cut off", "unclear", "missing", "skipped" (another run stands for it), "unknown" */
	struct sv text, source; /* what it said last; "file:line" */
};

struct criterion_result {
	const struct profile_criterion *criterion;
	enum outcome outcome;
	struct figure observed, required, margin, n, cover; /* cover: ratio of the window */
	bool has_coverage;
	int64_t excluded;  /* ms of the run that its window leaves out */
	int64_t warm_up;   /* ms at the window's begin that the criterion states as warm-up: chosen, so not left out */
	struct coverage coverage;
	struct figure demonstrated; /* of a success ratio: what it is at least, with 95 % confidence; no id: not of this kind */
	struct sv confidence;      /* the same in words; or "" */
	bool at_least;     /* a lower bound: something was hidden by a restart */
	struct sv method;  /* "exact counter increases, resets added" */
	struct sv sentence; /* for a manager */
	struct sv settle;  /* INCONCLUSIVE: what evidence would settle it */
	struct finding *finding; /* see result_finding() */
	size_t n_findings;
	bool looked_at;       /* at one moment: at */
	int64_t at;
	bool manual;          /* it rests on what a person stated */
	bool touched;         /* a waiver covers some of it */
	enum outcome before;  /* WAIVED: what it would be */
	struct sv *sources; /* names of the artifacts it rests on */
	size_t n_sources;
	struct sv torn;     /* the first of the logs that gave it its samples and was not read whole; "" none */
	struct slot_line *slot; /* of a schedule of results */
	size_t n_slots;
};

struct evidence_result {
	struct sv id, title, sentence;
	bool present, optional;
	int64_t expected, found; /* snapshots, files */
	struct sv *missing;      /* names, each with why: "soak-h5.prom: empty file" */
	size_t n_missing;
	struct sv *brief;        /* the same with runs of one reason drawn together, for people */
	size_t n_brief;
};

enum claim_state { CLAIM_EXPLAINED, CLAIM_CONTRADICTED, CLAIM_UNDECIDED, CLAIM_NOT_AUDITED };
/* "explained", "contradicted", "undecided", "not audited" */
const char *claim_state_text(enum claim_state c);

struct claim_result {
	struct sv id, path, source; /* source "soak-summary.json:9" */
	struct sv claimed;          /* as printed */
	struct figure recomputed;
	enum claim_state state;
	struct sv definition, because, sentence;
};

struct contradiction { /* on page one of the report */
	struct sv id, sentence, source;
};

struct rate_result { /* docs/rules.md 18 */
	struct sv title, matcher;
	struct figure rate, good, total;
};

/* One step of a rate over time, for charts: over (from, to]; total 0 or !known is a gap. */
struct rate_step {
	int64_t from, to;
	double good, total;
	bool known;
	bool restart; /* a process restart lies inside */
};
struct rate_series { /* per sli criterion with a ratio */
	struct sv criterion;
	double objective; /* NaN: none */
	struct rate_step *step;
	size_t n;
};

struct window_result {
	struct sv name, source;
	struct span *span; /* none: its events were not found */
	size_t n;
	bool rest;   /* it is the run without something else */
	bool manual; /* a person, and no artifact, says when it was */
};

struct mark { /* an event worth showing on a chart or in the report */
	int64_t t;
	struct sv name, source;
	bool manual; /* a person says so */
};

struct problem_line { /* what was wrong with the artifacts */
	struct sv source, severity, text;
	int64_t line;
	bool placing; /* it is about when a snapshot was taken */
};
struct input_line {
	struct sv name, format, sha256, time_source, time_why;
	struct sv format_sha256; /* of the format's text; "" for what is read by code */
	int64_t size, items, time, first, last;
	bool complete, recognised, superseded;
	bool untimed; /* carries no times inside: it needs one from outside */
};

struct waiver_result {
	const struct profile_waiver *waiver;
	bool used;
	struct sv why; /* not used: why not */
};

struct attestation_result {
	const struct profile_attestation *attestation;
	bool used;
	struct sv why;
};

struct notes_question;
struct notes_answer;
enum question_state { QUESTION_READY, QUESTION_NOT_READY, QUESTION_NOT_APPLICABLE, QUESTION_MISSING };
struct question_result {
	const struct notes_question *question;
	enum question_state state;
	const struct notes_answer *answer; /* NULL: none that counts */
};

struct notes_result {
	struct sv why;     /* what was written does not count, because; "" */
	struct sv *missing; /* what the profile asks for and is not there: no pass without it */
	size_t n_missing;
	struct sv *denied; /* required questions answered with no: each fails the run */
	size_t n_denied;
	struct question_result *question;
	size_t n_questions;
};

struct checklist_box;
enum box_state { BOX_TICKED, BOX_UNTICKED, BOX_WAIVED, BOX_UNKNOWN };
struct box_result {
	const struct checklist_box *box;
	enum box_state state;
	struct sv why;
};
struct checklist;
struct budget_result; /* judge/budget.h */
struct checklist_result {
	const struct checklist *list;
	struct box_result *box; /* list->n */
};

/* The share of all weights that passed: docs/rules.md 19. */
struct score_result {
	bool asked;            /* the profile has a score */
	enum outcome outcome;
	struct figure observed; /* what nobody can take away: INCONCLUSIVE adds nothing */
	struct figure possible; /* were all that is INCONCLUSIVE to pass */
	struct figure required, warn;
	struct sv sentence;
};

struct verdict {
	struct arena arena;
	const struct profile *profile; /* borrowed */
	struct when_run run;
	bool cut;             /* so_far: the run goes on; run.end is how far it is known */
	int64_t planned_end;  /* cut: when it should end; TIME_NONE unknown */
	enum outcome outcome;  /* PASS, FAIL or INCONCLUSIVE */
	struct sv decision;    /* "GO", "GO WITH WAIVERS", "NO-GO", "INCONCLUSIVE" */
	struct sv headline;    /* one sentence: why */
	struct sv *reasons;    /* the list behind it, most important first */
	size_t n_reasons;
	struct criterion_result *criteria;
	size_t n_criteria;
	struct score_result score;
	int64_t now;          /* by which waivers expire; TIME_NONE unknown */
	struct sv now_source; /* "--now", "SOURCE_DATE_EPOCH", "the end of the run" */
	struct waiver_result *waivers;
	size_t n_waivers;
	struct attestation_result *attestations;
	size_t n_attestations;
	struct notes_result notes;
	struct checklist_result *checklists;
	size_t n_checklists;
	struct budget_result *budgets; /* of the profile's slos */
	size_t n_budgets;
	struct evidence_result *evidence;
	size_t n_evidence;
	struct claim_result *claims;
	size_t n_claims;
	struct contradiction *contradictions;
	size_t n_contradictions;
	struct rate_result *rates;
	size_t n_rates;
	struct rate_series *series;
	size_t n_series;
	struct window_result *windows;
	size_t n_windows;
	struct mark *marks; /* restarts, single events; not those that come by the dozen */
	size_t n_marks;
	struct problem_line *problems;
	size_t n_problems;
	struct input_line *inputs;
	size_t n_inputs;
	bool misplaced; /* the counters contradict when snapshots are said to have been taken (rule 2) */
};

struct judge_opts {
	int64_t start; /* --start; TIME_NONE */
	bool has_now;  /* false: now is the end of the run */
	int64_t now;   /* docs/rules.md 20 */
	const char *now_source; /* who says so; NULL: --now */
	bool so_far;   /* --so-far: the run may still go on; it is judged up to the last thing that the store knows */
	bool strict;   /* --strict: a WARN is a failure */
	struct store *baseline; /* the run to compare with, borrowed; NULL: none */
	bool server;   /* the store holds what a Prometheus-compatible server told, and nothing else: docs/rules.md 23 */
};

/*
 * Judges what is in the store. 0 with *v filled in (whatever the verdict is), -1 with e set when the profile cannot be
 * judged (a selector that does not parse, an unknown window: file:line:col). Free *v either way.
 */
int judge_run(struct store *s, const struct profile *p, const struct judge_opts *o, struct verdict *v, struct err *e);
void verdict_free(struct verdict *v);

/*
 * Checks a profile without a store, or (s != NULL) also whether its selectors match something there. Calls
 * say(ctx, text) per finding ("file:line:col: ..."). Number of errors, 0 fine.
 */
int judge_lint(const struct profile *p, struct store *s, void (*say)(void *ctx, const char *text), void *ctx);

/* Can a criterion of that kind be judged by what a Prometheus-compatible server holds? */
bool judge_on_server(struct sv kind);

/* 0 PASS, 1 FAIL, 3 INCONCLUSIVE. */
int verdict_exit(const struct verdict *v);

/* verdict.json, schema VERDICT_SCHEMA (docs/verdict.md). Appends. */
void verdict_json(const struct verdict *v, struct sb *out);
/*
 * The same as a list of what was judged, the decision first; strict as in judge_opts. All append, and escape what comes from
 * artifacts for where it goes: JUnit XML, Markdown, workflow commands of GitHub Actions, a table with a header.
 */
void verdict_junit(const struct verdict *v, bool strict, struct sb *out);
void verdict_md(const struct verdict *v, bool strict, struct sb *out);
void verdict_github(const struct verdict *v, bool strict, struct sb *out);
void verdict_tsv(const struct verdict *v, bool strict, struct sb *out);
/* For a terminal of that many columns; colour: ANSI. Appends. Everything from artifacts is cleaned. */
void verdict_text(const struct verdict *v, int columns, bool colour, struct sb *out);

#endif
