package crawl

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// nested is a page of a text within so many elements.
func nested(depth int, element, text string) string {
	return "<h1>题</h1>" + strings.Repeat("<"+element+">", depth) + text + strings.Repeat("</div>", depth)
}

func TestComplexPages(t *testing.T) {
	sentence := "<p>" + strings.Repeat("从前有一只小狐狸住在山里，它每天都去河边喝水。", 8) + "</p>"
	for name, test := range map[string]struct {
		body    string
		story   Story
		failure string
	}{
		"plain":                 {nested(3, "div", strings.Repeat(sentence, 5)), Story{}, ""},
		"long":                  {nested(12, "div", strings.Repeat(sentence, 2000)), Story{}, ""},
		"deep":                  {nested(150, "div", strings.Repeat(sentence, 5)), Story{}, ""},
		"too deep":              {nested(250, "div class=ad", strings.Repeat(sentence, 5)), Story{}, FailComplex},
		"too much at a depth":   {nested(120, "div class=ad", strings.Repeat(sentence, 2000)), Story{}, FailComplex},
		"many, deep":            {nested(120, "div", strings.Repeat("<p>好。</p>", 30_000)), Story{}, FailComplex},
		"too many elements":     {nested(1, "div", strings.Repeat("<b></b>", MaxNodes)), Story{}, FailComplex},
		"deep, with a selector": {nested(250, "div class=ad", strings.Repeat(sentence, 5)), Story{Body: "p"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := test.story.Compile()
			if err != nil {
				t.Fatal(err)
			}
			x, err := e.extract(htmlPage(test.body))
			if err != nil || x.failure != test.failure || (x.doc.Text == "") != (test.failure != "") {
				t.Errorf("failure %q, %d bytes of text, %v; want %q", x.failure, len(x.doc.Text), err, test.failure)
			}
		})
	}
}

// A page that is too complex is listed in the report, and ends nothing.
func TestComplexPageIsReported(t *testing.T) {
	text := strings.Repeat("从前有一只小狐狸住在山里，它每天都去河边喝水。", 20)
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprintf(w, `<h1>题</h1><p>%s</p><p>%s</p><a href="/deep">a</a>`, text, text)
		case "/deep":
			fmt.Fprint(w, nested(300, "div class=ad", "<p>"+text+"</p>"))
		default:
			http.NotFound(w, r)
		}
	})
	o := optionsFor(server.URL, t.TempDir())
	o.Sites[0].Start, o.Sites[0].Story = []string{virtual}, Story{}
	report, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if f := report.Sites[0].Failures[FailComplex]; len(f) != 1 || f[0].URL != virtual+"deep" || report.Stories != 1 {
		t.Errorf("%+v", report)
	}
}

func BenchmarkComplexPage(b *testing.B) {
	sentence := "<p>" + strings.Repeat("从前有一只小狐狸住在山里，它每天都去河边喝水。", 8) + "</p>"
	for name, body := range map[string]string{
		"depth 190":       nested(190, "div class=ad", strings.Repeat(sentence, 500)),
		"199,000 nodes":   nested(1, "div", strings.Repeat("<p>好。</p>", 99_000)),
		"nodes and depth": nested(190, "div class=ad", strings.Repeat("<p>好。</p>", 9_000)),
	} {
		b.Run(name, func(b *testing.B) {
			e, err := Story{}.Compile()
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if x, err := e.extract(htmlPage(body)); err != nil || x.failure != "" {
					b.Fatalf("%q %v", x.failure, err)
				}
			}
		})
	}
}
