/*
 * Every item, the operand as well as a member, goes through its own libarchive reader:
 *
 *	bytes as they lie there -> struct raw (digest) -> filters and format -> data_read()
 *
 * and the data of an archive's member is what the next level reads.
 *
 * The filters are named one by one: "all" would also run foreign programs (lrzip, lzop) and take
 * a log that begins with "begin 644" for uuencoded. Likewise mtree, cpio and the rest would see
 * archives in plain text.
 */
#include "read/bundle.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "read/gzip_check.h"
#include "read/member.h"

#define BLOCK ((size_t)64 * 1024)
#define BLOCKS (DIGEST_LATER + 2) /* one is read by libarchive, one by nobody while it is filled */

/* Loose bounds against bombs: of one operand altogether, and of any one item above a size that hurts nobody. */
#define MAX_EXPANDED (INT64_C(64) << 30)
#define FREE_EXPANDED (INT64_C(64) << 20)
#define MAX_RATIO 500 /* gzip reaches 1030 */
#define MAX_MEMBERS 1000000

struct walk {
	const struct bundle_sink *sink;
	int64_t expanded;
	enum bundle_level what;
};

/* The bytes as they lie there. */
struct raw {
	struct io_src *in;
	struct digest *digest;
	unsigned char *blocks, *block; /* BLOCKS in turn, as the digest comes later; the one in hand */
	size_t turn;
	struct gzip_check *gzip; /* of bytes that begin as gzip's do */
	int64_t size, prefix;
	char prefix_hex[DIGEST_HEX];
	bool ended;
	struct err err; /* why reading failed; code ERR_NONE: it did not */
};

/* One item under way. src, its first member, gives the decompressed bytes of the item or of the member at hand. */
struct level {
	struct io_src src;
	struct walk *w;
	struct raw raw;
	struct archive *a;
	const char *name; /* of the item */
	int depth;
	const char *now;  /* of what data_read() reads, for messages */
	int64_t expanded;
	bool expands;     /* decompression is at work: the bounds count */
	bool ended;
	bool over;        /* a bound was reached: nothing more is read at this level */
	struct err err;   /* of what data_read() reads */
};

/* The next block: its length, 0 at the end, -1 with raw->err set. */
static ptrdiff_t
raw_next(struct raw *r)
{
	ptrdiff_t got;
	size_t n, head = 0;

	if (r->err.code != ERR_NONE)
		return -1;
	if (r->ended)
		return 0;
	r->block = r->blocks + r->turn * BLOCK;
	r->turn = (r->turn + 1) % BLOCKS;
	got = r->in->read(r->in, r->block, BLOCK, &r->err);
	if (got <= 0) {
		r->ended = true;
		return got;
	}
	n = (size_t)got;
	if (r->size == 0 && gzip_check_begins(r->block, n))
		r->gzip = gzip_check_new();
	if (r->gzip != NULL)
		gzip_check_add(r->gzip, r->block, n);
	if (r->size < r->prefix && r->prefix - r->size <= got) {
		head = (size_t)(r->prefix - r->size);
		digest_add(r->digest, r->block, head);
		digest_hex(r->digest, r->prefix_hex);
	}
	digest_later(r->digest, r->block + head, n - head);
	r->size += got;
	return got;
}

static void
raw_done(struct raw *r, struct bundle_done *d)
{
	while (raw_next(r) > 0)
		;
	*d = (struct bundle_done){.size = r->size};
	digest_hex(r->digest, d->sha256);
	memcpy(d->prefix_sha256, r->prefix_hex, sizeof(d->prefix_sha256));
}

/* After all bytes were read: what libarchive does not notice of gzip. Only where nothing else is wrong. */
static void
level_verify(struct level *l, struct bundle_done *d, struct err *why)
{
	const char *wrong;

	if (why->code != ERR_NONE || l->raw.gzip == NULL || archive_filter_code(l->a, 0) != ARCHIVE_FILTER_GZIP)
		return;
	wrong = gzip_check_result(l->raw.gzip);
	d->damaged = wrong != NULL;
	if (wrong == NULL && gzip_check_behind(l->raw.gzip) > 0)
		wrong = "bytes behind the end of gzip's data that do not belong to it";
	if (wrong != NULL)
		err_set(why, ERR_INPUT, "%s: %s", l->name, wrong);
}

static la_ssize_t
on_read(struct archive *a, void *ctx, const void **block)
{
	struct level *l = ctx;
	ptrdiff_t got = raw_next(&l->raw);

	*block = l->raw.block;
	if (got < 0)
		archive_set_error(a, EIO, "%s", l->raw.err.msg);
	return got;
}

