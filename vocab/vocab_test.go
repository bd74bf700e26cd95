package vocab

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func build(t *testing.T, minCount int64, words ...string) *Vocabulary {
	t.Helper()
	var c Counter
	for _, w := range words {
		c.Add(w)
	}
	v, err := c.Build(minCount)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOrder(t *testing.T) {
	words := strings.Fields("狐狸 井 狐狸 桥 井 灯 狐狸 桥 风")
	want := "狐狸\t3\n井\t2\n桥\t2\n灯\t1\n风\t1\n"
	for seed := range uint64(20) {
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		var b bytes.Buffer
		if _, err := build(t, 1, words...).WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Fatalf("order of counting shows: %q", b.String())
		}
	}
}

func TestLookup(t *testing.T) {
	v := build(t, 2, "a", "b", "a", "c", "b", "a")
	if v.Len() != 3 || v.ID("a") != 1 || v.ID("b") != 2 || v.ID("c") != UNK || v.Total() != 5 {
		t.Errorf("length %d, ids %d %d %d, total %d", v.Len(), v.ID("a"), v.ID("b"), v.ID("c"), v.Total())
	}
	if v.Word(2) != "b" || v.Count(2) != 2 || v.Word(UNK) != "" || v.Count(UNK) != 0 {
		t.Errorf("word 2 is %q, counted %d times", v.Word(2), v.Count(2))
	}
	if v.Word(-1) != "" || v.Word(3) != "" || v.Count(3) != 0 || v.Count(-1) != 0 {
		t.Error("ids that no word has are not empty")
	}
}

func TestEmpty(t *testing.T) {
	var c Counter
	if _, err := c.Build(1); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
	c.Add("一")
	if _, err := c.Build(2); !errors.Is(err, ErrEmpty) || !strings.Contains(err.Error(), "1 distinct") {
		t.Error(err)
	}
}

func TestReadWrite(t *testing.T) {
	v := build(t, 1, "狐狸", "狐狸", "\"", "‘", "a,b", "-1")
	var b bytes.Buffer
	n, err := v.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatal(n, err)
	}
	got, err := Read(bytes.NewReader(b.Bytes()), "v")
	if err != nil {
		t.Fatal(err)
	}
	for id := range int32(v.Len()) {
		if got.Word(id) != v.Word(id) || got.Count(id) != v.Count(id) || got.ID(v.Word(id)) != id {
			t.Errorf("id %d: %q", id, got.Word(id))
		}
	}
}

func TestBadWords(t *testing.T) {
	for _, w := range []string{"", "a b", "a\tb", "a\n", "全\u3000角", "\u00a0", "a\u2028b", "a\x00", "\xff", "a\x1cb", "a\x85", "\x7f", "a\u2029", "\ufffe\u2003"} {
		if _, err := New([]string{"好", w}, nil); err == nil || !strings.Contains(err.Error(), "word 2") {
			t.Errorf("%q: %v", w, err)
		}
	}
	if _, err := New([]string{"好", "好"}, nil); err == nil {
		t.Error("a repeated word was taken")
	}
	if _, err := New([]string{"好"}, []int64{1, 2}); err == nil {
		t.Error("two counts for a word were taken")
	}
	if _, err := New([]string{"好"}, []int64{-1}); err == nil {
		t.Error("a negative count was taken")
	}
}

func TestBadFiles(t *testing.T) {
	for file, want := range map[string]string{
		"":                                 "v: vocab: empty vocabulary",
		"a\t2\nb":                          "v:2: found \"b\"",
		"a\tx\n":                           "v:1: found the count \"x\"",
		"a\t-1\n":                          "v:1: found the count",
		"a\t99999999999999999999\n":        "v:1: found the count",
		"\t1\n":                            "v:1: found an empty word",
		"a\t2\na\t1\n":                     "v:2: found \"a\", which stands already in line 1",
		"a\t2\nb\t3\n":                     "v:2: found the count 3 after 2",
		"a b\t1\n":                         "v:1: found \"a b\"",
		strings.Repeat("x", 70000) + "\t1": "v:1: found a line of more than",
	} {
		if _, err := Read(strings.NewReader(file), "v"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: got %v, expected %s", file, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("狐狸\t3\n井\t2\n")
	f.Add("a\t2\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := Read(strings.NewReader(s), "v")
		if err != nil {
			return
		}
		var b bytes.Buffer
		if _, err := v.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(&b, "again"); err != nil {
			t.Fatal(err)
		}
	})
}

func ExampleCounter() {
	var c Counter
	for _, w := range strings.Fields("狐狸 提 着 灯笼 , 灯笼 亮 着 , 狐狸 笑 着") {
		c.Add(w)
	}
	v, err := c.Build(2)
	if err != nil {
		panic(err)
	}
	for id := int32(1); int(id) < v.Len(); id++ {
		fmt.Println(id, v.Word(id), v.Count(id))
	}
	// Output:
	// 1 着 3
	// 2 , 2
	// 3 灯笼 2
	// 4 狐狸 2
}

// Whatever is taken as a word can be read back.
func TestLongWords(t *testing.T) {
	for _, n := range []int{1, MaxWord - 1, MaxWord, MaxWord + 1, 1 << 17} {
		word := strings.Repeat("x", n)
		v, err := New([]string{word}, []int64{math.MaxInt64})
		if (err == nil) != (n <= MaxWord) {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if err != nil {
			if want := fmt.Sprintf("word 1: found a word of %d bytes, expected at most 4096", n); !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
			continue
		}
		var b bytes.Buffer
		if _, err := v.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if again, err := Read(&b, "v"); err != nil || again.Word(1) != word {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}
