/*
 * What expressions give, over samples in memory. Expectations are written from the language's documentation and
 * Prometheus' described behaviour (../shared/design/promql.md 2, 4-7), not from what this engine does.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "promql/eval.h"
#include "promql_series.h"

static const char data[] =
    "load 1m\n"
    "  reqs{job=\"a\", code=\"200\"} 0+60x20\n"
    "  reqs{job=\"a\", code=\"500\"} 0+6x20\n"
    "  reqs{job=\"b\", code=\"200\"} 0+30x20\n"
    "  reqs{job=\"b\", code=\"500\"} 0+3x20\n"
    "  up{job=\"a\"} 1x20\n"
    "  up{job=\"b\"} 1x3 0x16\n"
    "  info{job=\"a\", version=\"1.2\", os=\"x\"} 1x20\n"
    "  info{job=\"b\", version=\"1.3\"} 1x20\n"
    "  gone{job=\"a\"} 1 2 3 stale\n"
    "  aged{job=\"a\"} 1 2 3\n"
    "  back{job=\"a\"} 1 _x2 4 stale 6\n"
    "  single 7x20\n"
    "  odd NaNx20\n"
    "  temp{room=\"n\"} -1.5x20\n"
    "  temp{room=\"s\"} 2.5x20\n"
    "  temp{room=\"w\"} NaNx20\n"
    "  temp{room=\"e\"} 2.5x20\n"
    "  saw{x=\"1\"} 0 1 2 0 1 2 0 1 2 0\n"
    "  h_bucket{le=\"0.1\", job=\"a\"} 1x20\n"
    "  h_bucket{le=\"0.2\", job=\"a\"} 3x20\n"
    "  h_bucket{le=\"+Inf\", job=\"a\"} 4x20\n"
    "  h_bucket{le=\"what\", job=\"a\"} 9x20\n"
    "  h_bucket{le=\"1\", job=\"b\"} 2x20\n"
    "  h_bucket{le=\"+Inf\", job=\"b\"} 2x20\n"
    "  path{src=\"api-7\", a=\"x\", b=\"y\"} 1x20\n"
    "  typed{__type__=\"counter\", __unit__=\"s\", l=\"v\"} 1x20\n"
    "  {\"http.requests\", \"host name\"=\"h 1\"} 3x20\n";

/* At a time, Prometheus 3: what comes out. Elements end in "; ". */
static const struct {
	const char *at, *text, *want;
} instants[] = {
	/* --- literals, scalars --- */
	{"0", "5", "scalar 5"},
	{"0", "0x1F + 010", "scalar 39"},
	{"0", "\"a\\tb\"", "string a\tb"},
	{"90s", "time()", "scalar 90"},
	{"0", "-2 ^ 2", "scalar -4"},
	{"0", "2 ^ 3 ^ 2", "scalar 512"},
	{"0", "7 % 3 * 2", "scalar 2"},
	{"0", "-7 % 3", "scalar -1"},
	{"0", "1 / 0", "scalar +Inf"},
	{"0", "0 / 0", "scalar NaN"},
	{"0", "1 < bool 2", "scalar 1"},
	{"0", "NaN == bool NaN", "scalar 0"},
	{"0", "1 atan2 1 - pi() / 4", "scalar 0"},
	{"0", "-(1 + 2)", "scalar -3"},
	{"0", "5m", "scalar 300"},
	/* --- instant selectors --- */
	{"0", "single", "single 7; "},
	{"59s", "reqs{job=\"a\",code=\"200\"}", "reqs{code=\"200\",job=\"a\"} 0; "},
	{"60s", "reqs{job=\"a\",code=\"200\"}", "reqs{code=\"200\",job=\"a\"} 60; "},
	{"2m", "gone", "gone{job=\"a\"} 3; "},
	{"3m", "gone", ""},
	{"4m", "gone", ""},
	{"6m59999ms", "aged", "aged{job=\"a\"} 3; "},
	{"7m", "aged", ""}, /* left-open */
	{"2m", "back", "back{job=\"a\"} 1; "},
	{"4m", "back", ""},
	{"5m", "back", "back{job=\"a\"} 6; "},
	{"5m", "back offset 2m", "back{job=\"a\"} 4; "},
	{"0", "back offset -3m", "back{job=\"a\"} 4; "},
	{"9m", "back @ 180", "back{job=\"a\"} 4; "},
	{"9m", "back @ 180 offset 2m", "back{job=\"a\"} 1; "},
	{"9m", "back offset 2m @ 180", "back{job=\"a\"} 1; "},
	{"5m", "back @ start()", "back{job=\"a\"} 6; "},
	{"1m", "{\"http.requests\"}", "{\"http.requests\",\"host name\"=\"h 1\"} 3; "},
	{"1m", "{__name__=~\"sing.*|aged\"}", "aged{job=\"a\"} 2; single 7; "},
	{"1m", "info{os=\"\"}", "info{job=\"b\",version=\"1.3\"} 1; "},
	{"1m", "nothing", ""},
	{"1m", "{job=\"c\"}", ""},
	/* --- range selectors, as an answer --- */
	{"3m", "gone[2m]", "gone{job=\"a\"} 3@120; "},
	{"2m", "gone[2m]", "gone{job=\"a\"} 2@60 3@120; "},
	{"5m", "back[3m]", "back{job=\"a\"} 4@180 6@300; "},
	{"2m", "gone[1m] offset 1m", "gone{job=\"a\"} 2@60; "},
	{"9m", "(gone[2m] @ 120)", "gone{job=\"a\"} 2@60 3@120; "},
	{"3m", "gone[2m:1m]", "gone{job=\"a\"} 3@120; "},
	{"150s", "single[2m:50s]", "single 7@50 7@100 7@150; "}, /* absolute multiples */
	{"2m", "single[1m:]", "single 7@120; "},
	/* --- range functions --- */
	{"10m", "rate(reqs{job=\"a\",code=\"200\"}[5m])", "{code=\"200\",job=\"a\"} 1; "},
	{"10m", "increase(reqs{job=\"b\"}[4m])", "{code=\"200\",job=\"b\"} 120; {code=\"500\",job=\"b\"} 12; "},
	{"10m", "rate(reqs[1m])", ""}, /* one sample */
	{"5m", "resets(saw[6m])", "{x=\"1\"} 1; "},
	{"5m", "changes(saw[4m])", "{x=\"1\"} 3; "},
	{"3m", "count_over_time(gone[10m])", "{job=\"a\"} 3; "},
	{"3m", "last_over_time(gone[10m])", "gone{job=\"a\"} 3; "},
	{"5m", "max_over_time(saw[2m] offset 2m)", "{x=\"1\"} 2; "},
	{"5m", "quantile_over_time(0.5, saw[3m])", "{x=\"1\"} 1; "},
	{"5m", "predict_linear(reqs{job=\"a\",code=\"200\"}[3m], 60)", "{code=\"200\",job=\"a\"} 360; "},
	{"5m", "predict_linear(reqs{job=\"a\",code=\"200\"}[3m] offset 1m, 60)", "{code=\"200\",job=\"a\"} 360; "},
	{"10m", "max_over_time(rate(reqs{code=\"200\"}[2m])[5m:1m])", "{code=\"200\",job=\"a\"} 1; "
	    "{code=\"200\",job=\"b\"} 0.5; "},
	{"2m", "sum_over_time(time()[1m:20s])", "error"},
	{"2m", "sum_over_time(vector(time())[1m:20s])", "{} 300; "},
	{"9m", "sum_over_time(vector(time())[1m:20s] @ 120)", "{} 300; "},
	{"10m", "sum_over_time((single @ 60)[3m:1m])", "{} 21; "},
	{"10m", "sum_over_time(sum_over_time(single[2m:1m])[2m:1m])", "{} 28; "},
	{"5m", "sum_over_time(vector(time() - 240)[2m:1m] offset 1m)", "{} -60; "},
	{"1m", "rate({__name__=~\"up|gone\",job=\"a\"}[5m])",
	    "error vector cannot contain metrics with the same labelset"},
	/* --- absent --- */
	{"1m", "absent(single)", ""},
	{"1m", "absent(nope{a=\"b\",c=~\"d\",e!=\"f\"})", "{a=\"b\"} 1; "},
	{"1m", "absent(nope{a=\"b\",a=\"b\",e=\"f\"})", "{e=\"f\"} 1; "},
	{"1m", "absent((nope{a=\"b\"}))", "{a=\"b\"} 1; "},
	{"1m", "absent(nope{a=\"b\"} == 1)", "{} 1; "},
	{"1m", "absent(sum(nope{a=\"b\"}))", "{} 1; "},
	{"1m", "absent_over_time(nope{a=\"b\"}[5m])", "{a=\"b\"} 1; "},
	{"9m", "absent_over_time(gone{job=\"a\"}[5m])", "{job=\"a\"} 1; "},
	{"7m", "absent_over_time(gone[6m])", ""},
	{"1m", "absent_over_time(nope{a=\"b\"}[5m:1m])", "{} 1; "},
	/* --- vector with scalar --- */
	{"1m", "single + 1", "{} 8; "},
	{"1m", "1 - single", "{} -6; "},
	{"1m", "single > 6", "single 7; "},
	{"1m", "6 < single", "single 7; "},
	{"1m", "single < 6", ""},
	{"1m", "single > bool 8", "{} 0; "},
	{"1m", "odd != NaN", "odd NaN; "},
	{"1m", "odd == NaN", ""},
	{"1m", "-single", "{} -7; "},
	{"1m", "+single", "single 7; "},
	{"1m", "typed * 2", "{l=\"v\"} 2; "},
	{"1m", "typed > 0", "typed{__type__=\"counter\",__unit__=\"s\",l=\"v\"} 1; "},
	{"1m", "0 < single < 9", "single 7; "},
	{"1m", "{__name__=~\"up|aged\",job=\"a\"} * 2",
	    "error vector cannot contain metrics with the same labelset"},
	{"1m", "-{__name__=~\"up|aged\",job=\"a\"}",
	    "error vector cannot contain metrics with the same labelset"},
	{"1m", "{__name__=~\"up|aged\",job=\"a\"} > 1", "aged{job=\"a\"} 2; "},
	/* --- vector with vector --- */
	{"1m", "up * up", "{job=\"a\"} 1; {job=\"b\"} 1; "},
	{"6m", "up == up", "up{job=\"a\"} 1; up{job=\"b\"} 0; "},
	{"6m", "up < up", ""},
	{"6m", "up < bool up", "{job=\"a\"} 0; {job=\"b\"} 0; "},
	{"6m", "up == on (job) up", "{job=\"a\"} 1; {job=\"b\"} 0; "},
	{"10m", "reqs{code=\"500\"} / ignoring (code) reqs{code=\"200\"}", "{job=\"a\"} 0.1; {job=\"b\"} 0.1; "},
	{"10m", "reqs{code=\"500\"} / on (job) reqs{code=\"200\"}", "{job=\"a\"} 0.1; {job=\"b\"} 0.1; "},
	{"10m", "reqs{code=\"500\"} / reqs{code=\"200\"}", ""},
	{"1m", "reqs * on (job) group_left up", "{code=\"200\",job=\"a\"} 60; {code=\"200\",job=\"b\"} 30; "
	    "{code=\"500\",job=\"a\"} 6; {code=\"500\",job=\"b\"} 3; "},
	{"1m", "up{job=\"a\"} - on (job) group_right reqs", "{code=\"200\",job=\"a\"} -59; {code=\"500\",job=\"a\"} -5; "},
	{"1m", "up * on (job) group_left (version, os) info",
	    "{job=\"a\",os=\"x\",version=\"1.2\"} 1; {job=\"b\",version=\"1.3\"} 1; "},
	{"1m", "info * on (job) group_left (os) up", "{job=\"a\",version=\"1.2\"} 1; {job=\"b\",version=\"1.3\"} 1; "},
	{"1m", "up == on (job) group_left (version) info",
	    "up{job=\"a\",version=\"1.2\"} 1; up{job=\"b\",version=\"1.3\"} 1; "},
	{"1m", "up * on (job) reqs", "error found duplicate series for the match group {job=\"a\"} on the right "
	    "hand-side of the operation: [{__name__=\"reqs\", code=\"500\", job=\"a\"}, {__name__=\"reqs\", "
	    "code=\"200\", job=\"a\"}];many-to-many matching not allowed: matching labels must be unique on one side"},
	{"1m", "reqs{job=\"a\"} * on (job) group_right up{job=\"a\"}",
	    "error found duplicate series for the match group {job=\"a\"} on the left hand-side of the operation: "
	    "[{__name__=\"reqs\", code=\"500\", job=\"a\"}, {__name__=\"reqs\", code=\"200\", job=\"a\"}]"
	    ";many-to-many matching not allowed: matching labels must be unique on one side"},
	{"1m", "reqs * on (job) up",
	    "error multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"},
	{"1m", "reqs{job=\"a\"} > on (job) 10 * up{job=\"a\"}", "{job=\"a\"} 60; "}, /* only one survives */
	{"1m", "reqs * on (job) nope", ""}, /* nothing to meet: no error */
	{"1m", "nope * on (nothing) reqs", ""},
	{"1m", "label_replace(reqs{job=\"a\"}, \"v\", \"1\", \"\", \"\") * ignoring (code) group_left (code) info{job=\"a\"}",
	    ""},
	{"1m", "reqs{job=\"a\"} * on (job) group_left (code) up{job=\"a\"}",
	    "error multiple matches for labels: grouping labels must ensure unique matches"},
	{"1m", "{__name__=~\"up|aged\",job=\"a\"} * on (__name__) {__name__=~\"up|aged\",job=\"a\"}",
	    "error vector cannot contain metrics with the same labelset"},
	{"1m", "single + on () up{job=\"a\"}", "{} 8; "},
	/* --- sets --- */
	{"6m", "up and (up == 1)", "up{job=\"a\"} 1; "},
	{"6m", "up unless (up == 1)", "up{job=\"b\"} 0; "},
	{"6m", "(up == 1) or up", "up{job=\"a\"} 1; up{job=\"b\"} 0; "},
	{"6m", "(up == 1) or single", "single 7; up{job=\"a\"} 1; "},
	{"6m", "up or on () single", "up{job=\"a\"} 1; up{job=\"b\"} 0; "},
	{"6m", "nope or up", "up{job=\"a\"} 1; up{job=\"b\"} 0; "},
	{"6m", "up and nope", ""},
	{"6m", "up unless nope", "up{job=\"a\"} 1; up{job=\"b\"} 0; "},
	{"6m", "up and on () vector(1)", "up{job=\"a\"} 1; up{job=\"b\"} 0; "},
	{"6m", "info and ignoring (version, os) up{job=\"b\"}", "info{job=\"b\",version=\"1.3\"} 1; "},
	{"6m", "up{job=\"a\"} or up{job=\"b\"} unless up", "up{job=\"a\"} 1; "},
	/* --- aggregations --- */
	{"1m", "sum(reqs)", "{} 99; "},
	{"1m", "sum by (job) (reqs)", "{job=\"a\"} 66; {job=\"b\"} 33; "},
	{"1m", "sum(reqs) without (job)", "{code=\"200\"} 90; {code=\"500\"} 9; "},
	{"1m", "sum by (nope) (reqs)", "{} 99; "},
	{"1m", "sum by (__name__) (up)", "up 2; "},
	{"1m", "sum without (nope) (single)", "{} 7; "},
	{"1m", "sum by (job, version) ({job=\"a\"} == 1)", "{job=\"a\"} 3; {job=\"a\",version=\"1.2\"} 1; "},
	{"1m", "sum(nope)", ""},
	{"1m", "count(nope)", ""},
	{"1m", "count(reqs) + count(up)", "{} 6; "},
	{"1m", "avg(reqs)", "{} 24.75; "},
	{"1m", "min(temp)", "{} -1.5; "},
	{"1m", "max(temp)", "{} 2.5; "},
	{"1m", "max(odd)", "{} NaN; "},
	{"1m", "sum(temp)", "{} NaN; "},
	{"1m", "group by (job) (reqs)", "{job=\"a\"} 1; {job=\"b\"} 1; "},
	{"1m", "stdvar(reqs{job=\"a\"})", "{} 729; "},
	{"1m", "stddev(reqs{job=\"a\"})", "{} 27; "},
	{"1m", "quantile(0.5, reqs)", "{} 18; "},
	{"1m", "quantile(scalar(nope), reqs)", "{} NaN; "},
	{"1m", "topk(2, reqs)", "reqs{code=\"200\",job=\"a\"} 60; reqs{code=\"200\",job=\"b\"} 30; "},
	{"1m", "bottomk(2, reqs)", "reqs{code=\"500\",job=\"b\"} 3; reqs{code=\"500\",job=\"a\"} 6; "},
	{"1m", "topk by (job) (1, reqs)", "reqs{code=\"200\",job=\"a\"} 60; reqs{code=\"200\",job=\"b\"} 30; "},
	{"1m", "topk(3, temp)", "temp{room=\"e\"} 2.5; temp{room=\"s\"} 2.5; temp{room=\"n\"} -1.5; "},
	{"1m", "topk(9, temp{room=~\"n|w\"})", "temp{room=\"n\"} -1.5; temp{room=\"w\"} NaN; "},
	{"1m", "bottomk(1, temp)", "temp{room=\"n\"} -1.5; "},
	{"1m", "topk(1.9, temp{room=~\"n|w\"})", "temp{room=\"n\"} -1.5; "},
	{"1m", "topk(0, reqs)", ""},
	{"1m", "topk(-1, reqs)", ""},
	{"1m", "topk(scalar(single) - 6, reqs)", "reqs{code=\"200\",job=\"a\"} 60; "},
	{"1m", "topk(NaN, reqs)", "error Parameter value is NaN"},
	{"1m", "topk(1e30, reqs)", "error Scalar value 1e+30 overflows int64"},
	{"1m", "count_values(\"v\", temp)", "{v=\"-1.5\"} 1; {v=\"2.5\"} 2; {v=\"NaN\"} 1; "},
	{"1m", "count_values(\"job\", reqs * 0)", "{job=\"0\"} 4; "},
	{"1m", "count_values by (job) (\"v\", up)", "{job=\"a\",v=\"1\"} 1; {job=\"b\",v=\"1\"} 1; "},
	{"1m", "count_values without (job) (\"v\", up)", "{v=\"1\"} 2; "},
	{"1m", "count_values(\"v\", single * 1e22)", "{v=\"70000000000000000000000\"} 1; "},
	{"1m", "count_values(\"v\", single / -4e9)", "{v=\"-0.00000000175\"} 1; "},
	{"1m", "count_values(\"\", up)", "error invalid label name \"\" in count_values()"},
	/* --- functions of elements, sorting --- */
	{"1m", "abs(temp{room=\"n\"})", "{room=\"n\"} 1.5; "},
	{"1m", "ceil(temp{room=\"n\"})", "{room=\"n\"} -1; "},
	{"1m", "round(temp{room=\"s\"})", "{room=\"s\"} 3; "},
	{"1m", "round(single, 5)", "{} 5; "},
	{"1m", "clamp(single, 1, 5)", "{} 5; "},
	{"1m", "clamp(single, 5, 1)", ""},
	{"1m", "clamp_min(single, 8) - clamp_max(single, 3)", "{} 5; "},
	{"1m", "sgn(temp{room=\"n\"})", "{room=\"n\"} -1; "},
	{"1m", "sort(temp)", "temp{room=\"n\"} -1.5; temp{room=\"e\"} 2.5; temp{room=\"s\"} 2.5; temp{room=\"w\"} NaN; "},
	{"1m", "sort_desc(temp)",
	    "temp{room=\"e\"} 2.5; temp{room=\"s\"} 2.5; temp{room=\"n\"} -1.5; temp{room=\"w\"} NaN; "},
	{"1m", "scalar(single)", "scalar 7"},
	{"1m", "scalar(up)", "scalar NaN"},
	{"1m", "scalar(nope)", "scalar NaN"},
	{"1m", "vector(3)", "{} 3; "},
	{"1m", "timestamp(single)", "{} 60; "},
	{"90s", "timestamp(single)", "{} 60; "},
	{"90s", "timestamp((single))", "{} 60; "},
	{"90s", "timestamp(single * 1)", "{} 90; "},
	{"90s", "timestamp(single offset 1m)", "{} 0; "},
	{"90s", "minute()", "{} 1; "},
	{"0", "day_of_week()", "{} 4; "}, /* 1 January 1970, a Thursday */
	{"0", "year(vector(1582934400))", "{} 2020; "},
	{"0", "days_in_month(vector(1582934400))", "{} 29; "},
	/* --- labels --- */
	{"1m", "label_replace(path, \"dst\", \"$1:${2}\", \"src\", \"(.*)-(.*)\")",
	    "path{a=\"x\",b=\"y\",dst=\"api:7\",src=\"api-7\"} 1; "},
	{"1m", "label_replace(path, \"dst\", \"${n}$n\", \"src\", \"(?P<n>[a-z]+)-.\")",
	    "path{a=\"x\",b=\"y\",dst=\"apiapi\",src=\"api-7\"} 1; "},
	{"1m", "label_replace(path, \"dst\", \"$1x$$\", \"src\", \"(.*)\")",
	    "path{a=\"x\",b=\"y\",dst=\"$\",src=\"api-7\"} 1; "}, /* the group "1x" */
	{"1m", "label_replace(path, \"dst\", \"$é$.${\", \"src\", \"(.*)\")",
	    "path{a=\"x\",b=\"y\",dst=\"$.${\",src=\"api-7\"} 1; "},
	{"1m", "label_replace(path, \"src\", \"\", \"src\", \".*\")", "path{a=\"x\",b=\"y\"} 1; "},
	{"1m", "label_replace(path, \"dst\", \"x\", \"src\", \"api\")", "path{a=\"x\",b=\"y\",src=\"api-7\"} 1; "},
	{"1m", "label_replace(path, \"dst\", \"x\", \"nope\", \"\")",
	    "path{a=\"x\",b=\"y\",dst=\"x\",src=\"api-7\"} 1; "},
	{"1m", "label_replace(single, \"__name__\", \"other\", \"\", \"\")", "other 7; "},
	{"1m", "label_replace(single, \"any name\", \"v\", \"\", \"\")", "single{\"any name\"=\"v\"} 7; "},
	{"1m", "label_replace(up, \"job\", \"x\", \"\", \"\")",
	    "error vector cannot contain metrics with the same labelset"},
	{"1m", "label_replace(up, \"\", \"x\", \"\", \"\")", "error invalid destination label name in label_replace(): "},
	{"1m", "label_replace(up, \"x\", \"x\", \"\", \"(\")",
	    "error invalid regular expression in label_replace(): error parsing regexp \"(\" at 1: missing closing )"},
	{"1m", "label_join(path, \"dst\", \"-\", \"a\", \"nope\", \"b\")",
	    "path{a=\"x\",b=\"y\",dst=\"x--y\",src=\"api-7\"} 1; "},
	{"1m", "label_join(path, \"src\", \"-\")", "path{a=\"x\",b=\"y\"} 1; "},
	{"1m", "label_join(up, \"job\", \"-\", \"nope\")",
	    "error vector cannot contain metrics with the same labelset"},
	/* --- histograms --- */
	{"1m", "histogram_quantile(0.5, h_bucket)", "{job=\"a\"} 0.15000000000000002; {job=\"b\"} 0.5; "},
	{"1m", "histogram_quantile(1, h_bucket{job=\"a\"})", "{job=\"a\"} 0.2; "},
	{"1m", "histogram_quantile(0.5, sum by (le) (h_bucket{le=~\"0.*|.Inf\"}))", "{} 0.2; "},
	{"1m", "histogram_quantile(2, h_bucket{job=\"b\"})", "{job=\"b\"} +Inf; "},
	{"1m", "histogram_quantile(0.5, single)", ""},
	{"1m", "histogram_fraction(0, 0.2, h_bucket{job=\"a\"})", "{job=\"a\"} 0.75; "},
	{"1m", "histogram_quantile(0.5, h_bucket or on (__name__, le) label_replace(h_bucket, \"__name__\", \"x\", \"\", \"\"))",
	    "error vector cannot contain metrics with the same labelset"},
	/* --- ranges that use the samples beside them; more in tests/peer/promql --- */
	{"10m30s", "increase(reqs{job=\"a\"}[5m] anchored)", "{code=\"200\",job=\"a\"} 300; {code=\"500\",job=\"a\"} 30; "},
	{"10m30s", "sum(rate(reqs{job=\"a\",code=\"200\"}[5m] smoothed))", "{} 1; "},
	{"3m30s", "changes(up{job=\"b\"}[1m] anchored) + resets(up{job=\"b\"}[1m] anchored)", "{job=\"b\"} 0; "},
	{"4m", "changes(up{job=\"b\"}[1m] anchored) + resets(up{job=\"b\"}[1m] anchored)", "{job=\"b\"} 2; "},
	{"90s", "saw smoothed", "saw{x=\"1\"} 1.5; "},
	{"90s", "timestamp(saw smoothed)", "{x=\"1\"} 60; "},
	{"2m", "saw[1m] anchored", "saw{x=\"1\"} 1@60 2@120; "},
	{"10m", "limitk by (job) (1, up) * 2", "{job=\"a\"} 2; {job=\"b\"} 0; "},
	{"10m", "sort_by_label_desc(up, \"job\")", "up{job=\"b\"} 0; up{job=\"a\"} 1; "},
	{"10m", "mad_over_time(saw[10m]) + ts_of_last_over_time(saw[10m])", "{x=\"1\"} 541; "},
	{"2m", "double_exponential_smoothing(reqs[5m], 0, 1)", "error invalid smoothing factor. Expected: 0 < sf < 1"},
	{"2m", "double_exponential_smoothing(reqs[5m], 0.5, 1)", "error invalid trend factor. Expected: 0 < tf < 1"},
	{"1m", "histogram_count(single)", "error not supported: histogram_count() works on native histograms"},
	{"1m", "histogram_avg(single)", "error not supported: histogram_avg() works on native histograms"},
};

