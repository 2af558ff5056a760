/*
 * emit_def - a record template as structs; emit_load.c fills them in, emit.c makes records of them.
 */
#ifndef SOAK_READ_EMIT_DEF_H
#define SOAK_READ_EMIT_DEF_H

#include "read/emit.h"

struct emit_part { /* of a text: fixed words, or a value */
	struct sv fixed;
	int number;                    /* the value's; -1: fixed */
	const struct emit_words *words; /* NULL: as it is */
};

struct emit_text { /* n 0: the field was not stated */
	struct emit_part *part;
	size_t n;
};

struct emit_label {
	struct sv name;
	struct emit_text value;
};

struct emit_only { /* the record is made only if the value is one of these */
	struct emit_text value;
	struct sv *text;
	size_t n;
};

enum emit_kind { EMIT_EVENT, EMIT_SAMPLE, EMIT_RESULT, EMIT_CLAIM, EMIT_RUN, EMIT_NESTED, EMIT_NKINDS };

/* The fields that are texts, of all kinds together. */
enum emit_field {
	EF_TIME, EF_END, EF_LASTS, EF_NAME, EF_TEXT, EF_VALUE, EF_STATUS, EF_DURATION, /* values */
	EF_METRIC, EF_PATH, EF_SUITE,                                        /* templates */
	EF_COUNT
};

struct emit {
	enum emit_kind kind;
	int id; /* its place in emit_run.told */
	struct emit_text field[EF_COUNT];
	struct sv fixed_kind, type, help;
	enum emit_unit unit;
	struct emit_label *label;
	size_t nlabels;
	struct emit_only *only;
	size_t nonly;
	const char *what; /* for messages: the metric's or path's text as stated */
};

#endif
