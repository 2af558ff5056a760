/*
 * Random expressions (one throw of the dice a statement: C does not say in what order arguments are evaluated). All that PromQL has, less what Prometheus 2.42 and 3.x answer differently, or what depends on
 * the last bits of a number. An operand is asked for by what must be true of its values:
 *
 *	FINITE  neither NaN nor infinite
 *	EXACT   sums of multiples of 1/4 with no rounding, and no differences that cancel: what
 *	        cuts (==, <, floor, changes, count_values) would turn a difference in the last bit into another answer
 *	UNIQUE  no two series of one value: of equals, topk() takes any
 */
#include "promql_random.h"


enum { FINITE = 1, EXACT = 2, UNIQUE = 4 };

#define WORD(d, ...) dice_word(d, (const char *const[]){__VA_ARGS__, NULL})

/* Is the word one of those, which are parted by blanks? */
static bool
is_one_of(const char *word, const char *words)
{
	struct sv rest = sv_of(words), one;

	while (sv_split(&rest, ' ', &one))
		if (sv_is(one, word))
			return true;
	return false;
}

static void vector(struct dice *d, int depth, int need, struct sb *out);
static void scalar(struct dice *d, int depth, int need, struct sb *out);

static void
shift(struct dice *d, struct sb *out)
{
	if (dice_percent(d, 12))
		sb_addf(out, " offset %s", WORD(d, "1m", "7m", "-3m", "90s", "15s", "1h", "-5m"));
	if (dice_percent(d, 10)) {
		if (dice_percent(d, 50))
			sb_addf(out, " @ %s()", WORD(d, "start", "end"));
		else
			sb_addf(out, " @ %lld.5", (long long)FIRST_TIME / 1000 + dice_below(d, 3600));
	}
}

/* Matchers that fit this metric, most of them with a result. */
static void
matchers(struct dice *d, struct sb *out)
{
	if (dice_percent(d, 55))
		return;
	sb_addf(out, "{%s", WORD(d, "job=\"a\"", "job!=\"b\"", "job=~\"a|b\"", "instance=~\"i[12]\"", "instance!~\"i3\"",
	    "instance=~\".*2\"", "code=~\"5..|200\"", "code!=\"200\"", "code=\"\"", "nothing=\"\"", "job=~\".+\"",
	    "instance=~\"(i1|i2)?\"", "job=\"c\"", "code=~\"(?i)404\"", "instance!=\"\""));
	if (dice_percent(d, 25))
		sb_addf(out, ",%s", WORD(d, "job=\"b\"", "instance=\"i1\"", "instance!~\".*[23]\"", "code!~\"4.*\""));
	sb_addc(out, '}');
}

static void
metric(struct dice *d, int need, struct sb *out)
{
	if (need & UNIQUE)
		sb_addc(out, 'u');
	else if (need & FINITE)
		sb_adds(out, WORD(d, "c_total", "c_total", "d_total", "s", "s", "u", "h_count", "h_sum", "h_bucket"));
	else
		sb_adds(out, WORD(d, "c_total", "d_total", "s", "g", "g", "h_bucket", "odd_bucket"));
	matchers(d, out);
}

static void
selector(struct dice *d, int need, struct sb *out)
{
	metric(d, need, out);
	shift(d, out);
}

/* A range vector: of a selector, or a subquery. */
static void
range(struct dice *d, int depth, int need, struct sb *out)
{
	if (depth > 0 && dice_percent(d, 25)) {
		sb_addc(out, '(');
		vector(d, depth - 2, need, out);
		sb_addf(out, ")[%s:", WORD(d, "2m", "5m", "7m30s", "15m"));
		sb_addf(out, "%s]", WORD(d, "", "15s", "30s", "1m", "47s"));
	} else {
		metric(d, need, out);
		sb_addf(out, "[%s]", WORD(d, "30s", "1m", "2m", "5m", "5m", "10m", "17m3s", "1h", "100ms"));
	}
	shift(d, out);
}

