/*
 * slo - what a run says of a service level objective: exact counts, burn over each window, which alerts would have fired.
 *
 * Knows counters and SLOs; what cannot be counted exactly, or lies in windows longer than the data, is said and not
 * guessed. A run never says that a budget is untouched.
 */
#ifndef SOAK_JUDGE_SLO_H
#define SOAK_JUDGE_SLO_H

#include "judge/kind.h"
#include "judge/slo_math.h"
#include "judge/sources.h"

#define SLO_CONFIDENCE 0.95

/* Burn over one of the windows, at each end of an interval between samples. */
struct slo_window {
	int64_t length;
	bool evaluable;  /* it fits into what is covered, and samples are close enough */
	struct sv why;   /* if not */
	double max;      /* NaN: no traffic at any time */
	int64_t max_at;
	double last;     /* at the end */
};

struct slo_alert {
	const struct slo_pair *pair;
	bool evaluable;
	struct sv why;      /* if not */
	struct span *fired; /* [from, to) */
	size_t n;
	bool still;         /* the last one until the end */
};

struct slo_result {
	const struct slo *slo;
	struct sv why;        /* it cannot be measured, because; "" it can */
	double total, good, bad; /* events, over the covered time */
	struct slo_ratio ratio;  /* by the SLO's method: the compliance */
	size_t slices, unseen;   /* of time; unseen: no sample says what happened */
	struct coverage coverage;
	bool at_least;        /* a restart hid some */
	double burn, burn_upper; /* over what was covered; upper: 95 %, exact, NaN where that does not apply */
	double allowed;       /* bad ones (events or slices) that the run itself may have */
	double spent;         /* of the period's budget, if it goes on so */
	double lasts;         /* ms until that is used up at this rate; infinite: nothing was bad */
	double demonstrated;  /* the compliance is at least that, with 95 % confidence; NaN */
	struct slo_window *window;
	size_t n_windows;
	struct slo_alert *alert;
	size_t n_alerts;
};

/* Can the SLO's texts be counted? 0, or -1 with why ("... is not a sum of counters"). */
int slo_check(const struct slo *o, struct err *e);
/* Over the spans. Memory from r->arena. 0 or -1 for trouble. */
int slo_measure(struct increase_run *r, const struct slo *o, const struct span *span, size_t n, struct slo_result *out,
    struct err *e);

/* What cannot be measured, because. */
void slo_without(struct slo_result *out, const struct slo *o, struct sv why);

/* Met in the run: true, when it could be measured. */
bool slo_met(const struct slo_result *r);
/* How many alerts would have fired. */
size_t slo_fired(const struct slo_result *r);

/* --- slo_show.c: all append, cleaned --- */
void slo_show_text(const struct slo_result *r, size_t n, double min_coverage, struct sb *out);
void slo_show_tsv(const struct slo_result *r, size_t n, struct sb *out);
void slo_show_json(const struct slo_result *r, size_t n, double min_coverage, struct sb *out);
/* "30-day", "1 h 30 min"; "1h/5m burn above 14.4" */
void slo_period_text(int64_t period, struct sb *out);
void slo_pair_text(const struct slo_pair *p, struct sb *out);
/* "36 h observed of a 30-day window (5 %). Burn 2.00 (95 % upper 2.08): ..." Appends. */
void slo_sentence(const struct slo_result *r, struct sb *out);

/* --- slo_count.c --- */
/* What happened in one interval between samples. */
struct slo_unit {
	int64_t from, to;
	double total, bad;
};
struct slo_units {
	struct slo_unit *v;
	size_t n;
	bool known;
	struct sv why; /* not known, because */
	struct coverage coverage;
	bool at_least;
};
/* Counts total and bad (total - good) of each interval, in order of its end. Owned by r->arena. 0 or -1. */
int slo_count(struct increase_run *r, const struct slo *o, const struct span *span, size_t n, struct slo_units *out,
    struct err *e);
/* Sorts v by its ends, and puts what is of the same interval together: how many are left. */
size_t slo_unite(struct slo_unit *v, size_t n);
/* sloth's window: {{.window}} and {{ .window }} become 5m. Owned by the arena. */
struct sv slo_without_window(struct arena *a, struct sv text);
/* The artifacts that its counters come from become r's sources. 0 or -1. */
int slo_sources(struct judging *j, struct criterion_result *r, const struct slo *o, int64_t from, int64_t to, struct err *e);

/* --- slo_value.c: what is no count but a value at each time: thresholds, ratios that somebody else made --- */
/* o->raw as an expression; NULL with e set when it is none, or not one of numbers. */
const struct pq_expr *slo_value_parse(struct arena *a, const struct slo *o, struct err *e);
/*
 * A unit for each sample of a selector, which lasts from the sample before it (at most two intervals), and for each value of
 * another expression, evaluated every minute (with {{.window}} in it every 5 minutes): 1 in all, and bad as the value says.
 */
int slo_value_count(struct increase_run *r, const struct slo *o, const struct span *span, size_t n, struct slo_units *out, struct err *e);
int slo_value_sources(struct sources *s, struct judging *j, const struct slo *o, int64_t from, int64_t to, struct err *e);

#endif
