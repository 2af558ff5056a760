/*
 * What is left to read of a text panel.
 */
#include "grafana/grafana.h"

/* HTML without its tags, Markdown without its hashes and stars: what is left to read. */
struct sv
gf_plain_text(struct sv text, struct arena *a)
{
	struct sb out = {0};
	struct sv v;
	bool tag = false;
	size_t i;

	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '<' && i + 1 < text.n && (text.p[i + 1] == '/' || text.p[i + 1] == '!' || (text.p[i + 1] >= 'A' && text.p[i + 1] <= 'z'))) {
			tag = true;
			if (sv_starts(sv_from(text, i), "<br") || sv_starts(sv_from(text, i), "</p") || sv_starts(sv_from(text, i), "</div") ||
			    sv_starts(sv_from(text, i), "</h") || sv_starts(sv_from(text, i), "</li"))
				sb_addc(&out, '\n');
		}
		if (!tag && c != '#' && c != '*' && c != '`')
			sb_addc(&out, c);
		if (c == '>')
			tag = false;
	}
	v = arena_sv(a, sv_trim(sb_sv(&out)));
	sb_free(&out);
	return v;
}
