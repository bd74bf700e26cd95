package stage

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// diffParams says in words how two canonical parameter texts differ, each
// difference beginning with its path: "embed.window 5 -> 8".
func diffParams(path string, before, after json.RawMessage) []string {
	a, errA := decodeJSON(before)
	b, errB := decodeJSON(after)
	if errA != nil || errB != nil {
		return []string{path + " parameters changed"}
	}
	return diffValue(nil, path, a, b)
}

func diffValue(out []string, path string, a, b any) []string {
	if reflect.DeepEqual(a, b) {
		return out
	}
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			return diffObject(out, path, x, y)
		}
	case []any:
		if y, ok := b.([]any); ok {
			return diffList(out, path, x, y)
		}
	}
	return append(out, fmt.Sprintf("%s %s -> %s", path, brief(a), brief(b)))
}

func diffObject(out []string, path string, a, b map[string]any) []string {
	union := map[string]bool{}
	for k := range a {
		union[k] = true
	}
	for k := range b {
		union[k] = true
	}
	for _, k := range sortedKeys(union) {
		x, inA := a[k]
		y, inB := b[k]
		switch {
		case !inA:
			out = append(out, fmt.Sprintf("%s.%s added (%s)", path, k, brief(y)))
		case !inB:
			out = append(out, fmt.Sprintf("%s.%s removed", path, k))
		default:
			out = diffValue(out, path+"."+k, x, y)
		}
	}
	return out
}

func diffList(out []string, path string, a, b []any) []string {
	for i := range max(len(a), len(b)) {
		where := path + "[" + strconv.Itoa(i) + "]"
		switch {
		case i >= len(a):
			out = append(out, fmt.Sprintf("%s added (%s)", where, brief(b[i])))
		case i >= len(b):
			out = append(out, where+" removed")
		default:
			out = diffValue(out, where, a[i], b[i])
		}
	}
	return out
}

// brief shows a value within a sentence: short, on one line.
func brief(v any) string {
	var text string
	switch x := v.(type) {
	case nil:
		return "none"
	case string:
		text = x
		if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
			text = strconv.Quote(text)
		}
	default:
		data, err := Canonical(v)
		if err != nil {
			return "another value"
		}
		text = string(data)
	}
	const most = 40
	if r := []rune(text); len(r) > most {
		text = string(r[:most-3]) + "..."
	}
	return text
}
