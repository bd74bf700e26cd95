package corpus

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func isAnimal(word string) bool {
	return strings.Contains("狐狸 刺猬 麻雀 青蛙", word) && len(word) == 6
}

func TestGenerate(t *testing.T) {
	d := Document{ID: "tale", File: "f", Line: 2, Sentences: [][]string{
		strings.Fields("狐狸 在 河边 看见 刺猬 。"),
		strings.Fields("刺猬 说 ： “ 狐狸 ， 你 看见 麻雀 了 吗 ？ ”"),
		strings.Fields("狐狸 摇摇头 ， 河边 没有 别人 。"),
	}}
	var b strings.Builder
	for _, q := range (Generator{Seed: 1, PerPassage: 4}).Questions(d, isAnimal) {
		fmt.Fprintf(&b, "%s %s of %s, %s:%d\n    %s [%d] %s\n", q.ID, q.Answer, q.Document, q.File, q.Line,
			strings.Join(q.Left(), " "), q.Blank, strings.Join(q.Right(), " "))
	}
	golden(t, "generate.txt", b.String())
	// There are five pairs, three foxes and two hedgehogs; one sparrow is not enough.
	if n := len((Generator{}).Questions(d, isAnimal)); n != 5 {
		t.Errorf("%d questions, want 5", n)
	}
	if n := len((Generator{MinOccurrences: 3}).Questions(d, isAnimal)); n != 3 {
		t.Errorf("%d questions on words that occur three times, want 3", n)
	}
	if q := (Generator{MinWords: 30}).Questions(d, isAnimal); q != nil {
		t.Errorf("questions on a short passage: %v", q)
	}
	if q := (Generator{}).Questions(Document{ID: "x"}, isAnimal); q != nil {
		t.Errorf("questions on nothing: %v", q)
	}
}

func drawDocument(r *rapid.T) Document {
	word := rapid.SampledFrom([]string{"狐狸", "刺猬", "麻雀", "青蛙", "在", "跑", "看见", "，", "河边", "XXXXX"})
	sentence := rapid.SliceOfN(word, 0, 15)
	return Document{
		ID:        rapid.StringMatching(`[a-z]{1,4}`).Draw(r, "id"),
		Sentences: rapid.SliceOfN(sentence, 0, 30).Draw(r, "sentences"),
	}
}

func count(words []string, word string) (n int) {
	for _, w := range words {
		if w == word {
			n++
		}
	}
	return n
}

// nearest is the distance to the nearest other place of the word at a place.
func nearest(words []string, at int) int {
	least := len(words)
	for i, w := range words {
		if w == words[at] && i != at {
			least = min(least, max(i-at, at-i))
		}
	}
	return least
}