/* Over steps: "labels v@t v@t; ". */
static const struct {
	const char *start, *end, *step, *text, *want;
} ranges[] = {
	{"0", "4m", "1m", "gone", "gone{job=\"a\"} 1@0 2@60 3@120; "},
	{"0", "5m", "1m", "back", "back{job=\"a\"} 1@0 1@60 1@120 4@180 6@300; "},
	{"0", "2m", "1m", "time()", "{} 0@0 60@60 120@120; "},
	{"0", "2m", "1m", "gone @ end()", "gone{job=\"a\"} 3@0 3@60 3@120; "},
	{"1m", "3m", "1m", "gone @ start()", "gone{job=\"a\"} 2@60 2@120 2@180; "},
	{"0", "2m", "1m", "gone @ end() - gone", "{job=\"a\"} 2@0 1@60 0@120; "},
	{"1m", "3m", "1m", "sum_over_time((gone @ end())[2m:1m])", ""},
	{"1m", "2m", "1m", "sum_over_time((gone @ end())[2m:1m])", "{job=\"a\"} 6@60 6@120; "},
	{"0", "2m", "1m", "predict_linear(reqs{job=\"a\",code=\"500\"}[5m] @ end(), 0)",
	    "{code=\"500\",job=\"a\"} 0@0 6@60 12@120; "},
	{"0", "2m", "1m", "timestamp(gone @ 60)", "{job=\"a\"} 60@0 60@60 60@120; "},
	{"0", "2m", "1m", "timestamp((gone @ 60) * 1)", "{job=\"a\"} 0@0 60@60 120@120; "},
	{"0", "1m", "1m", "vector(1) + pi() * 0", "{} 1@0 1@60; "},
	{"2m", "6m", "1m", "up == 0", "up{job=\"b\"} 0@240 0@300 0@360; "},
	{"2m", "5m", "1m", "(up == 0) or (up == 1)",
	    "up{job=\"a\"} 1@120 1@180 1@240 1@300; up{job=\"b\"} 1@120 1@180 0@240 0@300; "},
	/* Each step chooses its own; after a name goes, samples of different steps become one series. */
	{"3m", "4m", "1m", "topk(1, {__name__=~\"back|up\"} * 1 > 0)",
	    "error vector cannot contain metrics with the same labelset"},
	{"1m", "3m", "1m", "topk(1, {__name__=~\"aged|saw\"})", "aged{job=\"a\"} 2@60 3@120 3@180; "},
	{"1m", "6m", "1m", "bottomk(1, up * on (job) group_left () up + on (job) group_left () (up - up))",
	    "{job=\"a\"} 1@60 1@120 1@180; {job=\"b\"} 0@240 0@300 0@360; "},
	{"3m", "5m", "1m", "count_values(\"v\", up)", "{v=\"0\"} 1@240 1@300; {v=\"1\"} 2@180 1@240 1@300; "},
	{"0", "1m", "1m", "sort_desc(up)", "up{job=\"a\"} 1@0 1@60; up{job=\"b\"} 1@0 1@60; "},
	{"5m", "7m", "1m", "absent(aged)", "{} 1@420; "},
	{"5m", "7m", "1m", "absent_over_time(aged[4m])", "{} 1@360 1@420; "},
	{"0", "1m", "1m", "-({__name__=~\"aged|back\"} unless on () (single offset 1m) or {__name__=\"back\"} > 9)",
	    "error vector cannot contain metrics with the same labelset"},
	{"7m", "8m", "1m", "clamp(single, time() - 420, 60)", "{} 7@420 60@480; "},
	{"0", "1m", "1m", "\"text\"", "error invalid expression type \"string\" for range query, must be scalar or instant vector"},
	{"0", "1m", "1m", "up[5m]",
	    "error invalid expression type \"range vector\" for range query, must be scalar or instant vector"},
	{"1m", "0", "1m", "up", "error end timestamp must not be before start time"},
};

