package beam

import (
	"reflect"
	"testing"

	"wakong/corpus"
)

var fullDoc = Doc{At: atOf(3, 5), Paragraphs: 130, ScreenedDocument: corpus.ScreenedDocument{
	Document: corpus.Document{ID: "a#1", Title: "题", Source: "s", URL: "u", Text: "x", Sentences: [][]string{{"一", "二"}, {"三"}},
		File: "f", Line: 7, Rank: 2, Resegment: corpus.ResegmentAlways},
	Cleaned:  "干净的文字。\n",
	Steps:    []corpus.StepCount{{Name: "spaces", Characters: 3, Removed: 1, Examples: []corpus.StepExample{{Before: "a", After: "b"}}}, {Name: "simplify"}},
	Mojibake: []corpus.MojibakeCount{{Kind: "gbk", Characters: 4, Repairable: true, Examples: []corpus.StepExample{{Document: "d", Before: "c"}}}},
	Item:     corpus.CopyItem{Hash: [16]byte{1, 15: 9}, Signature: []byte{1, 2, 3}, Characters: 5},
}}

// What a worker sends, another one gets.
func TestCoders(t *testing.T) {
	check := func(name string, want, got any, err error) {
		t.Helper()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
	for _, d := range []Doc{{}, fullDoc} {
		got, err := unpackDoc(packDoc(d))
		check("Doc", d, got, err)
	}
	segmented := Segmented{9, fullDoc.Document}
	segmented.Document.File, segmented.Document.Line, segmented.Document.Rank, segmented.Document.Resegment = "", 0, 0, ""
	s, err := unpackSegmented(packSegmented(segmented))
	check("Segmented", segmented, s, err)
	copies := Copies{2, 30, Place{1, "id", 4, [16]byte{8}, atOf(1, 2), 5, 6}, []string{"x", "y"}, []byte{7}}
	c, err := unpackCopies(packCopies(copies))
	check("Copies", copies, c, err)
	k, err := unpackKept(packKept(Kept{1 << 40, 3}))
	check("Kept", Kept{1 << 40, 3}, k, err)
	n, err := unpackNamed(packNamed(Named{1, 2, "id", [16]byte{3}}))
	check("Named", Named{1, 2, "id", [16]byte{3}}, n, err)
	r, err := unpackRenamed(packRenamed(Renamed{1, "id"}))
	check("Renamed", Renamed{1, "id"}, r, err)
	candidate, err := unpackCandidate(packCandidate(Candidate{4, 5, [16]byte{1}, []byte{2, 3}}))
	check("Candidate", Candidate{4, 5, [16]byte{1}, []byte{2, 3}}, candidate, err)
}

// Elements that are cut off or too long are errors, not panics.
func TestBrokenElements(t *testing.T) {
	whole := packDoc(fullDoc)
	for n := range whole {
		if _, err := unpackDoc(whole[:n]); err == nil {
			t.Errorf("%d of %d bytes make a document", n, len(whole))
		}
	}
	if _, err := unpackDoc(append(whole, 0)); err == nil {
		t.Error("a byte too many is taken")
	}
}
