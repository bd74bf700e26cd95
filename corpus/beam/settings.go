package beam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"wakong/corpus"
	"wakong/internal/config"
	"wakong/internal/pipeline"
)

// Settings are all that workers know: the parts of a configuration, in a form that
// can be sent.
type Settings struct {
	Segment config.SegmentParams // without sources and paths
	Build   config.BuildParams   // without sources and paths
	// UserDictionary are the bytes of the file of further words, unpacked.
	UserDictionary []byte `json:",omitempty"`
	Sources        []TextSource
	Train          []TrainEntry
	Valid          []corpus.QuestionSource
	MinCount       int
	Text           json.RawMessage // text.json of the stage build

	Output      string // folder or prefix of all that is written
	Compression string // extension of the parts of documents and sentences: "", ".gz" or ".zst"
	UnitBytes   int    // of text in a unit
	Threads     int    // of a worker's step, 0 means GOMAXPROCS
}

// A TextSource is a corpus.Source in a form that can be sent.
type TextSource struct {
	Format, Path, Name, Field      string
	Answers, AnswersName, Encoding string
	Resegment, OnError             string
	Story                          config.Story
}

// A TrainEntry is an entry of build.train: a file of questions, or a rule to make
// them of documents.
type TrainEntry struct {
	config.QuestionSource                        // without paths
	File                  *corpus.QuestionSource `json:",omitempty"`
}

// NewSettings takes from a configuration what workers need. The files that it
// names must be those of file systems that all workers see.
func NewSettings(c *config.Config) (Settings, error) {
	if len(c.Crawl.Sites) > 0 {
		return Settings{}, c.Errorf("crawl.sites", "pipeline-beam does not crawl; name the crawl's archives under segment.sources, with format warc, or its documents.jsonl, with format documents")
	}
	if !c.Embed.Init.IsZero() {
		return Settings{}, c.Errorf("embed.init", "words of other vectors cannot be added to the vocabulary here; leave it to 'pipeline embed'")
	}
	if c.Segment.KeepLeaks() {
		return Settings{}, c.Errorf("segment.leaks", "pipeline-beam removes leaks always")
	}
	if c.Segment.Learned {
		return Settings{}, c.Errorf("segment.learned", "a segmenter learns from all segmented text in one place, which pipeline-beam never has; leave it to 'pipeline segment'")
	}
	for i, entry := range c.Build.Train {
		if !entry.Match.Path.IsZero() {
			return Settings{}, c.Errorf(fmt.Sprintf("build.train[%d].match", i), "matching needs all questions at once, which pipeline-beam never has; leave it to 'pipeline build'")
		}
	}
	work := pipeline.NewTextWork(c)
	s := Settings{Segment: c.Segment.SegmentParams, Build: c.Build.BuildParams, Valid: work.Questions("valid"), MinCount: c.Embed.MinCount}
	s.Segment.Sources, s.Segment.UserDictionary = nil, config.Path{}
	s.Build.Train, s.Build.Valid = nil, nil
	if path := c.Segment.UserDictionary; !path.IsZero() {
		words, err := readUserDictionary(path.Resolved())
		if err != nil {
			return Settings{}, c.Errorf("segment.user_dictionary", "%v", err)
		}
		s.UserDictionary = words
	}
	var err error
	if s.Text, err = json.Marshal(work.Params()); err != nil {
		return Settings{}, err
	}
	for i, source := range work.Sources() {
		s.Sources = append(s.Sources, TextSource{
			source.Format, source.Path, source.Name, source.Field, source.Answers, source.AnswersName, source.Encoding,
			source.Resegment, source.OnError, c.Segment.Sources[i].Story,
		})
	}
	files := work.Questions("train")
	for _, entry := range c.Build.Train {
		e := TrainEntry{QuestionSource: entry}
		e.Path, e.Answers = config.Path{}, config.Path{}
		if !entry.FromDocuments() {
			e.File = &files[0]
			files = files[1:]
		}
		s.Train = append(s.Train, e)
	}
	return s, nil
}

