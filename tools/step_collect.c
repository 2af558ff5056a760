#include "step_collect.h"

#include "base/json.h"

void
collect_begin(struct collect *c, const struct profile *p, const struct doc *verdict)
{
	*c = (struct collect){.profile = p, .verdict = verdict};
	c->found = arena_new(&c->arena, p->n_collect + 1, sizeof(*c->found));
}

void
collect_free(struct collect *c)
{
	vec_free(&c->left_out);
	arena_free(&c->arena);
}

static bool
count(struct collect *c, struct sv name, int64_t size)
{
	bool any = false;
	size_t i;

	for (i = 0; i < c->profile->n_collect; i++)
		if (sv_glob(c->profile->collect[i].file, name)) {
			any = true;
			c->found[i] += size > 0;
		}
	return any;
}

static struct sv
text_of(const struct doc *map, const char *key)
{
	const struct doc *d = doc_get(map, key);

	return d == NULL ? SV("") : d->text;
}

/* Is it the artifact itself, or something inside it? */
static bool
is_or_is_in(struct sv name, struct sv artifact)
{
	return sv_eq(sv_head(name, artifact.n), artifact) && (name.n == artifact.n || name.p[artifact.n] == '/');
}

bool
collect_takes(struct collect *c, struct sv name, int64_t size)
{
	const struct doc *in;
	bool takes, judged = false;

	if (c->profile->n_collect == 0)
		return true;
	takes = count(c, name, size);
	for (in = doc_first(doc_get(c->verdict, "inputs")); in != NULL; in = in->next) {
		struct sv input = text_of(in, "name");

		if (!is_or_is_in(input, name))
			continue;
		judged = judged || !sv_is(text_of(in, "format"), "unrecognised");
		if (input.n > name.n && count(c, input, sv_is(text_of(in, "size"), "0") ? 0 : 1))
			takes = true;
	}
	if (!takes && !judged)
		*vec_add(&c->left_out) = arena_sv(&c->arena, name);
	return takes || judged;
}

static bool
is_missing(const struct collect *c, size_t i)
{
	return c->profile->collect[i].required && c->found[i] == 0;
}

void
collect_end(struct collect *c)
{
	size_t i;

	for (i = c->missing = 0; i < c->profile->n_collect; i++)
		c->missing += is_missing(c, i);
}

static void
globs(const struct collect *c, struct json *j, const char *key, bool required)
{
	size_t i;

	json_list(j, key);
	for (i = 0; i < c->profile->n_collect; i++) {
		if (c->profile->collect[i].required != required)
			continue;
		json_map(j, NULL);
		json_str(j, "file", c->profile->collect[i].file);
		json_int(j, "found", c->found[i]);
		json_end(j);
	}
	json_end(j);
}

void
collect_json(const struct collect *c, struct sb *out)
{
	struct json j = {.out = out};
	size_t i;

	json_map(&j, NULL);
	json_int(&j, "schema", 1);
	json_bool(&j, "complete", c->missing == 0);
	json_list(&j, "missing");
	for (i = 0; i < c->profile->n_collect; i++)
		if (is_missing(c, i))
			json_str(&j, NULL, c->profile->collect[i].file);
	json_end(&j);
	globs(c, &j, "required", true);
	globs(c, &j, "optional", false);
	json_list(&j, "left_out");
	for (i = 0; i < c->left_out.n; i++)
		json_str(&j, NULL, c->left_out.v[i]);
	json_end(&j);
	json_end(&j);
}
