#include "pack/unzip.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "base/mem.h"
#include "base/time.h"
#include "pack/unpress.h"

#define CHUNK ((size_t)64 * 1024)
#define MAX_DIRECTORY ((int64_t)512 << 20)

enum { SIG_LOCAL = 0x04034b50, SIG_CENTRAL = 0x02014b50, SIG_END = 0x06054b50, SIG_END64 = 0x06064b50,
	SIG_LOCATOR = 0x07064b50, SIG_DESCRIPTOR = 0x08074b50 };

struct unzip {
	struct io_src data;  /* of the member under way; first, so that it is the reader */
	int fd;
	const char *name;
	int64_t file_size, in_all, out_all, max;
	unsigned char *dir;  /* the central directory */
	size_t dir_n, dir_pos;
	int64_t dir_at, count, seen, behind; /* behind: where the member before ended */
	/* the member under way */
	bool open, deflated, descriptor;
	uint32_t crc, crc_wanted;
	int64_t at, left, out, size;  /* compressed bytes from at on; uncompressed so far and in all */
	z_stream z;
	bool z_open, z_end;
	unsigned char buf[CHUNK];
	size_t pos, n;
};

static uint64_t
le(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	while (n > 0)
		v = v << 8 | p[--n];
	return v;
}

static int
bad(struct err *e, const char *what)
{
	return err_set(e, ERR_INPUT, "archive-damaged: zip: %s", what);
}

static int
read_at(const struct unzip *z, int64_t at, void *buf, size_t n, struct err *e)
{
	size_t have = 0;
	ssize_t got;

	if (at < 0 || (int64_t)n > z->file_size - at)
		return bad(e, "it points behind its own end");
	while (have < n) {
		got = pread(z->fd, (char *)buf + have, n - have, (off_t)(at + (int64_t)have));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(e, ERR_SYS, "%s: cannot read: %s", z->name, strerror(errno));
		if (got == 0)
			return bad(e, "it became shorter while it was read");
		have += (size_t)got;
	}
	return 0;
}

bool
unzip_is(int fd)
{
	unsigned char magic[4];

	return pread(fd, magic, 4, 0) == 4 && (le(magic, 4) == SIG_LOCAL || le(magic, 4) == SIG_END);
}

/* The end record must be the file's last bytes, comment and all; no comment is ours or anybody's evidence. */
static int
find_directory(struct unzip *z, struct err *e)
{
	unsigned char end[22], loc[20], end64[56];
	int64_t size, at = z->file_size - 22;
	uint64_t where;

	if (at < 0 || read_at(z, at, end, 22, e) < 0)
		return err_set(e, ERR_INPUT, "archive-truncated: zip: it has no end record");
	if (le(end, 4) != SIG_END || le(end + 20, 2) != 0)
		return err_set(e, ERR_INPUT, "archive-truncated: zip: its last bytes are not an end record "
		    "(cut, or bytes behind the end)");
	z->count = (int64_t)le(end + 10, 2);
	size = (int64_t)le(end + 12, 4);
	where = le(end + 16, 4);
	if (le(end + 4, 2) != 0 && le(end + 4, 2) != 0xffff)
		return bad(e, "a part of a set");
	if (at >= 20 && read_at(z, at - 20, loc, 20, e) == 0 && le(loc, 4) == SIG_LOCATOR) {
		if (read_at(z, (int64_t)le(loc + 8, 8), end64, 56, e) < 0)
			return -1;
		if (le(end64, 4) != SIG_END64)
			return bad(e, "its zip64 end record is not where it should be");
		at = (int64_t)le(loc + 8, 8);
		z->count = (int64_t)le(end64 + 32, 8);
		size = (int64_t)le(end64 + 40, 8);
		where = le(end64 + 48, 8);
	}
	if (size < 0 || size > MAX_DIRECTORY || where > INT64_MAX || (int64_t)where != at - size || z->count < 0)
		return bad(e, "its directory does not lie right before its end record");
	z->dir_at = (int64_t)where;
	z->dir_n = (size_t)size;
	z->dir = mem_new(z->dir_n, 1);
	return read_at(z, z->dir_at, z->dir, z->dir_n, e);
}

