#!/usr/bin/env bash
# Compares the speed of segmentation with that of Debian's python3-jieba, without
# the HMM, a line of text at a time, in rounds in turn:
#
#   WAKONG_DATA=FOLDER corpus/testdata/jieba_speed.sh [ROUNDS]
#
# FOLDER holds c3/passages.jsonl and cmrc2019/passages.jsonl. Needs Go, gcc, g++ and
# python3-jieba. Prints MB/s of each round, the medians and their ratios.
set -euo pipefail
rounds=${1:-5}
project=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$project" && go test -c -o "$work/bench" ./corpus)
cat >"$work/jieba_speed.py" <<'PY'
import json, logging, os, sys, time
import jieba

jieba.setLogLevel(logging.WARNING)
jieba.initialize()
lines = []
for name in "c3", "cmrc2019":
    with open(os.path.join(os.environ["WAKONG_DATA"], name, "passages.jsonl"), encoding="utf-8") as f:
        for line in f:
            lines += json.loads(line)["text"].splitlines(keepends=True)
size = sum(len(line.encode()) for line in lines)
start = time.perf_counter()
for line in lines:
    jieba.lcut(line, HMM=False)
print(f"{size / 1e6 / (time.perf_counter() - start):.3f}")
PY
cd "$project/corpus"
export GOMAXPROCS=2
for ((i = 0; i < rounds; i++)); do
  python=$(/usr/bin/python3 "$work/jieba_speed.py")
  ours=$("$work/bench" -test.run xx -test.bench JiebaText -test.benchtime 2s | awk '/MB\/s/ { for (i = 1; i < NF; i++) if ($(i + 1) == "MB/s") printf "%s ", $i }')
  echo "$python $ours" | tee -a "$work/rounds"
done
awk '
  function median(list, n,   i, j, t) {
    for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
  }
  { p[NR] = $1; one[NR] = $2; two[NR] = $3 }
  END {
    a = median(p, NR); b = median(one, NR); c = median(two, NR)
    printf "python3-jieba %.2f MB/s, one thread %.2f (%.1f times), two threads %.2f (%.1f times)\n", a, b, b / a, c, c / a
  }' "$work/rounds"
