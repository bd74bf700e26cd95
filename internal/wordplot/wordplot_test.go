package wordplot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	points := []Point{{"狐狸", 0, 0}, {"<灯&笼>", 0, 0}, {"café", 5, 5}}
	for i := range 300 {
		points = append(points, Point{fmt.Sprintf("词%d", i), rng.NormFloat64(), rng.NormFloat64()})
	}
	o := Options{Title: "300 words", Width: 800, Height: 600}
	var first, second bytes.Buffer
	labeled, err := Write(&first, points, o)
	if err != nil || labeled < 50 || labeled > len(points) {
		t.Fatalf("%d labels, %v", labeled, err)
	}
	if _, err := Write(&second, points, o); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("other bytes the second time")
	}
	for _, want := range []string{">狐狸</text>", ">&lt;灯&amp;笼&gt;</text>", "Noto Sans CJK SC", "sans-serif"} {
		if !strings.Contains(first.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
	for d := xml.NewDecoder(&first); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	labels := layout(fit(points, o), o)
	for i, a := range labels {
		for _, b := range labels[:i] {
			if a.covers(b) {
				t.Errorf("%s covers %s", a.word, b.word)
			}
		}
	}
	for _, few := range [][]Point{nil, {{"一", 1, 1}}} {
		if _, err := Write(io.Discard, few, o); err != nil {
			t.Error(err)
		}
	}
}
