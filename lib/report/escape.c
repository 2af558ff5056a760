#include "report/escape.h"

#include <string.h>

#include "base/clean.h"

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (unsigned char)c >= 0x80;
}

/* One line of visible text. "\r\n" is one blank. */
static void
one_line(struct sb *out, struct sv v)
{
	size_t n;

	while (v.n > 0) {
		for (n = 0; n < v.n; n++)
			if (v.p[n] >= '\t' && v.p[n] <= '\r')
				break;
		clean_add(out, sv_head(v, n));
		v = sv_from(v, n);
		if (v.n > 0) {
			sb_addc(out, ' ');
			v = sv_from(v, sv_starts(v, "\r\n") ? 2 : 1);
		}
	}
}

/* Could c belong to what a Markdown line starts with: "  > 12. - ## "? */
static bool
is_lead(char c)
{
	return c == ' ' || c == '\t' || (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr(">-+*#.)=~", c) != NULL);
}

/*
 * Does the line that out ends in hold nothing but what starts a block? Only the
 * last bytes are looked at, so that many short values on one line stay cheap; a
 * line that long is taken for a start, which only escapes more.
 */
static bool
at_block_start(const struct sb *out)
{
	size_t i;

	for (i = out->n; i > 0 && out->n - i < 64; i--) {
		if (out->buf[i - 1] == '\n')
			return true;
		if (!is_lead(out->buf[i - 1]))
			return false;
	}
	return true;
}

/* Would v's character i open a block (CommonMark 0.30, sections 4 and 5)? */
static bool
opens_block(struct sv v, size_t i)
{
	char next = i + 1 < v.n ? v.p[i + 1] : ' ';

	switch (v.p[i]) {
	case '#': /* heading */
	case '=': /* underline of a heading */
	case ':': /* a table's delimiter row, a definition */
		return true;
	case '.': /* "12. " and "12) " */
	case ')':
		return next == ' ';
	case '-': /* "- ", "---"; not "-5" */
	case '+':
		return !is_word(next) && next != '.';
	default:
		return false;
	}
}

static void
add_markdown(struct sb *out, struct sv v)
{
	bool start = at_block_start(out);
	size_t i;

	while (start && v.n > 0 && v.p[0] == ' ')
		v = sv_from(v, 1); /* four of them would begin a code block */
	for (i = 0; i < v.n; i++) {
		char c = v.p[i], before = i > 0 ? v.p[i - 1] : ' ';
		char behind = i + 1 < v.n ? v.p[i + 1] : ' ';

		if (start && opens_block(v, i))
			sb_addc(out, '\\');
		start = start && is_lead(c);
		/*
		 * References where a backslash would not do: between backticks a
		 * "\`" still ends the code, and renderers do not agree whether the
		 * pipe in "\\|" ends a table cell.
		 */
		if (c == '&')
			sb_adds(out, "&amp;");
		else if (c == '<')
			sb_adds(out, "&lt;");
		else if (c == '>')
			sb_adds(out, "&gt;");
		else if (c == '`')
			sb_adds(out, "&#96;");
		else if (c == '|')
			sb_adds(out, "&#124;");
		else if (c == '\\')
			sb_adds(out, "&#92;");
		else if (c == '*' || c == '[' || c == ']' || c == '~' || c == '$')
			sb_add(out, (char[]){'\\', c}, 2);
		else if (c == '_' && !(is_word(before) && is_word(behind)))
			sb_adds(out, "\\_"); /* inside a word it is no emphasis */
		else
			sb_addc(out, c);
	}
}

void
escape_add(struct sb *out, enum escape_mode mode, struct sv v)
{
	struct sb line = {0};

	if (mode == ESCAPE_PLAIN) {
		one_line(out, v);
		return;
	}
	one_line(&line, v);
	if (mode == ESCAPE_HTML)
		clean_entities(out, sb_sv(&line));
	else
		add_markdown(out, sb_sv(&line));
	sb_free(&line);
}
