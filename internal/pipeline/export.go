package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wakong/internal/config"
	"wakong/internal/modelfolder"
	"wakong/internal/stage"
	"wakong/model"
)

// The formats of "export".
const (
	ExportFolder      = "folder"
	ExportSafetensors = "safetensors"
	ExportONNX        = "onnx"
	ExportTorch       = "torch"
)

// ExportFormats lists them.
func ExportFormats() []string {
	return []string{ExportFolder, ExportSafetensors, ExportONNX, ExportTorch}
}

// ExportOptions are for Export.
type ExportOptions struct {
	// Format is one of ExportFormats.
	Format string
	// Output is the folder that is made; it must not exist or be empty.
	Output string
	// Weights are a file in place of the network's own.
	Weights string
	// Config has the sections train and segment.user_dictionary, and where the
	// whole file could be read the sources with their licences.
	Config *config.Config
	// Demonstration takes the built-in configuration.
	Demonstration bool
	// Program is the version that goes into the manifest.
	Program string
}

// Export writes the network that the workspace's lock names, or what another
// program needs to train it, into a folder. It reads no source of text and runs no
// stage.
func Export(ctx context.Context, o WorkspaceOptions, eo ExportOptions) error {
	if !slices.Contains(ExportFormats(), eo.Format) {
		return fmt.Errorf("%w: found format %q, expected one of %s", ErrUsage, eo.Format, strings.Join(ExportFormats(), ", "))
	}
	if eo.Weights != "" && eo.Format == ExportTorch {
		return fmt.Errorf("%w: format %s holds no weights; train_torch.py --start takes those to go on from", ErrUsage, ExportTorch)
	}
	p := &Pipeline{config: eo.Config, ui: o.Reporter, demonstration: eo.Demonstration, place: o}
	defer p.Close()
	if eo.Demonstration {
		if err := p.useDemonstration(); err != nil {
			return err
		}
	}
	if err := o.exists(); err != nil {
		return err
	}
	if err := p.open(ctx, true); err != nil {
		return err
	}
	e := &exporter{Pipeline: p, options: eo}
	manifest := modelfolder.Manifest{Holds: eo.Format, Program: eo.Program, Kernel: p.config.Train.Kernel}
	prepare := e.prepareModel
	if eo.Format == ExportTorch {
		prepare = e.prepareBatches
	}
	if err := prepare(); err != nil {
		return err
	}
	if e.answerer != nil {
		defer e.answerer.close()
	}
	err := work(p.ui, "export", "bytes", func(progress func(done, total int64)) error {
		e.count = e.bytes(progress)
		return modelfolder.Create(ctx, eo.Output, manifest, func(folder string) error {
			e.folder = folder
			return e.write(ctx)
		})
	})
	if err != nil {
		return err
	}
	p.ui.Info("", "wrote %s, format %s: %s", eo.Output, eo.Format, strings.Join(e.written, ", "))
	return nil
}

// An exporter writes one folder.
type exporter struct {
	*Pipeline
	options  ExportOptions
	root     string    // the stage whose result is exported
	card     modelCard // of the network
	text     textParams
	answerer *answerer           // the network; nil without weights
	copied   map[string]artifact // files of results by their names in the folder
	batches  map[string]artifact // files of examples by the names of their tensors
	count    *readBytes          // of the files that are read
	folder   string
	written  []string
}

// bytes counts what is copied and turned into tensors.
func (e *exporter) bytes(progress func(done, total int64)) *readBytes {
	var names []string
	for _, files := range []map[string]artifact{e.copied, e.batches} {
		for _, a := range files {
			names = append(names, a.path)
		}
	}
	return ofFiles(progress, names...)
}

// An artifact is a file of a result with the hash that the lock has of it.
type artifact struct{ path, sha256 string }

// of finds a file of a stage's result.
func (e *exporter) of(name, file string) (artifact, error) {
	path, err := e.workspace.File(name, file)
	if err != nil {
		return artifact{}, err
	}
	return artifact{path, e.workspace.Lock().Stages[name].Files[file].SHA256}, nil
}

// neededBy finds a file of a stage's result as another stage has read it.
func (e *exporter) neededBy(name, needed, file string) (artifact, error) {
	path, err := e.workspace.FileNeeded(name, needed, file)
	if err != nil {
		return artifact{}, err
	}
	return artifact{path, e.workspace.Lock().Stages[name].Needs[needed].Files[file]}, nil
}

// prepareModel finds the trained network and loads it: what cannot be loaded is
// not exported.
func (e *exporter) prepareModel() error {
	e.root = Train
	f, err := modelIn(e.workspace)
	if err != nil {
		return noModel(e.place.Dir, err)
	}
	if e.options.Weights != "" {
		f.weights = e.options.Weights
	}
	kernel, err := e.kernel()
	if err != nil {
		return err
	}
	if e.answerer, err = loadAnswerer(f, kernel, e.config.Predict.Threads); err != nil {
		return err
	}
	e.text = e.answerer.text
	if err := readJSON(f.card, &e.card); err != nil {
		return errors.Join(err, e.answerer.close())
	}
	if e.options.Weights != "" {
		// What is known of the lock's weights is not true of these.
		e.card.Steps, e.card.BestStep, e.card.Questions, e.card.Accuracy = 0, 0, 0, nil
	}
	err = e.findModelFiles()
	if err != nil {
		return errors.Join(err, e.answerer.close())
	}
	return nil
}

