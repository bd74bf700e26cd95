package reader

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"wakong/model"
	"wakong/vocab"
)

// functionWords are the vocabulary of the tests of what stands beside a blank.
// Other words are unknown to it.
var functionWords = []struct{ word, tag string }{{"。", "x"}, {"，", "x"}, {"的", "uj"}, {"了", "ul"}, {"说", "v"}, {"什么", "r"}, {"一口", "m"}, {"在", "p"}}

// besides gives the values of a group of features for a passage in which the word in
// brackets is the blank: of each candidate, "word value".
func besides(t *testing.T, text, group string) (values []string) {
	t.Helper()
	var words, tags []string
	var counts []int64
	for i, w := range functionWords {
		words, tags, counts = append(words, w.word), append(tags, w.tag), append(counts, int64(100-i))
	}
	v, err := vocab.New(words, counts)
	if err != nil {
		t.Fatal(err)
	}
	l := NewLexicon(v, append([]string{""}, tags...))
	p, unknown := -1, []string(nil)
	var ids []int32
	for i, word := range strings.Fields(text) {
		if strings.HasPrefix(word, "[") {
			p, word = i, strings.Trim(word, "[]")
		}
		id := v.ID(word)
		if id == 0 {
			at := slices.Index(unknown, word)
			if at < 0 {
				at, unknown = len(unknown), append(unknown, word)
			}
			id = int32(v.Len() + at)
		}
		ids = append(ids, id)
	}
	passage := l.newPassage(ids, unknown)
	passage.blanks = []int32{int32(p)}
	var keys []int32
	for i, is := range passage.candidate {
		if is {
			keys = append(keys, int32(i))
		}
	}
	known := make(knownWords, v.Len())
	for i := range known {
		known[i] = i > 0
	}
	all := groups()
	g := slices.IndexFunc(all, func(g Group) bool { return g.Name == group })
	if g < 0 {
		t.Fatalf("no group %q", group)
	}
	features := l.features(passage, keys, known)
	for j, key := range keys {
		if int(key) != p {
			values = append(values, fmt.Sprint(l.word(passage, ids[key]), " ", int(features[j*groupWidth+g])-all[g].First))
		}
	}
	return values
}

// TestContentWords: words of content beside both places are found with function
// words between, and characters with words cut another way; never the blank itself.
func TestContentWords(t *testing.T) {
	for _, test := range []struct{ name, text, group, want string }{
		{"a particle between", "狐狸 设下 陷阱 。 刺猬 在 设下 的 [陷阱] 。", "content_left", "狐狸 0 设下 0 陷阱 6 刺猬 0 设下 0"},
		{"in both", "老人 叹 了 一口 气气 。 叹 什么 [气气] 。", "content_left", "老人 0 一口 6 气气 6"},
		{"the next are the same, too", "猎人 设下 陷阱 。 猎人 在 设下 的 [陷阱] 。", "content_left", "猎人 0 设下 3 陷阱 7 猎人 0 设下 0"},
		{"not the nearest", "跑来 花白 狐狸 。 跑来 的 [狐狸] 。", "content_left", "跑来 0 花白 6 狐狸 3 跑来 0"},
		{"behind", "陷阱 抓住 了 狐狸 。 [陷阱] 的 抓住 。", "content_right", "陷阱 6 抓住 0 狐狸 0 抓住 0"},
		{"the other side", "陷阱 的 设下 ， 狐狸 。 设下 [陷阱] 。", "content_across", "陷阱 6 设下 0 狐狸 0 设下 0"},
		{"all places", "设下 陷阱 。 狐狸 在 陷阱 。 设下 的 [陷阱] 。", "content_type_left", "设下 0 陷阱 6 狐狸 0 陷阱 6 设下 0"},
		{"not in another sentence", "设下 。 陷阱 。 设下 的 [陷阱] 。", "content_left", "设下 0 陷阱 0 设下 0"},
		{"characters", "红 红红 灯笼 。 红红 红 [灯笼] 。", "letters_left", "红红 1 灯笼 3 红红 0"},
		{"not beyond the blank", "灯笼 看见 [灯笼] 看见 灯笼 。", "letters_right", "灯笼 2 看见 0 看见 0 灯笼 0"},
		{"no farther than five", "红红红 红红红 灯笼 。 红红红 红红红 [灯笼] 。", "letters_left", "红红红 0 红红红 3 灯笼 5 红红红 0 红红红 3"},
	} {
		if got := strings.Join(besides(t, test.text, test.group), " "); got != test.want {
			t.Errorf("%s: %s: %s\nfound    %s\nexpected %s", test.name, test.text, test.group, got, test.want)
		}
	}
}

