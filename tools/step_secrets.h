/*
 * step_secrets - everything that is about to be packed is searched for secrets: names, contents, members of archives, texts of
 * databases, and what we wrote ourselves.
 */
#ifndef SOAK_TOOLS_STEP_SECRETS_H
#define SOAK_TOOLS_STEP_SECRETS_H

#include <stdbool.h>
#include <stdint.h>

#include "pack/pack.h"
#include "tool.h"

struct step_secrets {
	const char *allow; /* the file with what is allowed; NULL none */
	bool redact;       /* plain files are packed without what was found in them */
	int64_t now;       /* when entries of the allow list must not have expired */
	/* out */
	size_t refused, allowed, listed, not_scanned, redacted;
};

/*
 * Searches p's files. 0: it may be packed, and data/secret-scan.json (and redacted.tsv) are added. 1: it may not; why
 * has been said on stderr, without the secrets. -1 with e set.
 */
int step_secrets(const struct tool *t, struct pack *p, struct step_secrets *in, struct err *e);

#endif