func TestGenerateChoice(t *testing.T) {
	d := Document{ID: "tale", Sentences: [][]string{
		strings.Fields("狐狸 看见 小刺猬 ， 狐狸 跑 ， 狐狸 喊 ， fox 看见 fox 。"),
		strings.Fields("小刺猬 也 跑 ， 它 怕 狐狸 。 河 边 的 河 很 宽 。"),
	}}
	tags := map[string]string{"狐狸": "n", "小刺猬": "nr", "fox": "eng", "河": "n", "看见": "v", "跑": "v"}
	tag := func(word string) string { return tags[word] }
	for _, c := range []struct {
		name  string
		g     Generator
		parts []string
		want  string
	}{
		{"nouns", Generator{}, []string{"n"}, "小刺猬 小刺猬 河 河 狐狸 狐狸 狐狸 狐狸"},
		{"people", Generator{}, []string{"nr"}, "小刺猬 小刺猬"},
		{"verbs and places", Generator{}, []string{"v", "ns"}, "看见 看见 跑 跑"},
		{"any script", Generator{AnyScript: true}, []string{"eng"}, "fox fox"},
		{"Chinese characters alone", Generator{}, []string{"eng"}, ""},
		{"frequent", Generator{MinOccurrences: 3}, []string{"n"}, "狐狸 狐狸 狐狸 狐狸"},
		{"rare", Generator{MaxOccurrences: 3}, []string{"n"}, "小刺猬 小刺猬 河 河"},
		{"long", Generator{MinCharacters: 3}, []string{"n"}, "小刺猬 小刺猬"},
		{"short", Generator{MaxCharacters: 1}, []string{"n"}, "河 河"},
		{"near", Generator{MaxDistance: 3}, []string{"n"}, "河 河 狐狸 狐狸"},
		{"far", Generator{MinDistance: 9}, []string{"n"}, "小刺猬 小刺猬 狐狸"},
		{"one", Generator{PerPassage: 1, MinCharacters: 3}, []string{"n"}, "小刺猬"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var answers []string
			for _, q := range c.g.Questions(d, Tagged(tag, c.parts...)) {
				answers = append(answers, q.Answer)
			}
			slices.Sort(answers)
			if got := strings.Join(answers, " "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestGenerateProperties(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := drawDocument(r)
		g := Generator{
			PerPassage: rapid.IntRange(1, 30).Draw(r, "per passage"),
			Seed:       rapid.Uint64().Draw(r, "seed"),
			MinWords:   rapid.IntRange(1, 20).Draw(r, "least"),
			MaxWords:   rapid.IntRange(10, 200).Draw(r, "most"),

			MaxOccurrences: rapid.IntRange(0, 9).Draw(r, "most occurrences"),
			MinDistance:    rapid.IntRange(0, 6).Draw(r, "least distance"),
			MaxDistance:    rapid.SampledFrom([]int{0, 8, 30}).Draw(r, "most distance"),
		}
		before := fmt.Sprint(d)
		all := g.Questions(d, isAnimal)
		if fmt.Sprint(d) != before {
			r.Fatal("the document was changed")
		}
		if len(all) > g.PerPassage {
			r.Fatalf("%d questions, at most %d wanted", len(all), g.PerPassage)
		}
		passage := newPassage(d.Sentences)
		seen := map[string]bool{}
		for i, q := range all {
			if q.ID != fmt.Sprintf("%s#%d", d.ID, i+1) || q.Document != d.ID || !isAnimal(q.Answer) {
				r.Fatalf("%+v", q)
			}
			if !slices.Contains(q.Left(), q.Answer) && !slices.Contains(q.Right(), q.Answer) {
				r.Fatalf("%s does not occur again in %q", q.Answer, q.Words)
			}
			whole := slices.Concat(q.Left(), []string{q.Answer}, q.Right())
			if n := count(passage.words, q.Answer); g.MaxOccurrences > 0 && n > g.MaxOccurrences {
				r.Fatalf("%s occurs %d times", q.Answer, n)
			}
			if d := nearest(whole, q.Blank); d < g.MinDistance || g.MaxDistance > 0 && d > g.MaxDistance {
				r.Fatalf("%s occurs again %d words away in %q", q.Answer, d, whole)
			}
			if len(whole) < g.MinWords || len(whole) > max(g.MaxWords, 0) && len(passage.words) > g.MaxWords {
				r.Fatalf("%d words", len(whole))
			}
			// The question is a run of whole sentences of the passage.
			at := -1
			for start := range passage.words {
				end := start + len(whole)
				if end <= len(passage.words) && slices.Equal(passage.words[start:end], whole) &&
					(start == 0 || slices.Contains(passage.ends, start)) && slices.Contains(passage.ends, end) {
					at = start
					break
				}
			}
			if at < 0 {
				r.Fatalf("%q is no run of sentences", whole)
			}
			pair := fmt.Sprint(q.Words, q.Blank)
			if len(passage.words) <= g.MaxWords && seen[pair] {
				// The same words around the same place can only be two
				// neighbouring blanks of one word.
				if !(q.Blank > 0 && q.Words[q.Blank-1] == q.Answer || q.Blank < len(q.Words) && q.Words[q.Blank] == q.Answer) {
					r.Fatalf("the pair %s, %d comes twice", q.Answer, q.Blank)
				}
			}
			seen[pair] = true
		}
		if again := g.Questions(d, isAnimal); fmt.Sprint(again) != fmt.Sprint(all) {
			r.Fatal("another result the second time")
		}
	})
}

// Each document's questions depend on itself alone.
func TestGenerateAnyOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		documents := rapid.SliceOfNDistinct(rapid.Custom(drawDocument), 1, 6, func(d Document) string { return d.ID }).Draw(r, "documents")
		order := rapid.Permutation(documents).Draw(r, "order")
		results := func(documents []Document) map[string]string {
			m := map[string]string{}
			for _, d := range documents {
				m[d.ID] = fmt.Sprint(Generator{Seed: 7, MinWords: 5}.Questions(d, isAnimal))
			}
			return m
		}
		if fmt.Sprint(results(documents)) != fmt.Sprint(results(order)) {
			r.Fatal("the order matters")
		}
	})
	d := Document{ID: "a", Sentences: [][]string{strings.Fields(strings.Repeat("狐狸 看见 刺猬 和 青蛙 。 ", 9))}}
	e := d
	e.ID = "b"
	f := d
	f.Sentences = [][]string{append([]string{"，"}, d.Sentences[0]...)}
	one, two := Generator{}.Questions(d, isAnimal), Generator{Seed: 1}.Questions(d, isAnimal)
	three, four := Generator{}.Questions(e, isAnimal), Generator{}.Questions(f, isAnimal)
	same := func(a, b []Question) bool {
		return slices.EqualFunc(a, b, func(a, b Question) bool { return a.Answer == b.Answer })
	}
	if same(one, two) || same(one, three) {
		t.Error("the draws do not depend on seed and id")
	}
	if !same(one, four) {
		t.Error("a mark in front has changed the draws")
	}
	// Where the id is a place, the words stand for it.
	d.ID, e.ID, f.ID = "f.jsonl#7", "f.jsonl#8@2", ""
	one, three, four = Generator{}.Questions(d, isAnimal), Generator{}.Questions(e, isAnimal), Generator{}.Questions(f, isAnimal)
	if !same(one, three) || same(one, four) || three[0].ID != "f.jsonl#8@2#1" {
		t.Error("the draws depend on a place")
	}
}

