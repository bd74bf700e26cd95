package crawl

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func linksOf(t *testing.T, page, address string) *linkSet {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	l := &linkSet{}
	l.collect(doc.Selection, address)
	return l
}

// Which links a page has, and as which addresses.
func TestLinks(t *testing.T) {
	const here = "http://a.example/s/12.html"
	for page, want := range map[string]string{
		`<a href="13.html">x</a><area href="/14">`:                                  "http://a.example/s/13.html http://a.example/14",
		`<link rel=stylesheet href="a.css"><link rel="prev NEXT" href="b">`:         "http://a.example/s/b",
		`<a href="#top">x</a><a href=" ">x</a><a>x</a><a href="13#x">x</a>`:         "http://a.example/s/13#x",
		`<a rel="external NoFollow" href="13">x</a><a href="14">x</a>`:              "http://a.example/s/14",
		`<a href="mailto:a@b.example">x</a><a href="http://[::zz/">x</a>`:           "mailto:a@b.example",
		`<base href="../t/"><base href="/u/"><a href="13">x</a>`:                    "http://a.example/t/13",
		`<base target=x><base href="//b.example"><a href="13">x</a>`:                "http://b.example/13",
		`<base href="javascript:x"><a href="13">x</a>`:                              "http://a.example/s/13",
		`<base href="/` + strings.Repeat("A", maxHref) + `/"><a href="13">x</a>`:    "http://a.example/s/13",
		`<base href="/` + strings.Repeat("A", maxAddress) + `/"><a href="13">x</a>`: "http://a.example/s/13",
	} {
		if got := strings.Join(linksOf(t, page, here).links, " "); got != want {
			t.Errorf("%.80s: %q, want %q", page, got, want)
		}
	}
}

// What the links of one page cost is bounded, however long they are; one that is too
// long is counted as no address, once.
func TestLongLinks(t *testing.T) {
	base := `<base href="/` + strings.Repeat("A", 100_000) + `/">`
	long := strings.Repeat("x", maxHref)
	for name, test := range map[string]struct {
		page        string
		links, size int
	}{
		"a long base":         {base + strings.Repeat(`<a href="x17">x</a>`, 1000), 1000, 30_000},
		"a long link":         {`<a href="` + long + `/">x</a><a href="/1">x</a>`, 2, 300},
		"long by its base":    {`<base href="/` + strings.Repeat("A", 2000) + `/"><a href="` + long[:maxHref-1000] + `">x</a>`, 1, 300},
		"long as it is coded": {`<a href="` + strings.Repeat("故", maxHref/3) + `">x</a>`, 1, 300},
		"many long ones":      {strings.Repeat(`<a href="`+long[:8000]+`">x</a>`, 300), 63, 510_000},
		"many short ones":     {strings.Repeat(`<a href="/1">x</a>`, maxLinks+10), maxLinks, 1 << 20},
	} {
		links, size := linksOf(t, test.page, virtual).links, 0
		for _, link := range links {
			size += len(link)
		}
		if len(links) != test.links || size > test.size {
			t.Errorf("%s: %d links of %d bytes, want %d of at most %d", name, len(links), size, test.links, test.size)
		}
	}
	report, err := Run(context.Background(), optionsFor(servePages(t, map[string]string{
		"":  chapter("一", "一。", fmt.Sprintf(`<a href="2">2</a> <a href="%s/">长</a> <a href="/%s/">长</a> <a href="%[1]s/">下一页</a>`, long, long)),
		"2": chapter("二", "二。", fmt.Sprintf(`<a href="%s/">长</a>`, long)),
	}), t.TempDir()))
	if err != nil || report.Stories != 2 || report.Sites[0].Skipped[SkipAddress] != 2 {
		t.Errorf("%+v, %v; want 2 stories, and 2 links that are no addresses", report, err)
	}
}