/* Prometheus 2: closed at both ends. */
static const struct {
	const char *at, *text, *want;
} closed[] = {
	{"7m", "aged", "aged{job=\"a\"} 3; "},
	{"7m1ms", "aged", ""},
	{"2m", "gone[2m]", "gone{job=\"a\"} 1@0 2@60 3@120; "},
	{"10m", "rate(reqs{job=\"a\",code=\"200\"}[1m])", "{code=\"200\",job=\"a\"} 1; "},
	{"2m", "sum_over_time(vector(time())[1m:20s])", "{} 360; "},
	{"2m", "rate(reqs[1m] anchored)",
	    "error not supported: the modifiers anchored and smoothed with the ranges of Prometheus 2"},
	{"2m", "up smoothed", "error not supported: the modifiers anchored and smoothed with the ranges of Prometheus 2"},
};

static struct pq_memory source;
static struct arena a;

static int64_t
ms(const char *text)
{
	int64_t v = 0;

	if (strcmp(text, "0") != 0)
		assert_true(time_duration(sv_of(text), &v));
	return v;
}

static void
show(const struct pq_result *r, bool times, struct sb *out)
{
	static const char name_label[] = "__name__";
	struct labels rest;
	struct label v[16];
	char buf[NUM_TEXT];
	size_t i, k;

	if (r->type == PQ_STRING) {
		sb_adds(out, "string ");
		sb_addv(out, r->text);
		return;
	}
	for (i = 0; i < r->n; i++) {
		rest = (struct labels){v, 0};
		for (k = 0; k < r->v[i].labels.n; k++)
			if (!sv_is(r->v[i].labels.v[k].name, name_label))
				v[rest.n++] = r->v[i].labels.v[k];
		if (r->type == PQ_SCALAR)
			sb_adds(out, "scalar");
		else
			labels_show(labels_get(&r->v[i].labels, name_label), &rest, out);
		for (k = 0; k < r->v[i].n; k++) {
			sb_addf(out, " %s", num_text(r->v[i].point[k].v, buf));
			if (times)
				sb_addf(out, "@%s", num_text((double)r->v[i].point[k].t / 1000, buf));
		}
		if (r->type != PQ_SCALAR)
			sb_adds(out, "; ");
	}
}

