/*
 * life - when targets answered and when their processes began: what births, resets and coverage rest on.
 *
 * docs/rules.md 11 and 12. increase_setup() (increase.h) is here too.
 */
#ifndef SOAK_JUDGE_LIFE_H
#define SOAK_JUDGE_LIFE_H

#include "judge/increase.h"

/* The life of a target, or NULL. r->life is in order of target. */
const struct target_life *life_find(const struct increase_run *r, int64_t target);

/*
 * Settles what the bare readings leave open: process starts at scrapes that did not carry the series, where the
 * neighbours decide them, and zero_start. Called by increase_setup(); once for each life made by hand.
 */
void life_settle(const struct increase_run *r, struct target_life *l);

/* Did the target's process begin in the run, and is it seen from its first scrape on? Then it had nothing to count before. */
bool life_born(const struct increase_run *r, const struct target_life *l);

/* Does the process start differ between scrape i - 1 and scrape i (0 < i < l->n)? */
bool life_restarted(const struct target_life *l, size_t i);

/*
 * What no sample saw of a restart between scrape i - 1 and scrape i, in ms from scrape i - 1: *least to the restart's
 * event, *most to the new process's start; one of them alone counts for both, none of them leaves all open.
 */
void life_unseen(const struct increase_run *r, const struct target_life *l, size_t i, int64_t *least, int64_t *most);

#endif
