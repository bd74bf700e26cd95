package browsertest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPage clicks, types and sees what goes wrong.
func TestPage(t *testing.T) {
	b := Start(t)
	path := filepath.Join(t.TempDir(), "page.html")
	err := os.WriteFile(path, []byte(`<!doctype html><title>t</title><input id="in"><button onclick="out.textContent = document.getElementById('in').value">b</button><p id="out"></p>
<p style="width:700px">wide</p><img src="file:///nowhere.png"><script>null.x</script>`), 0o644)
	if err != nil {
		t.Fatal(err)
	}
	p := b.Open("file://"+path, Screen{Width: 360, Height: 640, Phone: false, Dark: true})
	p.Click("#in")
	p.Type("狐狸")
	p.Press("Tab")
	p.Press("Enter")
	p.Wait("document.getElementById('out').textContent !== ''")
	if got := p.Text("#out"); got != "狐狸" {
		t.Errorf("the page says %q", got)
	}
	if n := p.Count("p"); n != 2 {
		t.Errorf("%d paragraphs", n)
	}
	if n := p.Overflow(); n < 340 {
		t.Errorf("a page of 700 pixels on a screen of 360 is too wide by %d", n)
	}
	var dark bool
	if p.Get("matchMedia('(prefers-color-scheme: dark)').matches", &dark); !dark {
		t.Error("the screen is not dark")
	}
	problems := p.Problems("file://" + path)
	for _, want := range []string{"TypeError", "asked for file:///nowhere.png"} {
		if !slices.ContainsFunc(problems, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("%q is not among %q", want, problems)
		}
	}
}
