package crawl

import (
	"net/url"
	"regexp"
	"slices"
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

// nextOf is the canonical address of the page on which the story goes on, or "". It
// must be on the page's own host, and a link to it one that may be followed.
func (e *Extractor) nextOf(doc *goquery.Selection, address string) string {
	to, _ := e.nextBy(doc, address, func(n *html.Node) bool { return !hasRel(n, "nofollow") })
	return to
}

// continuation is nextOf, and whether that is certain: otherwise the two pages are of
// one story only if their titles agree. A link that is not to be followed counts too:
// where another one led to the page, it tells all the same that the story goes on there.
func (e *Extractor) continuation(doc *goquery.Selection, address string) (next string, sure bool) {
	return e.nextBy(doc, address, func(*html.Node) bool { return true })
}

// nextBy looks among the links that counts lets through.
func (e *Extractor) nextBy(doc *goquery.Selection, address string, counts func(*html.Node) bool) (next string, sure bool) {
	if e.story.Next == NextNone {
		return "", false
	}
	base := baseOf(doc, address)
	m := anyLink
	if e.next != nil {
		m = e.next
	}
	for _, n := range doc.FindMatcher(m).Nodes {
		href := attribute(n, "href")
		if href == "" || !counts(n) || e.next == nil && !saysNext(n) {
			continue
		}
		to := base.absolute(href)
		if to == "" || to == address || !sameHost(to, address) {
			continue
		}
		if e.next != nil {
			return to, true
		}
		if follows, sure := continues(address, to); follows {
			return to, sure
		}
	}
	return "", false
}

func saysNext(n *html.Node) bool {
	return hasRel(n, "next") || nextWords.MatchString(blockText(n, nil))
}

// hasRel tells whether the word is among those of the link's rel.
func hasRel(n *html.Node, word string) bool {
	return slices.Contains(strings.Fields(strings.ToLower(attribute(n, "rel"))), word)
}

func sameHost(a, b string) bool {
	u, err := url.Parse(a)
	v, err2 := url.Parse(b)
	return err == nil && err2 == nil && hostKey(u) == hostKey(v)
}
