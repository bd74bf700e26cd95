#!/bin/bash
# measure.sh [ROUNDS [PAGES]]: crawls the site of speed with Scrapy and with
# `pipeline crawl` in turn, and prints pages a second of each round and the medians.
# Scrapy is Debian's python3-scrapy. Both obey robots.txt, ask 16 times at once
# without a delay and write what they fetch to disk; pipeline into its archive, with
# its frontier on disk, and takes the stories out. ONLY=pipeline leaves Scrapy out.
set -eu
rounds=${1:-3} pages=${2:-5000}
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
go build -C "$here" -o "$dir/speed" .
go build -C "$here/../../.." -o "$dir/pipeline" ./cmd/pipeline
"$dir/speed" -pages "$pages" >"$dir/address" &
server=$!
trap 'kill $server; rm -rf "$dir"' EXIT
until [ -s "$dir/address" ]; do sleep 0.1; done
start="http://$(cat "$dir/address")/list/0"
lists=$(((pages + 49) / 50))
cat >"$dir/pipeline.yaml" <<END
crawl: {sites: [{name: speed, start: ["$start"], concurrency: 16, max_pages: $((2 * pages + 100)), max_depth: $((lists + 10)), story: {body: ".story"}}]}
END

# timed NAME COMMAND...: runs it and notes pages a second.
timed() {
	local name=$1 from to
	shift
	from=$(date +%s.%N)
	"$@"
	to=$(date +%s.%N)
	awk -v n="$((pages + lists))" -v a="$from" -v b="$to" 'BEGIN { printf "%.0f\n", n / (b - a) }' >>"$dir/$name.rates"
	echo "$name $(tail -n 1 "$dir/$name.rates") pages/s"
}
for ((round = 0; round < rounds; round++)); do
	if [ "${ONLY:-}" != pipeline ]; then
		rm -rf "$dir/bodies" && mkdir "$dir/bodies"
		timed scrapy scrapy runspider "$here/spider.py" -a start="$start" -a folder="$dir/bodies"
		got=$(ls "$dir/bodies" | wc -l)
		[ "$got" -eq $((pages + lists)) ] || { echo "scrapy fetched $got pages, not $((pages + lists))" >&2; exit 1; }
	fi
	rm -rf "$dir/crawled"
	timed pipeline "$dir/pipeline" crawl --quiet -c "$dir/pipeline.yaml" -w "$dir/crawled"
	got=$(cat "$dir"/crawled/cache/crawl/*/documents.jsonl | wc -l)
	[ "$got" -eq "$pages" ] || { echo "pipeline found $got stories, not $pages" >&2; exit 1; }
done
for name in scrapy pipeline; do
	[ -s "$dir/$name.rates" ] || continue
	sort -n "$dir/$name.rates" | awk -v name="$name" '{ r[NR] = $1 } END { print name, "median", r[int((NR + 1) / 2)], "pages/s" }'
done
