/*
 * approval - what one person says of one package: approval.json, read and written; and what must be waived for a GO.
 *
 * The signature is over the file's bytes, so they are never written twice: who verifies hands on what was verified.
 */
#ifndef SOAK_PACK_APPROVAL_H
#define SOAK_PACK_APPROVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/doc.h"

#define APPROVAL_SCHEMA "soakproof-approval/1"
#define APPROVAL_MAX_BYTES ((int64_t)1 << 20)

struct waiver {
	struct sv item;   /* a criterion, evidence/ID, "contradictions" or "decision" */
	struct sv reason, owner, ticket;
	int64_t expires;
};

struct approval {
	const char *file; /* for messages */
	bool approve;     /* else REJECT */
	struct sv role, principal, package, decision, comment;
	int64_t time, expires;
	struct sv tagmanifest, verdict, policy; /* SHA-256, hex */
	struct waiver *waiver;
	size_t n_waivers;
};

/* Strict: each key known, each there, times in order. The struct is the arena's. NULL with e set. */
struct approval *approval_parse(struct arena *a, const char *file, struct sv text, struct err *e);
void approval_write(const struct approval *p, struct sb *out);

/* A name for its file: letters, digits, '-', '.', '@', '_' only: "approvals/ROLE--PRINCIPAL.json". */
char *approval_file(struct arena *a, struct sv role, struct sv principal);

/*
 * Waivers as people write them: YAML, a list of {item, reason, owner, expires, ticket}. 0 or -1.
 */
int waivers_parse(struct arena *a, const char *file, struct sv text, struct waiver **out, size_t *n, struct err *e);

/*
 * What stands between this verdict and a GO, each item to be waived by name; none for a verdict that is PASS. A verdict that is
 * not read to its end is an error. Owned by the arena.
 */
int approval_open_items(struct arena *a, const struct doc *verdict, struct sv **out, size_t *n, struct err *e);

/*
 * Is each item waived, by somebody else than the approver, and not expired at now? NULL, or the first thing that is
 * wrong, in the arena.
 */
const char *approval_waivers_lack(struct arena *a, const struct approval *p, const struct sv *item, size_t n, int64_t now);

#endif
