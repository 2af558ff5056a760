/*
 * Any bytes as a JSON document and as JSON lines of fixed formats that use every form of a path.
 */
#include "check_sink.h"

#include "read/formats.h"

extern const struct reader reader_json, reader_jsonlines;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WORDS "words: {up: {'': pass, '5*': fail, '*': unknown}}\n"
#define RECORDS                                                                                           \
	"  recognise: [a]\n  records:\n"                                                                  \
	"    - sample: {metric: '{a}', labels: {l: '{b.c?}', n: '{list.1}'}, value: a, unit: ms}\n"       \
	"      claim: {path: 'x.{b.c}', text: a}\n"                                                       \
	"    - each: 'm.*.logs.*'\n"                                                                      \
	"      event: {time: t, end: '$.end', name: 'D {$.m.*.name} {@key}', text: '{@}', kind: k}\n"     \
	"      result: {kind: check, suite: '{$.m.*@key}', name: '@key', status: '@|up', duration: d, time: t}\n" \
	"      count:\n"                                                                                  \
	"        - {metric: n_total, labels: {k: '{@key}'}, time: t}\n"                                   \
	"        - {metric: d_seconds, value: d, time: t, buckets: [0.1, 1]}\n"
static const char doc_format[] = "format: doc\ntitle: D\n" WORDS "json:\n" RECORDS;
static const char lines_format[] = "format: lines\ntitle: L\n" WORDS "jsonl:\n" RECORDS;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct read_formats *kept;
	struct sv text = {(const char *)data, size};
	struct read_input in = {.name = "f", .head = sv_head(text, READ_HEAD)};

	if (kept == NULL) {
		kept = formats_new();
		if (formats_add(kept, "doc.yaml", sv_of(doc_format), NULL) < 0 ||
		    formats_add(kept, "lines.yaml", sv_of(lines_format), NULL) < 0)
			abort();
	}
	in.formats = kept;
	(void)read_recognise(&in);
	in.format = "doc";
	check_read(&reader_json, &in, text);
	in.format = "lines";
	check_read(&reader_jsonlines, &in, text);
	return 0;
}
