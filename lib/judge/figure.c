#include "judge/figure.h"

#include <math.h>

#include "base/json.h"
#include "base/num.h"
#include "base/time.h"

void
figure_text(struct arena *a, struct figure *f, const char *id, double value, const char *unit,
    struct sv text)
{
	*f = (struct figure){
	    .id = arena_sv(a, sv_of(id)),
	    .known = !isnan(value),
	    .value = value,
	    .text = arena_sv(a, text),
	    .unit = sv_of(unit),
	    .query = f->query,
	};
	if (!f->known)
		f->text = SV("n/a");
}

void
figure_unknown(struct arena *a, struct figure *f, const char *id, const char *unit)
{
	figure_text(a, f, id, (double)NAN, unit, SV("n/a"));
}

void
figure_ratio(struct arena *a, struct figure *f, const char *id, double value, int decimals)
{
	char buf[NUM_TEXT];
	const char *text = arena_fmt(a, "%s %%", num_fixed(value * 100, decimals, buf));

	figure_text(a, f, id, value, "ratio", sv_of(text));
}

void
figure_count(struct arena *a, struct figure *f, const char *id, double value)
{
	char buf[NUM_TEXT];
	const char *text;

	if (fabs(value) < 9e15 && value == floor(value))
		text = num_count((int64_t)value, buf);
	else
		text = num_text(value, buf);
	figure_text(a, f, id, value, "count", sv_of(text));
}

const char *
figure_length(struct arena *a, int64_t ms)
{
	char buf[TIME_TEXT];

	return arena_str(a, sv_of(time_length_text(ms, buf)));
}

void
figure_json(struct json *j, const char *key, const struct figure *f)
{
	if (f->id.n == 0) {
		json_null(j, key);
		return;
	}
	json_map(j, key);
	json_str(j, "id", f->id);
	if (f->known)
		json_num(j, "value", f->value);
	else
		json_null(j, "value");
	json_str(j, "text", f->text);
	json_str(j, "unit", f->unit);
	if (f->query.n > 0)
		json_str(j, "query", f->query);
	json_end(j);
}