// TestTurns: speakers, beginnings of clauses and candidates are counted from the
// blank, once each.
func TestTurns(t *testing.T) {
	const text = "狐狸 说 。 刺猬 说 。 狐狸 看见 灯笼 。 [刺猬] 说 。 刺猬 在 灯笼 。 猫头鹰 说 。"
	for _, test := range []struct{ group, want string }{
		// The last speaker before the blank is 1 times 4; the first after it 1.
		{"turn_speakers", "狐狸 8 刺猬 4 狐狸 8 看见 0 灯笼 0 刺猬 4 灯笼 0 猫头鹰 1"},
		{"turn_begins", "狐狸 4 刺猬 9 狐狸 4 看见 0 灯笼 0 刺猬 9 灯笼 0 猫头鹰 2"},
		{"turn_stands", "狐狸 12 刺猬 17 狐狸 12 看见 8 灯笼 6 刺猬 17 灯笼 6 猫头鹰 3"},
	} {
		if got := strings.Join(besides(t, text, test.group), " "); got != test.want {
			t.Errorf("%s: found %s\nexpected %s", test.group, got, test.want)
		}
	}
}

// TestCollocations: pairs that stand so in two texts are counted; a text that is
// trained on does not count for itself, and one text alone counts for none.
func TestCollocations(t *testing.T) {
	n := newSmall[float64](t, small(Options{}))
	l := n.lexicon
	candidate := int32(slices.Index(l.candidate, true))
	other := int32(slices.Index(l.candidate[candidate+1:], true)) + candidate + 1
	two, once := []int32{other, candidate}, []int32{candidate, other}
	n.setCollocations([]model.Example{{Left: two}, {Left: append(slices.Clone(two), two...)}, {Left: two}, {Left: once}})
	pair := collocationOf(adjacent, other, candidate)
	if relation, word, of := pair.split(); relation != adjacent || word != other || of != candidate {
		t.Errorf("%d, %d, %d taken apart from %d, %d, %d", relation, word, of, adjacent, other, candidate)
	}
	if got := l.collocations.count(pair); got != 3 {
		t.Errorf("in %d texts, expected 3", got)
	}
	// The second text has the other order, too, as the fourth does.
	if got := l.collocations.count(collocationOf(adjacent, candidate, other)); got != 2 {
		t.Errorf("in %d texts, expected 2", got)
	}
	value := func(text int) uint16 {
		p := l.newPassage([]int32{other, candidate, other, other, candidate}, nil)
		p.text, p.blanks = text, []int32{1}
		keys := []int32{4}
		f := l.features(p, keys, n.known)
		return f[collocationsAt+adjacent] - uint16(collocationFeature(adjacent))
	}
	chance := func(texts uint16) uint16 { return collocate(texts, l.chance(wordWord, other, candidate)) }
	if value(0) != chance(3) || value(1) != chance(2) || value(4) != chance(3) {
		t.Errorf("values %d, %d and %d, expected %d, %d and %d", value(0), value(1), value(4), chance(3), chance(2), chance(3))
	}
	n.setCollocations([]model.Example{{Left: two}, {Left: two}})
	if value(1) != chance(0) || value(0) != chance(2) || chance(0) == chance(2) {
		t.Errorf("values %d and %d of two texts, expected %d and %d", value(1), value(0), chance(0), chance(2))
	}

	// They travel with the weights.
	before := l.collocations
	w := n.Weights()
	l.collocations = collocations{}
	if err := n.SetWeights(w); err != nil || l.collocations.length != before.length || l.collocations.count(pair) != 2 {
		t.Errorf("set again: %v, %v", err, l.collocations)
	}
	for i, bad := range [collocationColumns][]float32{{float32(countings), -1}, {float32(n.vocabulary), 0}, {-1, 0}, {0.5, 0}} {
		for _, x := range bad {
			w := n.Weights()
			w["collocations"].Data[i] = x
			if err := n.SetWeights(w); err == nil || !strings.Contains(err.Error(), "collocations") || !strings.Contains(err.Error(), fmt.Sprintf("%g in column %d", x, i+1)) {
				t.Errorf("%g in column %d: %v", x, i+1, err)
			}
		}
	}
	// A row of zeros would be a free place of the table, for what it is not found.
	w["collocations"] = model.Tensor{Shape: []int{1, collocationColumns}, Data: []float32{0, 0, 0, 5}}
	if err := n.SetWeights(w); err == nil || l.collocations.length != before.length {
		t.Errorf("a collocation of no words: %v", err)
	}
}