/* What a query gives, as text; "error" when it does not parse, "error ..." when it fails. */
static void
query(const char *text, const struct pq_query *q, struct sb *out)
{
	struct err e = {0};
	struct pq_expr *x = pq_parse(&a, sv_of(text), &e);
	struct pq_result r;

	sb_reset(out);
	if (x == NULL)
		sb_adds(out, "error");
	else if (pq_eval(&source.src, x, q, &a, &r, &e) < 0)
		sb_addf(out, "error %s", e.msg);
	else
		show(&r, x->type == PQ_MATRIX || q->step > 0, out);
}


static int
setup(void **state)
{
	(void)state;
	return memory_load(&source, data) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	pq_memory_free(&source);
	arena_free(&a);
	return 0;
}

static void
test_instants(void **state)
{
	struct pq_query q = {0};
	struct sb got = {0};
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < sizeof(instants) / sizeof(instants[0]); i++) {
		q.start = q.end = ms(instants[i].at);
		query(instants[i].text, &q, &got);
		if (strcmp(sb_str(&got), instants[i].want) == 0)
			continue;
		print_message("# %s at %s\n#  got  %s\n#  want %s\n", instants[i].text, instants[i].at, sb_str(&got),
		    instants[i].want);
		wrong++;
	}
	sb_free(&got);
	arena_free(&a);
	assert_int_equal(wrong, 0);
}

