package reader

import "math/bits"

// A pair of a blank and a candidate has one feature of each group; what each
// feature is worth, the query says for its blank. The groups go on in types.go,
// content.go, collocate.go and turns.go.
const (
	distanceFeatures = 0                     // left and right, 10 lengths each
	countFeatures    = distanceFeatures + 20 // how often the word stands elsewhere: 0 to 4, up to 6, up to 9, more
	sentenceFeatures = countFeatures + 8     // whether it stands in the blank's sentence
	leftFeatures     = sentenceFeatures + 2  // the words before both: different; the same, in 5 ranges of frequency; two the same
	rightFeatures    = leftFeatures + 7      // the words after both
	nearestFeatures  = rightFeatures + 7     // neither; the word's last place before the blank; its first after it, with and without one before
	windowFeatures   = nearestFeatures + 4   // how much the words around the two places have in common
	clauseFeatures   = windowFeatures + 8    // the same of the two sentences
	typeFeatures     = clauseFeatures + 8    // the most that the words around a place of the candidate's word have in common with those around the blank
	rankFeatures     = typeFeatures + 8      // how rare the word is in all texts (6 ranges and unknown) by how often it stands here (5)
	firstFeatures    = rankFeatures + 35     // where the word stands first: in the first sentence, in the next four, later; by its length
	commonFeatures   = firstFeatures + 9
)

// Where the features of each file begin among a pair's.
const (
	commonAt       = 6
	typesAt        = commonAt + 5
	contentAt      = typesAt + 9
	collocationsAt = contentAt + contentGroups
	turnsAt        = collocationsAt + countings
	groupWidth     = turnsAt + turnKinds
)

// features lists the features of all pairs of the passage's blanks and the
// candidates at the positions keys: [blanks, keys, groupWidth].
func (l *Lexicon) features(p *passage, keys []int32, known knownWords) []uint16 {
	all := make([]uint16, len(p.blanks)*len(keys)*groupWidth)
	counts := map[int32]int{}
	for _, id := range p.words {
		counts[id]++
	}
	in := l.weigh(p, keys, known)
	for i, blank := range p.blanks {
		near := p.surroundings(blank, keys, known)
		in.blank(blank)
		f := all[i*len(keys)*groupWidth:]
		for j, key := range keys {
			near.pair(f[j*groupWidth:], key, counts)
		}
		in.gather(f)
		for j, key := range keys {
			in.pair(f[j*groupWidth+commonAt:], j, key, counts)
			in.typePair(f[j*groupWidth+typesAt:], j)
		}
		in.contentPairs(f)
		in.collocationPairs(f)
		in.turnPairs(f)
	}
	return all
}

// surroundings are what pairs with one blank have in common.
type surroundings struct {
	*passage
	known       knownWords
	blank       int32
	inSentence  map[int32]bool
	before      map[int32]int32 // last place before the blank of each candidate
	after       map[int32]int32 // first place after it
	left, right [2]int32        // the nearest words
}

func (p *passage) surroundings(blank int32, keys []int32, known knownWords) surroundings {
	s := surroundings{passage: p, known: known, blank: blank, inSentence: map[int32]bool{}, before: map[int32]int32{}, after: map[int32]int32{}}
	for i := blank - 1; i >= 0 && p.sentence[i] == p.sentence[blank]; i-- {
		s.inSentence[p.words[i]] = true
	}
	for i := int(blank) + 1; i < len(p.words) && p.sentence[i] == p.sentence[blank]; i++ {
		s.inSentence[p.words[i]] = true
	}
	for _, key := range keys {
		id := p.words[key]
		if key < blank {
			s.before[id] = key
		} else if _, ok := s.after[id]; !ok && key > blank {
			s.after[id] = key
		}
	}
	for i := range int32(2) {
		s.left[i], s.right[i] = p.at(blank-1-i), p.at(blank+1+i)
	}
	return s
}

// at is the word at a position, -1 outside of the passage.
func (p *passage) at(i int32) int32 {
	if i < 0 || int(i) >= len(p.words) {
		return -1
	}
	return p.words[i]
}

// pair writes the features of the blank and the candidate at key to f.
func (s surroundings) pair(f []uint16, key int32, counts map[int32]int) {
	id := s.words[key]
	distance, side := s.blank-key, 0
	if distance < 0 {
		distance, side = -distance, 1
	}
	count := counts[id]
	if id == s.words[s.blank] {
		count--
	}
	f[0] = uint16(distanceFeatures + side*10 + min(9, bits.Len(uint(distance))))
	f[1] = uint16(countFeatures + countRange(count))
	f[2] = sentenceFeatures
	if s.inSentence[id] {
		f[2]++
	}
	f[3] = leftFeatures + s.same(s.left, s.at(key-1), s.at(key-2))
	f[4] = rightFeatures + s.same(s.right, s.at(key+1), s.at(key+2))
	f[5] = nearestFeatures + s.nearest(id, key)
}

func countRange(count int) int {
	switch {
	case count <= 4:
		return max(count, 0)
	case count <= 6:
		return 5
	case count <= 9:
		return 6
	}
	return 7
}

// same tells how alike the words beside a blank and a candidate are: 6 if two
// are the same, 1 to 5 if one is, from frequent words to rare and unknown ones, or
// 0.
func (s surroundings) same(beside [2]int32, next, further int32) uint16 {
	switch {
	case beside[0] < 0 || beside[0] != next:
		return 0
	case beside[1] >= 0 && beside[1] == further:
		return 6
	case !s.known.has(next):
		return 5
	}
	// Ids are ranks of frequency.
	rank := uint16(1)
	for limit := int32(10); rank < 5 && next >= limit; limit *= 10 {
		rank++
	}
	return rank
}

func (s surroundings) nearest(id, key int32) uint16 {
	before, stands := s.before[id]
	switch {
	case key < s.blank && before == key:
		return 1
	case key > s.blank && s.after[id] == key && stands:
		return 2
	case key > s.blank && s.after[id] == key:
		return 3
	}
	return 0
}