func (e *exporter) findModelFiles() error {
	text, err := e.of(Train, textFile)
	if err != nil {
		return err
	}
	words, err := e.neededBy(Train, Embed, vocabularyFile)
	if err != nil {
		return err
	}
	e.copied = map[string]artifact{textFile: text, vocabularyFile: words}
	if e.options.Format != ExportFolder {
		return nil
	}
	if e.options.Weights == "" {
		if e.copied[weightsFile], err = e.of(Train, weightsFile); err != nil {
			return err
		}
	}
	if e.card.Network == pointerNetwork {
		if e.copied[vectorsFile], err = e.neededBy(Train, Embed, vectorsFile); err != nil {
			return err
		}
	}
	return e.findSegmentation(Train)
}

// findSegmentation adds what text was cut with that a stage has read: a segmenter that
// has learned, and a user dictionary.
func (e *exporter) findSegmentation(stage string) (err error) {
	if e.text.Learned {
		if e.copied[segmenterFile], err = e.neededBy(stage, Segment, segmenterFile); err != nil {
			return err
		}
	}
	return e.findDictionary()
}

// findDictionary adds the user dictionary that the network's text was cut with.
func (e *exporter) findDictionary() error {
	if e.text.UserDictionary == "" {
		return nil
	}
	if err := e.sameDictionary(e.text); err != nil {
		return err
	}
	e.copied[dictionaryFile] = artifact{e.config.Segment.UserDictionary.Resolved(), e.text.UserDictionary}
	return nil
}

// write fills the folder.
func (e *exporter) write(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(e.copied)) {
		if err := e.copy(ctx, name, e.copied[name]); err != nil {
			return err
		}
	}
	if err := e.json(modelFile, e.card); err != nil {
		return err
	}
	write := map[string]func() error{
		ExportFolder: e.writeWeights, ExportSafetensors: e.writeWeights, ExportONNX: e.writeONNX,
		ExportTorch: func() error { return e.writeBatches(ctx) },
	}
	if err := write[e.options.Format](); err != nil {
		return err
	}
	if err := e.writeLock(); err != nil {
		return err
	}
	card, err := e.modelCard(ctx)
	if err != nil {
		return err
	}
	return e.file(cardFile, func(w io.Writer) error {
		_, err := w.Write(card)
		return err
	})
}

// file writes a file of the folder.
func (e *exporter) file(name string, write func(io.Writer) error) error {
	e.written = append(e.written, name)
	return create(e.folder, name, write)
}

func (e *exporter) json(name string, v any) error {
	e.written = append(e.written, name)
	return writeJSON(e.folder, name, v)
}

// copy copies a file of a result and refuses one that is not what was written.
func (e *exporter) copy(ctx context.Context, name string, from artifact) error {
	in, err := os.Open(from.path)
	if err != nil {
		return err
	}
	defer in.Close()
	source := untilDoneReader(ctx, e.count.reader(in))
	defer source.Close()
	if err := e.file(name, func(w io.Writer) error {
		_, err := io.Copy(w, source)
		return err
	}); err != nil {
		return err
	}
	got, err := modelfolder.Sum(ctx, filepath.Join(e.folder, name))
	if err == nil && got.SHA256 != from.sha256 {
		err = fmt.Errorf("%s: found sha256 %s, expected %s; 'pipeline verify --repair' moves a damaged result aside", from.path, got.SHA256, from.sha256)
	}
	return err
}

// writeWeights writes the network's weights; in the format for other programs with
// the word vectors, which are constants of the network pointer.
func (e *exporter) writeWeights() error {
	if _, done := e.copied[weightsFile]; done {
		return nil
	}
	weights := e.answerer.network.Weights()
	var metadata map[string]string
	if e.options.Format == ExportSafetensors {
		if _, own := weights["vectors"]; !own {
			v := e.answerer.vectors
			weights["vectors"] = model.Tensor{Shape: []int{v.Vocabulary.Len(), v.Size}, Data: v.Data}
		}
		metadata = e.metadata()
		metadata["format"] = "pt" // what the libraries of others look for
	}
	return e.file(weightsFile, func(w io.Writer) error { return model.WriteWeights(w, weights, metadata) })
}

func (e *exporter) metadata() map[string]string {
	return map[string]string{"network": e.card.Network, "vocabulary_sha256": e.copied[vocabularyFile].sha256}
}

// writeLock writes the part of the lock that the export comes from, where its
// results still go together.
func (e *exporter) writeLock() error {
	lock, err := e.workspace.Lock().Extract(slices.Sorted(maps.Keys(e.madeFrom(e.root))))
	if err != nil {
		e.ui.Warn("", "without %s: %v", stage.LockFile, err)
		return nil
	}
	data, err := lock.Encode()
	if err != nil {
		return err
	}
	return e.file(stage.LockFile, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
