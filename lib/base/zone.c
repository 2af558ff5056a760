#include "base/time.h"

#include <string.h>

#include "base/io.h"
#include "base/mem.h"

#define ZONE_DIR "/usr/share/zoneinfo/"
#define ZONE_MAX ((size_t)1024 * 1024)
#define MAX_OFFSET (26 * 3600) /* RFC 8536 3.2: utoff lies within -25 to 26 hours */

/* One date of a POSIX TZ rule and the wall-clock second of that day. */
struct rule {
	char kind; /* 'J' 1-365 without 29 February, 'n' 0-365 with it, 'M' month.week.weekday */
	int day, month, week;
	int time;
};

struct time_zone {
	int64_t *at; /* transitions, Unix seconds, ascending */
	int *offset; /* seconds east from at[i] on */
	size_t n;
	int first;   /* offset before at[0] */
	bool footer; /* the rule below holds from the last transition on */
	bool has_dst;
	int std, dst;
	struct rule start, end;
};

static bool
take(struct sv *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = sv_from(*s, 1);
	return true;
}

static bool
take_int(struct sv *s, int min, int max, int *v)
{
	size_t i;

	*v = 0;
	for (i = 0; i < s->n && i < 3 && s->p[i] >= '0' && s->p[i] <= '9'; i++)
		*v = *v * 10 + (s->p[i] - '0');
	*s = sv_from(*s, i);
	return i > 0 && *v >= min && *v <= max;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool
take_hms(struct sv *s, int max_hour, int *sec)
{
	bool minus = take(s, '-');
	int hour, minute = 0, second = 0;

	if (!minus)
		take(s, '+');
	if (!take_int(s, 0, max_hour, &hour) || (take(s, ':') && (!take_int(s, 0, 59, &minute) ||
	    (take(s, ':') && !take_int(s, 0, 59, &second)))))
		return false;
	*sec = (hour * 3600 + minute * 60 + second) * (minus ? -1 : 1);
	return true;
}

/* A designation: three or more letters, or <...>. */
static bool
take_name(struct sv *s)
{
	size_t n = 0;

	if (take(s, '<')) {
		n = sv_chr(*s, '>');
		if (n == s->n)
			return false;
		*s = sv_from(*s, n + 1);
		return true;
	}
	while (n < s->n && ((s->p[n] | 0x20) >= 'a' && (s->p[n] | 0x20) <= 'z'))
		n++;
	*s = sv_from(*s, n);
	return n >= 3;
}

static bool
take_rule(struct sv *s, struct rule *r)
{
	bool ok;

	*r = (struct rule){.kind = 'n', .time = 2 * 3600};
	if (take(s, 'J')) {
		r->kind = 'J';
		ok = take_int(s, 1, 365, &r->day);
	} else if (take(s, 'M')) {
		r->kind = 'M';
		ok = take_int(s, 1, 12, &r->month) && take(s, '.') &&
		    take_int(s, 1, 5, &r->week) && take(s, '.') && take_int(s, 0, 6, &r->day);
	} else {
		ok = take_int(s, 0, 365, &r->day);
	}
	/* RFC 8536 3.3.1 lets the time go from -167 to 167 hours. */
	return ok && (!take(s, '/') || take_hms(s, 167, &r->time));
}

/* std offset [dst [offset] , start [/time] , end [/time]] (POSIX.1-2017 8.3, TZ). */
static bool
parse_footer(struct sv s, struct time_zone *z)
{
	if (!take_name(&s) || !take_hms(&s, 24, &z->std))
		return false;
	z->std = -z->std; /* POSIX counts west, we count east */
	z->footer = true;
	if (s.n == 0)
		return true;
	z->has_dst = true;
	if (!take_name(&s))
		return false;
	z->dst = z->std + 3600;
	if (s.n > 0 && s.p[0] != ',') {
		if (!take_hms(&s, 24, &z->dst))
			return false;
		z->dst = -z->dst;
	}
	return take(&s, ',') && take_rule(&s, &z->start) && take(&s, ',') &&
	    take_rule(&s, &z->end) && s.n == 0;
}

/* The instant of a rule in a year, for clocks that stand offset east of UTC. */
static int64_t
rule_at(const struct rule *r, int64_t year, int offset)
{
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	int64_t jan1 = time_days(year, 1, 1), day, next;

	if (r->kind == 'J') {
		day = jan1 + r->day - 1 + (leap && r->day >= 60);
	} else if (r->kind == 'n') {
		day = jan1 + r->day;
	} else {
		day = time_days(year, r->month, 1);
		/* 1970-01-01 was a Thursday (4). */
		day += ((r->day - 4 - day) % 7 + 7) % 7 + (r->week - 1) * 7;
		next = r->month == 12 ? time_days(year + 1, 1, 1) : time_days(year, r->month + 1, 1);
		while (day >= next) /* week 5 means the last one */
			day -= 7;
	}
	return day * 86400 + r->time - offset;
}

static int
footer_offset(const struct time_zone *z, int64_t t)
{
	int64_t year, y, at, latest = INT64_MIN;
	int month, day, offset = z->std;

	if (!z->has_dst)
		return z->std;
	time_date((t >= 0 ? t : t - 86399) / 86400, &year, &month, &day);
	/*
	 * The latest change not after t. A start that falls on an end wins:
	 * that is how a rule says "summer time all year" (RFC 8536 3.3.1).
	 */
	for (y = year - 1; y <= year + 1; y++) {
		at = rule_at(&z->end, y, z->dst);
		if (at <= t && at > latest) {
			latest = at;
			offset = z->std;
		}
		at = rule_at(&z->start, y, z->std);
		if (at <= t && at >= latest) {
			latest = at;
			offset = z->dst;
		}
	}
	return offset;
}

int
time_zone_offset(const struct time_zone *z, int64_t ms)
{
	int64_t t = ms / 1000 - (ms % 1000 < 0);
	size_t low = 0, high = z->n, mid;

	while (low < high) { /* low: how many transitions are not after t */
		mid = low + (high - low) / 2;
		if (z->at[mid] <= t)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == z->n && z->footer)
		return footer_offset(z, t);
	return low == 0 ? z->first : z->offset[low - 1];
}

static uint32_t
be32(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t
be64(const char *p)
{
	uint64_t v = (uint64_t)be32(p) << 32 | be32(p + 4);
	int64_t r;

	memcpy(&r, &v, sizeof(r)); /* both are two's complement */
	return r;
}

/* The six counts of a header (RFC 8536 3.1), in the order of the file. */
struct counts {
	uint64_t isut, isstd, leap, time, type, character;
};

#define HEADER 44

static bool
parse_header(struct sv s, struct counts *c)
{
	if (s.n < HEADER || !sv_starts(s, "TZif"))
		return false;
	c->isut = be32(s.p + 20);
	c->isstd = be32(s.p + 24);
	c->leap = be32(s.p + 28);
	c->time = be32(s.p + 32);
	c->type = be32(s.p + 36);
	c->character = be32(s.p + 40);
	return true;
}

/* Bytes of the data block whose times have width bytes. Counts are 32 bits: no overflow. */
static uint64_t
block_size(const struct counts *c, uint64_t width)
{
	return c->time * (width + 1) + c->type * 6 + c->character + c->leap * (width + 4) +
	    c->isstd + c->isut;
}

/* The version 2+ data block; s holds all of it. */
static int
parse_block(struct time_zone *z, const char *p, const struct counts *c, struct err *e)
{
	const char *types = p + c->time * 9;
	size_t i, type;
	int32_t off;
	uint32_t raw;

	for (i = 0; i < c->type; i++) {
		raw = be32(types + i * 6);
		memcpy(&off, &raw, sizeof(off));
		if (off < -MAX_OFFSET || off > MAX_OFFSET)
			return err_set(e, ERR_INPUT, "time zone: offset of %d s", (int)off);
		if (i == 0)
			z->first = off;
	}
	z->n = c->time;
	z->at = mem_new(z->n, sizeof(*z->at));
	z->offset = mem_new(z->n, sizeof(*z->offset));
	for (i = 0; i < z->n; i++) {
		z->at[i] = be64(p + i * 8);
		if (i > 0 && z->at[i] <= z->at[i - 1])
			return err_set(e, ERR_INPUT, "time zone: transitions out of order");
		type = (unsigned char)p[c->time * 8 + i];
		if (type >= c->type)
			return err_set(e, ERR_INPUT, "time zone: transition to unknown type %zu",
			    type);
		raw = be32(types + type * 6);
		memcpy(&off, &raw, sizeof(off));
		z->offset[i] = off;
	}
	return 0;
}

static int
parse_tzif(struct time_zone *z, struct sv s, struct err *e)
{
	struct counts c;
	size_t end;

	if (!parse_header(s, &c))
		return err_set(e, ERR_INPUT, "time zone: not a TZif file");
	if (s.p[4] < '2')
		return err_set(e, ERR_INPUT, "time zone: TZif version 1 is too old");
	if (block_size(&c, 4) > s.n - HEADER)
		return err_set(e, ERR_INPUT, "time zone: TZif file is cut short");
	s = sv_from(s, HEADER + block_size(&c, 4));
	if (!parse_header(s, &c))
		return err_set(e, ERR_INPUT, "time zone: TZif file has no second header");
	if (block_size(&c, 8) > s.n - HEADER)
		return err_set(e, ERR_INPUT, "time zone: TZif file is cut short");
	if (c.type == 0)
		return err_set(e, ERR_INPUT, "time zone: TZif file has no local time type");
	if (c.leap != 0)
		return err_set(e, ERR_INPUT, "time zone: counts leap seconds, Unix time does not");
	if (parse_block(z, s.p + HEADER, &c, e) < 0)
		return -1;
	s = sv_from(s, HEADER + block_size(&c, 8));
	end = s.n > 0 ? sv_chr(sv_from(s, 1), '\n') + 1 : 0;
	if (s.n == 0 || s.p[0] != '\n' || end >= s.n)
		return err_set(e, ERR_INPUT, "time zone: TZif file has no footer");
	s = sv_from(sv_head(s, end), 1);
	if (s.n > 0 && !parse_footer(s, z))
		return err_set(e, ERR_INPUT, "time zone: bad rule '%" SV_FMT "'",
		    SV_ARG(sv_head(s, 100)));
	return 0;
}

struct time_zone *
time_zone_parse(struct sv tzif, struct err *e)
{
	struct time_zone *z = mem_new(1, sizeof(*z));

	if (parse_tzif(z, tzif, e) < 0) {
		time_zone_free(z);
		return NULL;
	}
	return z;
}

/* Names are paths below ZONE_DIR: letters, digits, _ + - and single slashes. */
static bool
is_name(const char *s)
{
	size_t i, n = strlen(s);

	if (n == 0 || n > 100 || s[0] == '/' || s[n - 1] == '/')
		return false;
	for (i = 0; i < n; i++)
		if (!((s[i] | 0x20) >= 'a' && (s[i] | 0x20) <= 'z') &&
		    !(s[i] >= '0' && s[i] <= '9') && strchr("_+-/", s[i]) == NULL)
			return false;
	return true;
}

struct time_zone *
time_zone_open(const char *name, struct err *e)
{
	struct sb path = {0}, bytes = {0};
	struct time_zone *z = NULL;

	if (!is_name(name)) {
		err_set(e, ERR_INPUT, "'%.100s' is not a time zone name", name);
		return NULL;
	}
	if (strcmp(name, "UTC") == 0)
		return mem_new(1, sizeof(struct time_zone));
	sb_addf(&path, ZONE_DIR "%s", name);
	if (io_read_file(sb_str(&path), ZONE_MAX, &bytes, e) == 0)
		z = time_zone_parse(sb_sv(&bytes), e);
	if (z == NULL)
		err_prefix(e, "time zone %s", name);
	sb_free(&path);
	sb_free(&bytes);
	return z;
}

void
time_zone_free(struct time_zone *z)
{
	if (z == NULL)
		return;
	mem_free(z->at);
	mem_free(z->offset);
	mem_free(z);
}
