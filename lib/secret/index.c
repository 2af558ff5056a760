#include "secret/parts.h"

#include <string.h>

#include "base/base64.h"

/* The more often a byte stands in logs and reports, the worse is it to look for. */
static unsigned int
often(unsigned char c)
{
	/* Digits first: logs are full of times, ids and digests in hex. */
	static const char common[] = "0123456789etadbcfoinsrhlumpgwyvkxjqz";
	const char *at;

	if (c >= 'A' && c <= 'Z')
		return 8;
	at = c == '\0' ? NULL : strchr(common, c);
	if (at != NULL)
		return (unsigned int)(40 - (at - common));
	return c == ' ' || c == '"' || c == ':' || c == ',' || c == '-' ? 30 : c == '_' || c == '.' || c == '/' || c == '=' ? 20 : 4;
}

static void
add(struct secret_rules *r, struct sv text, size_t rule, enum secret_how how, unsigned char align, bool any_case)
{
	struct needle *n;
	unsigned int best = ~0U, cost;
	size_t i;

	if (text.n < 2)
		return;
	n = vec_add(&r->needle);
	*n = (struct needle){arena_sv(&r->arena, text), rule, how, align, 0, any_case};
	for (i = 0; i + 1 < text.n && i < 200; i++) {
		cost = often((unsigned char)text.p[i]) * often((unsigned char)text.p[i + 1]);
		if (cost < best) {
			best = cost;
			n->pair = (unsigned char)i;
		}
	}
}

/* Must an encoder write this byte otherwise; or may it, when it writes more than it must? */
static bool
is_written_otherwise(unsigned char c, bool more)
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("-_.~", (int)c) != NULL)
		return false;
	return more || strchr("/\"'<>& ", (int)c) != NULL;
}

enum style { URL_UPPER, URL_LOWER, HTML_DECIMAL, HTML_UPPER, HTML_LOWER, JSON_SLASH };

static void
add_style(struct sb *out, enum style style, unsigned char c)
{
	switch (style) {
	case URL_UPPER:
		sb_addf(out, "%%%02X", c);
		break;
	case URL_LOWER:
		sb_addf(out, "%%%02x", c);
		break;
	case HTML_DECIMAL:
		sb_addf(out, "&#%d;", c);
		break;
	case HTML_UPPER:
		sb_addf(out, "&#x%X;", c);
		break;
	case HTML_LOWER:
		sb_addf(out, "&#x%x;", c);
		break;
	case JSON_SLASH:
		sb_addf(out, "\\%c", c);
		break;
	}
}

static void
add_with(struct secret_rules *r, struct sv k, size_t rule, bool any_case, bool more, enum secret_how how, enum style style)
{
	struct sb out = {0};
	size_t i;

	for (i = 0; i < k.n; i++) {
		unsigned char c = (unsigned char)k.p[i];
		if (how == SECRET_JSON ? c == '/' || c == '"' : is_written_otherwise(c, more)) {
			add_style(&out, style, c);
		} else {
			sb_addc(&out, (char)c);
		}
	}
	if (!sv_eq(sb_sv(&out), k))
		add(r, sb_sv(&out), rule, how, 0, any_case);
	sb_free(&out);
}

/* How URL, JSON and HTML write a keyword, when they write it otherwise; twice the same does no harm. */
static void
add_written(struct secret_rules *r, struct sv k, size_t rule, bool any_case)
{
	int more;

	for (more = 0; more < 2; more++) {
		add_with(r, k, rule, any_case, more, SECRET_URL, URL_UPPER);
		add_with(r, k, rule, any_case, more, SECRET_URL, URL_LOWER);
		add_with(r, k, rule, any_case, more, SECRET_HTML, HTML_DECIMAL);
		add_with(r, k, rule, any_case, more, SECRET_HTML, HTML_UPPER);
		add_with(r, k, rule, any_case, more, SECRET_HTML, HTML_LOWER);
	}
	add_with(r, k, rule, any_case, false, SECRET_JSON, JSON_SLASH);
}

/*
 * What base64 makes of a keyword at each of three places in a group, without the characters that also hold bits of its neighbours.
 */
