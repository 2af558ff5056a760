#include "pack/letters.h"

#include <errno.h>
#include <iconv.h>

#include <glib.h>

#include "base/clean.h"

static int
convert(iconv_t cd, struct sv text, struct sb *out)
{
	char chunk[4096], *in = (char *)(uintptr_t)text.p, *to;
	size_t left = text.n, room, rc;

	do {
		to = chunk;
		room = sizeof(chunk);
		rc = iconv(cd, &in, &left, &to, &room);
		sb_add(out, chunk, sizeof(chunk) - room);
	} while (rc == (size_t)-1 && errno == E2BIG);
	return rc == (size_t)-1 ? -1 : 0;
}

int
letters_utf8(struct arena *a, struct sv charset, struct sv text, struct sv *out, bool *mark, struct err *e)
{
	char *name = arena_str(a, sv_head(charset, 60));
	struct sb s = {0};
	iconv_t cd;
	int rc;

	if (sv_is(charset, "UTF-8") || sv_is(charset, "utf-8") || sv_is(charset, "UTF8")) {
		if (!clean_is_utf8(text))
			return err_set(e, ERR_INPUT, "not UTF-8");
		*out = text;
	} else {
		/* '/' would be an option of iconv's. */
		cd = sv_chr(charset, '/') < charset.n ? (iconv_t)-1 : iconv_open("UTF-8", name);
		if (cd == (iconv_t)-1)
			return err_set(e, ERR_INPUT, "the character set is not known");
		rc = convert(cd, text, &s);
		iconv_close(cd);
		*out = arena_sv(a, sb_sv(&s));
		sb_free(&s);
		if (rc < 0 || !clean_is_utf8(*out))
			return err_set(e, ERR_INPUT, "not in the character set that bagit.txt names");
	}
	*mark = sv_starts(*out, "\xef\xbb\xbf");
	if (*mark)
		*out = sv_from(*out, 3);
	return 0;
}

static struct sv
keep(struct arena *a, struct sv name, gchar *made)
{
	struct sv v = made == NULL ? name : arena_sv(a, sv_of(made));

	g_free(made);
	return v;
}

struct sv
letters_nfc(struct arena *a, struct sv name)
{
	return keep(a, name, g_utf8_normalize(name.p, (gssize)name.n, G_NORMALIZE_NFC));
}

struct sv
letters_fold(struct arena *a, struct sv name)
{
	struct sv nfc = letters_nfc(a, name);

	if (!clean_is_utf8(nfc))
		return nfc;
	return letters_nfc(a, keep(a, nfc, g_utf8_casefold(nfc.p, (gssize)nfc.n)));
}
