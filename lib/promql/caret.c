#include "promql/caret.h"

#include <stdio.h>

#include "base/clean.h"
#include "base/num.h"

/* The number in front of the next ':' of *msg, which is taken; 0 when there is none. */
static int64_t
number(struct sv *msg)
{
	struct sv field;
	int64_t v;

	return sv_split(msg, ':', &field) && num_parse_int(field, &v) && v > 0 ? v : 0;
}

/* Bytes of v's first n characters. */
static size_t
characters(struct sv v, int64_t n)
{
	size_t i = 0, k;
	uint32_t c;

	for (; n > 0 && i < v.n; n--) {
		k = clean_utf8(sv_from(v, i), &c);
		i += k == 0 ? 1 : k;
	}
	return i;
}

static int64_t
count(struct sv v)
{
	int64_t n = 0;

	for (; v.n > 0; n++)
		v = sv_from(v, characters(v, 1));
	return n;
}

void
pq_caret(struct sv text, const char *msg, int columns, struct sb *out)
{
	struct sv rest = sv_of(msg), line = {NULL, 0}, shown;
	int64_t at_line = number(&rest), at = number(&rest), skip = 0, room = columns > 40 ? columns - 4 : 36;
	struct sb before = {0}, all = {0};

	while (at > 0 && at_line > 0 && sv_split(&text, '\n', &line))
		at_line--;
	if (at == 0 || at_line > 0 || line.p == NULL)
		return;
	/* What clean_add() shows is longer than what stands there. */
	clean_add(&before, sv_head(line, characters(line, at - 1)));
	clean_add(&all, line);
	at = count(sb_sv(&before));
	if (at >= room)
		skip = at - room / 2;
	shown = sv_from(sb_sv(&all), characters(sb_sv(&all), skip));
	sb_adds(out, "  ");
	sb_addv(out, sv_head(shown, characters(shown, room)));
	sb_addf(out, "\n  %*s^\n", (int)(at - skip), "");
	sb_free(&before);
	sb_free(&all);
}
