#!/usr/bin/env bash
# Makes the data directory of one version of the hub, which every later version must open: KeptTests says what is in it.
#   make.sh SERVER_DLL FILE.zip
set -euo pipefail
server=$1; out=$(realpath -m "$2"); work=$(mktemp -d); trap 'kill -9 "${hub:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
start() {
  : >"$work/out"
  dotnet "$server" --Hub:Data="$work/data" --Mqtt:Listen=127.0.0.1:0 --Http:Listen=127.0.0.1:0 --Mqtt:MaxSessionExpiry=36500d \
    --Journal:SegmentBytes=1MiB --Journal:MaxBytes=4MiB --Mqtt:SysInterval=0 >"$work/out" 2>"$work/log" & hub=$!
  until port=$(sed -nE 's/^ +mqtt +\S+:([0-9]+)$/\1/p' "$work/out") && [ -n "$port" ]; do read -rt 0.1 <> <(:) || true; done
}
pub() { mosquitto_pub -h 127.0.0.1 -p "$port" "$@"; }
leave() { mosquitto_sub -h 127.0.0.1 -p "$port" -c -E "$@" >/dev/null; }

start
pub -V mqttv5 -t kept/state -q 1 -r -m retained -D publish user-property unit K
pub -t kept/cleared -q 1 -r -m gone
pub -t kept/cleared -q 1 -r -n
leave -i old -V mqttv311 -q 1 -t 'queue/#'
leave -i new -V mqttv5 -q 2 -t 'queue/+' -t 'other/#'
# More than is kept: segments are dropped, and a snapshot stands for them.
seq 12000 | sed "s/$/ $(printf 'x%.0s' {1..500})/" | pub -t filler -q 1 -l
for number in 1 2 3; do pub -t queue/a -q 2 -m "before the stop $number"; done
kill "$hub"; wait "$hub"
start
for number in 1 2 3; do pub -t queue/a -q 2 -m "before the kill $number"; done
pub -t kept/state -q 2 -r -m 'retained again'
kill -9 "$hub"; wait "$hub" || true
(cd "$work/data" && rm -f "$out" lock && zip -qr "$out" .)
ls -l "$out"
unzip -l "$out"
