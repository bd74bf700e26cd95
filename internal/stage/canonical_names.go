package stage

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// member is one key of an object before sorting.
type member struct {
	name     string
	value    reflect.Value
	typeName string // written in place of value where not empty
}

func structMembers(v reflect.Value, path string, members []member, depth int) ([]member, error) {
	if depth > maxDepth {
		return nil, canonicalError(path, "is nested too deeply or refers to itself")
	}
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("fingerprint") == "-" {
			continue
		}
		name, named := fieldName(f)
		if f.Anonymous && !named {
			if inner, ok := embedded(v.Field(i)); ok {
				var err error
				if members, err = structMembers(inner, path, members, depth+1); err != nil {
					return nil, err
				}
				continue
			}
		}
		if !f.IsExported() {
			return nil, canonicalError(join(path, f.Name), "is an unexported field; export it or tag it `fingerprint:\"-\"`")
		}
		members = append(members, member{name: name, value: v.Field(i)})
	}
	return members, nil
}

// embedded returns the struct whose fields stand among those of the struct
// that embeds it. A nil pointer or a type with a text form stays a member.
func embedded(v reflect.Value) (reflect.Value, bool) {
	if v.Kind() != reflect.Struct {
		return v, false
	}
	exported := v.NumField() == 0
	for i := range v.NumField() {
		exported = exported || v.Type().Field(i).IsExported() || v.Type().Field(i).Anonymous
	}
	return v, exported
}

func fieldName(f reflect.StructField) (name string, named bool) {
	for _, key := range []string{"json", "yaml"} {
		name, _, _ := strings.Cut(f.Tag.Get(key), ",")
		if name != "" && name != "-" {
			return name, true
		}
	}
	return snake(f.Name), false
}

// snake gives a Go name the form that names have in a configuration, since
// users are told about changes in these words: MinCount is min_count.
func snake(name string) string {
	var out strings.Builder
	r := []rune(name)
	for i, c := range r {
		if unicode.IsUpper(c) {
			afterLower := i > 0 && !unicode.IsUpper(r[i-1]) && r[i-1] != '_'
			beforeLower := i > 0 && i+1 < len(r) && unicode.IsLower(r[i+1]) && r[i-1] != '_'
			if afterLower || beforeLower {
				out.WriteByte('_')
			}
		}
		out.WriteRune(unicode.ToLower(c))
	}
	return out.String()
}

func mapMembers(v reflect.Value, path string) ([]member, error) {
	members := make([]member, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		name, err := keyName(it.Key())
		if err != nil {
			return nil, canonicalError(path, err.Error())
		}
		members = append(members, member{name: name, value: it.Value()})
	}
	return members, nil
}

func keyName(k reflect.Value) (string, error) {
	for k.Kind() == reflect.Interface && !k.IsNil() {
		k = k.Elem()
	}
	if k.Kind() == reflect.String {
		return k.String(), nil
	}
	if m, ok := k.Interface().(encoding.TextMarshaler); ok {
		text, err := m.MarshalText()
		return string(text), err
	}
	switch {
	case k.CanInt():
		return strconv.FormatInt(k.Int(), 10), nil
	case k.CanUint():
		return strconv.FormatUint(k.Uint(), 10), nil
	case k.Kind() == reflect.Bool:
		return strconv.FormatBool(k.Bool()), nil
	}
	return "", fmt.Errorf("has keys of type %s, which cannot be part of a fingerprint", k.Type())
}
