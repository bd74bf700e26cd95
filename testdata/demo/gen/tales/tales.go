package tales

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"unicode"
)

// A Tale is one story as its author wrote it.
type Tale struct {
	ID         string // file name without .txt: "001"
	Title      string
	Paragraphs []string
}

// Body is the tale's text without its title, one paragraph a line.
func (t Tale) Body() string { return strings.Join(t.Paragraphs, "\n") }

// Sentences are the tale's sentences in order, without its title.
func (t Tale) Sentences() []string {
	var out []string
	for _, p := range t.Paragraphs {
		out = append(out, Sentences(p)...)
	}
	return out
}

// Read reads every NNN.txt of a folder, in order of file name.
func Read(fsys fs.FS, dir string) ([]Tale, error) {
	files, err := fs.Glob(fsys, path.Join(dir, "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list tales of %s: %w", dir, err)
	}
	sort.Strings(files)
	var out []Tale
	for _, name := range files {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read tale: %w", err)
		}
		lines := strings.Split(strings.TrimSpace(string(b)), "\n")
		if len(lines) < 2 {
			return nil, fmt.Errorf("%s: found %d lines, expected a title and paragraphs", name, len(lines))
		}
		out = append(out, Tale{
			ID:         strings.TrimSuffix(path.Base(name), ".txt"),
			Title:      lines[0],
			Paragraphs: lines[1:],
		})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: found no tales, expected NNN.txt", dir)
	}
	return out, nil
}

// Sentences cuts a paragraph after each full stop, question mark or
// exclamation mark; closing quotation marks stay with what they close.
func Sentences(paragraph string) []string {
	var out []string
	runes := []rune(paragraph)
	start := 0
	for i := 0; i < len(runes); i++ {
		if !strings.ContainsRune("。！？", runes[i]) {
			continue
		}
		for i+1 < len(runes) && strings.ContainsRune("。！？”", runes[i+1]) {
			i++
		}
		out = append(out, string(runes[start:i+1]))
		start = i + 1
	}
	if rest := strings.TrimSpace(string(runes[start:])); rest != "" {
		out = append(out, rest)
	}
	return out
}

// Han keeps a text's Chinese characters and drops all else.
func Han(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Han, r) {
			return r
		}
		return -1
	}, text)
}
