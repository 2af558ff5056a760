#include "pack/inspect.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "pack/letters.h"
#include "pack/tagfile.h"

#define MAX_TAG_FILE ((int64_t)128 << 20)
#define MAX_ALGORITHMS 8

/* One manifest: what it says of each file it lists, by the file's number. */
struct manifest {
	struct sv name, algorithm;
	bool tags, known; /* known: we can compute its algorithm */
	struct sv *said;  /* by file: its digest in hex; p == NULL: not listed */
};

struct look {
	const struct contents *c;
	struct findings *f;
	struct tag_declaration decl;
	VEC(struct manifest) manifest;
	struct sv *nfc;       /* of each file's name, sorted as the files; made when first needed */
	struct sv algorithm[MAX_ALGORITHMS]; /* those besides SHA-256 */
	size_t n_algorithms;
};

bool
inspect_keep(void *ctx, struct sv name, int64_t size)
{
	struct sv algorithm;
	bool tags;

	(void)ctx;
	return size <= MAX_TAG_FILE && (sv_is(name, "bagit.txt") || sv_is(name, "bag-info.txt") || sv_is(name, "package-info.txt") ||
	    sv_is(name, "fetch.txt") || tag_manifest_name(name, &algorithm, &tags));
}

static const struct contents_file *
by_nfc(struct look *l, struct sv name)
{
	struct sv want = letters_nfc(&l->f->arena, name);
	const struct contents_file *found = NULL;
	size_t i;

	if (l->nfc == NULL) {
		l->nfc = arena_new(&l->f->arena, l->c->file.n, sizeof(*l->nfc));
		for (i = 0; i < l->c->file.n; i++)
			l->nfc[i] = letters_nfc(&l->f->arena, l->c->file.v[i].name);
	}
	for (i = 0; i < l->c->file.n; i++)
		if (sv_eq(l->nfc[i], want)) {
			if (found != NULL)
				return NULL;
			found = &l->c->file.v[i];
		}
	return found;
}

/*
 * The file that a manifest's path means. RFC 8493 writes CR, LF and '%' as %0D, %0A, %25; before 1.0 '%' stood for
 * itself, and some programs still write it so: the other spelling is taken where only it names a file.
 */
static const struct contents_file *
find(struct look *l, struct sv path)
{
	struct arena *a = &l->f->arena;
	bool percent = l->decl.version >= 100;
	const struct contents_file *f;

	if ((f = contents_find(l->c, tag_decode(a, path, percent))) != NULL)
		return f;
	f = contents_find(l->c, path);
	if (f == NULL)
		f = contents_find(l->c, tag_decode(a, path, !percent));
	if (f != NULL) {
		findings_add(l->f, false, "percent-encoding", "%" SV_FMT ": '%%' is not written as version %s has it",
		    SV_ARG(path), percent ? "1.0" : "0.97");
		return f;
	}
	f = by_nfc(l, tag_decode(a, path, percent));
	if (f != NULL)
		findings_add(l->f, false, "name-normalization",
		    "%" SV_FMT ": the file's name is written with other Unicode characters that look the same", SV_ARG(path));
	return f;
}

/* "*data/x" of md5sum and "./data/x": told of, and taken. */
static struct sv
plain_path(struct look *l, const struct manifest *m, struct sv path)
{
	if (path.p[0] == '*' && find(l, path) == NULL) {
		findings_add(l->f, false, "manifest-style", "%" SV_FMT ": %" SV_FMT ": written as md5sum does, with a '*'",
		    SV_ARG(m->name), SV_ARG(path));
		path = sv_from(path, 1);
	}
	if (sv_starts(path, "./")) {
		findings_add(l->f, false, "manifest-style", "%" SV_FMT ": %" SV_FMT ": begins with './'", SV_ARG(m->name),
		    SV_ARG(path));
		while (sv_starts(path, "./"))
			path = sv_from(path, 2);
	}
	return path;
}

static bool
hex_is(struct sv a, struct sv b)
{
	size_t i;

	if (a.n != b.n)
		return false;
	for (i = 0; i < a.n; i++)
		if ((a.p[i] | (a.p[i] >= 'A' && a.p[i] <= 'F' ? 32 : 0)) != (b.p[i] | (b.p[i] >= 'A' && b.p[i] <= 'F' ? 32 : 0)))
			return false;
	return true;
}

