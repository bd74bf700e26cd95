package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Check says what is wrong with settings that came from flags and not from a
// file, in the words that flags are known by.
func (p PredictParams) Check() error {
	if p.Encoding != "" {
		d := decoder{config: &Config{}}
		d.checkEncoding("", p.InputFormat, p.Encoding)
		if len(d.errors) > 0 {
			return fmt.Errorf("--encoding: %s", d.errors[0].Message)
		}
	}
	return checkTags(p)
}

// checkTags holds the fields of a struct against their tags.
func checkTags(params any) error {
	v := reflect.ValueOf(params)
	for _, f := range fieldsOf(v.Type()) {
		x := v.FieldByIndex(f.index)
		bad := false
		switch x.Kind() {
		case reflect.String:
			values := f.tag.Get("enum")
			bad = values != "" && !contains(strings.Split(values, ","), x.String())
		case reflect.Int:
			bad = !inRange(float64(x.Int()), f.tag)
		case reflect.Float64:
			bad = !inRange(x.Float(), f.tag)
		}
		if bad {
			return fmt.Errorf("--%s: found %v, expected %s", strings.ReplaceAll(f.key, "_", "-"), x, expected(x.Kind(), f.tag))
		}
	}
	return nil
}
