/*
 * promql_compare PORT SOAK-QUERY STORE 2|3 < QUESTIONS
 *
 * Puts each question ("START END STEP<tab>EXPRESSION") to a Prometheus on 127.0.0.1:PORT and to soak-query, and prints
 * what differs: label sets, times, values (to 1e-9 relative; NaN is NaN), series in any order. Errors of both agree.
 * The last line counts. Exit 0: all agree; 1: not; 2: trouble.
 *
 * promql_compare port         a port that is free
 * promql_compare ready PORT   waits until the server there answers, at most 20 seconds
 */
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/doc.h"
#include "base/mem.h"

#define CLOSE 1e-9

struct point {
	const char *series; /* its labels as text, sorted by name */
	double t, v;
};
struct answer {
	bool ok;
	const char *type, *error;
	VEC(struct point) point;
};

static _Noreturn void
give_up(const char *what)
{
	fprintf(stderr, "promql_compare: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int
connected(int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct timeval patience = {20, 0};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		give_up("socket");
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void
read_to_end(int fd, struct sb *out)
{
	char piece[65536];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0)
		sb_add(out, piece, (size_t)n);
	close(fd);
}

/* The body of the answer to a request; false when there is none. HTTP 1.0: it ends with the connection. */
static bool
fetch(int port, const char *path, const char *form, struct sb *out)
{
	struct sb request = {0}, all = {0};
	struct sv rest;
	size_t sent = 0, head;
	ssize_t n;
	int fd = connected(port);

	if (fd < 0)
		return false;
	sb_addf(&request, "POST %s HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
	    path, strlen(form), form);
	for (; sent < request.n; sent += (size_t)n)
		if ((n = write(fd, sb_str(&request) + sent, request.n - sent)) <= 0)
			break;
	read_to_end(fd, &all);
	rest = sb_sv(&all);
	head = sv_find(rest, SV("\r\n\r\n"));
	if (head < rest.n)
		sb_addv(out, sv_from(rest, head + 4));
	sb_free(&request);
	sb_free(&all);
	return head < rest.n;
}

static void
form_field(struct sb *out, const char *name, const char *value)
{
	sb_addf(out, "%s%s=", out->n > 0 ? "&" : "", name);
	for (; *value != '\0'; value++)
		sb_addf(out, "%%%02X", (unsigned)(unsigned char)*value);
}

static int
by_key(const void *a, const void *b)
{
	const struct doc *const *x = a, *const *y = b;

	return sv_cmp((*x)->key, (*y)->key);
}

static const char *
series_text(struct arena *a, const struct doc *metric)
{
	const struct doc *label[64], *c;
	struct sb out = {0};
	size_t n = 0, i;
	const char *text;

	for (c = doc_first(metric); c != NULL && n < 64; c = c->next)
		label[n++] = c;
	qsort(label, n, sizeof(label[0]), by_key);
	for (i = 0; i < n; i++)
		sb_addf(&out, "%s%.*s=\"%.*s\"", i > 0 ? "," : "", (int)label[i]->key.n, label[i]->key.p,
		    (int)label[i]->text.n, label[i]->text.p);
	text = arena_str(a, sb_sv(&out));
	sb_free(&out);
	return text;
}

/* [1700000000.25, "1.5"] */
static void
take_point(struct arena *a, const char *series, const struct doc *pair, struct answer *out)
{
	const struct doc *t = doc_first(pair);

	if (t == NULL || t->next == NULL)
		return;
	*vec_add(&out->point) = (struct point){series, t->num, strtod(arena_str(a, t->next->text), NULL)};
}

static int
by_series_and_time(const void *a, const void *b)
{
	const struct point *x = a, *y = b;
	int c = strcmp(x->series, y->series);

	return c != 0 ? c : (x->t > y->t) - (x->t < y->t);
}

static void
take_answer(struct arena *a, struct sv text, struct answer *out)
{
	struct err e = {0};
	struct doc *d = doc_json(a, "answer", text, &e), *result, *s, *p;
	const char *series;

	*out = (struct answer){.type = "", .error = ""};
	if (d == NULL) {
		out->error = arena_str(a, sv_of(e.msg));
		return;
	}
	if (doc_get(d, "error") != NULL)
		out->error = arena_str(a, doc_get(d, "error")->text);
	result = doc_path(d, SV("data.result"));
	if (result == NULL)
		return;
	out->ok = true;
	out->type = arena_str(a, doc_path(d, SV("data.resultType"))->text);
	if (strcmp(out->type, "scalar") == 0)
		take_point(a, "", result, out);
	else if (strcmp(out->type, "string") == 0)
		*vec_add(&out->point) = (struct point){arena_str(a, result->last->text), result->child->num, 0};
	else
		for (s = doc_first(result); s != NULL; s = s->next) {
			series = series_text(a, doc_get(s, "metric"));
			if (doc_get(s, "value") != NULL)
				take_point(a, series, doc_get(s, "value"), out);
			for (p = doc_first(doc_get(s, "values")); p != NULL; p = p->next)
				take_point(a, series, p, out);
		}
	if (out->point.n > 0)
		qsort(out->point.v, out->point.n, sizeof(*out->point.v), by_series_and_time);
}

/* Runs soak-query; its standard error takes the place of an answer when there is none. */
static void
ask_ours(const char *tool, const char *db, const char *compat, char *time[3], const char *query, struct arena *a, struct answer *out)
{
	const char *arg[20] = {tool, "-q", "-d", db, "--promql-compat", compat, "-o", "json"};
	size_t n = 8;
	struct sb text = {0}, said = {0};
	int fd[2], status;
	FILE *err = tmpfile();
	char step[32];
	pid_t pid;

	snprintf(step, sizeof(step), "%ss", time[2]);
	if (strcmp(time[2], "0") == 0) {
		arg[n++] = "--time";
		arg[n++] = time[0];
	} else {
		arg[n++] = "--start";
		arg[n++] = time[0];
		arg[n++] = "--end";
		arg[n++] = time[1];
		arg[n++] = "--step";
		arg[n++] = step;
	}
	arg[n++] = "--";
	arg[n++] = query;
	if (err == NULL || pipe(fd) < 0 || (pid = fork()) < 0)
		give_up("fork");
	if (pid == 0) {
		dup2(fd[1], 1);
		dup2(fileno(err), 2);
		close(fd[0]);
		close(fd[1]);
		execv(tool, (char *const *)(uintptr_t)arg);
		_exit(127);
	}
	close(fd[1]);
	read_to_end(fd[0], &text);
	if (waitpid(pid, &status, 0) < 0)
		give_up("waitpid");
	*out = (struct answer){.type = "", .error = ""};
	if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3)) {
		take_answer(a, sb_sv(&text), out);
	} else {
		lseek(fileno(err), 0, SEEK_SET);
		read_to_end(dup(fileno(err)), &said);
		out->error = arena_str(a, sb_sv(&said));
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 2) {
			fprintf(stderr, "soak-query ended with wait status %d: %s\n%s\n", status, query, out->error);
			exit(2);
		}
	}
	fclose(err);
	sb_free(&text);
	sb_free(&said);
}

