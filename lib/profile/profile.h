/*
 * profile - the users' YAML as structs: what the run is, what must be there, what counts as passed.
 *
 * The profile knows names, patterns and expressions as text with their place in the file; it does
 * not know whether they match anything. Every unknown key is an error with file:line:col.
 * docs/profile.md is the reference. All memory is the profile's own.
 */
#ifndef SOAK_PROFILE_PROFILE_H
#define SOAK_PROFILE_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/daily.h"
#include "base/doc.h"
#include "base/err.h"
#include "base/labels.h"
#include "base/time.h"

/* A moment that the evidence decides: docs/rules.md 5 and 6a. */
enum profile_when_kind {
	WHEN_NONE,  /* not stated */
	WHEN_TIME,  /* a literal time (operands only: shipped profiles have no dates) */
	WHEN_EVENT, /* {event: NAME-or-prefix, pick: first|last}, or the bare name */
	WHEN_FACT,  /* {artifact: run-metadata.json, path: started_at} */
	WHEN_SLOT,  /* {result: checkpoint, at: ["02:00", ...], tolerance: 1h}: the time of day the first such result was meant for; or of a {sample: METRIC} */
	WHEN_EXPR,  /* "run.start + ({hour} + 1) * 1h" */
};
enum profile_pick { PICK_ONLY, PICK_FIRST, PICK_LAST };

struct profile_when {
	enum profile_when_kind kind;
	const struct doc *at; /* where it stands */
	int64_t time;
	struct sv event; /* may hold {captures} of the file pattern */
	enum profile_pick pick;
	struct sv artifact, path;
	struct sv expr;
	struct sv result, suite;   /* kind of results, glob of their suite (empty any) */
	struct sv sample;          /* or a metric */
	const struct daily *daily; /* of a slot */
	int64_t tolerance;
	int64_t unit; /* a fact that is a duration without unit: milliseconds of one (unit: 1h) */
};

struct profile_window {
	struct sv name;
	struct profile_when from, to;
	struct sv not_window; /* {not: chaos}: the run without that window; else empty */
	const struct doc *at;
};

/* Files without times inside, and when each was taken. */
struct profile_snapshots {
	struct sv file;           /* pattern with {captures}, which match digits: "soak-h{hour}.prom" */
	struct profile_when time; /* WHEN_EXPR or WHEN_EVENT */
	int64_t every;            /* TIME_NONE: not stated */
	int64_t count;            /* how many there must be; at least 1 */
	int64_t first;            /* the first capture's value of the first one, default 0 */
	struct sv target;         /* "" by default: all snapshots are of one target */
	const struct doc *at;
};

enum profile_evidence_kind {
	EVIDENCE_SNAPSHOTS,
	EVIDENCE_FILE,    /* file: GLOB: at least one such artifact, read to its end, not empty */
	EVIDENCE_SAMPLES, /* samples: {file: GLOB, every: 1m}: a file with times inside that covers the run */
	EVIDENCE_ANY,     /* any: [...]: one of the children suffices */
	EVIDENCE_ALL,     /* all: [...] */
};

struct profile_evidence {
	enum profile_evidence_kind kind;
	struct sv id, title; /* derived from the file when not stated */
	bool optional;
	struct profile_snapshots snapshots;
	struct sv file;
	int64_t every;
	struct profile_evidence *child;
	size_t n;
	const struct doc *at;
};

struct profile_collect { /* what belongs in a package */
	struct sv file;  /* glob */
	bool required;   /* a file that is not empty must be there */
	const struct doc *at;
};

struct profile_input { /* labels for series whose source has none: docs/rules.md 9 */
	struct sv file; /* glob */
	struct labels labels;
	struct sv target;
};

struct profile_quantity { /* a name for the exact increase of a selector over the run */
	struct sv name, selector;
	const struct doc *at;
};

/* How a claim of an artifact comes about: docs/rules.md 17. */
struct profile_claim {
	struct sv path;    /* "success_rate"; or empty: then "check" says what must hold among claims */
	struct sv check;   /* "totals.ok + totals.fail", compared with equals */
	struct sv file;    /* glob, "" any */
	struct sv equals;  /* expression over quantities, run facts and other claims; "" = only explained */
	struct sv because; /* the sentence for the report */
	const struct doc *at;
};

