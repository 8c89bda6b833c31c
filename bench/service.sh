#!/usr/bin/env bash
# Requests a second, side by side in one run: palate, the same parts in Python, and a constant JSON answer of the same
# host. Loopback only; every load is bounded by time. Needs wrk and, for the peer, python3-fastapi, python3-uvicorn,
# python3-xgboost and python3-numpy from Debian.
#
#   bench/service.sh DATA [SECONDS]      DATA holds ml-100k
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:?give the folder that holds ml-100k}
seconds=${2:-10}
home=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$home"' EXIT

wait_for() {
    for _ in $(seq 240); do
        curl -fs "$1" >/dev/null && return
        sleep 0.5
    done
    echo "nothing answers at $1" >&2
    exit 1
}

load() {
    # Warm up until the code is compiled for good, then measure.
    wrk -t1 -c16 -d15s -s bench/users.lua "$2" >/dev/null
    echo "== $1"
    wrk -t1 -c16 "-d${seconds}s" --latency -s bench/users.lua "$2" | grep -E 'Requests/sec|50%|99%|Non-2xx' || true
}

dotnet build bench/Palate.Benchmarks -c Release -v q --nologo >/dev/null
dotnet build src/Palate.Cli -c Release -v q --nologo >/dev/null
tool=src/Palate.Cli/bin/Release/net10.0/Palate.Cli.dll

dotnet "$tool" import ml-100k "$data/ml-100k" --home "$home" --json >/dev/null
# The setting of the comparison: 100 candidates, 300 trees (the default).
printf 'training:\n  retrieval:\n    candidates: 100\n    per_source: 100\n' >"$home/palate.yaml"
dotnet "$tool" train --home "$home" --json >/dev/null

dotnet bench/Palate.Benchmarks/bin/Release/net10.0/Palate.Benchmarks.dll constant --urls http://127.0.0.1:18081 &
pids+=($!)
wait_for "http://127.0.0.1:18081/recommend?user_id=1&top_k=5"
load "constant JSON, the same host" http://127.0.0.1:18081
kill "${pids[-1]}"

dotnet "$tool" serve --home "$home" --urls http://127.0.0.1:18080 >/dev/null &
pids+=($!)
wait_for http://127.0.0.1:18080/health/ready
load "palate: retrieval and ranking computed for every request" http://127.0.0.1:18080
kill "${pids[-1]}"

if /usr/bin/python3 -c 'import fastapi, uvicorn, xgboost' 2>/dev/null; then
    /usr/bin/python3 bench/peers/service_peer.py "$data/ml-100k" --port 18082 --workers 2 >/dev/null 2>&1 &
    pids+=($!)
    wait_for "http://127.0.0.1:18082/recommend?user_id=1&top_k=5"
    sleep 10
    load "Python: FastAPI, ALS, XGBoost" http://127.0.0.1:18082
    kill "${pids[-1]}"
fi
