/*
 * promql_random samples SEED       random series as OpenMetrics with times
 * promql_random questions SEED N   N lines "START END STEP<tab>EXPRESSION"; a STEP of 0 is an instant query
 *
 * What the metrics are for (see promql_expression.c for why the classes are needed):
 *
 *	c_total, d_total   counters with gaps, resets, late births and early deaths
 *	s                  a gauge, finite, multiples of 1/4
 *	u                  a gauge whose series never have the same value
 *	g                  a gauge with NaN and both infinities
 *	h_bucket           a classic histogram
 *	odd_bucket         one with buckets that are missing, fall, or have no number for a boundary
 */
#include "promql_random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const les[] = {"0.1", "0.5", "1.0", "2.5", "10.0", "+Inf"};
#define N_LES (sizeof(les) / sizeof(les[0]))

/* splitmix64 */
uint64_t
dice_bits(struct dice *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

int
dice_below(struct dice *d, int n)
{
	return (int)((dice_bits(d) >> 33) % (uint64_t)n);
}

bool
dice_percent(struct dice *d, int percent)
{
	return dice_below(d, 100) < percent;
}

const char *
dice_word(struct dice *d, const char *const *words)
{
	int n = 0;

	while (words[n] != NULL)
		n++;
	return words[dice_below(d, n)];
}

/* When the series has samples: its times, with gaps, some of them longer than a lookback. */
struct schedule {
	int64_t t, end, interval;
};

static struct schedule
schedule_new(struct dice *d)
{
	struct schedule s = {FIRST_TIME, FIRST_TIME + RUN_TIME, dice_percent(d, 80) ? 15000 : 60000};

	s.t += dice_below(d, (int)s.interval);
	if (dice_percent(d, 25))
		s.t += dice_below(d, (int)RUN_TIME / 2);
	if (dice_percent(d, 25))
		s.end -= dice_below(d, (int)RUN_TIME / 2);
	return s;
}

static bool
schedule_next(struct schedule *s, struct dice *d)
{
	s->t += s->interval + (dice_percent(d, 30) ? dice_below(d, 400) - 200 : 0);
	if (dice_percent(d, 3))
		s->t += s->interval * (1 + dice_below(d, dice_percent(d, 20) ? 40 : 3));
	return s->t <= s->end;
}

static void
sample(const char *series, double v, int64_t t)
{
	printf("%s %.17g %" PRId64 ".%03d\n", series, v, t / 1000, (int)(t % 1000));
}

static void
counter(struct dice *d, const char *series)
{
	struct schedule s = schedule_new(d);
	double v = dice_percent(d, 50) ? 0 : dice_below(d, 100000);
	bool fast = dice_percent(d, 50);

	while (schedule_next(&s, d)) {
		if (dice_percent(d, 2))
			v = dice_percent(d, 50) ? 0 : dice_below(d, 20);
		else if (dice_percent(d, 70))
			v += dice_below(d, fast ? 1000 : 5);
		sample(series, v, s.t);
	}
}

static void
gauge(struct dice *d, const char *series, int number)
{
	struct schedule s = schedule_new(d);
	double v;

	while (schedule_next(&s, d)) {
		switch (series[0]) {
		case 'u':
			v = dice_below(d, 1000) * 16 + number;
			break;
		case 'g':
			v = dice_below(d, 2001) - 1000;
			if (dice_percent(d, 15))
				printf("%s %s %" PRId64 ".%03d\n", series,
				    dice_percent(d, 33) ? "NaN" : dice_percent(d, 50) ? "+Inf" : "-Inf",
				    s.t / 1000, (int)(s.t % 1000));
			else
				sample(series, v, s.t);
			continue;
		default:
			v = (dice_below(d, 8001) - 4000) / 4.0;
		}
		sample(series, v, s.t);
	}
}

/* The buckets of a series are samples of the same moments; all or none is reset. */
static void
histogram(struct dice *d, const char *name, const char *labels, bool odd)
{
	char series[128], rows[N_LES + 2][65536];
	size_t used[N_LES + 2] = {0}, i;
	double bucket[N_LES] = {0}, sum = 0, v;
	struct schedule s = schedule_new(d);
	int news;

	while (schedule_next(&s, d)) {
		if (dice_percent(d, 1)) {
			memset(bucket, 0, sizeof(bucket));
			sum = 0;
		}
		news = dice_below(d, 6);
		for (; news > 0; news--) {
			size_t b = (size_t)dice_below(d, N_LES);

			sum += (double)b / 4;
			for (; b < N_LES; b++)
				bucket[b] += 1;
		}
		for (i = 0; i < N_LES + 2; i++) {
			v = i < N_LES ? bucket[i] : i == N_LES ? sum : bucket[N_LES - 1];
			if (odd && i < N_LES && dice_percent(d, 10))
				v = dice_below(d, 100);
			used[i] += (size_t)snprintf(rows[i] + used[i], sizeof(rows[i]) - used[i], " %.17g %" PRId64 ".%03d\n",
			    v, s.t / 1000, (int)(s.t % 1000));
			if (used[i] >= sizeof(rows[i]) - 64)
				s.t = s.end;
		}
	}
	for (i = 0; i < N_LES + (odd ? 0 : 2); i++) {
		if (odd && dice_percent(d, 15))
			continue;
		if (i < N_LES)
			snprintf(series, sizeof(series), "%s_bucket{%s,le=\"%s\"}", name, labels,
			    odd && dice_percent(d, 10) ? "many" : les[i]);
		else
			snprintf(series, sizeof(series), "%s_%s{%s}", name, i == N_LES ? "sum" : "count", labels);
		for (char *row = rows[i], *end; used[i] > 0 && (end = strchr(row, '\n')) != NULL; row = end + 1)
			printf("%s%.*s\n", series, (int)(end - row), row);
	}
}

static void
samples(struct dice *d)
{
	static const char *const jobs[] = {"a", "b"}, *const instances[] = {"i1", "i2", "i3"},
		*const codes[] = {"200", "404", "500"};
	char series[128];
	int j, i, c;

	printf("# TYPE c counter\n");
	for (j = 0; j < 2; j++)
		for (i = 0; i < 3; i++)
			for (c = 0; c < 3; c++) {
				snprintf(series, sizeof(series), "c_total{job=\"%s\",instance=\"%s\",code=\"%s\"}", jobs[j],
				    instances[i], codes[c]);
				if (dice_percent(d, 90))
					counter(d, series);
			}
	printf("# TYPE d counter\n");
	for (j = 0; j < 2; j++)
		for (i = 0; i < 3; i++) {
			snprintf(series, sizeof(series), "d_total{job=\"%s\",instance=\"%s\"}", jobs[j], instances[i]);
			counter(d, series);
		}
	for (c = 0; c < 3; c++) {
		printf("# TYPE %c gauge\n", "sug"[c]);
		for (j = 0; j < 2; j++)
			for (i = 0; i < 3; i++) {
				snprintf(series, sizeof(series), "%c{job=\"%s\",instance=\"%s\"}", "sug"[c], jobs[j],
				    instances[i]);
				gauge(d, series, j * 3 + i);
			}
	}
	printf("# TYPE h histogram\n");
	for (j = 0; j < 2; j++)
		for (i = 0; i < 2; i++) {
			snprintf(series, sizeof(series), "job=\"%s\",instance=\"%s\"", jobs[j], instances[i]);
			histogram(d, "h", series, false);
		}
	printf("# TYPE odd_bucket unknown\n");
	for (j = 0; j < 2; j++) {
		snprintf(series, sizeof(series), "job=\"%s\"", jobs[j]);
		histogram(d, "odd", series, true);
	}
	printf("# EOF\n");
}

static void
questions(struct dice *d, int n)
{
	static const int steps[] = {15, 30, 47, 60, 120, 300};
	struct sb x = {0};
	int64_t start, end;
	int i, step;

	for (i = 0; i < n; i++) {
		start = FIRST_TIME - 120000 + dice_below(d, (int)RUN_TIME + 500000);
		if (dice_percent(d, 70))
			start -= start % 15000;
		end = start;
		step = 0;
		if (dice_percent(d, 50)) {
			step = steps[dice_below(d, 6)];
			end += step * INT64_C(1000) * dice_below(d, 30);
			end += dice_below(d, 2) * 700;
		}
		sb_reset(&x);
		random_expression(d, 4, &x);
		printf("%" PRId64 ".%03d %" PRId64 ".%03d %d\t%s\n", start / 1000, (int)(start % 1000), end / 1000,
		    (int)(end % 1000), step, sb_str(&x));
	}
	sb_free(&x);
}

int
main(int argc, char **argv)
{
	struct dice d = {0};

	if (argc == 3 && strcmp(argv[1], "samples") == 0) {
		d.state = strtoull(argv[2], NULL, 10);
		samples(&d);
	} else if (argc == 4 && strcmp(argv[1], "questions") == 0) {
		d.state = ~strtoull(argv[2], NULL, 10);
		questions(&d, (int)strtol(argv[3], NULL, 10));
	} else {
		fprintf(stderr, "usage: promql_random samples SEED | questions SEED N\n");
		return 2;
	}
	return fflush(stdout) == 0 ? 0 : 2;
}
