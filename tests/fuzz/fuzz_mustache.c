/*
 * The first line of the input is a value, the rest a template. No template may
 * crash or run away, and in a template without markup of its own nothing of
 * the value may come out as HTML.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/mustache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sv template;

/* Every partial is the template itself: recursion without an end. */
static int
partial(void *ctx, struct sv name, struct mustache_text *t, struct err *e)
{
	(void)ctx;
	(void)name;
	(void)e;
	*t = (struct mustache_text){"partial", template};
	return 1;
}

static void
check_value(enum escape_mode mode, struct sv value)
{
	struct sb out = {0};
	size_t i;

	escape_add(&out, mode, value);
	for (i = 0; i < out.n; i++) {
		if ((unsigned char)out.buf[i] < ' ' || out.buf[i] == '\x7f')
			abort();
		if (mode != ESCAPE_PLAIN && strchr("<>`", out.buf[i]) != NULL)
			abort();
		if (mode == ESCAPE_HTML && strchr("\"'", out.buf[i]) != NULL)
			abort();
		if (mode == ESCAPE_MARKDOWN && out.buf[i] == '|')
			abort();
	}
	sb_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mustache_opts opts = {.lenient = true, .partial = partial};
	struct sv text = {(const char *)data, size}, value = {NULL, 0};
	struct arena a = {0};
	struct doc *d, *list;
	struct sb out = {0};
	int mode;

	if (size == 0)
		return 0;
	d = doc_new(&a, DOC_MAP);
	sv_split(&text, '\n', &value);
	template = text.p == NULL ? SV("{{v}}") : text;
	doc_add_str(&a, d, "v", value);
	list = doc_add(&a, d, "l", doc_new(&a, DOC_LIST));
	doc_add_str(&a, list, NULL, value);
	doc_add_num(&a, list, NULL, 1.5);
	for (mode = ESCAPE_PLAIN; mode <= ESCAPE_MARKDOWN; mode++) {
		check_value((enum escape_mode)mode, value);
		opts.escape = (enum escape_mode)mode;
		mustache_render(&opts, "f", template, d, &out, NULL);
		sb_reset(&out);
	}
	sb_free(&out);
	arena_free(&a);
	return 0;
}
