package crawl

import (
	"regexp"
	"strings"

	"golang.org/x/text/width"
)

// pageMark matches what a title says of the part that a page holds: （2）, [2],
// 第2页, 第二页/共5页, 2/5 and page 2 of 5. A bare 2/5 stands at the end or before what
// the site appends to its titles, so that a title with a fraction keeps it.
var pageMark = regexp.MustCompile(`(?i)` +
	`[(\[【]\s*(?:第\s*)?\d{1,3}\s*[页頁]?(?:\s*/\s*(?:共\s*)?\d{1,3}\s*[页頁]?)?\s*[)\]】]` +
	`|第\s*[\d一二三四五六七八九十百]{1,5}\s*[页頁](?:\s*[/,]?\s*共\s*\d{1,3}\s*[页頁])?` +
	`|\bpage\s*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\b` +
	`|(?:^|\s)\d{1,3}\s*/\s*\d{1,3}(\s*(?:$|[-_|—–]))`)

// separators are what stands between a title, its page mark and the site's name.
var separators = regexp.MustCompile(`[\s\-_|—–·:,]+`)

// storyTitle is a title without the marks of a part: what the titles of all
// parts of a story have in common. "" is a title that says nothing.
func storyTitle(title string) string {
	title = pageMark.ReplaceAllString(width.Fold.String(title), " $1")
	return strings.ToLower(strings.Trim(separators.ReplaceAllString(title, " "), " "))
}
