/*
 * Any bytes as a dump of each flavour.
 */
#include "check_sink.h"

extern const struct reader reader_sqldump;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv text = {(const char *)data, size};
	struct read_input in = {.name = "f", .head = sv_head(text, READ_HEAD)};

	check_read(&reader_sqldump, &in, text);
	return 0;
}