/* Does the placing in time agree with what the counters say: docs/rules.md 2. */
struct profile_crosscheck {
	struct sv series;
	bool starts_at_run;             /* {starts: run}: stands at 0 when the run starts */
	struct profile_when not_before; /* its first increase may not end before this */
	const struct doc *at;
};

/* Compares an observed value with what is required. */
enum profile_op { OP_NONE, OP_LT, OP_LE, OP_GE, OP_GT, OP_EQ };
struct profile_objective {
	enum profile_op op; /* a bare ratio means >= */
	double value;
	bool ratio;         /* written as 97% (value is 0.97) or as a fraction of an sli */
	struct sv text;     /* as written */
	const struct doc *at;
};

/* Is the measured ratio what counts, or what it proves (docs/rules.md 19)? */
enum profile_mode { MODE_NONE, MODE_OBSERVED, MODE_DEMONSTRATED };

struct profile_criterion {
	struct sv id, title;
	struct sv kind;               /* "sli", "events", ...: the one key that no other key is */
	const struct doc *spec;       /* its value; the judge's kind reads it and refuses unknown keys */
	struct sv over;               /* window name, default "run" */
	bool has_moment;              /* at: start | end (of the window) | WHEN; only for kinds that look at one */
	bool at_start;                /* at: start */
	struct profile_when moment;   /* at: WHEN; WHEN_NONE for start and end */
	struct profile_objective objective, warn;
	bool key, optional;
	double weight;                /* default 1 */
	double min_coverage;          /* 0..1, default 0.95 */
	int64_t min_samples;          /* of what n counts; 0: not stated */
	double max_excluded;          /* 0..1, default 0.25: so much may be left out (exclude, a window with "not") */
	enum profile_mode mode;       /* MODE_NONE: not stated, which is observed */
	bool absent_zero;             /* absent: zero: a metric never seen counts as 0 ... */
	struct sv absent_reason;      /* ... because; required with it */
	struct sv action;             /* what to do when it fails, printed then */
	struct sv section;            /* the part of a report it belongs to: "websocket"; "" by its kind */
	const struct doc *at;
};

/* Somebody accepts what failed or could not be decided: docs/rules.md 20. */
struct profile_waiver {
	struct sv id, criterion;
	struct labels match; /* of what failed; none: the whole criterion */
	struct sv observed, reason, owner, approver, ticket;
	int64_t created, expires;
	const struct doc *at;
};

/* Somebody states by name what no artifact says: docs/rules.md 22. */
struct profile_attestation {
	struct sv criterion, statement, by, role, ticket;
	bool holds;
	int64_t stated;
	const struct doc *at;
};

struct slos;       /* profile/slo.h */
struct notes;      /* profile/notes.h */
struct checklists; /* profile/notes.h */

struct profile_file { /* beside the profile */
	struct sv name, text; /* text.p NULL: not read (profile_parse() reads no files) */
	const struct doc *at;
};

struct profile_chart {
	struct sv id, title, kind, criterion;
	const struct doc *at;
};