/* Records in out why libarchive stopped; what the source itself said comes first. -1. */
static int
level_why(const struct level *l, const char *name, struct err *out)
{
	const char *msg = archive_error_string(l->a);

	if (l->raw.err.code != ERR_NONE) {
		*out = l->raw.err;
		return -1;
	}
	return err_set(out, ERR_INPUT, "%s: %s", name, msg != NULL ? msg : "damaged");
}

/* ARCHIVE_RETRY, a damaged header, could be searched past; what is found there would be a guess. */
static bool
has_entry(int status)
{
	return status == ARCHIVE_OK || status == ARCHIVE_WARN;
}

/* Counts what was decompressed: -1 with l->err when that is beyond the bounds. */
static int
level_over(struct level *l, int64_t got)
{
	if (!l->expands)
		return 0;
	l->expanded += got;
	l->w->expanded += got;
	if (l->w->expanded > MAX_EXPANDED)
		err_set(&l->err, ERR_LIMIT, "%s: more than %" PRId64 " GiB decompressed", l->now,
		    MAX_EXPANDED >> 30);
	else if (l->expanded > FREE_EXPANDED && l->expanded / MAX_RATIO > l->raw.size)
		err_set(&l->err, ERR_LIMIT, "%s: decompresses to more than %d times its size", l->now,
		    MAX_RATIO);
	else
		return 0;
	l->over = true;
	return -1;
}

static ptrdiff_t
data_read(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct level *l = (struct level *)src;
	la_ssize_t got = 0;

	if (l->err.code == ERR_NONE && !l->ended) {
		got = archive_read_data(l->a, buf, n);
		if (got < 0)
			level_why(l, l->now, &l->err);
		else if (got == 0)
			l->ended = true;
		else
			level_over(l, got);
	}
	if (l->err.code == ERR_NONE)
		return got;
	err_set(e, l->err.code, "%s", l->err.msg);
	return -1;
}

static void
data_drain(struct level *l)
{
	unsigned char buf[4096];
	struct err ignored = {0}; /* l->err keeps it */

	while (data_read(&l->src, buf, sizeof(buf), &ignored) > 0)
		;
}

static const struct err *
error_or_null(const struct err *err)
{
	return err->code == ERR_NONE ? NULL : err;
}

