#include "pack/bag.h"

#include <stdbool.h>
#include <strings.h>

#include "base/clean.h"
#include "base/time.h"
#include "pack/names.h"
#include "pack/tar.h"

static const char *const ours[] = {
	"Bag-Software-Agent", "Bagging-Date", "External-Identifier", "Payload-Oxum",
};

/* One line of visible text, so that nothing in it can begin another line. */
static bool
is_line(struct sv v)
{
	uint32_t c = 0;
	size_t n;

	if (v.n > BAG_MAX_LINE || sv_trim(v).n != v.n)
		return false;
	for (; v.n > 0; v = sv_from(v, n)) {
		n = clean_utf8(v, &c);
		if (n == 0 || !clean_keeps(c))
			return false;
	}
	return true;
}

static int
check_line(const struct pack_line *l, struct err *e)
{
	struct sb shown = {0};
	char label[32] = "";
	const char *why = NULL;
	size_t i;
	int rc;

	/* Labels are compared without regard to case (RFC 8493, 2.2.2). */
	for (i = 0; i < l->label.n && l->label.n < sizeof(label); i++)
		label[i] = l->label.p[i];
	for (i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strcasecmp(label, ours[i]) == 0)
			why = "is written by the package itself";
	if (l->label.n == 0 || sv_chr(l->label, ':') < l->label.n || !is_line(l->label))
		why = "is not a label";
	else if (l->value.n == 0 || !is_line(l->value))
		why = "has a value that is empty, too long or not one line of visible text";
	if (why == NULL)
		return 0;
	clean_add(&shown, sv_head(l->label, 80));
	rc = err_set(e, ERR_USAGE, "bag-info.txt: '%s' %s", sb_str(&shown), why);
	sb_free(&shown);
	return rc;
}

int
bag_check(const struct pack_info *info, struct err *e)
{
	size_t i;

	if (names_check(info->name, e) < 0)
		return err_prefix(e, "the package's name");
	if (sv_chr(info->name, '/') < info->name.n)
		return err_set(e, ERR_INPUT, "the package's name: a folder's name has no '/' in it");
	if (info->time < 0 || info->time / TIME_SECOND > TAR_MAX_SECONDS)
		return err_set(e, ERR_USAGE, "a package's time must lie in the years 1970 to 2242");
	for (i = 0; i < info->n_lines; i++)
		if (check_line(&info->line[i], e) < 0)
			return -1;
	return 0;
}

void
bag_declaration(struct sb *out)
{
	sb_adds(out, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
}

void
bag_info(struct sb *out, const struct pack_info *info, int64_t bytes, int64_t n)
{
	char time[TIME_TEXT];
	size_t i;

	sb_adds(out, "Bag-Software-Agent: soakproof " SOAK_VERSION "\n");
	sb_addf(out, "Bagging-Date: %.10s\n", time_text(info->time, time)); /* the date of it */
	sb_adds(out, "External-Identifier: ");
	sb_addv(out, info->name);
	sb_addf(out, "\nPayload-Oxum: %lld.%lld\n", (long long)bytes, (long long)n);
	for (i = 0; i < info->n_lines; i++) {
		sb_addv(out, info->line[i].label);
		sb_adds(out, ": ");
		sb_addv(out, info->line[i].value);
		sb_addc(out, '\n');
	}
}

void
bag_manifest_line(struct sb *out, const char hex[DIGEST_HEX], const char *path)
{
	sb_adds(out, hex);
	sb_adds(out, "  ");
	sb_adds(out, path);
	sb_addc(out, '\n');
}
