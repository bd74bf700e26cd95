package corpus

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding/htmlindex"
)

func TestDetectEncoding(t *testing.T) {
	const simple = "从前有一只小狐狸，它住在森林里的一棵大树下面。它说：“我们去看看吧！”"
	const traditional = "從前有一隻小狐狸，牠住在森林裡的一棵大樹下面。牠說：「我們去看看吧！」"
	for _, c := range []struct{ text, encoding, want string }{
		{simple, "utf-8", "utf-8"},
		{simple, "gb18030", "gb18030"},
		{simple, "gbk", "gb18030"},
		{simple, "utf-16le", "utf-16le"},
		{simple, "utf-16be", "utf-16be"},
		{traditional, "big5", "big5"},
		{traditional, "gb18030", "gb18030"},
		{traditional, "utf-16le", "utf-16le"},
		{"plain ASCII", "utf-8", "utf-8"},
		{"", "utf-8", "utf-8"},
		{"小狐狸说：好。", "gb18030", "gb18030"},
		{"老裁縫說：好。", "big5", "big5"},
	} {
		e, err := htmlindex.Get(c.encoding)
		if err != nil {
			t.Fatal(err)
		}
		b, err := e.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		for _, times := range []int{1, 2000} {
			d := DetectEncoding(bytes.Repeat(b, times))
			if d.Encoding != c.want || d.Doubtful() {
				t.Errorf("%q in %s, %d times: got %+v, want %s", c.text, c.encoding, times, d, c.want)
			}
		}
	}
	for in, want := range map[string]string{"\xEF\xBB\xBF好": "utf-8", "\xFF\xFEa\x00": "utf-16le", "\xFE\xFF\x00a": "utf-16be"} {
		if d := DetectEncoding([]byte(in)); d.Encoding != want || !d.Certain {
			t.Errorf("%q: got %+v", in, d)
		}
	}
	if d := DetectEncoding(bytes.Repeat([]byte{0x80, 0x81, 0xFF, 0x00, 0x90, 0x05}, 100)); !d.Doubtful() {
		t.Errorf("noise: got %+v", d)
	}
}

// A source whose encoding is guessed reads files of several encodings, and
// reports what it took them for.
func TestSourceEncodingAuto(t *testing.T) {
	gb, err := htmlindex.Get("gb18030")
	if err != nil {
		t.Fatal(err)
	}
	const text = "从前有一只小狐狸，它住在森林里。\n它说：“我们走吧！”\n"
	b, err := gb.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{text, string(b), "\uFEFF" + text} {
		var report SourceReport
		source := Source{Format: FormatText, Path: write(t, "a.txt", content), Encoding: EncodingAuto}
		for d, err := range source.Samples(t.Context(), &report) {
			if err != nil || d.Text != text {
				t.Fatalf("got %q, %v", d.Text, err)
			}
		}
		want := "utf-8"
		if content == string(b) {
			want = "gb18030"
		}
		if len(report.Encodings) != 1 || report.Encodings[0].Name != want || report.Encodings[0].Files != 1 {
			t.Errorf("got %+v, want %s", report.Encodings, want)
		}
	}
	noise := strings.Repeat("\x80\x81\xFF\x90\x05", 100)
	var report SourceReport
	for range (Source{Format: FormatText, Path: write(t, "b.txt", noise), Encoding: EncodingAuto}).Samples(t.Context(), &report) {
	}
	if len(report.Encodings) != 1 || len(report.Encodings[0].Doubtful) != 1 {
		t.Errorf("noise: got %+v", report.Encodings)
	}
}

func FuzzDetectEncoding(f *testing.F) {
	f.Add([]byte("从前"))
	f.Add([]byte{0xFF, 0xFE, 0x2D})
	f.Fuzz(func(t *testing.T, b []byte) {
		d := DetectEncoding(b)
		if err := CheckEncoding(d.Encoding); err != nil || d.Faults < 0 || d.Faults > 1 {
			t.Errorf("%q: %+v, %v", b, d, err)
		}
	})
}
