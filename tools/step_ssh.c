#include "step_ssh.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/time.h"

#define MAX_OUTPUT ((size_t)1 << 20)
#define FIRST_FD 10 /* where the child finds its files: /dev/fd/10 ... */

extern char **environ;

/* A file without a name that holds bytes; NULL with e set. */
static FILE *
file_of(struct sv bytes, struct err *e)
{
	FILE *f = tmpfile();

	if (f != NULL && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fflush(f) == 0 && lseek(fileno(f), 0, SEEK_SET) == 0)
		return f;
	err_set(e, ERR_SYS, "a temporary file: %s", strerror(errno));
	if (f != NULL)
		fclose(f);
	return NULL;
}

static int
read_back(FILE *f, struct sb *out, struct err *e)
{
	struct io_fd in;

	if (lseek(fileno(f), 0, SEEK_SET) < 0)
		return err_set(e, ERR_SYS, "a temporary file: %s", strerror(errno));
	io_fd_init(&in, fileno(f), "ssh-keygen's output");
	return io_read_all(&in.src, "ssh-keygen's output", MAX_OUTPUT, out, e);
}

struct child {
	char *const *argv, *const *env;
	FILE *in, *out, *err; /* err NULL: ours */
	FILE *const *file;    /* at descriptors FIRST_FD ... */
	size_t n_files;
};

/* Its exit status; -1 with e set when it could not be run. */
static int
run(const struct child *c, struct err *e)
{
	posix_spawn_file_actions_t act;
	int status = 0, rc;
	size_t i;
	pid_t pid;

	if (posix_spawn_file_actions_init(&act) != 0)
		mem_out();
	posix_spawn_file_actions_adddup2(&act, fileno(c->in), 0);
	posix_spawn_file_actions_adddup2(&act, fileno(c->out), 1);
	if (c->err != NULL)
		posix_spawn_file_actions_adddup2(&act, fileno(c->err), 2);
	for (i = 0; i < c->n_files; i++)
		posix_spawn_file_actions_adddup2(&act, fileno(c->file[i]), FIRST_FD + (int)i);
	rc = posix_spawnp(&pid, c->argv[0], &act, NULL, c->argv, c->env);
	posix_spawn_file_actions_destroy(&act);
	if (rc != 0)
		return err_set(e, ERR_SYS, "%s: cannot be run: %s", c->argv[0], strerror(rc));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(e, ERR_SYS, "%s: %s", c->argv[0], strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

int
step_ssh_sign(const char *key, const char *namespace_, struct sv bytes, struct sb *sig, struct err *e)
{
	char *argv[] = {(char *)(uintptr_t)"ssh-keygen", (char *)(uintptr_t)"-Y", (char *)(uintptr_t)"sign", (char *)(uintptr_t)"-q",
	    (char *)(uintptr_t)"-f", (char *)(uintptr_t)key, (char *)(uintptr_t)"-n", (char *)(uintptr_t)namespace_, NULL};
	struct child c = {.argv = argv, .env = environ};
	int rc = -1, status;

	c.in = file_of(bytes, e);
	c.out = c.in == NULL ? NULL : file_of(SV(""), e);
	if (c.out != NULL) {
		status = run(&c, e);
		if (status > 0)
			err_set(e, ERR_SYS, "ssh-keygen did not sign (exit %d)", status);
		if (status == 0)
			rc = read_back(c.out, sig, e);
		if (rc == 0 && sig->n == 0)
			rc = err_set(e, ERR_SYS, "ssh-keygen gave no signature");
		fclose(c.out);
	}
	if (c.in != NULL)
		fclose(c.in);
	return rc;
}

/* What ssh-keygen must begin with, and end with, to mean yes. */
static bool
says_good(struct sv said, const struct policy *p, struct sv principal, const char *fingerprint)
{
	struct sb begin = {0}, end = {0};
	bool good;

	sb_addf(&begin, "Good \"%" SV_FMT "\" signature for %" SV_FMT " with ", SV_ARG(p->namespace_), SV_ARG(principal));
	sb_addf(&end, " key %s\n", fingerprint);
	good = sv_starts(said, sb_str(&begin)) && sv_ends(said, sb_str(&end)) && sv_chr(said, '\n') == said.n - 1;
	sb_free(&begin);
	sb_free(&end);
	return good;
}

/* "verify-time=20261120120000Z" */
static char *
verify_time(struct arena *a, int64_t now)
{
	char text[TIME_TEXT], digits[16];
	size_t i, n = 0;

	time_text(now / 1000 * 1000, text);
	for (i = 0; text[i] != '\0' && n < 14; i++)
		if (text[i] >= '0' && text[i] <= '9')
			digits[n++] = text[i];
	digits[n] = '\0';
	return arena_fmt(a, "-Overify-time=%sZ", digits);
}

int
step_ssh_verify(const struct policy *p, struct sv principal, const char *fingerprint, struct sv sig, struct sv bytes, int64_t now,
    struct arena *a, const char **why, struct err *e)
{
	const char *path = getenv("PATH");
	char *argv[20], *env[4];
	FILE *file[2] = {NULL, NULL};
	struct child c = {.argv = argv, .env = env, .file = file, .n_files = 2};
	struct sb said = {0};
	size_t n = 0;
	int rc = -1;

	env[0] = arena_fmt(a, "PATH=%s", path == NULL ? "/usr/bin:/bin" : path);
	env[1] = arena_fmt(a, "LC_ALL=C");
	env[2] = arena_fmt(a, "TZ=UTC0");
	env[3] = NULL;
	argv[n++] = arena_fmt(a, "ssh-keygen");
	argv[n++] = arena_fmt(a, "-Y");
	argv[n++] = arena_fmt(a, "verify");
	argv[n++] = arena_fmt(a, "-f");
	argv[n++] = arena_fmt(a, "/dev/fd/%d", FIRST_FD);
	argv[n++] = arena_fmt(a, "-I");
	argv[n++] = arena_str(a, principal);
	argv[n++] = arena_fmt(a, "-n");
	argv[n++] = arena_str(a, p->namespace_);
	argv[n++] = verify_time(a, now);
	if (p->revoked_path != NULL) {
		argv[n++] = arena_fmt(a, "-r");
		argv[n++] = arena_fmt(a, "%s", p->revoked_path);
	}
	argv[n++] = arena_fmt(a, "-s");
	argv[n++] = arena_fmt(a, "/dev/fd/%d", FIRST_FD + 1);
	argv[n] = NULL;
	file[0] = file_of(p->signers_text, e);
	file[1] = file[0] == NULL ? NULL : file_of(sig, e);
	c.in = file[1] == NULL ? NULL : file_of(bytes, e);
	c.out = c.in == NULL ? NULL : file_of(SV(""), e);
	c.err = c.out == NULL ? NULL : file_of(SV(""), e);
	if (c.err != NULL && (rc = run(&c, e)) >= 0) {
		bool ok = rc == 0;

		rc = read_back(c.out, &said, e);
		if (rc == 0)
			rc = ok && says_good(sb_sv(&said), p, principal, fingerprint);
		if (rc == 0) {
			sb_reset(&said);
			read_back(c.err, &said, NULL);
			*why = arena_str(a, sv_trim(sb_sv(&said)));
		}
	}
	if (c.err != NULL)
		fclose(c.err);
	if (c.out != NULL)
		fclose(c.out);
	if (c.in != NULL)
		fclose(c.in);
	if (file[1] != NULL)
		fclose(file[1]);
	if (file[0] != NULL)
		fclose(file[0]);
	sb_free(&said);
	return rc;
}
