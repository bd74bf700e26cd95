package warc

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// readAll reads past what is damaged.
func readAll(t *testing.T, data []byte) (ids []string, places []Place, problems int) {
	t.Helper()
	in, err := NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	in.MaxBlock = 1 << 10
	for range 100 {
		rec, err := in.Next()
		if err == io.EOF {
			return ids, places, problems
		}
		if err != nil {
			problems++
			if err := in.Resume(); err == io.EOF {
				return ids, places, problems
			} else if err != nil {
				t.Fatal(err)
			}
			continue
		}
		ids, places = append(ids, rec.ID()), append(places, in.Place())
	}
	t.Fatal("the reader does not come to an end")
	return nil, nil, 0
}

func TestPlaces(t *testing.T) {
	for _, compressed := range []bool{true, false} {
		data := archive(t, compressed)
		ids, places, _ := readAll(t, data)
		if len(ids) != len(sample()) {
			t.Fatalf("%d records", len(ids))
		}
		for i, place := range places {
			got, _, _ := readAll(t, data[place.Offset:])
			if place.Within != 0 || !slices.Equal(got, ids[i:]) {
				t.Errorf("compressed %v: from %+v on: %v, want %v", compressed, place, got, ids[i:])
			}
		}
	}
}

func TestResume(t *testing.T) {
	member := func(r *Record) []byte {
		var b bytes.Buffer
		if err := WriteMember(&b, r); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	plain := func(r *Record) []byte {
		var b bytes.Buffer
		if _, err := r.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	good := func(i int) *Record {
		return NewRecord(TypeResponse, fmt.Sprint("http://a/", i), ContentResponse, "", day, []byte("HTTP/1.1 200 OK\r\n\r\n狐狸"))
	}
	large := NewRecord(TypeResponse, "http://large/", ContentResponse, "", day, []byte(strings.Repeat("WARC/1.1 x\r\n", 1000)))
	flipped := member(good(2))
	flipped[len(flipped)-6] ^= 0x40 // of the checksum
	torn := member(good(2))
	tests := map[string][]byte{
		"too large, gzip":        slices.Concat(member(good(1)), member(large), member(good(3))),
		"too large, plain":       slices.Concat(plain(good(1)), plain(large), plain(good(3))),
		"checksum":               slices.Concat(member(good(1)), flipped, member(good(3))),
		"torn in the middle":     slices.Concat(member(good(1)), torn[:len(torn)/2], member(good(3))),
		"rubbish between":        slices.Concat(plain(good(1)), []byte("rubbish\r\n\r\n"), plain(good(3))),
		"length too small":       slices.Concat(plain(good(1)), bytes.Replace(plain(good(2)), []byte("Length: 25"), []byte("Length: 20"), 1), plain(good(3))),
		"no length":              slices.Concat(plain(good(1)), []byte("WARC/1.0\r\nA: b\r\n\r\n"), plain(good(3))),
		"zeros between, gzip":    slices.Concat(member(good(1)), make([]byte, 100), member(good(3))),
		"length too large, gzip": slices.Concat(member(good(1)), member(good(3)), flipped[:20]),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			ids, _, problems := readAll(t, data)
			want := []string{good(1).ID(), good(3).ID()}
			// The record before a wrong checksum is whole; what is wrong is told.
			ids = slices.DeleteFunc(ids, func(id string) bool { return id == good(2).ID() })
			if !slices.Equal(ids, want) || problems == 0 {
				t.Errorf("read %v, want %v; %d problems", ids, want, problems)
			}
		})
	}
}
