package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
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

// Without the network a crawl with other rules takes the pages from the archive of
// the one before.
func TestCrawlOffline(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, `<h1>狐狸</h1><div class="a">从前有一只狐狸。</div><div class="b">它住在山里。</div>`)
	}))
	dir := t.TempDir()
	file := filepath.Join(dir, "pipeline.yaml")
	config := func(body string) {
		write(t, file, "crawl: {sites: [{name: a, start: [\""+server.URL+"/\"], story: {body: "+body+"}}]}\n")
	}
	args := []string{"crawl", "-c", file, "-w", filepath.Join(dir, "work")}
	config(".a")
	expect(t, exitFailed, "holds no archive of a crawl yet", slices.Concat(args, []string{"--offline"})...)
	expect(t, exitDone, "1 stories", args...)
	server.Close()
	config(".b")
	expect(t, exitDone, "1 stories", slices.Concat(args, []string{"--offline"})...)
	found, err := filepath.Glob(filepath.Join(dir, "work", "cache", "crawl", "*", "documents.jsonl"))
	if err != nil || len(found) != 2 {
		t.Fatalf("%v, %v", found, err)
	}
	texts := ""
	for _, file := range found {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts += string(data)
	}
	if !strings.Contains(texts, "从前有一只狐狸。") || !strings.Contains(texts, "它住在山里。") {
		t.Error(texts)
	}
	expect(t, exitUsage, "goes neither with --offline", slices.Concat(args, []string{"--offline", "--try", server.URL})...)
}
