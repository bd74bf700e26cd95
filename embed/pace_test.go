package embed

import (
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	for name, c := range map[string]struct {
		one, all time.Duration
		mostly   int
	}{"idle machine": {10, 6, 4}, "busy machine": {10, 200, 1}} {
		p := newPace(4)
		steps := map[int]int{}
		for range 1000 {
			n := p.threads()
			steps[n]++
			d := c.one
			if n > 1 {
				d = c.all
			}
			p.took(n, 1, d)
		}
		if steps[c.mostly] < 970 || len(steps) != 2 {
			t.Errorf("%s: steps by threads %v, expected mostly %d and a trial of the other", name, steps, c.mostly)
		}
	}
	if n := newPace(1).threads(); n != 1 {
		t.Errorf("of one thread %d train", n)
	}
}
