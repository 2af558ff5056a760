#include "profile/profile.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clean.h"
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"

#define MAX_SIZE ((size_t)1024 * 1024)
#define SUFFIX ".yaml"

/* A folder that happens to be called like a profile is not one. */
static bool
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

void
profile_rule_files_json(const struct profile *p, struct sb *out)
{
	struct json j = {.out = out};
	struct arena a = {0};
	size_t i;

	json_map(&j, NULL);
	for (i = 0; i < p->n_rule_files; i++)
		json_str(&j, arena_str(&a, p->rule_files[i].name), p->rule_files[i].text);
	json_end(&j);
	arena_free(&a);
}

/* A rule file of a profile that lies in a run folder or package. */
static bool
load_packed(struct profile *p, const char *folder, struct profile_file *f)
{
	const char *path = arena_fmt(&p->arena, "%s%s", folder, PROFILE_RULE_FILES);
	struct sb text = {0};
	const struct doc *all = NULL, *one;

	if (io_read_file(path, 2 * MAX_SIZE, &text, NULL) == 0)
		all = doc_json(&p->arena, path, arena_sv(&p->arena, sb_sv(&text)), NULL);
	sb_free(&text);
	one = doc_get(all, arena_str(&p->arena, f->name));
	if (one == NULL || one->kind != DOC_STRING)
		return false;
	f->text = one->text;
	return true;
}

/* The files that the profile at path names. 0 or -1. */
static int
load_files(struct profile *p, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash == NULL ? "" : arena_str(&p->arena, (struct sv){path, (size_t)(slash - path) + 1});
	struct sb name = {0}, text = {0};
	struct err why = {0};
	size_t i;
	int rc = 0;

	for (i = 0; i < p->n_rule_files && rc == 0; i++) {
		sb_reset(&name);
		sb_reset(&text);
		sb_adds(&name, folder);
		sb_addv(&name, p->rule_files[i].name);
		if (io_read_file(sb_str(&name), MAX_SIZE, &text, &why) < 0)
			rc = load_packed(p, folder, &p->rule_files[i]) ? 0 : doc_err(p->rule_files[i].at, e, "%s", why.msg);
		else
			p->rule_files[i].text = arena_sv(&p->arena, sb_sv(&text));
	}
	sb_free(&name);
	sb_free(&text);
	return rc;
}

static struct profile *
load(const char *path, struct err *e)
{
	struct sb text = {0};
	struct profile *p = NULL;

	if (io_read_file(path, MAX_SIZE, &text, e) == 0)
		p = profile_parse(path, sb_sv(&text), e);
	if (p != NULL && load_files(p, path, e) < 0) {
		profile_free(p);
		p = NULL;
	}
	sb_free(&text);
	return p;
}

/* Only a plain name is looked up in the folders: no way out of them. */
static bool
is_plain(struct sv name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-",
			name.p[i]) == NULL || name.p[i] == '\0')
			return false;
	return name.n > 0;
}

/* The path of the first regular file among the places where name may be; empty when there is none. */
static void
locate(const char *name, const char *const *dir, size_t n, struct sb *path)
{
	struct sv plain = sv_of(name);
	size_t i;

	sb_adds(path, name);
	if (is_file(sb_str(path)))
		return;
	sb_adds(path, SUFFIX);
	if (is_file(sb_str(path)))
		return;
	if (sv_ends(plain, SUFFIX))
		plain = sv_head(plain, plain.n - strlen(SUFFIX));
	for (i = 0; i < n && is_plain(plain); i++) {
		sb_reset(path);
		sb_addf(path, "%s/profiles/%" SV_FMT SUFFIX, dir[i], SV_ARG(plain));
		if (is_file(sb_str(path)))
			return;
	}
	sb_reset(path);
}

struct names {
	VEC(char *) list;
};

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What cannot be read has no names. */
static void
list_dir(const char *dir, struct names *names)
{
	struct sb path = {0};
	struct dirent *entry;
	struct sv name;
	size_t root;
	DIR *d;

	sb_addf(&path, "%s/profiles/", dir);
	root = path.n;
	d = opendir(sb_str(&path));
	while (d != NULL && (entry = readdir(d)) != NULL) {
		name = sv_of(entry->d_name);
		if (!sv_ends(name, SUFFIX) || name.n == strlen(SUFFIX) || !is_plain(name))
			continue;
		path.n = root;
		sb_addv(&path, name);
		if (is_file(sb_str(&path)))
			*vec_add(&names->list) = mem_dup(name.p, name.n - strlen(SUFFIX));
	}
	if (d != NULL)
		closedir(d);
	sb_free(&path);
}

const char **
profile_names(struct arena *a, const char *const *dir, size_t n, size_t *count)
{
	struct names names = {{0}};
	const char **out;
	size_t i;

	for (i = 0; i < n; i++)
		list_dir(dir[i], &names);
	if (names.list.n > 1)
		qsort(names.list.v, names.list.n, sizeof(*names.list.v), by_text);
	out = arena_new(a, names.list.n + 1, sizeof(*out));
	*count = 0;
	for (i = 0; i < names.list.n; i++)
		if (i == 0 || strcmp(names.list.v[i], names.list.v[i - 1]) != 0)
			out[(*count)++] = arena_str(a, sv_of(names.list.v[i]));
	for (i = 0; i < names.list.n; i++)
		mem_free(names.list.v[i]);
	vec_free(&names.list);
	return out;
}

static void
unknown(const char *name, const char *const *dir, size_t n, struct err *e)
{
	struct arena a = {0};
	struct sb what = {0};
	const char **known;
	size_t i, count;

	known = profile_names(&a, dir, n, &count);
	sb_adds(&what, "no profile '");
	clean_add(&what, sv_head(sv_of(name), 100));
	sb_adds(&what, count == 0 ? "', and no profiles are installed" : "'; there are: ");
	for (i = 0; i < count; i++)
		sb_addf(&what, "%s%s", i == 0 ? "" : ", ", known[i]);
	err_set(e, ERR_USAGE, "%s", sb_str(&what));
	sb_free(&what);
	arena_free(&a);
}

struct profile *
profile_find(const char *name, const char *const *dir, size_t n, struct err *e)
{
	struct sb path = {0};
	struct profile *p = NULL;

	if (*name != '\0')
		locate(name, dir, n, &path);
	if (path.n > 0)
		p = load(sb_str(&path), e);
	else
		unknown(name, dir, n, e);
	sb_free(&path);
	return p;
}
