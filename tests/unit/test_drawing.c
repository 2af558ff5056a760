/* drawing: a run folder may be anybody's, and of its charts only what ours are made of passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/drawing.h"

#define HEAD "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\" role=\"img\">"

static const char *const good[] = {
	HEAD "</svg>",
	HEAD "<title id=\"t\">a &lt; b</title><desc>c</desc></svg>",
	HEAD "<defs><clipPath id=\"c\"><rect x=\"0\" y=\"-1.5\" width=\"1\" height=\"1\"/></clipPath></defs><path d=\"M0 0L1 1\" clip-path=\"url(#c)\"/></svg>",
	HEAD "<style>.f21497B{fill:#21497B}\n@media screen and (prefers-color-scheme:dark){.s21497B{stroke:#8AB8F0}}</style></svg>",
};

static const struct {
	const char *svg, *says;
} bad[] = {
	{"", "does not begin with <svg"},
	{"<?xml version=\"1.0\"?>" HEAD "</svg>", "does not begin with <svg"},
	{HEAD, "ends too early"},
	{HEAD "<script>x</script></svg>", "an element"},
	{HEAD "<a href=\"x\"></a></svg>", "an element"},
	{HEAD "<foreignObject></foreignObject></svg>", "an element"},
	{HEAD "<svg></svg></svg>", "an element"},
	{HEAD "<!-- x --></svg>", "an element"},
	{"<svg onload=\"x\"></svg>", "an attribute"},
	{HEAD "<rect href=\"x\"/></svg>", "an attribute"},
	{HEAD "<rect fill=\"url(http://x)\"/></svg>", "an attribute's value"},
	{HEAD "<rect fill=\"URL(x:y)\"/></svg>", "an attribute's value"},
	{HEAD "<rect style=\"position:fixed\"/></svg>", "an attribute's value"},
	{HEAD "<rect fill='x'/></svg>", "an attribute without a value"},
	{HEAD "<rect fill=\"x/></svg>", "an attribute's value"},
	{HEAD "<style>@import url(x);</style></svg>", "a style"},
	{HEAD "<style>.decision{display:none}</style></svg>", "a style"},
	{HEAD "<style>.f21497B{fill:#21497B}}</style></svg>", "a style"},
	{HEAD "<text>x</rect></svg>", "an end that does not fit"},
	{HEAD "</svg><p>GO", "a second element"},
	{HEAD "</svg>GO", "text outside"},
	{HEAD "</svg>" HEAD "</svg>", "a second element"},
	{HEAD "</svg></svg>", "a second element"},
	{HEAD "<defs><defs><defs><defs><defs><defs><defs><defs></svg>", "too deep"},
};

static void
test_good(void **state)
{
	struct err e = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (drawing_check("c.png", sv_of(good[i]), &e) < 0)
			fail_msg("%s: %s", good[i], e.msg);
}

static void
test_bad(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err e = {0};

		if (drawing_check("c.png", sv_of(bad[i].svg), &e) == 0 || strstr(e.msg, bad[i].says) == NULL || strncmp(e.msg, "c.png: byte ", 12) != 0)
			fail_msg("%s: %s", bad[i].svg, e.msg);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
