#include "step_recipe.h"

#include <stdio.h>

#include "base/doc.h"
#include "base/json.h"
#include "base/time.h"
#include "steps.h"

void
step_recipe_write(const char *tool, size_t n_operands, const struct judge_opts *o, struct sb *out)
{
	struct json j = {.out = out};
	char text[TIME_TEXT];
	size_t i;

	json_map(&j, NULL);
	json_int(&j, "schema", 1);
	json_cstr(&j, "version", SOAK_VERSION);
	json_list(&j, "command");
	json_cstr(&j, NULL, tool);
	json_cstr(&j, NULL, "-p");
	json_cstr(&j, NULL, "profile.yaml");
	if (o->strict)
		json_cstr(&j, NULL, "--strict");
	if (o->start != TIME_NONE) {
		json_cstr(&j, NULL, "--start");
		json_cstr(&j, NULL, time_text(o->start, text));
	}
	if (o->baseline != NULL) {
		json_cstr(&j, NULL, "--baseline");
		json_cstr(&j, NULL, STEP_BASELINE);
	}
	if (n_operands == 1)
		json_cstr(&j, NULL, "artifacts");
	for (i = 1; n_operands > 1 && i <= n_operands; i++) {
		char name[40];

		snprintf(name, sizeof(name), "artifacts/%zu", i);
		json_cstr(&j, NULL, name);
	}
	json_end(&j);
	json_map(&j, "judge");
	json_time(&j, "start", o->start);
	json_time(&j, "now", o->has_now ? o->now : TIME_NONE);
	json_cstr(&j, "now_source", o->has_now ? o->now_source : NULL);
	json_bool(&j, "so_far", o->so_far);
	json_bool(&j, "strict", o->strict);
	json_bool(&j, "baseline", o->baseline != NULL);
	json_end(&j);
	json_end(&j);
}

static int
when(const struct doc *d, const char *path, int64_t *out, struct err *e)
{
	const struct doc *v = doc_path(d, sv_of(path));

	*out = TIME_NONE;
	if (v == NULL || (v->kind != DOC_NULL && !time_parse(v->text, out)))
		return doc_err(d, e, "'%s' is no time", path);
	return 0;
}

static bool
truth(const struct doc *d, const char *path)
{
	const struct doc *v = doc_path(d, sv_of(path));

	return v != NULL && v->kind == DOC_BOOL && v->truth;
}

int
step_recipe_read(struct arena *a, const char *file, struct sv text, struct judge_opts *o, bool *baseline, const char **version,
    struct err *e)
{
	const struct doc *d = doc_json(a, file, text, e), *v;

	*o = (struct judge_opts){.start = TIME_NONE};
	if (d == NULL)
		return -1;
	v = doc_get(d, "schema");
	if (v == NULL || !sv_is(v->text, "1"))
		return doc_err(d, e, "a recipe that this program does not know");
	if (when(d, "judge.start", &o->start, e) < 0 || when(d, "judge.now", &o->now, e) < 0)
		return -1;
	o->has_now = o->now != TIME_NONE;
	o->so_far = truth(d, "judge.so_far");
	o->strict = truth(d, "judge.strict");
	*baseline = truth(d, "judge.baseline");
	v = doc_path(d, SV("judge.now_source"));
	if (v != NULL && v->kind == DOC_STRING)
		o->now_source = arena_str(a, v->text);
	v = doc_get(d, "version");
	*version = v == NULL ? "" : arena_str(a, v->text);
	return 0;
}
