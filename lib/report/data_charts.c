/*
 * data_charts - the pictures, as links and as bytes inside HTML.
 */
#include "report/data_parts.h"

#include "report/drawing.h"
#include "report/people.h"

int
data_charts(struct arena *a, struct doc *data, const struct report_chart *chart, size_t n, struct err *e)
{
	struct doc *list = doc_add(a, data, "charts", doc_new(a, DOC_LIST)), *c;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!sv_starts(chart[i].png, "\211PNG\r\n\032\n")) /* PNG specification, 5.2 */
			return err_set(e, ERR_INPUT, "%" SV_FMT ": not a PNG picture", SV_ARG(chart[i].file));
		c = doc_add(a, list, NULL, doc_new(a, DOC_MAP));
		doc_add_str(a, c, "title", chart[i].title);
		doc_add_str(a, c, "alt", chart[i].alt);
		doc_add_str(a, c, "file", chart[i].file);
		doc_add_str(a, c, "link", people_link(a, chart[i].file));
		doc_add_str(a, c, "data_uri", people_data_uri(a, "image/png", chart[i].png));
		if (chart[i].svg.n > 0 && drawing_check(arena_str(a, chart[i].file), chart[i].svg, e) < 0)
			return -1;
		doc_add_str(a, c, "svg", chart[i].svg);
	}
	return 0;
}
