#include "step_search.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "pack/unpress.h"
#include "pack/unzip.h"
#include "read/bundle.h"
#include "secret/sight.h"
#include "store/texts.h"

#define MAX_LEVEL 8                         /* things inside things */
#define MAX_EXPANDED ((int64_t)64 << 30)
#define HEAD ((size_t)512)                  /* what tells a format */
#define MAX_HELD 1000                       /* findings in a container's own bytes */

/* A finding in the bytes of a container: told of when none of what it holds has the same. */
struct held {
	const struct secret_rule *rule;
	enum secret_how how;
	int64_t line;
	char digest[DIGEST_HEX];
};

struct level {
	struct secret_scan *scan; /* of the bytes as they lie there */
	struct sight sight;
	VEC(struct held) held;
};

struct value {
	const struct secret_rule *rule;
	char digest[DIGEST_HEX];
};

struct search {
	const struct secret_rules *rules;
	const struct search_sink *sink;
	struct level level[MAX_LEVEL + 1];
	struct secret_scan *names;
	VEC(struct value) inside; /* what was found in what this file holds */
	/* what is looked at */
	const char *file, *name;
	int depth;
	bool plain, trusted, in_container;
};

/* A level's bytes on their way to whoever unpacks them: searched as they pass. */
struct tee {
	struct io_src src;
	struct io_src *from;
	struct search *s;
	struct level *l;
	const char *name;
	struct sv head;           /* read already */
	int64_t at, end;          /* end: behind the last byte that is not 0 */
	bool ended;
	struct err err;
};

static const char blind[] = "compressed or encrypted in a way that is not looked into";

static int search_stream(struct search *s, struct io_src *src, const char *name, int depth, struct err *e);

struct search *
search_new(const struct secret_rules *rules, const struct search_sink *sink)
{
	struct search *s = mem_new(1, sizeof(*s));

	s->rules = rules;
	s->sink = sink;
	s->names = secret_scan_new(rules);
	return s;
}

void
search_free(struct search *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i <= MAX_LEVEL; i++) {
		secret_scan_free(s->level[i].scan);
		vec_free(&s->level[i].held);
	}
	secret_scan_free(s->names);
	vec_free(&s->inside);
	mem_free(s);
}

static void
unseen(struct search *s, const char *name, const char *why)
{
	s->sink->unseen(s->sink->ctx, name, why);
}

static int
on_hit(void *ctx, const struct secret_hit *hit, struct err *e)
{
	struct search *s = ctx;
	struct search_hit h = {.name = s->name, .hit = hit, .plain = s->plain};

	if (!hit->rule->review) {
		digest_of(hit->value, h.digest);
		if (s->in_container) {
			struct level *l = &s->level[s->depth];
			struct held *one = l->held.n < MAX_HELD ? vec_add(&l->held) : NULL;

			if (one != NULL) {
				*one = (struct held){hit->rule, hit->how, hit->line, ""};
				memcpy(one->digest, h.digest, sizeof(one->digest));
			}
			return 0;
		}
		if (s->depth > 0) {
			struct value *v = vec_add(&s->inside);

			v->rule = hit->rule;
			memcpy(v->digest, h.digest, sizeof(v->digest));
		}
	} else if (s->in_container) {
		return 0;
	}
	return s->sink->hit(s->sink->ctx, &h, e);
}

/* Where the scanner stands when it tells of something. */
static void
stand(struct search *s, const char *name, int depth, bool container)
{
	s->name = name;
	s->depth = depth;
	s->in_container = container;
}

static ptrdiff_t
tee_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct tee *t = (struct tee *)src;
	ptrdiff_t got;
	size_t i;

	if (t->err.code != ERR_NONE)
		return err_set(e, t->err.code, "%s", t->err.msg);
	if (t->head.n > 0) {
		got = (ptrdiff_t)(n < t->head.n ? n : t->head.n);
		memcpy(buf, t->head.p, (size_t)got);
		t->head = sv_from(t->head, (size_t)got);
	} else {
		got = t->ended ? 0 : t->from->read(t->from, buf, n, &t->err);
	}
	if (got < 0)
		return err_set(e, t->err.code, "%s", t->err.msg);
	t->ended = t->ended || got == 0;
	for (i = (size_t)got; i > 0 && ((const char *)buf)[i - 1] == '\0'; i--)
		;
	if (i > 0)
		t->end = t->at + (int64_t)i;
	t->at += got;
	sight_add(&t->l->sight, buf, (size_t)got);
	stand(t->s, t->name, (int)(t->l - t->s->level), true);
	return secret_scan_add(t->l->scan, buf, (size_t)got, on_hit, t->s, e) < 0 ? -1 : got;
}

