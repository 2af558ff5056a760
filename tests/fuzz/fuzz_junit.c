/*
 * Any bytes as a JUnit report.
 */
#include "check_sink.h"

extern const struct reader reader_junit;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv text = {(const char *)data, size};
	struct read_input in = {.name = "f", .head = sv_head(text, READ_HEAD)};

	(void)reader_junit.probe(&in);
	check_read(&reader_junit, &in, text);
	return 0;
}
