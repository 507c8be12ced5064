#!/usr/bin/env bash
# Builds everything and runs all tests; works from a fresh clone and any working directory.
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

# HUB_KILL_ROUNDS=200 kills the hub that often under load (20 without it); HUB_KILL_SEED repeats the moments of a run.

# A project that hangs is stopped after this many seconds and counts as failed.
PROJECT_TIMEOUT="${PROJECT_TIMEOUT:-900}"
DEBIAN_PACKAGES=(mosquitto-clients mosquitto python3-paho-mqtt openssl haproxy nginx-light curl chromium)
CLIENTS=tests/clients
JAVASCRIPT=src/dashboard/client

# Build servers that stay behind would be left-overs of a test run.
export MSBUILDDISABLENODEREUSE=1

passed=0
failed=0
skipped=0

die() {
    echo "$*" >&2
    exit 1
}

need_sdk() {
    command -v dotnet >/dev/null || die "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
    dotnet --version 2>/dev/null | grep -q '^10\.' \
        || die "The .NET 10 SDK is missing (dotnet says: $(dotnet --version 2>&1 | head -n 1)): https://dotnet.microsoft.com/download/dotnet/10.0"
}

need_node() {
    local major
    major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
    [ "${major:-0}" -ge 20 ] && command -v npm >/dev/null \
        || die "Node.js 20 or newer with npm is missing (found: $(node --version 2>/dev/null || echo none)): https://nodejs.org/"
}

has_package() {
    if command -v dpkg-query >/dev/null; then
        dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$' && return 0
    fi

    # Not from a package, or not a Debian: what the tests call is what counts.
    case "$1" in
        mosquitto-clients) command -v mosquitto_pub >/dev/null && command -v mosquitto_sub >/dev/null ;;
        mosquitto) command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] ;;
        python3-paho-mqtt) /usr/bin/python3 -c 'import paho.mqtt.client' 2>/dev/null ;;
        openssl) command -v openssl >/dev/null ;;
        haproxy) command -v haproxy >/dev/null || [ -x /usr/sbin/haproxy ] ;;
        nginx-light) command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] ;;
        curl) command -v curl >/dev/null ;;
        chromium) command -v chromium >/dev/null ;;
    esac
}

need_packages() {
    local package missing=()
    for package in "${DEBIAN_PACKAGES[@]}"; do
        has_package "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return

    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        echo "Installing ${missing[*]}"
        export DEBIAN_FRONTEND=noninteractive
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null && return
    fi
    die "The tests need programs that are not installed:
    sudo apt-get update && sudo apt-get install -y ${missing[*]}"
}

# Sets 'count' to the number behind a word in the summary line of a test run.
read_count() {
    count=$(sed -n "s/.*$2: \([0-9]*\).*/\1/p" <<<"$1")
    count=${count:-0}
}

run_project() {
    local name=$1 program="tests/$1/bin/Release/net10.0/$1" output status summary
    local total=0 errors=0 bad=0 left_out=0
    output=$(mktemp)
    timeout --kill-after=10 "$PROJECT_TIMEOUT" "$program" -noColor -noLogo >"$output" 2>&1 </dev/null
    status=$?

    # xunit's last line: "  Name  Total: 9, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0, Time: 0.1s"
    summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+' "$output" | tail -n 1)
    read_count "$summary" Total && total=$count
    read_count "$summary" Errors && errors=$count
    read_count "$summary" Failed && bad=$count
    read_count "$summary" Skipped && left_out=$count
    add_up
}

run_vitest() {
    local name=$1 output status summary
    local total=0 errors=0 bad=0 left_out=0
    output=$(mktemp)
    (cd "$1" && NO_COLOR=1 timeout --kill-after=10 "$PROJECT_TIMEOUT" node node_modules/vitest/vitest.mjs run) >"$output" 2>&1 </dev/null
    status=$?

    # vitest's summary: "      Tests  1 failed | 7 passed | 1 skipped (9)", each part only when it is not zero
    summary=$(grep -E '^ *Tests  .*\([0-9]+\)$' "$output" | tail -n 1)
    total=$(sed -n 's/.*(\([0-9]*\))$/\1/p' <<<"$summary")
    bad=$(sed -n 's/.* \([0-9]*\) failed.*/\1/p' <<<"$summary")
    left_out=$(sed -n 's/.* \([0-9]*\) skipped.*/\1/p' <<<"$summary")
    total=${total:-0} bad=${bad:-0} left_out=${left_out:-0}
    add_up
}

# Adds what a run has found to the totals, and says it in a line.
add_up() {
    passed=$((passed + total - bad - left_out))
    skipped=$((skipped + left_out))
    bad=$((bad + errors))

    # Whatever ended the program without a failed test is one: a crash, a time-out, no test at all.
    local reason=""
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        reason="stopped after $PROJECT_TIMEOUT s"
    elif [ "$total" -eq 0 ]; then
        reason="ran no test (exit code $status)"
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        reason="ended with exit code $status"
    fi
    [ -n "$reason" ] && bad=$((bad + 1))
    failed=$((failed + bad))

    if [ "$bad" -gt 0 ]; then
        cat "$output"
        echo "FAILED  $name: $total run, $bad failed, $left_out skipped${reason:+ ($reason)}"
    else
        echo "ok      $name: $total run, $left_out skipped"
    fi
    rm -f "$output"
}

need_sdk
need_node
need_packages

for folder in "$CLIENTS" "$JAVASCRIPT"; do
    npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error || die "npm ci failed in $folder"
done

if dotnet build -c Release --nologo --verbosity quiet; then
    for project in tests/*/*.csproj; do
        run_project "$(basename "$project" .csproj)"
    done
    run_vitest "$JAVASCRIPT"
else
    echo "FAILED  the build"
    failed=1
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
