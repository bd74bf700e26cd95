package corpus

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrNoReference is returned where there are no answered questions to match.
var ErrNoReference = errors.New("corpus: no answered question to match the distribution of")

// An AnswerMatch thins generated questions out until their answers are
// distributed as those of a reference set, jointly over three aspects: frequency
// in the passage, characters, and part of speech (see [QuestionAspects]; 180 bins).
//
// It is rejection sampling with quotas. A question's hash of seed and words is its
// draw, uniform in [0, 2^64). First all candidates are offered, and each bin keeps
// their draws. Settle then finds the number to keep: with p the reference's share
// of a bin and n its candidates, min(n, scale*p) of them, at the largest scale at
// which the total variation distance to the reference is at most Most. Those with
// the smallest draws of each bin are kept. So the choice depends on the set of
// candidates and the seed, and neither on order nor on place.
//
// It takes 8 bytes of memory for each candidate.
type AnswerMatch struct {
	// Most is the total variation distance that is aimed at; 0 means
	// DefaultVariation. A larger one keeps more questions.
	Most float64
	// Seed of the draws.
	Seed uint64

	aspects   []QuestionAspect
	reference map[answerBin]int
	drawn     map[answerBin][]uint64 // of the candidates; sorted by Settle
	keep      map[answerBin]int
	settled   MatchReport
}

// DefaultVariation is the distance that an AnswerMatch aims at.
const DefaultVariation = 0.05

// answerBin are the groups of an answer's three aspects.
type answerBin [3]int

// A MatchReport tells how well generated questions match their reference.
type MatchReport struct {
	Reference  int `json:"reference"`  // questions that were matched
	Candidates int `json:"candidates"` // questions to choose from
	Kept       int `json:"kept"`
	// Variation is the total variation distance between the questions kept and
	// the reference over the joint bins; at most as much are those of each aspect.
	Variation  float64 `json:"variation"`
	Frequency  float64 `json:"frequency"`
	Characters float64 `json:"characters"`
	Kind       float64 `json:"kind"`
	// Missing is the share of the reference in bins that have no candidate: the
	// distance cannot be less.
	Missing float64 `json:"missing"`
	// MissingMost names the bin with the largest part of it.
	MissingMost string `json:"missing_most,omitempty"`
}

// NewAnswerMatch makes a match without reference or candidates; tag gives the
// part of speech of a word, as [Jieba.Tag] does.
func NewAnswerMatch(tag func(word string) string, seed uint64) *AnswerMatch {
	return &AnswerMatch{Seed: seed, aspects: QuestionAspects(tag),
		reference: map[answerBin]int{}, drawn: map[answerBin][]uint64{}, keep: map[answerBin]int{}}
}

// AddReference adds a question whose answer is known to the reference. Those
// without answer are passed over.
func (m *AnswerMatch) AddReference(q Question) {
	if q.Answer != "" {
		m.reference[m.bin(q)]++
	}
}

// Offer adds a candidate.
func (m *AnswerMatch) Offer(q Question) {
	b := m.bin(q)
	if m.reference[b] > 0 {
		m.drawn[b] = append(m.drawn[b], q.draw(m.Seed))
	}
	m.settled.Candidates++
}

// Keep tells, after Settle, whether a candidate is one of those chosen.
func (m *AnswerMatch) Keep(q Question) bool {
	b := m.bin(q)
	n := m.keep[b]
	return n > 0 && q.draw(m.Seed) <= m.drawn[b][n-1]
}

// Settle chooses among the candidates that were offered.
func (m *AnswerMatch) Settle() (MatchReport, error) {
	total := 0
	for _, n := range m.reference {
		total += n
	}
	if total == 0 {
		return MatchReport{}, ErrNoReference
	}
	for _, draws := range m.drawn {
		slices.Sort(draws)
	}
	most := m.Most
	if most <= 0 {
		most = DefaultVariation
	}
	// Where part of the reference is out of reach, that much is lost anyhow.
	most = max(most, m.missing(&m.settled, total)+most/2)
	m.quotas(m.scale(most, total), total)
	m.withTies()
	m.report(&m.settled, total)
	return m.settled, nil
}

// scale is the largest at which the distance is at most so much, in steps of one
// per cent; where there is none, that with the smallest distance.
func (m *AnswerMatch) scale(most float64, total int) float64 {
	const step = 1.01
	high := 1.0
	for b, n := range m.reference {
		high = max(high, float64(len(m.drawn[b])*total)/float64(n))
	}
	best, least := high, 2.0
	for scale := high; scale >= 1; scale /= step {
		m.quotas(scale, total)
		v := variation(m.keep, m.reference)
		if v <= most {
			return scale
		}
		if v < least {
			best, least = scale, v
		}
	}
	return best
}

// withTies lets the quotas take in all candidates of the last one's draw, which
// are the same question: Keep cannot tell them apart.
func (m *AnswerMatch) withTies() {
	for b, n := range m.keep {
		draws := m.drawn[b]
		for n > 0 && n < len(draws) && draws[n] == draws[n-1] {
			n++
		}
		m.keep[b] = n
	}
}

// quotas sets how many of each bin are kept, where the whole would be scale.
func (m *AnswerMatch) quotas(scale float64, total int) {
	for b, n := range m.reference {
		m.keep[b] = min(len(m.drawn[b]), int(math.Round(scale*float64(n)/float64(total))))
	}
}

// missing finds what of the reference has no candidate.
func (m *AnswerMatch) missing(r *MatchReport, total int) float64 {
	sum, largest := 0, 0
	var which answerBin
	for b, n := range m.reference {
		if len(m.drawn[b]) > 0 {
			continue
		}
		sum += n
		if n > largest || n == largest && slices.Compare(b[:], which[:]) < 0 {
			largest, which = n, b
		}
	}
	if sum > 0 {
		r.MissingMost = fmt.Sprintf("%s, %s characters, %s times in the passage", m.aspects[AspectKind].Groups[which[AspectKind]],
			m.aspects[AspectCharacters].Groups[which[AspectCharacters]], m.aspects[AspectFrequency].Groups[which[AspectFrequency]])
	}
	r.Missing = float64(sum) / float64(total)
	return r.Missing
}

func (m *AnswerMatch) report(r *MatchReport, total int) {
	r.Reference = total
	for _, n := range m.keep {
		r.Kept += n
	}
	r.Variation = variation(m.keep, m.reference)
	for aspect, to := range map[int]*float64{AspectFrequency: &r.Frequency, AspectCharacters: &r.Characters, AspectKind: &r.Kind} {
		kept, reference := map[int]int{}, map[int]int{}
		for b, n := range m.reference {
			reference[b[aspect]] += n
			kept[b[aspect]] += m.keep[b]
		}
		*to = variation(kept, reference)
	}
}

func (m *AnswerMatch) bin(q Question) answerBin {
	var b answerBin
	for i := range b {
		b[i] = m.aspects[i].Of(q)
	}
	return b
}

// draw is a number that depends on seed, words, blank and answer alone.
func (q Question) draw(seed uint64) uint64 {
	b := make([]byte, 0, 16+4*len(q.Words))
	b = binary.LittleEndian.AppendUint64(b, seed)
	b = binary.LittleEndian.AppendUint64(b, uint64(q.Blank))
	b = append(append(b, q.Answer...), '\n')
	for _, w := range q.Words {
		b = append(append(b, w...), ' ')
	}
	sum := sha256.Sum256(b)
	return binary.LittleEndian.Uint64(sum[:])
}