/* The rest, and what was found and not found again inside. An error of the source itself is told of by whoever made it. */
static int
tee_end(struct tee *t, struct err *e)
{
	struct search *s = t->s;
	struct search_hit h = {.name = t->name};
	char rest[4096];
	size_t i, k;
	ptrdiff_t got;
	int rc = 0;

	while ((got = tee_read(&t->src, rest, sizeof(rest), e)) > 0)
		;
	if (got < 0 && (t->err.code == ERR_NONE || t->l == s->level))
		return -1;
	stand(s, t->name, (int)(t->l - s->level), true);
	if (secret_scan_end(t->l->scan, on_hit, s, e) < 0)
		return -1;
	for (i = 0; rc == 0 && i < t->l->held.n; i++) {
		const struct held *one = &t->l->held.v[i];
		struct secret_hit hit = {.rule = one->rule, .how = one->how, .line = one->line};

		for (k = 0; k < s->inside.n; k++)
			if (s->inside.v[k].rule == one->rule && strcmp(s->inside.v[k].digest, one->digest) == 0)
				break;
		if (k < s->inside.n)
			continue;
		h.hit = &hit;
		memcpy(h.digest, one->digest, sizeof(h.digest));
		rc = s->sink->hit(s->sink->ctx, &h, e);
	}
	return rc;
}

/* What a compressed stream gives; that it ends too early is no fault here: what is not there holds nothing. */
struct peel {
	struct io_src src;
	struct io_src *from;
	struct err err;
	bool some;
};

static ptrdiff_t
peel_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct peel *p = (struct peel *)src;
	ptrdiff_t got = p->err.code != ERR_NONE ? -1 : p->from->read(p->from, buf, n, &p->err);

	(void)e;
	p->some = p->some || got > 0;
	return got < 0 ? 0 : got;
}

/* gzip, zstd, zlib. A zlib stream's two bytes may stand before any text: then nothing comes out, and it is plain. */
static int
search_packed(struct search *s, struct tee *t, bool sure, bool *was, struct err *e)
{
	struct unpress *u = unpress_of(&t->src, MAX_EXPANDED);
	struct peel p = {.src = {.read = peel_read}, .from = unpress_src(u)};
	int depth = (int)(t->l - s->level), rc;

	rc = search_stream(s, &p.src, t->name, depth + 1, e);
	*was = sure || (p.some && p.err.code == ERR_NONE);
	if (*was && p.err.code != ERR_NONE && t->err.code == ERR_NONE && strncmp(p.err.msg, "archive-truncated", 17) != 0)
		unseen(s, t->name, p.err.msg);
	unpress_free(u);
	return rc;
}

#define TAR_BLOCK 512

struct members {
	struct search *s;
	struct tee *t;
	int depth;
	bool tar;
};

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
	struct members *m = ctx;
	struct search *s = m->s;

	stand(s, it->name, m->depth + 1, false);
	if (it->depth > 0 && secret_scan_name(s->names, sv_of(it->name), on_hit, s, e) < 0)
		return -1;
	return search_stream(s, it->src, it->name, m->depth + 1, e);
}

/* A tar that was cut was read as far as it goes; what else stops the reading leaves something over. Behind a zip's members is its directory. */
static void
left_over(struct members *m, const char *name, const struct bundle_done *d, const struct err *why)
{
	bool cut = m->tar && d->read + TAR_BLOCK > m->t->end;

	if (why != NULL && (why->code == ERR_LIMIT || !cut))
		unseen(m->s, name, why->msg);
	else if (why == NULL && d->read < m->t->end && (m->tar || m->t->end - d->read > TAR_BLOCK))
		unseen(m->s, name, "there are bytes behind its end");
}

static int
on_member_end(void *ctx, const struct bundle_item *it, const struct bundle_done *d, const struct err *read_error, struct err *e)
{
	struct members *m = ctx;

	(void)e;
	if (it->depth == 0)
		left_over(m, it->name, d, read_error);
	else if (read_error != NULL && (read_error->code == ERR_LIMIT || !m->tar || !m->t->ended))
		unseen(m->s, it->name, read_error->msg);
	return 0;
}

static int
on_archive(void *ctx, const char *name, const char *format, int64_t members, const struct bundle_done *d,
    const struct err *read_error, struct err *e)
{
	struct members *m = ctx;
	struct bundle_done done = *d;

	(void)members;
	(void)e;
	if (strcmp(format, "zip") == 0)
		done.read = m->t->end;
	left_over(m, name, &done, read_error);
	return 0;
}

