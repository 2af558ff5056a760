/* Escapes and character classes of RE2. */
#include "promql/regexp_in.h"

#include <string.h>

#include "base/clean.h"

char
pq_re_ahead(const struct pq_re *r, size_t k)
{
	return k < r->in.n - r->i ? r->in.p[r->i + k] : '\0';
}

int
pq_re_char(struct pq_re *r, uint32_t *c)
{
	size_t n = clean_utf8(sv_from(r->in, r->i), c);

	if (n == 0)
		return pq_re_error(r, r->i, "invalid UTF-8");
	r->i += n;
	return 0;
}

static bool
is_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void
pq_re_emit(struct sb *out, uint32_t c)
{
	if (is_alnum(c))
		sb_addc(out, (char)c);
	else if (c >= 0x80 && !(c >= 0xd800 && c <= 0xdfff))
		clean_add_utf8(out, c);
	else
		sb_addf(out, "\\x{%x}", (unsigned)c);
}

/* -1 when c is no hex digit. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What follows \x: two digits or {any number of them}. */
static int
hex(struct pq_re *r, uint32_t *c, size_t start)
{
	bool braces = pq_re_ahead(r, 0) == '{';
	size_t n = 0;

	*c = 0;
	for (r->i += braces; hex_value(pq_re_ahead(r, 0)) >= 0 && (braces || n < 2); n++) {
		*c = *c * 16 + (uint32_t)hex_value(pq_re_ahead(r, 0));
		if (*c > 0x10ffff)
			return pq_re_error(r, start, "invalid escape sequence: beyond U+10FFFF");
		r->i++;
	}
	if (n == 0 || (!braces && n < 2) || (braces && pq_re_ahead(r, 0) != '}'))
		return pq_re_error(r, start, "invalid escape sequence: bad \\x");
	r->i += braces;
	return 0;
}

/* \0, \012, \123; \1 alone would be a backreference. */
static int
octal(struct pq_re *r, uint32_t *c, size_t start)
{
	char first = pq_re_ahead(r, 0), next = pq_re_ahead(r, 1);
	int n;

	if (first != '0' && (next < '0' || next > '7'))
		return pq_re_error(r, start, "backreferences are not supported");
	*c = 0;
	for (n = 0; n < 3 && pq_re_ahead(r, 0) >= '0' && pq_re_ahead(r, 0) <= '7'; n++)
		*c = *c * 8 + (uint32_t)(r->in.p[r->i++] - '0');
	return 0;
}

int
pq_re_escape(struct pq_re *r, uint32_t *c)
{
	static const char from[] = "aftnrv", to[] = "\a\f\t\n\r\v";
	size_t start = r->i++;
	char what[48], b = pq_re_ahead(r, 0);
	const char *k;

	if (r->i >= r->in.n)
		return pq_re_error(r, start, "trailing backslash");
	if (b >= '0' && b <= '7')
		return octal(r, c, start);
	if (b == 'x') {
		r->i++;
		return hex(r, c, start);
	}
	k = b == '\0' ? NULL : strchr(from, b);
	if (k != NULL) {
		*c = (uint32_t)to[k - from];
		r->i++;
		return 0;
	}
	if ((unsigned char)b < 0x80 && !is_alnum((uint32_t)(unsigned char)b)) {
		*c = (uint32_t)(unsigned char)b;
		r->i++;
		return 0;
	}
	if (b == '8' || b == '9' || b == 'g' || b == 'k')
		return pq_re_error(r, start, "backreferences are not supported");
	memcpy(what, "invalid escape sequence: \\", sizeof("invalid escape sequence: \\"));
	if ((unsigned char)b < 0x80) {
		what[strlen(what) + 1] = '\0';
		what[strlen(what)] = b;
	}
	return pq_re_error(r, start, what);
}

/* The general categories and scripts by the names that Go's unicode package has. */
static const char unicode_names[] =
    " Any C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm"
    " So Z Zl Zp Zs Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum"
    " Bassa_Vah Batak Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid"
    " Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic"
    " Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan"
    " Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek"
    " Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana"
    " Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi"
    " Kannada Katakana Kawi Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao"
    " Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic"
    " Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive"
    " Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari"
    " Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian"
    " Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian"
    " Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa"
    " Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham"
    " SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac Tagalog"
    " Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan"
    " Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square ";

static bool
is_unicode_name(struct sv name)
{
	struct sb s = {0};
	bool known;

	if (name.n == 0 || name.n > 40 || sv_chr(name, ' ') < name.n)
		return false;
	sb_addc(&s, ' ');
	sb_addv(&s, name);
	sb_addc(&s, ' ');
	known = sv_find(SV(unicode_names), sb_sv(&s)) < sizeof(unicode_names) - 1;
	sb_free(&s);
	return known;
}

