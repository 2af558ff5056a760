#include "secret/parts.h"

#include <math.h>
#include <string.h>

#include "base/base64.h"
#include "base/clean.h"
#include "base/doc.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static size_t
url(struct sv v, struct sb *out)
{
	if (v.p[0] == '%' && v.n >= 3 && hex(v.p[1]) >= 0 && hex(v.p[2]) >= 0) {
		sb_addc(out, (char)(hex(v.p[1]) << 4 | hex(v.p[2])));
		return 3;
	}
	sb_addc(out, v.p[0]);
	return 1;
}

/* \n, \", \/, \uXXXX; also of JSON in JSON: any number of backslashes before. */
static size_t
json(struct sv v, struct sb *out)
{
	static const char from[] = "nrtbf\"/'", to[] = "\n\r\t\b\f\"/'";
	const char *at;
	size_t i = 0, k;
	uint32_t c = 0;

	if (v.p[0] != '\\') {
		sb_addc(out, v.p[0]);
		return 1;
	}
	while (i < v.n && v.p[i] == '\\')
		i++;
	if (i < v.n && v.p[i] == 'u' && v.n - i >= 5) {
		for (k = 1; k < 5 && hex(v.p[i + k]) >= 0; k++)
			c = c << 4 | (uint32_t)hex(v.p[i + k]);
		if (k == 5) {
			clean_add_utf8(out, c);
			return i + 5;
		}
	}
	at = i < v.n && v.p[i] != '\0' ? strchr(from, v.p[i]) : NULL;
	sb_addc(out, at == NULL ? '\\' : to[at - from]);
	return at == NULL ? i : i + 1;
}

/* &quot; &#47; &#x2F; */
static size_t
html(struct sv v, struct sb *out)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {{"&quot;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}, {"&nbsp;", ' '}, {"&sol;", '/'},
	    {"&colon;", ':'}, {"&commat;", '@'}, {"&equals;", '='}};
	size_t i;
	uint32_t c = 0;

	for (i = 0; v.p[0] == '&' && i < sizeof(known) / sizeof(*known); i++)
		if (sv_starts(v, known[i].name)) {
			sb_addc(out, known[i].c);
			return strlen(known[i].name);
		}
	if (sv_starts(v, "&#")) {
		bool x = v.n > 2 && (v.p[2] == 'x' || v.p[2] == 'X');

		for (i = x ? 3 : 2; i < v.n && i < 9 && hex(v.p[i]) >= 0 && (x || hex(v.p[i]) < 10); i++)
			c = c * (x ? 16 : 10) + (uint32_t)hex(v.p[i]);
		if (i < v.n && v.p[i] == ';' && i > (x ? 3U : 2U) && c > 0 && c < 0x10ffff) {
			clean_add_utf8(out, c);
			return i + 1;
		}
	}
	sb_addc(out, v.p[0]);
	return 1;
}

/* Whole groups of four as far as they go; a line end in between is passed over. */
static void
base64(struct sv v, size_t max, struct sb *out)
{
	char group[4];
	size_t i, n = 0;

	for (i = 0; i < v.n && out->n < max; i++) {
		char c = v.p[i];
		bool digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
		    c == '-' || c == '_';

		if ((c == '\n' || c == '\r') && i > 40)
			continue;
		if (!digit)
			break;
		group[n++] = c;
		if (n == 4) {
			base64_decode((struct sv){group, 4}, false, out);
			n = 0;
		}
	}
	if (n > 1)
		base64_decode((struct sv){group, n}, false, out);
}

void
secret_narrow(struct sv text, size_t unit, size_t max, struct sb *out)
{
	size_t k;

	sb_reset(out);
	while (text.n > 0 && out->n < max && text.p[0] != '\0') {
		sb_addc(out, text.p[0]);
		for (k = 1; k < unit && k < text.n; k++)
			if (text.p[k] != '\0')
				return;
		text = sv_from(text, unit);
	}
}

void
secret_decode(enum secret_how how, struct sv text, size_t max, struct sb *out)
{
	size_t n = 1;

	sb_reset(out);
	if (how == SECRET_BASE64) {
		base64(text, max, out);
		return;
	}
	for (; text.n > 0 && out->n < max; text = sv_from(text, n)) {
		if (how == SECRET_URL)
			n = url(text, out);
		else if (how == SECRET_JSON)
			n = json(text, out);
		else if (how == SECRET_HTML)
			n = html(text, out);
		else
			sb_addc(out, text.p[0]);
	}
}

double
secret_entropy(struct sv v)
{
	size_t count[256] = {0}, i;
	double bits = 0;

	for (i = 0; i < v.n; i++)
		count[(unsigned char)v.p[i]]++;
	for (i = 0; i < 256; i++)
		if (count[i] > 0)
			bits -= (double)count[i] / (double)v.n * log2((double)count[i] / (double)v.n);
	return bits;
}

