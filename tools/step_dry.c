#include "step_dry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct store *
step_dry_open(struct step_dry *d, const char *db, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	struct store *real;
	int rc = 0;

	sb_addf(&d->folder, "%s/soak-dry-XXXXXX", tmp != NULL && *tmp != '\0' ? tmp : "/tmp");
	if (mkdtemp(d->folder.buf) == NULL) {
		err_set(e, ERR_SYS, "%s: %s", sb_str(&d->folder), strerror(errno));
		sb_reset(&d->folder);
		return NULL;
	}
	sb_addf(&d->path, "%s/run.db", sb_str(&d->folder));
	if (access(db, F_OK) == 0) {
		if ((real = store_open(db, STORE_READ, e)) == NULL)
			return NULL;
		rc = store_copy(real, sb_str(&d->path), e);
		store_close(real);
	}
	return rc < 0 ? NULL : store_open(sb_str(&d->path), STORE_WRITE, e);
}

void
step_dry_end(struct step_dry *d)
{
	if (d->path.n > 0) {
		unlink(sb_str(&d->path));
		sb_adds(&d->path, "-journal");
		unlink(sb_str(&d->path));
	}
	if (d->folder.n > 0)
		rmdir(sb_str(&d->folder));
	sb_free(&d->path);
	sb_free(&d->folder);
}
