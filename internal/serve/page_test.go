package serve

import (
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestPageAlone: nothing comes from elsewhere, and nothing runs inline.
func TestPageAlone(t *testing.T) {
	_, h := testServer(t, &counting{}, Options{})
	foreign := regexp.MustCompile(`https?://|//[a-z]+\.|@import|innerHTML|outerHTML|insertAdjacentHTML|document\.write| on[a-z]+="| style="`)
	for _, path := range []string{"/", "/style.css", "/script.js", "/words.js"} {
		response, err := http.Get(h.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 200 || response.Header.Get("Content-Security-Policy") != contentPolicy {
			t.Errorf("%s: %s %v", path, response.Status, response.Header)
		}
		file := "page/" + strings.TrimPrefix(path, "/")
		if path == "/" {
			file += "index.html"
		}
		b, err := pageFiles.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := foreign.Find(b); found != nil {
			t.Errorf("%s holds %q", file, found)
		}
	}
}

// TestBrowser asks a question in the page, whose passage looks like markup.
func TestBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium in PATH (Debian's package chromium)")
	}
	_, h := testServer(t, &counting{}, Options{})
	fragment := url.Values{"passage": {`狐狸<img/src=x/onerror=document.title='broken'>提灯，XXXXX走过桥。`}}.Encode()
	dom, err := exec.CommandContext(t.Context(), chromium, "--headless=new", "--no-sandbox", "--disable-gpu",
		"--user-data-dir="+t.TempDir(), "--lang=en-US", "--virtual-time-budget=10000", "--dump-dom",
		h.URL+"/#"+strings.ReplaceAll(fragment, "+", "%20")).Output()
	if err != nil {
		t.Fatal(err)
	}
	page := string(dom)
	for _, want := range []string{`<span class="word">狐</span>`, "100.0 %", `class="left chosen"`, `class="right"`, `class="blank"`, "&lt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<img") || strings.Contains(page, "<title>broken") {
		t.Error("story text became markup")
	}
	if t.Failed() {
		t.Log(page)
	}
}