/* Two parts that are JSON, the first one with an algorithm. */
static bool
is_jwt(struct sv v)
{
	struct arena a = {0};
	struct sb part = {0};
	struct sv text;
	const struct doc *d;
	bool ok = false;

	if (sv_split(&v, '.', &text) && base64_decode(text, false, &part)) {
		d = doc_json(&a, "jwt", sb_sv(&part), NULL);
		ok = d != NULL && d->kind == DOC_MAP && doc_get(d, "alg") != NULL;
	}
	sb_reset(&part);
	if (ok && sv_split(&v, '.', &text) && base64_decode(text, false, &part)) {
		d = doc_json(&a, "jwt", sb_sv(&part), NULL);
		ok = d != NULL && d->kind == DOC_MAP;
	} else {
		ok = false;
	}
	sb_free(&part);
	arena_free(&a);
	return ok;
}

static bool
has_any_of(struct sv v, const char *const *word)
{
	char low[64];
	size_t i, n = v.n < sizeof(low) - 1 ? v.n : sizeof(low) - 1;

	for (i = 0; i < n; i++)
		low[i] = v.p[i] >= 'A' && v.p[i] <= 'Z' ? (char)(v.p[i] + 32) : v.p[i];
	low[n] = '\0';
	for (; *word != NULL; word++)
		if (strstr(low, *word) != NULL)
			return true;
	return false;
}

/* What people write where a password would stand. */
static bool
is_placeholder(struct sv v)
{
	static const char *const word[] = {"***", "xxx", "...", "example", "redacted", "${", "{{", "$(", "<", "changeme", "password",
	    "passwd", "secret", "your", "null", "true", "false", "dummy", "placeholder", "%s", "####", NULL};
	size_t i;

	for (i = 1; i < v.n && v.p[i] == v.p[0]; i++)
		;
	return v.n < 4 || i == v.n || has_any_of(v, word) || sv_is(v, "pass") || sv_is(v, "test") || sv_is(v, "guest");
}

/* "user:password" in base64. */
static bool
is_basic(struct sv v)
{
	struct sb text = {0};
	struct sv s;
	bool ok = base64_decode(v, false, &text);
	size_t i;

	s = sb_sv(&text);
	for (i = 0; ok && i < s.n; i++)
		ok = s.p[i] >= ' ' && s.p[i] <= '~';
	ok = ok && sv_chr(s, ':') < s.n && sv_chr(s, ':') > 0 && !is_placeholder(sv_from(s, sv_chr(s, ':') + 1));
	sb_free(&text);
	return ok;
}

bool
secret_checked(const struct rule *r, struct sv value)
{
	if (r->entropy > 0 && secret_entropy(value) < r->entropy)
		return false;
	switch (r->check) {
	case CHECK_JWT:
		return is_jwt(value);
	case CHECK_BASIC:
		return is_basic(value);
	case CHECK_PASSWORD:
		return !is_placeholder(value);
	default:
		return true;
	}
}

/* {alnum:36}: characters that look random and are always the same. */
void
secret_expand(struct sv example, struct sb *out)
{
	static const struct {
		const char *name, *set;
	} kinds[] = {{"alnum", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"}, {"lower", "abcdefghijklmnopqrstuvwxyz"},
	    {"lowernum", "abcdefghijklmnopqrstuvwxyz0123456789"}, {"upper32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"},
	    {"uppernum", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"}, {"hex", "0123456789abcdef"}, {"digit", "0123456789"},
	    {"letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}, {"x", "x"},
	    {"base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"}};
	uint64_t seed = 88172645463325252U;
	struct sv inner;
	size_t i, k, n, end;

	for (i = 0; i < example.n; i++) {
		end = i + sv_chr(sv_from(example, i), '}');
		inner = example.p[i] == '{' && end < example.n ? sv_from(sv_head(example, end), i + 1) : SV("");
		for (k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
			if (sv_chr(inner, ':') == strlen(kinds[k].name) && sv_starts(inner, kinds[k].name))
				break;
		if (k == sizeof(kinds) / sizeof(*kinds)) {
			sb_addc(out, example.p[i]);
			continue;
		}
		for (n = 0, inner = sv_from(inner, sv_chr(inner, ':') + 1); inner.n > 0; inner = sv_from(inner, 1))
			n = n * 10 + (size_t)(inner.p[0] - '0');
		for (; n > 0 && n < 10000; n--) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			sb_addc(out, kinds[k].set[(seed >> 20) % strlen(kinds[k].set)]);
		}
		i = end;
	}
}
