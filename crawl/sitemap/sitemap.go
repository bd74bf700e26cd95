// Package sitemap reads the lists of its pages that a site offers to crawlers
// (https://www.sitemaps.org/protocol.html): XML, an index of further sitemaps, or a
// plain list of addresses, each also compressed with gzip.
//
// What stands there is a stranger's: reading is bounded in bytes, in addresses and
// in the length of what stands between two marks, and nothing is fetched.
package sitemap

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// Bounds of one sitemap. The first two are the protocol's.
const (
	MaxAddresses = 50_000
	MaxBytes     = 50 << 20 // uncompressed
	// MaxToken is how many bytes a tag, a text or a line may have.
	MaxToken = 1 << 20
)

// Errors of Read, wrapped with what was found. What was read before them is
// returned.
var (
	ErrFormat   = errors.New("not a sitemap")
	ErrTooLarge = errors.New("sitemap larger than the protocol allows")
)

// Sitemap is what one file lists, in its order. Addresses are as they stand there,
// without the space around them.
type Sitemap struct {
	Pages    []string
	Sitemaps []string // further sitemaps, of an index
}

// Read reads a sitemap.
func Read(r io.Reader) (s Sitemap, err error) {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return s, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		defer z.Close()
		in = bufio.NewReader(z)
	}
	g := &guard{r: in, left: MaxBytes}
	if isXML(in) {
		err = s.readXML(g)
	} else {
		err = s.readLines(g)
	}
	if err == nil || errors.Is(err, ErrTooLarge) {
		return s, err
	}
	return s, fmt.Errorf("%w: %w", ErrFormat, err)
}

// isXML tells whether the first character is that of a tag.
func isXML(in *bufio.Reader) bool {
	head, _ := in.Peek(512)
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimSpace(head), []byte("<"))
}

// readLines reads a list of addresses, a line each.
func (s *Sitemap) readLines(g *guard) error {
	for end := false; !end; {
		g.token = 0
		var line []byte
		for {
			c, err := g.ReadByte()
			if end = errors.Is(err, io.EOF); end || err == nil && c == '\n' {
				break
			}
			if err != nil {
				return err
			}
			line = append(line, c)
		}
		address := strings.TrimSpace(strings.TrimPrefix(string(line), "\ufeff"))
		if address == "" {
			continue
		}
		if !isAddress(address) {
			return fmt.Errorf("found %.60q, expected <urlset>, <sitemapindex> or an address a line", address)
		}
		if err := s.add(address, false); err != nil {
			return err
		}
	}
	return nil
}

func isAddress(line string) bool {
	scheme, _, ok := strings.Cut(line, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

func (s *Sitemap) add(address string, index bool) error {
	switch {
	case address == "":
		return nil
	case len(s.Pages)+len(s.Sitemaps) >= MaxAddresses:
		return fmt.Errorf("%w: more than %d addresses", ErrTooLarge, MaxAddresses)
	case index:
		s.Sitemaps = append(s.Sitemaps, address)
	default:
		s.Pages = append(s.Pages, address)
	}
	return nil
}

// guard hands out bytes within the bounds.
type guard struct {
	r     *bufio.Reader
	left  int // of MaxBytes
	token int // bytes since the last token began
}

func (g *guard) ReadByte() (byte, error) {
	if g.left == 0 {
		if _, err := g.r.Peek(1); errors.Is(err, io.EOF) {
			return 0, io.EOF
		}
		return 0, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, MaxBytes)
	}
	if g.token >= MaxToken {
		return 0, fmt.Errorf("more than %d bytes without a tag or a line's end", MaxToken)
	}
	g.left--
	g.token++
	return g.r.ReadByte()
}

// Read is for a decoder of another charset.
func (g *guard) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	p[0], err = g.ReadByte()
	if err != nil {
		return 0, err
	}
	return 1, nil
}
