/*
 * Runs a fuzz target on stored inputs, without libFuzzer: replay PATH...,
 * where a directory stands for the files in it.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int inputs, failures;

static void
complain(const char *path)
{
	perror(path);
	failures++;
}

static void
replay_file(const char *path, size_t size)
{
	FILE *f = fopen(path, "rb");
	/* As large as the input and no larger, so that a sanitizer sees a read past it. */
	uint8_t *data = malloc(size == 0 ? 1 : size);

	if (f == NULL || data == NULL || fread(data, 1, size, f) != size) {
		complain(path);
	} else {
		LLVMFuzzerTestOneInput(data, size);
		inputs++;
	}
	if (f != NULL)
		fclose(f);
	free(data);
}

static void
replay(const char *path)
{
	struct dirent *entry;
	char inside[4096];
	struct stat st;
	DIR *dir;

	if (stat(path, &st) != 0) {
		complain(path);
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		replay_file(path, (size_t)st.st_size);
		return;
	}
	dir = opendir(path);
	if (dir == NULL) {
		complain(path);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(inside, sizeof(inside), "%s/%s", path, entry->d_name);
		replay(inside);
	}
	closedir(dir);
}

int
main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%d inputs\n", inputs);
	if (inputs == 0)
		fprintf(stderr, "%s: no input\n", argv[0]);
	return failures > 0 || inputs == 0 ? 2 : 0;
}
