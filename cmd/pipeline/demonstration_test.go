package main

import (
	"strings"
	"testing"
)

// Without a configuration the built-in tales are crawled, to the same bytes in
// every run: the archive, too, knows neither port nor time.
func TestDemonstrationCrawl(t *testing.T) {
	t.Chdir(t.TempDir()) // where there is no pipeline.yaml
	for _, work := range []string{"a", "b"} {
		expect(t, exitDone, "crawl: 120 stories", "crawl", "-w", work)
	}
	a, b := results(t, "a"), results(t, "b")
	sameResults(t, a, b)
	archives := 0
	for name := range a {
		if strings.HasSuffix(name, ".warc.gz") {
			archives++
		}
	}
	if archives == 0 {
		t.Error("no archive")
	}
	expect(t, exitDone, "segment: 120 documents", "segment", "-w", "a")
	r := expect(t, exitDone, "", "status", "-w", "a")
	if !strings.HasPrefix(r.out, "crawl    fresh\nsegment  fresh\nembed    missing  never run\n") {
		t.Errorf("status:\n%s", r.out)
	}
	expect(t, exitFailed, "'pipeline train -w a' makes the network", "predict", "-w", "a")
}
