package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAverage(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one := file("one", `{"id":"qid_1","answers":[{"word":"狐狸","probability":0.6},{"word":"月光","probability":0.4}]}
{"id":"qid_2","answers":[{"word":"河","probability":1}]}
{"id":"qid_3","answers":[]}
`)
	// In another order, and with a word that the first does not know.
	two := file("two", `{"id":"qid_3","answers":[]}
{"id":"qid_2","answers":[{"word":"山","probability":0.5},{"word":"河","probability":0.5}]}
{"id":"qid_1","answers":[{"word":"月光","probability":0.9},{"word":"狐狸","probability":0.1}]}
`)
	if r := expect(t, exitDone, "", "average", one, two); r.out != "<qid_1> ||| 月光\n<qid_2> ||| 河\n<qid_3> ||| \n" || r.err != "" {
		t.Errorf("got %s%s", r.out, r.err)
	}
	const want = `{"id":"qid_1","answers":[{"word":"月光","probability":0.65}]}
{"id":"qid_2","answers":[{"word":"河","probability":0.75}]}
{"id":"qid_3","answers":[]}
`
	if r := expect(t, exitDone, "", "average", one, two, "--format", "jsonl", "--top", "1"); r.out != want {
		t.Errorf("got %s", r.out)
	}
	// Equal probabilities keep the order of reading.
	tie := file("tie", `{"id":"a","answers":[{"word":"甲","probability":1}]}`+"\n")
	other := file("other", `{"id":"a","answers":[{"word":"乙","probability":1}]}`+"\n")
	if r := expect(t, exitDone, "", "average", tie, other, "--format", "jsonl"); r.out != `{"id":"a","answers":[{"word":"甲","probability":0.5},{"word":"乙","probability":0.5}]}`+"\n" {
		t.Errorf("got %s", r.out)
	}
	// Rounding makes no ties.
	ties := []string{"average"}
	for _, p := range [][2]string{{"0.1", "0.3"}, {"0.2", "0.2"}, {"0.3", "0.1"}} {
		ties = append(ties, file("ties"+p[0], `{"id":"a","answers":[{"word":"乙","probability":`+p[1]+`},{"word":"甲","probability":`+p[0]+`},{"word":"丙","probability":0.6}]}`+"\n"))
	}
	if r := expect(t, exitDone, "", append(ties, "--format", "jsonl")...); strings.Index(r.out, "乙") > strings.Index(r.out, "甲") {
		t.Errorf("of equal words the second: %s", r.out)
	}
	// The largest mean is the answer, also where six digits do not tell it.
	means := []string{"average"}
	for _, p := range [][2]string{{"0.400000", "0.399999"}, {"0.300000", "0.300001"}, {"0.300001", "0.300002"}} {
		means = append(means, file("mean"+p[1], `{"id":"a","answers":[{"word":"甲","probability":`+p[0]+`},{"word":"乙","probability":`+p[1]+`},{"word":"丙","probability":0.2}]}`+"\n"))
	}
	if r := expect(t, exitDone, "", means...); r.out != "<a> ||| 乙\n" && r.out != "a ||| 乙\n" {
		t.Errorf("got %s", r.out)
	}
	few := file("few", `{"id":"a","answers":[{"word":"甲","probability":0.31}]}`+"\n")
	expect(t, exitDone, few+" leaves words out: those of one question have a probability of 0.31 together", "average", tie, few)

	empty := file("empty", "")
	expect(t, exitFailed, empty+`: found no question "a", expected the questions of `+tie, "average", tie, empty)
	expect(t, exitFailed, few+`:1: found the question "a", which `+one+" does not have", "average", one, few)
	double := file("double", `{"id":"a","answers":[]}`+"\n\n"+`{"id":"a","answers":[]}`+"\n")
	expect(t, exitFailed, double+`:3: found the question "a" a second time`, "average", double, tie)
	expect(t, exitFailed, `:1: found the probability 2, expected 0 to 1`, "average", tie, file("much", `{"id":"a","answers":[{"word":"甲","probability":2}]}`))
	expect(t, exitFailed, ":1: found no prediction", "average", tie, file("bad", "甲\n"))
	expect(t, exitUsage, "is an input too", "average", tie, other, "--output", other)
	expect(t, exitUsage, "requires at least 2 arg", "average", tie)
	expect(t, exitUsage, `--format: found "csv"`, "average", tie, other, "--format", "csv")
	expect(t, exitUsage, "--top: found 0", "average", tie, other, "--top", "0")
}
