package corpus

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/text/encoding"
)

// jsonLines gives the lines of a JSON Lines file that hold anything. A file
// without one is an error.
func jsonLines(lines *lineReader, want string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		any := false
		for {
			b, err := lines.next()
			if errors.Is(err, io.EOF) {
				if !any {
					yield(nil, &InputError{File: lines.name, Found: foundEmpty, Want: want})
				}
				return
			}
			if err == nil && len(bytes.TrimSpace(b)) == 0 {
				continue
			}
			any = true
			var fatal *fatalError
			if !yield(b, err) || errors.As(err, &fatal) {
				return
			}
		}
	}
}

// jsonReader reads format jsonl: any objects with a text in one member. The
// members id, title and url are taken too where they are strings.
func (s Source) jsonReader(e encoding.Encoding) fileReader {
	field := s.Field
	if field == "" {
		field = "text"
	}
	want := fmt.Sprintf("a JSON object with a string %q in each line", field)
	return func(file sourceFile, report *SourceReport) iter.Seq2[Document, error] {
		return overFile(file, e, report, func(lines *lineReader) iter.Seq2[Document, error] {
			return func(yield func(Document, error) bool) {
				for b, err := range jsonLines(lines, want) {
					var d Document
					if err == nil {
						d, err = decodeText(b, field, file, lines.line, want)
					}
					if !yield(d, err) {
						return
					}
				}
			}
		})
	}
}

func decodeText(b []byte, field string, file sourceFile, line int, want string) (Document, error) {
	fault := func(found string) (Document, error) {
		return Document{}, &InputError{File: file.name, Line: line, Found: found, Want: want}
	}
	members, err := decodeObject(b)
	if err != nil {
		return fault(err.Error())
	}
	raw, ok := members[field]
	if !ok {
		return fault(fmt.Sprintf("an object without %q", field))
	}
	d := Document{Source: file.name, File: file.name, Line: line}
	if err := json.Unmarshal(raw, &d.Text); err != nil || string(raw) == "null" {
		return fault(fmt.Sprintf("%q of another type: %s", field, quote(string(raw))))
	}
	if strings.TrimSpace(d.Text) == "" {
		return fault(fmt.Sprintf("%q without text", field))
	}
	id := scalar(members["id"])
	if found := longID(id); found != "" {
		return Document{}, &InputError{File: file.name, Line: line, Found: found, Want: wantID}
	}
	if id == "" {
		id = fmt.Sprint(line)
	}
	d.ID = file.key + "#" + id
	if field != "title" {
		d.Title = scalar(members["title"])
	}
	if field != "url" {
		d.URL = scalar(members["url"])
	}
	return d, nil
}

// decodeObject decodes one line that must be a JSON object; the error tells
// what it is instead.
func decodeObject(b []byte) (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("%s, which is no JSON (%w)", quote(string(b)), err)
		}
		return nil, fmt.Errorf("%s, which is no JSON object", quote(string(b)))
	}
	if members == nil {
		return nil, errors.New("null")
	}
	return members, nil
}

