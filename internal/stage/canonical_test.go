package stage

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type inner struct {
	Depth int
}

type stamped struct {
	time.Time
	Extra int
}

func TestCanonical(t *testing.T) {
	five := 5
	var none *int
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"nil", nil, `null`},
		{"names", struct {
			MinCount int
			URLPath  string
			B        int `yaml:"beta,omitempty"`
			A        int `json:"alpha" yaml:"other"`
		}{1, "x", 0, 2}, `{"alpha":2,"beta":0,"min_count":1,"url_path":"x"}`},
		{"nothing hidden", struct {
			A int   `json:"-"`
			B *int  `json:"b,omitempty"`
			C []int `json:"c,omitempty"`
		}{3, none, nil}, `{"a":3,"b":null,"c":null}`},
		{"taken out", struct {
			Threads int `fingerprint:"-"`
			Size    int
		}{3, 4}, `{"size":4}`},
		{"embedded", struct {
			inner
			Size int
		}{inner{7}, 4}, `{"depth":7,"size":4}`},
		{"embedded text does not hide the rest", stamped{time.Unix(0, 0).UTC(), 9}, `{"extra":9,"time":"1970-01-01T00:00:00Z"}`},
		{"pointer", &five, `5`},
		{"empty is not nil", []any{[]int{}, []int(nil), map[string]int{}, map[string]int(nil)}, `[[],null,{},null]`},
		{"map", map[string]any{"b": 1, "a": []string{"x"}}, `{"a":["x"],"b":1}`},
		{"map of numbers", map[int]bool{10: true, 9: false}, `{"10":true,"9":false}`},
		{"floats", []float64{0.1, 1, -0.025, 1e21, 1e-7, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1)},
			`[0.1,1,-0.025,1e+21,1e-07,1.7976931348623157e+308,5e-324,-0]`},
		{"float32", float32(0.1), `0.1`},
		{"large numbers", []any{int64(math.MinInt64), uint64(math.MaxUint64)}, `[-9223372036854775808,18446744073709551615]`},
		{"text", "a\"\\\n<\u2028中", `"a\"\\\u000a<` + "\u2028" + `中"`},
		{"duration", time.Second, `1000000000`},
		{"raw", json.RawMessage(`{ "b": 1.50, "a": [true] }`), `{"a":[true],"b":1.50}`},
		{"interface", []any{inner{1}, &inner{2}}, `[{"$type":"stage.inner","depth":1},{"$type":"stage.inner","depth":2}]`},
	} {
		got, err := Canonical(c.in)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s (%v), want %s", c.name, got, err, c.want)
		}
		if !json.Valid(got) {
			t.Errorf("%s: %s is not JSON", c.name, got)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	type loop struct{ Next *loop }
	round := &loop{}
	round.Next = round
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"unexported", struct{ size int }{1}, "size is an unexported field"},
		{"function", struct{ F func() }{}, "f has type func()"},
		{"channel", make(chan int), "has type chan int"},
		{"not a number", struct{ Alpha float64 }{math.NaN()}, "alpha is NaN"},
		{"infinite", []float64{0, math.Inf(1)}, "[1] is +Inf"},
		{"not UTF-8", map[string]string{"a": "\xff"}, "a is \"\\xff\", which is not UTF-8"},
		{"loop", round, "refers to itself"},
		{"same name twice", struct {
			A int `json:"x"`
			X int
		}{}, "x stands twice"},
		{"struct keys", map[inner]int{{1}: 2}, "has keys of type stage.inner"},
		{"bad raw", json.RawMessage(`{} ]`), "something stands after"},
		{"bad number", json.Number("1 "), "is no number"},
		{"empty number", json.Number(""), "is no number"},
	} {
		got, err := Canonical(c.in)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %s and error %v, want %q", c.name, got, err, c.want)
		}
	}
}

