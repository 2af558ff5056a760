/* Lines of a pipe to series, and those laid out and written as text: no input may crash that. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "chart/lines.h"
#include "chart/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chart c = {.kind = CHART_PLOT, .from = INFINITY, .to = -INFINITY};
	struct chart_series *s;
	struct chart_lines lines;
	struct arena a = {0};
	struct sb out = {0};
	size_t i;

	if (chart_lines("fuzz", (struct sv){(const char *)data, size}, &a, &lines, NULL) == 0) {
		s = arena_new(&a, lines.n, sizeof(*s));
		for (i = 0; i < lines.n; i++) {
			s[i].name = lines.v[i].name;
			s[i].data = chart_data(lines.v[i].point, lines.v[i].n, 0, &a);
		}
		c.series = s;
		c.n_series = lines.n;
		chart_spark(&c, 60, &out);
		chart_alt(&c, &a);
	}
	sb_free(&out);
	arena_free(&a);
	return 0;
}