// A line put in front moves the ids of samples without ids, not their questions.
func TestGenerateWhereverItStands(t *testing.T) {
	tale := strings.Repeat("狐狸看见刺猬，刺猬看见青蛙，青蛙看见狐狸。", 5)
	for _, c := range []struct{ format, front, rest string }{
		{FormatJSONLines, `{"text": "雪人想看春天。"}` + "\n", `{"text": "` + tale + `"}` + "\n"},
		{FormatPDCFT, "1 ||| 雪人 。\n2 ||| XXXXX ||| 雪人\n", "1 ||| " + strings.Join(testJieba(t).Words(tale), " ") + "\n2 ||| XXXXX ||| 狐狸\n"},
	} {
		var results []string
		for _, content := range []string{c.rest, c.front + c.rest} {
			s := Source{Format: c.format, Path: write(t, "f", content)}
			documents, _ := prepareAll(t, s.Samples(t.Context(), nil), PrepareOptions{Segmenter: testJieba(t)})
			var b strings.Builder
			for _, q := range (Generator{Seed: 3}).Questions(documents[len(documents)-1], isAnimal) {
				fmt.Fprintln(&b, q.Words, q.Blank, q.Answer)
			}
			results = append(results, b.String())
		}
		if results[0] == "" || results[0] != results[1] {
			t.Errorf("%s:\n%s\n%s", c.format, results[0], results[1])
		}
	}
}

func TestPassages(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := drawDocument(r)
		size := rapid.IntRange(15, 100).Draw(r, "size")
		parts := Passages(d, size)
		var joined [][]string
		for i, p := range parts {
			if p.Words() > size {
				r.Fatalf("%d words in a passage of at most %d", p.Words(), size)
			}
			if len(parts) > 1 && p.ID != fmt.Sprintf("%s@%d", d.ID, i+1) {
				r.Fatalf("id %s", p.ID)
			}
			joined = append(joined, p.Sentences...)
		}
		if !slices.EqualFunc(joined, d.Sentences, slices.Equal) {
			r.Fatal("the passages are not the document")
		}
	})
}

func BenchmarkGenerate(b *testing.B) {
	d := Document{ID: "a"}
	for range 40 {
		d.Sentences = append(d.Sentences, strings.Fields("狐狸 在 河边 看见 刺猬 ， 青蛙 说 ： “ 狐狸 ， 你 看见 麻雀 了 吗 ？ ”"))
	}
	n := 0
	for b.Loop() {
		n += len(Generator{}.Questions(d, isAnimal))
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "questions/s")
}

// The nearest other place of each word is that which a search finds.
func TestOccurrences(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"狐狸", "刺猬", "在"}), 1, 60).Draw(r, "words")
		var places []int
		for i, w := range words {
			if w == "狐狸" {
				places = append(places, i)
			}
		}
		if len(places) < 2 {
			return
		}
		for _, o := range occurrences(places) {
			nearest := -1
			for distance := 1; nearest < 0; distance++ {
				for _, j := range []int{o.position - distance, o.position + distance} {
					if nearest < 0 && slices.Contains(places, j) {
						nearest = j
					}
				}
			}
			if o.other != nearest {
				r.Fatalf("%v: the nearest to %d is %d, not %d", places, o.position, nearest, o.other)
			}
		}
	})
}

// A document of 600,000 words none of which fits into one window with its other
// occurrence: a search from each place would look at 10^11 words.
func TestGenerateIsLinear(t *testing.T) {
	var d Document
	for range 2 {
		for i := range 30_000 {
			sentence := make([]string, 10)
			for k := range sentence {
				sentence[k] = fmt.Sprint(10*i + k)
			}
			d.Sentences = append(d.Sentences, sentence)
		}
	}
	if q := (Generator{AnyScript: true}).Questions(d, func(string) bool { return true }); len(q) != 0 {
		t.Errorf("%d questions", len(q))
	}
}
