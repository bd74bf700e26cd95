package demo_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yanyiwu/gojieba"
	"golang.org/x/text/encoding/simplifiedchinese"

	"wakong/testdata/demo"
	"wakong/testdata/demo/gen/tales"
)

// The tales' sources stand in a testdata folder, which `./...` leaves out:
// their checks are here.
const sources = "../../testdata/demo"

func readTales(t *testing.T, dir string) []tales.Tale {
	t.Helper()
	ts, err := tales.Read(os.DirFS(sources), dir)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func readQuestions(t *testing.T) []tales.Question {
	t.Helper()
	list, err := os.ReadFile(sources + "/questions.txt")
	if err != nil {
		t.Fatal(err)
	}
	qs, err := tales.ReadQuestions("questions.txt", string(list), readTales(t, "heldout"))
	if err != nil {
		t.Fatal(err)
	}
	return qs
}

func newJieba(t *testing.T) *gojieba.Jieba {
	t.Helper()
	jieba := gojieba.NewJieba()
	t.Cleanup(jieba.Free)
	return jieba
}

// isNoun reports whether jieba's dictionary tags the word as a noun of any kind.
func isNoun(jieba *gojieba.Jieba, word string) bool {
	tags := jieba.Tag(word)
	return len(tags) == 1 && strings.HasPrefix(tags[0], word+"/n")
}

func TestTalesLengths(t *testing.T) {
	for dir, want := range map[string]int{"tales": 84, "heldout": 14} {
		ts := readTales(t, dir)
		if len(ts) < want {
			t.Errorf("%s: found %d tales, expected at least %d", dir, len(ts), want)
		}
		titles := map[string]string{}
		for _, tale := range ts {
			if n := utf8.RuneCountInString(tales.Han(tale.Body())); n < 200 || n > 500 {
				t.Errorf("%s/%s.txt: found %d Chinese characters, expected 200 to 500", dir, tale.ID, n)
			}
			if other := titles[tale.Title]; other != "" {
				t.Errorf("%s/%s.txt: found the title of %s", dir, tale.ID, other)
			}
			titles[tale.Title] = tale.ID
		}
	}
}

// What the questions stand on must share nothing with what is trained on: the
// removal of leaks would drop such a training tale.
func TestHeldOutTalesAreApart(t *testing.T) {
	const run = 16
	runs, sentences := map[string]string{}, map[string]string{}
	for _, tale := range readTales(t, "tales") {
		for _, w := range windows(tales.Han(tale.Title+tale.Body()), run) {
			runs[w] = tale.ID
		}
		for _, s := range tale.Sentences() {
			sentences[tales.Han(s)] = tale.ID
		}
	}
	for _, tale := range readTales(t, "heldout") {
		for _, w := range windows(tales.Han(tale.Title+tale.Body()), run) {
			if id := runs[w]; id != "" {
				t.Errorf("heldout/%s.txt and tales/%s.txt share %q", tale.ID, id, w)
			}
		}
		for _, s := range tale.Sentences() {
			if id := sentences[tales.Han(s)]; id != "" {
				t.Errorf("heldout/%s.txt and tales/%s.txt share the sentence %q", tale.ID, id, s)
			}
		}
	}
}

func windows(s string, size int) []string {
	r := []rune(s)
	var out []string
	for i := 0; i+size <= len(r); i++ {
		out = append(out, string(r[i:i+size]))
	}
	return out
}

func TestQuestions(t *testing.T) {
	jieba := newJieba(t)
	qs := readQuestions(t)
	if len(qs) != 40 {
		t.Errorf("found %d questions, expected 40", len(qs))
	}
	perTale := map[string]int{}
	frequencies := map[int]int{}
	sure, possible := 0, 0 // most frequent noun right: alone in front, or not behind
	for _, q := range qs {
		name := fmt.Sprintf("questions.txt:%d (%s)", q.Line, q.Answer)
		if perTale[q.Tale.ID]++; perTale[q.Tale.ID] > 4 {
			t.Errorf("%s: tale %s has more than 4 questions", name, q.Tale.ID)
		}
		if !isNoun(jieba, q.Answer) {
			t.Errorf("%s: the answer is no noun of the dictionary", name)
		}
		passage, _, err := q.Words(func(s string) []string { return jieba.Cut(s, false) })
		if err != nil {
			t.Fatal(err)
		}
		counts := map[string]int{}
		for _, sentence := range passage {
			for _, w := range sentence {
				if isNoun(jieba, w) {
					counts[w]++
				}
			}
		}
		n := counts[q.Answer]
		if n == 0 {
			t.Errorf("%s: the answer stands nowhere else in the passage", name)
		}
		frequencies[min(n, 8)]++
		ahead, level := 0, 0
		for _, c := range counts {
			if c > n {
				ahead++
			} else if c == n {
				level++
			}
		}
		if ahead == 0 {
			possible++
			if level == 1 {
				sure++
			}
		}
	}
	t.Logf("most frequent noun right: %d of %d, %d with ties", sure, len(qs), possible)
	t.Logf("answers by frequency (8 and more together): %v", frequencies)
	if sure*100 < 15*len(qs) || possible*100 > 35*len(qs) {
		t.Errorf("the most frequent noun answers %d to %d of %d questions, expected 15 %% to 35 %%", sure, possible, len(qs))
	}
	for n := 1; n <= 8; n++ {
		if frequencies[n] == 0 {
			t.Errorf("no answer stands %d times in its passage (8: or more)", n)
		}
	}
}

func TestQuestionFilesAreCurrent(t *testing.T) {
	jieba := newJieba(t)
	docQuery, answers, err := tales.Contest(readQuestions(t), func(s string) []string { return jieba.Cut(s, false) })
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"questions.doc_query": docQuery, "questions.answer": answers} {
		compare(t, name, want)
	}
	// The contest's format, seen from the outside.
	passage, query := "", 0
	for i, line := range strings.Split(strings.TrimSuffix(string(docQuery), "\n"), "\n") {
		head, words, ok := strings.Cut(line, " ||| ")
		switch {
		case !ok || words == "":
			t.Errorf("questions.doc_query:%d: found %q, expected n ||| words", i+1, line)
		case head == fmt.Sprintf("<qid_%d>", query):
			if strings.Count(passage, "XXXXX") != 1 || !strings.Contains(passage, words) || !strings.Contains(words, "XXXXX") {
				t.Errorf("questions.doc_query:%d: the query is not the passage's one sentence with XXXXX", i+1)
			}
			passage, query = "", query+1
		case head == fmt.Sprint(strings.Count(passage, "\n")+1):
			passage += words + "\n"
		default:
			t.Errorf("questions.doc_query:%d: found number %q", i+1, head)
		}
	}
	if query != 40 || passage != "" {
		t.Errorf("questions.doc_query: found %d queries and %q after them, expected 40", query, passage)
	}
}

