package embed

import (
	"errors"
	"math"
	"testing"

	"wakong/vocab"
)

func TestNearest(t *testing.T) {
	words, err := vocab.New([]string{"a", "b", "c", "d", "e", "f"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &Vectors{Vocabulary: words, Size: 2, Data: []float32{0, 0, 1, 0, 0, 3, 2, 0, 0, 1, 0, 0, -5, 0}}
	for _, c := range []struct {
		n    int
		want string
	}{{-1, ""}, {0, ""}, {1, "c"}, {2, "cb"}, {3, "cbd"}, {4, "cbde"}, {5, "cbdef"}, {99, "cbdef"}} {
		near, err := v.Nearest("a", c.n)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, n := range near {
			got += n.Word
			if words.ID(n.Word) != n.ID {
				t.Errorf("%s has id %d", n.Word, n.ID)
			}
		}
		if got != c.want {
			t.Errorf("%d nearest: %s, expected %s", c.n, got, c.want)
		}
	}
	near, _ := v.Nearest("a", 5)
	for i, want := range []float64{1, 0, 0, 0, -1} {
		if math.Abs(near[i].Similarity-want) > 1e-12 {
			t.Errorf("%s: similarity %v, expected %v", near[i].Word, near[i].Similarity, want)
		}
	}
	if _, err := v.Nearest("z", 1); !errors.Is(err, ErrUnknownWord) {
		t.Errorf("an unknown word: %v", err)
	}
	if v.Vector(-1) != nil || v.Vector(7) != nil || len(v.Vector(6)) != 2 {
		t.Error("vectors of ids that no word has")
	}
	v.Data = v.Data[:5]
	if err := v.WriteText(nil); err == nil {
		t.Error("vectors whose data is too short were written")
	}
}