static ptrdiff_t read_data(struct io_src *src, void *buf, size_t n, struct err *e);

struct unzip *
unzip_open(int fd, const char *name, int64_t max, struct err *e)
{
	struct unzip *z = mem_new(1, sizeof(*z));
	struct stat st;

	z->data.read = read_data;
	z->fd = fd;
	z->name = name;
	z->max = max;
	if (fstat(fd, &st) < 0)
		err_set(e, ERR_SYS, "%s: cannot stat: %s", name, strerror(errno));
	else if (z->file_size = st.st_size, find_directory(z, e) == 0)
		return z;
	unzip_free(z);
	return NULL;
}

void
unzip_free(struct unzip *z)
{
	if (z == NULL)
		return;
	if (z->z_open)
		inflateEnd(&z->z);
	mem_free(z->dir);
	mem_free(z);
}

/* More compressed bytes into buf. */
static int
fill(struct unzip *z, struct err *e)
{
	z->pos = 0;
	z->n = z->left < (int64_t)CHUNK ? (size_t)z->left : CHUNK;
	if (read_at(z, z->at, z->buf, z->n, e) < 0)
		return -1;
	z->at += (int64_t)z->n;
	z->left -= (int64_t)z->n;
	z->in_all += (int64_t)z->n;
	return 0;
}

static int
inflate_some(struct unzip *z, void *buf, size_t n, size_t *got, struct err *e)
{
	int rc = Z_OK;

	*got = 0;
	while (*got == 0 && !z->z_end) {
		if (z->pos == z->n && z->left > 0 && fill(z, e) < 0)
			return -1;
		z->z.next_in = z->buf + z->pos;
		z->z.avail_in = (unsigned int)(z->n - z->pos);
		z->z.next_out = buf;
		z->z.avail_out = (unsigned int)n;
		rc = inflate(&z->z, Z_NO_FLUSH);
		z->pos = z->n - z->z.avail_in;
		*got = n - z->z.avail_out;
		z->z_end = rc == Z_STREAM_END;
		if (rc == Z_MEM_ERROR)
			mem_out();
		if (rc != Z_OK && rc != Z_STREAM_END && !(rc == Z_BUF_ERROR && *got > 0))
			return bad(e, "a member's compressed bytes are damaged");
	}
	return 0;
}

static int
check_end(const struct unzip *z, struct err *e)
{
	if (z->out != z->size || z->left > 0 || z->pos != z->n || (z->deflated && !z->z_end))
		return bad(e, "a member is not as long as it says");
	return z->crc == z->crc_wanted ? 0 : bad(e, "a member's checksum is wrong");
}

static ptrdiff_t
read_data(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct unzip *z = (struct unzip *)src;
	size_t got = 0;

	if (!z->open)
		return 0;
	if (n > (size_t)1 << 20)
		n = (size_t)1 << 20;
	if (z->deflated) {
		if (inflate_some(z, buf, n, &got, e) < 0)
			return -1;
	} else {
		if (z->pos == z->n && z->left > 0 && fill(z, e) < 0)
			return -1;
		got = n < z->n - z->pos ? n : z->n - z->pos;
		memcpy(buf, z->buf + z->pos, got);
		z->pos += got;
	}
	z->crc = (uint32_t)crc32(z->crc, buf, (unsigned int)got);
	z->out += (int64_t)got;
	z->out_all += (int64_t)got;
	if (got == 0) {
		z->open = false;
		return check_end(z, e);
	}
	if (z->out > z->size)
		return bad(e, "a member is longer than it says");
	if (z->out_all > z->max)
		return err_set(e, ERR_LIMIT, "limit-size: more than %lld bytes come out of it", (long long)z->max);
	if (z->out_all > UNPRESS_FREE && z->out_all / UNPRESS_MAX_RATIO > z->in_all)
		return err_set(e, ERR_LIMIT, "limit-ratio: more than %d times as many bytes come out of it as go in (a bomb?)",
		    UNPRESS_MAX_RATIO);
	return (ptrdiff_t)got;
}

