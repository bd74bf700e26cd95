package crawl

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
)

// withBounds is the story with the bounds that hold where none are given.
func (s Story) withBounds() Story {
	if s.Body != "" {
		return s
	}
	if s.MinCharacters == 0 {
		s.MinCharacters = DefaultMinCharacters
	}
	if s.MinChinese == 0 {
		s.MinChinese = DefaultMinChinese
	}
	if s.MaxLinks == 0 {
		s.MaxLinks = DefaultMaxLinks
	}
	return s
}

// unlikely names the reason for which a text is no story; "" is none.
func (s Story) unlikely(text string, links float64) string {
	s = s.withBounds()
	characters, chinese := 0, 0
	for _, r := range text {
		if unicode.IsSpace(r) || unicode.IsPunct(r) {
			continue
		}
		characters++
		if unicode.Is(unicode.Han, r) {
			chinese++
		}
	}
	switch {
	case characters < s.MinCharacters:
		return SkipShort
	case float64(chinese) < s.MinChinese*float64(characters):
		return SkipForeign
	case s.MaxLinks > 0 && links > s.MaxLinks:
		return SkipLinks
	}
	return ""
}

// notFound matches how pages say that they are not there.
var notFound = regexp.MustCompile(`(?i)^\s*(?:error\s*)?404\b|not found|(?:页面|頁面|网页|文章|内容|帖子|主题|页)(?:不存在|未找到|没有找到|已删除|已被删除|已经被删除)|找不到.{0,6}(?:页面|頁面|网页|文章|内容)|您访问的(?:页面|网页|内容)`)

// mostNotFound is the length, in characters, above which a text is more than the
// excuse of a page that is not there.
const mostNotFound = 200

// isNotFound tells a page that says it is not there from one that is.
func isNotFound(title, text string) bool {
	return notFound.MatchString(title) && countRunes(text) <= mostNotFound ||
		countRunes(text) <= mostNotFound && countRunes(title) <= mostNotFound && notFound.MatchString(text)
}

// saysNotFound is isNotFound for a page without a story: all that it shows counts,
// and its title element as well as what was found as its title.
func saysNotFound(doc *goquery.Document, title string) bool {
	var text strings.Builder
	for _, n := range doc.FindMatcher(pageBody).Nodes {
		text.WriteString(blockText(n, nil))
	}
	for _, n := range doc.FindMatcher(pageTitle).Nodes {
		if isNotFound(blockText(n, nil), text.String()) {
			return true
		}
	}
	return isNotFound(title, text.String())
}

var (
	scripts    = cascadia.MustCompile("script[src], script[type=module]")
	emptyRoots = cascadia.MustCompile("#app, #root, #__next, #__nuxt, app-root, [data-reactroot], [ng-app], [v-cloak]")
	noscripts  = cascadia.MustCompile("noscript")
	pageBody   = cascadia.MustCompile("body")
)

// mostWithoutScript is the number of characters up to which a page counts as an
// empty frame that scripts would fill.
const mostWithoutScript = 120

var asksForScript = regexp.MustCompile(`(?i)javascript|脚本|腳本`)

// needsScript tells whether the page shows next to nothing by itself, and holds
// what programs that run in the browser begin with.
func needsScript(doc *goquery.Document) bool {
	for _, n := range doc.FindMatcher(pageBody).Nodes {
		if countRunes(blockText(n, nil)) > mostWithoutScript {
			return false
		}
	}
	if doc.FindMatcher(scripts).Length() == 0 {
		return false
	}
	if doc.FindMatcher(emptyRoots).Length() > 0 {
		return true
	}
	return asksForScript.MatchString(strings.Join(doc.FindMatcher(noscripts).Map(
		func(_ int, s *goquery.Selection) string { return s.Text() }), " "))
}
