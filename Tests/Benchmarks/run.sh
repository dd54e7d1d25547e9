#!/bin/sh
# Ratios, never bare times: run.sh [PEER [PYTHON]]
set -eu
cd "$(dirname "$0")/../.."

status=0
python3 Tests/Benchmarks/language.py || status=$?
if [ -n "${1:-}" ]; then
  python3 Tests/Benchmarks/peer.py .build/release/duet "$1" "${2:-python3}"
else
  echo "PEER=path/to/peer_step.py PYTHON=python-with-torch also measures training steps beside PyTorch"
fi
exit "$status"
