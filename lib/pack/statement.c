#include "pack/statement.h"

#include "base/json.h"

static struct sv
text(const struct doc *d, const char *path)
{
	const struct doc *v = doc_path(d, sv_of(path));

	return v == NULL || v->kind != DOC_STRING ? SV("") : v->text;
}

static void
begin(struct json *j, struct sv name, const char *sha256, const char *type)
{
	json_map(j, NULL);
	json_cstr(j, "_type", "https://in-toto.io/Statement/v1");
	json_list(j, "subject");
	json_map(j, NULL);
	json_str(j, "name", name);
	json_map(j, "digest");
	json_cstr(j, "sha256", sha256);
	json_end(j);
	json_end(j);
	json_end(j);
	json_cstr(j, "predicateType", type);
	json_map(j, "predicate");
}

static void
end(struct json *j)
{
	json_end(j);
	json_end(j);
	sb_addc(j->out, '\n');
}

static void
profile(struct json *j, const char *key, const struct doc *verdict)
{
	json_map(j, key);
	json_str(j, "name", text(verdict, "profile.name"));
	json_map(j, "digest");
	json_str(j, "sha256", text(verdict, "profile.sha256"));
	json_end(j);
	json_end(j);
}

static void
missing(struct json *j, const struct doc *collect)
{
	const struct doc *d;

	for (d = doc_first(doc_get(collect, "missing")); d != NULL; d = d->next)
		json_str(j, NULL, d->text);
}

/* The criteria with one of these verdicts; with collect, what the package lacks besides. */
static void
tests(struct json *j, const char *key, const struct doc *verdict, const char *a, const char *b, const struct doc *collect)
{
	const struct doc *c;

	json_list(j, key);
	missing(j, collect);
	for (c = doc_first(doc_get(verdict, "criteria")); c != NULL; c = c->next) {
		struct sv v = text(c, "verdict");

		if (sv_is(v, a) || sv_is(v, b))
			json_str(j, NULL, text(c, "id"));
	}
	json_end(j);
}

static const char *
result(const struct doc *verdict, const struct doc *collect)
{
	const struct doc *c;
	bool warned = doc_first(doc_get(collect, "missing")) != NULL;

	if (!sv_is(text(verdict, "verdict"), "PASS"))
		return "FAILED";
	for (c = doc_first(doc_get(verdict, "criteria")); c != NULL; c = c->next)
		warned = warned || sv_is(text(c, "verdict"), "WARN") || sv_is(text(c, "verdict"), "WAIVED");
	return warned ? "WARNED" : "PASSED";
}

static void
own(struct json *j, const struct doc *verdict, const struct doc *collect)
{
	const struct doc *c;

	json_str(j, "verdict", text(verdict, "verdict"));
	json_str(j, "decision", text(verdict, "decision"));
	json_str(j, "headline", text(verdict, "headline"));
	profile(j, "profile", verdict);
	json_map(j, "run");
	json_doc(j, "start", doc_path(verdict, SV("run.start")));
	json_doc(j, "end", doc_path(verdict, SV("run.end")));
	json_end(j);
	json_list(j, "criteria");
	for (c = doc_first(doc_get(verdict, "criteria")); c != NULL; c = c->next) {
		json_map(j, NULL);
		json_str(j, "id", text(c, "id"));
		json_str(j, "verdict", text(c, "verdict"));
		json_end(j);
	}
	json_end(j);
	if (collect == NULL)
		return;
	json_bool(j, "complete", doc_first(doc_get(collect, "missing")) == NULL);
	json_list(j, "missing");
	missing(j, collect);
	json_end(j);
}

int
statement_write(const struct doc *verdict, const struct doc *collect, struct sv name, const char *tagmanifest_sha256, struct sb *out, struct err *e)
{
	struct json j = {.out = out, .compact = true};

	if (text(verdict, "verdict").n == 0 || text(verdict, "profile.name").n == 0)
		return err_set(e, ERR_INPUT, "verdict.json: not a verdict");
	begin(&j, name, tagmanifest_sha256, STATEMENT_TEST_RESULT);
	json_cstr(&j, "result", result(verdict, collect));
	json_list(&j, "configuration");
	profile(&j, NULL, verdict);
	json_end(&j);
	tests(&j, "passedTests", verdict, "PASS", "PASS", NULL);
	tests(&j, "warnedTests", verdict, "WARN", "WAIVED", collect);
	tests(&j, "failedTests", verdict, "FAIL", "INCONCLUSIVE", NULL);
	end(&j);
	j = (struct json){.out = out, .compact = true};
	begin(&j, name, tagmanifest_sha256, STATEMENT_VERDICT);
	own(&j, verdict, collect);
	end(&j);
	return 0;
}
