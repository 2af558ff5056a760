#include "pack/signers.h"

#include <string.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/time.h"

struct line {
	const char *file;
	int number;
	struct err *e;
};

static int
bad(const struct line *l, const char *what)
{
	return err_set(l->e, ERR_INPUT, "%s:%d: %s", l->file, l->number, what);
}

/* "20260101Z" or "20260101120000Z". */
static int
date(const struct line *l, struct sv v, int64_t *out)
{
	char text[32];
	size_t i;

	if ((v.n != 9 && v.n != 13 && v.n != 15) || v.p[v.n - 1] != 'Z')
		return bad(l, "a date must be YYYYMMDDZ or YYYYMMDDHHMMSSZ: without Z it would be local time");
	for (i = 0; i + 1 < v.n; i++)
		if (v.p[i] < '0' || v.p[i] > '9')
			return bad(l, "a date must be YYYYMMDDZ or YYYYMMDDHHMMSSZ");
	/* 2026-01-01T12:00:00Z */
	memcpy(text, "0000-00-00T00:00:00Z", 21);
	memcpy(text, v.p, 4);
	memcpy(text + 5, v.p + 4, 2);
	memcpy(text + 8, v.p + 6, 2);
	if (v.n >= 13) {
		memcpy(text + 11, v.p + 8, 2);
		memcpy(text + 14, v.p + 10, 2);
	}
	if (v.n == 15)
		memcpy(text + 17, v.p + 12, 2);
	return time_parse(sv_of(text), out) ? 0 : bad(l, "not a date");
}

/* The next field up to a blank outside quotes. */
static struct sv
field(struct sv *rest)
{
	struct sv v;
	size_t i = 0;
	bool quoted = false;

	while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t'))
		*rest = sv_from(*rest, 1);
	for (; i < rest->n && (quoted || (rest->p[i] != ' ' && rest->p[i] != '\t')); i++)
		if (rest->p[i] == '"')
			quoted = !quoted;
	v = sv_head(*rest, i);
	*rest = sv_from(*rest, i);
	return v;
}

static bool
is_key_type(struct sv v)
{
	return sv_starts(v, "ssh-") || sv_starts(v, "ecdsa-") || sv_starts(v, "sk-");
}

static int
option(const struct line *l, struct sv v, struct signer *s)
{
	struct sv name = sv_head(v, sv_chr(v, '=')), value = sv_from(v, name.n + 1);

	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = sv_from(sv_head(value, value.n - 1), 1);
	else
		return bad(l, "an option is NAME=\"VALUE\"; certificate authorities are not taken");
	if (sv_is(name, "namespaces")) {
		s->namespaces = value;
		return 0;
	}
	if (sv_is(name, "valid-after"))
		return date(l, value, &s->after);
	if (sv_is(name, "valid-before"))
		return date(l, value, &s->before);
	return bad(l, "an option other than namespaces, valid-after and valid-before");
}

static int
options(const struct line *l, struct sv v, struct signer *s)
{
	size_t i, start = 0;
	bool quoted = false;

	for (i = 0; i <= v.n; i++) {
		if (i < v.n && v.p[i] == '"')
			quoted = !quoted;
		if (i < v.n && (quoted || v.p[i] != ','))
			continue;
		if (option(l, sv_from(sv_head(v, i), start), s) < 0)
			return -1;
		start = i + 1;
	}
	return 0;
}

static bool
has_any(struct sv v, const char *set)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (v.p[i] != '\0' && strchr(set, v.p[i]) != NULL)
			return true;
	return false;
}

static int
signer(const struct line *l, struct sv text, struct signer *s)
{
	struct sb blob = {0};
	struct sv v;
	bool ok;

	*s = (struct signer){.after = TIME_NONE, .before = TIME_NONE, .line = l->number};
	s->principal = field(&text);
	if (has_any(s->principal, "*?!,\""))
		return bad(l, "one principal a line, without wildcards");
	v = field(&text);
	if (!is_key_type(v)) {
		if (options(l, v, s) < 0)
			return -1;
		v = field(&text);
	}
	if (!is_key_type(v))
		return bad(l, "no key: PRINCIPAL namespaces=\"...\" KEYTYPE KEY expected");
	s->type = v;
	s->key = field(&text);
	ok = base64_decode(s->key, false, &blob) && blob.n > 20;
	sb_free(&blob);
	if (!ok)
		return bad(l, "the key is not base64");
	if (s->namespaces.n == 0 || has_any(s->namespaces, "*?!"))
		return bad(l, "namespaces=\"...\" is missing or holds a wildcard: the key would sign anything");
	return 0;
}

