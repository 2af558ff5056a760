#!/bin/sh
# soak-alerts --test beside the real promtool: the same alerts at the same times with the same labels and annotations.
. "$(dirname "$0")/lib.sh"
R=$ROOT/tests/rules

# What was compared with promtool 3.5.3 when it was written, so that it holds where no promtool is.
cp "$R/common.yml" "$R/keep.yml" "$T"
"$R/make-test" "$R/common.yml" 60 >"$T/common-test.yml"
"$R/make-test" "$R/keep.yml" 60 >"$T/keep-test.yml"
rc "42 rules at 121 times, nothing expected" 1 soak_alerts --test "$T/common-test.yml"
cp "$T/err" "$T/common.ours"
is "all but the two that cannot fire do" 40 "$(grep -o 'alertname: [A-Za-z0-9]*' "$T/err" | sort -u | wc -l)"
rc "keep_firing_for, query_offset, labels of groups" 1 soak_alerts --test "$T/keep-test.yml"
cp "$T/err" "$T/keep.ours"
fired() { grep -o "alertname: $1, time: [0-9hms]*" "$T/keep.ours" | sed 's/.*: //' | sed -n '1p;$p' | paste -sd ' '; }
# a:1 is down from 10m15s to 15m15s.
is "for: 1m and keep_firing_for: 4m" "11m30s 19m" "$(fired KeptFiring | sed 's/ .*//') $(grep -o 'alertname: KeptFiring, time: 1[0-9hms]*' "$T/keep.ours" | tail -1 | sed 's/.*: //')"

# promtool 2 has closed ranges; it does not know keep_firing_for, which is left to promtool 3.
if command -v promtool >/dev/null; then
	major=$(promtool --version 2>&1 | sed -n 's/^promtool, version \([0-9]\).*/\1/p')
	promtool test rules "$T/common-test.yml" >"$T/theirs" 2>&1
	soak_alerts --test --promql-compat "$major" "$T/common-test.yml" >"$T/ours" 2>&1
	grep -vE '^$|^Unit' "$T/theirs" >"$T/a"
	grep -vE '^$|^Unit' "$T/ours" >"$T/b"
	is "promtool $major prints the same, line by line" "" "$(diff "$T/a" "$T/b" | head -5)"
	is "of which there are many" yes "$([ "$(wc -l <"$T/a")" -gt 10000 ] && echo yes)"
	if [ "$major" -ge 3 ]; then
		promtool test rules "$T/keep-test.yml" 2>&1 | grep -vE '^$|^Unit' >"$T/a"
		grep -vE '^$|^Unit' "$T/keep.ours" >"$T/b"
		is "also of what only promtool 3 knows" "" "$(diff "$T/a" "$T/b" | head -5)"
	else
		skip "KeptFiring, KeptAtOnce, Late: this promtool does not know keep_firing_for and query_offset"
	fi
else
	skip "no promtool here"
fi

# A test file that passes, one that does not, one that cannot be read: promtool's exit status.
cat >"$T/rules.yml" <<'E'
groups:
  - name: g
    rules:
      - alert: Down
        expr: up == 0
        for: 2m
        labels: {severity: page}
        annotations: {summary: "{{ $labels.instance }} is down"}
E
cat >"$T/good.yml" <<'E'
rule_files: ["rul*.yml"]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series: [{series: 'up{instance="a"}', values: '1 0x5'}]
    alert_rule_test:
      - {eval_time: 2m, alertname: Down}
      - eval_time: 3m
        alertname: Down
        exp_alerts: [{exp_labels: {instance: a, severity: page}, exp_annotations: {summary: a is down}}]
    promql_expr_test:
      - {expr: sum(up), eval_time: 0m, exp_samples: [{labels: '{}', value: 1}]}
      - {expr: 'ALERTS{alertstate="firing"}', eval_time: 3m, exp_samples: [{labels: 'ALERTS{alertname="Down",alertstate="firing",instance="a",severity="page"}', value: 1}]}
E
rc "a test that holds" 0 soak_alerts --test "$T/good.yml"
like "says so as promtool does" '^  SUCCESS$' "$T/out"
sed 's/is down}/was down}/' "$T/good.yml" >"$T/bad.yml"
rc "one that does not, beside it" 1 soak_alerts --test "$T/good.yml" "$T/bad.yml"
like "shows what was expected" 'Annotations:\{summary="a was down"\}' "$T/err"
like "and what there is" 'Annotations:\{summary="a is down"\}' "$T/err"
echo 'tests: [{nonsense: 1}]' >"$T/odd.yml"
rc "an unknown key" 1 soak_alerts --test "$T/odd.yml"
like "is named with its place" "odd.yml:1:10: unknown key 'nonsense'" "$T/err"
rc "a file that is not there" 1 soak_alerts --test "$T/none.yml"
rc "no file" 2 soak_alerts --test
done_testing
