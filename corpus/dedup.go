package corpus

import (
	"fmt"

	"wakong/corpus/minhash"
)

// How texts are compared for copies.
const (
	CopiesNone  = "none"  // not at all
	CopiesExact = "exact" // the same letters, digits and Chinese characters
	CopiesNear  = "near"  // that, or an estimated similarity that reaches the threshold
)

// DedupOptions say how copies are found. The zero value compares whole documents
// by [minhash.Default].
//
// Copies are the connected components of the pairs that are alike, and of each
// component the document of the smallest ([Document.Rank], id) stays. Which one
// that is depends on the set of the documents, not on their order.
type DedupOptions struct {
	// Documents is CopiesNone, CopiesExact, CopiesNear or "" for the last.
	Documents string
	// Paragraphs, CopiesNone, CopiesExact, CopiesNear or "" for the first, is the
	// same for the paragraphs of all documents that stay. A paragraph is a line of
	// text that is not segmented. A copy is taken out of its text.
	Paragraphs string
	// ParagraphCharacters is the number of letters, digits and Chinese characters
	// from which on paragraphs are compared; shorter ones recur by nature. 0 means
	// 40.
	ParagraphCharacters int
	// Similar says what near copies are; the zero value means minhash.Default.
	Similar minhash.Params
	// Folder is where the text waits for the second pass, compressed; "" means the
	// folder of temporary files.
	Folder string
	// Threads is how many goroutines compute signatures; 0 means GOMAXPROCS. The
	// result does not depend on it.
	Threads int
}

// DefaultParagraphCharacters is that of DedupOptions.
const DefaultParagraphCharacters = 40

// complete puts the defaults in and checks the values.
func (o DedupOptions) complete() (DedupOptions, error) {
	if o.Documents == "" {
		o.Documents = CopiesNear
	}
	if o.Paragraphs == "" {
		o.Paragraphs = CopiesNone
	}
	if o.ParagraphCharacters <= 0 {
		o.ParagraphCharacters = DefaultParagraphCharacters
	}
	if o.Similar == (minhash.Params{}) {
		o.Similar = minhash.Default()
	}
	for _, value := range []string{o.Documents, o.Paragraphs} {
		if value != CopiesNone && value != CopiesExact && value != CopiesNear {
			return o, fmt.Errorf("corpus: unknown comparison %q, expected none, exact or near", value)
		}
	}
	return o, o.Similar.Check()
}

// A DedupReport tells what deduplication has removed.
type DedupReport struct {
	Documents  CopyReport `json:"documents"`
	Paragraphs CopyReport `json:"paragraphs"`
}

// A CopyReport counts the copies among documents or paragraphs. Characters are
// letters, digits and Chinese characters.
type CopyReport struct {
	Compared          int64 `json:"compared"`
	Characters        int64 `json:"characters"`
	Exact             int64 `json:"exact"` // removed: for each content those beyond the first
	Near              int64 `json:"near"`  // removed besides
	CharactersRemoved int64 `json:"characters_removed"`
	// Groups is the number of groups of at least two, Largest the largest of them.
	Groups  int64       `json:"groups"`
	Largest []CopyGroup `json:"largest,omitempty"`
}

// A CopyGroup is a group of copies.
type CopyGroup struct {
	Size int64  `json:"size"`
	Kept string `json:"kept"` // the id of the document that stays
	// Removed are the smallest ids of the others, at most 5.
	Removed []string `json:"removed"`
}

// What a report shows of groups of copies.
const (
	MostCopyGroups = 10
	MostRemovedIDs = 5 // of each
)
