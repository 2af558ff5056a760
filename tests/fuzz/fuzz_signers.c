/* Any bytes as an allowed_signers file, an SSH signature, an approval, a bag's tag file: each is read or refused with a reason. */
#include <stdint.h>
#include <stdlib.h>

#include "pack/approval.h"
#include "pack/signers.h"
#include "pack/tagfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv text = {(const char *)data, size}, rest = text, line, a1, a2, a3;
	struct tag_declaration decl;
	struct arena a = {0};
	struct signers signers;
	struct sshsig sig;
	struct approval *approval;
	struct err e = {0};

	if (signers_parse(&a, "in", text, &signers, &e) < 0 && e.msg[0] == '\0')
		abort();
	e = (struct err){0};
	if (sshsig_parse(&a, text, &sig, &e) < 0 && e.msg[0] == '\0')
		abort();
	e = (struct err){0};
	approval = approval_parse(&a, "in", text, &e);
	if (approval == NULL && e.msg[0] == '\0')
		abort();
	if (approval != NULL) {
		struct sb out = {0};

		/* What is read can be written and is read again. */
		approval_write(approval, &out);
		if (approval_parse(&a, "again", sb_sv(&out), &e) == NULL)
			abort();
		sb_free(&out);
	}
	tag_declaration(text, &decl, &e);
	while (tag_line(&rest, &line)) {
		tag_manifest_line(line, &a1, &a2);
		tag_fetch_line(line, &a1, &a2, &a3);
		if (tag_decode(&a, line, true).n > line.n)
			abort();
		tag_unsafe(line);
	}
	arena_free(&a);
	return 0;
}