static void
list_file(struct look *l, struct manifest *m, struct sv hex, struct sv path)
{
	const struct contents_file *f = find(l, path);
	struct sv *said;

	if (f == NULL) {
		findings_add(l->f, true, "file-missing", "%" SV_FMT ": listed in %" SV_FMT ", not there", SV_ARG(path),
		    SV_ARG(m->name));
		return;
	}
	said = &m->said[f - l->c->file.v];
	if (said->p == NULL) {
		*said = hex;
		return;
	}
	if (!hex_is(*said, hex))
		findings_add(l->f, true, "manifest-duplicate", "%" SV_FMT ": %" SV_FMT ": listed twice with different digests",
		    SV_ARG(m->name), SV_ARG(path));
	else
		findings_add(l->f, l->decl.version >= 100, "manifest-duplicate", "%" SV_FMT ": %" SV_FMT ": listed twice",
		    SV_ARG(m->name), SV_ARG(path));
}

static void
manifest_line(struct look *l, struct manifest *m, struct sv line, int64_t number)
{
	struct sv hex, path;
	const char *why;

	if (!tag_manifest_line(line, &hex, &path)) {
		findings_add(l->f, sv_trim(line).n > 0, "manifest-malformed", "%" SV_FMT ":%lld: not a digest and a path",
		    SV_ARG(m->name), (long long)number);
		return;
	}
	path = plain_path(l, m, path);
	if ((why = tag_unsafe(path)) != NULL) {
		findings_add(l->f, true, "path-unsafe", "%" SV_FMT ":%lld: %" SV_FMT ": %s", SV_ARG(m->name),
		    (long long)number, SV_ARG(path), why);
		return;
	}
	if (!m->tags && !sv_starts(path, "data/")) {
		findings_add(l->f, true, "path-outside", "%" SV_FMT ":%lld: %" SV_FMT ": not below data/", SV_ARG(m->name),
		    (long long)number, SV_ARG(path));
		return;
	}
	if (m->tags && (sv_starts(path, "data/") || sv_starts(path, "tagmanifest-")))
		findings_add(l->f, false, "manifest-style", "%" SV_FMT ":%lld: %" SV_FMT " does not belong in a tag manifest",
		    SV_ARG(m->name), (long long)number, SV_ARG(path));
	list_file(l, m, hex, path);
}

/* A tag file's text as UTF-8; false and a finding when it cannot be. */
static bool
tag_text(struct look *l, const struct contents_file *f, struct sv *text)
{
	struct err why = {0};
	bool mark = false;

	if (!f->kept) {
		findings_add(l->f, true, "limit-size", "%" SV_FMT ": too large for a tag file", SV_ARG(f->name));
		return false;
	}
	if (letters_utf8(&l->f->arena, l->decl.charset, f->bytes, text, &mark, &why) < 0) {
		findings_add(l->f, true, "tag-encoding", "%" SV_FMT ": %s", SV_ARG(f->name), why.msg);
		return false;
	}
	if (mark)
		findings_add(l->f, false, "byte-order-mark", "%" SV_FMT ": begins with a byte order mark", SV_ARG(f->name));
	return true;
}

static void
read_manifest(struct look *l, const struct contents_file *f, struct sv algorithm, bool tags)
{
	struct manifest *m = vec_add(&l->manifest);
	struct digest *d = digest_new_of(algorithm);
	struct sv text, line;
	int64_t number = 0;

	*m = (struct manifest){.name = f->name, .algorithm = algorithm, .tags = tags, .known = d != NULL};
	digest_free(d);
	m->said = arena_new(&l->f->arena, l->c->file.n, sizeof(*m->said));
	if (!m->known)
		findings_add(l->f, true, "algorithm-unknown", "%" SV_FMT ": this algorithm is not known here: nothing of it is checked",
		    SV_ARG(f->name));
	if (!tag_text(l, f, &text))
		return;
	while (tag_line(&text, &line))
		manifest_line(l, m, line, ++number);
}

static bool
is_tag_file(struct sv name)
{
	return !sv_starts(name, "data/");
}

/* Each payload file in each manifest (1.0), or in one (before). */
static void
check_listed(struct look *l)
{
	size_t i, k, in, n = 0;

	for (k = 0; k < l->manifest.n; k++)
		n += l->manifest.v[k].tags ? 0 : 1;
	for (i = 0; i < l->c->file.n; i++) {
		struct sv name = l->c->file.v[i].name;
		const struct manifest *without = NULL;

		if (is_tag_file(name))
			continue;
		for (k = in = 0; k < l->manifest.n; k++) {
			const struct manifest *m = &l->manifest.v[k];

			if (!m->tags && m->said[i].p != NULL)
				in++;
			else if (!m->tags)
				without = m;
		}
		if (in == 0 && n > 0)
			findings_add(l->f, true, "file-unlisted", "%" SV_FMT ": there, but in no manifest", SV_ARG(name));
		else if (in < n)
			findings_add(l->f, l->decl.version >= 100, "file-unlisted", "%" SV_FMT ": not in %" SV_FMT, SV_ARG(name),
			    SV_ARG(without->name));
	}
}