static void
over_range(struct dice *d, int depth, int need, struct sb *out)
{
	const char *name;

	if (need & EXACT) {
		name = WORD(d, "max_over_time", "min_over_time", "last_over_time", "count_over_time", "present_over_time",
		    "changes", "resets", "sum_over_time", "idelta");
	} else if (dice_percent(d, 35)) {
		name = WORD(d, "rate", "increase", "irate", "rate", "increase", "delta");
	} else if (dice_percent(d, 20)) {
		/* Over NaN and infinities their intermediate sums differ (NaN here, Inf there), so finite. */
		name = WORD(d, "deriv", "stddev_over_time", "stdvar_over_time", "predict_linear", "avg_over_time");
		need |= FINITE | EXACT;
	} else {
		name = WORD(d, "quantile_over_time", "max_over_time", "min_over_time", "last_over_time", "count_over_time",
		    "sum_over_time", "changes", "resets", "idelta", "absent_over_time", "present_over_time");
		need |= FINITE | EXACT;
		if (is_one_of(name, "max_over_time min_over_time last_over_time count_over_time"))
			need &= ~FINITE;
	}
	sb_addf(out, "%s(", name);
	if (is_one_of(name, "quantile_over_time"))
		sb_addf(out, "%s, ", WORD(d, "0", "0.25", "0.5", "0.9", "1", "1.5", "-1"));
	/* Under @ 2.42 loses samples from step to step: its predict_linear() bends where its own deriv() does not. */
	if (is_one_of(name, "predict_linear")) {
		metric(d, need, out);
		sb_adds(out, WORD(d, "[2m]", "[5m]", "[17m]"));
		sb_adds(out, WORD(d, "", "", " offset 2m"));
		sb_addf(out, ", %s", WORD(d, "60", "3600", "-300"));
	} else {
		range(d, depth, need, out);
	}
	sb_addc(out, ')');
}

static const char *
grouping(struct dice *d)
{
	return WORD(d, "", "", " by (job)", " by (instance)", " by (job, instance)", " by (code)", " by ()", " without (instance)",
	    " without (code, job)", " without ()", " by (le)", " by (nothing, job)");
}

static void
aggregation(struct dice *d, int depth, int need, struct sb *out)
{
	const char *name;

	if (dice_percent(d, 15)) {
		name = WORD(d, "topk", "bottomk");
		sb_addf(out, "%s%s(", name, grouping(d));
		sb_addf(out, "%s, ", WORD(d, "1", "2", "3.7", "0", "-1", "100"));
		selector(d, UNIQUE, out);
		sb_addc(out, ')');
		return;
	}
	if (need & EXACT) {
		name = WORD(d, "sum", "min", "max", "count", "group");
	} else {
		/* 2.42 adds up without Kahan's correction and takes a mean by another way: exact sums agree all the same. */
		name = WORD(d, "sum", "avg", "min", "max", "count", "group", "quantile", "stddev", "stdvar", "count_values");
		if (is_one_of(name, "sum avg stddev stdvar quantile count_values"))
			need |= FINITE | EXACT;
	}
	sb_addf(out, "%s%s(", name, grouping(d));
	if (is_one_of(name, "quantile"))
		sb_addf(out, "%s, ", WORD(d, "0", "0.1", "0.5", "0.99", "1", "2", "-0.5"));
	/* Text of values: shortest decimal form in both only while they are no longer than an integer. */
	if (is_one_of(name, "count_values"))
		sb_addf(out, "\"%s\", ", WORD(d, "v", "job"));
	if (is_one_of(name, "min max"))
		sb_adds(out, "0 + (");
	vector(d, depth - 1, need, out);
	sb_adds(out, is_one_of(name, "min max") ? "))" : ")");
}

/* 2.42 forgot that atan2 drops the name of the metric (3.x does drop it); abs() drops it in both. */
static bool
is_atan2(const char *op)
{
	return is_one_of(op, "atan2");
}

static void
names_dropped(const char *op, struct sb *out)
{
	if (is_atan2(op))
		sb_adds(out, "abs(");
}

