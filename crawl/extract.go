package crawl

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// Document is one story, a line of documents.jsonl.
type Document struct {
	// ID is the first 16 hexadecimal digits of the SHA-256 of URL.
	ID    string `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title"`
	// Author and Date ("2006-01-02") are what the page tells of itself; "" is
	// nothing.
	Author string `json:"author,omitempty"`
	Date   string `json:"date,omitempty"`
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
	story                             Story
	title, body, remove, author, date cascadia.Selector
	next                              cascadia.Selector
	encoding                          encoding.Encoding
	product                           string // the name by which pages may call us
}

// NextNone as Story.Next keeps pages apart that the site splits a story into.
const NextNone = "none"

// Compile checks the selectors.
func (s Story) Compile() (*Extractor, error) {
	e := &Extractor{story: s, product: productOf(DefaultUserAgent)}
	for _, part := range []struct {
		name, text string
		to         *cascadia.Selector
	}{
		{"title", s.Title, &e.title}, {"body", s.Body, &e.body}, {"remove", s.Remove, &e.remove},
		{"author", s.Author, &e.author}, {"date", s.Date, &e.date}, {"next", s.Next, &e.next},
	} {
		if strings.TrimSpace(part.text) == "" || part.name == "next" && s.Next == NextNone {
			continue
		}
		group, err := cascadia.Compile(part.text)
		if err != nil {
			return nil, fmt.Errorf("story.%s: %q is no CSS selector: %w", part.name, part.text, err)
		}
		*part.to = group
	}
	if s.Encoding != "" {
		var err error
		if e.encoding, err = htmlindex.Get(s.Encoding); err != nil {
			return nil, fmt.Errorf("story.encoding: %q is no encoding that browsers know, such as gb18030 or big5", s.Encoding)
		}
	}
	if s.MinCharacters < 0 || s.MinChinese < 0 || s.MinChinese > 1 || s.MaxLinks < 0 || s.MaxLinks > 1 {
		return nil, errors.New("story: min_characters is a number, min_chinese and max_links are shares between 0 and 1")
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
	x, err := e.extract(page)
	if x.skip != "" || x.failure != "" || x.doc.Text == "" || err != nil {
		return Document{}, false, err
	}
	return x.doc, true, nil
}

// extraction is what a page yields.
type extraction struct {
	doc     Document // Text is "" where the page has no story
	skip    string   // reason for which the story is not to be used
	failure string   // kind of failure: a page that is none
	next    string   // canonical address of the page that continues the story
	sure    bool     // of next: whatever its title is
	charset string   // in which the page was read
}

// extract is Extract that tells why there is no story.
func (e *Extractor) extract(page Page) (extraction, error) {
	text, charsetName := e.decode(page)
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return extraction{}, fmt.Errorf("crawl: %s: %w", page.URL, err)
	}
	doc := goquery.NewDocumentFromNode(root)
	x := extraction{charset: charsetName, doc: Document{
		ID: DocumentID(page.URL), URL: page.URL, Title: e.titleOf(doc), Author: e.authorOf(doc), Date: e.dateOf(doc),
	}}
	x.next, x.sure = e.continuation(doc.Selection, page.URL)
	script := needsScript(doc)
	rules := pageRules{product: e.product}
	rules.header(page.Header)
	for _, n := range doc.FindMatcher(metaName).Nodes {
		rules.meta(attribute(n, "name"), attribute(n, "content"))
	}
	if e.body == nil && tooComplex(root) {
		x.failure = FailComplex
		return x, nil
	}
	links := 0.0
	x.doc.Text, links = e.textOf(doc, page.URL, x.doc.Title, x.doc.Author)
	switch {
	case x.doc.Text == "" && script:
		x.failure = FailScript
	case x.doc.Text == "" && saysNotFound(doc, x.doc.Title), e.body == nil && isNotFound(x.doc.Title, x.doc.Text):
		x.failure = FailNotFound
	case x.doc.Text == "":
	case rules.noindex:
		x.skip = SkipNoindex
	default:
		x.skip = e.story.unlikely(x.doc.Text, links)
	}
	if x.failure != "" {
		x.doc.Text = ""
	}
	return x, nil
}

func (e *Extractor) decode(page Page) (text, charsetName string) {
	if e.encoding != nil {
		text, _ := decodeWith(e.encoding, page.Body)
		return strings.TrimPrefix(text, "\uFEFF"), strings.ToLower(e.story.Encoding)
	}
	return decodeNamed(page.Body, page.Header.Get("Content-Type"))
}

// textOf finds the text of a page, and which share of what was chosen is links.
func (e *Extractor) textOf(doc *goquery.Document, address, title, author string) (text string, links float64) {
	removed := map[*html.Node]bool{}
	if e.remove != nil {
		for _, n := range doc.FindMatcher(e.remove).Nodes {
			removed[n] = true
		}
	}
	if e.body == nil {
		for n := range removed {
			if n.Parent != nil {
				n.Parent.RemoveChild(n)
			}
		}
		return automaticText(doc.Nodes[0], address, title, author)
	}
	var lines []textLine
	var last *html.Node
	for _, n := range doc.FindMatcher(e.body).Nodes {
		if last != nil && contains(last, n) {
			continue // a match within a match: its text is in already
		}
		if inRemoved(n, removed) {
			continue
		}
		last = n
		lines = append(lines, blockLines(n, removed)...)
	}
	return joinLines(lines), linkShare(lines)
}

func (e *Extractor) titleOf(doc *goquery.Document) string {
	for _, m := range []cascadia.Selector{e.title, heading, pageTitle} {
		if m == nil {
			continue
		}
		for _, n := range doc.FindMatcher(m).Nodes {
			if text := blockText(n, nil); text != "" {
				return asTitle(text)
			}
		}
	}
	return ""
}

// mostTitle is the length of the longest title, in characters.
const mostTitle = 200

// asTitle makes one line of a text. Where that is far too long, an element that was not
// closed has swallowed the page, and only what stands before its first block is the title.
func asTitle(text string) string {
	if countRunes(text) > mostTitle {
		text, _, _ = strings.Cut(text, "\n")
	}
	if runes := []rune(text); len(runes) > mostTitle {
		text = strings.TrimSpace(string(runes[:mostTitle]))
	}
	return strings.ReplaceAll(text, "\n", " ")
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