static void
test_ranges(void **state)
{
	struct pq_query q = {0};
	struct sb got = {0};
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		q.start = ms(ranges[i].start);
		q.end = ms(ranges[i].end);
		q.step = ms(ranges[i].step);
		query(ranges[i].text, &q, &got);
		if (strcmp(sb_str(&got), ranges[i].want) == 0)
			continue;
		print_message("# %s\n#  got  %s\n#  want %s\n", ranges[i].text, sb_str(&got), ranges[i].want);
		wrong++;
	}
	sb_free(&got);
	arena_free(&a);
	assert_int_equal(wrong, 0);
}

static void
test_closed(void **state)
{
	struct pq_query q = {.closed_ranges = true};
	struct sb got = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		q.start = q.end = ms(closed[i].at);
		query(closed[i].text, &q, &got);
		assert_string_equal(sb_str(&got), closed[i].want);
	}
	sb_free(&got);
	arena_free(&a);
}

/* The point of a series of *r with these labels at t, NULL without one. */
static const struct pq_point *
find_point(const struct pq_result *r, const struct labels *l, int64_t t)
{
	size_t i, k;

	for (i = 0; i < r->n; i++)
		for (k = 0; labels_cmp(&r->v[i].labels, l) == 0 && k < r->v[i].n; k++)
			if (r->v[i].point[k].t == t)
				return &r->v[i].point[k];
	return NULL;
}

