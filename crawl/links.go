package crawl

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
)

// maxLinks is how many links of one page are looked at.
const maxLinks = 10_000

// maxHref is the length above which what a page or an answer writes as an address is
// not parsed: the parser takes time by the square of it. It is more than maxAddress,
// since what is made canonical becomes shorter.
const maxHref = 4 * maxAddress

// maxEffort is the sum of the squares of the lengths of the addresses, in bytes, that are
// made of one page's links. Ten thousand of 600 bytes are below it, and it takes a second
// or two.
const maxEffort int64 = 4_000_000_000

var followedLinks = cascadia.MustCompile("a[href], area[href], link[rel][href]")

// linkSet collects the links of a page in the page's order.
type linkSet struct {
	links    []string
	nofollow int
	rules    pageRules
}

// collect takes the links of the page at an address.
func (l *linkSet) collect(doc *goquery.Selection, address string) {
	base := baseOf(doc, address)
	for _, n := range doc.FindMatcher(followedLinks).Nodes {
		if n.Data == "link" && !hasRel(n, "next") {
			continue // style sheets and the like
		}
		href := strings.TrimSpace(attribute(n, "href"))
		if href == "" || strings.HasPrefix(href, "#") {
			continue
		}
		if hasRel(n, "nofollow") {
			l.nofollow++
			continue
		}
		if link := base.resolve(href); link != "" {
			l.links = append(l.links, link)
		}
	}
}

func (l *linkSet) take() (links []string, nofollow int) {
	if l.rules.nofollow {
		return nil, l.nofollow + len(l.links)
	}
	return l.links, l.nofollow
}

// linkBase is what the links of one page are relative to. It bounds what all of them
// together cost.
type linkBase struct {
	address string // canonical
	links   int    // how many it was asked for
	effort  int64  // see maxEffort
}

// baseOf is the address of the page's first base element, or else its own.
func baseOf(doc *goquery.Selection, address string) *linkBase {
	for _, n := range doc.FindMatcher(baseHref).Nodes {
		if to := absolute(address, attribute(n, "href")); to != "" {
			return &linkBase{address: to}
		}
		break
	}
	return &linkBase{address: address}
}

// spent tells whether no more links of the page are looked at.
func (b *linkBase) spent() bool { return b.links >= maxLinks || b.effort >= maxEffort }

func (b *linkBase) spend(href, address string) {
	b.links++
	n := int64(max(len(b.address)+len(href), len(address)))
	if strings.Contains(href, "@") {
		n *= 4 // a user name, which grows by three as it is encoded
	}
	b.effort += n * n
}

// resolve is the address that a link stands for, not yet canonical; "" is none. Of one
// that is too long there is enough for a person to find it, and for the crawl to count it
// once, as no address.
func (b *linkBase) resolve(href string) (address string) {
	if b.spent() {
		return ""
	}
	if len(href) > maxHref {
		b.links++
		return shortened(href)
	}
	defer func() { b.spend(href, address) }()
	parsed, err := addressParser.ParseRef(b.address, href)
	if err != nil {
		return ""
	}
	if address = parsed.Href(false); len(address) > maxHref {
		return shortened(href)
	}
	return address
}

// absolute is [absolute] for a link of the page.
func (b *linkBase) absolute(href string) string {
	if b.spent() || len(href) > maxHref {
		return ""
	}
	address := absolute(b.address, href)
	b.spend(href, address)
	return address
}

// shortened stands for a link that is too long. No scheme begins with its mark.
func shortened(href string) string {
	start := strings.ToValidUTF8(href[:min(len(href), 250)], "")
	return fmt.Sprintf("(%d bytes, %x) %.60s", len(href), sha256.Sum256([]byte(href)), start)
}

// absolute resolves a Location, a base or the link to a next page, and makes it
// canonical; "" is none that can be followed.
func absolute(base, location string) string {
	location = strings.TrimSpace(location)
	if location == "" || len(location) > maxHref {
		return ""
	}
	parsed, err := addressParser.ParseRef(base, location)
	if err != nil {
		return ""
	}
	canonical, err := Canonical(parsed.Href(true))
	if err != nil {
		return ""
	}
	return canonical
}
