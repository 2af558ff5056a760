#include "base/base64.h"

#include <stdint.h>

static int
value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

bool
base64_decode(struct sv text, bool skip_blanks, struct sb *out)
{
	size_t i, before = out->n, digits = 0, padding = 0;
	uint32_t bits = 0;
	int v;

	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (skip_blanks && (c == ' ' || c == '\n' || c == '\r' || c == '\t'))
			continue;
		if (c == '=' && padding < 2) {
			padding++;
			continue;
		}
		v = value(c);
		if (v < 0 || padding > 0)
			break;
		bits = bits << 6 | (uint32_t)v;
		if (++digits % 4 == 0) {
			sb_addc(out, (char)(bits >> 16 & 255));
			sb_addc(out, (char)(bits >> 8 & 255));
			sb_addc(out, (char)(bits & 255));
		}
	}
	if (i < text.n || digits % 4 == 1 || (padding > 0 && (digits + padding) % 4 != 0)) {
		out->n = before;
		if (out->buf != NULL)
			out->buf[before] = '\0';
		return false;
	}
	if (digits % 4 == 2)
		sb_addc(out, (char)(bits >> 4 & 255));
	if (digits % 4 == 3) {
		sb_addc(out, (char)(bits >> 10 & 255));
		sb_addc(out, (char)(bits >> 2 & 255));
	}
	return true;
}

void
base64_encode(struct sv bytes, struct sb *out)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)bytes.p;
	size_t i, n;
	uint32_t bits;

	for (i = 0; i < bytes.n; i += 3) {
		n = bytes.n - i < 3 ? bytes.n - i : 3;
		bits = (uint32_t)p[i] << 16 | (uint32_t)(n > 1 ? p[i + 1] : 0) << 8 | (n > 2 ? p[i + 2] : 0);
		sb_addc(out, digit[bits >> 18]);
		sb_addc(out, digit[bits >> 12 & 63]);
		sb_addc(out, n > 1 ? digit[bits >> 6 & 63] : '=');
		sb_addc(out, n > 2 ? digit[bits & 63] : '=');
	}
}
