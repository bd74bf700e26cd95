package report

import (
	"encoding/json"

	"wakong/crawl"
	"wakong/embed"
	"wakong/internal/wordplot"
	"wakong/model"
)

// A Page is all that the report shows. What is nil or empty is left out.
type Page struct {
	// Stages in their order.
	Stages []Stage
	// Judged says that the states compare the results with a configuration;
	// without, they only say whether results are there.
	Judged  bool
	Crawl   *crawl.Report
	Corpus  *Corpus
	Vectors *Vectors
	Runs    []Run
	// Settings are the parameters in which the runs differ.
	Settings []Setting
	Answers  *Answers
	// LeftOut are the parts that could not be shown.
	LeftOut []LeftOut
}

// LeftOut says why a part of the page is not there.
type LeftOut struct {
	Part   string // the id of its section, or crawl
	Reason string
}

// A Stage is one step of the pipeline and its result.
type Stage struct {
	Name   string
	State  string // fresh, stale, missing or kept
	Reason string // for a state that is not fresh
	Needs  []string
	// Files of the result that the lock names, by name.
	Files       []File
	Fingerprint string
	// Made is what the result was made with, such as a kernel.
	Made map[string]string
	// Params as the lock has them.
	Params json.RawMessage
	// Seconds is the time that the attempts took together, 0 if not known.
	Seconds  float64
	Attempts int
}

// A File of a result.
type File struct {
	Name  string
	Bytes int64
}

// Vectors are what the page shows of word vectors.
type Vectors struct {
	Words, Size int
	Engine      string
	// Map has the first words in the plane, and Share of the variance.
	Map        []wordplot.Point
	Share      float64
	Neighbours []Neighbours
	Losses     []embed.LossPoint
}

// Neighbours are the words nearest to a word.
type Neighbours struct {
	Word  string
	Count int64 // in the corpus
	Near  []embed.Neighbor
}

// A Run is one training.
type Run struct {
	// Name tells it from the others: the workspace, if there are several, and
	// the beginning of its fingerprint.
	Name    string
	Current bool // the workspace's network, whose answers are shown
	Network string
	Steps   int
	// Best is the step of the kept weights.
	Best      int
	Accuracy  *float64 // of them; nil without validation
	Questions int      // validated with
	Metrics   []model.Metric
	Speed     []Speed
	Seconds   float64 // of all attempts, 0 if not known
	Kernel    string
}

// A Setting is a parameter with its value in each of several runs.
type Setting struct {
	Key    string
	Values []string
}
