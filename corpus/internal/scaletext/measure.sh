#!/usr/bin/env bash
# Measures cleaning, deduplication and segmentation of a large text with planted
# copies: time, speed, memory, recall and precision for each size in MB.
#
#   corpus/internal/scaletext/measure.sh [FOLDER [SIZE...]]
#
# Needs Go, gcc, g++ and /usr/bin/time (GNU), and in FOLDER ($TMPDIR if not given),
# within a new folder that is removed at the end, about four times the largest size.
# THREADS limits the processors, 2 if not given.
set -euo pipefail
project=$(cd "$(dirname "$0")/../../.." && pwd)
parent=${1:-${TMPDIR:-/tmp}}
shift || true
[[ $# -gt 0 ]] || set -- 100 300
mkdir -p "$parent"
folder=$(mktemp -d "$parent/measure.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
folder=$PWD
(cd "$project" && go build -o "$folder/scale" ./corpus/internal/scaletext/scale && go build -o "$folder/pipeline" ./cmd/pipeline)
cat >scale.yaml <<'YAML'
segment:
  sources:
    - {format: documents, path: "${SCALE}/documents.jsonl"}
YAML
export GOMAXPROCS=${THREADS:-2}
echo "   MB   seconds   MB/s   processor s   peak MB   result"
for size in "$@"; do
  rm -rf text work
  ./scale generate -megabytes "$size" -tales "$project/testdata/demo/tales" -to text
  SCALE=$folder/text /usr/bin/time -f '%e %U %S %M' -o time.txt ./pipeline segment --quiet -c scale.yaml -w work
  read -r seconds user system kilobytes <time.txt
  result=$(./scale check -from text -kept work/cache/segment/*/documents.jsonl | paste -sd';')
  awk -v size="$size" -v s="$seconds" -v u="$user" -v y="$system" -v k="$kilobytes" -v r="$result" \
    'BEGIN { printf "%5d %9.1f %6.2f %13.1f %9.0f   %s\n", size, s, size / s, u + y, k / 1024, r }'
  rm -rf text work
done
