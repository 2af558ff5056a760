#include "read/read_lines.h"

#include <inttypes.h>

#include "base/clean.h"

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

/* The length of the escape sequence at v's start, which is an ESC; 0: it is none. */
static size_t
escape_length(struct sv v)
{
	size_t i = 2;

	if (v.n < 2)
		return 0;
	if (v.p[1] == '[') { /* parameters 0-?, intermediates blank-/, a final @-~ */
		while (i < v.n && v.p[i] >= 0x20 && v.p[i] <= 0x3f)
			i++;
		return i < v.n && v.p[i] >= 0x40 && v.p[i] <= 0x7e ? i + 1 : 0;
	}
	if (v.p[1] == ']') { /* up to BEL or ESC \ */
		while (i < v.n && v.p[i] != '\a' && v.p[i] != '\x1b')
			i++;
		if (i == v.n)
			return 0;
		return v.p[i] == '\a' ? i + 1 : i + 1 < v.n && v.p[i + 1] == '\\' ? i + 2 : 0;
	}
	if (v.p[1] >= 0x20 && v.p[1] <= 0x2f) /* a character set: ESC ( B */
		return v.n > 2 ? 3 : 0;
	return v.p[1] >= 0x30 && v.p[1] <= 0x7e ? 2 : 0;
}

struct sv
read_no_ansi(struct sv line, struct sb *out)
{
	size_t i, n;

	if (sv_chr(line, '\x1b') == line.n)
		return line;
	sb_reset(out);
	while (line.n > 0) {
		i = sv_chr(line, '\x1b');
		sb_add(out, line.p, i);
		line = sv_from(line, i);
		n = line.n > 0 ? escape_length(line) : 0;
		if (n == 0 && line.n > 0) {
			sb_addc(out, line.p[0]);
			n = 1;
		}
		line = sv_from(line, n);
	}
	return sb_sv(out);
}

struct sv
read_plain(struct sv line, struct sb *out)
{
	struct sb shown = {0};
	uint32_t c;
	size_t n;

	line = read_no_ansi(line, out);
	if (clean_is_utf8(line))
		return line;
	while (line.n > 0) {
		n = clean_utf8(line, &c);
		if (n > 0)
			sb_add(&shown, line.p, n);
		else
			sb_addf(&shown, "\\x%02x", (unsigned)(unsigned char)line.p[0]);
		line = sv_from(line, n > 0 ? n : 1);
	}
	sb_free(out);
	*out = shown;
	return sb_sv(out);
}

int
read_lines_failed(const struct io_lines *l, const char *name, struct err *e)
{
	if (l->buf.n > l->pos && l->buf.n - l->pos > l->max)
		return err_set(e, ERR_LIMIT, "%s:%" PRId64 ": line longer than %zu bytes", name,
		    l->line + 1, l->max);
	return -1;
}
