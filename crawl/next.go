package crawl

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

var (
	anyLink  = cascadia.MustCompile("a[href], link[rel][href]")
	baseHref = cascadia.MustCompile("base[href]")
)

// nextWords are what the link to the next page of a text says. The next chapter
// is not among them: it is followed like any link, and a story of its own.
var nextWords = regexp.MustCompile(`(?i)^[\s\[（(«»>＞→]*(?:下一?页|下一?頁|后一?页|後一?頁|余下全文|继续阅读|next(?:\s+page)?)[\s\]）)»>＞→]*$`)

// nextOf is the canonical address of the page on which the story goes on, or "".
// It must be on the page's own host.
func (e *Extractor) nextOf(doc *goquery.Selection, address string) string {
	to, _ := e.continuation(doc, address)
	return to
}

// continuation is nextOf, and whether that is certain: otherwise the two pages
// are of one story only if their titles agree.
func (e *Extractor) continuation(doc *goquery.Selection, address string) (next string, sure bool) {
	if e.story.Next == NextNone {
		return "", false
	}
	base := address
	for _, n := range doc.FindMatcher(baseHref).Nodes {
		if to := absolute(address, attribute(n, "href")); to != "" {
			base = to
		}
		break
	}
	m := anyLink
	if e.next != nil {
		m = e.next
	}
	for _, n := range doc.FindMatcher(m).Nodes {
		to := absolute(base, attribute(n, "href"))
		if attribute(n, "href") == "" || to == "" || to == address || !sameHost(to, address) {
			continue
		}
		if e.next != nil {
			return to, true
		}
		if !saysNext(n) {
			continue
		}
		if follows, sure := continues(address, to); follows {
			return to, sure
		}
	}
	return "", false
}

func saysNext(n *html.Node) bool {
	for _, word := range strings.Fields(strings.ToLower(attribute(n, "rel"))) {
		if word == "next" {
			return true
		}
	}
	return nextWords.MatchString(blockText(n, nil))
}

func sameHost(a, b string) bool {
	u, err := url.Parse(a)
	v, err2 := url.Parse(b)
	return err == nil && err2 == nil && hostKey(u) == hostKey(v)
}
