/*
 * Any bytes as a package: tar, gzip, zstd or zip. It is read or refused with a reason; names that come out lead nowhere, and
 * what is looked at as a bag and as a package of ours ends.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pack/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];

static void
clean_up(void)
{
	unlink(path);
}

static void
check(const struct contents *c)
{
	size_t i;

	for (i = 0; i < c->file.n; i++) {
		struct sv name = c->file.v[i].name, rest = name, part;

		if (name.n == 0 || name.p[0] == '/' || sv_chr(name, '\0') < name.n)
			abort();
		while (sv_split(&rest, '/', &part))
			if (part.n == 0 || sv_is(part, "..") || sv_is(part, "."))
				abort();
		if (contents_find(c, name) != &c->file.v[i])
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct contents_opts opts = {.max_bytes = (int64_t)8 << 20, .keep = package_keep};
	struct findings f = {0};
	struct contents c;
	struct err e = {0};

	if (path[0] == '\0') {
		snprintf(path, sizeof(path), "/tmp/fuzz_contents.%ld", (long)getpid());
		atexit(clean_up);
	}
	if (io_write_file(path, (struct sv){(const char *)data, size}, &e) < 0)
		return 0;
	if (contents_read(&c, path, &opts, &e) == 0) {
		check(&c);
		if (package_inspect(&c, &f, &e) < 0)
			abort();
	} else if (e.code == ERR_SYS || e.msg[0] == '\0' || strstr(e.msg, ": ") == NULL) {
		fprintf(stderr, "%s\n", e.msg);
		abort();
	}
	contents_free(&c);
	findings_free(&f);
	return 0;
}
