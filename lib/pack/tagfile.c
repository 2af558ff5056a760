#include "pack/tagfile.h"

#include <string.h>

#include "base/num.h"

bool
tag_line(struct sv *rest, struct sv *line)
{
	size_t i = 0;

	if (rest->n == 0)
		return false;
	while (i < rest->n && rest->p[i] != '\n' && rest->p[i] != '\r')
		i++;
	*line = sv_head(*rest, i);
	if (i + 1 < rest->n && rest->p[i] == '\r' && rest->p[i + 1] == '\n')
		i++;
	*rest = sv_from(*rest, i + 1);
	return true;
}

static int
malformed(struct err *e, const char *what)
{
	return err_set(e, ERR_INPUT, "bagit-malformed: bagit.txt: %s", what);
}

/* "0.97" */
static int
version(struct sv v)
{
	static const struct {
		const char *text;
		int version;
	} known[] = {{"0.93", 93}, {"0.94", 94}, {"0.95", 95}, {"0.96", 96}, {"0.97", 97}, {"1.0", 100}};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (sv_is(v, known[i].text))
			return known[i].version;
	return -1;
}

int
tag_declaration(struct sv text, struct tag_declaration *out, struct err *e)
{
	static const char first[] = "BagIt-Version: ", second[] = "Tag-File-Character-Encoding: ";
	struct sv line, rest = text;

	if (sv_starts(text, "\xef\xbb\xbf"))
		return malformed(e, "a byte order mark, which must not be there");
	if (!tag_line(&rest, &line) || !sv_starts(line, first))
		return malformed(e, "its first line must be 'BagIt-Version: M.N'");
	out->version = version(sv_from(line, sizeof(first) - 1));
	if (out->version < 0)
		return malformed(e, "a version that is none of 0.93 to 0.97 and 1.0");
	if (!tag_line(&rest, &line) || !sv_starts(line, second))
		return malformed(e, "its second line must be 'Tag-File-Character-Encoding: NAME'");
	out->charset = sv_from(line, sizeof(second) - 1);
	if (out->charset.n == 0 || sv_trim(out->charset).n != out->charset.n || sv_chr(out->charset, ' ') < out->charset.n)
		return malformed(e, "the name of its character set is malformed");
	return rest.n == 0 ? 0 : malformed(e, "more than two lines");
}

bool
tag_manifest_name(struct sv name, struct sv *algorithm, bool *tags)
{
	size_t i;

	*tags = sv_starts(name, "tagmanifest-");
	if ((!*tags && !sv_starts(name, "manifest-")) || !sv_ends(name, ".txt"))
		return false;
	i = sv_chr(name, '-') + 1;
	if (name.n < i + 5)
		return false;
	*algorithm = sv_head(sv_from(name, i), name.n - i - 4);
	return sv_chr(name, '/') == name.n;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
tag_manifest_line(struct sv line, struct sv *hex, struct sv *path)
{
	size_t i = 0;

	while (i < line.n && ((line.p[i] >= '0' && line.p[i] <= '9') || (line.p[i] >= 'a' && line.p[i] <= 'f') ||
	    (line.p[i] >= 'A' && line.p[i] <= 'F')))
		i++;
	*hex = sv_head(line, i);
	if (i == 0 || i == line.n || !is_blank(line.p[i]))
		return false;
	while (i < line.n && is_blank(line.p[i]))
		i++;
	*path = sv_from(line, i);
	return path->n > 0;
}

struct sv
tag_decode(struct arena *a, struct sv path, bool percent)
{
	struct sb s = {0};
	struct sv out;
	size_t i;

	if (sv_chr(path, '%') == path.n)
		return path;
	for (i = 0; i < path.n; i++) {
		const char *p = path.p + i;

		if (*p != '%' || path.n - i < 3) {
			sb_addc(&s, *p);
			continue;
		}
		if (p[1] == '0' && (p[2] == 'A' || p[2] == 'a'))
			sb_addc(&s, '\n'), i += 2;
		else if (p[1] == '0' && (p[2] == 'D' || p[2] == 'd'))
			sb_addc(&s, '\r'), i += 2;
		else if (percent && p[1] == '2' && p[2] == '5')
			sb_addc(&s, '%'), i += 2;
		else
			sb_addc(&s, '%');
	}
	out = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return out;
}

const char *
tag_unsafe(struct sv path)
{
	struct sv rest = path, part, piece;

	if (path.n == 0)
		return "an empty path";
	if (path.p[0] == '/' || path.p[0] == '\\')
		return "an absolute path";
	if (path.p[0] == '~')
		return "a path that a shell would expand";
	if (path.n > 2 && path.p[1] == ':' && (path.p[2] == '\\' || path.p[2] == '/'))
		return "a path with a drive";
	if (sv_chr(path, '\0') < path.n)
		return "a NUL character";
	while (sv_split(&rest, '/', &part))
		while (sv_split(&part, '\\', &piece))
			if (sv_is(piece, ".."))
				return "a path that leads out of the bag";
	return NULL;
}

bool
tag_fetch_line(struct sv line, struct sv *url, struct sv *length, struct sv *path)
{
	size_t i = 0;
	int64_t n;

	while (i < line.n && !is_blank(line.p[i]))
		i++;
	*url = sv_head(line, i);
	line = sv_trim(sv_from(line, i));
	for (i = 0; i < line.n && !is_blank(line.p[i]); i++)
		;
	*length = sv_head(line, i);
	*path = sv_trim(sv_from(line, i));
	return sv_chr(*url, ':') > 0 && sv_chr(*url, ':') < url->n && path->n > 0 &&
	    (sv_is(*length, "-") || (num_parse_int(*length, &n) && n >= 0));
}
