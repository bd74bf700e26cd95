package beam

import (
	"bytes"
	"cmp"
	"strings"

	"wakong/corpus"
	"wakong/corpus/minhash"
)

// An at is the place of a document in the order of the whole input: the number of
// its shard and its number in it. It is sent as an int64.
const (
	shardBits  = 26
	numberBits = 36
	mostShards = 1 << shardBits
)

func atOf(shard int, number int64) int64 { return int64(shard)<<numberBits | number }

// A Shard is what one worker reads in one go: some files, in their order.
type Shard struct {
	Number int
	Files  []ShardFile
}

// A ShardFile is a file of a source.
type ShardFile struct {
	Source int // its rank
	corpus.SourceFile
}

// A Doc is a document before it is segmented.
type Doc struct {
	At         int64
	Paragraphs int // that are compared
	corpus.ScreenedDocument
}

// A Segmented is a document that comes out.
type Segmented struct {
	At       int64
	Document corpus.Document
}

// Kept tells that a document, or one of its paragraphs, stays.
type Kept struct {
	At       int64
	Position int // of the paragraph; 0 for a document
}

// A Place is what an item is chosen by: of several copies that of the smallest
// place stays. It tells where it stands, too.
type Place struct {
	Rank       int
	ID         string
	Position   int // within the document
	Hash       minhash.Hash
	At         int64
	Unit       int64
	Characters int
}

func (p Place) compare(q Place) int {
	return cmp.Or(
		cmp.Compare(p.Rank, q.Rank),
		strings.Compare(p.ID, q.ID),
		cmp.Compare(p.Position, q.Position),
		bytes.Compare(p.Hash[:], q.Hash[:]),
		cmp.Compare(p.At, q.At),
	)
}

// Copies are items that are copies of each other, a single one at first.
type Copies struct {
	Count      int64
	Characters int64
	Best       Place
	// Removed are the smallest ids of all items but Best, as many as a report shows.
	Removed   []string
	Signature minhash.Signature // of one of them
}

// A Candidate is a content that may share a band with others.
type Candidate struct {
	Band      int
	Key       uint64 // of the band
	Hash      minhash.Hash
	Signature minhash.Signature // empty while it is not known whether another has the key
}

// A Named is a document that wants its id.
type Named struct {
	At, Unit int64
	ID       string
	Hash     minhash.Hash
}

// A Renamed is a document whose id was taken.
type Renamed struct {
	At int64
	ID string
}

// A Leak is a document that is left out for its text.
type Leak struct {
	At   int64
	Hash minhash.Hash
	Case corpus.LeakCase
}

// A FilesReport is that of the files of one source in a shard.
type FilesReport struct {
	Source, Shard int
	Report        corpus.SourceReport
}

// A Written is a file of documents that was written.
type Written struct {
	Unit int64
	Path string
}
