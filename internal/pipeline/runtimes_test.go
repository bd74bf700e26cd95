package pipeline

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"wakong/internal/ui"
)

// TestRunTimes: what a stage took, and what those after it took or that they never
// ran.
func TestRunTimes(t *testing.T) {
	p := &Pipeline{times: []stageTime{{Segment, time.Second}, {Embed, 2 * time.Second}, {Build, 0}, {Train, time.Minute}, {Predict, 0}}}
	for name, want := range map[string]ui.RunTimes{
		Segment: {Own: time.Second, Later: 62 * time.Second, Unknown: []string{Build, Predict}},
		Train:   {Own: time.Minute, Unknown: []string{Predict}},
		Predict: {},
		Crawl:   {},
	} {
		if got := p.runTimes(name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// TestReadBytes: what is read of files is told about, up to all of it.
func TestReadBytes(t *testing.T) {
	var told []int64
	count := ofFiles(func(done, total int64) { told = append(told, done, total) }, "none")
	for _, text := range []string{"one", "three"} {
		buffer := make([]byte, 2)
		for in := count.reader(strings.NewReader(text)); ; {
			if _, err := in.Read(buffer); err != nil {
				break
			}
		}
	}
	if want := []int64{2, 2, 3, 3, 5, 5, 7, 7, 8, 8}; !reflect.DeepEqual(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
	if in := strings.NewReader(""); (*readBytes)(nil).reader(in) != in {
		t.Error("no count is counted")
	}
}
