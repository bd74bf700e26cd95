package corpus

import "errors"

// A SourceReport counts what reading a source met with. It is complete when
// the iteration has ended.
type SourceReport struct {
	Name             string `json:"name"`
	Format           string `json:"format"`
	Files            int    `json:"files"`
	Samples          int    `json:"samples"`                 // samples, JSON lines or files read without fault
	Documents        int    `json:"documents"`               // documents or questions given out
	Repeated         int    `json:"repeated"`                // samples whose passage was given out before
	WithoutStory     int    `json:"without_story,omitempty"` // pages of an archive that hold no story
	BlanksFilled     int    `json:"blanks_filled"`           // blanks replaced by their answers
	SentencesDropped int    `json:"sentences_dropped"`       // sentences dropped for a blank without answer
	WordsTooLong     int    `json:"words_too_long"`          // words of questions dropped: more than MaxWord characters
	Undecoded        int    `json:"undecoded"`               // characters that the named encoding has made U+FFFD
	// Encodings are those that were guessed, where the source's is EncodingAuto.
	Encodings []EncodingCount `json:"encodings,omitempty"`
	Skipped   int             `json:"skipped"`         // faulty samples, lines or files passed over
	Skips     []Skipped       `json:"skips,omitempty"` // the first of them
}

// Skipped is one piece of input that on_error: skip has passed over.
type Skipped struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Reason string `json:"reason"`
}

// mostSkips bounds the list, not the count, of a report: a source of the
// wrong format would list every line.
const mostSkips = 1000

func (r *SourceReport) skip(err error) {
	r.Skipped++
	if len(r.Skips) >= mostSkips {
		return
	}
	var in *InputError
	if errors.As(err, &in) {
		r.Skips = append(r.Skips, Skipped{File: in.File, Line: in.Line, Reason: in.Reason()})
		return
	}
	r.Skips = append(r.Skips, Skipped{Reason: err.Error()})
}
