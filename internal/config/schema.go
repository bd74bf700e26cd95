package config

import (
	"reflect"
	"strings"
	"sync"
)

// The schema is the Config type itself: keys are the json tags (the same names
// go into fingerprints and into the reasons for staleness), and the tags
// "required", "enum", "min", "max" and "above" say which values are possible.

// field is one key of a mapping.
type field struct {
	key   string
	index []int // for reflect.Value.FieldByIndex, through embedded structs
	tag   reflect.StructTag
}

// fieldsOf lists the keys of a struct, those of embedded structs included, in
// the order of declaration.
func fieldsOf(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Anonymous:
			for _, inner := range fieldsOf(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				out = append(out, inner)
			}
		case f.IsExported():
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			out = append(out, field{key: key, index: []int{i}, tag: f.Tag})
		}
	}
	return out
}

func keysOf(fields []field) []string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	return keys
}

type sectionKey struct {
	name string
	keys []string
}

// sectionKeys lists each section with its keys, for suggestions.
var sectionKeys = sync.OnceValue(func() []sectionKey {
	t := reflect.TypeFor[Config]()
	var out []sectionKey
	for _, f := range fieldsOf(t) {
		out = append(out, sectionKey{f.key, keysOf(fieldsOf(t.FieldByIndex(f.index).Type))})
	}
	return out
})
