package stage

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting of parameters, so that a pointer cycle is an
// error and not an overflowing stack.
const maxDepth = 64

// Canonical returns the one JSON text that stands for v: objects with their
// keys sorted, no white space, numbers in their shortest exact form. Two
// values of one type have the same text only where they are equal.
//
// Unlike encoding/json it leaves nothing out: every field of a struct is
// written, under the name that its json tag, else its yaml tag, else the
// field itself gives it (MinCount is min_count), and omitempty or a name of
// "-" hide nothing. Only
// the tag `fingerprint:"-"` takes a field out. What cannot be written
// faithfully is an error: unexported fields, functions, channels, NaN and
// infinities, strings that are not UTF-8, two fields of one name. A nil slice
// or map is null and so differs from an empty one.
//
// encoding/json is not used underneath because its escapes and float formats
// may change between releases of Go, which would make every cache stale.
func Canonical(v any) ([]byte, error) {
	e := &canonicalEncoder{}
	if err := e.value(reflect.ValueOf(v), "", 0); err != nil {
		return nil, err
	}
	return e.out.Bytes(), nil
}

type canonicalEncoder struct{ out bytes.Buffer }

var (
	textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()
	rawMessageType    = reflect.TypeFor[json.RawMessage]()
	numberType        = reflect.TypeFor[json.Number]()
)

func (e *canonicalEncoder) value(v reflect.Value, path string, depth int) error {
	if !v.IsValid() {
		e.out.WriteString("null")
		return nil
	}
	if depth > maxDepth {
		return canonicalError(path, "is nested too deeply or refers to itself")
	}
	t := v.Type()
	switch t {
	case rawMessageType:
		return e.raw(v.Bytes(), path, depth)
	case numberType:
		return e.number(v.String(), path)
	}
	if done, err := e.text(v, path); done {
		return err
	}
	switch v.Kind() {
	case reflect.Bool:
		e.out.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.out.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.out.WriteString(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		f := v.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return canonicalError(path, fmt.Sprintf("is %v, which is no parameter value", f))
		}
		e.out.WriteString(strconv.FormatFloat(f, 'g', -1, t.Bits()))
	case reflect.String:
		return e.str(v.String(), path)
	case reflect.Pointer:
		return e.value(v.Elem(), path, depth+1)
	case reflect.Interface:
		return e.dynamic(v.Elem(), path, depth+1)
	case reflect.Slice:
		if v.IsNil() {
			e.out.WriteString("null")
			return nil
		}
		return e.list(v, path, depth)
	case reflect.Array:
		return e.list(v, path, depth)
	case reflect.Map:
		if v.IsNil() {
			e.out.WriteString("null")
			return nil
		}
		members, err := mapMembers(v, path)
		if err != nil {
			return err
		}
		return e.object(members, path, depth)
	case reflect.Struct:
		members, err := structMembers(v, path, nil, depth)
		if err != nil {
			return err
		}
		return e.object(members, path, depth)
	default:
		return canonicalError(path, fmt.Sprintf("has type %s, which cannot be part of a fingerprint", t))
	}
	return nil
}

// text writes a value whose own text form says all there is to say about it,
// such as a time. A struct with exported fields is never written so: it may
// have got its MarshalText from an embedded field, which says nothing of the
// others.
func (e *canonicalEncoder) text(v reflect.Value, path string) (done bool, err error) {
	t := v.Type()
	if !t.Implements(textMarshalerType) || !v.CanInterface() || t.Kind() == reflect.Interface {
		return false, nil
	}
	base := t
	if t.Kind() == reflect.Pointer {
		if v.IsNil() {
			return false, nil
		}
		base = t.Elem()
	}
	if base.Kind() == reflect.Struct {
		for i := range base.NumField() {
			if base.Field(i).IsExported() {
				return false, nil
			}
		}
	}
	text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return true, canonicalError(path, err.Error())
	}
	return true, e.str(string(text), path)
}

// dynamic writes what an interface holds. Two struct types can have the same
// fields and mean different things, so a struct's type is written too.
func (e *canonicalEncoder) dynamic(v reflect.Value, path string, depth int) error {
	s := v
	for s.IsValid() && s.Kind() == reflect.Pointer && !s.IsNil() {
		s = s.Elem()
	}
	if !s.IsValid() || s.Kind() != reflect.Struct || s.NumField() == 0 {
		return e.value(v, path, depth)
	}
	if done, err := e.text(s, path); done {
		return err
	}
	members, err := structMembers(s, path, []member{{name: "$type", typeName: s.Type().String()}}, depth)
	if err != nil {
		return err
	}
	return e.object(members, path, depth)
}

func (e *canonicalEncoder) list(v reflect.Value, path string, depth int) error {
	e.out.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			e.out.WriteByte(',')
		}
		if err := e.value(v.Index(i), fmt.Sprintf("%s[%d]", path, i), depth+1); err != nil {
			return err
		}
	}
	e.out.WriteByte(']')
	return nil
}

func (e *canonicalEncoder) object(members []member, path string, depth int) error {
	sort.Slice(members, func(i, j int) bool { return members[i].name < members[j].name })
	e.out.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			if m.name == members[i-1].name {
				return canonicalError(join(path, m.name), "stands twice")
			}
			e.out.WriteByte(',')
		}
		where := join(path, m.name)
		if err := e.str(m.name, where); err != nil {
			return err
		}
		e.out.WriteByte(':')
		if m.typeName != "" {
			if err := e.str(m.typeName, where); err != nil {
				return err
			}
			continue
		}
		if err := e.value(m.value, where, depth+1); err != nil {
			return err
		}
	}
	e.out.WriteByte('}')
	return nil
}

// raw writes ready JSON in canonical form.
func (e *canonicalEncoder) raw(data []byte, path string, depth int) error {
	if len(data) == 0 {
		e.out.WriteString("null")
		return nil
	}
	v, err := decodeJSON(data)
	if err != nil {
		return canonicalError(path, err.Error())
	}
	return e.value(reflect.ValueOf(v), path, depth+1)
}

// number writes a JSON number as it stands, for it came from a canonical text
// and is to give the same text again.
func (e *canonicalEncoder) number(s, path string) error {
	if !json.Valid([]byte(s)) || strings.Trim(s, "+-.eE0123456789") != "" {
		return canonicalError(path, fmt.Sprintf("is %q, which is no number", s))
	}
	e.out.WriteString(s)
	return nil
}

func (e *canonicalEncoder) str(s, path string) error {
	if !utf8.ValidString(s) {
		return canonicalError(path, fmt.Sprintf("is %q, which is not UTF-8", s))
	}
	e.out.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			e.out.WriteByte('\\')
			e.out.WriteByte(c)
		case c < 0x20:
			fmt.Fprintf(&e.out, `\u%04x`, c)
		default:
			e.out.WriteByte(c)
		}
	}
	e.out.WriteByte('"')
	return nil
}

// decodeJSON reads one JSON value and keeps its numbers as they stand.
func decodeJSON(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something stands after the JSON value")
	}
	return v, nil
}

func canonicalError(path, what string) error {
	if path == "" {
		path = "the value"
	}
	return fmt.Errorf("%s %s", path, what)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