/* \pL, \p{Greek}, \P{^Greek}. */
static int
unicode_class(struct pq_re *r)
{
	size_t start = r->i, close;
	bool not = pq_re_ahead(r, 1) == 'P';
	struct sv name = sv_head(sv_from(r->in, r->i + 2), 1);

	r->i += 3;
	if (sv_is(name, "{")) {
		name = sv_from(r->in, r->i);
		close = sv_chr(name, '}');
		if (close == name.n)
			return pq_re_error(r, start, "invalid character class: \\p{ without }");
		name = sv_head(name, close);
		r->i += close + 1;
	}
	if (sv_starts(name, "^")) {
		not = !not;
		name = sv_from(name, 1);
	}
	if (!is_unicode_name(name))
		return pq_re_error(r, start, "invalid character class: unknown \\p name");
	sb_adds(r->out, not ? "\\P{" : "\\p{");
	/* PCRE2's \p{Greek} alone would mean the script extensions. */
	if (name.n > 2 && !sv_is(name, "Any"))
		sb_adds(r->out, "sc:");
	sb_addv(r->out, name);
	sb_addc(r->out, '}');
	return 1;
}

int
pq_re_class_escape(struct pq_re *r, bool in_class)
{
	char c = pq_re_ahead(r, 1);

	if (pq_re_ahead(r, 0) != '\\' || c == '\0' || strchr("dDwWsSpP", c) == NULL)
		return 0;
	if (c == 'p' || c == 'P')
		return unicode_class(r);
	r->i += 2;
	/* RE2's \s lacks the vertical tab. */
	if (c == 's')
		sb_adds(r->out, in_class ? "\\t\\n\\f\\r\\x{20}" : "[\\t\\n\\f\\r\\x{20}]");
	else if (c == 'S')
		sb_adds(r->out, in_class ? "\\x{0}-\\x{8}\\x{b}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}"
		    : "[^\\t\\n\\f\\r\\x{20}]");
	else
		sb_addf(r->out, "\\%c", c);
	return 1;
}

/* [:alpha:] inside a class: 1 read and written, 0 not one, -1 unknown. */
static int
posix_class(struct pq_re *r)
{
	static const char *const names[] = {"alnum", "alpha", "ascii", "blank", "cntrl", "digit",
	    "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit"};
	struct sv rest = sv_from(r->in, r->i), name;
	size_t close, k;

	if (!sv_starts(rest, "[:"))
		return 0;
	close = sv_find(sv_from(rest, 2), SV(":]"));
	if (close == rest.n - 2)
		return 0;
	name = sv_head(sv_from(rest, 2), close);
	if (sv_starts(name, "^"))
		name = sv_from(name, 1);
	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (sv_is(name, names[k])) {
			sb_addv(r->out, sv_head(rest, close + 4));
			r->i += close + 4;
			return 1;
		}
	return pq_re_error(r, r->i, "invalid character class: unknown [:name:]");
}

/* One character of a class, escaped or not. */
static int
class_char(struct pq_re *r, uint32_t *c, size_t open)
{
	if (r->i >= r->in.n)
		return pq_re_error(r, open, "missing closing ]");
	return pq_re_ahead(r, 0) == '\\' ? pq_re_escape(r, c) : pq_re_char(r, c);
}

static int
class_range(struct pq_re *r, size_t open)
{
	size_t start = r->i;
	uint32_t low, high;

	if (class_char(r, &low, open) < 0)
		return -1;
	pq_re_emit(r->out, low);
	if (pq_re_ahead(r, 0) != '-' || r->i + 1 >= r->in.n || pq_re_ahead(r, 1) == ']')
		return 0;
	r->i++;
	if (class_char(r, &high, open) < 0)
		return -1;
	if (high < low)
		return pq_re_error(r, start, "invalid character class range");
	sb_addc(r->out, '-');
	pq_re_emit(r->out, high);
	return 0;
}

int
pq_re_class(struct pq_re *r)
{
	size_t open = r->i++;
	bool first = true;
	int rc;

	sb_addc(r->out, '[');
	if (pq_re_ahead(r, 0) == '^') {
		sb_addc(r->out, '^');
		r->i++;
	}
	for (; first || pq_re_ahead(r, 0) != ']'; first = false) {
		if (r->i >= r->in.n)
			return pq_re_error(r, open, "missing closing ]");
		rc = posix_class(r);
		if (rc == 0)
			rc = pq_re_class_escape(r, true);
		if (rc == 0)
			rc = class_range(r, open);
		if (rc < 0)
			return -1;
	}
	r->i++;
	sb_addc(r->out, ']');
	return 0;
}