static bool
ask_peer(int port, char *time[3], const char *query, struct arena *a, struct answer *out)
{
	bool instant = strcmp(time[2], "0") == 0, ok;
	struct sb form = {0}, text = {0};

	form_field(&form, "query", query);
	if (instant) {
		form_field(&form, "time", time[0]);
	} else {
		form_field(&form, "start", time[0]);
		form_field(&form, "end", time[1]);
		form_field(&form, "step", time[2]);
	}
	ok = fetch(port, instant ? "/api/v1/query" : "/api/v1/query_range", sb_str(&form), &text);
	if (ok)
		take_answer(a, sb_sv(&text), out);
	sb_free(&form);
	sb_free(&text);
	return ok;
}

static bool
near(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) && isnan(b);
	if (isinf(a) || isinf(b))
		return a == b;
	return fabs(a - b) <= CLOSE * fmax(fabs(a), fabs(b));
}

/* Prints the first difference. Do they agree? */
static bool
agree(const struct answer *peer, const struct answer *ours)
{
	const struct point *p, *o;
	size_t i;

	if (peer->ok != ours->ok) {
		printf("# Prometheus: %s; here: %s\n", peer->ok ? "an answer" : peer->error, ours->ok ? "an answer" : ours->error);
		return false;
	}
	if (strcmp(peer->type, ours->type) != 0) {
		printf("# Prometheus: a %s; here: a %s\n", peer->type, ours->type);
		return false;
	}
	for (i = 0; i < peer->point.n || i < ours->point.n; i++) {
		p = i < peer->point.n ? &peer->point.v[i] : NULL;
		o = i < ours->point.n ? &ours->point.v[i] : NULL;
		if (p == NULL || o == NULL || by_series_and_time(p, o) != 0) {
			if (p != NULL && (o == NULL || by_series_and_time(p, o) < 0))
				printf("# missing: {%s} %.17g at %.3f\n", p->series, p->v, p->t);
			else
				printf("# too many: {%s} %.17g at %.3f\n", o->series, o->v, o->t);
			return false;
		}
		if (!near(p->v, o->v)) {
			printf("# {%s} at %.3f: Prometheus %.17g, here %.17g\n", p->series, p->t, p->v, o->v);
			return false;
		}
	}
	return true;
}

