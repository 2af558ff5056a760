#!/bin/sh
# soak-run --list-profiles and --init: what there is, what a folder looks like, and a proposal that can be used as it is.
. "$(dirname "$0")/lib.sh"
S=$ROOT/samples

rc "--list-profiles" 0 soak_run --list-profiles
is "lists all that are there, sorted" "$(ls "$ROOT/templates/profiles" | sed -n 's/\.yaml$//p' | LC_ALL=C sort)" "$(cut -f1 "$T/out")"
like "with their titles" "^gateway-24h	Gateway 24-hour soak$" "$T/out"
looks_like() { # PROFILE FOLDER
	rc "--init of $2" 0 soak_run -q --init -o "$T/p.yaml" "$2"
	like "$2 looks like $1" "a copy of the shipped profile $1," "$T/p.yaml"
	rc "its proposal is fine" 0 soak_judge --lint "$T/p.yaml"
	rm -f "$T/p.yaml"
}
looks_like gateway-24h "$S/gateway-24h-good"
looks_like gateway-24h "$S/gateway-24h-troubled"
looks_like gateway-24h "$S/gateway-24h-incomplete"
looks_like gateway-burn-in-48h "$S/burn-in-48h-good"
looks_like gateway-burn-in-48h "$S/burn-in-48h-incomplete"
looks_like sit-48h "$S/sit-48h-troubled/runbook"
looks_like stress-certification "$S/stress-good"
looks_like stress-certification "$S/stress-incomplete"
looks_like load-baselines "$S/baselines-good"
looks_like synthetics-weekly "$S/synthetics-good"
looks_like synthetics-weekly "$S/synthetics-incomplete"
looks_like k6 "$S/k6-shop"

cd "$T" || exit 2
rc "--init writes ./soakproof.yaml" 0 soak_run --init "$S/stress-incomplete"
like "says what to do next" "soak-run -p ./soakproof.yaml -o out $S/stress-incomplete" err
like "what is missing is said" '^#   The service.s metrics through the run$' soakproof.yaml
cp soakproof.yaml before
rc "a second time it refuses" 2 soak_run -q --init "$S/k6-shop"
cmp -s before soakproof.yaml; result $? "and overwrites nothing"
rc "the same to standard output" 0 soak_run -q --init -o - "$S/stress-incomplete"
cmp -s before out; result $? "is the same bytes"
is "nothing is left behind" "before err out soakproof.yaml" "$(ls | paste -sd' ')"
rc "what it proposed can be used" 3 soak_run -q -p ./soakproof.yaml -o run "$S/stress-incomplete"

# What no shipped profile looks like: made of what is there.
mkdir -p mine "it's #1: odd"
cat >"it's #1: odd/metrics-1.prom" <<'PROM'
# TYPE shop_requests_total counter
shop_requests_total{code="200"} 100
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 1000
PROM
rc "--init of a stranger's folder" 0 soak_run -q --init -o mine.yaml "it's #1: odd"
like "a criterion of its counter" "bad: 'shop_requests_total{code=~\"5..\"}'" mine.yaml
like "and of its memory" 'trend: {expr: process_resident_memory_bytes' mine.yaml
rc "is fine, whatever files are called" 0 soak_judge --lint mine.yaml
rc "an empty folder is no run" 2 soak_run -q --init -o none.yaml mine
rc "--init with a profile" 2 soak_run --init -p k6 "$S/k6-shop"
rc "--init without artifacts" 2 soak_run --init
done_testing
