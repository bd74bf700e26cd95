package corpus

import (
	"errors"
	"fmt"
	"iter"
)

const wantStory = "an archive with at least one page that holds a story"

// archiveReader reads format warc: the stories that Pages finds. Of several pages
// with one id, which are captures of one address, the first counts.
func (s Source) archiveReader(file sourceFile, report *SourceReport) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		f, err := openFrom(file.from, file.path, file.name)
		if err != nil {
			yield(Document{}, &fatalError{err})
			return
		}
		defer f.Close()
		seen := map[contentHash]bool{}
		page, stories := 0, 0
		for d, err := range s.Pages(f) {
			if err != nil {
				// Where an archive is damaged, the place of the next page is lost.
				yield(Document{}, archiveFault(file.name, page, err))
				return
			}
			page++
			id := hashText(d.ID)
			switch {
			case d.missing() != "":
				report.WithoutStory++
				continue
			case seen[id]:
				report.Repeated++
				continue
			}
			seen[id] = true
			stories++
			if len(d.ID) > MaxID {
				err = &InputError{File: file.name, Line: page, Found: longID(d.ID), Want: wantID}
			}
			d.ID, d.File, d.Line, d.Source = file.key+"#"+d.ID, file.name, page, file.name
			if !yield(d, err) {
				return
			}
		}
		if stories == 0 {
			yield(Document{}, &InputError{File: file.name, Found: fmt.Sprintf("%d pages without a story", page), Want: wantStory})
		}
	}
}

// archiveFault gives an error the name of the archive and the last page that was
// read whole.
func archiveFault(name string, page int, err error) error {
	var in *InputError
	if errors.As(err, &in) {
		return err
	}
	return &InputError{File: name, Line: page, Err: fmt.Errorf("behind %d pages: %w", page, err)}
}
