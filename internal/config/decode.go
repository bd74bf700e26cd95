package config

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"wakong/internal/spelling"
)

// decoder puts the nodes of a file into a Config, remembers where each value
// stands, and collects errors instead of stopping at the first.
type decoder struct {
	config *Config
	dir    string
	lookup func(string) (string, bool)
	only   selection
	errors Errors
}

func (d *decoder) errorf(p Position, key, format string, args ...any) {
	d.errors = append(d.errors, &Error{File: d.config.file, Position: p, Key: key, Message: fmt.Sprintf(format, args...)})
}

func (d *decoder) file(body ast.Node) {
	d.mapping("", body, reflect.ValueOf(d.config).Elem())
}

// value decodes one node into v. key is its key path.
func (d *decoder) value(key string, n ast.Node, v reflect.Value, tag reflect.StructTag) {
	d.config.positions[key] = position(n)
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		// Without aliases no small file can stand for a large one.
		d.errorf(position(n), key, "found a YAML %s; anchors and aliases are not supported, write the value out", strings.ToLower(n.Type().String()))
		return
	case *ast.TagNode:
		d.errorf(position(n), key, "found a YAML tag; tags are not supported, write the value without")
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[Path]():
		d.path(key, n, v)
	case v.Kind() == reflect.Struct:
		d.mapping(key, n, v)
	case v.Kind() == reflect.Slice:
		d.list(key, n, v)
	default:
		d.scalar(key, n, v, tag)
	}
}

func (d *decoder) mapping(key string, n ast.Node, v reflect.Value) {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	case *ast.NullNode:
		// "embed:" with nothing but comments below it: all defaults.
	default:
		what := "keys and values"
		if key == "" {
			what = "sections such as crawl, segment, build"
		}
		d.errorf(position(n), key, "found %s, expected %s", describe(n), what)
		return
	}
	fields := fieldsOf(v.Type())
	seen := map[string]Position{}
	for _, pair := range pairs {
		name, ok := keyName(pair.Key)
		at := position(pair.Key)
		if !ok {
			d.errorf(at, key, "found %s as a key, expected a name", describe(pair.Key))
			continue
		}
		path := join(key, name)
		if !d.only.has(path) {
			continue
		}
		if first, twice := seen[name]; twice {
			d.errorf(at, path, "found a second time, the first is in line %d", first.Line)
			continue
		}
		seen[name] = at
		f, known := findField(fields, name)
		if !known {
			d.unknown(at, path, name, key, keysOf(fields))
			continue
		}
		if pair.Value == nil {
			d.errorf(at, path, "found nothing, expected a value")
			continue
		}
		d.value(path, pair.Value, v.FieldByIndex(f.index), f.tag)
		if pair.Value.Type() == ast.NullType {
			d.config.positions[path] = at
		}
	}
	for _, f := range fields {
		if _, ok := seen[f.key]; !ok && f.tag.Get("required") != "" {
			d.errorf(position(n), key, "%q is missing", f.key)
		}
	}
}

func (d *decoder) unknown(at Position, path, name, parent string, siblings []string) {
	section, _, _ := strings.Cut(strings.SplitN(parent, "[", 2)[0], ".")
	message := "unknown key"
	if hint := likelyMeaning(name, section, siblings); hint != "" {
		message += "; " + hint
	} else {
		message += "; the keys here are " + strings.Join(siblings, ", ")
	}
	d.errorf(at, path, "%s", message)
}

func (d *decoder) list(key string, n ast.Node, v reflect.Value) {
	if n.Type() == ast.NullType {
		return
	}
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		d.errorf(position(n), key, "found %s, expected a list", describe(n))
		return
	}
	out := reflect.MakeSlice(v.Type(), len(s.Values), len(s.Values))
	for i, item := range s.Values {
		d.value(fmt.Sprintf("%s[%d]", key, i), item, out.Index(i), "")
	}
	v.Set(out)
}

func (d *decoder) path(key string, n ast.Node, v reflect.Value) {
	s, ok := text(n)
	if !ok || s == "" {
		d.errorf(position(n), key, "found %s, expected a path", describe(n))
		return
	}
	p, err := resolvePath(s, d.dir, d.lookup)
	if err != nil {
		d.errorf(position(n), key, "%v", err)
		return
	}
	v.Set(reflect.ValueOf(p))
}

func (d *decoder) scalar(key string, n ast.Node, v reflect.Value, tag reflect.StructTag) {
	bad := func() {
		d.errorf(position(n), key, "found %s, expected %s", describe(n), expected(v.Kind(), tag))
	}
	switch v.Kind() {
	case reflect.String:
		s, ok := text(n)
		if !ok {
			bad()
			return
		}
		if values := tag.Get("enum"); values != "" && !contains(strings.Split(values, ","), s) {
			hint := ""
			if near := spelling.Nearest(strings.ToLower(s), strings.Split(values, ",")); near != "" {
				hint = fmt.Sprintf("; did you mean %q?", near)
			}
			d.errorf(position(n), key, "found %s, expected %s%s", describe(n), expected(v.Kind(), tag), hint)
			return
		}
		v.SetString(s)
	case reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			bad()
			return
		}
		v.SetBool(b.Value)
	case reflect.Int:
		x, ok := number(n)
		if !ok || x != math.Trunc(x) || math.Abs(x) > 1<<53 || !inRange(x, tag) {
			bad()
			return
		}
		v.SetInt(int64(x))
	case reflect.Uint64:
		i, ok := n.(*ast.IntegerNode)
		if !ok {
			bad()
			return
		}
		switch x := i.Value.(type) {
		case uint64:
			v.SetUint(x)
		case int64:
			if x < 0 {
				bad()
				return
			}
			v.SetUint(uint64(x))
		default:
			bad()
		}
	case reflect.Float64:
		x, ok := number(n)
		if !ok || !inRange(x, tag) {
			bad()
			return
		}
		v.SetFloat(x)
	}
}

// inRange checks a number against the tags min, max and above; NaN is in no
// range.
func inRange(x float64, tag reflect.StructTag) bool {
	if x != x {
		return false
	}
	if s, ok := tag.Lookup("min"); ok && x < bound(s) {
		return false
	}
	if s, ok := tag.Lookup("max"); ok && x > bound(s) {
		return false
	}
	if s, ok := tag.Lookup("above"); ok && x <= bound(s) {
		return false
	}
	return true
}

func bound(s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("config: a tag of a struct is no number: " + s) // seen by every test
	}
	return x
}

func findField(fields []field, key string) (field, bool) {
	for _, f := range fields {
		if f.key == key {
			return f, true
		}
	}
	return field{}, false
}

func join(parent, key string) string {
	if parent == "" {
		return key
	}
	return parent + "." + key
}
