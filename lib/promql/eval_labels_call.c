/* label_replace() and label_join(). */
#include "promql/eval_in.h"

#include "base/clean.h"
#include "base/mem.h"
#include "base/regex.h"
#include "promql/regexp.h"

/* What label_replace() needs for each series. */
struct replacement {
	struct sv to, text, from;
	struct regex *re;
	struct regex *letter; /* what a name in the text may hold besides "_" */
	struct sv *names;     /* by group */
	struct sv *group;
	size_t n;
};

/* How long the name at the start of text is. */
static size_t
name_length(const struct replacement *r, struct sv text)
{
	struct sv rest = text;
	uint32_t c;
	size_t n;

	while ((n = clean_utf8(rest, &c)) > 0) {
		if (c != '_' && regex_match(r->letter, sv_head(rest, n), NULL) != 1)
			break;
		rest = sv_from(rest, n);
	}
	return text.n - rest.n;
}

/* The group's number, or -1 for what is no number (Go's regexp, extract()). */
static long
group_number(struct sv name)
{
	long n = 0;
	size_t i;

	if (name.n > 1 && name.p[0] == '0')
		return -1;
	for (i = 0; i < name.n; i++) {
		if (name.p[i] < '0' || name.p[i] > '9' || n >= 100000000)
			return -1;
		n = n * 10 + (name.p[i] - '0');
	}
	return n;
}

static void
add_group(const struct replacement *r, struct sv name, struct sb *out)
{
	long number = group_number(name);
	size_t i;

	if (number >= 0) {
		if ((size_t)number < r->n)
			sb_addv(out, r->group[number]);
		return;
	}
	for (i = 1; i < r->n; i++)
		if (sv_eq(r->names[i], name) && r->group[i].p != NULL) {
			sb_addv(out, r->group[i]);
			return;
		}
}

/* $1, ${1}, $name, ${name}, $$; any other $ is itself (Go's Regexp.Expand). */
static void
expand(const struct replacement *r, struct sb *out)
{
	struct sv t = r->text, name;
	size_t n;
	bool braces;

	for (;;) {
		n = sv_chr(t, '$');
		sb_addv(out, sv_head(t, n));
		if (n == t.n)
			return;
		t = sv_from(t, n + 1);
		if (t.n > 0 && t.p[0] == '$') {
			sb_addc(out, '$');
			t = sv_from(t, 1);
			continue;
		}
		braces = t.n > 0 && t.p[0] == '{';
		name = sv_from(t, braces);
		n = name_length(r, name);
		if (n == 0 || (braces && (n >= name.n || name.p[n] != '}'))) {
			sb_addc(out, '$');
			continue;
		}
		add_group(r, sv_head(name, n), out);
		t = sv_from(name, n + braces);
	}
}

static int
replace_all(struct pq_eval *ev, struct replacement *r, struct pq_value *v)
{
	struct sb text = {0};
	size_t i;
	int rc = 0;

	for (i = 0; i < v->n && rc >= 0; i++) {
		rc = regex_groups(r->re, labels_value(&v->row[i].labels, r->from), r->group, r->n, ev->e);
		if (rc != 1)
			continue;
		sb_reset(&text);
		expand(r, &text);
		v->row[i].labels = pq_labels_set(&ev->scratch, &v->row[i].labels, r->to,
		    arena_sv(&ev->scratch, sb_sv(&text)));
	}
	sb_free(&text);
	return rc < 0 ? -1 : pq_value_unite(ev, v);
}

static int
bad_name(struct pq_eval *ev, const char *what, const char *where, struct sv name)
{
	struct sb s = {0};

	clean_add(&s, sv_head(name, 100));
	err_set(ev->e, ERR_USAGE, "invalid %s label name in %s(): %s", what, where, sb_str(&s));
	sb_free(&s);
	return -1;
}

int
pq_call_label_replace(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	struct replacement r = {.to = pq_call_text(c, 1), .text = pq_call_text(c, 2), .from = pq_call_text(c, 3)};
	int rc = -1;

	if (!pq_label_valid(r.to))
		return bad_name(ev, "destination", "label_replace", r.to);
	r.re = pq_regexp_new(pq_call_text(c, 4), ev->e);
	r.letter = regex_new(SV("[\\p{L}\\p{Nd}]"), REGEX_WHOLE, ev->e);
	if (r.re == NULL || r.letter == NULL) {
		err_prefix(ev->e, "invalid regular expression in label_replace()");
		if (ev->e != NULL)
			ev->e->code = ERR_USAGE;
	} else if (pq_regexp_names(&ev->scratch, pq_call_text(c, 4), &r.names, &r.n, ev->e) == 0 &&
	    pq_eval_node(ev, c->args[0], g, out) == 0) {
		r.group = arena_new(&ev->scratch, r.n, sizeof(*r.group));
		rc = replace_all(ev, &r, out);
	}
	regex_free(r.re);
	regex_free(r.letter);
	return rc;
}

int
pq_call_label_join(struct pq_eval *ev, const struct pq_call *c, const struct pq_grid *g, struct pq_value *out)
{
	struct sv to = pq_call_text(c, 1), between = pq_call_text(c, 2);
	struct sb text = {0};
	size_t i, k;

	if (!pq_label_valid(to))
		return bad_name(ev, "destination", "label_join", to);
	for (k = 3; k < c->n; k++)
		if (!pq_label_valid(pq_call_text(c, k)))
			return bad_name(ev, "source", "label_join", pq_call_text(c, k));
	if (pq_eval_node(ev, c->args[0], g, out) < 0)
		return -1;
	for (i = 0; i < out->n; i++) {
		sb_reset(&text);
		for (k = 3; k < c->n; k++) {
			if (k > 3)
				sb_addv(&text, between);
			sb_addv(&text, labels_value(&out->row[i].labels, pq_call_text(c, k)));
		}
		out->row[i].labels = pq_labels_set(&ev->scratch, &out->row[i].labels, to,
		    arena_sv(&ev->scratch, sb_sv(&text)));
	}
	sb_free(&text);
	return pq_value_unite(ev, out);
}
