/*
 * Any bytes as a chart that a run folder brings: what passes has no element, attribute or word that runs, loads or leaves the picture.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/drawing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* In a tag; as text between tags all of it is harmless. */
	static const char *const never[] = {"href=", "onload=", "onclick=", "src=", "data:", "<script", "<foreignObject", "<image", "<a ", "<!", "<?", "<iframe"};
	struct sv svg = {(const char *)data, size}, rest = svg;
	struct err e = {0};
	size_t i, open = 0;

	if (drawing_check("f", svg, &e) < 0) {
		if (e.msg[0] == '\0')
			abort();
		return 0;
	}
	while (sv_chr(rest, '<') < rest.n) {
		struct sv tag;

		rest = sv_from(rest, sv_chr(rest, '<'));
		tag = sv_head(rest, sv_chr(rest, '>'));
		if (tag.n == rest.n)
			abort();
		open += sv_starts(tag, "<svg");
		for (i = 0; i < sizeof(never) / sizeof(*never); i++)
			if (sv_find(tag, sv_of(never[i])) < tag.n)
				abort();
		rest = sv_from(rest, tag.n);
	}
	if (open != 1)
		abort();
	return 0;
}
