#include "judge/incident.h"

#include <math.h>

#include "base/mem.h"
#include "stats/order.h"

enum incident_answer
incident_mean(const struct incident_time *v, size_t n, int64_t target, struct incident_mean *out)
{
	double *closed = mem_new(n, sizeof(*closed)), least = 0, most = 0, sum = 0;
	size_t i, k = 0, within = 0;

	*out = (struct incident_mean){.n = n, .closed = (double)NAN, .median = (double)NAN, .longest = (double)NAN};
	for (i = 0; i < n; i++) {
		least += (double)v[i].least;
		out->beyond += v[i].least > target;
		within += v[i].most <= target;
		if (v[i].most == INT64_MAX) {
			out->open++;
			continue;
		}
		most += (double)v[i].most;
		closed[k] = ((double)v[i].least + (double)v[i].most) / 2;
		sum += closed[k++];
	}
	out->least = least / (double)n;
	out->most = out->open > 0 ? (double)INFINITY : most / (double)n;
	if (k > 0) {
		stats_sort(closed, k);
		out->median = stats_median(closed, k);
		out->longest = closed[k - 1];
	}
	if (k >= INCIDENT_FEWEST)
		out->closed = sum / (double)k;
	mem_free(closed);
	if (n < INCIDENT_FEWEST)
		return within == n ? INCIDENT_WITHIN : out->beyond == n ? INCIDENT_BEYOND : INCIDENT_OPEN_QUESTION;
	if (out->least > (double)target)
		return INCIDENT_BEYOND;
	return out->most <= (double)target ? INCIDENT_WITHIN : INCIDENT_OPEN_QUESTION;
}
