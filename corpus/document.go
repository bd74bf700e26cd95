package corpus

// Blank is the mark that stands for the missing word in a cloze passage, as
// the CMRC 2017 and PD&CFT data sets write it.
const Blank = "XXXXX"

// A Document is one text: a tale, an article, the passage of a sample.
//
// A reader of unsegmented text fills Text and leaves Sentences nil. A reader
// of segmented text (CMRC 2017, PD&CFT) fills both, and the segmentation it
// found is kept by Prepare. After Prepare, Sentences is never empty, no
// sentence is empty, and no word is empty, holds white space or a [Blank].
type Document struct {
	ID        string     `json:"id"`
	Title     string     `json:"title,omitempty"`
	Source    string     `json:"source,omitempty"` // where it comes from: a site's name, a file's name
	URL       string     `json:"url,omitempty"`
	Text      string     `json:"text,omitempty"`      // as it was read, without Markdown's marks
	Sentences [][]string `json:"sentences,omitempty"` // [sentence][word]

	// File and Line tell where the document begins, for messages and for the
	// list of leaks. They depend on the machine's paths and so are not written.
	File string `json:"-"`
	Line int    `json:"-"`

	// Rank is the place of the document's source among the sources. Of several
	// copies that of the smallest rank stays.
	Rank int `json:"-"`

	// Resegment tells Prepare what to do with Sentences that are segmented
	// already, as [Source.Resegment] does; "" means ResegmentNever.
	Resegment string `json:"-"`
}

// Words counts the words of all sentences.
func (d Document) Words() int {
	n := 0
	for _, s := range d.Sentences {
		n += len(s)
	}
	return n
}

// A Segmenter cuts a text without white space between its words into words.
// The words joined give the text back, save for white space and for bytes
// that are no text. Implementations must be safe for concurrent use.
type Segmenter interface {
	Words(text string) []string
}
