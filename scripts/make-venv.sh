#!/bin/sh
# Makes .venv with the Python libraries whose files Duet must get along with. Only tests need it.
set -eu

requirements=Tests/requirements.txt
stamp=.venv/requirements.txt
if cmp --silent "$requirements" "$stamp" 2>/dev/null && .venv/bin/python -c "" 2>/dev/null; then
  exit 0
fi
rm -rf .venv
python3 -m venv .venv
if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements"; then
  echo "PyPI is out of reach: the tests that open Duet's files with h5py and xarray are skipped" >&2
  exit 0
fi
cp "$requirements" "$stamp"
