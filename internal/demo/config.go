package demo

import (
	_ "embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"wakong/internal/config"
	data "wakong/testdata/demo"
)

//go:embed demo.yaml
var parameters []byte

// The names of the questions and their answers.
const (
	Questions = "questions.doc_query"
	Answers   = "questions.answer"
)

// Config is the demonstration's configuration. The questions are written into
// dir, a folder of the caller's, since stages read files.
func Config(dir string) (*config.Config, error) {
	for _, name := range []string{Questions, Answers} {
		content, err := fs.ReadFile(data.FS, name)
		if err != nil {
			return nil, fmt.Errorf("demonstration: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return nil, fmt.Errorf("demonstration: writing the questions: %w", err)
		}
	}
	c, err := config.Parse("demonstration", parameters, dir, os.LookupEnv)
	if err != nil {
		return nil, fmt.Errorf("demonstration: %w", err)
	}
	return c, nil
}
