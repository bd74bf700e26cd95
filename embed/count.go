package embed

import (
	"context"
	"errors"
	"fmt"

	"wakong/vocab"
)

const (
	// countedWords and countedBytes bound the distinct words that are counted in
	// memory, about 130 MB with their table; more of them go to a file.
	countedWords = 1 << 20
	countedBytes = 64 << 20
)

// CountWords counts the words of the text and makes a vocabulary of those seen
// at least minCount times. A text without such a word is an error that wraps
// vocab.ErrEmpty.
//
// Counts are exact, and words seen less than minCount times take no memory in
// the end, however many they are: after each million of distinct words, the
// counts so far go to a temporary file (in [os.TempDir]), sorted, and are
// merged at the end.
func CountWords(ctx context.Context, s Sentences, minCount int64) (*vocab.Vocabulary, error) {
	return countUpTo(ctx, s, minCount, countedWords)
}

func countUpTo(ctx context.Context, s Sentences, minCount int64, most int) (*vocab.Vocabulary, error) {
	var counter vocab.Counter
	var spilled countRuns
	defer spilled.remove()
	n, bytes := 0, 0
	for sentence, err := range s() {
		if n++; err == nil && n%checkEvery == 1 {
			err = ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("embed: counting words, sentence %d: %w", n, err)
		}
		for _, word := range sentence {
			before := counter.Len()
			counter.Add(word)
			if counter.Len() == before {
				continue
			}
			if bytes += len(word); counter.Len() >= most || bytes >= countedBytes {
				if err := spilled.add(&counter); err != nil {
					return nil, fmt.Errorf("embed: counting words: %w", err)
				}
				bytes = 0
			}
		}
	}
	if !spilled.empty() {
		if err := spilled.merge(ctx, &counter, minCount); err != nil {
			return nil, fmt.Errorf("embed: counting words: %w", err)
		}
	}
	v, err := counter.Build(minCount)
	if err != nil {
		return nil, fmt.Errorf("embed: counting the words of %d sentences: %w", n, err)
	}
	return v, nil
}

// errCutOff is what a run gives that ends within a word.
var errCutOff = errors.New("the temporary file of counts is cut off")
