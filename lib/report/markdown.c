#include "report/markdown.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/mem.h"

#define MAX_INPUT ((size_t)64 << 20)

/* A span that is open; shown: its element was written (not that of a link that leads nowhere good). */
struct span_open {
	MD_SPANTYPE type;
	bool shown;
};

struct page {
	struct markdown *out;
	const struct doc *charts;
	struct sv whole;     /* the input */
	VEC(struct markdown_heading) heading;
	VEC(struct span_open) span;
	struct sb plain;     /* the heading's text, or a picture's alternative text */
	int in_heading;      /* its level; 0 none */
	int in_picture;
	struct sv picture;   /* its link */
	bool in_code;        /* a <code> of the text that is not closed yet */
	size_t code_depth;   /* how many spans were open when it was opened */
};

static void
put(struct page *p, const char *html)
{
	sb_adds(&p->out->body, html);
}

static const struct {
	const char *name, *means;
} known[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", "\302\240"}};
#define N_KNOWN (sizeof(known) / sizeof(*known))

static bool
is_known(struct sv entity)
{
	size_t i;

	for (i = 0; i < N_KNOWN && !sv_is(entity, known[i].name); i++)
		;
	return i < N_KNOWN;
}

/* What "&#124;" and the few names that we write mean; another name stays as it is written. */
static void
add_entity(struct sb *out, struct sv text)
{
	char digits[16];
	unsigned long c;
	size_t i;

	for (i = 0; i < N_KNOWN; i++)
		if (sv_is(text, known[i].name)) {
			sb_adds(out, known[i].means);
			return;
		}
	if (text.n > 3 && text.n < sizeof(digits) && text.p[1] == '#') {
		bool hex = text.p[2] == 'x' || text.p[2] == 'X';
		struct sv number = sv_head(sv_from(text, hex ? 3 : 2), text.n - (hex ? 4 : 3));

		memcpy(digits, number.p, number.n);
		digits[number.n] = '\0';
		c = strtoul(digits, NULL, hex ? 16 : 10);
		clean_add_utf8(out, c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0xfffd : (uint32_t)c);
		return;
	}
	sb_addv(out, text);
}

/* An attribute as plain text. */
static struct sv
plain_of(struct page *p, const MD_ATTRIBUTE *a)
{
	struct sb out = {0};
	struct sv text;
	int i;

	for (i = 0; a->size > 0 && a->size <= p->whole.n && a->substr_offsets[i] < a->size && a->substr_offsets[i + 1] <= a->size &&
	    a->substr_offsets[i + 1] > a->substr_offsets[i]; i++) {
		struct sv part = {a->text + a->substr_offsets[i], a->substr_offsets[i + 1] - a->substr_offsets[i]};

		if (a->substr_types[i] == MD_TEXT_ENTITY && part.n > 1 && part.p[1] != '#' && !is_known(part))
			sb_addc(&out, '\\'); /* ":" has a name, too: such a link is not harmless */
		else if (a->substr_types[i] == MD_TEXT_ENTITY)
			add_entity(&out, part);
		else if (a->substr_types[i] == MD_TEXT_NORMAL)
			sb_addv(&out, part);
	}
	text = arena_sv(&p->out->arena, sb_sv(&out));
	sb_free(&out);
	return text;
}

static bool
same_letters(struct sv a, const char *b)
{
	size_t i;

	for (i = 0; i < a.n && b[i] != '\0'; i++)
		if ((a.p[i] | 0x20) != b[i])
			return false;
	return i == a.n && b[i] == '\0';
}

/* A scheme that leads to a document or a person, or none; browsers skip blanks and controls in front of and inside of one. */
static bool
is_harmless(struct sv link)
{
	size_t i, n = 0;

	for (i = 0; i < link.n; i++)
		if ((unsigned char)link.p[i] <= ' ' || link.p[i] == 0x7f || link.p[i] == '\\')
			return false;
	while (n < link.n && strchr(":/?#", link.p[n]) == NULL)
		n++;
	if (n == link.n || link.p[n] != ':')
		return !sv_starts(link, "//");
	return same_letters(sv_head(link, n), "http") || same_letters(sv_head(link, n), "https") || same_letters(sv_head(link, n), "mailto");
}

static void
open_heading(struct page *p, unsigned level)
{
	struct markdown_heading *h = vec_add(&p->heading);

	h->level = (int)level;
	h->anchor = sv_of(arena_fmt(&p->out->arena, "part-%zu", p->heading.n));
	p->in_heading = (int)level;
	sb_reset(&p->plain);
	sb_addf(&p->out->body, "<h%u id=\"%" SV_FMT "\">", level, SV_ARG(h->anchor));
}

/* A <code> that a block or a span leaves open ends with it. */
static void
close_code(struct page *p)
{
	if (p->in_code)
		put(p, "</code>");
	p->in_code = false;
}

static const char *
span_name(MD_SPANTYPE type)
{
	return type == MD_SPAN_EM ? "em" : type == MD_SPAN_STRONG ? "strong" : type == MD_SPAN_CODE ? "code" : type == MD_SPAN_DEL ? "del" : type == MD_SPAN_A ? "a" : NULL;
}

/* Closes the innermost spans until n are left: md4c 0.4.8 forgets one whose end it took for a part of a link. */
static void
close_spans(struct page *p, size_t n)
{
	while (p->span.n > n) {
		const struct span_open s = p->span.v[p->span.n - 1];

		if (p->code_depth == p->span.n)
			close_code(p);
		p->span.n--;
		if (s.shown)
			sb_addf(&p->out->body, "</%s>", span_name(s.type));
	}
}

static const char *
align_of(const MD_BLOCK_TD_DETAIL *d)
{
	return d->align == MD_ALIGN_RIGHT ? " class=\"number\"" : "";
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct page *p = ctx;

	close_spans(p, 0);
	switch (type) {
	case MD_BLOCK_QUOTE:
		put(p, "<blockquote>\n");
		break;
	case MD_BLOCK_UL:
		put(p, "<ul>\n");
		break;
	case MD_BLOCK_OL:
		sb_addf(&p->out->body, "<ol start=\"%u\">\n", ((MD_BLOCK_OL_DETAIL *)detail)->start);
		break;
	case MD_BLOCK_LI:
		put(p, "<li>");
		if (((MD_BLOCK_LI_DETAIL *)detail)->is_task)
			put(p, ((MD_BLOCK_LI_DETAIL *)detail)->task_mark == ' ' ? "<span class=\"badge open\">open</span> "
										: "<span class=\"badge pass\">done</span> ");
		break;
	case MD_BLOCK_HR:
		put(p, "<hr>\n");
		break;
	case MD_BLOCK_H:
		open_heading(p, ((MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_CODE:
		put(p, "<pre tabindex=\"0\"><code>");
		break;
	case MD_BLOCK_P:
		put(p, "<p>");
		break;
	case MD_BLOCK_TABLE:
		put(p, "<div class=\"box\" role=\"group\" aria-label=\"Table\" tabindex=\"0\">\n<table>\n");
		break;
	case MD_BLOCK_THEAD:
		put(p, "<thead>\n");
		break;
	case MD_BLOCK_TBODY:
		put(p, "<tbody>\n");
		break;
	case MD_BLOCK_TR:
		put(p, "<tr>");
		break;
	case MD_BLOCK_TH:
		sb_addf(&p->out->body, "<th scope=\"col\"%s>", align_of(detail));
		break;
	case MD_BLOCK_TD:
		sb_addf(&p->out->body, "<td%s>", align_of(detail));
		break;
	case MD_BLOCK_DOC:
	case MD_BLOCK_HTML:
		break;
	}
	return 0;
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	static const char *const end[] = {[MD_BLOCK_QUOTE] = "</blockquote>\n", [MD_BLOCK_UL] = "</ul>\n", [MD_BLOCK_OL] = "</ol>\n",
	    [MD_BLOCK_LI] = "</li>\n", [MD_BLOCK_CODE] = "</code></pre>\n", [MD_BLOCK_P] = "</p>\n", [MD_BLOCK_TABLE] = "</table>\n</div>\n",
	    [MD_BLOCK_THEAD] = "</thead>\n", [MD_BLOCK_TBODY] = "</tbody>\n", [MD_BLOCK_TR] = "</tr>\n", [MD_BLOCK_TH] = "</th>",
	    [MD_BLOCK_TD] = "</td>"};
	struct page *p = ctx;

	close_spans(p, 0);
	close_code(p);
	if (type == MD_BLOCK_H) {
		sb_addf(&p->out->body, "</h%u>\n", ((MD_BLOCK_H_DETAIL *)detail)->level);
		p->heading.v[p->heading.n - 1].text = arena_sv(&p->out->arena, sb_sv(&p->plain));
		p->in_heading = 0;
	} else if (type < sizeof(end) / sizeof(*end) && end[type] != NULL) {
		put(p, end[type]);
	}
	return 0;
}

static void
open_link(struct page *p, const MD_SPAN_A_DETAIL *d)
{
	struct sv link = plain_of(p, &d->href);
	bool good = is_harmless(link);

	*vec_add(&p->span) = (struct span_open){MD_SPAN_A, good};
	if (!good)
		return;
	put(p, "<a href=\"");
	clean_entities(&p->out->body, link);
	put(p, "\">");
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct page *p = ctx;

	if (type == MD_SPAN_IMG) {
		if (p->in_picture++ == 0) {
			p->picture = plain_of(p, &((MD_SPAN_IMG_DETAIL *)detail)->src);
			if (p->in_heading == 0)
				sb_reset(&p->plain);
		}
		return 0;
	}
	if (p->in_picture > 0)
		return 0;
	if (type == MD_SPAN_A) {
		open_link(p, detail);
		return 0;
	}
	*vec_add(&p->span) = (struct span_open){type, span_name(type) != NULL};
	if (span_name(type) != NULL)
		sb_addf(&p->out->body, "<%s>", span_name(type));
	return 0;
}

/* The chart that the link means, or its alternative text. */
static void
put_picture(struct page *p)
{
	const struct doc *c;

	for (c = doc_first(p->charts); c != NULL; c = c->next) {
		const struct doc *svg = doc_get(c, "svg"), *data = doc_get(c, "data_uri");

		if (!sv_eq(doc_get(c, "link")->text, p->picture) && !sv_eq(doc_get(c, "file")->text, p->picture))
			continue;
		if (svg->text.n > 0) {
			sb_addv(&p->out->body, svg->text);
			return;
		}
		put(p, "<img src=\"");
		sb_addv(&p->out->body, data->text);
		put(p, "\" alt=\"");
		clean_entities(&p->out->body, sb_sv(&p->plain));
		put(p, "\">");
		return;
	}
	put(p, "<em>");
	clean_entities(&p->out->body, sb_sv(&p->plain));
	put(p, "</em>");
}

static int
leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct page *p = ctx;
	size_t n;

	(void)detail;
	if (type == MD_SPAN_IMG) {
		if (--p->in_picture == 0)
			put_picture(p);
		return 0;
	}
	if (p->in_picture > 0)
		return 0;
	for (n = p->span.n; n > 0 && p->span.v[n - 1].type != type; n--)
		;
	if (n > 0)
		close_spans(p, n - 1);
	return 0;
}

static void
on_html(struct page *p, struct sv text)
{
	bool opens = sv_is(text, "<code>"), closes = sv_is(text, "</code>");

	if ((opens && !p->in_code) || (closes && p->in_code && p->span.n == p->code_depth)) {
		sb_addv(&p->out->body, text);
		p->in_code = opens;
		p->code_depth = p->span.n;
	} else {
		clean_entities(&p->out->body, text);
		if (p->in_heading > 0)
			sb_addv(&p->plain, text);
	}
}

static int
on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *ctx)
{
	struct page *p = ctx;
	struct sv v = {text, size};
	struct sb plain = {0};

	/* md4c 0.4.8 may miscount where the mark of a span stands in a link: no text is longer than what is left. */
	if (size > p->whole.n || (text >= p->whole.p && text < p->whole.p + p->whole.n && size > (size_t)(p->whole.p + p->whole.n - text)))
		return -1;
	if (type == MD_TEXT_HTML && p->in_picture == 0) {
		on_html(p, v);
		return 0;
	}
	if (type == MD_TEXT_ENTITY)
		add_entity(&plain, v);
	else if (type == MD_TEXT_NULLCHAR)
		sb_adds(&plain, "\357\277\275");
	else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		sb_addc(&plain, '\n');
	else
		sb_addv(&plain, v);
	if (p->in_heading > 0 || p->in_picture > 0)
		sb_addv(&p->plain, sb_sv(&plain));
	if (p->in_picture == 0) {
		if (type == MD_TEXT_BR)
			put(p, "<br>");
		clean_entities(&p->out->body, sb_sv(&plain));
	}
	sb_free(&plain);
	return 0;
}

int
markdown_html(const char *name, struct sv text, const struct doc *charts, struct markdown *out, struct err *e)
{
	const MD_PARSER parser = {.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_NOHTMLBLOCKS,
	    .enter_block = enter_block, .leave_block = leave_block, .enter_span = enter_span, .leave_span = leave_span, .text = on_text};
	struct page p = {.out = out, .charts = charts, .whole = text};
	int rc = 0;

	*out = (struct markdown){.n_headings = 0};
	if (text.n > MAX_INPUT)
		rc = err_set(e, ERR_LIMIT, "%s: more than %zu MiB of Markdown", name, MAX_INPUT >> 20);
	else if (text.n > 0 && md_parse(text.p, (MD_SIZE)text.n, &parser, &p) != 0)
		rc = err_set(e, ERR_INPUT, "%s: cannot be read as Markdown", name);
	out->n_headings = p.heading.n;
	out->heading = arena_keep(&out->arena, p.heading.v, p.heading.n, sizeof(*out->heading));
	vec_free(&p.span);
	sb_free(&p.plain);
	return rc;
}

void
markdown_free(struct markdown *m)
{
	sb_free(&m->body);
	arena_free(&m->arena);
}

struct doc *
markdown_page(struct arena *a, const struct markdown *m, struct sv name)
{
	struct doc *page = doc_new(a, DOC_MAP), *list, *d;
	size_t i;

	doc_add_str(a, page, "title", m->n_headings > 0 ? m->heading[0].text : name);
	doc_add_str(a, page, "generator", SV("soakproof " SOAK_VERSION));
	doc_add_str(a, page, "body", sb_sv(&m->body));
	list = doc_add(a, page, "contents", doc_new(a, DOC_LIST));
	for (i = 0; i < m->n_headings; i++) {
		if (m->heading[i].level != 2)
			continue;
		d = doc_add(a, list, NULL, doc_new(a, DOC_MAP));
		doc_add_str(a, d, "anchor", m->heading[i].anchor);
		doc_add_str(a, d, "text", m->heading[i].text);
	}
	doc_add_bool(a, page, "has_contents", list->n > 0);
	for (i = 0; i < m->n_headings && m->heading[i].level != 1; i++)
		;
	doc_add_bool(a, page, "has_h1", i < m->n_headings);
	return page;
}
