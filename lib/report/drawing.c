#include "report/drawing.h"

#include <string.h>

#define MAX_DEPTH 8

struct cursor {
	const char *name;
	struct sv whole, rest;
	struct sv open[MAX_DEPTH];
	size_t depth;
	struct err *e;
};

static int
bad(const struct cursor *c, const char *what)
{
	return err_set(c->e, ERR_INPUT, "%s: byte %zu: not a chart of ours: %s", c->name, c->whole.n - c->rest.n, what);
}

/* Is word one of a list of words between blanks? */
static bool
is_among(const char *words, struct sv word)
{
	struct sv rest = sv_of(words), w;

	while (rest.n > 0) {
		size_t n = sv_chr(rest, ' ');

		w = sv_head(rest, n);
		rest = sv_from(rest, n + 1);
		if (sv_eq(w, word))
			return true;
	}
	return false;
}

static struct sv
take_word(struct cursor *c)
{
	size_t n = 0;
	struct sv word;

	while (n < c->rest.n && ((c->rest.p[n] >= 'a' && c->rest.p[n] <= 'z') || (c->rest.p[n] >= 'A' && c->rest.p[n] <= 'Z') ||
				    c->rest.p[n] == '-' || c->rest.p[n] == ':' || (c->rest.p[n] >= '0' && c->rest.p[n] <= '9')))
		n++;
	word = sv_head(c->rest, n);
	c->rest = sv_from(c->rest, n);
	return word;
}

static void
skip_blanks(struct cursor *c)
{
	while (c->rest.n > 0 && (c->rest.p[0] == ' ' || c->rest.p[0] == '\n'))
		c->rest = sv_from(c->rest, 1);
}

/* Values: numbers, path data, colours, class names, ids of ours; url() of an id only; no scheme can be written without ':' or '/'. */
static bool
is_harmless(struct sv key, struct sv v)
{
	const char *extra = "";
	size_t i;

	if (sv_is(key, "xmlns"))
		return sv_is(v, "http://www.w3.org/2000/svg");
	if (sv_is(key, "style"))
		return sv_is(v, "font-variant-numeric:tabular-nums") ||
		    sv_is(v, "paint-order:stroke;stroke-width:6;stroke-linejoin:round");
	if (sv_is(key, "font-family"))
		extra = ",'";
	if (sv_starts(v, "url(#"))
		v = sv_from(v, 5);
	else if (sv_starts(v, "url"))
		return false;
	for (i = 0; i < v.n; i++) {
		char c = v.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c != '\0' && (strchr(" .-+%#)", c) != NULL || strchr(extra, c) != NULL))))
			return false;
	}
	return true;
}

static int
attributes(struct cursor *c, bool *closed)
{
	for (;;) {
		struct sv key, value;
		size_t n;

		skip_blanks(c);
		*closed = sv_starts(c->rest, "/>");
		if (*closed || sv_starts(c->rest, ">")) {
			c->rest = sv_from(c->rest, *closed ? 2 : 1);
			return 0;
		}
		key = take_word(c);
		if (!is_among("xmlns width height viewBox role aria-labelledby font-family style id class x y cx cy r d fill stroke fill-opacity "
			      "stroke-opacity stroke-width stroke-dasharray stroke-linecap stroke-linejoin shape-rendering clip-path "
			      "patternUnits font-size font-weight text-anchor textLength lengthAdjust xml:space",
			key))
			return bad(c, "an attribute");
		if (!sv_starts(c->rest, "=\""))
			return bad(c, "an attribute without a value");
		c->rest = sv_from(c->rest, 2);
		n = sv_chr(c->rest, '"');
		value = sv_head(c->rest, n);
		if (n == c->rest.n || !is_harmless(key, value))
			return bad(c, "an attribute's value");
		c->rest = sv_from(c->rest, n + 1);
	}
}

static bool
take(struct sv *rest, const char *text)
{
	if (!sv_starts(*rest, text))
		return false;
	*rest = sv_from(*rest, strlen(text));
	return true;
}

/* "F21497" */
static bool
take_colour(struct sv *rest)
{
	size_t i;

	for (i = 0; i < 6; i++)
		if (i >= rest->n || rest->p[i] == '\0' || strchr("0123456789ABCDEF", rest->p[i]) == NULL)
			return false;
	*rest = sv_from(*rest, 6);
	return true;
}

/* ".f21497B{fill:#21497B}" and the like, some for dark screens: a style inside a picture is the whole page's. */
static bool
is_style(struct sv text)
{
	bool dark = false;

	while (text.n > 0) {
		bool fill = sv_starts(text, ".f");

		if (take(&text, "\n"))
			continue;
		if (!dark && take(&text, "@media screen and (prefers-color-scheme:dark){")) {
			dark = true;
			continue;
		}
		if (dark && take(&text, "}"))
			return text.n == 0;
		if ((!fill && !sv_starts(text, ".s")) || !take(&text, fill ? ".f" : ".s") || !take_colour(&text) ||
		    !take(&text, fill ? "{fill:#" : "{stroke:#") || !take_colour(&text) || !take(&text, "}"))
			return false;
	}
	return !dark;
}

static int
end_tag(struct cursor *c)
{
	struct sv name;

	c->rest = sv_from(c->rest, 2);
	name = take_word(c);
	if (c->depth == 0 || !sv_eq(c->open[c->depth - 1], name) || !sv_starts(c->rest, ">"))
		return bad(c, "an end that does not fit");
	c->rest = sv_from(c->rest, 1);
	c->depth--;
	return 0;
}

static int
start_tag(struct cursor *c)
{
	struct sv name;
	bool closed;

	c->rest = sv_from(c->rest, 1);
	name = take_word(c);
	if (!is_among(c->depth == 0 ? "svg" : "title desc style defs clipPath pattern rect path circle text", name))
		return bad(c, "an element");
	if (attributes(c, &closed) < 0)
		return -1;
	if (closed)
		return 0;
	if (c->depth == MAX_DEPTH)
		return bad(c, "too deep");
	c->open[c->depth++] = name;
	return 0;
}

int
drawing_check(const char *name, struct sv svg, struct err *e)
{
	struct cursor c = {.name = name, .whole = svg, .rest = svg, .e = e};

	if (!sv_starts(svg, "<svg "))
		return bad(&c, "it does not begin with <svg");
	while (c.rest.n > 0) {
		size_t n = sv_chr(c.rest, '<');
		struct sv text = sv_head(c.rest, n);

		if (c.depth == 0 && sv_trim(text).n > 0)
			return bad(&c, "text outside");
		if (c.depth > 0 && sv_is(c.open[c.depth - 1], "style") && !is_style(text))
			return bad(&c, "a style");
		c.rest = sv_from(c.rest, n);
		if (c.rest.n == 0)
			break;
		if (c.depth == 0 && c.whole.n != c.rest.n)
			return bad(&c, "a second element");
		if ((sv_starts(c.rest, "</") ? end_tag(&c) : start_tag(&c)) < 0)
			return -1;
	}
	return c.depth == 0 ? 0 : bad(&c, "it ends too early");
}
