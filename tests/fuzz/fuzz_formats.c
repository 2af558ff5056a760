/*
 * Any bytes as a log and as a JSON document of fixed formats, as what they are recognised
 * as, and as a format's YAML.
 */
#include "check_sink.h"

#include "read/formats.h"

extern const struct reader reader_lines, reader_json;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char log_format[] =
    "format: log\ntitle: Log\nlines:\n"
    "  recognise: '^\\[\\d{4}-'\n"
    "  skip: ['^#', '^\\s*$']\n"
    "  match:\n"
    "    - pattern: '^\\[(?<time>[^\\]]+)\\] (?<name>[A-Z_]+)(?: - (?<text>.*))?$'\n"
    "      event: { time: time, name: name, text: text, kind: state }\n"
    "  otherwise: continue\n";
static const char block_format[] =
    "format: blocks\ntitle: Blocks\nwords: {verdict: {PASSED: pass, '*': unknown}}\nlines:\n"
    "  recognise: '^(#|v )'\n"
    "  continues: '^ '\n"
    "  blocks:\n"
    "    head:\n"
    "    round: {values: {said: incomplete}, result: {kind: checkpoint, name: '{n}', time: t, status: said|verdict, text: '@last'}}\n"
    "  match:\n"
    "    - {pattern: '^# (?<n>.+)', begin: head, keep: n}\n"
    "    - {pattern: '^at (?<t>.+)', in: head, begin: round, keep: t}\n"
    "    - {pattern: '^go (?<t>\\S+ \\S+) (?<n>\\S+)', begin: round, keep: [t, n]}\n"
    "    - pattern: '(?s)^v (?<v>\\S*)(?<rest>.*)'\n"
    "      in: [round, outside]\n"
    "      sample: [{metric: 'm_{rest}', labels: {n: '{n}', l: '{@line}'}, value: v, unit: bytes, time: t}, {metric: s, value: v, unit: ms}]\n"
    "      claim: {path: 'round/{t}/v', text: v}\n"
    "    - {pattern: '^(?<said>PASSED|FAILED)', in: round, keep: said, end: true}\n"
    "  otherwise: note\n";
static const char json_format[] =
    "format: doc\ntitle: Doc\njson:\n"
    "  salvage: true\n"
    "  recognise: [totals.total, rate]\n"
    "  claims: ['totals.*', rate]\n"
    "  run: ['list.*.name', 'x.*.*']\n";

static struct read_formats *
fixed(void)
{
	struct read_formats *f = formats_new();

	if (formats_add(f, "log.yaml", sv_of(log_format), NULL) < 0 ||
	    formats_add(f, "blocks.yaml", sv_of(block_format), NULL) < 0 ||
	    formats_add(f, "doc.yaml", sv_of(json_format), NULL) < 0)
		abort();
	return f;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct read_formats *kept;
	struct sv text = {(const char *)data, size};
	struct read_input in = {.name = "f", .head = sv_head(text, READ_HEAD)};
	struct read_formats *own;
	const struct reader *r;

	if (kept == NULL)
		kept = fixed();
	in.formats = kept;
	r = read_recognise(&in);
	if (r != NULL)
		check_read(r, &in, text);
	in.format = "log";
	check_read(&reader_lines, &in, text);
	in.format = "blocks";
	check_read(&reader_lines, &in, text);
	in.format = "doc";
	check_read(&reader_json, &in, text);
	own = formats_new();
	(void)formats_add(own, "my.yaml", text, NULL);
	formats_free(own);
	return 0;
}
