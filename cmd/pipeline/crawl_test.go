package main

import (
	"os"
	"strings"
	"testing"
)

// A page is tried without a workspace, by the settings of its own site.
func TestTryPage(t *testing.T) {
	t.Chdir(t.TempDir()) // where there is no pipeline.yaml
	r := expect(t, exitDone, "", "crawl", "--try", "http://tales.example/")
	for _, want := range []string{"site      tales\n", "status    200, ", "links followed: ", "  http://tales.example/"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%q is missing in\n%s", want, r.out)
		}
	}
	expect(t, exitFailed, "the page could not be used: http 404", "crawl", "--try", "http://tales.example/nothing-here")
	expect(t, exitUsage, `--try: found "tales", expected an address`, "crawl", "--try", "tales")
	expect(t, exitFailed, "set contact to an e-mail or web address of yours", "crawl", "--try", "http://far.example/")
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("it wrote %v, %v", left, err)
	}
}
