package compressed

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func TestCut(t *testing.T) {
	for path, want := range map[string]struct {
		plain string
		kind  Kind
	}{
		"a.txt":      {"a.txt", None},
		"a.txt.gz":   {"a.txt", Gzip},
		"a.txt.ZST":  {"a.txt", Zstandard},
		".gz":        {".gz", None},
		"b/a.gz.zst": {"b/a.gz", Zstandard},
	} {
		if plain, kind := Cut(path); plain != want.plain || kind != want.kind {
			t.Errorf("%s: got %s, %d", path, plain, kind)
		}
	}
}

func packed(t *testing.T, k Kind, text string, times int) []byte {
	t.Helper()
	var b bytes.Buffer
	err := k.Write(&b, func(w io.Writer) error {
		for range times {
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	for _, k := range []Kind{None, Gzip, Zstandard} {
		b := packed(t, k, "灯塔", 3)
		if again := packed(t, k, "灯塔", 3); !bytes.Equal(b, again) {
			t.Errorf("%d: other bytes the second time", k)
		}
		r, err := k.TextReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || string(text) != "灯塔灯塔灯塔" {
			t.Errorf("%d: %q, %v", k, text, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Some kilobytes that would unpack to 256 MiB are refused on the way.
func TestBomb(t *testing.T) {
	for _, k := range []Kind{Gzip, Zstandard} {
		b := packed(t, k, strings.Repeat("A", 1<<20), 256)
		r, err := k.TextReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, r)
		if err == nil || !strings.Contains(err.Error(), "unpack to more than") || n > FreeBytes+MostRatio*int64(len(b)) {
			t.Errorf("%d: %d bytes of %d: %v", k, n, len(b), err)
		}
		r.Close()
	}
}
