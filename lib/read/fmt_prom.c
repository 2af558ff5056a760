/*
 * Prometheus text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats):
 * "prometheus-text". How it is told from OpenMetrics stands in prom_probe.c.
 */
#include "read/prom_probe.h"
#include "read/prom_read.h"
#include "read/read.h"

static const char *
probe(const struct read_input *in)
{
	return prom_probe(in->head) == PROM_FORMAT_TEXT ? "prometheus-text" : NULL;
}

static int
read_prom(const struct read_input *in, const struct read_sink *sink, struct err *e)
{
	return prom_read(in, sink, false, e);
}

const struct reader reader_prom = {probe, read_prom,
    {{"prometheus-text", "Prometheus text 0.0.4: a scrape of /metrics, also with timestamps"}}};