static size_t
points(const struct pq_result *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->n; i++)
		n += r->v[i].n;
	return n;
}

/* Every step of a range is what an instant query at its time gives; steps in which that fails make the range fail. */
static void
step_by_step(const struct pq_expr *x, const char *text, bool closed_ranges)
{
	struct pq_query q = {.end = 17 * 60000, .step = 20000, .closed_ranges = closed_ranges}, one = q;
	const struct pq_point *p;
	struct pq_result r, now;
	struct err e = {0};
	size_t n = 0, i;
	int rc = pq_eval(&source.src, x, &q, &a, &r, &e);
	int64_t t;

	one.step = 0;
	for (t = q.start; t <= q.end; t += q.step) {
		one.start = one.end = t;
		if (pq_eval(&source.src, x, &one, &a, &now, &e) < 0) {
			assert_int_equal(rc, -1);
			return;
		}
		if (rc == 0)
			n += points(&now);
		for (i = 0; rc == 0 && i < now.n; i++) {
			p = find_point(&r, &now.v[i].labels, t);
			if (p == NULL || (p->v != now.v[i].point[0].v && !(isnan(p->v) && isnan(now.v[i].point[0].v))))
				fail_msg("%s differs at %lld", text, (long long)t);
		}
	}
	if (rc < 0)
		fail_msg("%s fails as a range only: %s", text, e.msg);
	if (n != points(&r))
		fail_msg("%s: %zu points as instants, %zu as a range", text, n, points(&r));
}

