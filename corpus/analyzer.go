package corpus

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Token is a word with its place in the text as it was before cleaning.
type Token struct {
	Text string // as it is after cleaning
	// Start and End are the bytes of the original text that it was made of.
	// They are as [Offsets.Original] gives them.
	Start, End int
	Tag        string // part of speech, where a filter has set it
}

// A TokenFilter changes, drops or adds tokens of one sentence; it may reuse
// the slice that it gets.
type TokenFilter func(tokens []Token) []Token

// An Analyzer turns text into tokens: character filters (the cleaner's steps),
// then a tokenizer (the segmenter), then token filters. Each token knows its
// place in the original text. It is safe for concurrent use where its parts
// are.
type Analyzer struct {
	Cleaner   *Cleaner // nil means NewCleaner(StandardSteps()...)
	Splitter  Splitter
	Segmenter Segmenter
	Filters   []TokenFilter
}

// Sentences iterates over the sentences of a text, each with its tokens after
// all filters; sentences without any are left out. White space gives no tokens.
// Bytes that are no UTF-8 become U+FFFD, and NUL is dropped, after the
// cleaner's steps.
func (a Analyzer) Sentences(text string) iter.Seq[[]Token] {
	return func(yield func([]Token) bool) {
		c := a.Cleaner
		if c == nil {
			c = NewCleaner(StandardSteps()...)
		}
		cleaned, offsets := NewCleaner(append(c.steps[:len(c.steps):len(c.steps)], validText)...).CleanOffsets(text, nil)
		for s := range a.Splitter.Spans(cleaned) {
			tokens := a.tokens(cleaned, s, offsets)
			for _, filter := range a.Filters {
				tokens = filter(tokens)
			}
			if len(tokens) > 0 && !yield(tokens) {
				return
			}
		}
	}
}

// tokens finds the words of a sentence in the text again: they come in its
// order, with nothing but white space between them.
func (a Analyzer) tokens(text string, s Span, offsets Offsets) []Token {
	var tokens []Token
	at := s.Start
	for _, w := range a.Segmenter.Words(text[s.Start:s.End]) {
		for _, part := range strings.Fields(w) {
			n := strings.Index(text[at:s.End], part)
			if n < 0 {
				continue // the segmenter made it up
			}
			start := at + n
			at = start + len(part)
			t := Token{Text: part}
			t.Start, t.End = offsets.Original(start, at)
			tokens = append(tokens, t)
		}
	}
	return tokens
}

// validText leaves what a segmenter gives back as it gets it.
var validText = Step{Name: "valid_text", Changes: func(text string, change func(int, int, string)) {
	if utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
		return
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			change(i, i+n, "\uFFFD")
		case r == 0:
			change(i, i+n, "")
		}
		i += n
	}
}}

// keepTokens is the filter that keeps those for which keep is true.
func keepTokens(keep func(Token) bool) TokenFilter {
	return func(tokens []Token) []Token {
		kept := tokens[:0]
		for _, t := range tokens {
			if keep(t) {
				kept = append(kept, t)
			}
		}
		return kept
	}
}

// DropPunctuation drops tokens without a letter or digit.
func DropPunctuation() TokenFilter {
	return keepTokens(func(t Token) bool {
		return strings.ContainsFunc(t.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
	})
}

// DropLongWords drops tokens of more than MaxWord characters, which are no
// words.
func DropLongWords() TokenFilter {
	return keepTokens(func(t Token) bool { return !tooLong(t.Text) })
}

// DropWords drops the words that are listed, such as stop words.
func DropWords(words ...string) TokenFilter {
	drop := map[string]bool{}
	for _, w := range words {
		drop[w] = true
	}
	return keepTokens(func(t Token) bool { return !drop[t.Text] })
}

// TagWords sets the tokens' parts of speech; [Jieba.Tag] is such a function.
func TagWords(tag func(word string) string) TokenFilter {
	return func(tokens []Token) []Token {
		for i := range tokens {
			tokens[i].Tag = tag(tokens[i].Text)
		}
		return tokens
	}
}

// KeepTags keeps the tokens whose part of speech begins with one of the
// prefixes: "n" keeps nouns of any kind. It stands after TagWords.
func KeepTags(prefixes ...string) TokenFilter {
	return keepTokens(func(t Token) bool {
		for _, p := range prefixes {
			if t.Tag != "" && strings.HasPrefix(t.Tag, p) {
				return true
			}
		}
		return false
	})
}

// LowerCase writes Latin letters small.
func LowerCase() TokenFilter {
	return func(tokens []Token) []Token {
		for i := range tokens {
			tokens[i].Text = strings.ToLower(tokens[i].Text)
		}
		return tokens
	}
}
