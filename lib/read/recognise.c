#include "read/read.h"

/* gen/readers.h holds READER(name) for each fmt_name.c, in the order of the names. */
#define READER(name) extern const struct reader reader_##name;
#include "readers.h"
#undef READER

static const struct reader *const table[] = {
#define READER(name) &reader_##name,
#include "readers.h"
#undef READER
};

void
read_each(void (*fn)(void *ctx, const char *name, const char *title), void *ctx)
{
	static const char *const known[][2] = {
		{"json-empty", "An empty JSON list or map"},
		{"junit-xml", "JUnit XML: results of tests"},
		{"k6-handle-summary", "k6's summary as handleSummary() gets it"},
		{"k6-machine-summary", "k6's summary for machines (k6 2)"},
		{"k6-ndjson", "Points of k6 run --out json"},
		{"k6-options", "k6's options: a load profile with its thresholds"},
		{"k6-summary-export", "k6's flat summary (--summary-export)"},
		{"openmetrics", "OpenMetrics 1.0, with its # EOF"},
		{"prometheus-api", "Answers of a Prometheus-compatible server to query and query_range"},
		{"prometheus-text", "Prometheus text 0.0.4: a scrape of /metrics, also with timestamps"},
		{"sql-dump", "Dump of a database (pg_dump, mysqldump, mariadb-dump, sqlite3 .dump): is it whole, how many rows"},
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		fn(ctx, known[i][0], known[i][1]);
}

/*
 * The first that says yes: the probes exclude each other by what they look for. All of them
 * read text, so the empty file is nobody's, and neither is one with a NUL byte in its head
 * (a tar of logs would look like a log).
 */
const struct reader *
read_recognise(struct read_input *in)
{
	size_t i;

	in->format = NULL;
	if (in->head.n == 0 || sv_chr(in->head, '\0') < in->head.n)
		return NULL;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if ((in->format = table[i]->probe(in)) != NULL)
			return table[i];
	return NULL;
}
