package crawl

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode"
)

// markedPage is a page with its story marked by hand.
type markedPage struct {
	layout, file string
	page         Page
	want         string
}

func markedPages(t testing.TB, pattern string) []markedPage {
	files, err := filepath.Glob(filepath.Join("testdata", "extraction", pattern, "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	sort.Strings(files)
	var all []markedPage
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(strings.TrimSuffix(file, ".html") + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, markedPage{
			layout: filepath.Base(filepath.Dir(file)), file: file, want: string(want),
			page: Page{URL: "http://tales.example/1.html", Header: http.Header{"Content-Type": {"text/html"}}, Body: body},
		})
	}
	return all
}

// score is the F1 of got by characters: the longest common subsequence in
// relation to both texts, without white space.
func score(got, want string) float64 {
	a, b := solid(got), solid(want)
	if len(a)+len(b) == 0 {
		return 1
	}
	row := make([]int, len(b)+1)
	for _, x := range a {
		before := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = before + 1
			} else {
				row[j+1] = max(row[j], above)
			}
			before = above
		}
	}
	return 2 * float64(row[len(b)]) / float64(len(a)+len(b))
}

func solid(s string) []rune {
	var out []rune
	for _, r := range s {
		if !unicode.IsSpace(r) {
			out = append(out, r)
		}
	}
	return out
}

// The bounds are those that docs/crawling.md promises for pages without
// selectors.
func TestAutomaticExtraction(t *testing.T) {
	for _, set := range []struct{ name, pattern string }{{"open", "[^h]*"}, {"heavy", "heavy"}, {"held", "held/*"}} {
		t.Run(set.name, func(t *testing.T) {
			e, err := Story{}.Compile()
			if err != nil {
				t.Fatal(err)
			}
			sum, n := 0.0, 0
			layouts := map[string][]string{}
			for _, p := range markedPages(t, set.pattern) {
				d, _, err := e.Extract(p.page)
				if err != nil {
					t.Fatal(err)
				}
				s := score(d.Text, p.want)
				if s < 0.8 {
					t.Errorf("%s: F1 %.3f, no page may be below 0.8; found:\n%s", p.file, s, d.Text)
				}
				sum += s
				n++
				layouts[p.layout] = append(layouts[p.layout], fmt.Sprintf("%.3f", s))
			}
			if mean := sum / float64(n); mean < 0.95 {
				t.Errorf("mean F1 %.3f, must be at least 0.95", mean)
			} else {
				t.Logf("mean F1 %.3f on %d pages", mean, n)
			}
			for layout, scores := range layouts {
				t.Logf("%-8s %s", layout, strings.Join(scores, " "))
			}
		})
	}
}
