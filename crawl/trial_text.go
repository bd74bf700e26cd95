package crawl

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Text is the trial for a person.
func (t Trial) Text() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		if value := fmt.Sprintf(format, args...); value != "" {
			fmt.Fprintf(&b, "%-9s %s\n", name, value)
		}
	}
	line("address", "%s", t.URL)
	for _, to := range t.Redirects {
		line("leads to", "%s", to)
	}
	if t.Status > 0 {
		line("status", "%d, %d bytes", t.Status, t.Bytes)
	}
	line("failure", "%s", t.Failure)
	if t.Script {
		line("script", "the page shows next to nothing without JavaScript, which is not run")
	}
	line("charset", "%s", t.Charset)
	line("title", "%s", t.Story.Title)
	line("author", "%s", t.Story.Author)
	line("date", "%s", t.Story.Date)
	line("next", "%s", t.Next)
	switch {
	case t.Skip != "":
		line("no story", "%s", t.Skip)
	case t.Story.Text == "" && t.Failure == "" && t.Status == 200:
		line("no story", "no text found; the links count alone")
	}
	if t.Story.Text != "" {
		line("text", "%d characters", countRunes(t.Story.Text))
		for part := range strings.Lines(t.Story.Text) {
			fmt.Fprintf(&b, "  %s\n", strings.TrimRight(part, "\n"))
		}
	}
	list := func(name string, links []string) {
		fmt.Fprintf(&b, "%s: %d\n", name, len(links))
		for _, to := range links {
			fmt.Fprintf(&b, "  %s\n", to)
		}
	}
	if len(t.Kept) > 0 {
		list("links followed", t.Kept)
	}
	for _, reason := range slices.Sorted(maps.Keys(t.Dropped)) {
		list("links dropped, "+reason, t.Dropped[reason])
	}
	if t.Nofollow > 0 {
		fmt.Fprintf(&b, "links dropped, %s: %d\n", SkipNofollow, t.Nofollow)
	}
	return b.String()
}
