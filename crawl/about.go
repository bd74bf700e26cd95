package crawl

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

var (
	declaredAuthor = cascadia.MustCompile(`meta[name=author], meta[property="article:author"], meta[property="og:novel:author"]`)
	shownAuthor    = cascadia.MustCompile(`[rel=author], [itemprop=author], .author, .entry-author, #author`)
	declaredDate   = cascadia.MustCompile(`meta[property="article:published_time"], meta[name=publishdate], meta[name=pubdate], meta[name=PubDate], meta[itemprop=datePublished], meta[name=date]`)
	shownDate      = cascadia.MustCompile(`time[datetime], [itemprop=datePublished], .date, .time, .entry-date, .pubtime`)
)

// authorLabel takes the name out of "作者：林晚舟 | 来源：".
var authorLabel = regexp.MustCompile(`作\s*者\s*[：:]\s*([^\s|｜/,，;；:：]{1,20})`)

// mostAuthor is the length of the longest name, in characters.
const mostAuthor = 40

// authorOf is the author by the selector, or as the page declares or shows one.
func (e *Extractor) authorOf(doc *goquery.Document) string {
	if e.author != nil {
		return cleanAuthor(firstText(doc, e.author))
	}
	for _, n := range doc.FindMatcher(declaredAuthor).Nodes {
		if name := cleanAuthor(attribute(n, "content")); name != "" && !strings.Contains(name, "://") {
			return name
		}
	}
	if name := cleanAuthor(firstText(doc, shownAuthor)); name != "" {
		return name
	}
	for _, n := range doc.FindMatcher(pageBody).Nodes {
		if found := authorLabel.FindStringSubmatch(blockText(n, nil)); found != nil {
			return found[1]
		}
	}
	return ""
}

func cleanAuthor(s string) string {
	if found := authorLabel.FindStringSubmatch(s); found != nil {
		return found[1]
	}
	s = strings.Join(strings.Fields(s), " ")
	if countRunes(s) > mostAuthor {
		return ""
	}
	return s
}

// anyDate matches a day as Chinese pages write it.
var anyDate = regexp.MustCompile(`((?:19|20)\d\d)\s*(?:年|-|/|\.)\s*(\d{1,2})\s*(?:月|-|/|\.)\s*(\d{1,2})`)

// dateOf is the day by the selector, or as the page declares or shows one.
func (e *Extractor) dateOf(doc *goquery.Document) string {
	if e.date != nil {
		return findDate(firstText(doc, e.date))
	}
	for _, n := range doc.FindMatcher(declaredDate).Nodes {
		if day := findDate(attribute(n, "content")); day != "" {
			return day
		}
	}
	for _, n := range doc.FindMatcher(shownDate).Nodes {
		for _, text := range []string{attribute(n, "datetime"), blockText(n, nil)} {
			if day := findDate(text); day != "" {
				return day
			}
		}
	}
	return ""
}

// findDate returns the first day in a text as "2006-01-02", or "".
func findDate(s string) string {
	found := anyDate.FindStringSubmatch(s)
	if found == nil {
		return ""
	}
	month, _ := strconv.Atoi(found[2])
	day, _ := strconv.Atoi(found[3])
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return ""
	}
	return fmt.Sprintf("%s-%02d-%02d", found[1], month, day)
}

// firstText is the text of the first match that has some, on one line.
func firstText(doc *goquery.Document, m cascadia.Selector) string {
	for _, n := range doc.FindMatcher(m).Nodes {
		if text := oneLine(n); text != "" {
			return text
		}
	}
	return ""
}

func oneLine(n *html.Node) string {
	if content := attribute(n, "content"); n.Data == "meta" && content != "" {
		return strings.Join(strings.Fields(content), " ")
	}
	return strings.ReplaceAll(blockText(n, nil), "\n", " ")
}