int
signers_parse(struct arena *a, const char *file, struct sv text, struct signers *out, struct err *e)
{
	struct line l = {file, 0, e};
	VEC(struct signer) v = {0};
	struct sv rest = text, line;
	size_t i;
	int rc = 0;

	while (rc == 0 && sv_split(&rest, '\n', &line)) {
		struct signer s;

		l.number++;
		line = sv_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		rc = signer(&l, line, &s);
		for (i = 0; rc == 0 && i < v.n; i++)
			if (sv_eq(v.v[i].key, s.key))
				rc = bad(&l, "a key that stands in another line already");
			else if (sv_eq(v.v[i].principal, s.principal) && v.v[i].before == TIME_NONE)
				rc = bad(&l, "a principal that stands in another line already, without valid-before");
		if (rc == 0)
			*vec_add(&v) = s;
	}
	out->n = v.n;
	out->v = arena_keep(a, v.v, v.n, sizeof(*v.v));
	return rc;
}

/* An SSH string: 4 bytes of length, then the bytes. */
static bool
string(struct sv *rest, struct sv *out)
{
	size_t n;

	if (rest->n < 4)
		return false;
	n = (size_t)(unsigned char)rest->p[0] << 24 | (size_t)(unsigned char)rest->p[1] << 16 |
	    (size_t)(unsigned char)rest->p[2] << 8 | (unsigned char)rest->p[3];
	*rest = sv_from(*rest, 4);
	if (n > rest->n)
		return false;
	*out = sv_head(*rest, n);
	*rest = sv_from(*rest, n);
	return true;
}

static void
fingerprint(struct sv blob, char out[64])
{
	struct digest *d = digest_new();
	struct sb raw = {0}, b64 = {0};
	char hex[DIGEST_HEX];
	size_t i;

	digest_add(d, blob.p, blob.n);
	digest_hex(d, hex);
	digest_free(d);
	for (i = 0; i < 64; i += 2)
		sb_addc(&raw, (char)(((hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10) << 4) |
		    (hex[i + 1] <= '9' ? hex[i + 1] - '0' : hex[i + 1] - 'a' + 10)));
	base64_encode(sb_sv(&raw), &b64);
	memcpy(out, "SHA256:", 7);
	memcpy(out + 7, sb_str(&b64), 43);
	out[50] = '\0';
	sb_free(&raw);
	sb_free(&b64);
}

int
sshsig_parse(struct arena *a, struct sv text, struct sshsig *out, struct err *e)
{
	static const char begin[] = "-----BEGIN SSH SIGNATURE-----\n", finish[] = "\n-----END SSH SIGNATURE-----";
	struct sb raw = {0}, key = {0};
	struct sv body = text, rest, blob, reserved, hash, sig;
	size_t n;
	int rc = -1;

	if (!sv_starts(body, begin))
		return err_set(e, ERR_INPUT, "not an SSH signature");
	body = sv_from(body, sizeof(begin) - 1);
	n = sv_find(body, sv_of(finish));
	if (n == body.n || sv_trim(sv_from(body, n + sizeof(finish) - 1)).n > 0)
		return err_set(e, ERR_INPUT, "an SSH signature with something behind its end, or without one");
	if (base64_decode(sv_head(body, n), true, &raw)) {
		rest = sb_sv(&raw);
		if (sv_starts(rest, "SSHSIG") && rest.n > 10 && memcmp(rest.p + 6, "\0\0\0\1", 4) == 0) {
			rest = sv_from(rest, 10);
			if (string(&rest, &blob) && string(&rest, &out->namespace_) && string(&rest, &reserved) &&
			    string(&rest, &hash) && string(&rest, &sig) && rest.n == 0)
				rc = 0;
		}
	}
	if (rc == 0) {
		base64_encode(blob, &key);
		out->key = arena_sv(a, sb_sv(&key));
		out->namespace_ = arena_sv(a, out->namespace_);
		fingerprint(blob, out->fingerprint);
	} else {
		err_set(e, ERR_INPUT, "a malformed SSH signature");
	}
	sb_free(&raw);
	sb_free(&key);
	return rc;
}