/* Two sides with the same labels, most of the time. */
static void
matched(struct dice *d, int depth, int need, struct sb *out)
{
	bool cuts = !(need & EXACT) && dice_percent(d, 30);
	const char *op = need & EXACT ? WORD(d, "+", "+", "and", "or", "unless") :
	    cuts ? WORD(d, "==", "!=", "<", ">", "<=", ">=", "> bool", "== bool", "<= bool") :
	    WORD(d, "+", "-", "*", "/", "%", "atan2", "and", "or", "unless");
	bool set = is_one_of(op, "and or unless");
	int side = cuts || is_one_of(op, "% -") ? need | EXACT : need;
	int form = dice_below(d, 6);

	if (need & FINITE && !set)
		op = WORD(d, "+", "+", "*");
	if (need & EXACT && !set)
		op = "+";
	names_dropped(op, out);
	switch (form) {
	case 0: /* one to one by grouping */
		sb_adds(out, "sum by (job) (");
		vector(d, depth - 2, side | FINITE | EXACT, out);
		sb_addf(out, ") %s %ssum by (job) (", op, dice_percent(d, 30) ? "on (job) " : "");
		vector(d, depth - 2, side | FINITE | EXACT, out);
		sb_addc(out, ')');
		break;
	case 1: /* many to one */
		metric(d, side, out);
		sb_addf(out, " %s on (job)%s ", op, set ? "" : WORD(d, " group_left ()", " group_left (instance)", " group_left"));
		/* Of 0 and -0 max() takes the first, in an order that is nobody's promise; 0 + -0 is 0. */
		sb_adds(out, "max by (job) (0 + (");
		vector(d, depth - 2, side, out);
		sb_adds(out, "))");
		break;
	case 2: /* one to many */
		sb_adds(out, "sum without (instance, code, le) (");
		metric(d, side | FINITE, out);
		sb_addf(out, ") %s ignoring (instance, code, le)%s ", op, set ? "" : " group_right ()");
		metric(d, side, out);
		break;
	case 3: /* the same metric at another time */
		sb_adds(out, "s");
		matchers(d, out);
		sb_addf(out, " %s %ss offset 5m", op, dice_percent(d, 50) ? "" : "ignoring (code) ");
		break;
	case 4:
		sb_addc(out, '(');
		vector(d, depth - 1, side, out);
		sb_addf(out, ") %s %s(", op, WORD(d, "", "on (job, instance) ", "ignoring (code, le) ", "on () "));
		vector(d, depth - 1, side, out);
		sb_addc(out, ')');
		break;
	default:
		sb_adds(out, "u ");
		sb_addf(out, "%s on (job, instance)%s ", op, set ? "" : dice_percent(d, 50) ? "" : " group_right ()");
		selector(d, side | FINITE, out);
	}
	if (is_atan2(op))
		sb_addc(out, ')');
}

static void
with_scalar(struct dice *d, int depth, int need, struct sb *out)
{
	bool cuts = dice_percent(d, 40);
	int side = cuts ? need | EXACT : need;
	/* % and - of what is not exact cut, too. A filter keeps values as they are. */
	const char *op = need & (FINITE | EXACT) ? cuts ? WORD(d, "<", ">", "!=", "> bool") : "+" :
	    cuts ? WORD(d, "==", "!=", "<", ">", "<=", ">=", "< bool", "!= bool", "%", "-") : WORD(d, "+", "*", "/", "^", "atan2");
	bool left = dice_percent(d, 30);

	names_dropped(op, out);
	sb_addc(out, '(');
	if (left)
		scalar(d, depth - 1, side, out);
	else
		vector(d, depth - 1, side, out);
	sb_addf(out, ") %s (", op);
	if (left)
		vector(d, depth - 1, side, out);
	else
		scalar(d, depth - 1, side, out);
	sb_addc(out, ')');
	if (is_atan2(op))
		sb_addc(out, ')');
}

