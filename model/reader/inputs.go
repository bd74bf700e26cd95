package reader

import "wakong/model"

// Inputs are what the network reads of one question, for engines that compute
// its formulas elsewhere (see the package model/onnx, also for how words'
// probabilities come of those of places). Tables are row after row.
type Inputs struct {
	Words      []int32 // [time] ids; 0 for the blank and for words that the vocabulary lacks
	Characters []int32 // [time, Width] numbers of each word's characters, then zeros
	Letters    []int32 // [time] characters of each word, at least 1
	Width      int     // of Characters, that of the longest word
	Blank      int     // its position

	// Of the candidates, those apart that are too near to the blank.
	States   []int32 // [candidates, StatesWidth] positions whose states make the key; the first is the candidate's own
	Kinds    []int32 // [candidates] number of the key's map in Kinds
	Features []int32 // [candidates, groups] one feature of each group
	Same     []int32 // [candidates] number of the first candidate that is the same word
}

// StatesWidth is the width of [Inputs].States. Keys that are made of fewer
// states leave the last ones aside.
const StatesWidth = 3

// KindNames are the names of the keys' maps among the weights, and how many
// states each is made of, in the order of the numbers in [Inputs].Kinds. Those of
// even number see what stands left of the blank.
func KindNames() (names []string, states []int) {
	for kind, name := range kindNames {
		names, states = append(names, name), append(states, kindStates(kind))
	}
	return names, states
}

// Inputs are those of an example.
func (n *Network[T]) Inputs(e model.Example) Inputs {
	l := n.lexicon
	p := l.question(e)
	in := Inputs{Blank: len(e.Left)}
	var spellings [][]int32
	for _, id := range p.words {
		s := l.spelling(p, id)
		spellings = append(spellings, s)
		in.Width = max(in.Width, len(s))
		if int(id) >= n.vocabulary {
			id = 0
		}
		in.Words, in.Letters = append(in.Words, id), append(in.Letters, int32(len(s)))
	}
	in.Characters = make([]int32, len(p.words)*in.Width)
	for i, s := range spellings {
		copy(in.Characters[i*in.Width:], s)
	}
	var keys []int32
	for i, is := range p.candidate {
		if is {
			keys = append(keys, int32(i))
		}
	}
	all := l.features(p, keys, n.known)
	first := map[int32]int32{}
	for j, key := range keys {
		if tooNear(p.blanks[0], key) {
			continue
		}
		kind := p.kind(p.blanks[0], key)
		states := [StatesWidth]int32{key, key, key}
		copy(states[:], p.states(kind, key))
		if _, ok := first[p.words[key]]; !ok {
			first[p.words[key]] = int32(len(in.Kinds))
		}
		in.Same = append(in.Same, first[p.words[key]])
		in.States, in.Kinds = append(in.States, states[:]...), append(in.Kinds, int32(kind))
		for _, f := range all[j*groupWidth:][:groupWidth] {
			in.Features = append(in.Features, int32(f))
		}
	}
	return in
}

// A Description is what the caller of the formulas must know of words to make
// [Inputs]: ids of words, the vocabulary's number of each.
type Description struct {
	Characters    string  `json:"characters"`     // those with a number, from 1 on; all others have 0
	Candidates    []int32 `json:"candidates"`     // words that can be answers
	Unknown       []int32 `json:"unknown"`        // that are taken for unknown, as words that the vocabulary lacks
	Ends          []int32 `json:"ends"`           // that end a sentence
	Marks         []int32 `json:"marks"`          // that are not of Chinese characters alone
	Opens         []int32 `json:"opens"`          // that begin a quotation
	Closes        []int32 `json:"closes"`         // that end it
	Speech        []int32 `json:"speech"`         // verbs of speech
	Attributive   []int32 `json:"attributive"`    // that make an attribute of what stands before them
	FunctionWords []int32 `json:"function_words"` // that are no content words
	// Collocations are rows of four numbers, one after another: which of the 18 groups
	// from adjacent_left on, from 0; the word, or the number of its last character; the
	// candidate, or that of its last character; and in how many texts they stand so.
	Collocations []int32 `json:"collocations"`
	Groups       []Group `json:"groups"`   // of features, in their order
	Features     int     `json:"features"` // of all groups
}

// A Group of features has the numbers from First to the next group's First.
type Group struct {
	Name  string `json:"name"`
	First int    `json:"first"`
}

// groups are in the order in which a pair's features are listed.
func groups() []Group {
	all := []Group{
		{"distance", distanceFeatures}, {"count", countFeatures}, {"sentence", sentenceFeatures}, {"left", leftFeatures},
		{"right", rightFeatures}, {"nearest", nearestFeatures},
		{"window", windowFeatures}, {"clause", clauseFeatures}, {"type", typeFeatures}, {"rank", rankFeatures}, {"first", firstFeatures},
		{"sentences_apart", sentencesApart}, {"type_left", typeLeft}, {"type_right", typeRight}, {"nearest_left", nearestLeft},
		{"nearest_right", nearestRight}, {"sides", sidesFeatures}, {"quote", quoteFeatures}, {"marks", marksFeatures}, {"speech", speechFeatures},
		{"content_left", contentLeft}, {"content_right", contentRight}, {"content_across", contentAcross},
		{"content_type_left", contentTypeLeft}, {"content_type_right", contentTypeRight}, {"content_type_across", contentTypeAcross},
		{"letters_left", lettersLeft}, {"letters_right", lettersRight}, {"letters_type_left", lettersTypeLeft}, {"letters_type_right", lettersTypeRight},
	}
	for u, counted := range [units]string{"", "_letter", "_letters"} {
		for relation, name := range [relations]string{"adjacent_left", "adjacent_right", "nearest_word_left", "nearest_word_right", "second_nearest_left", "second_nearest_right"} {
			all = append(all, Group{name + counted, collocationFeature(countingOf(unit(u), relation))})
		}
	}
	return append(all, []Group{
		{"turn_speakers", turnFeature(speakers)}, {"turn_begins", turnFeature(begins)}, {"turn_stands", turnFeature(stands)},
	}...)
}

// Description describes the network's words and features.
func (n *Network[T]) Description() Description {
	l := n.lexicon
	characters := make([]rune, len(l.characters))
	for r, number := range l.characters {
		characters[number-1] = r
	}
	d := Description{Characters: string(characters), Groups: groups(), Features: featureCount, Collocations: []int32{}}
	for id := range int32(n.vocabulary) {
		if l.candidate[id] {
			d.Candidates = append(d.Candidates, id)
		}
		if !n.known[id] {
			d.Unknown = append(d.Unknown, id)
		}
		if l.ends[id] {
			d.Ends = append(d.Ends, id)
		}
		for role, list := range map[uint16]*[]int32{
			isMark: &d.Marks, opens: &d.Opens, closes: &d.Closes, speech: &d.Speech, attributive: &d.Attributive, functionWord: &d.FunctionWords,
		} {
			if l.is(id, role) {
				*list = append(*list, id)
			}
		}
	}
	for _, row := range l.collocationRows() {
		d.Collocations = append(d.Collocations, row[:]...)
	}
	return d
}
