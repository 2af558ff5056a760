/*
 * step_ssh - ssh-keygen -Y sign and verify: SSH keys that people have already, agents and FIDO keys included.
 */
#ifndef SOAK_TOOLS_STEP_SSH_H
#define SOAK_TOOLS_STEP_SSH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "pack/policy.h"

/* Signs bytes with the key in that file (private, or public with its agent). Appends the armoured signature. 0 or -1. */
int step_ssh_sign(const char *key, const char *namespace_, struct sv bytes, struct sb *sig, struct err *e);

/*
 * Is sig, of bytes, good for that principal in the policy's namespace at now? 1; 0 with *why set to what ssh-keygen says, in the
 * arena, often nothing; -1 with e set: ssh-keygen cannot be run. What it prints decides as little alone as its exit status:
 * both must say so, and the key's fingerprint must be the one given.
 */
int step_ssh_verify(const struct policy *p, struct sv principal, const char *fingerprint, struct sv sig, struct sv bytes, int64_t now,
    struct arena *a, const char **why, struct err *e);

#endif
