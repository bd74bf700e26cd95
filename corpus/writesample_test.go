package corpus

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
)

func eachSample(samples ...Sample) iter.Seq2[Sample, error] {
	return func(yield func(Sample, error) bool) {
		for _, s := range samples {
			if !yield(s, nil) {
				return
			}
		}
	}
}

// What could not be read back is not written.
func TestWriteSamples(t *testing.T) {
	passage := []string{"狐狸 回家 XXXXX 。"}
	sample := func(id string, sentences ...string) Sample {
		return Sample{ID: id, Sentences: sentences, Query: "XXXXX 。", File: "f", Line: 7}
	}
	many := func(n int) []string {
		sentences := make([]string, n)
		for i := range sentences {
			sentences[i] = strings.Repeat("好", MaxLine/3/8)
		}
		return sentences
	}
	cmrc := func(w io.Writer, samples iter.Seq2[Sample, error]) (int, error) {
		return WriteCMRC2017(w, nil, samples)
	}
	for _, c := range []struct {
		name    string
		write   func(io.Writer, iter.Seq2[Sample, error]) (int, error)
		samples []Sample
		want    string // of the error, "" for none
	}{
		{"well", WriteSamples, []Sample{sample("a", passage...), sample("", passage...), sample("b", many(3)...)}, ""},
		{"twice", WriteSamples, []Sample{sample("a", passage...), sample("b", passage...), sample("a", passage...)}, `f:7: found the id "a" twice, expected an id that occurs once`},
		{"twice, to the reader", WriteSamples, []Sample{sample("a", passage...), sample(" a", passage...)}, `f:7: found the id "a" twice`},
		{"twice by its number", WriteSamples, []Sample{sample("qid_1", passage...), sample("", passage...)}, `f:7: found the id "qid_1" twice`},
		{"long id", WriteSamples, []Sample{sample(strings.Repeat("a", MaxID+1), passage...)}, "f:7: found an id of 1025 bytes"},
		{"no passage", WriteSamples, []Sample{sample("a")}, "f:7: found no passage"},
		{"no query", WriteSamples, []Sample{{ID: "a", Sentences: passage, File: "f", Line: 7}}, "f:7: found no query"},
		{"long line", WriteSamples, []Sample{sample("a", many(5)...)}, `f:7: found the question "a", which makes a line of 20`},
		{"long sentences", cmrc, []Sample{sample("a", many(7)...)}, ""},
		{"long passage", cmrc, []Sample{sample("a", many(9)...)}, "f:7: found a passage of more than 16 MiB, expected what format cmrc2017 can hold"},
	} {
		var b bytes.Buffer
		n, err := c.write(&b, eachSample(c.samples...))
		var in *InputError
		switch {
		case c.want != "":
			if err == nil || !strings.HasPrefix(err.Error(), c.want) || !errors.As(err, &in) {
				t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			}
			continue
		case err != nil || n != len(c.samples):
			t.Errorf("%s: %d, %v", c.name, n, err)
			continue
		}
		read := ReadSamples
		if c.name == "long sentences" {
			read = ReadCMRC2017
		}
		for _, err := range read(&b, "f") {
			if n--; err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if n != 0 {
			t.Errorf("%s: %d too few are read back", c.name, n)
		}
	}
	for s, err := range ReadSamples(strings.NewReader(`{"id":"`+strings.Repeat("a", MaxID+1)+`","sentences":["好"],"query":"好"}`), "f") {
		if err == nil || !strings.HasPrefix(err.Error(), "f:1: found an id of 1025 bytes") {
			t.Errorf("%+v, %v", s, err)
		}
	}
}
