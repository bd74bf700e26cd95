package config

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	yaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxDepth bounds the nesting of a file; the schema needs five levels.
const maxDepth = 32

// unquoted finds the commonest reason for a file not to be YAML.
var unquoted = regexp.MustCompile(`(?m)[{\[].*[:,\[] *\$\{`)

// parseYAML turns bytes into the one node of a file. The parser below it takes
// time and memory quadratic in the nesting, so that what is too deep, or not
// text at all, is refused before it.
func parseYAML(name string, data []byte) (body ast.Node, err error) {
	fail := func(p Position, format string, args ...any) error {
		return Errors{{File: name, Position: p, Message: fmt.Sprintf(format, args...)}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > MaxBytes {
		return nil, fail(Position{}, "the file is larger than %d KiB, expected a configuration", MaxBytes>>10)
	}
	if p, message := checkText(data); message != "" {
		return nil, fail(p, "%s", message)
	}
	defer func() {
		// The parser is fed with bytes from outside: a mistake in it must not
		// end this program with a stack trace.
		if r := recover(); r != nil {
			body, err = nil, fail(Position{}, "the file cannot be understood as YAML")
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p, message := syntaxError(err)
		if unquoted.Match(data) {
			message += "; within {} and [] put quotes around a path that holds ${NAME}"
		}
		return nil, fail(p, "%s", message)
	}
	var documents []ast.Node
	for _, d := range file.Docs {
		if d.Body == nil || d.Body.Type() == ast.CommentType {
			continue
		}
		if d.Body.Type() == ast.DirectiveType {
			return nil, fail(position(d.Body), "found a YAML directive, expected the sections of a configuration")
		}
		documents = append(documents, d.Body)
	}
	switch len(documents) {
	case 0:
		return nil, fail(Position{}, "the file is empty, expected sections such as crawl, segment, build; 'pipeline init' writes a file to start from")
	case 1:
		return documents[0], nil
	default:
		return nil, fail(position(documents[1]), "found a second document, expected one configuration per file")
	}
}

// checkText looks for what no configuration holds, before anything is parsed.
func checkText(data []byte) (Position, string) {
	depth, number := 0, 0
	for line := range bytes.Lines(data) {
		number++
		if !utf8.Valid(line) {
			column := 1
			for rest := line; ; column++ {
				r, size := utf8.DecodeRune(rest)
				if r == utf8.RuneError && size == 1 {
					break
				}
				rest = rest[size:]
			}
			return Position{number, column}, "found bytes that are not UTF-8, expected a text file in UTF-8"
		}
		for i, r := range []rune(string(line)) {
			if r == 0 || r < ' ' && r != '\t' && r != '\n' && r != '\r' {
				return Position{number, i + 1}, fmt.Sprintf("found the control character U+%04X, expected text", r)
			}
		}
		content := bytes.TrimLeft(line, " \t")
		blank := len(bytes.TrimSpace(content)) == 0 || content[0] == '#'
		if tab := bytes.IndexByte(line[:len(line)-len(content)], '\t'); tab >= 0 && !blank {
			return Position{number, tab + 1}, "found a tab in the indentation, expected spaces"
		}
		// "- - - -" nests without indentation.
		if run := len(content) - len(bytes.TrimLeft(content, "-?:!&* \t")); run > 2*maxDepth && !blank && !isRule(content) {
			return Position{number, 1}, fmt.Sprintf("nested more than %d levels deep", maxDepth)
		}
		for i, c := range line {
			switch c {
			case '[', '{':
				if depth++; depth > maxDepth {
					return Position{number, utf8.RuneCount(line[:i]) + 1}, fmt.Sprintf("nested more than %d levels deep", maxDepth)
				}
			case ']', '}':
				depth = max(0, depth-1)
			}
		}
	}
	return Position{}, ""
}

// isRule tells a line of dashes, which some people draw, from nested lists.
func isRule(line []byte) bool {
	return len(bytes.Trim(line, "-\r\n")) == 0
}

// syntaxError takes the position out of the parser's error.
func syntaxError(err error) (Position, string) {
	var withToken yaml.Error
	if !errors.As(err, &withToken) {
		return Position{}, firstLine(err.Error())
	}
	p := Position{}
	if t := withToken.GetToken(); t != nil && t.Position != nil {
		p = Position{t.Position.Line, t.Position.Column}
	}
	return p, "not valid YAML: " + firstLine(withToken.GetMessage())
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// position is where a node begins.
func position(n ast.Node) Position {
	t := n.GetToken()
	switch n := n.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			t = n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		t = n.Key.GetToken()
	}
	if t == nil || t.Position == nil {
		return Position{}
	}
	return Position{t.Position.Line, t.Position.Column}
}
