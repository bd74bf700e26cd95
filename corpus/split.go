package corpus

import "fmt"

// Passages cuts a segmented document into passages of at most size words, at
// sentence ends and of about equal length, with the ids "<id>@1", "<id>@2", ...
// A document that is short enough comes back as it is. A sentence of more than
// size words is a passage of its own.
//
// A [Generator] draws its questions for each document; a book is cut first so
// that each of its parts gets some.
func Passages(d Document, size int) []Document {
	total := d.Words()
	if size <= 0 || total <= size {
		return []Document{d}
	}
	parts := (total + size - 1) / size
	target := (total + parts - 1) / parts
	var passages []Document
	begin, words := 0, 0
	cut := func(end int) {
		if end == begin {
			return
		}
		part := d
		part.ID = fmt.Sprintf("%s@%d", d.ID, len(passages)+1)
		part.Text = ""
		part.Sentences = d.Sentences[begin:end:end]
		passages = append(passages, part)
		begin, words = end, 0
	}
	for i, s := range d.Sentences {
		if words > 0 && words+len(s) > size {
			cut(i)
		}
		words += len(s)
		if words >= target {
			cut(i + 1)
		}
	}
	cut(len(d.Sentences))
	return passages
}
