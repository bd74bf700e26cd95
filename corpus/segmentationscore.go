package corpus

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A SegmentationScore compares a segmentation with a gold standard, as the
// SIGHAN bakeoffs do (Emerson, "The Second International Chinese Word
// Segmentation Bakeoff", 2005): a word is right where the gold standard has a
// word from the same character to the same character. The zero value is ready
// to use.
type SegmentationScore struct {
	// Known are the words of the training data; nil where the recall of words
	// out of the vocabulary is not wanted.
	Known map[string]bool

	Sentences int64
	Gold      int64 // words of the gold standard
	Found     int64 // words of the segmentation
	Right     int64 // words that are in both
	OOV       int64 // of Gold, those that Known lacks
	OOVRight  int64 // of OOV, those that are right
}

// Add compares one sentence. Both must be made of the same text; the error
// tells where they part.
func (s *SegmentationScore) Add(gold, found []string) error {
	if a, b := strings.Join(gold, ""), strings.Join(found, ""); a != b {
		return textsDiffer(a, b)
	}
	s.Sentences++
	s.Gold += int64(len(gold))
	s.Found += int64(len(found))
	start, at, i := 0, 0, 0 // of the gold word, of found[i]
	for _, w := range gold {
		for i < len(found) && at < start {
			at += len(found[i])
			i++
		}
		right := i < len(found) && at == start && len(found[i]) == len(w)
		oov := s.Known != nil && !s.Known[w]
		if right {
			s.Right++
		}
		if oov {
			s.OOV++
			if right {
				s.OOVRight++
			}
		}
		start += len(w)
	}
	return nil
}

// textsDiffer says at which character two texts part.
func textsDiffer(a, b string) error {
	n := 0
	for a != "" && b != "" {
		ra, la := utf8.DecodeRuneInString(a)
		rb, lb := utf8.DecodeRuneInString(b)
		if ra != rb {
			break
		}
		a, b = a[la:], b[lb:]
		n++
	}
	return fmt.Errorf("the texts differ at character %d: %s in the gold standard, %s in the segmentation", n+1, beginning(a), beginning(b))
}

func beginning(text string) string {
	if text == "" {
		return "the end"
	}
	return quote(text[:runesEnd(text, 0, 10)])
}

// Precision is the share of right words among those found, from 0 to 1.
func (s SegmentationScore) Precision() float64 { return share(s.Right, s.Found) }

// Recall is the share of the gold standard's words that are right.
func (s SegmentationScore) Recall() float64 { return share(s.Right, s.Gold) }

// F1 is the harmonic mean of precision and recall.
func (s SegmentationScore) F1() float64 { return share(2*s.Right, s.Found+s.Gold) }

// OOVRate is the share of the gold standard's words that Known lacks.
func (s SegmentationScore) OOVRate() float64 { return share(s.OOV, s.Gold) }

// OOVRecall is the share of right words among those that Known lacks.
func (s SegmentationScore) OOVRecall() float64 { return share(s.OOVRight, s.OOV) }

// KnownRecall is the share of right words among those that Known has.
func (s SegmentationScore) KnownRecall() float64 { return share(s.Right-s.OOVRight, s.Gold-s.OOV) }

// share is 0 where there is nothing to have a share of.
func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
