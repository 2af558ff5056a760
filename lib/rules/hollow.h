/*
 * hollow - would an alert fire only because samples are too far apart?
 *
 * absent(rate(up[5m])) has a value over hourly snapshots, always: not because nothing was there, but because five minutes hold no
 * two samples. That such an alert fired is as little evidence as that rate(up[5m]) > 1 did not.
 */
#ifndef SOAK_RULES_HOLLOW_H
#define SOAK_RULES_HOLLOW_H

#include "promql/explain.h"

/*
 * unfit[i]: what ex->v[i] reads cannot be answered from the samples. True when x can have no value that does not come from the
 * emptiness of such a reading: through absent(), the right side of "unless", or a constant behind "or".
 */
bool rules_hollow(const struct pq_expr *x, const struct pq_explanation *ex, const bool *unfit);

#endif