static int
compare(int port, const char *tool, const char *db, const char *compat)
{
	struct arena a = {0};
	struct answer peer, ours;
	char line[65536], *time[3], *query;
	size_t n = 0, errors = 0, empty = 0, bad = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		query = strchr(line, '\t');
		time[0] = line;
		time[1] = strchr(line, ' ');
		time[2] = time[1] == NULL ? NULL : strchr(time[1] + 1, ' ');
		if (query == NULL || time[2] == NULL)
			give_up("a line that is no question");
		*query++ = *time[1]++ = *time[2]++ = '\0';
		if (!ask_peer(port, time, query, &a, &peer))
			give_up("no answer from Prometheus");
		ask_ours(tool, db, compat, time, query, &a, &ours);
		if (!agree(&peer, &ours)) {
			printf("#   --start %s --end %s --step %s '%s'\n", time[0], time[1], time[2], query);
			bad++;
		}
		n++;
		errors += !peer.ok;
		empty += peer.ok && peer.point.n == 0;
		vec_free(&peer.point);
		vec_free(&ours.point);
		arena_free(&a);
	}
	printf("%zu questions, %zu answered otherwise; %zu errors, %zu empty\n", n, bad, errors, empty);
	return n == 0 ? 2 : bad > 0;
}

static int
wait_until_ready(int port)
{
	struct timespec pause = {0, 100000000};
	struct sb body = {0};
	int i;

	for (i = 0; i < 600; i++) {
		sb_reset(&body);
		if (fetch(port, "/api/v1/query", "query=1", &body) &&
		    sv_find(sb_sv(&body), SV("success")) < body.n) {
			sb_free(&body);
			return 0;
		}
		nanosleep(&pause, NULL);
	}
	sb_free(&body);
	return 2;
}

static int
free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || getsockname(fd, (struct sockaddr *)&at, &n) < 0)
		give_up("a free port");
	close(fd);
	printf("%d\n", ntohs(at.sin_port));
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "port") == 0)
		return free_port();
	if (argc == 3 && strcmp(argv[1], "ready") == 0)
		return wait_until_ready((int)strtol(argv[2], NULL, 10));
	if (argc == 5)
		return compare((int)strtol(argv[1], NULL, 10), argv[2], argv[3], argv[4]);
	fprintf(stderr, "usage: promql_compare PORT SOAK-QUERY STORE 2|3 | port | ready PORT\n");
	return 2;
}
