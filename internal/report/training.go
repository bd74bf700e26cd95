package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// A Speed is the rate of a training between two validations, the later one
// included.
type Speed struct {
	Step  int // of the later one
	Words float64
}

// timingLine is a line of a stage's timing.jsonl, of which other lines may hold
// anything.
type timingLine struct {
	Event   string    `json:"event"`
	Time    time.Time `json:"time"`
	Resumed bool      `json:"resumed"`
	Seconds float64   `json:"seconds"`
	Step    int       `json:"step"`
	Words   int64     `json:"words"`
}

// Timing is what a stage's timing.jsonl tells.
type Timing struct {
	Attempts int
	Seconds  float64 // of attempts that came to an end, well or not
	Speed    []Speed // of a training
}

// ReadTiming reads timing.jsonl. A line that is none is passed over: nothing is
// promised about logs, and a report must not fail for one.
func ReadTiming(data []byte) (t Timing) {
	var last *timingLine // from which words are counted
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		var line timingLine
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue
		}
		switch line.Event {
		case "started":
			t.Attempts++
			last = nil
			if !line.Resumed {
				last = &line
			}
		case "validated":
			if last != nil {
				if took := line.Time.Sub(last.Time).Seconds(); took > 0 && line.Words > last.Words {
					t.Speed = append(t.Speed, Speed{line.Step, float64(line.Words-last.Words) / took})
				}
			}
			last = &line
		case "finished", "failed":
			t.Seconds += line.Seconds
		}
	}
	return t
}

// Differences gives the parameters in which several runs differ, as the paths of
// JSON values. A run that lacks one has "-".
func Differences(params []json.RawMessage) ([]Setting, error) {
	flat := make([]map[string]string, len(params))
	keys := map[string]bool{}
	for i, p := range params {
		flat[i] = map[string]string{}
		d := json.NewDecoder(bytes.NewReader(p))
		d.UseNumber()
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("report: parameters of a training: %w", err)
		}
		flatten("", value, flat[i])
		for k := range flat[i] {
			keys[k] = true
		}
	}
	var out []Setting
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		s := Setting{Key: k}
		same := true
		for i := range flat {
			s.Values = append(s.Values, orElse(flat[i][k], "-"))
			same = same && s.Values[i] == s.Values[0]
		}
		if !same {
			out = append(out, s)
		}
	}
	return out, nil
}

func flatten(at string, value any, into map[string]string) {
	switch v := value.(type) {
	case map[string]any:
		if at != "" {
			at += "."
		}
		for k, inner := range v {
			flatten(at+k, inner, into)
		}
	case string:
		into[at] = v
	default:
		text, err := json.Marshal(v)
		if err == nil {
			into[at] = string(text)
		}
	}
}
