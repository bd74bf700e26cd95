package pipeline

import (
	"context"
	"errors"
	"os"

	"wakong/corpus"
	"wakong/internal/config"
	"wakong/internal/stage"
	"wakong/internal/ui"
)

// The names of the stages.
const (
	Crawl   = "crawl"
	Segment = "segment"
	Embed   = "embed"
	Build   = "build"
	Train   = "train"
	Predict = "predict"
)

// StageNames lists the stages in their order.
func StageNames() []string { return []string{Crawl, Segment, Embed, Build, Train, Predict} }

// ErrUsage marks errors that lie in how the program was called.
var ErrUsage = errors.New("wrong usage")

// Options of a Pipeline.
type Options struct {
	// Config says what to do. Not used with Demonstration.
	Config *config.Config
	// Demonstration takes the built-in tales and questions.
	Demonstration bool
	// Workspace is the folder of the results.
	Workspace string
	// NoWait gives up where another process holds the workspace.
	NoWait bool
	// Reporter is told what happens.
	Reporter *ui.Reporter
}

// Pipeline is a configuration together with a workspace. Close it.
type Pipeline struct {
	config        *config.Config
	demonstration bool
	workspace     *stage.Workspace
	ui            *ui.Reporter
	task          *ui.Task // progress of the stage that runs
	temporary     string   // folder of the demonstration's questions
	place         WorkspaceOptions
	segmenters    map[bool]*corpus.Jieba
	archives      [][]string // from which to crawl; nil is the network
	times         []stageTime
	offline       bool // a crawl asks no one
}

// Open makes a pipeline. The workspace is opened by what needs it, so that a
// command that finds nothing to do leaves none behind.
func Open(o Options) (*Pipeline, error) {
	p := &Pipeline{
		config: o.Config, demonstration: o.Demonstration, ui: o.Reporter,
	}
	if p.ui == nil {
		p.ui = ui.New(ui.Options{})
	}
	if p.config == nil {
		p.config = config.Default()
	}
	if o.Demonstration {
		if err := p.useDemonstration(); err != nil {
			return nil, errors.Join(err, p.Close())
		}
	}
	p.place = WorkspaceOptions{Dir: o.Workspace, NoWait: o.NoWait, Reporter: p.ui}
	return p, nil
}

// open opens the workspace. To write to it, it waits for another process that
// does.
func (p *Pipeline) open(ctx context.Context, readOnly bool) (err error) {
	if p.workspace != nil {
		if err := p.workspace.Close(); err != nil {
			return err
		}
	}
	p.workspace, err = openWorkspace(ctx, p.place, readOnly)
	return err
}

// Close gives the workspace back.
func (p *Pipeline) Close() error {
	var err error
	if p.workspace != nil {
		err = p.workspace.Close()
	}
	if p.temporary != "" {
		err = errors.Join(err, os.RemoveAll(p.temporary))
	}
	return err
}

// loss is shown beside the progress.
func (p *Pipeline) loss(loss float64) {
	if p.task != nil {
		p.task.Loss(loss)
	}
}

// count says what progress counts from now on.
func (p *Pipeline) count(unit string) {
	if p.task != nil {
		p.task.Unit(unit)
	}
}

// progress is the callback that the libraries get.
func (p *Pipeline) progress(done, total int64) {
	if p.task != nil {
		p.task.Progress(done, total)
	}
}
