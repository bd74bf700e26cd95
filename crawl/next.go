package crawl

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

var (
	anyLink  = cascadia.MustCompile("a[href], link[rel~=next][href]")
	baseHref = cascadia.MustCompile("base[href]")
)

// nextWords are what the link to the next page of a text says. The next chapter
// is not among them: it is followed like any link, and a story of its own.
var nextWords = regexp.MustCompile(`(?i)^[\s\[（(«»>＞→]*(?:下一?页|下一?頁|后一?页|後一?頁|余下全文|继续阅读|next(?:\s+page)?)[\s\]）)»>＞→]*$`)

// nextOf is the canonical address of the page on which the story goes on, or "".
// It must be on the page's own host.
func (e *Extractor) nextOf(doc *goquery.Selection, address string) string {
	if e.story.Next == NextNone {
		return ""
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
		if e.next != nil || saysNext(n) && continues(address, to) {
			return to
		}
	}
	return ""
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

// pageNumber takes the number of a part off an address: /story/12_3.html is part
// 3 of /story/12.html, /story?id=12&page=3 is part 3 of /story?id=12.
var (
	pathNumber  = regexp.MustCompile(`^(.+?)[_-](?:p|page)?(\d{1,3})$`)
	queryNumber = regexp.MustCompile(`(?:^|&)(?:p|page|pn|pageno|paged)=(\d{1,3})(?:&|$)`)
	lastSegment = regexp.MustCompile(`^(.*)/(?:page/)?(\d{1,3})$`)
)

// continues tells whether to is the part after the one at from, by their
// addresses alone. Sites call the next chapter and the next story "next page"
// too, and these are not to be joined.
func continues(from, to string) bool {
	for _, whole := range partsOf(from) {
		for _, part := range partsOf(to) {
			if whole.stem == part.stem && part.number == whole.number+1 && part.number > 1 {
				return true
			}
		}
	}
	return false
}

type part struct {
	stem   string
	number int
}

// partsOf are the ways to read an address as a part: as the first one of itself,
// and by the numbers in it.
func partsOf(address string) []part {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	ext := path.Ext(u.Path)
	stem := strings.TrimSuffix(u.Path, ext)
	all := []part{{strings.TrimSuffix(stem, "/") + ext + "?" + u.RawQuery, 1}}
	if m := pathNumber.FindStringSubmatch(stem); m != nil {
		all = append(all, part{m[1] + ext + "?" + u.RawQuery, number(m[2])})
	}
	if m := lastSegment.FindStringSubmatch(strings.TrimSuffix(u.Path, "/")); m != nil {
		all = append(all, part{m[1] + "?" + u.RawQuery, number(m[2])})
	}
	if m := queryNumber.FindStringSubmatchIndex(u.RawQuery); m != nil {
		rest := strings.Trim(u.RawQuery[:m[0]]+"&"+u.RawQuery[m[1]:], "&")
		all = append(all, part{strings.TrimSuffix(stem, "/") + ext + "?" + rest, number(u.RawQuery[m[2]:m[3]])})
	}
	return all
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
