package corpus

import (
	"regexp"
	"slices"
	"strings"
)

// The marks of Markdown that occur in prose. This is no parser of Markdown:
// it leaves the words and takes the marks away.
var (
	heading    = regexp.MustCompile(`^ {0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
	underline  = regexp.MustCompile(`^ {0,3}(?:=+|-+)[ \t]*$`)
	rule       = regexp.MustCompile(`^ {0,3}(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$`)
	listMark   = regexp.MustCompile(`^[ \t]*(?:[*+-]|\d{1,9}[.)])[ \t]+`)
	quoteMark  = regexp.MustCompile(`^[ \t]*(?:>[ \t]?)+`)
	fence      = regexp.MustCompile("^ {0,3}(?:```|~~~)")
	definition = regexp.MustCompile(`^ {0,3}\[[^\]]+\]:[ \t]+\S+`)
	comment    = regexp.MustCompile(`(?s)<!--.*?-->`)
	autolink   = regexp.MustCompile(`<(?:https?://|mailto:)[^>\s]+>`)
	tag        = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>`)
	emphasis   = regexp.MustCompile(`(\*{1,3})([^\s*](?:[^*]*[^\s*])?)\*{1,3}`)
	underscore = regexp.MustCompile(`(^|[\s\p{P}])(_{1,3})([^\s_](?:[^_]*[^\s_])?)_{1,3}($|[\s\p{P}])`)
	struck     = regexp.MustCompile(`~~([^~]+)~~`)
	code       = regexp.MustCompile("`+([^`]+)`+")
	escaped    = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!>~|-])")
)

// stripMarkdown reduces Markdown to its text. The first heading is the title
// and no part of the body; the others stay as lines of their own.
func stripMarkdown(text string) (title, body string) {
	text = comment.ReplaceAllString(text, "")
	lines := strings.Split(text, "\n")
	if len(lines) > 0 && strings.TrimSpace(lines[0]) == "---" {
		for i := 1; i < len(lines); i++ {
			if strings.TrimSpace(lines[i]) == "---" { // front matter
				lines = lines[i+1:]
				break
			}
		}
	}
	var out []string
	inCode := false
	for _, line := range lines {
		if fence.MatchString(line) {
			inCode = !inCode
			continue
		}
		if inCode {
			out = append(out, line)
			continue
		}
		if m := heading.FindStringSubmatch(line); m != nil {
			if h := stripInline(m[1]); title == "" {
				title = h
			} else if h != "" {
				out = append(out, "", h, "")
			}
			continue
		}
		if underline.MatchString(line) && len(out) > 0 && strings.TrimSpace(out[len(out)-1]) != "" {
			if title == "" {
				title = strings.TrimSpace(out[len(out)-1])
				out = out[:len(out)-1]
			}
			continue
		}
		if rule.MatchString(line) || definition.MatchString(line) {
			continue
		}
		line = quoteMark.ReplaceAllString(line, "")
		line = listMark.ReplaceAllString(line, "")
		out = append(out, stripInline(line))
	}
	return title, strings.Join(out, "\n")
}

// hidden finds 128 private code points, of which the line has none itself, behind
// which escaped marks hide from the other rules. False for a line that has some of
// all.
func hidden(line string) (first rune, ok bool) {
	const begin, end, size = 0xE000, 0xF900, 0x80
	var taken [(end - begin) / size]bool
	for _, r := range line {
		if r >= begin && r < end {
			taken[(r-begin)/size] = true
		}
	}
	i := slices.Index(taken[:], false)
	return rune(begin + i*size), i >= 0
}

func stripInline(line string) string {
	first, hides := hidden(line)
	if hides {
		line = escaped.ReplaceAllStringFunc(line, func(s string) string { return string(first + rune(s[1])) })
	}
	line = stripLinks(line, "![")
	line = stripLinks(line, "[")
	line = autolink.ReplaceAllString(line, "")
	line = tag.ReplaceAllString(line, "")
	line = code.ReplaceAllString(line, "$1")
	// A bold word inside an italic sentence needs a second round.
	for range 2 {
		line = emphasis.ReplaceAllString(line, "$2")
		line = underscore.ReplaceAllString(line, "$1$3$4")
	}
	line = struck.ReplaceAllString(line, "$1")
	if hides {
		line = strings.Map(func(r rune) rune {
			if r >= first && r < first+0x80 {
				return r - first
			}
			return r
		}, line)
	}
	return strings.TrimRight(line, " \t")
}