static int
on_refused(void *ctx, const char *name, const char *why, struct err *e)
{
	struct members *m = ctx;

	(void)e;
	/* A link or device has no bytes of its own. */
	if (strstr(why, "link") == NULL && strstr(why, "neither") == NULL)
		unseen(m->s, name, why);
	return 0;
}

static int
search_members(struct search *s, struct tee *t, enum bundle_level what, struct err *e)
{
	struct members m = {s, t, (int)(t->l - s->level), what == BUNDLE_MEMBERS && !sv_starts(t->head, "PK")};
	const struct bundle_sink sink = {&m, no_prefix, on_member, on_member_end, on_archive, on_refused};

	return bundle_walk_flat(&t->src, t->name, what, &sink, e);
}

enum kind { KIND_PLAIN, KIND_STREAM, KIND_ZLIB, KIND_PACKED, KIND_MEMBERS, KIND_SQLITE, KIND_OPAQUE };

/* By its first bytes. */
static enum kind
kind_of(struct sv head)
{
	static const struct {
		const char *magic;
		size_t n;
		enum kind kind;
	} known[] = {{"PK\003\004", 4, KIND_MEMBERS}, {"\xfd" "7zXZ", 5, KIND_PACKED}, {"BZh", 3, KIND_PACKED},
	    {"\x04\x22\x4d\x18", 4, KIND_PACKED}, {"SQLite format 3", 16, KIND_SQLITE}, {"7z\xbc\xaf\x27\x1c", 6, KIND_OPAQUE},
	    {"Rar!", 4, KIND_OPAQUE}, {"%PDF-", 5, KIND_OPAQUE}, {"\x1f\x9d", 2, KIND_OPAQUE}, {"Salted__", 8, KIND_OPAQUE},
	    {"\x1f\x8b", 2, KIND_STREAM}, {"\x28\xb5\x2f\xfd", 4, KIND_STREAM}};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (head.n >= known[i].n && memcmp(head.p, known[i].magic, known[i].n) == 0)
			return known[i].kind;
	if (head.n > 262 && memcmp(head.p + 257, "ustar", 5) == 0)
		return KIND_MEMBERS;
	return unpress_is(head) ? KIND_ZLIB : KIND_PLAIN;
}

static int
read_head(struct io_src *src, char head[HEAD], size_t *n, struct err *e)
{
	ptrdiff_t got = 1;

	for (*n = 0; *n < HEAD && got > 0; *n += got > 0 ? (size_t)got : 0)
		got = src->read(src, head + *n, HEAD - *n, e);
	return got < 0 ? -1 : 0;
}

static int
search_plain(struct search *s, struct tee *t, struct err *e)
{
	char *chunk = mem_new(64 * 1024, 1);
	int depth = (int)(t->l - s->level), rc = 0;
	ptrdiff_t got = (ptrdiff_t)t->head.n;

	memcpy(chunk, t->head.p, t->head.n);
	while (rc == 0 && got > 0) {
		stand(s, t->name, depth, false);
		sight_add(&t->l->sight, chunk, (size_t)got);
		rc = secret_scan_add(t->l->scan, chunk, (size_t)got, on_hit, s, e);
		if (rc == 0)
			got = t->from->read(t->from, chunk, 64 * 1024, &t->err);
	}
	mem_free(chunk);
	stand(s, t->name, depth, false);
	if (rc == 0 && secret_scan_end(t->l->scan, on_hit, s, e) == 0)
		return got < 0 && depth == 0 ? err_set(e, t->err.code, "%s", t->err.msg) : 0;
	secret_scan_reset(t->l->scan);
	return -1;
}

