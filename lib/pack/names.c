#include "pack/names.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/clean.h"
#include "base/mem.h"

/* A file or a folder above one, by its name with case folded away. */
struct taken {
	struct sv folded, name;
	bool folder;
};

/* Open addressing, at most half full; n_slots is a power of two. */
struct names {
	struct arena arena;
	struct taken *slot;
	size_t n, n_slots;
};

struct names *
names_new(void)
{
	struct names *s = mem_new(1, sizeof(*s));

	s->n_slots = 64;
	s->slot = mem_new(s->n_slots, sizeof(*s->slot));
	return s;
}

void
names_free(struct names *s)
{
	if (s == NULL)
		return;
	arena_free(&s->arena);
	mem_free(s->slot);
	mem_free(s);
}

static int
refuse(struct sv name, const char *why, struct err *e)
{
	struct sb shown = {0};

	clean_add(&shown, sv_head(name, NAME_MAX_BYTES));
	err_set(e, ERR_INPUT, "%s: cannot be packed: %s", sb_str(&shown), why);
	sb_free(&shown);
	return -1;
}

/* Is a part of a path, up to its first '.', a device to Windows? "Naming Files, Paths, and Namespaces", Microsoft. */
static bool
is_device(struct sv part)
{
	static const char *const device[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
	struct sv stem = sv_head(part, sv_chr(part, '.')), digit;
	char low[8];
	size_t i;

	while (stem.n > 0 && stem.p[stem.n - 1] == ' ')
		stem.n--;
	if (stem.n >= sizeof(low))
		return false;
	for (i = 0; i < stem.n; i++)
		low[i] = stem.p[i] >= 'A' && stem.p[i] <= 'Z' ? (char)(stem.p[i] + 32) : stem.p[i];
	stem.p = low;
	for (i = 0; i < sizeof(device) / sizeof(*device); i++)
		if (sv_is(stem, device[i]))
			return true;
	if (!sv_starts(stem, "com") && !sv_starts(stem, "lpt"))
		return false;
	digit = sv_from(stem, 3);
	return (digit.n == 1 && digit.p[0] >= '1' && digit.p[0] <= '9') || sv_is(digit, "\302\271") ||
	    sv_is(digit, "\302\262") || sv_is(digit, "\302\263"); /* superscripts 1, 2, 3 */
}

static const char *
bad_part(struct sv part)
{
	if (part.n == 0)
		return "a part of its path is empty";
	if (sv_is(part, ".") || sv_is(part, ".."))
		return "it has a '.' or '..' in its path";
	if (part.p[part.n - 1] == '.' || part.p[part.n - 1] == ' ')
		return "Windows drops a '.' or a blank at the end of a name";
	return is_device(part) ? "Windows keeps this name for a device" : NULL;
}

static const char windows_own[] = "Windows cannot have one of < > : \" \\ | ? * in a name";

static bool
is_windows_own(uint32_t c)
{
	return c > 0 && c < 0x80 && strchr("<>:\"\\|?*", (int)c) != NULL;
}

static const char *
bad_character(struct sv name)
{
	uint32_t c = 0;
	size_t n;

	for (; name.n > 0; name = sv_from(name, n)) {
		n = clean_utf8(name, &c);
		if (n == 0)
			return "its name is not UTF-8";
		if (!clean_keeps(c))
			return "its name has a control or invisible character";
		if (c == '%')
			return "tools do not agree how a manifest writes '%'";
		if (is_windows_own(c))
			return windows_own;
	}
	return NULL;
}

const char *
names_windows(struct sv name)
{
	struct sv part;
	const char *why;
	size_t i;

	for (i = 0; i < name.n; i++)
		if (is_windows_own((unsigned char)name.p[i]))
			return windows_own;
	while (sv_split(&name, '/', &part))
		if ((why = bad_part(part)) != NULL)
			return why;
	return NULL;
}

int
names_check(struct sv name, struct err *e)
{
	struct sv rest = name, part;
	const char *why;

	if (name.n == 0)
		return err_set(e, ERR_INPUT, "a packed file needs a name");
	if (name.n > NAME_MAX_BYTES)
		return refuse(name, "its name is longer than 240 bytes", e);
	if (name.p[0] == '/')
		return refuse(name, "its name is an absolute path", e);
	why = bad_character(name);
	while (why == NULL && sv_split(&rest, '/', &part))
		why = bad_part(part);
	return why == NULL ? 0 : refuse(name, why, e);
}

/* Simple case folding (CaseFolding.txt, status C) for the alphabets that have case and are likely in a file's name. */
static uint32_t
fold(uint32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) ||
	    (c >= 0x410 && c <= 0x42f))
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	if ((c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14a && c <= 0x177))
		return c | 1; /* capitals are even here, odd in the next range */
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c + (c & 1);
	if (c == 0x178)
		return 0xff;
	return c == 0x3c2 ? 0x3c3 : c; /* the final sigma */
}

static struct sv
folded(struct arena *a, struct sv name)
{
	struct sb s = {0};
	struct sv result;
	uint32_t c = 0;

	while (name.n > 0) {
		name = sv_from(name, clean_utf8(name, &c));
		clean_add_utf8(&s, fold(c));
	}
	result = arena_sv(a, sb_sv(&s));
	sb_free(&s);
	return result;
}

/* The place of a folded name: its own, or the free one where it would go. FNV-1a. */
static struct taken *
find(const struct names *s, struct sv key)
{
	uint64_t h = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
	i = (size_t)(h ^ h >> 32);
	while (s->slot[i & (s->n_slots - 1)].folded.n > 0 && !sv_eq(s->slot[i & (s->n_slots - 1)].folded, key))
		i++;
	return &s->slot[i & (s->n_slots - 1)];
}

static void
put(struct names *s, struct taken t)
{
	struct taken *old = s->slot;
	size_t i, n = s->n_slots;

	if (2 * (s->n + 1) > n) {
		s->n_slots = 2 * n;
		s->slot = mem_new(s->n_slots, sizeof(*s->slot));
		for (i = 0; i < n; i++)
			if (old[i].folded.n > 0)
				*find(s, old[i].folded) = old[i];
		mem_free(old);
	}
	*find(s, t.folded) = t;
	s->n++;
}

static int
refuse_twin(struct sv name, const struct taken *t, struct err *e)
{
	struct sb why = {0};
	int rc;

	if (t->folder)
		sb_adds(&why, "another packed file needs a folder of this name");
	else if (sv_eq(t->name, name))
		sb_adds(&why, "two files would have this name");
	else
		sb_addf(&why, "its name differs only in case from %" SV_FMT, SV_ARG(t->name));
	rc = refuse(name, sb_str(&why), e);
	sb_free(&why);
	return rc;
}

int
names_take(struct names *s, struct sv name, struct err *e)
{
	const struct taken *t;
	struct sv key, above;
	size_t i;

	if (names_check(name, e) < 0)
		return -1;
	key = folded(&s->arena, name);
	t = find(s, key);
	if (t->folded.n > 0)
		return refuse_twin(name, t, e);
	for (i = 0; i < key.n; i++) {
		if (key.p[i] != '/')
			continue;
		t = find(s, sv_head(key, i));
		if (t->folded.n > 0 && !t->folder)
			return refuse(name, "the folder it is in has the name of another packed file", e);
	}
	name = arena_sv(&s->arena, name);
	for (i = 0; i < key.n; i++) {
		above = sv_head(key, i);
		if (key.p[i] == '/' && find(s, above)->folded.n == 0)
			put(s, (struct taken){above, above, true});
	}
	put(s, (struct taken){key, name, false});
	return 0;
}