// scalar is a JSON string or number as text, "" for anything else.
func scalar(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// documentReader reads format documents.
func (s Source) documentReader(e encoding.Encoding) fileReader {
	return func(file sourceFile, report *SourceReport) iter.Seq2[Document, error] {
		return overFile(file, e, report, func(lines *lineReader) iter.Seq2[Document, error] {
			return documentsOf(lines, MaxID, MaxText)
		})
	}
}

const wantDocument = `a JSON object with "id" and "text" in each line`

// ReadDocuments iterates over JSON Lines of documents, as WriteDocuments and
// the crawl write them: objects with "id", and "text" or "sentences". Name is
// what messages call the reader.
func ReadDocuments(r io.Reader, name string) iter.Seq2[Document, error] {
	return documentsOf(newLineReader(r, name, nil), maxDocumentID, maxDocumentLine)
}

func documentsOf(lines *lineReader, mostID, mostLine int) iter.Seq2[Document, error] {
	lines.most = mostLine
	return func(yield func(Document, error) bool) {
		for b, err := range jsonLines(lines, wantDocument) {
			var d Document
			if err == nil {
				d, err = decodeDocument(b, lines, mostID)
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

func decodeDocument(b []byte, lines *lineReader, mostID int) (Document, error) {
	fault := func(found string) (Document, error) {
		return Document{}, &InputError{File: lines.name, Line: lines.line, Found: found, Want: wantDocument}
	}
	var d Document
	if err := json.Unmarshal(b, &d); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) && kind.Field != "" {
			return fault(fmt.Sprintf("%q of type %s", kind.Field, kind.Value))
		}
		if _, err := decodeObject(b); err != nil {
			return fault(err.Error())
		}
		return fault(err.Error())
	}
	if found := d.missing(); found != "" {
		return fault("an object without " + found)
	}
	if len(d.ID) > mostID {
		return Document{}, &InputError{File: lines.name, Line: lines.line,
			Found: fmt.Sprintf("an id of %d bytes, %s", len(d.ID), quote(d.ID)), Want: fmt.Sprintf("an id of at most %d bytes", mostID)}
	}
	d.File, d.Line = lines.name, lines.line
	return d, nil
}

// missing is the member that a document cannot do without, "" where it has all.
func (d Document) missing() string {
	if d.ID == "" {
		return `"id"`
	}
	if strings.TrimSpace(d.Text) == "" && len(d.Sentences) == 0 {
		return `"text"`
	}
	return ""
}

// overFile opens a file for a reader of lines.
func overFile(file sourceFile, e encoding.Encoding, report *SourceReport, read func(*lineReader) iter.Seq2[Document, error]) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		f, err := openFrom(file.from, file.path, file.name)
		if err != nil {
			yield(Document{}, &fatalError{err})
			return
		}
		defer f.Close()
		lines := newLineReader(f, file.name, e)
		defer func() {
			report.Undecoded += lines.undecoded
			report.addEncoding(file.name, lines.detected)
		}()
		read(lines)(yield)
	}
}

// WriteDocuments writes documents as JSON Lines, in UTF-8 without escapes for
// Chinese or HTML, and returns how many. What ReadDocuments would refuse is an
// error: a document without id or text, or one beyond its limits.
func WriteDocuments(w io.Writer, documents iter.Seq2[Document, error]) (int, error) {
	buffered := bufio.NewWriterSize(w, 1<<16)
	encoder := json.NewEncoder(lineWriter{buffered})
	encoder.SetEscapeHTML(false)
	n := 0
	for d, err := range documents {
		if err != nil {
			return n, err
		}
		if found := d.missing(); found != "" {
			return n, fmt.Errorf("writing document %s: it has no %s", quote(d.ID), found)
		}
		if len(d.ID) > maxDocumentID {
			return n, fmt.Errorf("writing document %s: its id has %d bytes, more than %d", quote(d.ID), len(d.ID), maxDocumentID)
		}
		if err := encoder.Encode(d); err != nil {
			return n, fmt.Errorf("writing document %s: %w", d.ID, err)
		}
		n++
	}
	if err := buffered.Flush(); err != nil {
		return n, fmt.Errorf("writing documents: %w", err)
	}
	return n, nil
}

// lineWriter refuses lines that are too long to be read back; json.Encoder writes
// each with one call.
type lineWriter struct{ w io.Writer }

func (l lineWriter) Write(b []byte) (int, error) {
	if len(b) > maxDocumentLine {
		return 0, fmt.Errorf("a line of %d bytes, more than %d", len(b), maxDocumentLine)
	}
	return l.w.Write(b)
}

// WriteSentences writes the document's sentences, one a line, words separated
// by one space: what word2vec and its kin read.
func WriteSentences(w io.Writer, d Document) error {
	var line []byte
	for _, sentence := range d.Sentences {
		line = line[:0]
		for i, word := range sentence {
			if i > 0 {
				line = append(line, ' ')
			}
			line = append(line, word...)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("writing the sentences of document %s: %w", d.ID, err)
		}
	}
	return nil
}
