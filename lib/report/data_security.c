/*
 * data_security - what the search for secrets found in the artifacts, when it has been made: secret-scan.json (docs/secrets.md).
 */
#include "report/data_parts.h"

#include "report/people.h"
#include "report/shape.h"
#include "report/shape_table.h"

static const struct shape finding[] = {
	{"file", SHAPE_STRING, NULL},
	{"line", SHAPE_NUMBER, NULL},
	{"rule", SHAPE_STRING, NULL},
	{"more", SHAPE_NUMBER, NULL},
	{"state", SHAPE_STRING, NULL},
	{"reason", SHAPE_STRING | SHAPE_ABSENT, NULL},
	{"owner", SHAPE_STRING | SHAPE_ABSENT, NULL},
	{"expires", SHAPE_STRING | SHAPE_NIL | SHAPE_ABSENT, NULL},
	{0},
};

static const struct shape unread[] = {
	{"file", SHAPE_STRING, NULL},
	{"why", SHAPE_STRING, NULL},
	{0},
};

static const struct shape scan_top[] = {
	{"rules", SHAPE_NUMBER, NULL},
	{"rules_sha256", SHAPE_STRING, NULL},
	{"files", SHAPE_NUMBER, NULL},
	{"findings", SHAPE_LIST, finding},
	{"not_scanned", SHAPE_LIST, unread},
	{0},
};

int
data_security(struct arena *a, struct doc *data, const struct doc *scan, struct err *e)
{
	struct doc *s = doc_add(a, data, "security", doc_new(a, DOC_MAP)), *c;
	size_t allowed = 0, redacted = 0;

	doc_add_bool(a, s, "is_scanned", scan != NULL);
	if (scan == NULL)
		return 0;
	if (shape_map(a, scan, scan_top, s, e) < 0)
		return -1;
	for (c = doc_first(doc_get(s, "findings")); c != NULL; c = c->next) {
		data_time(a, c, "expires");
		allowed += sv_is(shape_text(c, "state"), "allowed");
		redacted += sv_is(shape_text(c, "state"), "redacted");
	}
	doc_add_num(a, s, "allowed", (double)allowed);
	doc_add_num(a, s, "redacted", (double)redacted);
	doc_add_num(a, s, "to_look_at", (double)(doc_get(s, "findings")->n - allowed - redacted));
	doc_add_bool(a, s, "has_findings", doc_get(s, "findings")->n > 0);
	doc_add_bool(a, s, "has_not_scanned", doc_get(s, "not_scanned")->n > 0);
	return 0;
}