// readUserDictionary gives the bytes of a file of further words, unpacked, since a
// worker has them under no name that could say how they are packed. The file is
// checked here, where it has the name that the user knows.
func readUserDictionary(path string) (words []byte, err error) {
	if err := corpus.CheckUserDictionary(path); err != nil {
		return nil, err
	}
	f, err := corpus.OpenFile(path, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(f)
}

// source is a source as a worker reads it.
func (s TextSource) source() corpus.Source {
	return corpus.Source{
		Format: s.Format, Path: s.Path, Name: s.Name, Field: s.Field, Answers: s.Answers, AnswersName: s.AnswersName,
		Encoding: s.Encoding, Resegment: s.Resegment, OnError: s.OnError, Pages: pipeline.StoryPages(s.Story), FS: fileSystem(s.Path),
	}
}

// A Base is embedded in the steps that need the settings, which are sent as JSON.
type Base struct {
	JSON     string
	settings Settings
	work     *work
}

func newBase(s Settings) (Base, error) {
	b, err := json.Marshal(s)
	return Base{JSON: string(b)}, err
}

// Setup makes a worker ready; Beam calls it.
func (b *Base) Setup(ctx context.Context) (err error) {
	if err := json.Unmarshal([]byte(b.JSON), &b.settings); err != nil {
		return err
	}
	b.work, err = b.settings.work(ctx)
	return err
}

// work is what the settings are made into on a worker: once in a process, since
// dictionary and leaks take a second and memory.
type work struct {
	text     pipeline.TextWork
	jieba    *corpus.Jieba
	leaks    *corpus.Leaks
	preparer *corpus.Preparer
}

var works sync.Map // JSON of settings -> *kept[*work]

func (s Settings) work(ctx context.Context) (*work, error) {
	key, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	made, _ := works.LoadOrStore(string(key), &kept[*work]{})
	return made.(*kept[*work]).get(func() (*work, error) { return s.newWork(ctx) })
}

func (s Settings) newWork(ctx context.Context) (*work, error) {
	w := &work{text: pipeline.NewTextWork(&config.Config{
		Segment: config.Segment{SegmentParams: s.Segment}, Build: config.Build{BuildParams: s.Build},
	})}
	var err error
	if w.jieba, err = s.newJieba(); err != nil {
		return nil, err
	}
	if w.leaks, err = s.newLeaks(ctx); err != nil {
		return nil, err
	}
	cleaner, err := w.text.DocumentCleaner()
	if err != nil {
		return nil, err
	}
	w.preparer, err = corpus.NewPreparer(corpus.PrepareOptions{
		Segmenter: w.jieba, Cleaner: cleaner, Splitter: corpus.Splitter{WholeQuotations: s.Segment.WholeQuotations},
		Leaks: w.leaks, Dedup: w.text.Dedup(), DropText: true, Threads: s.Threads,
	})
	return w, err
}

func (s Settings) newJieba() (*corpus.Jieba, error) {
	o := corpus.JiebaOptions{HMM: s.Segment.HMM}
	if len(s.UserDictionary) > 0 {
		f, err := os.CreateTemp("", "user-dictionary-*")
		if err != nil {
			return nil, err
		}
		defer os.Remove(f.Name())
		_, err = f.Write(s.UserDictionary)
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return nil, err
		}
		o.UserDictionary = f.Name()
	}
	return corpus.NewJieba(o)
}

// newLeaks reads the validation questions, on each worker for itself.
func (s Settings) newLeaks(ctx context.Context) (*corpus.Leaks, error) {
	if len(s.Valid) == 0 {
		return nil, nil
	}
	leaks, err := corpus.NewLeaks(s.Segment.LeakRun)
	if err != nil {
		return nil, err
	}
	for _, source := range s.Valid {
		source.FS = fileSystem(source.Path)
		for q, err := range source.Questions(ctx, pipeline.LeakQuestions()) {
			if err != nil {
				return nil, err
			}
			leaks.AddQuestion(q)
		}
	}
	return leaks, nil
}

// at is a path under the output.
func (s Settings) at(elements ...string) string {
	return strings.TrimSuffix(s.Output, "/") + "/" + strings.Join(elements, "/")
}

// part is the path of what is written of a unit.
func (s Settings) part(folder string, unit int64, extension string) string {
	return s.at(folder, partName(unit)+extension)
}

func partName(unit int64) string {
	return fmt.Sprintf("part-%08d-%012d", unit>>numberBits, unit&(1<<numberBits-1))
}
