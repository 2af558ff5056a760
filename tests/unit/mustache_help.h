/*
 * mustache_help - cases for the template engine: data, template, expected, partials.
 */
#ifndef SOAK_TESTS_MUSTACHE_HELP_H
#define SOAK_TESTS_MUSTACHE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "report/mustache.h"

struct spec {
	const char *data; /* JSON */
	const char *template;
	const char *expected;
	const char *partials; /* JSON: name to text; NULL: none */
};

static struct arena a;

__attribute__((unused)) static int
teardown(void **state)
{
	(void)state;
	arena_free(&a);
	return 0;
}

__attribute__((unused)) static int
partial(void *ctx, struct sv name, struct mustache_text *t, struct err *e)
{
	struct doc *d = doc_path(ctx, name);

	(void)e;
	if (d == NULL)
		return 0;
	*t = (struct mustache_text){arena_str(&a, name), d->text};
	return 1;
}

__attribute__((unused)) static struct doc *
json(const char *text)
{
	struct err e = {0};
	struct doc *d = doc_json(&a, "data", sv_of(text), &e);

	if (d == NULL)
		fail_msg("%s", e.msg);
	return d;
}

__attribute__((unused)) static void
run(const struct spec *cases, size_t n, bool lenient)
{
	struct sb out = {0};
	struct err e = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		const struct spec *c = &cases[i];
		struct mustache_opts opts = {.escape = ESCAPE_HTML, .lenient = lenient};

		if (c->partials != NULL) {
			opts.partial = partial;
			opts.ctx = json(c->partials);
		}
		sb_reset(&out);
		if (mustache_render(&opts, "t", sv_of(c->template), json(c->data), &out, &e) < 0)
			fail_msg("'%s': %s", c->template, e.msg);
		if (!sv_is(sb_sv(&out), c->expected))
			fail_msg("'%s' with %s\ngave     '%s'\nexpected '%s'", c->template,
			    c->data, sb_str(&out), c->expected);
	}
	sb_free(&out);
}
#define RUN(cases, lenient) run(cases, sizeof(cases) / sizeof((cases)[0]), lenient)

#endif
