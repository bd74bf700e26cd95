package corpus

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTML takes the remains of web pages out of text: tags, comments, scripts and
// style sheets go, tags that begin a line or paragraph become "\n", and
// entities (&nbsp; &#20320;) become their characters, once.
//
// What only looks like HTML stays: "<" before anything but a name that HTML
// knows, as in 3 < 5 or <狐狸>, comments and scripts that nothing ends, and
// entities without semicolon but for the most common ones. Text that is about
// HTML, with the tags meant to be read, is damaged: hence the step is none of
// the standard ones.
func HTML() Step {
	return Step{Name: "html", Documents: true, Changes: func(text string, change func(int, int, string)) {
		if !strings.ContainsAny(text, "<&") {
			return
		}
		z := html.NewTokenizer(strings.NewReader(text))
		at := 0
		for z.Next() != html.ErrorToken {
			start, raw := at, string(z.Raw())
			at += len(raw)
			switch t := z.Token(); t.Type {
			case html.TextToken:
				entities(raw, start, change)
			case html.CommentToken, html.DoctypeToken:
				if isClosed(raw) {
					change(start, at, "")
				}
			default:
				if !isElement(t) {
					continue
				}
				if t.Type == html.StartTagToken && (t.DataAtom == atom.Script || t.DataAtom == atom.Style) {
					switch z.Next() {
					case html.TextToken:
						end := at + len(z.Raw())
						if end == len(text) { // nothing ends it, and all the rest was taken for it
							change(start, at, "")
							entities(text[at:], at, change)
							return
						}
						at = end
						change(start, at, "")
						continue
					case html.ErrorToken:
						change(start, at, "")
						return
					}
					change(start, at, "")
					start, at = at, at+len(z.Raw())
				}
				to := ""
				if beginsLine[t.DataAtom] {
					to = "\n"
				}
				change(start, at, to)
			}
		}
	}}
}

// isElement tells a tag from text in angle brackets. Names with a colon are
// the remains of word processors (<o:p>).
func isElement(t html.Token) bool {
	return t.DataAtom != 0 || strings.Contains(t.Data, ":")
}

// isClosed tells whether a comment, document type or the like ends, and not only
// the text: the tokenizer takes all the rest for what nothing ends.
func isClosed(raw string) bool {
	switch {
	case strings.HasPrefix(raw, "<!--"):
		return strings.HasSuffix(raw, "-->") || len(raw) >= len("<!----!>") && strings.HasSuffix(raw, "--!>")
	case strings.HasPrefix(raw, "<!"), strings.HasPrefix(raw, "<?xml"):
		return strings.HasSuffix(raw, ">")
	}
	return false
}

var beginsLine = map[atom.Atom]bool{
	atom.P: true, atom.Br: true, atom.Div: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Tr: true,
	atom.Table: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Blockquote: true, atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true,
	atom.Hr: true, atom.Dd: true, atom.Dt: true, atom.Pre: true, atom.Title: true,
}

// bareEntities are those that pages write without semicolon and that mean
// nothing else in text.
var bareEntities = map[string]bool{"&nbsp": true, "&lt": true, "&gt": true, "&amp": true, "&quot": true}

// mostEntity is longer than any entity's name.
const mostEntity = 34

func entities(text string, at int, change func(int, int, string)) {
	for {
		i := strings.IndexByte(text, '&')
		if i < 0 {
			return
		}
		end := i + 1
		for end < len(text) && end-i < mostEntity && (isAlphanumeric(text[end]) || text[end] == '#') {
			end++
		}
		entity := text[i:end]
		if end < len(text) && text[end] == ';' {
			end++
			entity = text[i:end]
		} else if !bareEntities[entity] {
			entity = ""
		}
		if to := html.UnescapeString(entity); to != entity {
			change(at+i, at+end, to)
		}
		at, text = at+end, text[end:]
	}
}
