package pipeline

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"wakong/internal/ui"
)

// The demonstration with a network that learns nothing: everything but the
// accuracy is that of the real one.
func TestDemonstration(t *testing.T) {
	var out, messages bytes.Buffer
	p, err := Open(Options{
		Demonstration: true, Workspace: filepath.Join(t.TempDir(), "work"), Reporter: ui.New(ui.Options{Out: &out, Err: &messages}),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	p.config.Embed.Size, p.config.Embed.Epochs = 4, 1
	p.config.Train.Units, p.config.Train.Layers, p.config.Train.MaxSteps = 2, 1, 2
	if err := p.Run(t.Context(), RunOptions{}); err != nil {
		t.Fatalf("%v\n%s", err, messages.String())
	}
	text := out.String()
	if n := strings.Count(text, "____"); n != shownQuestions {
		t.Errorf("%d questions are shown, want %d:\n%s", n, shownQuestions, text)
	}
	for _, line := range []string{
		`(?m)^  any noun of the passage    +[0-9.]+ %$`,
		// As the tales' author checks with a count of his own.
		`(?m)^  the most frequent noun     +(1[5-9]|2[0-9]|3[0-5])\.[0-9] %$`,
		`(?m)^  the network                +[0-9.]+ %$`,
	} {
		if !regexp.MustCompile(line).MatchString(text) {
			t.Errorf("%s is not in\n%s", line, text)
		}
	}
	out.Reset()
	messages.Reset()
	if err := p.Run(t.Context(), RunOptions{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(messages.String(), "nothing changed") || out.String() != text {
		t.Errorf("the second run:\n%s%s", messages.String(), out.String())
	}
}
