#!/bin/sh
# Fuzzes one of the readers for a while:  scripts/fuzz.sh READER SECONDS
set -eu
reader=$1
seconds=$2
cd "$(dirname "$0")/.."

scratch=.build/fuzz
DUET_FUZZ=1 swift build -c release --sanitize fuzzer --scratch-path "$scratch" --product fuzz

corpus=$scratch/corpus/$reader
mkdir -p "$corpus" "$scratch/findings"
case $reader in
  safetensors) patterns="*.safetensors" ;;
  archive) patterns="*.pt *.bin" ;;
  hdf5) patterns="*.h5" ;;
  picture) patterns="*.png *.jpg *.webp" ;;
  json) patterns="*.json" ;;
  *) patterns= ;;
esac
set -f
for pattern in $patterns; do
  find Tests ../shared/parity/clip -name "$pattern" -size -64k -type f 2>/dev/null |
    while read -r file; do
      cp -f "$file" "$corpus/seed-$(printf %s "$file" | tr -c 'A-Za-z0-9.' -)"
    done
done
set +f
seeds=Tests/Fuzzing/Seeds/$reader
test -d "$seeds" || seeds=

export DUET_FUZZ="$reader" SWIFT_BACKTRACE=enable=no
# shellcheck disable=SC2086
exec "$scratch/release/fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 \
  -max_len=65536 -print_final_stats=1 -artifact_prefix="$scratch/findings/$reader-" "$corpus" $seeds
