#!/bin/sh
# Ratios, never bare times: run.sh [PEER [PYTHON]]
set -eu
cd "$(dirname "$0")/../.."
peer=${1:-}
python=${2:-python3}

status=0
python3 Tests/Benchmarks/language.py || status=$?
if [ -z "$peer" ]; then
  echo "PEER=path/to/peer_step.py PYTHON=python-with-torch also measures training steps beside PyTorch"
elif ! "$python" -c "import torch" 2>/dev/null; then
  echo "$python has no PyTorch (pip install torch): training steps are measured without it"
  "$python" Tests/Benchmarks/peer.py .build/release/duet
else
  "$python" Tests/Benchmarks/peer.py .build/release/duet "$peer" "$python"
fi
exit "$status"
