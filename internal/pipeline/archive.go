package pipeline

import (
	"io"
	"iter"

	"wakong/corpus"
	"wakong/crawl"
	"wakong/internal/config"
)

// storyPages takes the stories from the pages of an archive as a crawl does, save
// that the pages of one story are not joined: for that they would all have to be
// read first. A page without a story is a document without text.
func storyPages(story config.Story) func(io.Reader) iter.Seq2[corpus.Document, error] {
	return func(archive io.Reader) iter.Seq2[corpus.Document, error] {
		return func(yield func(corpus.Document, error) bool) {
			extractor, err := crawl.Story(story).Compile()
			if err != nil {
				yield(corpus.Document{}, err)
				return
			}
			for page, err := range crawl.ReadArchive(archive) {
				if err != nil {
					yield(corpus.Document{}, err)
					return
				}
				d := corpus.Document{ID: crawl.DocumentID(page.URL), URL: page.URL}
				// The error is that of a page that no parser reads: it has no story.
				if found, ok, err := extractor.Extract(page); err == nil && ok {
					d.Title, d.Text = found.Title, found.Text
				}
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}