func TestSiteIsCurrent(t *testing.T) {
	site, err := tales.Site(readTales(t, "tales"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range site {
		compare(t, "site/"+path, want)
		if len(want) >= 60<<10 {
			t.Errorf("site/%s: found %d bytes, expected less than 60 KB", path, len(want))
		}
	}
	err = fs.WalkDir(demo.FS, "site", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && site[strings.TrimPrefix(path, "site/")] == nil {
			t.Errorf("%s: found a file that the tales do not give", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSiteHasOneGBKPage(t *testing.T) {
	b, err := fs.ReadFile(demo.FS, "site/tales/042.html")
	if err != nil {
		t.Fatal(err)
	}
	if utf8.Valid(b) || !bytes.Contains(b, []byte(`charset="gbk"`)) {
		t.Error("site/tales/042.html: expected GBK with a meta charset")
	}
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(b)
	if err != nil || !bytes.Contains(text, []byte("乌龟过桥")) {
		t.Errorf("site/tales/042.html: decoding GBK gives no title (%v)", err)
	}
}

func compare(t *testing.T, name string, want []byte) {
	t.Helper()
	got, err := fs.ReadFile(demo.FS, name)
	if err != nil {
		t.Errorf("%v; run: cd testdata/demo && go run ./gen", err)
	} else if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the tales give; run: cd testdata/demo && go run ./gen", name)
	}
}