struct profile {
	struct arena arena;
	const char *file;      /* as given */
	struct sv text;        /* its bytes, for the package */
	struct sv name, title;
	struct profile_when start, end;
	int64_t duration;      /* TIME_NONE: not stated */
	struct profile_when duration_fact; /* WHEN_FACT, unit set; else WHEN_NONE */
	struct sv zone_name;
	struct time_zone *zone; /* UTC when not stated; never NULL after loading */
	struct sv process_start; /* series; "" = process_start_time_seconds */
	int64_t process_slack;   /* default 10 minutes */
	struct sv good;          /* outcomes.good: a matcher, 'code=~"2..|403"'; "" none */
	struct sv outcome_total; /* outcomes.total: selector; "" = that of the first sli */
	bool contradiction_fails; /* on_contradiction: fail (default) | warn */
	bool has_score;           /* score: {pass: 90%, warn: 75%}: shares of all weights */
	double score_pass, score_warn;
	struct profile_window *windows;
	size_t n_windows;
	struct profile_input *inputs;
	size_t n_inputs;
	struct profile_evidence *evidence;
	size_t n_evidence;
	struct profile_quantity *quantities;
	size_t n_quantities;
	struct profile_claim *claims;
	size_t n_claims;
	struct profile_crosscheck *crosschecks;
	size_t n_crosschecks;
	struct profile_criterion *criteria;
	size_t n_criteria; /* never 0: no criteria is an error (docs/rules.md 19) */
	struct profile_chart *charts;
	size_t n_charts;
	struct profile_waiver *waivers;
	size_t n_waivers;
	struct profile_attestation *attestations;
	size_t n_attestations;
	struct sv waivers_text, attestations_text; /* bytes of the files beside the profile, p NULL: none */
	struct profile_file *rule_files; /* rule_files: of the kind alerts; also read when the profile is found by name */
	size_t n_rule_files;
	struct slos *slos;       /* NULL: none */
	struct notes *notes;     /* what people are asked for, and what they wrote; NULL: neither */
	struct checklists *checklists; /* NULL: none */
	struct profile_collect *collect;
	size_t n_collect;        /* 0: everything belongs in a package, nothing must be there */
	struct sv report_template; /* report: {template: NAME}; "" default */
};

/* Loads text, called file in messages. NULL with e set. Caller frees with profile_free(). */
struct profile *profile_parse(const char *file, struct sv text, struct err *e);
/*
 * Finds and loads a profile by path or bare name: NAME or NAME.yaml in ./ (regular files only), then
 * dir[i]/profiles/NAME.yaml. The error for an unknown name lists the names that exist.
 */
struct profile *profile_find(const char *name, const char *const *dir, size_t n, struct err *e);
/* The names of the profiles below dir[i]/profiles, sorted, each once. Owned by the arena. */
const char **profile_names(struct arena *a, const char *const *dir, size_t n, size_t *count);
/*
 * Adds what a file beside the profile says: {waivers: [...]}, {attestations: [...]}; once each. Its bytes are copied. 0 or -1,
 * then p may only be freed.
 */
int profile_add_waivers(struct profile *p, const char *file, struct sv text, struct err *e);
int profile_add_attestations(struct profile *p, const char *file, struct sv text, struct err *e);
/* What people wrote for the sign-off: {notes: {...}}; once. Its bytes are copied. 0 or -1, then p may only be freed. */
int profile_add_notes(struct profile *p, const char *file, struct sv text, struct err *e);
void profile_free(struct profile *p); /* NULL is fine */

/*
 * Beside a copy of the profile this one file holds its rule files, by name: where one is not there, profile_find() takes it
 * from here.
 */
#define PROFILE_RULE_FILES "rule-files.json"
void profile_rule_files_json(const struct profile *p, struct sb *out);

#define PROFILE_CAPTURES 4
struct profile_captures {
	struct sv name[PROFILE_CAPTURES];
	int64_t value[PROFILE_CAPTURES];
	size_t n;
};
/*
 * Does a file's base name match a pattern with {captures} (each one or more digits, leading zeros allowed)?
 */
bool profile_match(struct sv pattern, struct sv name, struct profile_captures *c);
/* The pattern with {captures} replaced by their values (no padding), e.g. an event's name. Owned by the arena. */
struct sv profile_fill(struct arena *a, struct sv pattern, const struct profile_captures *c);
/* The snapshots rule that a name belongs to, searched through the whole evidence tree; NULL none. */
const struct profile_snapshots *profile_snapshot_rule(const struct profile *p, struct sv name,
    struct profile_captures *c);

/*
 * "97%", "0.97", ">= 1", "< 0.1%", "== 0". 0 or -1 with the node's place. Used for objectives inside a criterion's
 * spec too.
 */
int profile_objective(const struct doc *node, struct profile_objective *o, struct err *e);
/* The named key's text, or "" when absent; not a scalar: -1. */
int profile_text(const struct doc *map, const char *key, struct sv *out, struct err *e);
/* The times of day in map's "at"; owned by the arena. NULL with the node's place. */
const struct daily *profile_daily(struct arena *a, const struct doc *map, struct err *e);
/* Every key of map must be in the NULL-terminated list; else an error that names the nearest known key. 0 or -1. */
int profile_keys(const struct doc *map, const char *const *known, struct err *e);

#endif
