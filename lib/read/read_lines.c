#include "read/read_lines.h"

#include <inttypes.h>

struct sv
read_no_bom(struct sv v)
{
	return sv_starts(v, "\xef\xbb\xbf") ? sv_from(v, 3) : v;
}

bool
read_head_line(struct sv *rest, bool first, struct sv *line)
{
	size_t n;

	if (first)
		*rest = read_no_bom(*rest);
	n = sv_chr(*rest, '\n');
	if (rest->n == 0 || (n == rest->n && !first))
		return false;
	*line = sv_head(*rest, n);
	*rest = sv_from(*rest, n == rest->n ? n : n + 1);
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

int
read_lines_failed(const struct io_lines *l, const char *name, struct err *e)
{
	if (l->buf.n > l->pos && l->buf.n - l->pos > l->max)
		return err_set(e, ERR_LIMIT, "%s:%" PRId64 ": line longer than %zu bytes", name,
		    l->line + 1, l->max);
	return -1;
}
