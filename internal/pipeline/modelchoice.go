package pipeline

import (
	"context"
	"errors"
	"fmt"

	"wakong/internal/config"
	"wakong/internal/modelfolder"
	"wakong/model/lstm"
)

// A ModelChoice says which network answers. The zero value is the one that the
// workspace's lock names.
type ModelChoice struct {
	// Folder that "export" has written, in place of the workspace.
	Folder string
	// Weights are a file in place of the network's own.
	Weights string
}

// chosen finds the files of the network. The workspace, where it is asked, is that
// of p, opened to be read where none is open yet.
func (p *Pipeline) chosen(ctx context.Context, o WorkspaceOptions, c ModelChoice) (f modelFiles, err error) {
	if c.Folder != "" {
		f, err = p.modelInFolder(ctx, c)
	} else {
		if p.workspace == nil {
			if p.workspace, err = openWorkspace(ctx, o, true); err != nil {
				return f, err
			}
		}
		if f, err = modelIn(p.workspace); err != nil {
			return f, noModel(o.Dir, err)
		}
	}
	if err == nil && c.Weights != "" {
		f.weights = c.Weights
	}
	return f, err
}

// modelInFolder are the files of the network in a folder, whose text is cut with
// the folder's dictionary.
func (p *Pipeline) modelInFolder(ctx context.Context, c ModelChoice) (f modelFiles, err error) {
	folder, err := modelfolder.Open(ctx, c.Folder)
	if err != nil {
		return f, fmt.Errorf("--model: %w", err)
	}
	if folder.Holds != ExportFolder && folder.Holds != ExportTorch {
		return f, fmt.Errorf("--model: %s holds an export of format %s; predict and serve take one of format %s", c.Folder, folder.Holds, ExportFolder)
	}
	if err := p.folderKernel(c.Folder, folder.Kernel); err != nil {
		return f, err
	}
	files := []struct {
		path     *string
		name     string
		optional bool
	}{
		{&f.card, modelFile, false}, {&f.text, textFile, false}, {&f.words, vocabularyFile, false},
		{&f.vectors, vectorsFile, true}, {&f.weights, weightsFile, true}, {&f.segmenter, segmenterFile, true},
	}
	for _, file := range files {
		path, err := folder.Path(file.name)
		if err != nil && !(file.optional && errors.Is(err, modelfolder.ErrNoFile)) {
			return f, fmt.Errorf("--model: %w", err)
		}
		*file.path = path
	}
	if f.weights == "" && c.Weights == "" {
		return f, fmt.Errorf("--model: %s holds no weights; --weights FILE names those that were trained from it", c.Folder)
	}
	p.config.Segment.UserDictionary = config.Path{}
	if path, err := folder.Path(dictionaryFile); err == nil {
		p.config.Segment.UserDictionary = config.NewPath(path, path)
	}
	return f, nil
}

// folderKernel takes the folder's kernel, unless the configuration names one.
func (p *Pipeline) folderKernel(dir, name string) error {
	kernel, err := lstm.ParseKernel(name)
	if err != nil {
		return fmt.Errorf("--model: %s/%s: %w", dir, modelfolder.ManifestFile, err)
	}
	if p.config.Train.Kernel != lstm.Auto.String() {
		return nil
	}
	if !kernel.Available() {
		p.ui.Warn("", "this processor does not run the kernel %s that %s names; the last digits of probabilities may differ", name, dir)
		return nil
	}
	p.config.Train.Kernel = name
	return nil
}
