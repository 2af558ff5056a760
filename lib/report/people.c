#include "report/people.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/time.h"

struct sv
people_time(struct arena *a, int64_t ms)
{
	char buf[TIME_TEXT];
	struct sv t = sv_of(time_text(ms, buf));
	size_t date = sv_chr(t, 'T');

	if (ms == TIME_NONE || date == t.n)
		return SV("unknown");
	return sv_of(arena_fmt(a, "%.*s %.*s UTC", (int)date, t.p, (int)(t.n - date - 2), t.p + date + 1));
}

struct sv
people_length(struct arena *a, double seconds)
{
	char buf[TIME_TEXT];

	if (!(fabs(seconds) < 1e12))
		return SV("unknown");
	return arena_sv(a, sv_of(time_length_text((int64_t)llround(seconds * 1000), buf)));
}

struct sv
people_size(struct arena *a, double bytes)
{
	static const char *const unit[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
	char buf[NUM_TEXT];
	size_t i = 0;

	if (!(bytes >= 0))
		return SV("unknown");
	if (bytes < 1024)
		return sv_of(arena_fmt(a, "%s byte%s", num_text(bytes, buf), bytes == 1 ? "" : "s"));
	/* 1023.95 KiB would round to 1024.0. */
	for (bytes /= 1024; bytes >= 1023.95 && i + 1 < sizeof(unit) / sizeof(*unit); i++)
		bytes /= 1024;
	return sv_of(arena_fmt(a, "%s %s", num_fixed(bytes, 1, buf), unit[i]));
}

struct sv
people_data_uri(struct arena *a, const char *type, struct sv bytes)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)bytes.p;
	struct sb s = {0};
	struct sv uri;
	size_t i;

	sb_addf(&s, "data:%s;base64,", type);
	for (i = 0; i < bytes.n; i += 3) {
		unsigned long v = (unsigned long)p[i] << 16;

		v |= i + 1 < bytes.n ? (unsigned long)p[i + 1] << 8 : 0;
		v |= i + 2 < bytes.n ? p[i + 2] : 0;
		sb_addc(&s, digit[v >> 18 & 63]);
		sb_addc(&s, digit[v >> 12 & 63]);
		sb_addc(&s, i + 1 < bytes.n ? digit[v >> 6 & 63] : '=');
		sb_addc(&s, i + 2 < bytes.n ? digit[v & 63] : '=');
	}
	uri = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return uri;
}

struct sv
people_link(struct arena *a, struct sv path)
{
	struct sb s = {0};
	struct sv link;
	size_t i;

	for (i = 0; i < path.n; i++) {
		char c = path.p[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c != '\0' && strchr("-._~/", c) != NULL))
			sb_addc(&s, c);
		else
			sb_addf(&s, "%%%02X", (unsigned)(unsigned char)c);
	}
	link = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return link;
}
