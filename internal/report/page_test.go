package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"wakong/corpus"
	"wakong/crawl"
	"wakong/embed"
	"wakong/internal/wordplot"
	"wakong/model"
)

var update = flag.Bool("update", false, "write the golden files anew")

// evil is text that is markup where it is not escaped.
const evil = `<img src=x onerror=alert(1)>"'></style><script>alert(2)</script>&amp;`

// testPage has everything, and evil text wherever text of others can stand.
func testPage(t testing.TB) Page {
	documents := func(yield func(corpus.Document, error) bool) {
		for i := range 12 {
			d := corpus.Document{ID: fmt.Sprint(i), Title: "狐狸" + evil, Source: evil, Sentences: [][]string{{"狐狸", "提", "灯笼", "。"}, {strings.Fields(evil)[0], "山羊", "好"}}}
			for range i {
				d.Sentences = append(d.Sentences, []string{"他们", "走过", "木桥"})
			}
			if !yield(d, nil) {
				return
			}
		}
	}
	text, err := ReadCorpus(documents, 12, nil)
	if err != nil {
		t.Fatal(err)
	}
	text.Sources = []*corpus.SourceReport{{Name: evil, Format: "text", Files: 1, Samples: 12, Documents: 12}}
	text.Cleaned = &corpus.Report{
		Samples: 15, Duplicates: 3, Documents: 12,
		Steps: []corpus.StepCount{{Name: "half_width", Documents: 2, Characters: 3, Examples: []corpus.StepExample{{Before: "１\u3000" + evil, After: "1\n"}}}},
		Leaks: corpus.LeakReport{Samples: 1, Documents: 1, Cases: []corpus.LeakCase{{File: evil, Line: 3, Question: evil}}},
		Dedup: &corpus.DedupReport{Documents: corpus.CopyReport{Near: 1}},
	}
	tally := NewTally([]Aspect{{By: "characters of the answer", Order: []string{"1", "2"}, Group: func(a Answered) string { return fmt.Sprint(min(2, len([]rune(a.Answer)))) }}},
		[]string{"noun", "other"}, func(word string) string {
			if word == "狐狸" {
				return "noun"
			}
			return "other"
		})
	for i := range 6 {
		answer := []string{"狐狸", evil, "他"}[i%3]
		tally.Add(Answered{ID: "q" + fmt.Sprint(i) + evil, Words: []string{"狐狸", "说", evil, "他", "跑"}, Blank: 2, Positions: []float64{0.6, 0.001, 0.3, 0.099, 0}, Answer: answer,
			Best: []model.Candidate{{Word: "狐狸", Probability: 0.6}, {Word: evil, Probability: 0.3}, {Word: "他", Probability: 0.099}, {Word: "说", Probability: 0.001}, {Word: "跑"}}})
	}
	accuracy := 0.5
	return Page{
		Stages: []Stage{
			{Name: "segment", State: "fresh", Files: []File{{"documents.jsonl", 123456}}, Fingerprint: strings.Repeat("ab", 32), Params: json.RawMessage(`{"x":"` + "\\u003cb>" + `"}`), Seconds: 1.5, Attempts: 2},
			{Name: "embed", State: "stale", Reason: "embed.window 5 -> 8 " + evil, Needs: []string{"segment"}, Files: []File{{evil, 1}}, Made: map[string]string{"kernel": evil}},
			{Name: "build", State: "missing", Reason: "never run", Needs: []string{"segment", "embed"}},
		},
		Judged: true,
		Crawl: &crawl.Report{Sites: []crawl.SiteReport{{Name: evil, Pages: 3, Stories: 2, Bytes: 1e6,
			Skipped: map[string]int64{"robots.txt": 1}, Failures: map[string][]crawl.Failure{"timeout": {{URL: evil}}}}}},
		Corpus: text,
		Vectors: &Vectors{Words: 100, Size: 8, Share: 0.3, Map: []wordplot.Point{{Word: evil, X: 1, Y: 2}, {Word: "狐狸", X: 2, Y: 1}, {Word: "灯笼", X: 0, Y: 3}},
			Neighbours: []Neighbours{{Word: evil, Count: 3, Near: []embed.Neighbor{{Word: evil, Similarity: 0.5}}}},
			Losses:     []embed.LossPoint{{Words: 1, Loss: 3}, {Words: 100, Loss: 2}}},
		Runs: []Run{
			{Name: "abcdef01", Current: true, Network: "pointer", Steps: 20, Best: 10, Accuracy: &accuracy, Questions: 6, Kernel: "portable", Seconds: 60,
				Metrics: []model.Metric{{Step: 10, Loss: 3, Accuracy: 0.5}, {Step: 20, Loss: 2.5, Accuracy: 0.4}}, Speed: []Speed{{10, 900}, {20, 1000}}},
			{Name: evil, Network: "reader", Steps: 20, Metrics: []model.Metric{{Step: 20, Loss: 2, WordLoss: 4}}},
		},
		Settings: []Setting{{"train.units", []string{"4", evil}}},
		Answers:  tally.Answers(),
		LeftOut:  []LeftOut{{"crawl", evil}},
	}
}

