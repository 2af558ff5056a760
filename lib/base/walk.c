#include "base/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Compares the numbers at *a and *b by value and steps over them. */
static int
compare_numbers(const char **a, const char **b)
{
	const char *x = *a, *y = *b;
	size_t nx, ny;
	int c;

	while (*x == '0')
		x++;
	while (*y == '0')
		y++;
	for (nx = 0; is_digit(x[nx]); nx++)
		;
	for (ny = 0; is_digit(y[ny]); ny++)
		;
	c = nx != ny ? (nx > ny) - (nx < ny) : memcmp(x, y, nx);
	*a = x + nx;
	*b = y + ny;
	return c;
}

int
walk_natural(const char *a, const char *b)
{
	const char *x = a, *y = b;
	int c;

	while (*x != '\0' && *y != '\0') {
		if (is_digit(*x) && is_digit(*y)) {
			c = compare_numbers(&x, &y);
			if (c != 0)
				return c;
		} else if (*x != *y) {
			return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
		} else {
			x++;
			y++;
		}
	}
	if (*x != *y)
		return *x == '\0' ? -1 : 1;
	return strcmp(a, b);
}

static int
by_nature(const void *a, const void *b)
{
	return walk_natural(*(char *const *)a, *(char *const *)b);
}

static int
walk_into(struct walk *w, const char *folder, const char *below, int depth, struct err *e)
{
	struct sb path = {0};
	struct dirent *entry;
	int rc = 0;
	DIR *d;

	sb_addf(&path, "%s%s%s", folder, *below == '\0' ? "" : "/", below);
	d = opendir(sb_str(&path));
	if (d == NULL)
		rc = err_set(e, ERR_SYS, "%s: %s", sb_str(&path), strerror(errno));
	while (rc == 0 && (entry = readdir(d)) != NULL) {
		struct sb name = {0};
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		sb_addf(&name, "%s%s%s", below, *below == '\0' ? "" : "/", entry->d_name);
		sb_reset(&path);
		sb_addf(&path, "%s/%s", folder, sb_str(&name));
		if (entry->d_name[0] == '.' || lstat(sb_str(&path), &st) < 0)
			w->left_out++;
		else if (S_ISREG(st.st_mode))
			*vec_add(&w->file) = mem_dup(sb_str(&name), name.n);
		else if (S_ISDIR(st.st_mode) && depth < WALK_MAX_DEPTH)
			rc = walk_into(w, folder, sb_str(&name), depth + 1, e);
		else
			w->left_out++;
		sb_free(&name);
	}
	if (d != NULL)
		closedir(d);
	sb_free(&path);
	return rc;
}

int
walk_folder(struct walk *w, const char *folder, struct err *e)
{
	if (walk_into(w, folder, "", 0, e) < 0)
		return -1;
	if (w->file.n > 0)
		qsort(w->file.v, w->file.n, sizeof(*w->file.v), by_nature);
	return 0;
}

void
walk_free(struct walk *w)
{
	size_t i;

	for (i = 0; i < w->file.n; i++)
		mem_free(w->file.v[i]);
	vec_free(&w->file);
}
