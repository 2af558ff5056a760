#include "read/member.h"

#include "base/clean.h"

/* Why these bytes cannot be shown as they are, or NULL. */
static const char *
unfit(struct sv raw)
{
	uint32_t c;
	size_t n;

	for (; raw.n > 0; raw = sv_from(raw, n)) {
		n = clean_utf8(raw, &c);
		if (n == 0)
			return "its name is not UTF-8";
		if (!clean_keeps(c))
			return "its name holds a character that does not show";
	}
	return NULL;
}

const char *
member_name(struct sv raw, struct sb *out)
{
	const char *why = unfit(raw);
	struct sv rest = raw, part;
	size_t start = out->n;

	if (why == NULL && raw.n > MEMBER_NAME_MAX)
		why = "its name is too long";
	if (why == NULL && raw.n > 0 && raw.p[0] == '/')
		why = "its name is absolute";
	while (why == NULL && sv_split(&rest, '/', &part)) {
		if (part.n == 0 || sv_is(part, "."))
			continue;
		if (sv_is(part, ".."))
			why = "its name leads out of the archive";
		if (out->n > start)
			sb_addc(out, '/');
		sb_addv(out, part);
	}
	if (why == NULL && out->n == start)
		why = "it has no name";
	if (why != NULL) {
		if (out->n > start) {
			out->n = start;
			out->buf[start] = '\0';
		}
		clean_add(out, sv_head(raw, MEMBER_NAME_MAX));
	}
	return why;
}