// TestCollocate: the ranges, from what never stands so though it should by chance
// to what often does though it should not.
func TestCollocate(t *testing.T) {
	for _, test := range []struct {
		texts  uint16
		chance float64
		want   uint16
	}{{0, 0.1, 8}, {0, 0.2, 9}, {0, 8100, 11}, {2, 2, 0}, {3, 2, 1}, {2, 0.1, 3}, {4, 8100, 4}, {200, 100, 5}, {500, 100, 6}, {60000, 100, 7}} {
		if got := collocate(test.texts, test.chance); got != test.want {
			t.Errorf("%d texts, %g by chance: %d, expected %d", test.texts, test.chance, got, test.want)
		}
	}
}

// TestLastCharacters: what texts say of words with the same last character is known
// of a word that no text has, and of one beside such a word.
func TestLastCharacters(t *testing.T) {
	words := []string{"。", "采下", "拿下", "玫瑰花", "小红花", "石头", "木头"}
	counts := []int64{40, 9, 8, 7, 6, 5, 4}
	v, err := vocab.New(words, counts)
	if err != nil {
		t.Fatal(err)
	}
	l := NewLexicon(v, []string{"", "x", "v", "v", "n", "n", "n", "n"})
	n, err := New(l, make([]float64, 2*v.Len()), small(Options{}))
	if err != nil {
		t.Fatal(err)
	}
	texts := func(at ...int32) (all []model.Example) {
		for i := range len(at) / 2 {
			all = append(all, model.Example{Left: at[2*i : 2*i+2]})
		}
		return all
	}
	// 采下 玫瑰花, 采下 小红花, 拿下 石头, 采下 木头.
	n.setCollocations(texts(2, 4, 2, 5, 3, 6, 2, 7))
	if got, want := l.collocations.length, 6; got != want {
		t.Errorf("%d collocations of two texts and more, expected %d (采下 花, 下 花 and 下 头, each as next and as nearest): %v", got, want, l.collocations)
	}
	flower := l.spellings[4][2]
	if got := l.collocations.count(collocationOf(countingOf(wordLetter, adjacent), 2, flower)); got != 2 {
		t.Errorf("采下 stands before 花 in %d texts, expected 2", got)
	}
	// 下 stands before 花 twice and before 头 twice.
	down := l.spellings[2][1]
	if got := l.collocations.count(collocationOf(countingOf(letterLetter, adjacent), down, l.spellings[6][1])); got != 2 {
		t.Errorf("下 stands before 头 in %d texts, expected 2", got)
	}
	if got, want := l.chance(wordLetter, 2, flower), 9*13.0/79; got != want {
		t.Errorf("采下 before 花 by chance: %g, expected %g", got, want)
	}
	if got, want := l.chance(letterLetter, down, flower), 17*13.0/79; got != want {
		t.Errorf("下 before 花 by chance: %g, expected %g", got, want)
	}
	value := func(u unit, before int32) uint16 {
		// The candidate is 野花, which the vocabulary lacks, as it does 放下.
		p := l.newPassage([]int32{before, 4, 1, 1, int32(v.Len())}, []string{"野花", "放下"})
		p.blanks = []int32{1}
		f := l.features(p, []int32{4}, n.known)
		counting := countingOf(u, adjacent)
		return f[collocationsAt+counting] - uint16(collocationFeature(counting))
	}
	for _, test := range []struct {
		unit   unit
		before int32
		want   uint16
	}{
		{wordWord, 2, collocationUnknown}, {wordLetter, 2, collocate(2, 9*13.0/79)}, {letterLetter, 2, collocate(2, 17*13.0/79)},
		{wordLetter, 3, collocate(0, 8*13.0/79)}, {letterLetter, 3, collocate(2, 17*13.0/79)},
		{wordLetter, int32(v.Len() + 1), collocationUnknown}, {letterLetter, int32(v.Len() + 1), collocate(2, 17*13.0/79)},
	} {
		if got := value(test.unit, test.before); got != test.want {
			t.Errorf("unit %d, word %d: %d, expected %d", test.unit, test.before, got, test.want)
		}
	}

	// Characters are bounded by what there are. The first rows are of a word and a
	// character, the last of two characters.
	for _, test := range []struct {
		row, column int
		wrong       string
	}{{0, 2, "column 3"}, {5, 1, "column 2"}, {5, 2, "column 3"}} {
		w := n.Weights()
		w["collocations"].Data[test.row*collocationColumns+test.column] = float32(l.Characters())
		if err := n.SetWeights(w); (err == nil) != (test.wrong == "") || err != nil && !strings.Contains(err.Error(), test.wrong) {
			t.Errorf("row %d, column %d: %v, expected %s", test.row, test.column, err, test.wrong)
		}
	}

	// Last characters count of words that are not known, too: 放下, which the vocabulary
	// lacks, stands before 花 once, and 采下 before 玫瑰花, taken for unknown, once.
	n.known[4] = false
	unknown := model.Example{Left: []int32{int32(v.Len()), 5}, Unknown: []string{"放下"}}
	n.setCollocations(append(texts(2, 4), unknown))
	if got := l.collocations.count(collocationOf(countingOf(letterLetter, adjacent), down, flower)); got != 2 {
		t.Errorf("下 stands before 花 in %d texts, expected 2", got)
	}
}

