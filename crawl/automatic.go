package crawl

import (
	"net/url"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// minArticle is the number of characters below which readability tries again
// with fewer scruples. Its own default of 500 is for English; a Chinese text
// says as much in a third of that.
const minArticle = 160

// automaticText finds the main text of a page without selectors, a paragraph a
// line; "" is none. title and author are what the page says of itself; lines that
// only repeat them are left out.
//
// readability (the algorithm of Firefox's reader view) chooses the element. It is
// made for English articles: before it the clutter that Chinese sites have in
// common is taken out, and after it the element is narrowed to where the
// sentences stand. root is changed. links is the share of links in that element.
func automaticText(root *html.Node, address, title, author string) (text string, links float64) {
	removeClutter(root)
	keepFirstPost(root)
	best := root
	if article, ok := readableNode(root, address); ok {
		best = article
	}
	lines := blockLines(narrow(best), nil)
	return strings.Join(storyLines(lines, title, author), "\n"), linkShare(lines)
}

// readableNode is the element that readability chooses. A page that brings it
// down is a page on which it found nothing.
func readableNode(root *html.Node, address string) (n *html.Node, ok bool) {
	defer func() {
		if recover() != nil {
			n, ok = nil, false
		}
	}()
	parser := readability.NewParser()
	parser.CharThresholds = minArticle
	parser.DisableJSONLD = true
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{}
	}
	article, err := parser.ParseDocument(root, u)
	if err != nil || article.Node == nil {
		return nil, false
	}
	return article.Node, true
}

// narrow goes down to the smallest element that holds nearly all sentences.
func narrow(n *html.Node) *html.Node {
	for {
		whole, _ := sentences(n)
		var best *html.Node
		most, lines := 0, 0
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode || unread[c.DataAtom] || hidden(c) {
				continue
			}
			if size, count := sentences(c); size > most {
				best, most, lines = c, size, count
			}
		}
		// A single long paragraph is no container, unless it is all there is.
		if best == nil || most*100 < whole*72 || lines < 2 && most < whole {
			return n
		}
		n = best
	}
}

// sentences counts the characters of the lines below n that read as prose: they
// end as a sentence does, are no links, and are not what sites say about themselves.
func sentences(n *html.Node) (characters, lines int) {
	for _, l := range blockLines(n, nil) {
		if !isSentence(l.text) || mostlyLinked(l) || isNotice(l.text) {
			continue
		}
		characters += countRunes(l.text)
		lines++
	}
	return characters, lines
}
