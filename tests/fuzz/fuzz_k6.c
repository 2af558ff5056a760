/*
 * Any bytes as k6's points, as lines of JSON and as CSV, and as its documents. And any bytes as a block of observations, which a store from a stranger holds.
 */
#include "check_sink.h"

#include "base/mem.h"
#include "store/observation_code.h"

extern const struct reader reader_k6_ndjson, reader_k6_csv, reader_k6_json, reader_k6_console;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct observation v[OBSERVATION_BLOCK];
	struct sv text = {(const char *)data, size};
	struct read_input in = {.name = "f", .head = sv_head(text, READ_HEAD)};
	struct err e = {0};

	(void)read_recognise(&in);
	check_read(&reader_k6_ndjson, &in, text);
	check_read(&reader_k6_csv, &in, text);
	check_read(&reader_k6_json, &in, text);
	check_read(&reader_k6_console, &in, text);
	if (observation_decode(text, v, &e) < 0 && e.msg[0] == '\0')
		abort();
	return 0;
}
