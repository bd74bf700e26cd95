package corpus

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestLines(t *testing.T) {
	for _, c := range []struct{ name, encoding, in, want string }{
		{"line ends", "", "一\r\n二\n三", "一|二|三"},
		{"byte order mark", "", "\xEF\xBB\xBF一\n\xEF\xBB\xBF二\n", "一|\uFEFF二"},
		{"empty lines", "", "\n\n一\n", "||一"},
		{"gb18030", "gb18030", "\xD2\xBB\n\xB6\xFE\n", "一|二"},
		{"big5", "big5", "\xA4\x40\r\n\xA4\x47", "一|二"},
		{"utf-16 with mark, little", "utf-16", "\xFF\xFE\x00\x4E\x0A\x00\x8C\x4E", "一|二"},
		{"utf-16 with mark, big", "utf-16", "\xFE\xFF\x4E\x00\x00\x0A\x4E\x8C", "一|二"},
		{"a mark wins over the name", "gbk", "\xEF\xBB\xBF一", "一"},
		{"undecodable", "utf-8", "一\xFF二", "一\uFFFD二"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := lookupEncoding(c.encoding)
			if err != nil {
				t.Fatal(err)
			}
			l := newLineReader(iotest.OneByteReader(strings.NewReader(c.in)), "f", e)
			var got []string
			for {
				b, err := l.next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, string(b))
			}
			if s := strings.Join(got, "|"); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
		})
	}
	if _, err := lookupEncoding("klingon"); err == nil || !strings.Contains(err.Error(), `"klingon"`) {
		t.Errorf("unknown encoding: %v", err)
	}
}

// A line that is too long is refused with its number, without being held in
// memory, and the next one is read.
func TestLineTooLong(t *testing.T) {
	for _, size := range []int{MaxLine, MaxLine + 3, 40 << 20} {
		in := io.MultiReader(strings.NewReader("一\n"), io.LimitReader(letters{}, int64(size)), strings.NewReader("\n二\n"))
		l := newLineReader(in, "f", nil)
		if _, err := l.next(); err != nil {
			t.Fatal(err)
		}
		b, err := l.next()
		if size <= MaxLine {
			if err != nil || len(b) != size {
				t.Errorf("a line of %d bytes: %d bytes, %v", size, len(b), err)
			}
		} else if err == nil || err.Error() != "f:2: found a line of more than 16 MiB, expected lines of at most 16 MiB" {
			t.Errorf("a line of %d bytes: %v", size, err)
		}
		if b, err = l.next(); err != nil || string(b) != "二" {
			t.Errorf("after it: %q, %v", b, err)
		}
		if cap(l.buffer) > 2*MaxLine {
			t.Errorf("the buffer grew to %d bytes", cap(l.buffer))
		}
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte{'a'}, len(p)))
	return len(p), nil
}

func TestReadingFails(t *testing.T) {
	broken := errors.New("the disk is gone")
	in := io.MultiReader(strings.NewReader("1 ||| 一\n"), iotest.ErrReader(broken))
	n := 0
	for _, err := range ReadCMRC2017(in, "f") {
		n++
		if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "f:2: ") {
			t.Errorf("got %v", err)
		}
	}
	if n != 1 {
		t.Errorf("%d errors, want 1", n)
	}
}
