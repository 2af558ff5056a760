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
	size_t i, k;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		for (k = 0; k < READ_KNOWN && table[i]->known[k].name != NULL; k++)
			fn(ctx, table[i]->known[k].name, table[i]->known[k].title);
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
