/*
 * Any bytes as a table with a header, with fixed columns, and as rows of each delimiter.
 */
#include "check_sink.h"

#include "read/csv_row.h"
#include "read/formats.h"

extern const struct reader reader_csv;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char named[] =
    "format: named\ntitle: N\ncsv:\n  recognise: [a]\n  split: {c: '^(?<used>\\S+) / (?<limit>\\S+)$'}\n"
    "  sample: {metric: '{a}', labels: {b: '{b}', u: '{limit}'}, value: used, unit: bytes}\n"
    "  result: {kind: check, name: a, status: b, duration: d}\n"
    "  count: {metric: n_total, labels: {b: '{b}'}, time: t}\n";
static const char fixed[] =
    "format: fixed\ntitle: F\ncsv:\n  columns: [t, a]\n  recognise: '^\\d'\n  delimiter: ';'\n"
    "  event: {time: t, name: a, kind: k}\n";

static void
check_rows(struct sv text, char delimiter)
{
	struct err e = {0};
	struct io_mem m;
	struct csv c;
	int rc;

	io_mem_init(&m, text);
	csv_init(&c, &m.src, delimiter);
	while ((rc = csv_next(&c, "f", &e)) > 0)
		if (c.field.n == 0 || c.field.n > CSV_MAX_FIELDS || c.line < 1)
			abort();
	if (rc < 0 && e.msg[0] == '\0')
		abort();
	csv_free(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct read_formats *kept;
	struct sv text = {(const char *)data, size};
	struct read_input in = {.name = "f", .head = sv_head(text, READ_HEAD)};

	if (kept == NULL) {
		kept = formats_new();
		if (formats_add(kept, "named.yaml", sv_of(named), NULL) < 0 || formats_add(kept, "fixed.yaml", sv_of(fixed), NULL) < 0)
			abort();
	}
	in.formats = kept;
	(void)read_recognise(&in);
	in.format = "named";
	check_read(&reader_csv, &in, text);
	in.format = "fixed";
	check_read(&reader_csv, &in, text);
	check_rows(text, ',');
	check_rows(text, '\t');
	return 0;
}
