/*
 * signers - an allowed_signers file (ssh-keygen(1), "ALLOWED SIGNERS") read more strictly than OpenSSH does, and what an SSH
 * signature says of itself (PROTOCOL.sshsig).
 *
 * ssh-keygen decides whether a signature is good. This finds what it lets pass: lines without namespaces, wildcards, one
 * key under two names, dates in local time; and it can say why a signature was not accepted, where ssh-keygen is silent.
 */
#ifndef SOAK_PACK_SIGNERS_H
#define SOAK_PACK_SIGNERS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct signer {
	struct sv principal, namespaces, type, key; /* key: base64, as it stands there */
	int64_t after, before;                       /* TIME_NONE: not stated */
	int line;
};

struct signers {
	struct signer *v;
	size_t n;
};

/*
 * -1 with e set ("file:line: what"): a line that OpenSSH would skip; several principals or a wildcard in one line, no
 * namespaces, a certificate authority, an unknown option, a date without 'Z', a key or principal that stands there twice.
 */
int signers_parse(struct arena *a, const char *file, struct sv text, struct signers *out, struct err *e);

struct sshsig {
	struct sv key;       /* base64 of the public key */
	struct sv namespace_;
	char fingerprint[64]; /* "SHA256:..." as ssh-keygen prints it */
};
/* Of the armoured signature; exactly one, nothing behind it. -1 with e set. Owned by the arena. */
int sshsig_parse(struct arena *a, struct sv text, struct sshsig *out, struct err *e);

#endif