static void
add_base64(struct secret_rules *r, struct sv k, size_t rule)
{
	static const size_t skip[3] = {0, 2, 3};
	struct sb bytes = {0}, text = {0};
	size_t align, end;

	for (align = 0; align < 3; align++) {
		sb_reset(&bytes);
		sb_reset(&text);
		sb_add(&bytes, "\0\0", align);
		sb_addv(&bytes, k);
		base64_encode(sb_sv(&bytes), &text);
		end = bytes.n * 8 / 6; /* whole characters */
		if (end >= skip[align] + 3)
			add(r, sv_from(sv_head(sb_sv(&text), end), skip[align]), rule, SECRET_BASE64, (unsigned char)align, false);
	}
	sb_free(&bytes);
	sb_free(&text);
}

/* UTF-16 and UTF-32: zeros between; from its first byte that is none it is the same in both byte orders. */
static void
add_wide(struct secret_rules *r, struct sv k, size_t rule, bool any_case)
{
	struct sb text = {0};
	size_t unit, i, z;

	for (unit = 2; unit <= 4; unit += 2) {
		sb_reset(&text);
		for (i = 0; i < k.n; i++)
			for (z = 0; z < (i + 1 < k.n ? unit : 1); z++)
				sb_addc(&text, z == 0 ? k.p[i] : '\0');
		add(r, sb_sv(&text), rule, SECRET_WIDE, (unsigned char)unit, any_case);
	}
	sb_free(&text);
}

/* Where case does not count: "authorization", "Authorization", "AUTHORIZATION". */
static void
add_base64_cases(struct secret_rules *r, struct sv k, size_t rule, bool any_case)
{
	char *text = arena_str(&r->arena, k);
	size_t i;

	add_base64(r, k, rule);
	for (i = 0; any_case && i < k.n; i++) {
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 32);
		if (i == 0 || i + 1 == k.n)
			add_base64(r, (struct sv){text, k.n}, rule);
	}
}

/* All ways in which a pair of bytes may be written when case does not count. */
static size_t
cases(const struct needle *n, uint16_t out[4])
{
	unsigned char a = (unsigned char)n->text.p[n->pair], b = (unsigned char)n->text.p[n->pair + 1], aa[2], bb[2];
	size_t i, k, na = 1, nb = 1, m = 0;

	aa[0] = a;
	bb[0] = b;
	if (n->any_case && ((a >= 'a' && a <= 'z') || (a >= 'A' && a <= 'Z')))
		aa[na++] = a ^ 32;
	if (n->any_case && ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z')))
		bb[nb++] = b ^ 32;
	for (i = 0; i < na; i++)
		for (k = 0; k < nb; k++)
			out[m++] = (uint16_t)(aa[i] | bb[k] << 8);
	return m;
}

static void
index_pairs(struct secret_rules *r)
{
	uint16_t pair[4];
	uint32_t *fill;
	size_t i, k, m, total = 0;

	r->at = arena_new(&r->arena, 65537, sizeof(*r->at));
	for (i = 0; i < r->needle.n; i++)
		for (m = cases(&r->needle.v[i], pair), k = 0; k < m; k++) {
			r->at[pair[k] + 1]++;
			r->pair[pair[k] / 64] |= UINT64_C(1) << pair[k] % 64;
			total++;
		}
	for (i = 0; i < 65536; i++)
		r->at[i + 1] += r->at[i];
	r->order = arena_new(&r->arena, total + 1, sizeof(*r->order));
	fill = mem_new(65536, sizeof(*fill));
	for (i = 0; i < r->needle.n; i++)
		for (m = cases(&r->needle.v[i], pair), k = 0; k < m; k++)
			r->order[r->at[pair[k]] + fill[pair[k]]++] = (uint32_t)i;
	mem_free(fill);
}

void
secret_index(struct secret_rules *r)
{
	size_t i, k;

	for (i = 0; i < r->n; i++)
		for (k = 0; k < r->rule[i].n_keywords; k++) {
			add(r, r->rule[i].keyword[k], i, SECRET_PLAIN, 0, r->rule[i].any_case);
			add_written(r, r->rule[i].keyword[k], i, r->rule[i].any_case);
			if (r->rule[i].shown.review)
				continue;
			add_base64_cases(r, r->rule[i].keyword[k], i, r->rule[i].any_case);
			add_wide(r, r->rule[i].keyword[k], i, r->rule[i].any_case);
		}
	index_pairs(r);
}
