/*
 * mustache_reader - a template being read; for mustache_parse.c and mustache_place.c only.
 */
#ifndef SOAK_REPORT_MUSTACHE_READER_H
#define SOAK_REPORT_MUSTACHE_READER_H

#include "report/mustache.h"
#include "report/mustache_parse.h"

/* A section whose end has not come yet. */
struct mustache_open {
	struct mustache_node *section;
	struct mustache_node **tail; /* where the list goes on after the section */
	size_t body;                 /* where a block's body begins */
	int body_line;
	struct mustache_node *lead;  /* the text before a parent that begins its line ... */
	size_t blanks;               /* ... and how many blanks of it are the parent's indent */
	bool first;                  /* nothing but blanks stands before it on its line */
};

struct mustache_reader {
	struct arena *a;
	const char *file;
	struct sv text;
	size_t pos; /* of what is not read yet */
	int line;   /* at pos */
	struct sv opening, closing; /* the delimiters */
	struct mustache_node **tail; /* where the next node is hung */
	struct mustache_open open[MUSTACHE_MAX_DEPTH];
	int depth;
	struct err *e;
};

/* One tag as it stands in the text. */
struct mustache_tag {
	char type;       /* # ^ / > < $ ! = & { or 'v' for a value */
	struct sv inner; /* between delimiters and sigil, trimmed */
	size_t start, end; /* its bytes, delimiters included */
	int line;
};

bool mustache_blank(char c);
/* Is there nothing but blanks before pos on its line? A tag is not blank. *from: where the line begins. */
bool mustache_blank_before(const struct mustache_reader *r, size_t pos, size_t *from);
/* The section that is depth levels further out than the innermost one; NULL there is none. */
const struct mustache_open *mustache_innermost(const struct mustache_reader *r, int depth);
/*
 * The bytes that go with the tag: its line, if it is alone there (spec, "Standalone"), else the tag itself. Which lines blocks
 * and parents take: spec, "Inheritance". Is it alone?
 */
bool mustache_extent(const struct mustache_reader *r, const struct mustache_tag *t, size_t *from, size_t *to);

#endif
