package crawl

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxJoined bounds the text that is joined of parts; what would exceed it begins
// a story of its own.
const maxJoined = 8 << 20

// spool holds the stories of a site on disk until all are known: only then can
// those that continue another one be joined to it. In memory it keeps the
// parts and redirects alone, by the hashes of their addresses.
type spool struct {
	file *os.File
	out  *bufio.Writer
	end  int64
	next map[pageKey]pageKey // of the pages that are continued
	// titles has the hashes of the titles of those pages that are continued only
	// by a page of the same title.
	titles map[pageKey]pageKey
	// order has the continued pages as they came, so that joining depends on
	// the frontier's order alone.
	order []pageKey
	moved map[pageKey]pageKey // where addresses redirect to
}

type pageKey [16]byte

func keyOf(address string) (k pageKey) {
	sum := sha256.Sum256([]byte(address))
	copy(k[:], sum[:])
	return k
}

// spooled is a line of the spool.
type spooled struct {
	Doc  Document `json:"doc"`
	Next string   `json:"next,omitempty"`
}

func newSpool(dir string) (*spool, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	f, err := os.Create(filepath.Join(dir, "stories.tmp"))
	if err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	return &spool{file: f, out: bufio.NewWriterSize(f, 1<<16), next: map[pageKey]pageKey{}, titles: map[pageKey]pageKey{}, moved: map[pageKey]pageKey{}}, nil
}

func (s *spool) remove() {
	s.file.Close()
	os.Remove(s.file.Name())
}

func (s *spool) add(x extraction) error {
	line, err := json.Marshal(spooled{x.doc, x.next})
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if _, err := s.out.Write(line); err != nil {
		return fmt.Errorf("crawl: writing %s: %w", s.file.Name(), err)
	}
	s.end += int64(len(line))
	s.link(x)
	return nil
}

// stories calls emit with every story, its parts joined, and returns how many
// were joined to others.
func (s *spool) stories(ctx context.Context, emit func(Document) error) (joined int64, err error) {
	if err := s.out.Flush(); err != nil {
		return 0, fmt.Errorf("crawl: writing %s: %w", s.file.Name(), err)
	}
	at, err := s.parts(ctx)
	if err != nil {
		return 0, err
	}
	continuing := map[pageKey]bool{}
	for k := range at {
		continuing[k] = true
	}
	err = s.scan(ctx, func(_ int64, x spooled) error {
		k := keyOf(x.Doc.URL)
		if continuing[k] {
			return nil
		}
		for {
			k = s.next[k]
			place, ok := at[k]
			if !ok {
				break
			}
			part, err := s.read(place)
			if err != nil {
				return err
			}
			if len(x.Doc.Text)+len(part.Doc.Text) > maxJoined {
				if err := emit(x.Doc); err != nil {
					return err
				}
				x.Doc = part.Doc
				continue
			}
			x.Doc.Text += "\n" + part.Doc.Text
			joined++
		}
		return emit(x.Doc)
	})
	return joined, err
}

func (s *spool) scan(ctx context.Context, f func(place int64, x spooled) error) error {
	in := bufio.NewReaderSize(io.NewSectionReader(s.file, 0, s.end), 1<<16)
	for place := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("crawl: reading %s: %w", s.file.Name(), err)
		}
		var x spooled
		if err := json.Unmarshal(line, &x); err != nil {
			return fmt.Errorf("crawl: reading %s: %w", s.file.Name(), err)
		}
		if err := f(place, x); err != nil {
			return err
		}
		place += int64(len(line))
	}
}

func (s *spool) read(place int64) (x spooled, err error) {
	in := bufio.NewReader(io.NewSectionReader(s.file, place, s.end-place))
	line, err := in.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &x)
	}
	if err != nil {
		return x, fmt.Errorf("crawl: reading %s: %w", s.file.Name(), err)
	}
	return x, nil
}
