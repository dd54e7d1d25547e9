#!/bin/sh
# Gets the vocabulary of the released CLIPs out of the Python package open_clip_torch, and puts it where
# Duet looks for it: $DUET_VOCABULARY, else the user's data folder.
set -eu

name=bpe_simple_vocab_16e6.txt.gz
digest=67603cfda2e032ad77b5f8808af37789d590db664b26df8705d2bf8b3c553fc8 # of the text inside
target="${DUET_VOCABULARY:-${XDG_DATA_HOME:-$HOME/.local/share}/duet/$name}"

is_right() {
  [ -f "$1" ] && [ "$(gunzip --stdout "$1" 2>/dev/null | sha256sum | cut -d ' ' -f 1)" = "$digest" ]
}

if is_right "$target"; then
  echo "the vocabulary is at $target"
  exit 0
fi

work="$(mktemp --directory)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check \
  download --no-deps --only-binary :all: --dest "$work" open_clip_torch
python3 -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, open(sys.argv[3], "wb") as file:
    file.write(wheel.read("open_clip/" + sys.argv[2]))
' "$work"/open_clip_torch-*.whl "$name" "$work/$name"
if ! is_right "$work/$name"; then
  echo "the vocabulary in open_clip_torch is not the one of the released CLIPs" >&2
  exit 1
fi

# Beside its place first, so that it is there whole or not at all.
mkdir -p "$(dirname "$target")"
cp "$work/$name" "$target.$$.tmp"
mv "$target.$$.tmp" "$target"
echo "the vocabulary is at $target"
