/*
 * statement - the package's verdict as in-toto Statements v1 (github.com/in-toto/attestation), over the tag manifest's digest.
 *
 * Two JSON lines: the test-result predicate, which programs of others know (it has no "inconclusive": that is FAILED
 * there), and our own with the verdict as it is. Nothing in them is not in the package: they can be made again.
 */
#ifndef SOAK_PACK_STATEMENT_H
#define SOAK_PACK_STATEMENT_H

#include "base/doc.h"
#include "base/err.h"

#define STATEMENT_TEST_RESULT "https://in-toto.io/attestation/test-result/v0.1"
#define STATEMENT_VERDICT "urn:soakproof:verdict:1"

/*
 * Appends both lines. name: the package's. collect: data/collect.json, NULL when there is none: a package that lacks what the profile asks
 * for says so, and is no PASSED. -1 with e set: not a verdict.
 */
int statement_write(const struct doc *verdict, const struct doc *collect, struct sv name, const char *tagmanifest_sha256, struct sb *out, struct err *e);

#endif