func written(t testing.TB, p Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestMarkup: no text of others becomes an element or an attribute, and nothing
// is loaded.
func TestMarkup(t *testing.T) {
	text := written(t, testPage(t))
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"img", "script", "link", "iframe", "object", "a", "b", "style"}, n.Data) {
			href := ""
			for _, a := range n.Attr {
				if a.Key == "href" {
					href = a.Val
				}
			}
			if !(n.Data == "a" && strings.HasPrefix(href, "#")) && n.Data != "b" && !(n.Data == "style" && n.Parent.Data == "head") {
				t.Errorf("an element %s %v", n.Data, n.Attr)
			}
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" {
				t.Errorf("%s has an attribute %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
	for _, foreign := range []string{"http://", "https://", "url(", "@import", "ZgotmplZ"} {
		text := strings.NewReplacer(`xmlns="http://www.w3.org/2000/svg"`, "", `xmlns:xlink="http://www.w3.org/1999/xlink"`, "", "url(#arrow)", "").Replace(text)
		if strings.Contains(text, foreign) {
			t.Errorf("the page holds %q", foreign)
		}
	}
	if n := strings.Count(text, html.EscapeString("<img src=x onerror=alert(1)>")); n < 20 {
		t.Errorf("the text of others stands in the page only %d times", n)
	}
}

// TestGolden shows what changes in the page as a reader without pictures has it.
func TestGolden(t *testing.T) {
	page := testPage(t)
	text := written(t, page)
	if text != written(t, testPage(t)) {
		t.Error("the same page gives other bytes")
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	var visit func(n *html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "style" || n.Data == "svg" && !hasClass(n.Parent, "graph")) {
			return
		}
		if n.Type == html.TextNode {
			if s := strings.Join(strings.Fields(n.Data), " "); s != "" {
				fmt.Fprintf(&got, "%s ", s)
			}
		}
		for c := range n.ChildNodes() {
			visit(c)
		}
		if n.Type == html.ElementNode && slices.Contains([]string{"tr", "p", "h2", "h3", "h4", "summary", "figcaption", "caption", "div", "text", "title"}, n.Data) {
			got.WriteString("\n")
		}
	}
	visit(root)
	lines := slices.DeleteFunc(strings.Split(got.String(), "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	path := filepath.Join("testdata", "page.txt")
	found := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(found), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if found != string(want) {
		t.Errorf("%s differs; run with -update if this is meant\ngot:\n%s", path, found)
	}
}

func hasClass(n *html.Node, class string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "class" && a.Val == class })
}

// TestParts leaves out what is not there.
func TestParts(t *testing.T) {
	whole := testPage(t)
	empty := 0.0
	for name, c := range map[string]struct {
		page    Page
		has, no []string
	}{
		"nothing":      {Page{Judged: true}, []string{"There are no results yet"}, []string{`id="corpus"`, `id="vectors"`, `id="training"`, `id="answers"`}},
		"not judged":   {Page{Stages: whole.Stages}, []string{"Without a configuration"}, []string{`id="corpus"`}},
		"crawl alone":  {Page{Crawl: whole.Crawl}, []string{`id="corpus"`, "Crawl"}, []string{"What cleaning removed"}},
		"empty corpus": {Page{Corpus: &Corpus{}}, []string{`id="corpus"`}, []string{"<figure>"}},
		"few words":    {Page{Vectors: &Vectors{Words: 2, Size: 8}}, []string{`id="vectors"`}, []string{"<figure", "Neighbours"}},
		"no metrics":   {Page{Runs: []Run{{Name: "a", Network: "pointer", Accuracy: &empty}}}, []string{`id="training"`, "0.0 %"}, []string{"<figure>"}},
		"answered":     {Page{Runs: []Run{{Name: "a", Current: true}}, Answers: whole.Answers}, []string{"a</code> *", "answers are shown below"}, []string{"* the workspace"}},
		"unanswered":   {Page{Runs: []Run{{Name: "a", Current: true}}}, []string{"a</code> *", "* the workspace"}, []string{"shown below", `id="answers"`}},
		"old runs":     {Page{Runs: []Run{{Name: "a"}}}, []string{`id="training"`}, []string{"</code> *", "shown below", "* the workspace"}},
		"no answers":   {Page{Answers: NewTally(nil, nil, nil).Answers()}, []string{`id="answers"`}, []string{"Confusion", "<details"}},
	} {
		text := written(t, c.page)
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing", name, want)
			}
		}
		for _, no := range c.no {
			if strings.Contains(text, no) {
				t.Errorf("%s: there is %q", name, no)
			}
		}
	}
}
