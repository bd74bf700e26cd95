package crawl

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// unread are elements whose text no reader of the page sees as its text.
var unread = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Head: true,
	atom.Iframe: true, atom.Object: true, atom.Svg: true, atom.Canvas: true, atom.Audio: true, atom.Video: true,
	atom.Select: true, atom.Textarea: true, atom.Button: true, atom.Input: true, atom.Dialog: true,
	// The reading of a ruby annotation stands beside the word, not in the text.
	atom.Rt: true, atom.Rp: true,
}

// inline are elements that do not end a line. Every other one does.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Big: true, atom.Cite: true,
	atom.Code: true, atom.Data: true, atom.Del: true, atom.Dfn: true, atom.Em: true, atom.Font: true, atom.I: true,
	atom.Img: true, atom.Ins: true, atom.Kbd: true, atom.Label: true, atom.Mark: true, atom.Q: true, atom.Ruby: true,
	atom.Rb: true, atom.S: true, atom.Samp: true, atom.Small: true, atom.Span: true, atom.Strike: true,
	atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true, atom.Tt: true, atom.U: true, atom.Var: true,
	atom.Wbr: true,
}

// blockText is the text of an element as it is read: a paragraph a line, white
// space within a line collapsed, what is not shown or was removed left out. The
// element itself was asked for, so it is read even where it is hidden.
func blockText(n *html.Node, removed map[*html.Node]bool) string {
	return joinLines(blockLines(n, removed))
}

func joinLines(lines []textLine) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.text
	}
	return strings.Join(texts, "\n")
}

// linkShare is the share of characters that stand in links.
func linkShare(lines []textLine) float64 {
	linked, all := 0, 0
	for _, l := range lines {
		linked += l.linked
		all += countRunes(l.text)
	}
	if all == 0 {
		return 0
	}
	return float64(linked) / float64(all)
}

// textLine is one line of an element as it is read.
type textLine struct {
	text   string
	linked int // characters of it that stand in links
}

// blockLines is blockText by lines, with what of them is links.
func blockLines(n *html.Node, removed map[*html.Node]bool) []textLine {
	w := &textWriter{removed: removed}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.element(c)
	}
	w.endLine()
	return w.lines
}

type textWriter struct {
	lines   []textLine
	line    strings.Builder
	linked  int // characters of line in links
	inLink  int // links that are open
	removed map[*html.Node]bool
	space   bool // white space is due before the next character
}

// element goes down recursively: the parser nests at most 512 elements.
func (w *textWriter) element(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	if unread[n.DataAtom] || hidden(n) {
		return
	}
	breaks := !inline[n.DataAtom]
	if breaks {
		w.endLine()
	}
	if w.removed[n] {
		return // it did stand between what is before and after it
	}
	if n.DataAtom == atom.A {
		w.inLink++
		defer func() { w.inLink-- }()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.element(c)
	}
	if breaks {
		w.endLine()
	}
}

// hidden tells whether the page's author took the element out of sight.
func hidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			return strings.EqualFold(strings.TrimSpace(a.Val), "true")
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

func (w *textWriter) text(s string) {
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			w.space = true
		case r == '\u200b' || r == '\ufeff' || r == '\u00ad' || unicode.IsControl(r):
			// Zero width, soft hyphens and control characters are not text.
		default:
			if w.space && w.line.Len() > 0 {
				w.line.WriteByte(' ')
			}
			w.space = false
			w.line.WriteRune(r)
			if w.inLink > 0 {
				w.linked++
			}
		}
	}
}

func (w *textWriter) endLine() {
	if w.line.Len() > 0 {
		w.lines = append(w.lines, textLine{w.line.String(), w.linked})
		w.line.Reset()
		w.linked = 0
	}
	w.space = false
}
