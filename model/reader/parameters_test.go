package reader

import "testing"

// TestParameters: as many as the weights have of what is learned.
func TestParameters(t *testing.T) {
	for _, o := range []Options{small(Options{}), small(Options{Reread: 5}), {Units: 6}} {
		n := newSmall[float32](t, o)
		want := 0
		for _, v := range n.views() {
			want += len(v.data)
		}
		if got, err := o.Parameters(n.lexicon, n.dim); err != nil || got != want {
			t.Errorf("%+v: %d parameters, %v, the weights have %d", o, got, err, want)
		}
	}
	v, tags := smallVocabulary(t)
	l := NewLexicon(v, tags)
	// Nothing of this size is made.
	if got, err := (Options{Units: 1 << 14, Layers: 16}).Parameters(l, 300); err != nil || got < 15*8*(1<<14)*(2<<14) {
		t.Errorf("%d parameters, %v", got, err)
	}
	for _, o := range []Options{{Units: -1}, {Layers: 17}, {Units: 1<<14 + 1}, {Characters: 1 << 20}, {Reread: -1}} {
		if got, err := o.Parameters(l, 300); err == nil {
			t.Errorf("%+v: %d parameters", o, got)
		}
	}
}
