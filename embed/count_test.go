package embed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"wakong/vocab"
)

// Counts that go to a file on the way are the same as those that do not.
func TestCountsBeyondMemory(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var all [][]string
	for range 800 {
		s := make([]string, 10)
		for i := range s {
			s[i] = fmt.Sprint("w", int(rng.ExpFloat64()*300))
		}
		all = append(all, s)
	}
	for _, minCount := range []int64{1, 2, 5} {
		var want bytes.Buffer
		v, err := CountWords(t.Context(), stream(all), minCount)
		if err != nil {
			t.Fatal(err)
		}
		v.WriteTo(&want)
		for _, most := range []int{1, 7, 100, 1000} {
			v, err := countUpTo(t.Context(), stream(all), minCount, most)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			v.WriteTo(&got)
			if got.String() != want.String() {
				t.Errorf("minimum %d, %d words in memory: another vocabulary", minCount, most)
			}
		}
	}
	if _, err := countUpTo(t.Context(), stream([][]string{{"一", "二", "三"}}), 2, 1); !errors.Is(err, vocab.ErrEmpty) {
		t.Errorf("no word twice: %v", err)
	}
}

func TestCountingWithoutRoom(t *testing.T) {
	t.Setenv("TMPDIR", "/no/such/folder")
	_, err := countUpTo(t.Context(), stream([][]string{{"一", "二"}}), 1, 1)
	if err == nil || !strings.Contains(err.Error(), "counting words") {
		t.Errorf("got %v", err)
	}
}

func TestCountingStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := countUpTo(ctx, stream([][]string{{"一", "二"}}), 1, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
