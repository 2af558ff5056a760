/*
 * package - what one of our packages must have besides being a valid bag: everything pinned by the tag manifest, names that
 * travel, nothing to be fetched; and where its parts are.
 */
#ifndef SOAK_PACK_PACKAGE_H
#define SOAK_PACK_PACKAGE_H

#include "pack/contents.h"
#include "pack/inspect.h"

#define PACKAGE_APPROVALS "approvals/"
#define PACKAGE_STATEMENT "statement.intoto.jsonl"
#define PACKAGE_TAGMANIFEST "tagmanifest-sha256.txt"
#define PACKAGE_VERDICT "data/verdict.json"
#define PACKAGE_COLLECT "data/collect.json"
#define PACKAGE_PROFILE "data/profile.yaml"

/* For contents_opts.keep: tag files, approvals, the statement, the verdict, what was collected, the profile. */
bool package_keep(void *ctx, struct sv name, int64_t size);

/* inspect_bag() and what we ask besides. 0, or -1 for trouble of ours. */
int package_inspect(const struct contents *c, struct findings *f, struct err *e);

/* The value of the one line of that label in bag-info.txt; empty when it is not there. Borrowed from c. */
struct sv package_info(const struct contents *c, const char *label);

#endif
