// Package serve answers cloze questions over HTTP: a page for people and a JSON
// API, which openapi.yaml describes.
//
// Requests that wait while the network works are answered together in its next
// pass. What comes from outside is limited: the size of a body, the passages of a
// request, the passages that wait, the connections, and the time for each.
package serve

import (
	"time"

	"wakong/corpus"
	"wakong/model"
)

// A Model makes questions of text and answers them.
type Model interface {
	// Question makes a question of a passage with one blank, segmented or not.
	// It may be called by several goroutines at once.
	Question(passage string) (corpus.Question, error)
	// Answer answers questions together, in their order. It is called by one
	// goroutine at a time.
	Answer([]corpus.Question) ([]Answer, error)
}

// An Answer to one question.
type Answer struct {
	Candidates []model.Candidate // the most probable first, at most MaxTop
	Positions  []float64         // the probability of each of the question's words
}

// The bounds of what comes from outside.
const (
	MaxTop          = 100     // answers to one passage
	DefaultTop      = 5       // where the request does not say
	MaxPassages     = 64      // of a request
	MaxBody         = 1 << 20 // bytes of a request's body
	DefaultMaxWords = 2000    // words around a blank
	MostWords       = 1 << 16 // that MaxWords may be

	maxBatch       = 64  // passages of a pass
	maxConnections = 512 // further ones wait to be accepted
)

// Options of a server. What is 0 has its default.
type Options struct {
	// MaxWords is the number of words around a blank that are looked at.
	MaxWords int
	// Queue is the number of passages that may wait.
	Queue int
	// AnswerTime bounds how long a request waits for its answer.
	AnswerTime time.Duration
	// DrainTime bounds how long the end waits for what was begun.
	DrainTime time.Duration
}

func (o Options) withDefaults() Options {
	set := func(v *int, to int) {
		if *v == 0 {
			*v = to
		}
	}
	set(&o.MaxWords, DefaultMaxWords)
	set(&o.Queue, 1024)
	if o.AnswerTime == 0 {
		o.AnswerTime = time.Minute
	}
	if o.DrainTime == 0 {
		o.DrainTime = 2 * time.Minute
	}
	return o
}
