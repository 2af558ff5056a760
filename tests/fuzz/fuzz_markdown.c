/*
 * Any bytes as a user's report in Markdown: only elements of ours come out, each closed where it was opened, no link runs anything, and
 * nothing else of the text is markup.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct names {
	VEC(struct sv) open;
};

static bool
is_one_of(const char *words, struct sv name)
{
	struct sv rest = sv_of(words), w;

	while (sv_split(&rest, ' ', &w))
		if (w.n > 0 && sv_eq(w, name))
			return true;
	return false;
}

/* A link may not have another scheme than these, however it is written. */
static void
check_link(struct sv link)
{
	size_t colon = sv_chr(link, ':'), i;

	for (i = 0; i < link.n; i++)
		if ((unsigned char)link.p[i] <= ' ' || link.p[i] == '\\')
			abort();
	if (sv_starts(link, "//"))
		abort();
	for (i = 0; i < colon && colon < link.n; i++)
		if (strchr("/?#", link.p[i]) != NULL)
			return;
	if (colon < link.n && colon != 4 && colon != 5 && colon != 6)
		abort(); /* http, https, mailto */
}

static void
check_tag(struct names *n, struct sv tag)
{
	bool end = sv_starts(tag, "/");
	struct sv rest = sv_from(tag, end ? 1 : 0), name = sv_head(rest, sv_chr(rest, ' '));

	if (!is_one_of("p h1 h2 h3 h4 h5 h6 ul ol li blockquote hr br pre code em strong del a div table thead tbody tr th td span", name))
		abort();
	if (sv_is(name, "a") && !end) {
		if (!sv_starts(tag, "a href=\"") || !sv_ends(tag, "\""))
			abort();
		check_link(sv_head(sv_from(tag, 8), tag.n - 9));
	}
	if (sv_is(name, "hr") || sv_is(name, "br"))
		return;
	if (!end)
		*vec_add(&n->open) = name;
	else if (n->open.n == 0 || !sv_eq(n->open.v[--n->open.n], name))
		abort();
}

static void
check_body(struct sv body)
{
	struct names n = {0};

	while (body.n > 0) {
		struct sv text = sv_head(body, sv_chr(body, '<'));
		size_t end;

		if (sv_chr(text, '>') < text.n || sv_chr(text, '"') < text.n)
			abort();
		body = sv_from(body, text.n);
		if (body.n == 0)
			break;
		if ((end = sv_chr(body, '>')) == body.n)
			abort();
		check_tag(&n, sv_head(sv_from(body, 1), end - 1));
		body = sv_from(body, end + 1);
	}
	if (n.open.n > 0)
		abort();
	vec_free(&n.open);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct markdown m;
	struct err e = {0};
	struct arena a = {0};
	size_t i;

	if (markdown_html("f", (struct sv){(const char *)data, size}, NULL, &m, &e) == 0) {
		check_body(sb_sv(&m.body));
		for (i = 0; i < m.n_headings; i++)
			if (m.heading[i].level < 1 || m.heading[i].level > 6)
				abort();
		if (doc_get(markdown_page(&a, &m, SV("f")), "contents") == NULL)
			abort();
	} else if (e.msg[0] == '\0') {
		abort();
	}
	markdown_free(&m);
	arena_free(&a);
	return 0;
}
