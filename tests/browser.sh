#!/bin/sh
# Finds a Chromium for the browser tests, or installs Debian's where that is allowed. Never fails:
# without a browser those tests fail, each with one line that says so.
set -eu

found() {
    for name in "${SOLVENT_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive PATH="$PATH:/usr/sbin:/sbin"
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null </dev/null || true
fi
found || echo "No Chromium on this machine: the browser tests will fail. Install one (Debian: apt install chromium) or name it in SOLVENT_CHROMIUM."
