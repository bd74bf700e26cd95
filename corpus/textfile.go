package corpus

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding"

	"wakong/internal/compressed"
)

// textReader reads format text: each file is one document.
func (s Source) textReader(e encoding.Encoding) fileReader {
	return func(file sourceFile, report *SourceReport) iter.Seq2[Document, error] {
		return overFile(file, e, report, func(lines *lineReader) iter.Seq2[Document, error] {
			return func(yield func(Document, error) bool) {
				yield(readText(lines, file))
			}
		})
	}
}

func readText(lines *lineReader, file sourceFile) (Document, error) {
	text, err := lines.rest()
	if err != nil {
		return Document{}, err
	}
	if strings.TrimSpace(text) == "" {
		return Document{}, &InputError{File: file.name, Found: foundEmpty, Want: "text"}
	}
	key, _ := compressed.Cut(file.key)
	base := filepath.Base(key)
	d := Document{ID: file.key, Source: file.name, File: file.name, Line: 1,
		Title: strings.TrimSuffix(base, filepath.Ext(base)), Text: text}
	if strings.EqualFold(filepath.Ext(key), ".md") {
		title, body := stripMarkdown(text)
		if title != "" {
			d.Title = title
		}
		if strings.TrimSpace(body) == "" {
			return Document{}, &InputError{File: file.name, Found: "nothing but headings", Want: "text"}
		}
		d.Text = body
	}
	return d, nil
}

// rest reads what is left, with line ends "\n".
func (l *lineReader) rest() (string, error) {
	var text strings.Builder
	for {
		b, err := l.next()
		if errors.Is(err, io.EOF) {
			return text.String(), nil
		}
		if err != nil {
			return "", err
		}
		if text.Len()+len(b) > MaxText {
			return "", &InputError{File: l.name, Found: fmt.Sprintf("more than %d MiB", MaxText>>20),
				Want: "smaller files, or format jsonl"}
		}
		text.Write(b)
		text.WriteByte('\n')
	}
}