/* Each tag manifest lists each payload manifest (2.2.1). */
static void
check_tag_manifests(struct look *l)
{
	size_t i, k;

	for (i = 0; i < l->manifest.n; i++)
		for (k = 0; l->manifest.v[i].tags && k < l->manifest.n; k++) {
			const struct contents_file *f = contents_find(l->c, l->manifest.v[k].name);

			if (!l->manifest.v[k].tags && l->manifest.v[i].said[f - l->c->file.v].p == NULL)
				findings_add(l->f, l->decl.version >= 100, "tag-unlisted", "%" SV_FMT " does not list %" SV_FMT,
				    SV_ARG(l->manifest.v[i].name), SV_ARG(f->name));
		}
}

static void
compare(struct look *l, const struct contents_file *f, struct sv algorithm, struct sv hex)
{
	size_t i = (size_t)(f - l->c->file.v), k;

	for (k = 0; k < l->manifest.n; k++) {
		const struct manifest *m = &l->manifest.v[k];

		if (!m->known || m->said[i].p == NULL || !sv_eq(m->algorithm, algorithm) || hex_is(m->said[i], hex))
			continue;
		if (m->said[i].n != hex.n)
			findings_add(l->f, true, "manifest-malformed", "%" SV_FMT ": %" SV_FMT ": no digest of this algorithm",
			    SV_ARG(m->name), SV_ARG(f->name));
		else
			findings_add(l->f, true, m->tags ? "tag-changed" : "file-changed",
			    "%" SV_FMT ": its digest is not the one in %" SV_FMT, SV_ARG(f->name), SV_ARG(m->name));
	}
}

static int
on_digest(void *ctx, const struct contents_file *f, size_t which, struct sv hex)
{
	struct look *l = ctx;

	compare(l, f, l->algorithm[which], hex);
	return 0;
}

static int
check_digests(struct look *l, struct err *e)
{
	bool done = false; /* SHA-256, which is known already */
	size_t i, k;

	for (k = 0; k < l->manifest.n; k++) {
		const struct manifest *m = &l->manifest.v[k];

		if (!m->known)
			continue;
		if (sv_is(m->algorithm, "sha256")) {
			for (i = 0; !done && i < l->c->file.n; i++)
				compare(l, &l->c->file.v[i], m->algorithm, sv_of(l->c->file.v[i].sha256));
			done = true;
			continue;
		}
		for (i = 0; i < l->n_algorithms && !sv_eq(l->algorithm[i], m->algorithm); i++)
			;
		if (i == l->n_algorithms && i < MAX_ALGORITHMS)
			l->algorithm[l->n_algorithms++] = m->algorithm;
	}
	if (l->n_algorithms == 0)
		return 0;
	return contents_digest(l->c, l->algorithm, l->n_algorithms, on_digest, l, e);
}

static void
check_fetch(struct look *l)
{
	const struct contents_file *f = contents_find(l->c, SV("fetch.txt"));
	struct sv text, line, url, length, path;
	const char *why;
	int64_t number = 0;

	if (f == NULL || !tag_text(l, f, &text))
		return;
	while (tag_line(&text, &line)) {
		number++;
		if (sv_trim(line).n == 0)
			continue;
		if (!tag_fetch_line(line, &url, &length, &path)) {
			findings_add(l->f, true, "fetch-malformed", "fetch.txt:%lld: not URL, length and path", (long long)number);
			continue;
		}
		path = tag_decode(&l->f->arena, path, l->decl.version >= 100);
		if ((why = tag_unsafe(path)) != NULL)
			findings_add(l->f, true, "path-unsafe", "fetch.txt:%lld: %" SV_FMT ": %s", (long long)number, SV_ARG(path), why);
		else if (!sv_starts(path, "data/") && !sv_starts(path, "./data/"))
			findings_add(l->f, l->decl.version >= 100, "path-outside", "fetch.txt:%lld: %" SV_FMT ": not below data/",
			    (long long)number, SV_ARG(path));
		else if (find(l, path) == NULL)
			findings_add(l->f, true, "file-missing", "%" SV_FMT ": to be fetched from somewhere, not there",
			    SV_ARG(path));
	}
}

