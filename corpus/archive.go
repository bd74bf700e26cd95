package corpus

import (
	"errors"
	"fmt"
	"iter"
)

// archiveReader reads format warc: the stories that Pages finds.
func (s Source) archiveReader(file sourceFile, _ *SourceReport) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		f, err := openFile(file.path, file.name)
		if err != nil {
			yield(Document{}, &fatalError{err})
			return
		}
		defer f.Close()
		n := 0
		for d, err := range s.Pages(f) {
			if err != nil {
				// Where an archive is damaged, the place of the next page is lost.
				var in *InputError
				if !errors.As(err, &in) {
					err = &InputError{File: file.name, Err: fmt.Errorf("behind %d stories: %w", n, err)}
				}
				yield(Document{}, err)
				return
			}
			n++
			d.ID, d.File, d.Line, d.Source = file.key+"#"+d.ID, file.name, n, file.name
			if !yield(d, nil) {
				return
			}
		}
		if n == 0 {
			yield(Document{}, &InputError{File: file.name, Found: "no story", Want: "an archive with pages that hold text"})
		}
	}
}