static void
test_steps(void **state)
{
	struct err e = {0};
	struct pq_expr *x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(instants) / sizeof(instants[0]); i++) {
		x = pq_parse(&a, sv_of(instants[i].text), &e);
		if (x == NULL || (x->type != PQ_VECTOR && x->type != PQ_SCALAR) ||
		    strstr(instants[i].text, "start()") != NULL)
			continue;
		step_by_step(x, instants[i].text, false);
		step_by_step(x, instants[i].text, true);
		arena_free(&a);
	}
}

static int
fails(const char *text, const struct pq_query *q)
{
	struct err e = {0};
	struct pq_expr *x = pq_parse(&a, sv_of(text), &e);
	struct pq_result r;
	int rc;

	assert_non_null(x);
	rc = pq_eval(&source.src, x, q, &a, &r, &e);
	arena_free(&a);
	return rc < 0 ? (int)e.code : 0;
}

static void
test_limits(void **state)
{
	struct pq_query q = {.max_samples = 100};

	(void)state;
	q.start = q.end = 600000;
	assert_int_equal(fails("up", &q), 0);
	assert_int_equal(fails("sum({__name__=~\".+\"})", &q), 0);
	assert_int_equal(fails("count({__name__=~\".+\"}) + 0 * sum_over_time(vector(1)[1h:1s])", &q), ERR_LIMIT);
	assert_int_equal(fails("max_over_time(vector(1)[200y:1ms])", &q), ERR_LIMIT);
	assert_int_equal(fails("max_over_time((1 + vector(1))[200y:1ms] offset -200y)", &q), ERR_LIMIT);
	assert_int_equal(fails("max_over_time(max_over_time(vector(1)[200y:100y])[200y:100y])", &q), 0);
	q.max_samples = 0;
	assert_int_equal(fails("max_over_time(vector(1)[200y:1ms])", &q), ERR_LIMIT);
	q = (struct pq_query){.end = 11000, .step = 1};
	assert_int_equal(fails("1", &q), 0);
	q.end = 11001;
	assert_int_equal(fails("1", &q), ERR_USAGE);
	q = (struct pq_query){.start = INT64_MIN, .end = INT64_MAX, .step = INT64_MAX};
	assert_int_equal(fails("1", &q), ERR_USAGE);
	q = (struct pq_query){.start = 1, .end = 2};
	assert_int_equal(fails("1", &q), ERR_USAGE);
	q = (struct pq_query){.step = -1};
	assert_int_equal(fails("1", &q), ERR_USAGE);
	q = (struct pq_query){.lookback = -1};
	assert_int_equal(fails("1", &q), ERR_USAGE);
	q = (struct pq_query){0};
	assert_int_equal(fails("up @ 9e12 offset -290y", &q), 0);
	assert_int_equal(fails("rate(up[290y] @ -9e12 offset 290y)", &q), 0);
}

