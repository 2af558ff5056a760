/*
 * field - a key of a rule file or of a test file of rules: text.
 */
#ifndef SOAK_RULES_FIELD_H
#define SOAK_RULES_FIELD_H

#include "base/doc.h"

static inline bool
field_is_scalar(const struct doc *d)
{
	return d->kind != DOC_MAP && d->kind != DOC_LIST;
}

/* The text below key. 0, also when there is no such key: *out stays then; -1 with e set when it is a map or a list. */
static inline int
field_text(const struct doc *map, const char *key, struct sv *out, struct err *e)
{
	const struct doc *d = doc_get(map, key);

	if (d == NULL || d->kind == DOC_NULL)
		return 0;
	if (!field_is_scalar(d))
		return doc_err(d, e, "'%s' must be text", key);
	*out = d->text;
	return 0;
}

#endif
