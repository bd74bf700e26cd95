package warc

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)

func sample() []*Record {
	response := []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>从前有一只狐狸。</p>")
	r := NewRecord(TypeResponse, "http://tales.example/1", ContentResponse, "1", day, response)
	r.Set("WARC-Payload-Digest", Digest([]byte("<p>从前有一只狐狸。</p>")))
	return []*Record{
		NewRecord(TypeInfo, "", ContentFields, "", day, []byte("software: test\r\n")),
		NewRecord(TypeRequest, "http://tales.example/1", ContentRequest, "1", day, []byte("GET /1 HTTP/1.1\r\n\r\n")),
		r,
		NewRecord(TypeResponse, "http://tales.example/empty", ContentResponse, "1", day, nil),
	}
}

func archive(t testing.TB, compressed bool) []byte {
	var b bytes.Buffer
	for _, r := range sample() {
		var err error
		if compressed {
			err = WriteMember(&b, r)
		} else {
			_, err = r.WriteTo(&b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	for name, compressed := range map[string]bool{"gzip": true, "plain": false} {
		t.Run(name, func(t *testing.T) {
			data := archive(t, compressed)
			if !bytes.Equal(data, archive(t, compressed)) {
				t.Error("the same records give other bytes the second time")
			}
			in, err := NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range sample() {
				got, err := in.Next()
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got.Block, want.Block) || got.ID() != want.ID() || got.Type() != want.Type() {
					t.Errorf("record %d: %+v, want %+v", i, got, want)
				}
				if err := got.CheckDigests(); err != nil {
					t.Error(err)
				}
			}
			if _, err := in.Next(); err != io.EOF {
				t.Errorf("after the last record: %v, want io.EOF", err)
			}
		})
	}
}

func TestRecordIDs(t *testing.T) {
	a := NewRecord(TypeResponse, "http://a/", ContentResponse, "1", day, []byte("x"))
	for name, b := range map[string]*Record{
		"type":  NewRecord(TypeRequest, "http://a/", ContentResponse, "1", day, []byte("x")),
		"url":   NewRecord(TypeResponse, "http://b/", ContentResponse, "1", day, []byte("x")),
		"date":  NewRecord(TypeResponse, "http://a/", ContentResponse, "1", day.Add(time.Second), []byte("x")),
		"salt":  NewRecord(TypeResponse, "http://a/", ContentResponse, "2", day, []byte("x")),
		"block": NewRecord(TypeResponse, "http://a/", ContentResponse, "1", day, []byte("y")),
	} {
		if a.ID() == b.ID() {
			t.Errorf("records with another %s share the id %s", name, a.ID())
		}
	}
	if !strings.HasPrefix(a.ID(), "urn:uuid:") || len(a.ID()) != len("urn:uuid:00000000-0000-0000-0000-000000000000") {
		t.Errorf("id %q", a.ID())
	}
}

func TestDamage(t *testing.T) {
	plain := string(archive(t, false))
	for name, text := range map[string]string{
		"no version":      "hello\r\n\r\n",
		"no length":       "WARC/1.1\r\nWARC-Type: response\r\n\r\n",
		"bad length":      "WARC/1.1\r\nContent-Length: -1\r\n\r\n",
		"bad field":       "WARC/1.1\r\nno colon\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
		"huge block":      "WARC/1.1\r\nContent-Length: 99999999999\r\n\r\n",
		"long head":       "WARC/1.1\r\nA: " + strings.Repeat("x", MaxHead) + "\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
		"no end":          "WARC/1.1\r\nContent-Length: 1\r\n\r\nabc\r\n\r\n",
		"truncated":       plain[:len(plain)-30],
		"truncated block": plain[:300],
	} {
		t.Run(name, func(t *testing.T) {
			in, err := NewReader(strings.NewReader(text))
			for err == nil {
				_, err = in.Next()
			}
			if err == io.EOF {
				t.Error("read to the end without an error")
			}
		})
	}
	t.Run("flipped", func(t *testing.T) {
		in, _ := NewReader(strings.NewReader(strings.Replace(plain, "狐狸", "狐狗", 1)))
		var bad error
		for {
			r, err := in.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			bad = errors.Join(bad, r.CheckDigests())
		}
		if bad == nil {
			t.Error("a changed payload passes its digest")
		}
	})
}

func TestFieldsCannotBeInjected(t *testing.T) {
	r := NewRecord(TypeResponse, "http://a/\r\nWARC-Type: evil", ContentResponse, "", day, nil)
	var b bytes.Buffer
	if _, err := r.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\nWARC-Type: evil") {
		t.Errorf("an address added a field:\n%s", b.String())
	}
}

func FuzzReader(f *testing.F) {
	f.Add(archive(f, true))
	f.Add(archive(f, false))
	f.Add([]byte("WARC/1.0\r\nContent-Length: 2\r\n folded\r\n\r\nab\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := NewReader(bytes.NewReader(data))
		if err != nil {
			return
		}
		in.MaxBlock = 1 << 20
		for range 1000 {
			r, err := in.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				if in.Resume() != nil {
					return
				}
				continue
			}
			// What was read can be written and read again.
			var b bytes.Buffer
			if _, err := r.WriteTo(&b); err != nil {
				t.Fatal(err)
			}
			again, err := NewReader(&b)
			if err != nil {
				t.Fatal(err)
			}
			same, err := again.Next()
			if err != nil {
				t.Fatalf("reading back: %v", err)
			}
			if !bytes.Equal(same.Block, r.Block) {
				t.Fatal("the block changed")
			}
			_ = same.CheckDigests()
		}
	})
}
