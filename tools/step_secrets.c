#include "step_secrets.h"

#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "secret/allow.h"
#include "secret/secret.h"
#include "step_ahead.h"
#include "step_redact.h"
#include "step_search.h"

#define MAX_SAID 20                            /* places of one rule in one file that are told of */
#define MAX_REDACTED ((size_t)256 << 20)       /* bytes of a file that can be redacted */
#define MAX_ALLOW ((size_t)1 << 20)

struct place {
	const char *file;
	size_t rule;
	enum secret_how how;
	int64_t line, count; /* count: how many more of this rule in this file are not listed apart */
	const struct allow *allow;
	bool redacted;
};

struct secrets {
	const struct tool *t;
	struct step_secrets *in;
	struct pack *pack;
	struct secret_rules *rules;
	struct search *search; /* of what is in memory */
	struct ahead *ahead;   /* of files */
	struct allow_list allow;
	struct arena arena;
	VEC(struct place) place;
	VEC(struct sv) unscanned; /* pairs: name, why */
	struct redact redacted;
	int64_t files;
	/* the file under way */
	VEC(struct redact_span) span;
	size_t before;            /* places before it */
};

static size_t
rule_number(const struct secrets *s, const struct secret_rule *rule)
{
	size_t i = 0;

	while (secret_rules_at(s->rules, i) != rule)
		i++;
	return i;
}

/* Only what stands in a plain file as it is written can be taken out of it. */
static bool
can_redact(const struct secrets *s, const struct search_hit *h)
{
	return s->in->redact && h->plain && !h->hit->rule->review && h->hit->how != SECRET_NAME && h->hit->how != SECRET_WIDE;
}

static int
on_hit(void *ctx, const struct search_hit *h, struct err *e)
{
	struct secrets *s = ctx;
	const struct secret_hit *hit = h->hit;
	struct place p = {arena_str(&s->arena, sv_of(h->name)), rule_number(s, hit->rule), hit->how, hit->line, 0, NULL, false};
	size_t i, same = 0;

	(void)e;
	if (!hit->rule->review)
		p.allow = allow_find(&s->allow, sv_of(hit->rule->id), sv_of(p.file), hit->line);
	if (p.allow == NULL && can_redact(s, h)) {
		p.redacted = true;
		*vec_add(&s->span) = (struct redact_span){hit->offset, hit->offset + hit->length, hit->rule->id,
		    redact_number(&s->redacted, h->digest)};
	}
	for (i = s->place.n; i > s->before && s->place.n > 0; i--) {
		struct place *q = &s->place.v[i - 1];

		if (q->rule != p.rule || strcmp(q->file, p.file) != 0 || (q->allow == NULL) != (p.allow == NULL) ||
		    q->redacted != p.redacted)
			continue;
		if (++same >= (hit->rule->review ? 1 : MAX_SAID)) {
			q->count++;
			return 0;
		}
	}
	*vec_add(&s->place) = p;
	return 0;
}

static void
on_unseen(void *ctx, const char *name, const char *why)
{
	struct secrets *s = ctx;

	*vec_add(&s->unscanned) = arena_sv(&s->arena, sv_of(name));
	*vec_add(&s->unscanned) = arena_sv(&s->arena, sv_of(why));
}

/* What is left is searched again: it must be clean. */
static int
redact(struct secrets *s, const char *name, struct sv text, struct err *e)
{
	struct sb out = {0};
	size_t i, refused = s->place.n;
	int rc;

	redact_text(&s->redacted, name + 5, text, s->span.v, s->span.n, &out);
	s->span.n = 0;
	s->in->redact = false;
	rc = search_bytes(s->search, name + 5, sb_sv(&out), e);
	s->in->redact = true;
	for (i = refused; i < s->place.n; i++)
		if (secret_rules_at(s->rules, s->place.v[i].rule)->review)
			s->place.v[i].count = -1; /* listed already */
	pack_replace(s->pack, name, sb_sv(&out));
	s->in->redacted++;
	sb_free(&out);
	return rc;
}

/* Evidence is searched as what somebody else wrote. */
static int
on_name(void *ctx, const char *name, const char *path, struct sv bytes, struct err *e)
{
	struct secrets *s = ctx;

	(void)bytes;
	(void)e;
	if (path != NULL)
		ahead_add(s->ahead, name + 5, path, !sv_starts(sv_of(name + 5), "artifacts/"));
	return 0;
}

static int
on_file(void *ctx, const char *name, const char *path, struct sv bytes, struct err *e)
{
	struct secrets *s = ctx;
	struct sb text = {0};
	const struct search_sink sink = {s, on_hit, on_unseen};
	const char *inner = name + 5; /* data/ */
	int rc;

	s->before = s->place.n;
	s->span.n = 0;
	s->files++;
	rc = path == NULL ? search_bytes(s->search, inner, bytes, e) :
	    ahead_take(s->ahead, &sink, e);
	if (rc == 0 && s->span.n > 0) {
		if (path != NULL)
			rc = io_read_file(path, MAX_REDACTED, &text, e);
		if (rc == 0)
			rc = redact(s, name, path != NULL ? sb_sv(&text) : arena_sv(&s->arena, bytes), e);
		sb_free(&text);
	}
	return rc;
}