static void
check_oxum(struct look *l, struct sv value)
{
	struct sv bytes = sv_head(value, sv_chr(value, '.')), files = sv_from(value, sv_chr(value, '.') + 1);
	int64_t want_bytes, want_files, got_bytes = 0, got_files = 0;
	size_t i;

	if (!num_parse_int(bytes, &want_bytes) || !num_parse_int(files, &want_files)) {
		findings_add(l->f, true, "oxum-malformed", "bag-info.txt: Payload-Oxum is not BYTES.FILES");
		return;
	}
	for (i = 0; i < l->c->file.n; i++)
		if (!is_tag_file(l->c->file.v[i].name)) {
			got_bytes += l->c->file.v[i].size;
			got_files++;
		}
	if (got_bytes != want_bytes || got_files != want_files)
		findings_add(l->f, true, "oxum-mismatch",
		    "bag-info.txt states %lld bytes in %lld files, there are %lld in %lld", (long long)want_bytes,
		    (long long)want_files, (long long)got_bytes, (long long)got_files);
}

static void
check_info(struct look *l)
{
	static const char label[] = "payload-oxum";
	/* Up to 0.95 it was called otherwise. */
	const struct contents_file *old = l->decl.version < 96 ? contents_find(l->c, SV("package-info.txt")) : NULL,
	    *f = old != NULL ? old : contents_find(l->c, SV("bag-info.txt"));
	struct sv text, line, key;
	int64_t number = 0;
	int oxums = 0;
	size_t i;

	if (f == NULL || !tag_text(l, f, &text))
		return;
	while (tag_line(&text, &line)) {
		number++;
		if (line.n == 0 || line.p[0] == ' ' || line.p[0] == '\t')
			continue;
		key = sv_head(line, sv_chr(line, ':'));
		if (key.n == line.n || key.n == 0) {
			findings_add(l->f, l->decl.version >= 100, "info-malformed", "%" SV_FMT ":%lld: not 'Label: value'",
			    SV_ARG(f->name), (long long)number);
			continue;
		}
		key = sv_trim(key);
		for (i = 0; i < key.n && i < sizeof(label) - 1 && (key.p[i] | 32) == (label[i] | 32); i++)
			;
		if (i != key.n || i != sizeof(label) - 1)
			continue;
		if (oxums++ > 0)
			findings_add(l->f, false, "oxum-repeated", "bag-info.txt: Payload-Oxum stands there twice");
		check_oxum(l, sv_trim(sv_from(line, sv_chr(line, ':') + 1)));
	}
}

static bool
find_manifests(struct look *l)
{
	struct sv algorithm;
	bool tags, payload = false;
	size_t i;

	for (i = 0; i < l->c->file.n; i++)
		if (tag_manifest_name(l->c->file.v[i].name, &algorithm, &tags)) {
			read_manifest(l, &l->c->file.v[i], algorithm, tags);
			payload = payload || !tags;
		}
	return payload;
}

static int
look(struct look *l, struct err *e)
{
	const struct contents_file *bagit = contents_find(l->c, SV("bagit.txt"));
	struct err why = {0};

	if (bagit == NULL || !bagit->kept) {
		findings_add(l->f, true, "bagit-missing", "there is no bagit.txt");
		return 0;
	}
	if (tag_declaration(bagit->bytes, &l->decl, &why) < 0) {
		findings_err(l->f, &why);
		return 0;
	}
	if (!l->c->has_data)
		findings_add(l->f, true, "data-missing", "there is no folder data/");
	if (l->c->archive && l->c->top.n == 0)
		findings_add(l->f, false, "top-folder", "the archive has no top folder");
	if (!find_manifests(l))
		findings_add(l->f, true, "manifest-missing", "there is no payload manifest");
	check_listed(l);
	check_tag_manifests(l);
	check_fetch(l);
	check_info(l);
	inspect_names(l->c, l->f);
	return check_digests(l, e);
}

int
inspect_bag(const struct contents *c, struct findings *f, struct err *e)
{
	struct look l = {.c = c, .f = f};
	int rc = look(&l, e);

	if (rc < 0 && e->code != ERR_SYS) {
		findings_err(f, e);
		rc = 0;
	}
	vec_free(&l.manifest);
	return rc;
}
