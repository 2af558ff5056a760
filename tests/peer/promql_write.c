/*
 * promql_write PORT < SAMPLES
 *
 * Sends samples, "SERIES VALUE SECONDS" a line in order of time, to the Prometheus on 127.0.0.1:PORT (remote write 0.1, the
 * server's --web.enable-remote-write-receiver). The value "stale" is a stale marker, which no text format can carry. Exit 0: all
 * were taken; 2: not.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "promql/notation.h"

#define STALE UINT64_C(0x7ff0000000000002) /* of all NaNs this one */
#define BATCH 2000
#define LITERAL 65536

static _Noreturn void
give_up(const char *what, const char *why)
{
	fprintf(stderr, "promql_write: %s: %s\n", what, why);
	exit(2);
}

static void
varint(struct sb *out, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		sb_addc(out, (char)(v | 0x80));
	sb_addc(out, (char)v);
}

/* A field of protobuf that has a length: text or a message. */
static void
field(struct sb *out, int number, struct sv bytes)
{
	varint(out, (uint64_t)number << 3 | 2);
	varint(out, bytes.n);
	sb_addv(out, bytes);
}

static void
label(struct sb *out, struct sv name, struct sv value)
{
	struct sb l = {0};

	field(&l, 1, name);
	field(&l, 2, value);
	field(out, 1, sb_sv(&l));
	sb_free(&l);
}

/* A TimeSeries with one sample, appended to the request. __name__ sorts before our labels, which are in small letters. */
static void
series(struct sb *request, const struct pq_notation *n, uint64_t bits, int64_t t)
{
	struct sb s = {0}, one = {0};
	size_t i;

	label(&s, SV("__name__"), n->name);
	for (i = 0; i < n->labels.n; i++)
		label(&s, n->labels.v[i].name, n->labels.v[i].value);
	varint(&one, 1 << 3 | 1);
	for (i = 0; i < 8; i++)
		sb_addc(&one, (char)(bits >> 8 * i));
	varint(&one, 2 << 3);
	varint(&one, (uint64_t)t);
	field(&s, 2, sb_sv(&one));
	field(request, 1, sb_sv(&s));
	sb_free(&s);
	sb_free(&one);
}

/* Snappy's block format, of literals only. */
static void
snappy(struct sv in, struct sb *out)
{
	struct sv piece;

	varint(out, in.n);
	for (; in.n > 0; in = sv_from(in, LITERAL)) {
		piece = sv_head(in, LITERAL);
		sb_addc(out, (char)(61 << 2));
		sb_addc(out, (char)((piece.n - 1) & 0xff));
		sb_addc(out, (char)((piece.n - 1) >> 8));
		sb_addv(out, piece);
	}
}

static void
post(int port, struct sv body)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct sb request = {0};
	char answer[1024];
	size_t sent = 0, got = 0;
	ssize_t n;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		give_up("connect", strerror(errno));
	sb_addf(&request, "POST /api/v1/write HTTP/1.0\r\nContent-Encoding: snappy\r\nContent-Type: application/x-protobuf\r\n"
	    "X-Prometheus-Remote-Write-Version: 0.1.0\r\nContent-Length: %zu\r\n\r\n", body.n);
	sb_addv(&request, body);
	for (; sent < request.n; sent += (size_t)n)
		if ((n = write(fd, sb_str(&request) + sent, request.n - sent)) <= 0)
			give_up("write", strerror(errno));
	while (got < sizeof(answer) - 1 && (n = read(fd, answer + got, sizeof(answer) - 1 - got)) > 0)
		got += (size_t)n;
	answer[got] = '\0';
	close(fd);
	sb_free(&request);
	if (strstr(answer, " 204 ") == NULL)
		give_up("the server does not take them", answer);
}

static void
flush(int port, struct sb *request, size_t *n)
{
	struct sb body = {0};

	snappy(sb_sv(request), &body);
	if (*n > 0)
		post(port, sb_sv(&body));
	sb_free(&body);
	sb_reset(request);
	*n = 0;
}

/* "c_total{a="b"} 5 1700000000.25" to request. */
static void
take_line(struct sb *request, struct sv line)
{
	size_t end = sv_chr(line, '}') < line.n ? sv_chr(line, '}') + 1 : sv_chr(line, ' ');
	struct sv rest = sv_trim(sv_from(line, end)), value;
	struct pq_notation n;
	struct arena a = {0};
	struct err e = {0};
	double v = 0, t;
	uint64_t bits = STALE;

	if (pq_notation_series(&a, sv_head(line, end), &n, &e) < 0)
		give_up("a series", e.msg);
	sv_split(&rest, ' ', &value);
	if (!sv_is(value, "stale")) {
		if (!num_parse(value, &v))
			give_up("a value", arena_str(&a, line));
		memcpy(&bits, &v, sizeof(bits));
	}
	if (!num_parse(rest, &t))
		give_up("a time", arena_str(&a, line));
	series(request, &n, bits, (int64_t)llround(t * 1000));
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	struct sb request = {0};
	char line[4096];
	size_t n = 0;
	int port = argc == 2 ? (int)strtol(argv[1], NULL, 10) : 0;

	if (port <= 0) {
		fprintf(stderr, "usage: promql_write PORT < SAMPLES\n");
		return 2;
	}
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		take_line(&request, sv_trim(sv_of(line)));
		if (++n == BATCH)
			flush(port, &request, &n);
	}
	flush(port, &request, &n);
	sb_free(&request);
	return 0;
}
