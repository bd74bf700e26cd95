package warc

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
)

// counter counts the bytes that are read of a file.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// members reads the gzip members of a file as one text and knows where the
// current one begins. No read crosses the end of a member.
type members struct {
	in    *bufio.Reader
	count *counter
	zip   *gzip.Reader
	open  bool  // within a member
	start int64 // where the current member begins
	out   int64 // bytes of text that were read of it
	back  int   // how often a resync went back
	err   error // of a damaged member, until resync
}

func (m *members) offset() int64 { return m.count.n - int64(m.in.Buffered()) }

func (m *members) Read(p []byte) (int, error) {
	for {
		if m.err != nil {
			return 0, m.err
		}
		if !m.open {
			if _, err := m.in.Peek(1); err != nil {
				return 0, err
			}
			m.start, m.out = m.offset(), 0
			if err := m.begin(); err != nil {
				m.err = truncated(err)
				continue
			}
		}
		n, err := m.zip.Read(p)
		m.out += int64(n)
		if err != io.EOF {
			m.err = err
			return n, err
		}
		m.open = false
		if n > 0 {
			return n, nil
		}
	}
}

func (m *members) begin() (err error) {
	if m.zip == nil {
		m.zip, err = gzip.NewReader(m.in)
	} else {
		err = m.zip.Reset(m.in)
	}
	if err != nil {
		return err
	}
	m.zip.Multistream(false)
	m.open = true
	return nil
}

func truncated(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

var magic = []byte{0x1f, 0x8b, 0x08}

// maxBack is how often reading goes back into what was decompressed as a damaged
// member: without a bound a crafted file could be read once for each of its bytes.
const maxBack = 1000

// resync leaves a damaged member for what looks like the beginning of the next.
// Where the file can seek, that is looked for from the damaged one's own beginning
// on: it may have been decompressed as a part of that.
func (m *members) resync() error {
	m.open, m.err = false, nil
	if at, ok := m.count.r.(io.Seeker); ok && m.back < maxBack {
		m.back++
		// From where the reader stands now, which need not be the file's offset.
		if _, err := at.Seek(m.start+1-m.count.n, io.SeekCurrent); err != nil {
			return err
		}
		m.in.Reset(m.count)
		m.count.n = m.start + 1
	}
	for {
		head, err := m.in.Peek(len(magic))
		if err != nil {
			return err
		}
		if bytes.Equal(head, magic) {
			return nil
		}
		if _, err := m.in.Discard(1); err != nil {
			return err
		}
	}
}