/* Sizes and offset of zip64's extra field, in the order of those that are all ones in the entry. */
static int
zip64(const unsigned char *extra, size_t n, int64_t *size, int64_t *packed, int64_t *at, struct err *e)
{
	size_t len;

	for (; n >= 4; extra += 4 + len, n -= 4 + len) {
		int64_t *want[3] = {size, packed, at};
		const unsigned char *p = extra + 4;
		size_t i, left;

		len = left = le(extra + 2, 2);
		if (len > n - 4)
			return bad(e, "an extra field is longer than there is room");
		if (le(extra, 2) != 1)
			continue;
		for (i = 0; i < 3; i++) {
			if (want[i] == NULL || *want[i] != 0xffffffff)
				continue;
			if (left < 8 || p[7] & 0x80)
				return bad(e, "a zip64 field is malformed");
			*want[i] = (int64_t)le(p, 8);
			p += 8;
			left -= 8;
		}
	}
	return 0;
}

/* The member's own header at 'at' must say what the directory said (c). Leaves z->at at its data. */
static int
check_local(struct unzip *z, const unsigned char *c, int64_t at, int64_t packed, struct err *e)
{
	unsigned char h[30];
	size_t name_n = le(c + 28, 2), extra_n;
	unsigned char *text;
	int64_t size, local_packed;
	int rc = 0;

	if (at != z->behind)
		return bad(e, "its members overlap, or something lies between them");
	if (read_at(z, at, h, 30, e) < 0)
		return -1;
	if (le(h, 4) != SIG_LOCAL || le(h + 26, 2) != name_n || le(h + 6, 2) != le(c + 8, 2) ||
	    le(h + 8, 2) != le(c + 10, 2))
		return bad(e, "a member says of itself other things than the directory does");
	extra_n = le(h + 28, 2);
	text = mem_new(name_n + extra_n, 1);
	rc = read_at(z, at + 30, text, name_n + extra_n, e);
	if (rc == 0 && memcmp(text, c + 46, name_n) != 0)
		rc = bad(e, "a member has another name than in the directory");
	size = (int64_t)le(h + 22, 4);
	local_packed = (int64_t)le(h + 18, 4);
	if (rc == 0)
		rc = zip64(text + name_n, extra_n, &size, &local_packed, NULL, e);
	z->descriptor = (le(h + 6, 2) & 8) != 0;
	if (rc == 0 && !z->descriptor && (size != z->size || local_packed != packed || le(h + 14, 4) != z->crc_wanted))
		rc = bad(e, "a member says of itself other things than the directory does");
	mem_free(text);
	z->at = at + 30 + (int64_t)(name_n + extra_n);
	return rc;
}

/* A data descriptor behind a member: with or without its mark, sizes of 4 or 8 bytes. Sets z->behind. */
static int
pass_descriptor(struct unzip *z, int64_t packed, struct err *e)
{
	static const int64_t length[] = {16, 24, 12, 20};
	unsigned char d[24];
	size_t i, wide;

	for (i = 0; i < 4; i++) {
		const unsigned char *p = d + (i < 2 ? 4 : 0);

		wide = i % 2 == 0 ? 4 : 8;
		if (length[i] > z->file_size - z->at)
			continue;
		if (read_at(z, z->at, d, (size_t)length[i], e) < 0)
			return -1;
		if ((i >= 2 || le(d, 4) == SIG_DESCRIPTOR) && le(p, 4) == z->crc_wanted &&
		    (int64_t)le(p + 4, wide) == packed && (int64_t)le(p + 4 + wide, wide) == z->size) {
			z->behind = z->at + length[i];
			return 0;
		}
	}
	return bad(e, "a member's data descriptor says other things than the directory does");
}

