#include "base/clean.h"

#include <string.h>

size_t
clean_utf8(struct sv v, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)v.p;
	size_t n, i;
	uint32_t r;

	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	/* 0x80-0xc1 cannot lead: continuation bytes and overlong two-byte forms. */
	n = p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
	if (n == 0 || n > v.n)
		return 0;
	r = p[0] & (0x7fU >> n);
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		r = r << 6 | (p[i] & 0x3fU);
	}
	if ((n == 3 && (r < 0x800 || (r >= 0xd800 && r <= 0xdfff))) ||
	    (n == 4 && (r < 0x10000 || r > 0x10ffff)))
		return 0;
	*c = r;
	return n;
}

void
clean_add_utf8(struct sb *out, uint32_t c)
{
	char b[4];

	if (c < 0x80) {
		sb_addc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		b[0] = (char)(0xc0 | c >> 6);
		b[1] = (char)(0x80 | (c & 0x3f));
		sb_add(out, b, 2);
		return;
	}
	if (c < 0x10000) {
		b[0] = (char)(0xe0 | c >> 12);
		b[1] = (char)(0x80 | (c >> 6 & 0x3f));
		b[2] = (char)(0x80 | (c & 0x3f));
		sb_add(out, b, 3);
		return;
	}
	b[0] = (char)(0xf0 | (c >> 18 & 7));
	b[1] = (char)(0x80 | (c >> 12 & 0x3f));
	b[2] = (char)(0x80 | (c >> 6 & 0x3f));
	b[3] = (char)(0x80 | (c & 0x3f));
	sb_add(out, b, 4);
}

/*
 * What a reader cannot see or what reorders text around it: category Cf of
 * Unicode 15 without the visible Arabic, Syriac and Kaithi number signs, line
 * and paragraph separator, the fillers and joiners that draw nothing, and
 * noncharacters. Emoji variation selectors (FE00-FE0F) are left alone.
 */
static const struct {
	uint32_t from, to;
} hidden[] = {
	{0x0000, 0x001f}, {0x007f, 0x009f}, {0x00ad, 0x00ad}, {0x034f, 0x034f},
	{0x061c, 0x061c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
	{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
	{0xd800, 0xdfff}, {0xfdd0, 0xfdef}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0},
	{0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

int
clean_keeps(uint32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (c >= hidden[i].from && c <= hidden[i].to)
			return 0;
	return c <= 0x10ffff && (c & 0xfffe) != 0xfffe;
}

void
clean_add(struct sb *out, struct sv text)
{
	uint32_t c = 0;
	size_t n;

	while (text.n > 0) {
		n = clean_utf8(text, &c);
		if (n == 0 || (c < 0x80 && !clean_keeps(c)))
			sb_addf(out, "\\x%02x", (unsigned)(unsigned char)text.p[0]);
		else if (!clean_keeps(c))
			sb_addf(out, "\\u{%04X}", (unsigned)c);
		else
			sb_add(out, text.p, n);
		text = sv_from(text, n == 0 ? 1 : n);
	}
}

void
clean_entities(struct sb *out, struct sv text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		switch (text.p[i]) {
		case '&':
			sb_adds(out, "&amp;");
			break;
		case '<':
			sb_adds(out, "&lt;");
			break;
		case '>':
			sb_adds(out, "&gt;");
			break;
		case '"':
			sb_adds(out, "&quot;");
			break;
		case '\'':
			sb_adds(out, "&#39;");
			break;
		case '`': /* a quote to old browsers */
			sb_adds(out, "&#96;");
			break;
		default:
			sb_addc(out, text.p[i]);
		}
}

void
clean_xml(struct sb *out, struct sv text)
{
	struct sb clean = {0};

	clean_add(&clean, text);
	clean_entities(out, sb_sv(&clean));
	sb_free(&clean);
}

bool
clean_is_utf8(struct sv v)
{
	uint32_t c;
	uint64_t eight;
	size_t n;

	for (; v.n > 0; v = sv_from(v, n)) {
		/* Most text is ASCII, and asked about line by line: eight bytes at once. */
		for (; v.n >= sizeof(eight); v = sv_from(v, sizeof(eight))) {
			memcpy(&eight, v.p, sizeof(eight));
			if ((eight & UINT64_C(0x8080808080808080)) != 0)
				break;
		}
		if (v.n == 0)
			break;
		if ((n = clean_utf8(v, &c)) == 0)
			return false;
	}
	return true;
}
