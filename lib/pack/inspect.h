/*
 * inspect - is this bag complete and valid (RFC 8493 3, versions 0.93 to 1.0), and if not, what exactly is wrong?
 *
 * Any bag of anybody; what our own packages must have besides is package.c's part.
 */
#ifndef SOAK_PACK_INSPECT_H
#define SOAK_PACK_INSPECT_H

#include "pack/contents.h"

struct bag_fault {
	bool error;         /* else a warning */
	const char *reason; /* its name: "file-changed" */
	const char *text;   /* one line, fit to be shown */
};

struct findings {
	struct arena arena;
	VEC(struct bag_fault) item;
	size_t errors;
};

#define FINDINGS_MAX 1000 /* what more there are is only counted */

void findings_add(struct findings *f, bool error, const char *reason, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* An error that begins with its reason's name, as contents.h gives them. */
void findings_err(struct findings *f, const struct err *e);
void findings_free(struct findings *f);

/* Does inspect_bag() need this file's bytes? For contents_opts.keep; ctx is not used. */
bool inspect_keep(void *ctx, struct sv name, int64_t size);

/*
 * Everything that is wrong with the bag goes to f: it is valid when there are no errors. Other algorithms than SHA-256
 * cost a second reading. 0, or -1 for trouble of ours (ERR_SYS).
 */
int inspect_bag(const struct contents *c, struct findings *f, struct err *e);

/* Warnings about names: twins but for case or Unicode form, desktops' files (part of inspect_bag()). */
void inspect_names(const struct contents *c, struct findings *f);
/* Those that Windows cannot have: of a package an error of package.c's, of anybody's bag a warning. */
void inspect_windows(const struct contents *c, struct findings *f);

#endif
