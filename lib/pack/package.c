#include "pack/package.h"

#include <strings.h>

#include "pack/names.h"
#include "pack/tagfile.h"

bool
package_keep(void *ctx, struct sv name, int64_t size)
{
	return inspect_keep(ctx, name, size) || (sv_starts(name, PACKAGE_APPROVALS) && size <= ((int64_t)1 << 20)) ||
	    (sv_is(name, PACKAGE_STATEMENT) && size <= ((int64_t)16 << 20)) ||
	    ((sv_is(name, PACKAGE_COLLECT) || sv_is(name, PACKAGE_PROFILE)) && size <= ((int64_t)16 << 20)) ||
	    (sv_is(name, PACKAGE_VERDICT) && size <= ((int64_t)128 << 20));
}

/* docs/rules.md 24: outside the tag manifest, by name. */
static bool
may_be_unpinned(struct sv name)
{
	return sv_starts(name, PACKAGE_APPROVALS) || sv_is(name, PACKAGE_STATEMENT) || sv_is(name, PACKAGE_TAGMANIFEST);
}

static bool
is_listed(const struct contents_file *list, struct sv name)
{
	struct sv rest = list->bytes, line, hex, path;

	while (tag_line(&rest, &line))
		if (tag_manifest_line(line, &hex, &path) && sv_eq(path, name))
			return true;
	return false;
}

static void
check_pinned(const struct contents *c, struct findings *f)
{
	const struct contents_file *list = contents_find(c, SV(PACKAGE_TAGMANIFEST));
	size_t i;

	if (list == NULL || !list->kept) {
		findings_add(f, true, "tagmanifest-missing", "there is no " PACKAGE_TAGMANIFEST ": nothing pins the package");
		return;
	}
	for (i = 0; i < c->file.n; i++) {
		struct sv name = c->file.v[i].name;

		if (sv_starts(name, "data/") || may_be_unpinned(name) || is_listed(list, name))
			continue;
		findings_add(f, true, "file-unpinned", "%" SV_FMT ": not in " PACKAGE_TAGMANIFEST, SV_ARG(name));
	}
}

static void
check_approvals(const struct contents *c, struct findings *f)
{
	size_t i;

	for (i = 0; i < c->file.n; i++) {
		struct sv name = c->file.v[i].name, pair;
		struct sb other = {0};

		if (!sv_starts(name, PACKAGE_APPROVALS))
			continue;
		pair = sv_ends(name, ".sig") ? sv_head(name, name.n - 4) : name;
		sb_addv(&other, pair);
		if (pair.n == name.n)
			sb_adds(&other, ".sig");
		if (!sv_ends(pair, ".json") || sv_chr(sv_from(name, sizeof(PACKAGE_APPROVALS) - 1), '/') <
		    name.n - (sizeof(PACKAGE_APPROVALS) - 1))
			findings_add(f, true, "approvals-extra", "%" SV_FMT ": neither an approval nor a signature", SV_ARG(name));
		else if (contents_find(c, sb_sv(&other)) == NULL)
			findings_add(f, true, "approvals-extra", "%" SV_FMT ": %s", SV_ARG(name),
			    pair.n == name.n ? "an approval without a signature" : "a signature without an approval");
		else if (!c->file.v[i].kept)
			findings_add(f, true, "limit-size", "%" SV_FMT ": too large for an approval", SV_ARG(name));
		sb_free(&other);
	}
}

static void
check_names(const struct contents *c, struct findings *f)
{
	struct names *n = names_new();
	struct err e = {0};
	size_t i;

	for (i = 0; i < c->file.n; i++) {
		struct sv name = c->file.v[i].name;

		if (sv_starts(name, "data/"))
			name = sv_from(name, 5);
		if (names_check(name, &e) < 0)
			findings_add(f, true, "name-unportable", "%s", e.msg);
	}
	/* "data/x" and "x" are no twins: the whole name, where it is not too long for that check. */
	for (i = 0; i < c->file.n; i++)
		if (c->file.v[i].name.n <= NAME_MAX_BYTES && names_check(c->file.v[i].name, NULL) == 0 &&
		    names_take(n, c->file.v[i].name, &e) < 0)
			findings_add(f, true, "name-case", "%s", e.msg);
	names_free(n);
}

int
package_inspect(const struct contents *c, struct findings *f, struct err *e)
{
	const struct contents_file *bagit = contents_find(c, SV("bagit.txt"));

	if (inspect_bag(c, f, e) < 0)
		return -1;
	if (c->archive && c->top.n == 0)
		findings_add(f, true, "top-folder", "the archive has no top folder");
	if (bagit != NULL && bagit->kept && !sv_is(bagit->bytes, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"))
		findings_add(f, true, "bagit-malformed", "bagit.txt: a package is BagIt 1.0 in UTF-8");
	if (contents_find(c, SV("manifest-sha256.txt")) == NULL)
		findings_add(f, true, "manifest-missing", "there is no manifest-sha256.txt");
	if (contents_find(c, SV("fetch.txt")) != NULL)
		findings_add(f, true, "fetch-forbidden", "a package with a fetch.txt is not whole");
	check_pinned(c, f);
	check_approvals(c, f);
	check_names(c, f);
	return 0;
}

struct sv
package_info(const struct contents *c, const char *label)
{
	const struct contents_file *info = contents_find(c, SV("bag-info.txt"));
	struct sv rest, line, found = SV("");
	int n = 0;

	if (info == NULL || !info->kept)
		return found;
	rest = info->bytes;
	while (tag_line(&rest, &line)) {
		size_t colon = sv_chr(line, ':');

		if (colon == sv_of(label).n && strncasecmp(line.p, label, colon) == 0 && n++ == 0)
			found = sv_trim(sv_from(line, colon + 1));
	}
	return n == 1 ? found : SV("");
}