/* What src holds, called name, which is searched already. An error of src itself leaves the rest for whoever gave it to tell of. */
static int
search_stream(struct search *s, struct io_src *src, const char *name, int depth, struct err *e)
{
	char head[HEAD];
	struct err why = {0};
	struct tee t = {.src = {.read = tee_read}, .from = src, .s = s, .name = name};
	enum kind kind;
	bool was = true;
	size_t n;
	int rc = 0;

	if (depth > MAX_LEVEL) {
		unseen(s, name, "things inside things, too deep");
		return 0;
	}
	/* What the source itself cannot give is told of by those who made it. */
	if (read_head(src, head, &n, &why) < 0 && n == 0)
		return depth == 0 ? err_set(e, why.code, "%s", why.msg) : 0;
	t.l = &s->level[depth];
	if (t.l->scan == NULL)
		t.l->scan = secret_scan_new(s->rules);
	t.l->held.n = 0;
	t.head = (struct sv){head, n};
	kind = kind_of(t.head);
	s->plain = depth == 0 && kind == KIND_PLAIN;
	if (kind == KIND_STREAM || kind == KIND_ZLIB)
		rc = search_packed(s, &t, kind == KIND_STREAM, &was, e);
	else if (kind == KIND_PACKED || kind == KIND_MEMBERS)
		rc = search_members(s, &t, kind == KIND_PACKED ? BUNDLE_PACKED : BUNDLE_MEMBERS, e);
	else
		rc = search_plain(s, &t, e);
	if (rc == 0 && kind != KIND_PLAIN && kind != KIND_SQLITE && kind != KIND_OPAQUE)
		rc = tee_end(&t, e);
	if (rc == 0 && kind == KIND_OPAQUE)
		unseen(s, name, blind);
	if (rc == 0 && kind == KIND_SQLITE && depth > 0)
		unseen(s, name, "a database inside something else: texts that go over its pages are not looked at");
	if (sight_end(&t.l->sight) && rc == 0 && (kind == KIND_PLAIN || !was))
		unseen(s, name, blind);
	return rc;
}

static int
search_value(struct search *s, struct sv v, const char *name, struct err *e)
{
	stand(s, name, 1, false);
	return secret_scan_add(s->names, v.p, v.n, on_hit, s, e) < 0 || secret_scan_end(s->names, on_hit, s, e) < 0 ? -1 : 0;
}

/* A text or blob of a database; a blob may be an archive. */
static int
on_text(void *ctx, const char *table, struct sv text, struct err *e)
{
	struct search *s = ctx;
	struct sb name = {0};
	struct io_mem in;
	enum kind kind = kind_of(text);
	int rc;

	sb_addf(&name, "%s/%s", s->file, table);
	s->plain = false;
	if (s->trusted || text.n < SIGHT_LEAST)
		kind = KIND_PLAIN;
	if (kind == KIND_PLAIN && !s->trusted) {
		sight_add(&s->level[1].sight, text.p, text.n);
		if (sight_end(&s->level[1].sight))
			unseen(s, sb_str(&name), blind);
	}
	io_mem_init(&in, text);
	rc = kind == KIND_PLAIN ? search_value(s, text, sb_str(&name), e) : search_stream(s, &in.src, sb_str(&name), 1, e);
	sb_free(&name);
	return rc;
}

/* What the reading of a zip's members one after another passes over: bytes between, before and behind them. */
static void
check_zip(struct search *s, int fd, const char *name)
{
	struct err why = {0};
	struct unzip *z = unzip_is(fd) ? unzip_open(fd, name, MAX_EXPANDED, &why) : NULL;

	if (z == NULL && why.code != ERR_NONE)
		unseen(s, name, why.msg);
	unzip_free(z);
}

static int
begin_file(struct search *s, const char *name, bool trusted, struct err *e)
{
	s->inside.n = 0;
	s->trusted = trusted;
	s->file = name;
	s->plain = false;
	stand(s, name, 0, false);
	return secret_scan_name(s->names, sv_of(name), on_hit, s, e);
}

int
search_path(struct search *s, const char *name, const char *path, bool trusted, struct err *e)
{
	char head[HEAD];
	struct io_fd in;
	struct err why = {0};
	ssize_t got;
	int fd, rc = begin_file(s, name, trusted, e);

	if (rc < 0 || (fd = io_open(path, e)) < 0)
		return -1;
	got = pread(fd, head, sizeof(head), 0);
	check_zip(s, fd, name);
	if (lseek(fd, 0, SEEK_SET) < 0)
		rc = err_set(e, ERR_SYS, "%s: cannot be read twice", path);
	io_fd_init(&in, fd, path);
	if (rc == 0)
		rc = search_stream(s, &in.src, name, 0, e);
	/* A database's bytes were searched, too: pages that are free still hold what was in them. */
	if (rc == 0 && got > 0 && kind_of((struct sv){head, (size_t)got}) == KIND_SQLITE && store_texts(path, on_text, s, &why) < 0)
		unseen(s, name, why.msg);
	close(fd);
	return rc;
}

int
search_bytes(struct search *s, const char *name, struct sv bytes, struct err *e)
{
	struct io_mem in;

	if (begin_file(s, name, true, e) < 0)
		return -1;
	io_mem_init(&in, bytes);
	return search_stream(s, &in.src, name, 0, e);
}
