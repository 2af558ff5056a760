#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include "step_pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "base/mem.h"

#define MAX_PDF ((size_t)256 << 20)
#define PATIENCE 120 /* seconds */

extern char **environ;

struct job {
	struct arena arena;
	char *folder; /* where all happens */
	char *argv[16];
	char **env;
	size_t n;
};

/* The program's path, or NULL. */
static char *
find(struct arena *a, const char *name)
{
	const char *path = getenv("PATH");
	struct sv rest = sv_of(path == NULL ? "" : path), dir;

	while (rest.n > 0) {
		size_t n = sv_chr(rest, ':');
		char *file;

		dir = sv_head(rest, n);
		rest = sv_from(rest, n + 1);
		file = arena_fmt(a, "%" SV_FMT "/%s", SV_ARG(dir), name);
		if (dir.n > 0 && access(file, X_OK) == 0)
			return file;
	}
	return NULL;
}

static void
arg(struct job *j, char *text)
{
	j->argv[j->n++] = text;
}

static bool
choose(struct job *j)
{
	static const char *const browser[] = {"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"};
	struct arena *a = &j->arena;
	char *program = find(a, "weasyprint");
	size_t i;

	if (program != NULL) {
		arg(j, program);
		arg(j, arena_fmt(a, "%s/report.html", j->folder));
		arg(j, arena_fmt(a, "%s/report.pdf", j->folder));
		return true;
	}
	for (i = 0; i < sizeof(browser) / sizeof(*browser) && program == NULL; i++)
		program = find(a, browser[i]);
	if (program == NULL)
		return false;
	arg(j, program);
	arg(j, arena_str(a, SV("--headless")));
	arg(j, arena_str(a, SV("--disable-gpu")));
	arg(j, arena_str(a, SV("--no-first-run")));
	arg(j, arena_str(a, SV("--no-pdf-header-footer")));
	/* Its sandbox does not work for root; the page has no script and may load nothing. */
	if (geteuid() == 0)
		arg(j, arena_str(a, SV("--no-sandbox")));
	arg(j, arena_fmt(a, "--user-data-dir=%s/profile", j->folder));
	arg(j, arena_fmt(a, "--print-to-pdf=%s/report.pdf", j->folder));
	arg(j, arena_fmt(a, "file://%s/report.html", j->folder));
	return true;
}

/* Ours, with the time that shall stand in the file, and nobody's home to write to. */
static void
set_environment(struct job *j, const char *epoch)
{
	VEC(char *) env = {0};
	size_t i;

	for (i = 0; environ[i] != NULL; i++)
		if (!sv_starts(sv_of(environ[i]), "SOURCE_DATE_EPOCH=") && !sv_starts(sv_of(environ[i]), "HOME="))
			*vec_add(&env) = environ[i];
	*vec_add(&env) = arena_fmt(&j->arena, "SOURCE_DATE_EPOCH=%s", epoch);
	*vec_add(&env) = arena_fmt(&j->arena, "HOME=%s", j->folder);
	*vec_add(&env) = NULL;
	j->env = arena_keep(&j->arena, env.v, env.n, sizeof(*j->env));
}

/* Waits for the child; one that takes too long ends with all it started. */
static int
await(struct job *j, pid_t pid, struct err *e)
{
	const struct timespec nap = {0, 50 * 1000 * 1000};
	int status = 0, left = PATIENCE * 20;
	pid_t got;

	while ((got = waitpid(pid, &status, WNOHANG)) == 0 && left-- > 0)
		nanosleep(&nap, NULL);
	if (got == 0) {
		kill(-pid, SIGKILL);
		waitpid(pid, &status, 0);
		return err_set(e, ERR_SYS, "%s: gave no PDF within %d seconds", j->argv[0], PATIENCE);
	}
	if (got < 0)
		return err_set(e, ERR_SYS, "%s: %s", j->argv[0], strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_set(e, ERR_SYS, "%s: made no PDF (%s %d)", j->argv[0], WIFEXITED(status) ? "exit" : "signal",
		    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	return 0;
}

static int
run(struct job *j, struct err *e)
{
	posix_spawn_file_actions_t act;
	posix_spawnattr_t attr;
	pid_t pid;
	int rc;

	if (posix_spawn_file_actions_init(&act) != 0 || posix_spawnattr_init(&attr) != 0)
		mem_out();
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawn_file_actions_addopen(&act, 0, "/dev/null", O_RDONLY, 0);
	/* What they say is of fonts and graphics cards. */
	posix_spawn_file_actions_addopen(&act, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&act, 2, "/dev/null", O_WRONLY, 0);
	rc = posix_spawn(&pid, j->argv[0], &act, &attr, j->argv, j->env);
	posix_spawn_file_actions_destroy(&act);
	posix_spawnattr_destroy(&attr);
	return rc != 0 ? err_set(e, ERR_SYS, "%s: cannot be run: %s", j->argv[0], strerror(rc)) : await(j, pid, e);
}

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

int
step_pdf(const struct tool *t, struct sv html, const char *epoch, struct sb *out, struct err *e)
{
	struct job j = {.n = 0};
	const char *tmp = getenv("TMPDIR");
	size_t before = out->n;
	int rc;

	j.folder = arena_fmt(&j.arena, "%s/soak-report.XXXXXX", tmp == NULL || *tmp != '/' ? "/tmp" : tmp);
	if (mkdtemp(j.folder) == NULL) {
		err_set(e, ERR_SYS, "%s: cannot make a folder: %s", j.folder, strerror(errno));
		arena_free(&j.arena);
		return -1;
	}
	if (!choose(&j))
		rc = err_set(e, ERR_USAGE, "a PDF needs weasyprint or chromium, and neither is installed; the HTML report prints from any browser");
	else
		rc = io_write_file(arena_fmt(&j.arena, "%s/report.html", j.folder), html, e);
	set_environment(&j, epoch);
	if (rc == 0) {
		tool_note(t, "PDF by %" SV_FMT, SV_ARG(sv_base(sv_of(j.argv[0]))));
		rc = run(&j, e);
	}
	if (rc == 0)
		rc = io_read_file(arena_fmt(&j.arena, "%s/report.pdf", j.folder), MAX_PDF, out, e);
	if (rc == 0 && !sv_starts(sv_from(sb_sv(out), before), "%PDF-"))
		rc = err_set(e, ERR_SYS, "%s: what it wrote is no PDF", j.argv[0]);
	nftw(j.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(&j.arena);
	return rc;
}
