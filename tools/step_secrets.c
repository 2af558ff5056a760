#include "step_secrets.h"

#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "read/bundle.h"
#include "secret/allow.h"
#include "secret/secret.h"
#include "store/texts.h"

#define MAX_SAID 20                            /* places of one rule in one file that are told of */
#define MAX_REDACTED ((size_t)256 << 20)       /* bytes of a file that can be redacted */
#define MAX_ALLOW ((size_t)1 << 20)

struct span { /* what is to be taken out of a file */
	int64_t from, to;
	size_t rule, number;
};

struct place {
	const char *file;
	size_t rule;
	enum secret_how how;
	int64_t line, count; /* count: how many more of this rule in this file are not listed apart */
	const struct allow *allow;
	bool redacted;
};

struct search {
	const struct tool *t;
	struct step_secrets *in;
	struct pack *pack;
	struct secret_rules *rules;
	struct secret_scan *scan;
	struct allow_list allow;
	struct arena arena;
	VEC(struct place) place;
	VEC(struct sv) unscanned;     /* pairs: name, why */
	VEC(struct sv) secret;        /* digests of values, for their numbers */
	struct sb redacted;           /* redacted.tsv */
	int64_t files, bytes;
	/* the file under way */
	const char *file;             /* in the package, without data/ */
	struct sb member;             /* and the member of it, when it is one */
	bool plain;                   /* its bytes are searched as they are */
	VEC(struct span) span;
	size_t before;                /* places before it */
};

static size_t
rule_number(const struct search *s, const struct secret_rule *rule)
{
	size_t i = 0;

	while (secret_rules_at(s->rules, i) != rule)
		i++;
	return i;
}

/* The same secret has the same number in one package. */
static size_t
secret_number(struct search *s, struct sv value)
{
	char hex[DIGEST_HEX];
	size_t i;

	digest_of(value, hex);
	for (i = 0; i < s->secret.n; i++)
		if (sv_is(s->secret.v[i], hex))
			return i + 1;
	*vec_add(&s->secret) = arena_sv(&s->arena, sv_of(hex));
	return s->secret.n;
}

