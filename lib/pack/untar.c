#include "pack/untar.h"

#include <string.h>

#include "base/mem.h"
#include "base/num.h"

#define BLOCK 512
#define MAX_NAME 65536 /* bytes of a pax header or long name */

struct untar {
	struct io_src data; /* of the member under way; first, so that it is the reader */
	struct io_src *src;
	int64_t left, pad;  /* of the member's bytes, and behind them */
	struct sb name;     /* the member's */
	struct sb said;     /* a name that a header before the member's own said; empty: none */
	int64_t said_size;  /* likewise; -1 none */
};

/* Exactly n bytes: 1; 0 when there are none at all; -1. */
static int
take(struct untar *t, void *buf, size_t n, struct err *e)
{
	size_t have = 0;
	ptrdiff_t got;

	while (have < n) {
		got = t->src->read(t->src, (char *)buf + have, n - have, e);
		if (got < 0)
			return -1;
		if (got == 0 && have > 0)
			return err_set(e, ERR_INPUT, "archive-truncated: it ends in the middle of a block");
		if (got == 0)
			return 0;
		have += (size_t)got;
	}
	return 1;
}

static ptrdiff_t
read_data(struct io_src *src, void *buf, size_t n, struct err *e)
{
	struct untar *t = (struct untar *)src;
	ptrdiff_t got;

	if ((int64_t)n > t->left)
		n = (size_t)t->left;
	if (n == 0)
		return 0;
	got = t->src->read(t->src, buf, n, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "archive-truncated: it ends inside a member");
	if (got > 0)
		t->left -= got;
	return got;
}

struct untar *
untar_new(struct io_src *src)
{
	struct untar *t = mem_new(1, sizeof(*t));

	t->data.read = read_data;
	t->src = src;
	t->said_size = -1;
	return t;
}

void
untar_free(struct untar *t)
{
	if (t == NULL)
		return;
	sb_free(&t->name);
	sb_free(&t->said);
	mem_free(t);
}

static int
damaged(struct err *e, const char *what)
{
	return err_set(e, ERR_INPUT, "archive-damaged: %s", what);
}

/* A number of a header: octal digits with blanks around, or base 256 (GNU). -1: neither. */
static int64_t
number(const unsigned char *p, size_t n)
{
	int64_t v = 0;
	size_t i = 0;

	if (p[0] & 0x80) {
		if (p[0] != 0x80)
			return -1; /* negative, or larger than 2^63 */
		for (i = 1; i < n; i++) {
			if (v > INT64_MAX >> 8)
				return -1;
			v = v << 8 | p[i];
		}
		return v;
	}
	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		v = v << 3 | (p[i] - '0'); /* at most 12 digits: 36 bits */
	for (; i < n; i++)
		if (p[i] != ' ' && p[i] != '\0')
			return -1;
	return v;
}

static bool
is_zero(const unsigned char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* The sum of all bytes, its own field taken as blanks; some old programs summed signed bytes, which we do not take. */
static bool
sum_is_right(const unsigned char *h)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : h[i];
	return number(h + 148, 8) == sum;
}

/* After the first block of zeros: only zeros, and at least one block of them. */
static int
end(struct untar *t, struct err *e)
{
	unsigned char chunk[BLOCK];
	int rc = take(t, chunk, sizeof(chunk), e);

	if (rc == 0)
		return err_set(e, ERR_INPUT, "archive-truncated: its end mark is not whole");
	for (; rc > 0; rc = take(t, chunk, sizeof(chunk), e))
		if (!is_zero(chunk, sizeof(chunk)))
			return err_set(e, ERR_INPUT, "archive-trailing: there are bytes behind the archive's end");
	return rc;
}

static struct sv
field(const unsigned char *p, size_t n)
{
	struct sv v = {(const char *)p, n};

	return sv_head(v, sv_chr(v, '\0'));
}

/* What a special member holds: a name or records. */
static int
slurp(struct untar *t, int64_t size, struct sb *out, struct err *e)
{
	char chunk[BLOCK];
	int64_t left = size;

	if (size > MAX_NAME)
		return damaged(e, "a name is longer than 64 KiB");
	while (left > 0) {
		int rc = take(t, chunk, sizeof(chunk), e);

		if (rc <= 0)
			return rc < 0 ? -1 : err_set(e, ERR_INPUT, "archive-truncated: it ends inside a header");
		sb_add(out, chunk, left < BLOCK ? (size_t)left : BLOCK);
		left -= BLOCK;
	}
	return 0;
}

