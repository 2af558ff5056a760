/*
 * when - moments that the evidence decides: the run's start and end, windows, the time of a snapshot.
 */
#ifndef SOAK_INGEST_WHEN_H
#define SOAK_INGEST_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "profile/profile.h"
#include "store/store.h"

/* The run's bounds and where each came from ("event SOAK_TEST_STARTED (soak-events.log:4)"). */
struct when_run {
	int64_t start, end; /* TIME_NONE: unknown */
	struct sv start_source, end_source;
	bool end_planned;   /* end is start + duration because no artifact says when it ended */
	int64_t duration;   /* as planned, TIME_NONE unknown */
};

/*
 * The run's bounds by the profile and the store; start_override (--start) beats the profile, TIME_NONE: none.
 * Texts are owned by the arena. 0, or -1 (a store error, or several matches without pick).
 */
int when_run(struct store *s, const struct profile *p, int64_t start_override, struct arena *a,
    struct when_run *run, struct err *e);

/*
 * One moment. c: captures for {hour} (NULL none). 1 and *t, *why (owned by the arena); 0 when nothing in the store says so (*why
 * says what is missing); -1 on error: several matches without pick, listed.
 */
int when_resolve(struct store *s, const struct profile_when *w, const struct when_run *run,
    const struct profile_captures *c, const struct time_zone *zone, struct arena *a, int64_t *t, struct sv *why, struct err *e);

/* A time in a file's name: "metrics-1795191178.prom", "20260113T060112Z", "2026-01-13T06-01-12Z". False: none or ambiguous. */
bool when_name(struct sv name, const struct time_zone *zone, int64_t *t, struct sv *part);

#endif