static void
function(struct dice *d, int depth, int need, struct sb *out)
{
	const char *name;

	switch (need & (FINITE | EXACT) ? 2 + dice_below(d, 4) : dice_below(d, 9)) {
	case 0: /* one argument; these are continuous, or have no difference in the last bit to fall over */
		sb_addf(out, "%s(", WORD(d, "abs", "exp", "sqrt", "ln", "log2", "log10", "sinh", "cosh", "tanh", "asin", "acos",
		    "atan", "asinh", "acosh", "atanh", "deg", "rad", "sin", "cos", "sort", "sort_desc"));
		vector(d, depth - 1, EXACT, out);
		sb_addc(out, ')');
		return;
	case 1:
		sb_addf(out, "histogram_quantile(%s, ", WORD(d, "0.5", "0.9", "0.99", "0.25", "0", "1.1", "-0.1", "NaN"));
		if (dice_percent(d, 60)) {
			/* Quantiles over buckets that are equal but for the last bit would fall to either; 3.x smooths that away. */
			sb_addf(out, "sum by (le%s)", WORD(d, "", ", job", ", instance"));
			sb_addf(out, " (rate(h_bucket[%s])))", WORD(d, "5m", "10m"));
		} else {
			sb_addf(out, "%s)", WORD(d, "h_bucket", "odd_bucket", "sum by (le) (h_bucket)", "odd_bucket{job=\"a\"}"));
		}
		return;
	case 2:
		sb_addf(out, "%s(", name = WORD(d, "abs", "floor", "ceil", "round", "sgn", "sort"));
		vector(d, depth - 1, need | EXACT, out);
		sb_adds(out, is_one_of(name, "round") && dice_percent(d, 50) ? ", 5)" : ")");
		return;
	case 3:
		name = WORD(d, "clamp", "clamp_min", "clamp_max");
		sb_addf(out, "%s(", name);
		vector(d, depth - 1, need | EXACT, out);
		sb_adds(out, is_one_of(name, "clamp") ? dice_percent(d, 80) ? ", -100, 100)" : ", 5, -5)" : ", 50)");
		return;
	case 4:
		sb_adds(out, "label_replace(");
		vector(d, depth - 1, need, out);
		sb_addf(out, ", %s)", WORD(d, "\"new\", \"$1-x\", \"instance\", \"i(.*)\"", "\"job\", \"$2$1\", \"code\", \"(.)(.*)\"",
		    "\"instance\", \"\", \"job\", \".*\"", "\"new\", \"${n}\", \"job\", \"(?P<n>[a-z])\"",
		    "\"job\", \"x\", \"instance\", \"i1\"", "\"new\", \"v\", \"none\", \"\""));
		return;
	case 5:
		sb_adds(out, "label_join(");
		vector(d, depth - 1, need, out);
		sb_addf(out, ", %s)", WORD(d, "\"new\", \"-\", \"job\", \"instance\"", "\"job\", \",\", \"none\", \"code\"",
		    "\"new\", \"\""));
		return;
	case 6:
		sb_adds(out, dice_percent(d, 60) ? "timestamp(" : "absent(");
		if (dice_percent(d, 60))
			selector(d, 0, out);
		else
			vector(d, depth - 1, 0, out);
		sb_addc(out, ')');
		return;
	case 7: /* Times of NaN and infinities depend on the processor in Go. */
		sb_addf(out, "%s(", WORD(d, "hour", "minute", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month",
		    "year"));
		if (dice_percent(d, 50)) {
			sb_adds(out, "vector(time()) + 86400 * ");
			selector(d, FINITE, out);
		}
		sb_addc(out, ')');
		return;
	default:
		sb_addc(out, '-');
		sb_addc(out, '(');
		vector(d, depth - 1, need, out);
		sb_addc(out, ')');
	}
}

/* A vector() over values, each of which is what need says. */
static void
vector(struct dice *d, int depth, int need, struct sb *out)
{
	int which = depth <= 0 ? 0 : dice_below(d, 10);

	switch (which) {
	case 0:
		selector(d, need, out);
		break;
	case 1:
	case 2:
	case 3:
		over_range(d, depth - 1, need, out);
		break;
	case 4:
	case 5:
		aggregation(d, depth, need, out);
		break;
	case 6:
	case 7:
		matched(d, depth, need, out);
		break;
	case 8:
		if (dice_percent(d, 15)) {
			sb_adds(out, "vector(");
			scalar(d, depth - 1, need, out);
			sb_addc(out, ')');
		} else {
			with_scalar(d, depth, need, out);
		}
		break;
	default:
		function(d, depth, need, out);
	}
}

static void
scalar(struct dice *d, int depth, int need, struct sb *out)
{
	if (depth > 1 && dice_percent(d, 15) && !(need & FINITE)) {
		sb_adds(out, "scalar(");
		vector(d, depth - 1, need, out);
		sb_addc(out, ')');
	} else if (dice_percent(d, 10)) {
		sb_adds(out, "time()");
	} else if (depth > 1 && dice_percent(d, 15)) {
		sb_adds(out, WORD(d, "2", "10", "7.5"));
		sb_addf(out, " %s ", WORD(d, "+", "-", "*", "== bool", "^", "%"));
		sb_adds(out, WORD(d, "3", "4"));
	} else if (need & FINITE) {
		sb_adds(out, WORD(d, "0", "1", "2", "0.5", "100", "-3", "1e3", "0x1f"));
	} else {
		sb_adds(out, WORD(d, "0", "1", "2", "0.5", "100", "-3", "1e3", "0x1f", "NaN", "Inf", "-Inf", "pi()"));
	}
}

void
random_expression(struct dice *d, int depth, struct sb *out)
{
	int which = dice_below(d, 30);

	if (which == 0)
		scalar(d, depth, 0, out);
	else if (which == 1)
		sb_adds(out, "\"a string\"");
	else
		vector(d, 1 + dice_below(d, depth), 0, out);
}
