/*
 * archive_help - archives built in memory, for the tests of lib/read/bundle.c and lib/ingest.
 *
 *	struct sb out = {0};
 *	struct archive *a = make_start("tar.gz", &out);
 *	make_add(a, "dir/member", SV("bytes"));
 *	make_end(a);
 */
#ifndef SOAK_TESTS_ARCHIVE_HELP_H
#define SOAK_TESTS_ARCHIVE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/str.h"

#define UNUSED __attribute__((unused))

static la_ssize_t
make_write(struct archive *a, void *ctx, const void *p, size_t n)
{
	(void)a;
	sb_add(ctx, p, n);
	return (la_ssize_t)n;
}

/* kind: "tar", "zip", "raw", and ".gz", ".xz", ".bz2", ".zst" behind it. */
UNUSED static struct archive *
make_start(const char *kind, struct sb *out)
{
	struct archive *a = archive_write_new();
	struct sv k = sv_of(kind);
	int rc;

	assert_non_null(a);
	if (sv_starts(k, "tar"))
		rc = archive_write_set_format_pax_restricted(a);
	else if (sv_starts(k, "zip"))
		rc = archive_write_set_format_zip(a);
	else
		rc = archive_write_set_format_raw(a);
	assert_int_equal(rc, ARCHIVE_OK);
	if (sv_ends(k, ".gz"))
		rc = archive_write_add_filter_gzip(a);
	else if (sv_ends(k, ".xz"))
		rc = archive_write_add_filter_xz(a);
	else if (sv_ends(k, ".bz2"))
		rc = archive_write_add_filter_bzip2(a);
	else if (sv_ends(k, ".zst"))
		rc = archive_write_add_filter_zstd(a);
	assert_int_equal(rc, ARCHIVE_OK);
	/* The same bytes every time: gzip's header would hold the time of now. */
	archive_write_set_options(a, sv_ends(k, ".gz") ? "gzip:!timestamp" : NULL);
	archive_write_set_bytes_in_last_block(a, 1);
	assert_int_equal(archive_write_open(a, out, NULL, make_write, NULL), ARCHIVE_OK);
	return a;
}

UNUSED static void
make_entry(struct archive *a, const char *name, unsigned type, const char *link, struct sv bytes)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type == 0 ? AE_IFREG : type);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, 1768284072, 0); /* 2026-01-13T06:01:12Z */
	archive_entry_set_size(entry, (la_int64_t)bytes.n);
	if (link != NULL && type == AE_IFLNK)
		archive_entry_set_symlink(entry, link);
	else if (link != NULL)
		archive_entry_set_hardlink(entry, link);
	assert_true(archive_write_header(a, entry) >= ARCHIVE_WARN);
	if (bytes.n > 0)
		assert_int_equal(archive_write_data(a, bytes.p, bytes.n), bytes.n);
	archive_entry_free(entry);
}

UNUSED static void
make_add(struct archive *a, const char *name, struct sv bytes)
{
	make_entry(a, name, 0, NULL, bytes);
}

UNUSED static void
make_end(struct archive *a)
{
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
}

/* An archive, or with "raw.gz" a compressed file, of one member. */
UNUSED static void
make_one(const char *kind, const char *name, struct sv bytes, struct sb *out)
{
	struct archive *a = make_start(kind, out);

	make_add(a, name, bytes);
	make_end(a);
}

#endif
