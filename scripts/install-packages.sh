#!/bin/sh
# Installs those of the named Debian packages that are missing.
set -eu

missing=""
for package in "$@"; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "missing:$missing; there is no apt-get here, so install what they are called on this system" >&2
  exit 1
fi
if [ "$(id -u)" -eq 0 ]; then as_root=""; else as_root="sudo"; fi
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # the names are words
$as_root apt-get install --yes --no-install-recommends $missing ||
  { $as_root apt-get update && $as_root apt-get install --yes --no-install-recommends $missing; }
