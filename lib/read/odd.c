#include "read/odd.h"

#include <inttypes.h>

void
odd_count(struct odd *o, int64_t line)
{
	if (o->n++ == 0)
		o->first = line;
}

int
odd_tell(const struct odd *o, const char *text, enum read_severity sev, const struct read_sink *sink, struct err *e)
{
	struct sb said = {0};
	int rc;

	if (o->n == 0)
		return 0;
	sb_adds(&said, text);
	if (o->n > 1)
		sb_addf(&said, " (%" PRId64 " times, first here)", o->n);
	rc = sink->problem(sink->ctx, o->first, sev, sb_sv(&said), e);
	sb_free(&said);
	return rc;
}
