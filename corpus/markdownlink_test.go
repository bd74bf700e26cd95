package corpus

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Links are what these expressions find, whatever the line.
func TestStripLinks(t *testing.T) {
	expressions := map[string]*regexp.Regexp{
		"![": regexp.MustCompile(`!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])`),
		"[":  regexp.MustCompile(`\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])`),
	}
	pieces := []string{"[", "]", "(", ")", "!", "![", "](", "][", "[]", "狐狸", "a", " ", "\xFF"}
	rapid.Check(t, func(r *rapid.T) {
		line := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(r, "pieces"), "")
		for open, expression := range expressions {
			if got, want := stripLinks(line, open), expression.ReplaceAllString(line, "$1"); got != want {
				r.Fatalf("%q, %s: got %q, want %q", line, open, got, want)
			}
		}
	})
}

// A long line of links without an end is looked through once.
func TestLinksWithoutEnd(t *testing.T) {
	for _, in := range []string{"[a]([x][y]", "![a](![x][y]", "[", "[]", "[a]", "[a](", "[a][", "![", "[a](b"} {
		stripLinks(strings.Repeat(in, 1<<19), "![")
		stripLinks(strings.Repeat(in, 1<<19), "[")
	}
	if _, body := stripMarkdown("题\n===\n" + strings.Repeat("[a]([x][y]", 1<<16)); body != strings.Repeat("[a](x", 1<<16) {
		t.Errorf("got %d bytes", len(body))
	}
}
