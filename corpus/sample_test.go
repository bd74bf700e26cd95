package corpus

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares a result with the file of this name, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update accepts it):\n%s", path, got)
	}
}

type sampleReaderFunc func(io.Reader, string) iter.Seq2[Sample, error]

// show writes what a reader gives out, errors included.
func show(read sampleReaderFunc, in string) string {
	var b strings.Builder
	for s, err := range read(strings.NewReader(in), "f") {
		if err != nil {
			fmt.Fprintf(&b, "  error %v\n", err)
			continue
		}
		fmt.Fprintf(&b, "  sample id=%s line=%d query=%d sentences=%d answer=%s\n", s.ID, s.Line, s.QueryLine, len(s.Sentences), s.Answer)
	}
	return b.String()
}

// The cases are in the golden files with what is read from them: each fault
// names its line and loses one sample, the next one is read.
func TestSamples(t *testing.T) {
	const good = "1 ||| 好 的 XXXXX 。\n<qid_9> ||| 好 。\n"
	cmrc := []struct{ name, in string }{
		{"good", good},
		{"no last line end", "1 ||| 一 。\n<qid_0> ||| 二"},
		{"windows and byte order mark", "\xEF\xBB\xBF1 ||| 一 。\r\n<qid_0> ||| 二\r\n"},
		{"blank lines", "\n1 ||| 一 。\n \u3000\n2 ||| 二\n<qid_0> ||| 二\n\n"},
		{"empty sentence", "1 ||| 一 。\n2 |||\n<qid_0> ||| 二\n"},
		{"empty", ""},
		{"white space only", " \n\n"},
		{"stray line", "1 ||| 一 。\n走 了 两 步 。\n2 ||| 二\n<qid_0> ||| 二\n" + good},
		{"query without passage", "<qid_0> ||| 二\n" + good},
		{"passage of nothing", "1 |||\n<qid_0> ||| 二\n" + good},
		{"sample without query", "1 ||| 一 。\n2 ||| 二 。\n1 ||| 三 。\n<qid_0> ||| 二\n" + good},
		{"cut off", good + "1 ||| 一 。\n2 ||| 二\n"},
		{"number missing", "1 ||| 一 。\n3 ||| 二\n<qid_0> ||| 二\n" + good},
		{"no number", "一 ||| 一 。\n<qid_0> ||| 二\n" + good},
		{"repeated id", good + good + "1 ||| 一\n<qid_1> ||| 二\n"},
		{"another format", "1 ||| 一 。\n2 ||| 问 XXXXX ||| 答\n" + good},
		{"invalid UTF-8", "1 ||| 一 \xB6\xFE 。\n2 ||| 二\n<qid_0> ||| 二\n" + good},
		{"UTF-16", "\xFF\xFE1\x00 \x00|\x00"},
		{"NUL", "1 ||| 一 \x00 。\n<qid_0> ||| 二\n" + good},
	}
	var b strings.Builder
	for _, c := range cmrc {
		fmt.Fprintf(&b, "%s: %q\n%s", c.name, c.in, show(ReadCMRC2017, c.in))
	}
	golden(t, "cmrc2017.txt", b.String())

	const fine = "1 ||| 好 。\n2 ||| XXXXX 。 ||| 好\n"
	cft := []struct{ name, in string }{
		{"good", fine + fine},
		{"empty", "\uFEFF"},
		{"query without passage", "1 ||| 问 XXXXX ||| 答\n" + fine},
		{"no answer", "1 ||| 一\n2 ||| 问 XXXXX |||\n" + fine},
		{"four fields", "1 ||| 一 ||| 二 ||| 三\n" + fine + fine},
		{"another format", "1 ||| 一\n<qid_0> ||| 问\n" + fine},
		{"no query", "1 ||| 一\n2 ||| 二\n" + fine},
		{"cut off", fine + "1 ||| 一\n"},
		{"bad number in the query", "1 ||| 一\n3 ||| XXXXX ||| 一\n" + fine},
	}
	b.Reset()
	for _, c := range cft {
		fmt.Fprintf(&b, "%s: %q\n%s", c.name, c.in, show(ReadPDCFT, c.in))
	}
	golden(t, "pdcft.txt", b.String())
}

// A passage without a query is not collected for as long as the file goes on.
func TestLongPassage(t *testing.T) {
	var in strings.Builder
	endless := func(first string, lines int) {
		in.WriteString(first)
		for i := range lines {
			fmt.Fprintf(&in, "%d ||| %s\n", i+2, strings.Repeat("很 长 。", 1<<10))
		}
	}
	in.WriteString("1 ||| 好 的 XXXXX 。\n<qid_1> ||| 好 。\n")
	endless("1 ||| 没完 。\n", 2000)
	in.WriteString("<qid_2> ||| 完 。\n1 ||| 好 。\n<qid_3> ||| 好 。\n")
	endless("1 ||| 没完 。\n", 1700) // ended by a sample's first line
	in.WriteString("1 ||| 好 。\n<qid_4> ||| 好 。\n")
	endless("1 ||| 不太长 。\n", 1400)
	in.WriteString("<qid_5> ||| 好 。\n")
	const want = `  sample id=qid_1 line=1 query=2 sentences=1 answer=
  error f:3: found a passage of more than 16 MiB without ` + "`<qid_k> ||| query`" + `, expected at most 16 MiB before it
  sample id=qid_3 line=2005 query=2006 sentences=1 answer=
  error f:2007: found a passage of more than 16 MiB without ` + "`<qid_k> ||| query`" + `, expected at most 16 MiB before it
  sample id=qid_4 line=3708 query=3709 sentences=1 answer=
  sample id=qid_5 line=3710 query=5111 sentences=1401 answer=
`
	if got := show(ReadCMRC2017, in.String()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReadAnswers(t *testing.T) {
	a, err := ReadAnswers(strings.NewReader("\uFEFF<qid_0> ||| 篮子\r\n\n<qid_7> ||| 剪刀\n<qid_8> |||\n"), "f")
	if err != nil {
		t.Fatal(err)
	}
	if w, ok := a.Word("qid_7"); a.Len() != 3 || w != "剪刀" || !ok || a.Line("qid_7") != 3 {
		t.Errorf("got %+v", a)
	}
	if _, ok := a.Word("qid_1"); ok {
		t.Error("qid_1 has an answer")
	}
	var all []string
	for id, word := range a.All() {
		all = append(all, FormatAnswer(id, word))
	}
	if got := strings.Join(all, "; "); got != "<qid_0> ||| 篮子; <qid_7> ||| 剪刀; <qid_8> ||| " {
		t.Errorf("got %s", got)
	}
	for in, want := range map[string]string{
		"":                                "f: empty, expected `<qid_k> ||| word` lines",
		"篮子\n":                            "f:1: found \"篮子\", expected `<qid_k> ||| word`",
		"<a> ||| b\n<b> ||| c ||| d":      "f:2: found \"<b> ||| c ||| d\", expected `<qid_k> ||| word`",
		"<a> ||| b\n<b> ||| b\n<a> ||| c": "f:3: found <a> again (first in line 1), expected an id that occurs once",
		"<a> ||| \xFF":                    "f:1: found byte 0xFF at column 9, which is no UTF-8, expected UTF-8 (or name the encoding, e.g. encoding: gb18030)",
		"<a> ||| b\x00":                   "f:1: found a NUL byte at column 10, expected text",
	} {
		_, err := ReadAnswers(strings.NewReader(in), "f")
		if err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", in, err, want)
		}
		var input *InputError
		if !errors.As(err, &input) {
			t.Errorf("%q: no InputError", in)
		}
	}
}
