#include "profile/parts.h"

#include <inttypes.h>

#include "base/num.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A {name} at the start of v: its length with the braces and the name; else 0. */
static size_t
capture(struct sv v, struct sv *name)
{
	size_t end;

	if (v.n == 0 || v.p[0] != '{')
		return 0;
	end = sv_chr(v, '}');
	if (end == v.n)
		return 0;
	*name = sv_head(sv_from(v, 1), end - 1);
	return part_is_name(*name) ? end + 1 : 0;
}

/*
 * A capture takes all digits there are. part_pattern() has seen to it that no digit and no other
 * capture follows it, so there is never a second way to match.
 */
bool
profile_match(struct sv pattern, struct sv name, struct profile_captures *c)
{
	struct sv word;
	size_t n;

	*c = (struct profile_captures){.n = 0};
	if (sv_chr(pattern, '/') == pattern.n)
		name = sv_base(name);
	while (pattern.n > 0) {
		size_t open = capture(pattern, &word);

		if (open == 0) {
			if (name.n == 0 || name.p[0] != pattern.p[0])
				return false;
			name = sv_from(name, 1);
			pattern = sv_from(pattern, 1);
			continue;
		}
		for (n = 0; n < name.n && is_digit(name.p[n]); n++)
			;
		if (n == 0 || c->n == PROFILE_CAPTURES ||
		    !num_parse_int(sv_head(name, n), &c->value[c->n]))
			return false;
		c->name[c->n++] = word;
		name = sv_from(name, n);
		pattern = sv_from(pattern, open);
	}
	return name.n == 0;
}

static const int64_t *
value_of(const struct profile_captures *c, struct sv name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (sv_eq(c->name[i], name))
			return &c->value[i];
	return NULL;
}

struct sv
profile_fill(struct arena *a, struct sv pattern, const struct profile_captures *c)
{
	struct sb s = {0};
	const int64_t *v;
	struct sv word, out;
	size_t n;

	while (pattern.n > 0) {
		n = capture(pattern, &word);
		v = n == 0 ? NULL : value_of(c, word);
		if (v != NULL) {
			sb_addf(&s, "%" PRId64, *v);
		} else {
			n = 1;
			sb_addc(&s, pattern.p[0]);
		}
		pattern = sv_from(pattern, n);
	}
	out = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return out;
}

bool
part_uses(struct sv text, const struct profile_captures *c)
{
	struct sv word;

	for (; text.n > 0; text = sv_from(text, 1))
		if (capture(text, &word) > 0 && value_of(c, word) != NULL)
			return true;
	return false;
}

int
part_pattern(struct loader *l, const struct doc *d, struct sv pattern, struct profile_captures *c)
{
	struct sv word;
	size_t n;

	*c = (struct profile_captures){.n = 0};
	for (; pattern.n > 0; pattern = sv_from(pattern, n)) {
		n = 1;
		if (pattern.p[0] == '*' || pattern.p[0] == '?')
			return doc_err(d, l->e, "a snapshot's file holds {names} that stand for digits, not '%c'",
			    pattern.p[0]);
		if (pattern.p[0] == '}')
			return doc_err(d, l->e, "'}' without '{' in the file's pattern");
		if (pattern.p[0] != '{')
			continue;
		n = capture(pattern, &word);
		if (n == 0)
			return doc_err(d, l->e, "after '{' a name and '}' expected in the file's pattern");
		if (c->n == PROFILE_CAPTURES)
			return doc_err(d, l->e, "more than %d {names} in the file's pattern", PROFILE_CAPTURES);
		if (value_of(c, word) != NULL)
			return doc_err(d, l->e, "{%s} stands twice in the file's pattern", part_show(l, word));
		c->name[c->n++] = word;
		if (n < pattern.n && (is_digit(pattern.p[n]) || pattern.p[n] == '{'))
			return doc_err(d, l->e, "where {%s} ends cannot be told: a digit or another {name} follows",
			    part_show(l, word));
	}
	return 0;
}

static const struct profile_snapshots *
rule_in(const struct profile_evidence *v, size_t n, struct sv name, struct profile_captures *c)
{
	const struct profile_snapshots *s;
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i].kind == EVIDENCE_SNAPSHOTS && profile_match(v[i].snapshots.file, name, c))
			return &v[i].snapshots;
		s = rule_in(v[i].child, v[i].n, name, c);
		if (s != NULL)
			return s;
	}
	return NULL;
}

const struct profile_snapshots *
profile_snapshot_rule(const struct profile *p, struct sv name, struct profile_captures *c)
{
	return rule_in(p->evidence, p->n_evidence, name, c);
}
