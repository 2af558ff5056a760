/*
 * The "json:" and "jsonl:" parts of a format's YAML; docs/formats.md explains the keys.
 */
#include "read/format_def.h"

static int
load_paths(struct arena *a, const struct doc *d, const char *key, bool stars,
    struct format_paths *out, struct err *e)
{
	const struct doc **text;
	size_t n;

	if (format_strings(a, d, key, &text, &n, e) < 0)
		return -1;
	out->v = arena_new(a, n, sizeof(*out->v));
	for (; out->n < n; out->n++)
		if (format_path_load(a, text[out->n], text[out->n]->text, stars, &out->v[out->n], e) < 0)
			return -1;
	return 0;
}

int
format_json_load(struct emit_scope *s, const struct doc *d, struct format_json *out, struct err *e)
{
	static const char *const keys[] = {"recognise", "claims", "run", "records", "salvage", NULL};
	const struct doc *salvage = doc_get(d, "salvage");
	struct arena *a = s->arena;

	if (format_keys(d, keys, e) < 0 ||
	    load_paths(a, d, "recognise", false, &out->recognise, e) < 0 ||
	    load_paths(a, d, "claims", true, &out->claims, e) < 0 ||
	    load_paths(a, d, "run", true, &out->run, e) < 0 ||
	    json_records_load(s, d, &out->records, e) < 0)
		return -1;
	if (salvage != NULL && salvage->kind != DOC_BOOL)
		return doc_err(salvage, e, "expected true or false");
	out->salvage = salvage != NULL && salvage->truth;
	if (out->recognise.n == 0)
		return doc_err(d, e, "\"recognise\" names no path");
	if (out->claims.n + out->run.n + out->records.n == 0)
		return doc_err(d, e, "neither \"claims\" nor \"run\" nor \"records\" selects anything");
	return 0;
}

int
format_jsonl_load(struct emit_scope *s, const struct doc *d, struct format_json *out, struct err *e)
{
	static const char *const keys[] = {"recognise", "needs", "records", NULL};

	if (format_keys(d, keys, e) < 0 || load_paths(s->arena, d, "recognise", false, &out->recognise, e) < 0 ||
	    load_paths(s->arena, d, "needs", false, &out->needs, e) < 0 || json_records_load(s, d, &out->records, e) < 0)
		return -1;
	if (out->recognise.n == 0)
		return doc_err(d, e, "\"recognise\" names no path");
	if (out->needs.n == 0)
		out->needs = out->recognise;
	return out->records.n > 0 ? 0 : doc_err(d, e, "\"records\" are missing");
}
