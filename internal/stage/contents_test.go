package stage

import (
	"strings"
	"testing"
)

func TestExtract(t *testing.T) {
	text := func(sum string) string { return strings.Repeat(sum, 64) }
	record := func(fingerprint string, needs map[string]NeedRecord) Record {
		return Record{Fingerprint: text(fingerprint), Needs: needs, Files: map[string]File{"f": {1, text("a")}}}
	}
	l := &Lock{Format: lockFormat, Stages: map[string]Record{
		"one":   record("1", nil),
		"two":   record("2", map[string]NeedRecord{"one": {text("9"), map[string]string{"f": text("a")}}}),
		"three": record("3", map[string]NeedRecord{"one": {text("1"), map[string]string{"f": text("b")}}}),
	}}
	got, err := l.Extract([]string{"one", "two"})
	if err != nil || len(got.Stages) != 2 || got.Stages["two"].Needs["one"].Fingerprint != text("1") {
		t.Errorf("%v %v", got, err)
	}
	if l.Stages["two"].Needs["one"].Fingerprint != text("9") {
		t.Error("the lock itself was changed")
	}
	for _, names := range [][]string{{"none"}, {"two"}, {"one", "three"}} {
		if _, err := l.Extract(names); err == nil {
			t.Errorf("%v were extracted", names)
		}
	}
}
