#define _DEFAULT_SOURCE /* struct winsize */
#include "tool.h"

#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"

static const struct tool_option common[] = {
    {'q', "quiet", NULL, "no talk on stderr but errors"},
    {'h', "help", NULL, "this help"},
    {'V', "version", NULL, "version"},
    {0},
};

static void
add_dir(struct tool *t, char *path)
{
	struct stat st;

	if (t->n_dirs < TOOL_DIRS && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		t->dir[t->n_dirs++] = path;
	else
		mem_free(path);
}

/*
 * Where templates are: the user's own folder, the one below the current folder, then beside the
 * program: installed (bin/../share/soakproof) or in its source tree (build/CC/bin/../../../templates).
 */
static void
find_dirs(struct tool *t)
{
	const char *own = getenv("SOAK_TEMPLATES"), *slash;
	char exe[PATH_MAX];
	struct sb path = {0};
	ptrdiff_t n;

	if (own != NULL && *own != '\0')
		add_dir(t, mem_dup(own, strlen(own)));
	add_dir(t, mem_dup("templates", 9));
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n <= 0)
		return;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash == NULL)
		return;
	sb_addf(&path, "%.*s/../share/soakproof", (int)(slash - exe), exe);
	add_dir(t, sb_take(&path));
	sb_addf(&path, "%.*s/../../../templates", (int)(slash - exe), exe);
	add_dir(t, sb_take(&path));
}

void
tool_init(struct tool *t, int argc, char **argv, const char *name, const char *synopsis,
    const struct tool_option *options)
{
	*t = (struct tool){
	    .name = name,
	    .synopsis = synopsis,
	    .options = options,
	    .argc = argc,
	    .argv = argv,
	};
	find_dirs(t);
}

static void
print_option(const struct tool_option *o)
{
	char left[64];
	int n = 0;

	if (o->letter <= UCHAR_MAX)
		n = snprintf(left, sizeof(left), "-%c, ", o->letter);
	snprintf(left + n, sizeof(left) - (size_t)n, "--%s%s%s", o->name, o->arg != NULL ? " " : "",
	    o->arg != NULL ? o->arg : "");
	printf("  %-26s %s\n", left, o->help);
}

static void
print_help(const struct tool *t)
{
	const struct tool_option *o;

	printf("usage: %s %s\n\n", t->name, t->synopsis);
	for (o = t->options; o->name != NULL; o++)
		print_option(o);
	for (o = common; o->name != NULL; o++)
		print_option(o);
	printf("\nExit: 0 pass or done, 1 fail, 2 usage or trouble, 3 inconclusive. More: man %s\n", t->name);
}

int
tool_option(struct tool *t)
{
	struct option list[TOOL_MAX_OPTIONS + 1] = {{0}};
	char letters[2 * TOOL_MAX_OPTIONS + 2] = ":";
	const struct tool_option *tables[] = {t->options, common}, *o;
	size_t i, n = 0, k = 1;
	int c;

	for (i = 0; i < 2; i++)
		for (o = tables[i]; o->name != NULL && n < TOOL_MAX_OPTIONS; o++) {
			list[n++] = (struct option){o->name, o->arg != NULL, NULL, o->letter};
			if (o->letter > UCHAR_MAX)
				continue;
			letters[k++] = (char)o->letter;
			if (o->arg != NULL)
				letters[k++] = ':';
		}
	opterr = 0;
	c = getopt_long(t->argc, t->argv, letters, list, NULL);
	t->value = optarg;
	switch (c) {
	case -1:
		t->argc -= optind;
		t->argv += optind;
		return 0;
	case 'h':
		print_help(t);
		exit(tool_end(t, TOOL_PASS));
	case 'V':
		printf("%s %s\n", t->name, SOAK_VERSION);
		exit(tool_end(t, TOOL_PASS));
	case 'q':
		t->quiet = true;
		return tool_option(t);
	case ':':
		tool_usage(t, "%s needs an argument", t->argv[optind - 1]);
	case '?':
		tool_usage(t, "unknown option %s", t->argv[optind - 1]);
	default:
		return c;
	}
}

static void say(const struct tool *t, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void
say(const struct tool *t, const char *fmt, va_list ap)
{
	char text[2048];
	struct sb clean = {0};

	fflush(stdout); /* or what is printed is cut in two where both go into one file */
	vsnprintf(text, sizeof(text), fmt, ap);
	clean_add(&clean, sv_of(text));
	fprintf(stderr, "%s: %s\n", t->name, sb_str(&clean));
	sb_free(&clean);
}

void
tool_usage(struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(t, fmt, ap);
	va_end(ap);
	fprintf(stderr, "usage: %s %s\n", t->name, t->synopsis);
	exit(tool_end(t, TOOL_TROUBLE));
}

void
tool_say(const struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(t, fmt, ap);
	va_end(ap);
}

void
tool_note(const struct tool *t, const char *fmt, ...)
{
	va_list ap;

	if (t->quiet)
		return;
	va_start(ap, fmt);
	say(t, fmt, ap);
	va_end(ap);
}

int
tool_fail(const struct tool *t, const struct err *e)
{
	tool_say(t, "%s", e->msg);
	return TOOL_TROUBLE;
}

int
tool_end(struct tool *t, int status)
{
	bool failed = ferror(stdout) != 0;

	if (fflush(stdout) != 0 || failed) {
		tool_say(t, "standard output: write failed");
		status = TOOL_TROUBLE;
	}
	while (t->n_dirs > 0)
		mem_free(t->dir[--t->n_dirs]);
	return status;
}

const char *
tool_db(const char *option)
{
	const char *env = getenv("SOAK_DB");

	if (option != NULL)
		return option;
	return env != NULL && *env != '\0' ? env : "soak.db";
}

int64_t
tool_clock_ms(clockid_t clock)
{
	struct timespec t = {0};

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
tool_time(struct tool *t, const char *option)
{
	int64_t ms;

	if (!time_parse(sv_of(t->value), &ms))
		tool_usage(t, "%s: '%s' is not a time (RFC 3339 or Unix seconds)", option, t->value);
	return ms;
}

int64_t
tool_duration(struct tool *t, const char *option)
{
	int64_t ms;

	if (!time_duration(sv_of(t->value), &ms) || ms <= 0)
		tool_usage(t, "%s %s: a duration above 0", option, t->value);
	return ms;
}

double
tool_ratio(struct tool *t, const char *option)
{
	struct sv v = sv_of(t->value);
	bool percent = sv_ends(v, "%");
	double r;

	if (!num_parse(percent ? sv_head(v, v.n - 1) : v, &r) || !(r >= 0 && r <= (percent ? 100 : 1)))
		tool_usage(t, "%s %s: a ratio such as 95%%", option, t->value);
	return percent ? r / 100 : r;
}

bool
tool_colour(int fd)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fd) && (no == NULL || *no == '\0');
}

int
tool_columns(void)
{
	struct winsize size;

	if (ioctl(1, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col < 120 ? size.ws_col : 120;
	return 80;
}

int
tool_write(const char *path, struct sv bytes, struct err *e)
{
	if (strcmp(path, "-") != 0)
		return io_write_file(path, bytes, e);
	/* A failed write is told by tool_end(). */
	fwrite(bytes.p, 1, bytes.n, stdout);
	return 0;
}