/* The finding that bars the way is said; the others are counted. */
static void
tell(struct secrets *s)
{
	size_t i, listed = 0;

	for (i = 0; i < s->place.n; i++) {
		const struct place *p = &s->place.v[i];
		const struct secret_rule *r = secret_rules_at(s->rules, p->rule);

		if (p->count < 0)
			continue;
		if (r->review) {
			listed += 1 + (size_t)p->count;
		} else if (p->allow != NULL) {
			s->in->allowed++;
		} else if (!p->redacted) {
			s->in->refused++;
			tool_say(s->t, "%s:%lld: %s: %s (%s)%s", p->file, (long long)p->line, r->id, r->title, secret_how_text(p->how),
			    p->count > 0 ? ", and more of them" : "");
		}
	}
	s->in->listed = listed;
	for (i = 0; i < s->unscanned.n; i += 2) {
		struct sv file = s->unscanned.v[i];

		s->in->not_scanned++;
		if (allow_find(&s->allow, SV(ALLOW_NOT_SCANNED), file, 0) != NULL)
			continue;
		s->in->refused++;
		tool_say(s->t, "%" SV_FMT ": " ALLOW_NOT_SCANNED ": %" SV_FMT, SV_ARG(file), SV_ARG(s->unscanned.v[i + 1]));
	}
}

/* What was searched for, and found; never what it was. */
static void
write_result(const struct secrets *s, const char *rules_sha256, struct sb *out)
{
	struct json j = {.out = out};
	size_t i;

	json_map(&j, NULL);
	json_int(&j, "schema", 1);
	json_cstr(&j, "rules_sha256", rules_sha256);
	json_int(&j, "rules", (int64_t)secret_rules_count(s->rules));
	json_int(&j, "files", s->files);
	json_list(&j, "findings");
	for (i = 0; i < s->place.n; i++) {
		const struct place *p = &s->place.v[i];
		const struct secret_rule *r = secret_rules_at(s->rules, p->rule);

		if (p->count < 0)
			continue;
		json_map(&j, NULL);
		json_cstr(&j, "file", p->file);
		json_int(&j, "line", p->line);
		json_cstr(&j, "rule", r->id);
		json_cstr(&j, "written", secret_how_text(p->how));
		json_int(&j, "more", p->count);
		json_cstr(&j, "state", r->review ? "to be looked at" : p->redacted ? "redacted" : "allowed");
		if (p->allow != NULL) {
			json_str(&j, "reason", p->allow->reason);
			json_str(&j, "owner", p->allow->owner);
			json_time(&j, "expires", p->allow->expires);
		}
		json_end(&j);
	}
	json_end(&j);
	json_list(&j, "not_scanned");
	for (i = 0; i < s->unscanned.n; i += 2) {
		json_map(&j, NULL);
		json_str(&j, "file", s->unscanned.v[i]);
		json_str(&j, "why", s->unscanned.v[i + 1]);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
}

static int
load(struct secrets *s, char rules_sha256[DIGEST_HEX], struct err *e)
{
	struct sb path = {0}, text = {0};
	size_t i;
	int rc = -1;

	for (i = 0; i < s->t->n_dirs; i++) {
		sb_reset(&path);
		sb_addf(&path, "%s/secrets.yaml", s->t->dir[i]);
		if (access(sb_str(&path), F_OK) == 0)
			break;
	}
	if (i == s->t->n_dirs)
		err_set(e, ERR_USAGE, "secrets.yaml: no such file in any templates folder: nothing is packed unsearched");
	else if ((s->rules = secret_rules_load(sb_str(&path), e)) != NULL)
		rc = digest_file(sb_str(&path), rules_sha256, NULL, e);
	if (rc == 0 && s->in->allow != NULL) {
		rc = io_read_file(s->in->allow, MAX_ALLOW, &text, e);
		if (rc == 0)
			rc = allow_parse(&s->arena, arena_str(&s->arena, sv_of(s->in->allow)), arena_sv(&s->arena, sb_sv(&text)), s->in->now,
			    &s->allow, e);
	}
	sb_free(&path);
	sb_free(&text);
	return rc;
}

/* 0 may be packed, 1 may not. */
static int
conclude(struct secrets *s, const char *rules_sha256, struct err *e)
{
	struct sb json = {0};
	int rc;

	tell(s);
	if (s->in->refused > 0) {
		tool_say(s->t, "%zu findings: nothing is packed. What was found is known to whoever saw these files: replace it "
		    "(rotate); to redact is no remedy", s->in->refused);
		return 1;
	}
	if (allow_check_used(&s->allow, e) < 0)
		return -1;
	if (s->in->listed > 0)
		tool_note(s->t, "secrets: none; %zu passages to be looked at, listed in data/secret-scan.json", s->in->listed);
	if (s->in->redacted > 0)
		tool_note(s->t, "%zu files are packed redacted: data/redacted.tsv", s->in->redacted);
	write_result(s, rules_sha256, &json);
	rc = pack_add_bytes(s->pack, "secret-scan.json", sb_sv(&json), e);
	if (rc == 0 && s->redacted.table.n > 0)
		rc = pack_add_bytes(s->pack, "redacted.tsv", sb_sv(&s->redacted.table), e);
	sb_free(&json);
	return rc;
}

int
step_secrets(const struct tool *t, struct pack *p, struct step_secrets *in, struct err *e)
{
	struct secrets s = {.t = t, .in = in, .pack = p};
	const struct search_sink sink = {&s, on_hit, on_unseen};
	char rules_sha256[DIGEST_HEX] = "";
	bool redacts = in->redact;
	int rc = load(&s, rules_sha256, e);

	if (rc == 0) {
		s.search = search_new(s.rules, &sink);
		s.ahead = ahead_new(s.rules);
		rc = pack_each(p, on_name, &s, e);
		if (rc == 0)
			rc = pack_each(p, on_file, &s, e);
	}
	if (rc == 0)
		rc = conclude(&s, rules_sha256, e);
	in->redact = redacts;
	ahead_free(s.ahead);
	search_free(s.search);
	secret_rules_free(s.rules);
	vec_free(&s.place);
	vec_free(&s.unscanned);
	vec_free(&s.span);
	redact_free(&s.redacted);
	arena_free(&s.arena);
	return rc;
}