// Whatever field is added to a struct, of whatever type and with whatever
// tags, the text changes although the field holds nothing.
func TestAnyAddedFieldChangesFingerprint(t *testing.T) {
	types := []reflect.Type{
		reflect.TypeFor[int](), reflect.TypeFor[string](), reflect.TypeFor[float32](), reflect.TypeFor[bool](),
		reflect.TypeFor[[]string](), reflect.TypeFor[map[string]int](), reflect.TypeFor[*int](), reflect.TypeFor[any](),
		reflect.TypeFor[inner](), reflect.TypeFor[time.Time](), reflect.TypeFor[[3]int](),
	}
	tags := []reflect.StructTag{``, `json:"-"`, `json:",omitempty"`, `yaml:"-"`, `yaml:"own_name,omitempty"`, `json:"-" yaml:"-"`}
	rapid.Check(t, func(t *rapid.T) {
		field := func(i int) reflect.StructField {
			return reflect.StructField{
				Name: fmt.Sprintf("F%d", i),
				Type: rapid.SampledFrom(types).Draw(t, "type"),
				Tag:  rapid.SampledFrom(tags[:4]).Draw(t, "tag"),
			}
		}
		var fields []reflect.StructField
		for i := range rapid.IntRange(0, 6).Draw(t, "fields") {
			fields = append(fields, field(i))
		}
		more := field(99)
		more.Tag = rapid.SampledFrom(tags).Draw(t, "added tag")
		at := rapid.IntRange(0, len(fields)).Draw(t, "at")
		longer := append(append(append([]reflect.StructField{}, fields[:at]...), more), fields[at:]...)
		if a, b := printOf(t, reflect.New(reflect.StructOf(fields)).Elem()), printOf(t, reflect.New(reflect.StructOf(longer)).Elem()); a == b {
			t.Fatalf("adding %v changes nothing", more)
		}
	})
}

func printOf(t *rapid.T, v reflect.Value) string {
	params, err := Canonical(v.Interface())
	if err != nil {
		t.Fatal(err)
	}
	fp, err := key{stage: "s", params: params}.fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	return fp
}

type wide struct {
	Name   string
	Count  int64
	Rate   float64
	Small  float32
	List   []string
	Table  map[string]float64
	Deep   map[string][]inner
	Choice *uint8
	On     bool
}

// Equal values have equal texts and different values different ones.
func TestCanonicalTellsValuesApart(t *testing.T) {
	value := rapid.Custom(func(t *rapid.T) wide {
		w := wide{
			Name:  rapid.StringN(0, 4, -1).Draw(t, "name"),
			Count: rapid.Int64().Draw(t, "count"),
			Rate:  rapid.Float64().Draw(t, "rate"),
			Small: rapid.Float32().Draw(t, "small"),
			List:  rapid.SliceOfN(rapid.StringN(0, 2, -1), 0, 3).Draw(t, "list"),
			Table: rapid.MapOfN(rapid.StringN(0, 2, -1), rapid.Float64(), 0, 3).Draw(t, "table"),
			On:    rapid.Bool().Draw(t, "on"),
		}
		if rapid.Bool().Draw(t, "choose") {
			n := rapid.Uint8().Draw(t, "choice")
			w.Choice = &n
		}
		if rapid.Bool().Draw(t, "go deep") {
			w.Deep = map[string][]inner{"a": {{rapid.Int().Draw(t, "depth")}}}
		}
		return w
	})
	rapid.Check(t, func(t *rapid.T) {
		a := value.Draw(t, "a")
		b := a
		if rapid.Bool().Draw(t, "other") {
			other := value.Draw(t, "b")
			at := rapid.IntRange(0, reflect.TypeFor[wide]().NumField()-1).Draw(t, "field")
			reflect.ValueOf(&b).Elem().Field(at).Set(reflect.ValueOf(other).Field(at))
		}
		x, errX := Canonical(a)
		y, errY := Canonical(b)
		if errX != nil || errY != nil {
			t.Skip("a value without a text")
		}
		if (string(x) == string(y)) != equal(a, b) {
			t.Fatalf("%s and %s", x, y)
		}
		again, err := Canonical(json.RawMessage(x))
		if err != nil || string(again) != string(x) {
			t.Fatalf("read back, %s becomes %s (%v)", x, again, err)
		}
	})
}

// equal is DeepEqual, but tells 0 from -0 as the text does.
func equal(a, b wide) bool {
	return reflect.DeepEqual(a, b) && fmt.Sprintf("%+v", a.Rate) == fmt.Sprintf("%+v", b.Rate) &&
		fmt.Sprint(a.Small, a.Table) == fmt.Sprint(b.Small, b.Table)
}

func FuzzCanonical(f *testing.F) {
	f.Add([]byte(`{"b":[1,2.50,null],"a":"\u00e9"}`))
	f.Add([]byte(`[[[[]]]]`))
	f.Add([]byte("\"\x80\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		once, err := Canonical(json.RawMessage(data))
		if err != nil {
			return
		}
		twice, err := Canonical(json.RawMessage(once))
		if err != nil || string(twice) != string(once) {
			t.Fatalf("%q gives %q, and that %q (%v)", data, once, twice, err)
		}
	})
}
