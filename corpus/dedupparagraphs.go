package corpus

import (
	"context"
	"iter"
	"strings"
)

// withParagraphs computes what paragraphs are compared by.
func (p *preparer) withParagraphs(ctx context.Context, documents iter.Seq2[screened, error]) iter.Seq2[screened, error] {
	return ordered(ctx, documents, p.o.Dedup.Threads, screened.size, func(d screened) screened {
		for line := range strings.Lines(d.Cleaned) {
			if p.comparesParagraph(line) {
				d.paragraphs = append(d.paragraphs, p.item(line, p.o.Dedup.Paragraphs))
			}
		}
		return d
	})
}

// comparesParagraph tells whether a line is long enough to be compared.
func (p *preparer) comparesParagraph(line string) bool {
	least := p.o.Dedup.ParagraphCharacters
	// A character has at least one byte.
	return len(line) >= least && len(p.simplifier.foldText(nil, line)) >= least
}

// dropParagraphs takes out the lines that do not stay; stay has a value for each
// line that was compared.
func (p *preparer) dropParagraphs(text string, stay []bool) string {
	all := true
	for _, s := range stay {
		all = all && s
	}
	if all {
		return text
	}
	var b strings.Builder
	n := 0
	for line := range strings.Lines(text) {
		if p.comparesParagraph(line) {
			n++
			if !stay[n-1] {
				continue
			}
		}
		b.WriteString(line)
	}
	return b.String()
}
