package corpus

import (
	"fmt"
	"iter"
	"strings"

	"golang.org/x/text/encoding"
)

// sampleReader reads the passages of the contest formats.
func (s Source) sampleReader(e encoding.Encoding) (fileReader, error) {
	format := cmrc2017
	if s.Format == FormatPDCFT {
		format = pdcft
	}
	var answers *Answers
	if s.Answers != "" {
		var err error
		if answers, err = readAnswersFile(s.FS, s.Answers, s.AnswersName, e); err != nil {
			return nil, err
		}
	}
	return func(file sourceFile, report *SourceReport) iter.Seq2[Document, error] {
		return overFile(file, e, report, func(lines *lineReader) iter.Seq2[Document, error] {
			return s.passages(lines, format, answers, file, report)
		})
	}, nil
}

// passages are the samples' passages, those without a sentence left out.
func (s Source) passages(lines *lineReader, format sampleFormat, answers *Answers, file sourceFile, report *SourceReport) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		asked := map[string]bool{}
		for sample, err := range readSamples(lines, format) {
			if err != nil {
				if !yield(Document{}, err) {
					return
				}
				continue
			}
			answer := sample.Answer
			if answers != nil {
				asked[sample.ID] = true
				answer, _ = answers.Word(sample.ID)
			}
			d := sample.document(file, answer, report)
			if len(d.Sentences) == 0 {
				report.Samples++
				continue
			}
			if !yield(d, nil) {
				return
			}
		}
		// Where faults are skipped, the ids of faulty samples are unknown.
		if answers != nil && s.OnError != OnErrorSkip {
			if err := answers.unknown(asked); err != nil {
				yield(Document{}, err)
			}
		}
	}
}

// document is the sample's passage. A blank in it is filled with the answer;
// without one its sentence is dropped.
func (s Sample) document(file sourceFile, answer string, report *SourceReport) Document {
	d := Document{ID: s.key(file.key), Source: file.name, File: s.File, Line: s.Line}
	var text strings.Builder
	for _, line := range s.Sentences {
		words := splitWords(line)
		if strings.Contains(line, Blank) {
			if answer == "" {
				report.SentencesDropped++
				continue
			}
			for i, w := range words {
				if w == Blank {
					words[i] = answer
					report.BlanksFilled++
				}
			}
		}
		if len(words) == 0 {
			continue
		}
		d.Sentences = append(d.Sentences, words)
		text.WriteString(JoinWords(words))
		text.WriteByte('\n')
	}
	d.Text = text.String()
	return d
}

// key is the sample's id among all documents: its own id within the file, or
// the line in which it begins.
func (s Sample) key(file string) string {
	if s.ID != "" {
		return file + "#" + s.ID
	}
	return fmt.Sprintf("%s#%d", file, s.Line)
}
