package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	var a, b, other bytes.Buffer
	o := options{bytes: 50_000, words: 300, rare: 7, seed: 1}
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := write(w, o); err != nil {
			t.Fatal(err)
		}
	}
	o.seed = 2
	if err := write(&other, o); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) || bytes.Equal(a.Bytes(), other.Bytes()) {
		t.Error("the text does not depend on the seed alone")
	}
	counts, once := map[string]int{}, 0
	for _, word := range strings.Fields(a.String()) {
		counts[word]++
	}
	frequent := 0
	for word, n := range counts {
		switch {
		case word[0] == 'r' && n == 1:
			once++
		case word[0] == 'w' && n >= 2:
			frequent++
		default:
			t.Errorf("%s comes %d times", word, n)
		}
	}
	if frequent != 300 || once < 1000 {
		t.Errorf("%d frequent words, %d rare ones", frequent, once)
	}
}
