/*
 * parts - what the files of the profile loader share; nobody else includes it.
 *
 * Every function that returns int gives 0, or -1 with l->e set and the place named.
 */
#ifndef SOAK_PROFILE_PARTS_H
#define SOAK_PROFILE_PARTS_H

#include "profile/profile.h"

#define PART_MAX_ITEMS 1000 /* entries of one list or map of a profile */

struct loader {
	struct profile *p;
	struct err *e;
};

/* --- keys.c: the pieces of a map ------------------------------------------------------ */

/* The error for a key that is not known. -1. */
int part_unknown(const struct doc *c, const char *const *known, struct err *e);
/* text cleaned and cut for a message, owned by the profile. */
const char *part_show(struct loader *l, struct sv text);
/* what says which thing must be a map or a list ("run"). A list has 1 to PART_MAX_ITEMS entries. */
int part_map(struct loader *l, const struct doc *d, const char *what);
int part_list(struct loader *l, const struct doc *d, const char *what);
/* A key that must be there and not be empty; what names the map in the message. */
int part_need(struct loader *l, const struct doc *map, const char *what, const char *key, struct sv *out);
/* Optional ones: *out stays when the key is absent. */
int part_flag(struct loader *l, const struct doc *map, const char *key, bool *out);
int part_whole(struct loader *l, const struct doc *map, const char *key, int64_t min, int64_t max, int64_t *out);
int part_number(struct loader *l, const struct doc *map, const char *key, double *out);
/* A duration above 0. */
int part_duration(struct loader *l, const struct doc *map, const char *key, int64_t *out);
/*
 * A date (2026-01-03: the day's beginning, or with end its end, UTC) or an RFC 3339 time that must be there; what names the map.
 */
int part_instant(struct loader *l, const struct doc *map, const char *what, const char *key, bool end, int64_t *t);
/* Where a key's value stands, or the map when it has no such key. */
const struct doc *part_at(const struct doc *map, const char *key);
/* Is v one of [a-z0-9-]+; and a name as expressions and labels have them, [A-Za-z_][A-Za-z0-9_]*. */
bool part_is_id(struct sv v);
bool part_is_name(struct sv v);

/* --- match.c: patterns with {captures} ------------------------------------------------ */

/* Checks a pattern that stands at d and lists its captures in c (values 0). */
int part_pattern(struct loader *l, const struct doc *d, struct sv pattern, struct profile_captures *c);
/* Does text hold one of the {captures}? */
bool part_uses(struct sv text, const struct profile_captures *c);

/* --- when.c: moments ------------------------------------------------------------------ */

/*
 * A moment that stands at d. c: it is the time of files with these captures (then text is always an
 * expression); NULL: text is an event's name, an RFC 3339 time, or an expression that starts with "run.".
 */
int part_when(struct loader *l, const struct doc *d, const struct profile_captures *c, struct profile_when *w);
/* {artifact: FILE, path: PATH}, with unit (a duration) or without. */
int part_fact(struct loader *l, const struct doc *d, bool unit, struct profile_when *w);

/* --- the sections; root is the whole document ------------------------------------------ */

int part_run(struct loader *l, const struct doc *run);                     /* run.c */
int part_windows(struct loader *l, const struct doc *windows);             /* run.c */
int part_process_start(struct loader *l, const struct doc *process_start); /* run.c */
int part_inputs(struct loader *l, const struct doc *inputs);               /* inputs.c */
int part_outcomes(struct loader *l, const struct doc *outcomes);           /* inputs.c */
int part_rule_files(struct loader *l, const struct doc *files);            /* inputs.c */
int part_slos(struct loader *l, const struct doc *slos);                   /* slo.c */
int part_evidence(struct loader *l, const struct doc *evidence);           /* evidence.c */
int part_quantities(struct loader *l, const struct doc *quantities);       /* claims.c */
int part_claims(struct loader *l, const struct doc *claims);               /* claims.c */
int part_crosscheck(struct loader *l, const struct doc *crosscheck);       /* claims.c */
int part_score(struct loader *l, const struct doc *score);                 /* criteria.c */
int part_share(struct loader *l, const struct doc *map, const char *key, double *out); /* criteria.c: 0..1, as a number or with '%' */
int part_criteria(struct loader *l, const struct doc *root);               /* criteria.c */
/* The criteria that classes stand for, as a list of maps such as stand below "criteria"; empty without "baselines". */
int part_baselines(struct loader *l, const struct doc *root, struct doc **out); /* baselines.c */
/* Are these the definitions of synthetic checks (uptime_checks.yml); and the profile that they come to, or NULL: uptime.c. */
bool part_is_uptime(const struct doc *root);
const struct doc *part_uptime(struct loader *l, const struct doc *root);
int part_waivers(struct loader *l, const struct doc *waivers);             /* waivers.c */
int part_attestations(struct loader *l, const struct doc *attestations);   /* waivers.c */
int part_notes(struct loader *l, const struct doc *notes);                 /* notes.c */
int part_checklists(struct loader *l, const struct doc *checklists);       /* checklists.c */
int part_charts(struct loader *l, const struct doc *charts);               /* charts.c */
int part_report(struct loader *l, const struct doc *report);               /* charts.c */
int part_collect(struct loader *l, const struct doc *collect);             /* collect.c */

#endif
