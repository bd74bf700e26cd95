package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wakong/corpus"
)

func TestStats(t *testing.T) {
	dir, flags := project(t, "segment: {sources: [{format: text, path: stories/}]}\n")
	expect(t, exitFailed, "'pipeline segment' makes it", append([]string{"stats"}, flags...)...)
	expect(t, exitDone, "", append([]string{"segment"}, flags...)...)
	plots := filepath.Join(dir, "plots")
	r := expect(t, exitDone, "wrote "+plots, append([]string{"stats", "--plots", plots}, flags...)...)
	for _, part := range []string{"documents    12\n", "Heaps: ", "Zipf: ", "sentences, in words", "rank, r  occurrences", "的 "} {
		if !strings.Contains(r.out, part) {
			t.Errorf("no %q in\n%s", part, r.out)
		}
	}
	for _, name := range []string{"growth.svg", "frequencies.svg", "lengths.svg"} {
		if !strings.Contains(read(t, filepath.Join(plots, name)), "</svg>") {
			t.Errorf("%s is no picture", name)
		}
	}
	// The stage's documents and the files that they were made of give the same.
	var summaries [2]corpus.StatisticsSummary
	stories := filepath.Join(dir, "stories")
	for i, args := range [][]string{append([]string{"stats", "--json"}, flags...), {"stats", "--json", stories}} {
		r := expect(t, exitDone, "", args...)
		if err := json.Unmarshal([]byte(r.out), &summaries[i]); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := summaries[0], summaries[1]; a.Documents != 12 || a.Words == 0 || a.Words != b.Words || a.Vocabulary != b.Vocabulary || a.Growth.Beta != b.Growth.Beta {
		t.Errorf("%+v\n%+v", a, b)
	}
	expect(t, exitUsage, "--from: found", "stats", stories, "--from", "html")
	expect(t, exitUsage, "none is named", "stats", "--encoding", "big5")
	expect(t, exitFailed, "no such file", "stats", filepath.Join(dir, "none.txt"))
	empty := filepath.Join(dir, "empty.txt")
	if err := os.WriteFile(empty, []byte("abc\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, exitFailed, "found no words", "stats", empty)
}
