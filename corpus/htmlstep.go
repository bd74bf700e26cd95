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
			case html.CommentToken:
				if strings.HasPrefix(raw, "<!") && strings.HasSuffix(raw, ">") || strings.HasPrefix(raw, "<?xml") {
					change(start, at, "")
				}
			case html.DoctypeToken:
				change(start, at, "")
			default:
				if !isElement(t) {
					continue
				}
				if t.Type == html.StartTagToken && (t.DataAtom == atom.Script || t.DataAtom == atom.Style) && endTag(text[at:], t.Data) {
					if z.Next() == html.TextToken {
						at += len(z.Raw())
						change(start, at, "")
						continue
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

// endTag tells whether a script or style sheet ends at all.
func endTag(text, name string) bool {
	for {
		i := strings.Index(text, "</")
		if i < 0 {
			return false
		}
		text = text[i+2:]
		if len(text) > len(name) && strings.EqualFold(text[:len(name)], name) {
			return true
		}
	}
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