/* Kinds of files by what made them: Unix keeps its mode in the upper half. */
static int
check_kind(const unsigned char *c, struct unzip_member *m, struct err *e)
{
	unsigned int mode = (unsigned int)le(c + 40, 2), system = c[5];

	m->folder = m->name.n > 0 && m->name.p[m->name.n - 1] == '/';
	if (system == 3 && mode != 0 && (mode & 0170000) != 0) {
		if ((mode & 0170000) == 0120000)
			return err_set(e, ERR_INPUT, "link: %.*s is a symbolic link", (int)m->name.n, m->name.p);
		if ((mode & 0170000) != (m->folder ? 0040000U : 0100000U))
			return err_set(e, ERR_INPUT, "device: %.*s is neither a file nor a folder", (int)m->name.n, m->name.p);
	}
	return 0;
}

static int
drain(struct unzip *z, struct err *e)
{
	char chunk[8192];
	ptrdiff_t got;

	while ((got = read_data(&z->data, chunk, sizeof(chunk), e)) > 0)
		;
	return got < 0 ? -1 : 0;
}

static int64_t
dos_time(unsigned int date, unsigned int time)
{
	return time_days(1980 + (date >> 9), (int)(date >> 5 & 15), (int)(date & 31)) * 86400 + (time >> 11) * 3600 +
	    (time >> 5 & 63) * 60 + (time & 31) * 2;
}

int
unzip_next(struct unzip *z, struct unzip_member *m, struct err *e)
{
	const unsigned char *c = z->dir + z->dir_pos;
	size_t left = z->dir_n - z->dir_pos, name_n, extra_n;
	int64_t packed, at, data_end;

	if (drain(z, e) < 0)
		return -1;
	if (left == 0) {
		if (z->seen != z->count)
			return bad(e, "its directory does not hold as many members as it says");
		return z->behind == z->dir_at ? 0 : bad(e, "something lies between its members and its directory");
	}
	if (left < 46 || le(c, 4) != SIG_CENTRAL)
		return bad(e, "its directory is malformed");
	name_n = le(c + 28, 2);
	extra_n = le(c + 30, 2);
	if (46 + name_n + extra_n + le(c + 32, 2) > left)
		return bad(e, "its directory is malformed");
	m->name = (struct sv){(const char *)c + 46, name_n};
	if ((le(c + 8, 2) & 1) != 0)
		return bad(e, "an encrypted member");
	if (le(c + 10, 2) != 0 && le(c + 10, 2) != 8)
		return bad(e, "a member is compressed by another method than deflate");
	if (check_kind(c, m, e) < 0)
		return -1;
	z->deflated = le(c + 10, 2) == 8;
	z->crc_wanted = (uint32_t)le(c + 16, 4);
	packed = (int64_t)le(c + 20, 4);
	z->size = (int64_t)le(c + 24, 4);
	at = (int64_t)le(c + 42, 4);
	if (zip64(c + 46 + name_n, extra_n, &z->size, &packed, &at, e) < 0 || check_local(z, c, at, packed, e) < 0)
		return -1;
	if (packed > z->dir_at - z->at || (m->folder && z->size > 0))
		return bad(e, "a member reaches behind the members' end");
	data_end = z->at + packed;
	z->behind = data_end;
	if (z->descriptor) {
		int64_t data = z->at;

		z->at = data_end;
		if (pass_descriptor(z, packed, e) < 0)
			return -1;
		z->at = data;
	}
	z->dir_pos += 46 + name_n + extra_n + le(c + 32, 2);
	z->seen++;
	z->left = packed;
	z->out = 0;
	z->crc = 0;
	z->pos = z->n = 0;
	z->open = true;
	z->z_end = false;
	if (z->deflated) {
		if ((z->z_open ? inflateReset(&z->z) : inflateInit2(&z->z, -MAX_WBITS)) != Z_OK)
			mem_out();
		z->z_open = true;
	}
	if (m->folder)
		m->name.n--;
	m->size = z->size;
	m->mtime = dos_time((unsigned int)le(c + 14, 2), (unsigned int)le(c + 12, 2));
	m->src = &z->data;
	return 1;
}
