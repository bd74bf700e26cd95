package config

import (
	"strings"

	"github.com/andybalholm/cascadia"
)

// checkStory looks at the selectors of a story and at its encoding.
func (d *decoder) checkStory(key string, s Story) {
	d.checkEncoding(key, "html", s.Encoding)
	for _, selector := range []struct{ name, text string }{
		{"title", s.Title}, {"body", s.Body}, {"remove", s.Remove},
		{"author", s.Author}, {"date", s.Date}, {"next", s.Next},
	} {
		if _, err := cascadia.ParseGroup(selector.text); err != nil && strings.TrimSpace(selector.text) != "" {
			d.at(key+"."+selector.name, "found %q, expected a CSS selector: %v", clip(selector.text), err)
		}
	}
}

// checkArchive looks at what only a source of format warc has, or has not.
func (d *decoder) checkArchive(key string, s Source) {
	switch {
	case s.Format != "warc" && s.Story != (Story{}):
		d.at(key+".story", "only format warc has pages with stories, this source is %s", s.Format)
	case s.Format == "warc" && s.Encoding != "":
		d.at(key+".encoding", "the pages of an archive tell their encodings themselves; where they lie, story.encoding names it")
	case s.Format == "warc":
		d.checkStory(key+".story", s.Story)
		if s.Story.Next != "" {
			d.at(key+".story.next", "the pages of an archive are not joined, each is a document")
		}
	}
}
