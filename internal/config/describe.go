package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// text is the string that a node holds, if it holds one.
func text(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

// number is the number that a node holds, if it holds one.
func number(n ast.Node) (float64, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		switch x := n.Value.(type) {
		case int64:
			return float64(x), true
		case uint64:
			return float64(x), true
		}
	case *ast.FloatNode:
		return n.Value, true
	case *ast.StringNode:
		// YAML 1.2 counts 1e-3 among the numbers, the parser does not.
		if n.Token != nil && n.Token.Type == token.StringType && exponent.MatchString(n.Value) {
			x, err := strconv.ParseFloat(n.Value, 64)
			return x, err == nil
		}
	}
	return 0, false
}

var exponent = regexp.MustCompile(`^[-+]?[0-9]+[eE][-+]?[0-9]+$`)

func keyName(n ast.MapKeyNode) (string, bool) {
	if s, ok := n.(*ast.StringNode); ok {
		return s.Value, true
	}
	return "", false
}

// maxQuoted keeps a message on one line.
const maxQuoted = 60

// describe says in words what was found.
func describe(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		s, _ := text(n)
		if s == "" {
			return "an empty text"
		}
		if r := []rune(s); len(r) > maxQuoted {
			s = string(r[:maxQuoted]) + "..."
		}
		return strconv.Quote(s)
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + clip(n.GetToken().Value)
	case *ast.BoolNode:
		return "the truth value " + clip(n.GetToken().Value)
	case *ast.NullNode:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys and values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.MergeKeyNode:
		return "a merge key \"<<\""
	}
	return "a YAML " + strings.ToLower(n.Type().String())
}

func clip(s string) string {
	if r := []rune(s); len(r) > maxQuoted {
		return string(r[:maxQuoted]) + "..."
	}
	return s
}

// expected says in words which values a key takes.
func expected(kind reflect.Kind, tag reflect.StructTag) string {
	switch kind {
	case reflect.String:
		if values := strings.Split(tag.Get("enum"), ","); values[0] != "" {
			return oneOf(values)
		}
		return "a text; put quotes around it"
	case reflect.Bool:
		return "true or false"
	case reflect.Uint64:
		return "a whole number, 0 or more"
	}
	what := "a number"
	if kind == reflect.Int {
		what = "a whole number"
	}
	low, hasLow := tag.Lookup("min")
	above, hasAbove := tag.Lookup("above")
	high, hasHigh := tag.Lookup("max")
	switch {
	case hasLow && hasHigh:
		return fmt.Sprintf("%s from %s to %s", what, low, high)
	case hasAbove && hasHigh:
		return fmt.Sprintf("%s above %s and up to %s", what, above, high)
	}
	return what
}

func oneOf(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	return strings.Join(values[:len(values)-1], ", ") + " or " + values[len(values)-1]
}
