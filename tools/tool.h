/*
 * tool - what all soak-* programs share: options, messages, exit codes. The only code that prints or exits.
 */
#ifndef SOAK_TOOLS_TOOL_H
#define SOAK_TOOLS_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/err.h"
#include "base/str.h"

/* docs/rules.md 19-21: no evidence is never a pass. */
enum tool_status {
	TOOL_PASS = 0,
	TOOL_FAIL = 1,
	TOOL_TROUBLE = 2, /* usage or our own trouble */
	TOOL_INCONCLUSIVE = 3,
};

struct tool_option {
	int letter;       /* 'd'; above 255: a long option only */
	const char *name; /* "db" */
	const char *arg;  /* "STORE", or NULL for a switch */
	const char *help;
};

#define TOOL_MAX_OPTIONS 40
#define TOOL_DIRS 4

struct tool {
	const char *name, *synopsis;
	const struct tool_option *options; /* ends with a zeroed one */
	int argc;
	char **argv;
	const char *value;  /* of the option last given */
	bool quiet;         /* -q was seen */
	char *dir[TOOL_DIRS]; /* folders with templates, the user's first */
	size_t n_dirs;
};

/*
 * synopsis is what follows the name in the usage line. -h, -V and -q are added to every tool.
 */
void tool_init(struct tool *t, int argc, char **argv, const char *name, const char *synopsis,
    const struct tool_option *options);
/*
 * The next option's letter, its argument in t->value; 0 when they are used up: then t->argc, t->argv are the operands. -h and
 * -V print and exit 0; a wrong option prints the usage line and exits 2.
 */
int tool_option(struct tool *t);
/* "soak-x: message", usage line, exit 2. */
_Noreturn void tool_usage(struct tool *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "soak-x: message" on stderr, cleaned of control characters. */
void tool_say(const struct tool *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same unless -q. */
void tool_note(const struct tool *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Says e and gives TOOL_TROUBLE. */
int tool_fail(const struct tool *t, const struct err *e);
/* Flushes stdout; a failed write turns any status into TOOL_TROUBLE. "return tool_end(&t, status);" from main. */
int tool_end(struct tool *t, int status);

/* -d, else $SOAK_DB, else soak.db. */
const char *tool_db(const char *option);
/* A clock in ms: CLOCK_REALTIME, CLOCK_MONOTONIC. For what a person or a server waits for; nothing of it comes into an output. */
int64_t tool_clock_ms(clockid_t clock);
/* A time or a usage error naming the option. */
int64_t tool_time(struct tool *t, const char *option);
/* A duration above 0 in ms, or a usage error naming the option. */
int64_t tool_duration(struct tool *t, const char *option);
/* "95%" or "0.95" as 0.95, within [0, 1]; or a usage error naming the option. */
double tool_ratio(struct tool *t, const char *option);
/* May colours be used on that descriptor: a terminal, and NO_COLOR is not set. */
bool tool_colour(int fd);
/* The terminal's width, 80 when stdout is none. */
int tool_columns(void);
/* bytes to path, or to stdout when path is "-". 0 or -1. */
int tool_write(const char *path, struct sv bytes, struct err *e);

#endif
