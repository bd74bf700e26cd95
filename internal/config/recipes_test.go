package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRecipes: every recipe of the documentation is a valid configuration, says how it is
// run, and names questions to validate with, whose text is then trained on by none.
func TestRecipes(t *testing.T) {
	t.Setenv("WAKONG_DATA", t.TempDir())
	folder := filepath.Join("..", "..", "docs", "recipes")
	names, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no recipes in %s: %v", folder, err)
	}
	for _, name := range names {
		c, err := Load(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(c.Build.Valid) == 0 || len(c.Build.Train) == 0 || c.Segment.KeepLeaks() {
			t.Errorf("%s: trains with %d sources of questions, validates with %d, keeps what both have: %v", name, len(c.Build.Train), len(c.Build.Valid), c.Segment.KeepLeaks())
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if command := "#   pipeline run -c docs/recipes/" + filepath.Base(name) + " -w DIR\n"; !strings.Contains(string(text), command) {
			t.Errorf("%s lacks the line %q", name, command)
		}
	}
}
