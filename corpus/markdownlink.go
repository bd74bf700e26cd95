package corpus

import "strings"

// stripLinks leaves of links, [text](address) and [text][label], their text. Open is
// how they begin: "![" for images, whose text may be empty, "[" for all others, where
// it may not.
//
// It finds what the expression \[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\]) does, which from
// each link without an end looks through all the rest of the line.
func stripLinks(line, open string) string {
	var b strings.Builder
	done := 0 // bytes of the line that are dealt with
	bracket, parenthesis := closing{line: line, mark: ']'}, closing{line: line, mark: ')'}
	for at := 0; ; {
		i := strings.Index(line[at:], open)
		if i < 0 {
			break
		}
		start := at + i
		text := start + len(open)
		textEnd := bracket.from(text)
		if textEnd+1 >= len(line) {
			break // neither this one nor a later one has a second part
		}
		// Whatever else begins in this text has the same second part.
		at = textEnd + 1
		end := len(line)
		switch {
		case open == "[" && textEnd == text:
		case line[at] == '(':
			end = parenthesis.from(at + 1)
		case line[at] == '[':
			end = bracket.from(at + 1)
		}
		if end == len(line) {
			continue
		}
		at = end + 1
		b.WriteString(line[done:start])
		b.WriteString(line[text:textEnd])
		done = at
	}
	if done == 0 {
		return line
	}
	b.WriteString(line[done:])
	return b.String()
}

// A closing finds a mark from places on that never go back; what it has found it
// does not look for again.
type closing struct {
	line string
	mark byte
	next int // place of the mark last found, the line's length where there is none
}

func (c *closing) from(at int) int {
	if c.next >= at {
		return c.next
	}
	if i := strings.IndexByte(c.line[at:], c.mark); i >= 0 {
		c.next = at + i
	} else {
		c.next = len(c.line)
	}
	return c.next
}