static int
on_hit(void *ctx, const struct secret_hit *hit, struct err *e)
{
	struct search *s = ctx;
	const char *file = s->member.n > 0 ? arena_str(&s->arena, sb_sv(&s->member)) : s->file;
	struct place p = {file, rule_number(s, hit->rule), hit->how, hit->line, 0, NULL, false};
	size_t i, same = 0;

	(void)e;
	if (!hit->rule->review)
		p.allow = allow_find(&s->allow, sv_of(hit->rule->id), sv_of(file), hit->line);
	if (s->in->redact && s->plain && !hit->rule->review && p.allow == NULL && hit->how != SECRET_NAME) {
		p.redacted = true;
		*vec_add(&s->span) = (struct span){hit->offset, hit->offset + hit->length, p.rule, secret_number(s, hit->value)};
	}
	for (i = s->place.n; i > s->before && s->place.n > 0; i--) {
		struct place *q = &s->place.v[i - 1];

		if (q->rule != p.rule || strcmp(q->file, file) != 0 || (q->allow == NULL) != (p.allow == NULL))
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
not_scanned(struct search *s, const char *why)
{
	const char *file = s->member.n > 0 ? arena_str(&s->arena, sb_sv(&s->member)) : s->file;

	*vec_add(&s->unscanned) = sv_of(file);
	*vec_add(&s->unscanned) = arena_sv(&s->arena, sv_of(why));
}

/* "DATA/a.tar.gz/x" -> "artifacts/a.tar.gz/x" */
static void
name_member(struct search *s, const char *name)
{
	sb_reset(&s->member);
	sb_adds(&s->member, s->file);
	sb_addv(&s->member, sv_from(sv_of(name), sv_chr(sv_of(name), '/')));
}

static int64_t
no_prefix(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return 0;
}

static int
on_member(void *ctx, struct bundle_item *it, struct err *e)
{
	struct search *s = ctx;
	struct err why = {0};

	name_member(s, it->name);
	if (secret_scan_name(s->scan, sb_sv(&s->member), on_hit, s, e) < 0)
		return -1;
	/* What ends too early is told of by end(). */
	secret_scan_src(s->scan, it->src, on_hit, s, &why);
	return 0;
}

static int
on_member_end(void *ctx, const struct bundle_item *it, const struct bundle_done *d, const struct err *read_error, struct err *e)
{
	struct search *s = ctx;

	(void)d;
	(void)e;
	if (read_error != NULL && read_error->code == ERR_LIMIT) {
		name_member(s, it->name);
		not_scanned(s, read_error->msg);
	}
	return 0;
}

static int
on_archive(void *ctx, const char *name, const char *format, int64_t members, const struct bundle_done *d,
    const struct err *read_error, struct err *e)
{
	struct search *s = ctx;

	(void)format;
	(void)members;
	(void)d;
	(void)e;
	if (read_error != NULL && read_error->code == ERR_LIMIT) {
		name_member(s, name);
		not_scanned(s, read_error->msg);
	}
	return 0;
}

static int
on_refused(void *ctx, const char *name, const char *why, struct err *e)
{
	struct search *s = ctx;

	(void)e;
	/* A link or device has no bytes of its own. */
	if (strstr(why, "link") == NULL && strstr(why, "device") == NULL && strstr(why, "pipe") == NULL) {
		name_member(s, name);
		not_scanned(s, why);
	}
	return 0;
}

static int
search_archive(struct search *s, struct io_src *src, struct err *e)
{
	const struct bundle_sink sink = {s, no_prefix, on_member, on_member_end, on_archive, on_refused};
	int rc = bundle_walk(src, "x", &sink, e);

	sb_reset(&s->member);
	return rc;
}

static int
on_text(void *ctx, const char *table, struct sv text, struct err *e)
{
	struct search *s = ctx;

	sb_reset(&s->member);
	sb_addf(&s->member, "%s/%s", s->file, table);
	return secret_scan_add(s->scan, text.p, text.n, on_hit, s, e) < 0 || secret_scan_end(s->scan, on_hit, s, e) < 0 ? -1 : 0;
}

enum kind { KIND_PLAIN, KIND_ARCHIVE, KIND_SQLITE, KIND_OPAQUE };

/* By its first bytes. */
static enum kind
kind_of(struct sv head)
{
	static const struct {
		const char *magic;
		size_t n;
		enum kind kind;
	} known[] = {{"\x1f\x8b", 2, KIND_ARCHIVE}, {"PK\003\004", 4, KIND_ARCHIVE}, {"\xfd" "7zXZ", 5, KIND_ARCHIVE},
	    {"\x28\xb5\x2f\xfd", 4, KIND_ARCHIVE}, {"BZh", 3, KIND_ARCHIVE}, {"\x04\x22\x4d\x18", 4, KIND_ARCHIVE},
	    {"SQLite format 3", 16, KIND_SQLITE}, {"7z\xbc\xaf\x27\x1c", 6, KIND_OPAQUE}, {"Rar!", 4, KIND_OPAQUE},
	    {"%PDF-", 5, KIND_OPAQUE}, {"\x1f\x9d", 2, KIND_OPAQUE}, {"Salted__", 8, KIND_OPAQUE}};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (head.n >= known[i].n && memcmp(head.p, known[i].magic, known[i].n) == 0)
			return known[i].kind;
	return head.n > 262 && memcmp(head.p + 257, "ustar", 5) == 0 ? KIND_ARCHIVE : KIND_PLAIN;
}

static int
search_file(struct search *s, const char *path, struct err *e)
{
	char head[512];
	struct io_fd in;
	struct err why = {0};
	enum kind kind;
	ssize_t got;
	int fd = io_open(path, e), rc;

	if (fd < 0)
		return -1;
	got = pread(fd, head, sizeof(head), 0);
	kind = kind_of((struct sv){head, got < 0 ? 0 : (size_t)got});
	io_fd_init(&in, fd, path);
	s->plain = kind == KIND_PLAIN;
	if (kind == KIND_ARCHIVE)
		rc = search_archive(s, &in.src, e);
	else
		rc = secret_scan_src(s->scan, &in.src, on_hit, s, e);
	/* A database's bytes were searched, too: pages that are free still hold what was in them. */
	if (rc == 0 && kind == KIND_SQLITE && store_texts(path, on_text, s, &why) < 0)
		not_scanned(s, why.msg);
	sb_reset(&s->member);
	if (rc == 0 && kind == KIND_OPAQUE)
		not_scanned(s, "compressed or encrypted in a way that is not looked into");
	close(fd);
	return rc;
}

/* How far a secret goes that was found in what is written otherwise: up to where no such text goes on. */
static size_t
end_of(struct sv text, const struct span *span)
{
	size_t i = (size_t)span->to;

	while (i < text.n && text.p[i] != '\0' && strchr(" \t\r\n\"'<>,;|()[]{}&", text.p[i]) == NULL)
		i++;
	return i;
}

static int
redact(struct search *s, const char *name, struct sv text, struct err *e)
{
	struct sb out = {0};
	char before[DIGEST_HEX], after[DIGEST_HEX];
	size_t i, at = 0, refused = 0;
	int rc;

	for (i = 0; i < s->span.n; i++) {
		const struct span *p = &s->span.v[i];
		const char *id = secret_rules_at(s->rules, p->rule)->id;

		if ((size_t)p->from < at)
			continue;
		sb_addv(&out, sv_from(sv_head(text, (size_t)p->from), at));
		sb_addf(&out, "[REDACTED:%s:%zu]", id, p->number);
		at = end_of(text, p);
		sb_addf(&s->redacted, "%s\t%s\t%lld\t%lld\t", s->file, id, (long long)p->from, (long long)((int64_t)at - p->from));
		digest_of(text, before);
		sb_addf(&s->redacted, "%s\n", before);
	}
	sb_addv(&out, sv_from(text, at));
	digest_of(sb_sv(&out), after);
	/* What is left is searched again: it must be clean. */
	s->span.n = 0;
	refused = s->place.n;
	s->in->redact = false;
	rc = secret_scan_add(s->scan, out.buf, out.n, on_hit, s, e) < 0 || secret_scan_end(s->scan, on_hit, s, e) < 0 ? -1 : 0;
	s->in->redact = true;
	for (i = refused; i < s->place.n; i++)
		if (secret_rules_at(s->rules, s->place.v[i].rule)->review)
			s->place.v[i].count = -1; /* listed already */
	pack_replace(s->pack, name, sb_sv(&out));
	s->in->redacted++;
	sb_free(&out);
	return rc;
}

static int
on_file(void *ctx, const char *name, const char *path, struct sv bytes, struct err *e)
{
	struct search *s = ctx;
	struct sb text = {0};
	int rc;

	s->file = name + 5; /* data/ */
	s->before = s->place.n;
	s->span.n = 0;
	s->plain = false;
	s->files++;
	rc = secret_scan_name(s->scan, sv_of(s->file), on_hit, s, e);
	if (rc == 0 && path != NULL) {
		rc = search_file(s, path, e);
	} else if (rc == 0) {
		s->plain = true;
		rc = secret_scan_add(s->scan, bytes.p, bytes.n, on_hit, s, e) < 0 ? -1 : secret_scan_end(s->scan, on_hit, s, e);
	}
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
tell(struct search *s)
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
write_result(const struct search *s, const char *rules_sha256, struct sb *out)
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
load(struct search *s, char rules_sha256[DIGEST_HEX], struct err *e)
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
conclude(struct search *s, const char *rules_sha256, struct err *e)
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
	if (rc == 0 && s->redacted.n > 0)
		rc = pack_add_bytes(s->pack, "redacted.tsv", sb_sv(&s->redacted), e);
	sb_free(&json);
	return rc;
}

int
step_secrets(const struct tool *t, struct pack *p, struct step_secrets *in, struct err *e)
{
	struct search s = {.t = t, .in = in, .pack = p};
	char rules_sha256[DIGEST_HEX] = "";
	bool redacts = in->redact;
	int rc = load(&s, rules_sha256, e);

	if (rc == 0) {
		s.scan = secret_scan_new(s.rules);
		rc = pack_each(p, on_file, &s, e);
	}
	if (rc == 0)
		rc = conclude(&s, rules_sha256, e);
	in->redact = redacts;
	secret_scan_free(s.scan);
	secret_rules_free(s.rules);
	vec_free(&s.place);
	vec_free(&s.unscanned);
	vec_free(&s.secret);
	vec_free(&s.span);
	sb_free(&s.member);
	sb_free(&s.redacted);
	arena_free(&s.arena);
	return rc;
}