/* Opens the item and finds its first entry: what archive_read_next_header() says. */
static int
level_open(struct level *l, struct archive_entry **entry)
{
	static int (*const support[])(struct archive *) = {
		archive_read_support_filter_gzip,
		archive_read_support_filter_bzip2,
		archive_read_support_filter_xz,
		archive_read_support_filter_zstd,
		archive_read_support_filter_lz4,
		archive_read_support_format_tar,
		archive_read_support_format_zip_streamable,
		archive_read_support_format_raw,
		archive_read_support_format_empty,
	};
	static const size_t formats = 5; /* the first of them */
	size_t i, from = l->w->what == BUNDLE_MEMBERS ? formats : 0, n = sizeof(support) / sizeof(support[0]);
	int rc;

	l->a = archive_read_new();
	if (l->a == NULL)
		mem_out();
	/* A libarchive built without one of them says ARCHIVE_WARN and reads the others. */
	for (i = from; i < (l->w->what == BUNDLE_MEMBERS ? formats + 2 : n); i++)
		if ((l->w->what != BUNDLE_PACKED || i < formats || i >= formats + 2) && support[i](l->a) == ARCHIVE_FATAL)
			mem_out();
	rc = archive_read_open(l->a, l, NULL, on_read, NULL);
	if (has_entry(rc))
		rc = archive_read_next_header(l->a, entry);
	l->expands = archive_filter_code(l->a, 0) != ARCHIVE_FILTER_NONE ||
	    (archive_format(l->a) & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_RAW;
	return rc;
}

/* "tar.gz", "zip". */
static const char *
level_format(const struct level *l, char buf[32])
{
	static const struct {
		int code;
		const char *suffix;
	} filters[] = {
		{ARCHIVE_FILTER_GZIP, ".gz"}, {ARCHIVE_FILTER_BZIP2, ".bz2"}, {ARCHIVE_FILTER_XZ, ".xz"},
		{ARCHIVE_FILTER_ZSTD, ".zst"}, {ARCHIVE_FILTER_LZ4, ".lz4"},
	};
	bool zip = (archive_format(l->a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
	const char *suffix = "";
	size_t i;

	for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (archive_filter_code(l->a, 0) == filters[i].code)
			suffix = filters[i].suffix;
	snprintf(buf, 32, "%s%s", zip ? "zip" : "tar", suffix);
	return buf;
}

static int64_t
entry_mtime(struct archive_entry *entry)
{
	int64_t s;

	if (!archive_entry_mtime_is_set(entry))
		return TIME_NONE;
	s = archive_entry_mtime(entry);
	/* 0 is what archivers write that have no time; the rest is the range of base/time.h. */
	if (s <= 0 || s > INT64_C(253402300799))
		return TIME_NONE;
	return s * 1000 + archive_entry_mtime_nsec(entry) / 1000000;
}

static int walk_item(struct walk *w, struct io_src *in, const char *name, int64_t mtime, int depth,
    struct err *e);

static int
walk_plain(struct level *l, int64_t mtime, struct err *e)
{
	const struct bundle_sink *k = l->w->sink;
	struct bundle_item it = {l->name, &l->src, mtime, l->depth};
	struct bundle_done done;

	if (k->begin(k->ctx, &it, e) < 0)
		return -1;
	data_drain(l);
	raw_done(&l->raw, &done);
	done.read = archive_filter_bytes(l->a, -1);
	/* Trailing bytes that could not be had are missing too. */
	if (l->err.code == ERR_NONE)
		l->err = l->raw.err;
	level_verify(l, &done, &l->err);
	return k->end(k->ctx, &it, &done, error_or_null(&l->err), e);
}

/* Why a member is not read, or NULL; its full name, fit to be shown, is appended to name. */
static const char *
member_refusal(const struct level *l, struct archive_entry *entry, struct sb *name)
{
	const char *path = archive_entry_pathname_utf8(entry);
	const char *why;

	if (path == NULL)
		path = archive_entry_pathname(entry);
	sb_addf(name, "%s/", l->name);
	why = member_name(sv_of(path), name);
	if (archive_entry_hardlink(entry) != NULL || archive_entry_filetype(entry) == AE_IFLNK)
		return "a link";
	if (archive_entry_filetype(entry) != AE_IFREG)
		return "neither a file nor a folder";
	if (archive_entry_is_encrypted(entry))
		return "encrypted";
	return why;
}

#define TAR_BLOCK 512

/* libarchive takes a tar that ends between two members for a whole one; a whole one ends in blocks of zeros (POSIX ustar). */
static bool
is_tar(const struct level *l)
{
	return (archive_format(l->a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
}

/* A member as it lies there: what it holds is not looked into. */
static int
walk_flat(struct level *l, const char *name, int64_t mtime, struct err *e)
{
	const struct bundle_sink *k = l->w->sink;
	struct bundle_item it = {name, &l->src, mtime, l->depth + 1};
	struct bundle_done done = {0};

	if (k->begin(k->ctx, &it, e) < 0)
		return -1;
	data_drain(l);
	return k->end(k->ctx, &it, &done, error_or_null(&l->err), e);
}

/* *count: members that are files or were refused, not folders. */
static int
walk_member(struct level *l, struct archive_entry *entry, int64_t *count, struct err *e)
{
	const struct bundle_sink *k = l->w->sink;
	struct sb name = {0};
	const char *why;
	int rc;

	if (archive_entry_filetype(entry) == AE_IFDIR)
		return 0;
	++*count;
	l->err = (struct err){0};
	l->ended = false;
	why = member_refusal(l, entry, &name);
	l->now = sb_str(&name);
	if (why != NULL)
		rc = k->refused(k->ctx, sb_str(&name), why, e);
	else if (l->w->what != BUNDLE_ALL)
		rc = walk_flat(l, sb_str(&name), entry_mtime(entry), e);
	else
		rc = walk_item(l->w, &l->src, sb_str(&name), entry_mtime(entry), l->depth + 1, e);
	/* A refused member's bytes are skipped here, not by libarchive, which would not count them. */
	if (rc == 0)
		data_drain(l);
	l->now = l->name;
	sb_free(&name);
	return rc;
}

static int
walk_members(struct level *l, struct archive_entry *entry, struct err *e)
{
	const struct bundle_sink *k = l->w->sink;
	struct bundle_done done;
	struct err broken = {0};
	int status = ARCHIVE_OK;
	int64_t count = 0, end = 0;
	char format[32];

	if (l->depth >= BUNDLE_MAX_DEPTH) {
		raw_done(&l->raw, &done);
		return k->refused(k->ctx, l->name, "archives inside archives, too deep", e);
	}
	while (has_entry(status) && !l->over && count < MAX_MEMBERS) {
		/* Where this member's blocks end, counted in what libarchive has consumed of the archive. */
		end = archive_filter_bytes(l->a, 0) + (archive_entry_size(entry) + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
		if (walk_member(l, entry, &count, e) < 0)
			return -1;
		if (!l->over)
			status = archive_read_next_header(l->a, &entry);
	}
	if (l->over)
		broken = l->err;
	else if (has_entry(status))
		err_set(&broken, ERR_LIMIT, "%s: more than %d members", l->name, MAX_MEMBERS);
	else if (status != ARCHIVE_EOF)
		level_why(l, l->name, &broken);
	else if (is_tar(l) && archive_filter_bytes(l->a, 0) < end + TAR_BLOCK)
		err_set(&broken, ERR_INPUT, "%s: cut off: a tar without its end, members may be missing", l->name);
	raw_done(&l->raw, &done);
	done.read = archive_filter_bytes(l->a, -1);
	if (broken.code == ERR_NONE)
		broken = l->raw.err;
	level_verify(l, &done, &broken);
	return k->archive(k->ctx, l->name, level_format(l, format), count, &done,
	    error_or_null(&broken), e);
}

/* An archive without a member: a tar of nothing but its end, or whatever else begins with zeros. */
static int
walk_hollow(struct level *l, struct err *e)
{
	const struct bundle_sink *k = l->w->sink;
	struct err broken = l->raw.err;
	struct bundle_done done;
	char format[32];

	raw_done(&l->raw, &done);
	level_verify(l, &done, &broken);
	return k->archive(k->ctx, l->name, level_format(l, format), 0, &done,
	    error_or_null(&broken), e);
}

static int
walk_opened(struct level *l, int64_t mtime, struct err *e)
{
	struct archive_entry *entry = NULL;
	int status = level_open(l, &entry);
	int format = archive_format(l->a) & ARCHIVE_FORMAT_BASE_MASK;

	if (!has_entry(status) && status != ARCHIVE_EOF) {
		/* Not even its beginning can be read: whoever begins it is told so. */
		level_why(l, l->name, &l->err);
		return walk_plain(l, mtime, e);
	}
	if (status == ARCHIVE_EOF && format != ARCHIVE_FORMAT_TAR && format != ARCHIVE_FORMAT_ZIP) {
		/* Nothing inside, or a source that failed while libarchive looked at it. */
		l->ended = true;
		l->err = l->raw.err;
		return walk_plain(l, mtime, e);
	}
	if (status == ARCHIVE_EOF)
		return walk_hollow(l, e);
	if (format != ARCHIVE_FORMAT_RAW)
		return walk_members(l, entry, e);
	/* gzip's header knows when the file was written. */
	return walk_plain(l, mtime != TIME_NONE ? mtime : entry_mtime(entry), e);
}

static int
walk_item(struct walk *w, struct io_src *in, const char *name, int64_t mtime, int depth, struct err *e)
{
	struct level l = {.src = {.read = data_read}, .w = w, .name = name, .now = name, .depth = depth};
	int rc;

	l.raw = (struct raw){.in = in, .digest = digest_new(), .blocks = mem_new(BLOCKS, BLOCK)};
	l.raw.prefix = w->sink->prefix_size(w->sink->ctx, name);
	rc = walk_opened(&l, mtime, e);
	archive_read_free(l.a);
	digest_free(l.raw.digest);
	gzip_check_free(l.raw.gzip);
	mem_free(l.raw.blocks);
	return rc;
}

int
bundle_walk(struct io_src *src, const char *name, const struct bundle_sink *sink, struct err *e)
{
	return bundle_walk_flat(src, name, BUNDLE_ALL, sink, e);
}

int
bundle_walk_flat(struct io_src *src, const char *name, enum bundle_level what, const struct bundle_sink *sink, struct err *e)
{
	struct walk w = {.sink = sink, .what = what};
	/*
	 * libarchive passes names in UTF-8 through the locale's character set, and in the C locale loses them.
	 * This is the calling thread's only, and for the time of the call; where there is no
	 * C.UTF-8 such members are refused.
	 */
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
	int rc = walk_item(&w, src, name, TIME_NONE, 0, e);

	if (utf8 != (locale_t)0) {
		uselocale(before);
		freelocale(utf8);
	}
	return rc;
}
