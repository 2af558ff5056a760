/*
 * soakproof.h - Soakproof for C programs: put artifacts into a store, judge it, ask it in PromQL.
 *
 * The stable face of the library: what stands here keeps its meaning while SOAKPROOF_API is the same, and everything else in
 * libsoakproof.a is private. Link with pkg-config --static --libs soakproof; docs/api.md has a whole program.
 *
 * A session belongs to one thread at a time. The library prints nothing, never exits (but when memory runs out, with a
 * message, status 2), and reads no environment, clock or locale.
 */
#ifndef SOAKPROOF_H
#define SOAKPROOF_H

#ifdef __cplusplus
extern "C" {
#endif

#define SOAKPROOF_API 1

/* What the tools exit with (docs/rules.md 19 to 21): no evidence is never a pass. */
enum soakproof_status {
	SOAKPROOF_PASS = 0,         /* GO, GO WITH WAIVERS; done; an answer */
	SOAKPROOF_FAIL = 1,         /* NO-GO */
	SOAKPROOF_TROUBLE = 2,      /* ours or the caller's: soakproof_error() says what */
	SOAKPROOF_INCONCLUSIVE = 3, /* the evidence cannot tell */
};

enum soakproof_mode {
	SOAKPROOF_READ,  /* the store must exist; nothing of it is written */
	SOAKPROOF_WRITE, /* created when missing, brought to this version's layout when older */
};

struct soakproof;

/* "0.1.0"; static. */
const char *soakproof_version(void);

/*
 * A session with the store at path. templates is the folder with profiles/ and formats/ (where "pkg-config
 * --variable=templates soakproof" points to), NULL: profiles by path only and no declarative formats. Always gives a session,
 * to be closed; whether it opened says soakproof_error() (NULL: yes), and what is called on one that did not is
 * SOAKPROOF_TROUBLE.
 */
struct soakproof *soakproof_open(const char *path, enum soakproof_mode mode, const char *templates);
void soakproof_close(struct soakproof *s); /* NULL is fine */

/* Why the last call was SOAKPROOF_TROUBLE, "where: what" in one line; NULL: it was not. Valid until the next call. */
const char *soakproof_error(const struct soakproof *s);

/*
 * Reads a file, folder or archive into the store, as "soak-ingest -p PROFILE PATH" does; profile (a path, or a name in
 * templates) says zones and file name patterns and may be NULL. One artifact is one transaction, and the same bytes twice change
 * nothing. SOAKPROOF_PASS: it is in the store, with what is broken in it noted there; SOAKPROOF_INCONCLUSIVE: nothing of it could be
 * used, soakproof_error() says why.
 */
enum soakproof_status soakproof_ingest(struct soakproof *s, const char *profile, const char *path);

/*
 * Judges the store by a profile (a path, or a name in templates). format is "json" (docs/verdict.md), "text", "junit", "md" or
 * "tsv"; *out is the verdict so written, for soakproof_free(), NULL when it is TROUBLE. Waivers are looked at by the time at which
 * the run ended.
 */
enum soakproof_status soakproof_judge(struct soakproof *s, const char *profile, const char *format, char **out);

/*
 * The value of a PromQL expression at a time, milliseconds since 1970 UTC; below 0: at the store's last sample. *json is what the
 * HTTP API of Prometheus answers to /api/v1/query, for soakproof_free(), NULL when it is TROUBLE. SOAKPROOF_INCONCLUSIVE (*json is
 * the answer all the same, often empty): nothing in the store was ever called what it selects, or its ranges are too short for the
 * samples there are.
 */
enum soakproof_status soakproof_query(struct soakproof *s, const char *promql, long long time_ms, char **json);

void soakproof_free(char *text); /* NULL is fine */

#ifdef __cplusplus
}
#endif
#endif
