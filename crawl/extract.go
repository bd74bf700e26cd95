package crawl

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Document is one story, a line of documents.jsonl.
type Document struct {
	// ID is the first 16 hexadecimal digits of the SHA-256 of URL.
	ID    string `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title"`
	// Text has a paragraph a line, no empty lines, and no line end at its end.
	Text string `json:"text"`
	// Site is the name of the site in the options.
	Site string `json:"site,omitempty"`
}

// DocumentID is the id of the story at a canonical address.
func DocumentID(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:8])
}

var heading, pageTitle, metaName = cascadia.MustCompile("h1"), cascadia.MustCompile("title"), cascadia.MustCompile("meta[name]")

// Extractor finds the story on a page. It may be used by many goroutines.
type Extractor struct {
	title, body, remove cascadia.Selector
	product             string // the name by which pages may call us
}

// Compile checks the selectors.
func (s Story) Compile() (*Extractor, error) {
	e := &Extractor{product: productOf(DefaultUserAgent)}
	for _, part := range []struct {
		name, text string
		to         *cascadia.Selector
	}{{"title", s.Title, &e.title}, {"body", s.Body, &e.body}, {"remove", s.Remove, &e.remove}} {
		if strings.TrimSpace(part.text) == "" {
			continue
		}
		group, err := cascadia.Compile(part.text)
		if err != nil {
			return nil, fmt.Errorf("story.%s: %q is no CSS selector: %w", part.name, part.text, err)
		}
		*part.to = group
	}
	return e, nil
}

// Extract takes the story from a page; false is a page without one, or one that
// asks not to be indexed (a robots meta element or X-Robots-Tag). It is a
// function of its arguments alone, so that stories can be taken from an archive
// again with other selectors.
func Extract(page Page, story Story) (Document, bool, error) {
	e, err := story.Compile()
	if err != nil {
		return Document{}, false, fmt.Errorf("crawl: %w", err)
	}
	return e.Extract(page)
}

// Extract is the function [Extract] with selectors compiled once. The error is
// that of a page which no parser reads.
func (e *Extractor) Extract(page Page) (Document, bool, error) {
	d, found, noindex, err := e.extract(page)
	if !found || noindex || err != nil {
		return Document{}, false, err
	}
	return d, true, nil
}

// extract is Extract that tells a story which is not to be used from none.
func (e *Extractor) extract(page Page) (d Document, found, noindex bool, err error) {
	root, err := html.Parse(strings.NewReader(DecodeText(page.Body, page.Header.Get("Content-Type"))))
	if err != nil {
		return Document{}, false, false, fmt.Errorf("crawl: %s: %w", page.URL, err)
	}
	doc := goquery.NewDocumentFromNode(root)
	removed := map[*html.Node]bool{}
	if e.remove != nil {
		for _, n := range doc.FindMatcher(e.remove).Nodes {
			removed[n] = true
		}
	}
	if e.body == nil {
		title := e.titleOf(doc)
		for n := range removed {
			if n.Parent != nil {
				n.Parent.RemoveChild(n)
			}
		}
		text := automaticText(root, page.URL, title, "")
		return Document{ID: DocumentID(page.URL), URL: page.URL, Title: title, Text: text}, text != "", false, nil
	}
	var parts []string
	var last *html.Node
	for _, n := range doc.FindMatcher(e.body).Nodes {
		if last != nil && contains(last, n) {
			continue // a match within a match: its text is in already
		}
		if inRemoved(n, removed) {
			continue
		}
		last = n
		if text := blockText(n, removed); text != "" {
			parts = append(parts, text)
		}
	}
	text := strings.Join(parts, "\n")
	if text == "" {
		return Document{}, false, false, nil
	}
	rules := pageRules{product: e.product}
	rules.header(page.Header)
	for _, n := range doc.FindMatcher(metaName).Nodes {
		rules.meta(attribute(n, "name"), attribute(n, "content"))
	}
	return Document{ID: DocumentID(page.URL), URL: page.URL, Title: e.titleOf(doc), Text: text}, true, rules.noindex, nil
}

func (e *Extractor) titleOf(doc *goquery.Document) string {
	for _, m := range []cascadia.Selector{e.title, heading, pageTitle} {
		if m == nil {
			continue
		}
		for _, n := range doc.FindMatcher(m).Nodes {
			if text := blockText(n, nil); text != "" {
				return strings.ReplaceAll(text, "\n", " ")
			}
		}
	}
	return ""
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func inRemoved(n *html.Node, removed map[*html.Node]bool) bool {
	for ; n != nil && len(removed) > 0; n = n.Parent {
		if removed[n] {
			return true
		}
	}
	return false
}

func contains(outer, inner *html.Node) bool {
	for n := inner; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}
