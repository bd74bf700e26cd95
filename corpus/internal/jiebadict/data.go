package jiebadict

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

//go:embed data
var packed embed.FS

// A Manifest tells what the packed data unpacks to.
type Manifest struct {
	Dictionary string   `json:"dictionary"` // SHA-256 of jieba.dict.utf8, hexadecimal
	Model      string   `json:"model"`      // SHA-256 of hmm_model.utf8
	Tags       []string `json:"tags"`       // parts of speech, in the order of their indices
}

func readManifest() (Manifest, error) {
	var m Manifest
	b, err := packed.ReadFile("data/manifest.json")
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("the packed dictionary's manifest: %w", err)
	}
	return m, nil
}

// unpack gives the content of one packed file.
func unpack(name string) ([]byte, error) {
	b, err := packed.ReadFile("data/" + name + ".zst")
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	out, err := decoder.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", name, err)
	}
	return out, nil
}

func columns(names ...string) (Columns, error) {
	m, err := readManifest()
	if err != nil {
		return Columns{}, err
	}
	c := Columns{Tags: m.Tags}
	for _, name := range names {
		b, err := unpack(name)
		if err != nil {
			return c, err
		}
		switch name {
		case "prefix":
			c.Prefix = b
		case "suffix":
			c.Suffix = b
		case "frequency":
			c.Frequency = b
		case "tag":
			c.Tag = b
		}
	}
	return c, nil
}

// Dictionary gives the content of jieba.dict.utf8: lines "word frequency tag".
func Dictionary() ([]byte, error) {
	c, err := columns("prefix", "suffix", "frequency", "tag")
	if err != nil {
		return nil, err
	}
	return c.Join()
}

// Model gives the content of hmm_model.utf8.
func Model() ([]byte, error) { return unpack("hmm") }

// A Tagger knows the parts of speech of the dictionary's words. It holds
// about 7 MB and is safe for concurrent use.
type Tagger struct {
	words string   // all words, one after the other
	ends  []uint32 // end of each word in words
	order []uint32 // the words' numbers, sorted by word
	tag   []byte
	tags  []string
}

// NewTagger unpacks the words; every call gives the same one.
var NewTagger = sync.OnceValues(func() (*Tagger, error) {
	c, err := columns("prefix", "suffix", "tag")
	if err != nil {
		return nil, err
	}
	t := &Tagger{tag: c.Tag, tags: c.Tags}
	all := make([]byte, 0, 12*len(c.Prefix))
	err = c.words(func(word []byte, _ byte) error {
		all = append(all, word...)
		t.ends = append(t.ends, uint32(len(all)))
		t.order = append(t.order, uint32(len(t.order)))
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.words = string(all)
	slices.SortFunc(t.order, func(a, b uint32) int { return strings.Compare(t.word(a), t.word(b)) })
	return t, nil
})

func (t *Tagger) word(i uint32) string {
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.words[start:t.ends[i]]
}

// Tag is the part of speech of a word, "" for a word that the dictionary does
// not have.
func (t *Tagger) Tag(word string) string {
	i, ok := slices.BinarySearchFunc(t.order, word, func(i uint32, w string) int { return strings.Compare(t.word(i), w) })
	if !ok {
		return ""
	}
	return t.tags[t.tag[t.order[i]]]
}
