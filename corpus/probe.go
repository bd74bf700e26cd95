package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// probeSamples is how many samples of each file a probe parses: enough to find
// a file of another format or encoding, few enough to take no time.
const probeSamples = 20

// Probe finds bad input before any work is done on it: it opens every file,
// reads the first samples of each, and the whole answer file. With on_error:
// skip only what cannot be passed over is an error: a missing file, a file
// that cannot be read, a source that is wrong in itself.
func (s Source) Probe() error {
	files, err := s.files()
	if err != nil {
		return err
	}
	read, err := s.reader()
	if err != nil {
		return err
	}
	for _, file := range files {
		if file.fault != nil {
			if err := s.probed(file.fault); err != nil {
				return err
			}
			continue
		}
		if s.Format == FormatText {
			// A text is one sample: only its beginning is looked at.
			if err := s.probeText(file); err != nil {
				return err
			}
			continue
		}
		n := 0
		for _, err := range read(file, &SourceReport{}) {
			if err := s.probed(err); err != nil {
				return err
			}
			if n++; n >= probeSamples {
				break
			}
		}
	}
	return nil
}

// probed passes an error on that on_error: skip would not pass over.
func (s Source) probed(err error) error {
	if skippable(s.OnError, err) {
		return nil
	}
	return err
}

func (s Source) probeText(file sourceFile) error {
	e, err := lookupEncoding(s.Encoding)
	if err != nil {
		return err
	}
	f, err := openFrom(file.from, file.path, file.name)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := newLineReader(f, file.name, e)
	for n := 0; n < probeSamples; {
		b, err := lines.next()
		if errors.Is(err, io.EOF) {
			if n == 0 {
				return s.probed(&InputError{File: file.name, Found: foundEmpty, Want: "text"})
			}
			return nil
		}
		if err != nil {
			return s.probed(err)
		}
		if len(bytes.TrimSpace(b)) > 0 {
			n++
		}
	}
	return nil
}

// Probe is what [Source.Probe] is, for questions. Passages that would need a
// segmenter are not segmented.
func (s QuestionSource) Probe() error {
	each, err := s.each()
	if err != nil {
		return err
	}
	for _, one := range each {
		if err := one.probe(); err != nil {
			return err
		}
	}
	return nil
}

func (s QuestionSource) probe() error {
	n := 0
	var report SourceReport
	options := QuestionOptions{Segmenter: WholeText{}, Cleaner: NewCleaner(), Report: &report}
	for _, err := range s.Questions(context.Background(), options) {
		if err != nil {
			return err
		}
		if n++; n >= probeSamples {
			return nil
		}
	}
	if n == 0 && len(report.Skips) > 0 {
		first := report.Skips[0]
		return &InputError{File: first.File, Line: first.Line, Err: fmt.Errorf("no question without a fault; the first: %s", first.Reason)}
	}
	return nil
}

// WholeText stands in for a segmenter where words do not matter: it leaves a text
// in one piece.
type WholeText struct{}

// Words gives the text as one word.
func (WholeText) Words(text string) []string { return []string{text} }