// TestOverflow: weights that are too large for float32 are an error, not an answer.
func TestOverflow(t *testing.T) {
	n := newSmall[float32](t, small(Options{}))
	for _, l := range n.linears() {
		for i := range part(n.theta, l.piece) {
			part(n.theta, l.piece)[i] *= 1e30
		}
	}
	asked := questions(n.lexicon, smallTexts(n.vocabulary, 30, 30))
	if _, err := n.Probabilities(asked); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("answers of an overflow: %v", err)
	}
}

// TestPool: a word's probability goes as the root of the sum of its places' squares.
func TestPool(t *testing.T) {
	// Word 1 stands three times, word 2 once; 0 is the blank.
	positions := []float64{0.2, 0.3, 0, 0.3, 0.2}
	pool([]int32{1, 2, 0, 1, 1}, positions)
	of1, of2 := math.Sqrt(0.2*0.2+0.3*0.3+0.2*0.2), 0.3
	for i, want := range []float64{
		0.04 / of1 / (of1 + of2), of2 / (of1 + of2), 0, 0.09 / of1 / (of1 + of2), 0.04 / of1 / (of1 + of2),
	} {
		if math.Abs(positions[i]-want) > 1e-15 {
			t.Errorf("position %d: %v, expected %v", i, positions[i], want)
		}
	}
	// The square of a word's only place may be too small for a number.
	positions = []float64{1, 1e-200}
	if pool([]int32{1, 2}, positions); positions[0] != 1 || positions[1] != 1e-200 {
		t.Errorf("positions %v", positions)
	}
}
