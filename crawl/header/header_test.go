package header

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for line, want := range map[string]string{
		"Accept-Language: zh-CN": "Accept-Language=zh-CN", "cookie:a=b; c=d:e": "Cookie=a=b; c=d:e", "X-Key :  v ": "X-Key=v",
		"none": "without a colon", ": v": "no name", "A b: v": "no name", "X-Key:": "no value",
		"X-Key: a\nb": "line end", "User-Agent: Mozilla": "set by the crawler", "host: a": "set by the crawler",
		"X-Key: " + strings.Repeat("v", 9000): "at most 8192",
	} {
		f, err := Parse(line)
		if err != nil {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%.40q: %v, want %q", line, err, want)
			}
			continue
		}
		if got := f.Name + "=" + f.Value; got != want {
			t.Errorf("%.40q: %q, want %q", line, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Cookie: a=b")
	f.Add("A:\r\nB: c")
	f.Fuzz(func(t *testing.T, line string) {
		if field, err := Parse(line); err == nil && (field.Name == "" || strings.ContainsAny(field.Name+field.Value, "\r\n\x00")) {
			t.Errorf("%q: %q", line, field)
		}
	})
}
