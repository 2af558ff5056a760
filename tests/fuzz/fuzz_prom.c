/*
 * Any bytes as Prometheus text and as OpenMetrics, whatever they are recognised as.
 */
#include "check_sink.h"

extern const struct reader reader_prom, reader_openmetrics;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv text = {(const char *)data, size};
	struct read_input in = {.name = "f", .head = sv_head(text, READ_HEAD)};

	(void)read_recognise(&in);
	check_read(&reader_prom, &in, text);
	check_read(&reader_openmetrics, &in, text);
	return 0;
}