static bool
count_down(void *ctx)
{
	return --*(int *)ctx == 0;
}

/* Whenever it is asked to stop it does, and leaves nothing behind. */
static void
test_stop(void **state)
{
	static const char text[] = "topk(1, sum by (job) (rate(reqs[5m]))) + on (job) group_left () count_values(\"job\", up)";
	struct pq_query q = {.end = 600000, .step = 60000, .stop = count_down};
	int turns = 0, left, asked = 0;

	(void)state;
	q.stop_ctx = &turns;
	assert_int_equal(fails(text, &q), 0);
	asked = -turns;
	assert_true(asked > 40);
	q.stop_ctx = &left;
	for (turns = 1; turns <= asked; turns++) {
		left = turns;
		assert_int_equal(fails(text, &q), ERR_LIMIT);
	}
}

/* A lookback of one's own, and how many series there were to be found. */
static void
test_query(void **state)
{
	struct pq_query q = {.start = 240000, .end = 240000, .lookback = 60000};
	struct err e = {0};
	struct pq_result r;
	struct sb got = {0};

	(void)state;
	query("{__name__=~\"aged|single\"}", &q, &got);
	assert_string_equal(sb_str(&got), "single 7; ");
	assert_int_equal(pq_eval(&source.src, pq_parse(&a, SV("aged + on () up + nope"), &e), &q, &a, &r, &e), 0);
	assert_int_equal(r.n, 0);
	assert_int_equal(r.n_selected, 3);
	assert_int_equal(pq_eval(&source.src, pq_parse(&a, SV("nope"), &e), &q, &a, &r, &e), 0);
	assert_int_equal(r.n_selected, 0);
	sb_free(&got);
	arena_free(&a);
}

/* A source that does not know the label "target" and so finds two series of the same labels. */
struct half_blind {
	struct pq_source src;
	struct pq_memory m;
};

static int
half_blind_series(struct pq_source *src, const struct pq_selector *sel, struct arena *arena, struct pq_series **out,
    size_t *n, struct err *e)
{
	struct half_blind *h = (struct half_blind *)src;
	size_t i, k;

	if (h->m.src.series(&h->m.src, sel, arena, out, n, e) < 0)
		return -1;
	for (i = 0; i < *n; i++) {
		(*out)[i].labels = labels_copy(arena, &(*out)[i].labels);
		for (k = 0; k < (*out)[i].labels.n; k++)
			if (sv_is((*out)[i].labels.v[k].name, "target"))
				(*out)[i].labels.n = k;
	}
	return 0;
}

static int
half_blind_samples(struct pq_source *src, const struct pq_series *s, int64_t from, int64_t to, struct arena *arena,
    struct pq_sample **out, size_t *n, struct err *e)
{
	struct half_blind *h = (struct half_blind *)src;

	return h->m.src.samples(&h->m.src, s, from, to, arena, out, n, e);
}

/* Two series that differ in nothing PromQL knows (the store keeps targets apart) are one. */
static void
test_same_labels(void **state)
{
	struct half_blind h = {.src = {half_blind_series, half_blind_samples}};
	struct pq_query q = {.end = 240000, .step = 60000};
	struct err e = {0};
	struct pq_result r;
	struct sb got = {0};

	(void)state;
	assert_true(memory_load(&h.m, "load 1m\n  m{a=\"b\", target=\"x\"} 1 _ 3 _ _\n"
	    "  m{a=\"b\", target=\"y\"} _ 2 9 stale\n"));
	assert_int_equal(pq_eval(&h.src, pq_parse(&a, SV("m"), &e), &q, &a, &r, &e), 0);
	show(&r, true, &got);
	assert_true(strncmp(sb_str(&got), "m{a=\"b\"} 1@0 2@60 ", 18) == 0);
	assert_int_equal(r.n, 1);
	assert_int_equal(r.v[0].n, 3);
	sb_free(&got);
	pq_memory_free(&h.m);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_instants), cmocka_unit_test(test_ranges), cmocka_unit_test(test_closed),
		cmocka_unit_test(test_steps), cmocka_unit_test(test_limits), cmocka_unit_test(test_stop),
		cmocka_unit_test(test_query), cmocka_unit_test(test_same_labels),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