/* "LENGTH KEY=VALUE\n" ... */
static int
pax(struct untar *t, struct sv v, bool global, struct err *e)
{
	while (v.n > 0) {
		struct sv record, key;
		int64_t n;
		size_t blank = sv_chr(v, ' '), is;

		if (blank == v.n || !num_parse_int(sv_head(v, blank), &n) || n <= (int64_t)blank + 1 || n > (int64_t)v.n ||
		    v.p[n - 1] != '\n')
			return damaged(e, "a pax header is malformed");
		record = sv_from(sv_head(v, (size_t)n - 1), blank + 1);
		v = sv_from(v, (size_t)n);
		is = sv_chr(record, '=');
		key = sv_head(record, is);
		record = sv_from(record, is + 1);
		if (sv_starts(key, "GNU.sparse"))
			return err_set(e, ERR_INPUT, "member-kind: a sparse file");
		if (!sv_is(key, "path") && !sv_is(key, "size"))
			continue;
		if (global)
			return damaged(e, "a pax header names all members alike");
		if (sv_is(key, "size") && (!num_parse_int(record, &t->said_size) || t->said_size < 0))
			return damaged(e, "a pax header's size is not a number");
		if (sv_is(key, "path")) {
			sb_reset(&t->said);
			sb_addv(&t->said, record);
		}
	}
	return 0;
}

/* A header that is about the next one: 1 it was; 0 it is a member's own; -1. */
static int
special(struct untar *t, const unsigned char *h, struct err *e)
{
	struct sb text = {0};
	int64_t size = number(h + 124, 12);
	int rc = 0;

	if (strchr("xgLK", h[156]) == NULL || h[156] == '\0')
		return 0;
	if (size < 0)
		return damaged(e, "a header's size is not a number");
	rc = slurp(t, size, &text, e);
	if (rc == 0 && h[156] == 'L') {
		sb_reset(&t->said);
		sb_addv(&t->said, sv_head(sb_sv(&text), sv_chr(sb_sv(&text), '\0')));
	} else if (rc == 0 && h[156] != 'K') {
		rc = pax(t, sb_sv(&text), h[156] == 'g', e);
	}
	sb_free(&text);
	return rc < 0 ? -1 : 1;
}

static int
refuse_kind(const struct untar *t, unsigned char kind, struct err *e)
{
	const char *name = sb_str(&t->name);

	switch (kind) {
	case '1':
		return err_set(e, ERR_INPUT, "hard-link: %.200s", name);
	case '2':
		return err_set(e, ERR_INPUT, "link: %.200s is a symbolic link", name);
	case '3':
	case '4':
		return err_set(e, ERR_INPUT, "device: %.200s", name);
	case '6':
		return err_set(e, ERR_INPUT, "device: %.200s is a pipe", name);
	default:
		return err_set(e, ERR_INPUT, "member-kind: %.200s is neither a file nor a folder (tar kind %u)",
		    name, kind);
	}
}

static void
take_name(struct untar *t, const unsigned char *h)
{
	sb_reset(&t->name);
	if (t->said.n > 0) {
		sb_addv(&t->name, sb_sv(&t->said));
	} else {
		/* "ustar\0": a prefix; GNU's "ustar  " has times there. */
		if (memcmp(h + 257, "ustar", 6) == 0 && h[345] != '\0') {
			sb_addv(&t->name, field(h + 345, 155));
			sb_addc(&t->name, '/');
		}
		sb_addv(&t->name, field(h, 100));
	}
	sb_reset(&t->said);
}

static int
member(struct untar *t, const unsigned char *h, struct untar_member *m, struct err *e)
{
	unsigned char kind = h[156];
	int64_t size = t->said_size >= 0 ? t->said_size : number(h + 124, 12);

	take_name(t, h);
	t->said_size = -1;
	if (size < 0 || size > INT64_MAX - BLOCK)
		return damaged(e, "a header's size is not a number");
	if (kind != '0' && kind != '\0' && kind != '5')
		return refuse_kind(t, kind, e);
	/* Before POSIX a folder was a file whose name ends in '/'. */
	m->folder = kind == '5' || (t->name.n > 0 && t->name.buf[t->name.n - 1] == '/');
	if (m->folder && size > 0)
		return damaged(e, "a folder with bytes in it");
	m->name = sb_sv(&t->name);
	if (m->folder && m->name.n > 1 && m->name.p[m->name.n - 1] == '/')
		m->name.n--;
	m->size = t->left = size;
	t->pad = (BLOCK - size % BLOCK) % BLOCK;
	m->mtime = number(h + 136, 12);
	m->src = &t->data;
	return 1;
}

static int
pass_over(struct untar *t, struct err *e)
{
	char chunk[8192];
	ptrdiff_t got = 0;

	while (t->left > 0 && (got = read_data(&t->data, chunk, sizeof(chunk), e)) > 0)
		;
	if (got < 0)
		return -1;
	if (t->pad > 0) {
		int rc = take(t, chunk, (size_t)t->pad, e);

		if (rc <= 0)
			return rc < 0 ? -1 : err_set(e, ERR_INPUT, "archive-truncated: it ends behind a member");
	}
	t->pad = 0;
	return 0;
}

int
untar_next(struct untar *t, struct untar_member *m, struct err *e)
{
	unsigned char h[BLOCK];
	int rc;

	if (pass_over(t, e) < 0)
		return -1;
	for (;;) {
		rc = take(t, h, sizeof(h), e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return err_set(e, ERR_INPUT, "archive-truncated: it has no end mark");
		if (is_zero(h, sizeof(h)))
			return end(t, e);
		if (!sum_is_right(h))
			return damaged(e, "a header's checksum is wrong");
		rc = special(t, h, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return member(t, h, m, e);
	}
}
