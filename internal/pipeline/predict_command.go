package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"wakong/internal/config"
	"wakong/internal/demo"
	"wakong/internal/stage"
)

// PredictOptions are for PredictWith.
type PredictOptions struct {
	// Params say what to answer and how.
	Params config.PredictParams
	// Config has the sections predict and train; of the latter only the kernel
	// is used.
	Config *config.Config
	// Demonstration answers the built-in questions.
	Demonstration bool
	// Stdin is what the input "-" stands for.
	Stdin io.Reader
	// Output is a file, or "-" for the standard output.
	Output string
	// Model that answers.
	Model ModelChoice
}

// PredictWith answers questions with the network that the workspace's lock names,
// or another one. It reads no source of text and runs no other stage. Where network
// and input are those of workspace and configuration the result is kept in the
// workspace, as "run" keeps it.
func PredictWith(ctx context.Context, o WorkspaceOptions, po PredictOptions) error {
	p := &Pipeline{config: po.Config, ui: o.Reporter, demonstration: po.Demonstration}
	defer p.Close()
	if po.Demonstration {
		if err := p.useDemonstration(); err != nil {
			return err
		}
		// Flags have changed the defaults that the parameters were made of.
		input := p.config.Predict.Input
		if po.Params == config.Default().Predict.PredictParams {
			po.Params = p.config.Predict.PredictParams
		}
		po.Params.Input = input
	}
	if po.Params.Input.IsZero() {
		return fmt.Errorf("%w: no questions: give --input FILE, or predict.input in the configuration", ErrUsage)
	}
	if sameFile(po.Params.Input.Resolved(), po.Output) {
		return fmt.Errorf("%w: the output %s is the input too; choose another file", ErrUsage, po.Output)
	}
	var out bytes.Buffer
	kept := po.Params == p.config.Predict.PredictParams && po.Model == ModelChoice{} && stage.Exists(o.Dir)
	if kept {
		w, err := openWorkspace(ctx, o, false)
		if err != nil {
			return err
		}
		p.workspace = w
		if kept, err = p.predictKept(ctx, &out); err != nil {
			return err
		}
	}
	if !kept {
		if err := p.predictOnce(ctx, o, po, &out); err != nil {
			return err
		}
	}
	if po.Output == standardStream || po.Output == "" {
		_, err := p.ui.Out().Write(out.Bytes())
		return err
	}
	return WriteFile(ctx, po.Output, out.Bytes())
}

// predictOnce answers without keeping the result.
func (p *Pipeline) predictOnce(ctx context.Context, o WorkspaceOptions, po PredictOptions, out io.Writer) error {
	f, err := p.chosen(ctx, o, po.Model)
	if err != nil {
		return err
	}
	return p.work(Predict, units[Predict], func() error { return p.predict(ctx, f, po.Params, po.Stdin, out) })
}

// predictKept runs the stage predict on the network that the lock names, all
// stages before it standing as the lock has them. It reports false where the
// lock does not hold together any more, as after a new "embed" without "train".
func (p *Pipeline) predictKept(ctx context.Context, out io.Writer) (bool, error) {
	stages, ok := frozen(p.workspace.Lock())
	if !ok {
		return false, nil
	}
	status, err := p.workspace.Status(ctx, stages)
	if err != nil {
		return false, err
	}
	for _, s := range status {
		if s.State != stage.Fresh {
			return false, nil
		}
	}
	// The lock says what belongs to the network, whatever the configuration has now.
	_, learned := p.workspace.Lock().Stages[Train].Needs[Segment]
	stages = append(stages, p.predictStage(learned))
	if err := p.probe(ctx, map[string]bool{Predict: true}); err != nil {
		return true, err
	}
	if _, err := p.workspace.Execute(ctx, stages, stage.ExecOptions{Target: Predict, OnEvent: p.event}); err != nil {
		return true, err
	}
	path, err := p.workspace.File(Predict, predictionsFile(p.config.Predict.Format))
	if err != nil {
		return true, err
	}
	return true, open(path, func(in io.Reader) error {
		_, err := io.Copy(out, in)
		return err
	})
}

// frozen are the stages up to train as the lock names them, with nothing to run
// and hashes in place of files. False where there is no trained network.
func frozen(l *stage.Lock) ([]stage.Stage, bool) {
	var out []stage.Stage
	add := map[string]bool{Train: true}
	names := StageNames()
	slices.Reverse(names)
	for _, name := range names {
		if !add[name] {
			continue
		}
		record, ok := l.Stages[name]
		if !ok {
			return nil, false
		}
		for need := range record.Needs {
			add[need] = true
		}
		out = append(out, frozenStage(name, record))
	}
	slices.Reverse(out)
	return out, true
}

// recorded are all stages that the lock names, frozen.
func recorded(l *stage.Lock) (out []stage.Stage) {
	for _, name := range StageNames() {
		if record, ok := l.Stages[name]; ok {
			s := frozenStage(name, record)
			// What was read of a stage that the lock no longer names cannot be
			// compared.
			s.Needs = slices.DeleteFunc(s.Needs, func(n stage.Need) bool { _, ok := l.Stages[n.Stage]; return !ok })
			out = append(out, s)
		}
	}
	return out
}

// frozenStage is a stage as a record has it.
func frozenStage(name string, record stage.Record) stage.Stage {
	s := stage.Stage{Name: name, Version: record.Version, Params: record.Params, Environment: record.Environment}
	for input, sum := range record.Inputs {
		s.Inputs = append(s.Inputs, stage.Input{Name: input, SHA256: sum})
	}
	for _, need := range slices.Sorted(maps.Keys(record.Needs)) {
		n := stage.Need{Stage: need}
		for file := range record.Needs[need].Files {
			n.Files = append(n.Files, file)
		}
		s.Needs = append(s.Needs, n)
	}
	return s
}

// modelIn are the files of the network that the lock names.
func modelIn(w *stage.Workspace) (f modelFiles, err error) {
	for _, file := range []struct {
		path *string
		name string
	}{{&f.card, modelFile}, {&f.weights, weightsFile}, {&f.text, textFile}} {
		if *file.path, err = w.File(Train, file.name); err != nil {
			return f, err
		}
	}
	for _, file := range []struct {
		path *string
		name string
	}{{&f.words, vocabularyFile}, {&f.vectors, vectorsFile}} {
		if *file.path, err = w.FileNeeded(Train, Embed, file.name); err != nil {
			return f, err
		}
	}
	// Only questions of text need it: without it they are refused when they come.
	if path, err := w.FileNeeded(Train, Segment, segmenterFile); err == nil {
		f.segmenter = path
	}
	return f, nil
}

// noModel names the command that makes what is missing.
func noModel(dir string, err error) error {
	if errors.Is(err, stage.ErrNotRun) {
		return fmt.Errorf("%w; 'pipeline train -w %s' makes the network", err, dir)
	}
	return err
}

// useDemonstration takes the demonstration's configuration.
func (p *Pipeline) useDemonstration() error {
	dir, err := os.MkdirTemp("", "wakong-demonstration-")
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	p.temporary = dir
	p.config, err = demo.Config(dir)
	return err
}
