package corpus

import (
	"fmt"
	"strings"

	"wakong/corpus/minhash"
)

// IDs are the ids of documents, so that no two have the same: two sources may name
// their documents alike. 30 bytes each, whatever their length.
type IDs map[contentHash]bool

// Unique is the id that a document gets that comes after those that were asked
// for: its own, or, where that is taken, its own with a suffix that comes of its
// content.
func (s IDs) Unique(id string, content minhash.Hash) string {
	if s[hashText(id)] {
		id = fmt.Sprintf("%s@%x", id, content[:4])
	}
	s[hashText(id)] = true
	return id
}

// BaseID is an id without the suffixes that [IDs.Unique] puts behind ids. Documents
// of other bases never take each other's ids, so that those of one base can be
// named apart without the others.
func BaseID(id string) string {
	const length = 1 + 8
	for len(id) >= length && id[len(id)-length] == '@' && strings.Trim(id[len(id)-length+1:], "0123456789abcdef") == "" {
		id = id[:len(id)-length]
	}
	return id
}
