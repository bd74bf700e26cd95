package embed

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"wakong/vocab"
)

// Limits of what the readers take, against headers that promise too much.
const (
	maxWords    = 1 << 26
	maxWordSize = vocab.MaxWord // bytes
)

// firstNumbers is how many numbers a reader makes room for on the word of a
// header alone; beyond it, room grows with what was read.
const firstNumbers = 1 << 20

// A Format is a way in which vectors stand in a file.
type Format int

// The formats. In all of them words stand in the order of their ids.
const (
	// FormatText is word2vec's text form, with or without its first line:
	// what word2vec.c, gensim, fastText (.vec) and GloVe (no first line) write.
	FormatText Format = iota
	// FormatBinary is word2vec's binary form, of word2vec.c and gensim.
	FormatBinary
	// FormatNPY is a NumPy matrix of shape [words, size] with a vocabulary file
	// "word<TAB>count" beside it. The only one that keeps counts.
	FormatNPY
)

// ReadOptions say how to read vectors. The zero value reads all of them.
type ReadOptions struct {
	// Limit is the number of words to read from the beginning of the file,
	// where the frequent ones stand; 0 means all. What stands behind them is
	// neither read nor checked.
	Limit int
	// Skipped, where not nil, is told of each word that cannot be one of a
	// vocabulary (see [vocab.CheckWord]) or comes a second time, and the
	// reader goes on without it. Where it is nil, such a word ends the
	// reading with that error. Published files hold a few such words.
	Skipped func(error)
	// Only, where not nil, has the words that are wanted. Others are passed
	// over unchecked and take no memory, though they count for Limit. A file
	// without any of them is an error.
	Only *vocab.Vocabulary

	// fileSize is the number of bytes that there are to read, 0 where it is
	// not known.
	fileSize int64
}

// Read reads vectors in one of word2vec's two forms; name is for errors, which
// name the file and the line or word. [Open] reads the other form too.
func Read(r io.Reader, name string, f Format, o ReadOptions) (*Vectors, error) {
	if o.Limit < 0 {
		return nil, fmt.Errorf("%s: a limit of %d words, expected 0 or more", name, o.Limit)
	}
	switch f {
	case FormatText:
		return readText(r, name, o)
	case FormatBinary:
		return readBinary(r, name, o)
	}
	return nil, fmt.Errorf("%s: a stream has one of word2vec's two forms; Open reads a matrix with its vocabulary", name)
}

// ReadText reads all of word2vec's text form, with or without its header; name
// is for errors, which name file and line. Words keep the file's order.
func ReadText(r io.Reader, name string) (*Vectors, error) {
	return Read(r, name, FormatText, ReadOptions{})
}

// ReadBinary reads all of word2vec's binary form; name is for errors, which
// name the file and the number of the word. Words keep the file's order.
func ReadBinary(r io.Reader, name string) (*Vectors, error) {
	return Read(r, name, FormatBinary, ReadOptions{})
}

// errEnough tells a reader that it has read as many words as it was asked to.
var errEnough = errors.New("enough words")

// builder collects the vectors that a reader finds.
type builder struct {
	options ReadOptions
	words   []string
	counts  []int64 // of the words, or nil
	seen    map[string]struct{}
	data    []float32
	size    int
	found   int // words, wanted or not
}

// room makes room for the zero row and the words that are to come. promised is
// what a header says, -1 without one; a number takes at least bytes in the
// file, so that a header alone cannot ask for much.
func (b *builder) room(promised, bytes int) {
	rows := int64(promised)
	if limit := int64(b.options.Limit); limit > 0 && (rows < 0 || limit < rows) {
		rows = limit
	}
	if o := b.options.Only; o != nil {
		rows = min(rows, int64(o.Len()))
	}
	most := int64(firstNumbers)
	if b.options.fileSize > 0 {
		most = b.options.fileSize / int64(bytes)
	}
	numbers := min(max(rows, 0)*int64(b.size), most)
	b.data = make([]float32, b.size, int64(b.size)+numbers)
}

// add takes a word whose vector stands at the end of data. The error is
// errEnough once there are as many as asked for.
func (b *builder) add(word string) error {
	b.found++
	if !b.wanted(word) {
		b.data = b.data[:len(b.data)-b.size]
		return b.enough()
	}
	err := vocab.CheckWord(word)
	if _, twice := b.seen[word]; err == nil && twice {
		err = fmt.Errorf("found %.40q a second time, expected each word once", word)
	}
	if err != nil {
		b.data = b.data[:len(b.data)-b.size]
		b.found-- // not a word
		return err
	}
	if b.seen == nil {
		b.seen = map[string]struct{}{}
	}
	b.seen[word] = struct{}{}
	b.words = append(b.words, word)
	return b.enough()
}

// wanted tells whether a word is to be kept.
func (b *builder) wanted(word string) bool {
	return b.options.Only == nil || b.options.Only.ID(word) != vocab.UNK
}

func (b *builder) enough() error {
	if b.found == b.options.Limit {
		return errEnough
	}
	return nil
}

// skip tells whether the reader is to go on after a word that add refused.
func (b *builder) skip(err error) bool {
	if b.options.Skipped == nil {
		return false
	}
	b.options.Skipped(err)
	return true
}

func (b *builder) vectors(name string) (*Vectors, error) {
	if len(b.words) == 0 {
		if b.found > 0 && b.options.Only != nil {
			return nil, fmt.Errorf("%s: found %d words, none of which is wanted", name, b.found)
		}
		return nil, fmt.Errorf("%s: found no vectors, expected lines of a word and its numbers", name)
	}
	words, err := vocab.New(b.words, b.counts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Vectors{Vocabulary: words, Size: b.size, Data: b.data}, nil
}

// finite uses that infinity less infinity is no number, and no number equals
// nothing.
func finite(x float32) bool { return x-x == 0 }

// header reads "words size".
func header(line string) (words, size int, ok bool) {
	a, b, found := strings.Cut(strings.TrimRight(line, "\r\n "), " ")
	if !found {
		return 0, 0, false
	}
	words, err1 := strconv.Atoi(a)
	size, err2 := strconv.Atoi(b)
	return words, size, err1 == nil && err2 == nil
}

func checkHeader(name string, words, size int) error {
	if words < 1 || words > maxWords || size < 1 || size > maxSize {
		return fmt.Errorf("%s:1: found %d words of size %d, expected at most %d of size at most %d", name, words, size, maxWords, maxSize)
	}
	return nil
}
