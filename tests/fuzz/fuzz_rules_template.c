/* A template of an alert: no text may crash the engine, run away, or write more than it may. */
#include <stdint.h>
#include <stdlib.h>

#include "rules/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
query(void *ctx, struct sv expr, struct arena *a, struct tmpl_sample **out, size_t *n, struct err *e)
{
	static struct label l[] = {{SV("a"), SV("1")}, {SV("b"), SV("x:2")}};
	size_t i;

	(void)ctx;
	if (expr.n > 20)
		return err_set(e, ERR_USAGE, "no");
	*n = expr.n;
	*out = arena_new(a, *n, sizeof(**out));
	for (i = 0; i < *n; i++)
		(*out)[i] = (struct tmpl_sample){{l, 2}, (double)i * 1234.5};
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct label l[] = {{SV("a"), SV("1")}, {SV("instance"), SV("shop.example:9100")}};
	struct labels labels = {l, 2}, none = {0};
	struct tmpl_data d = {&labels, &none, SV("http://x/y"), 0.125, query, NULL};
	const struct tmpl *t;
	struct arena a = {0};
	struct err e = {0};
	struct sv out;

	if (size <= 4000 && (t = tmpl_parse(&a, (struct sv){(const char *)data, size}, &e)) != NULL &&
	    tmpl_expand(t, &d, &a, &out, &e) == 0 && out.n > 70000)
		abort();
	arena_free(&a);
	return 0;
}
