package curve

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"wakong/model"
)

func TestWrite(t *testing.T) {
	runs := []Run{
		{"one", []model.Metric{{Words: 1e6, Accuracy: 0.1, Loss: 3}, {Words: 2e6, Accuracy: 0.3, Loss: 2}}},
		{"other", []model.Metric{{Words: 1e6, Accuracy: 0.2, Loss: 2.5, ValidationLoss: 2.75}, {Words: 2e6, Accuracy: 0.25, Loss: 2.25, ValidationLoss: 2.5}}},
	}
	var a, b bytes.Buffer
	if err := errors.Join(Write(&a, runs), Write(&b, runs)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same runs give other bytes")
	}
	for _, text := range []string{"validation accuracy", "loss", "one", "other", "other, validation"} {
		if !strings.Contains(a.String(), text) {
			t.Errorf("the picture lacks %q", text)
		}
	}
	if strings.Contains(a.String(), "one, validation") {
		t.Error("a validation loss was drawn that was not measured")
	}
	for d := xml.NewDecoder(&a); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	var both bytes.Buffer
	unmeasured := Run{"unmeasured", []model.Metric{{Words: 1e6, Loss: 3}, {Words: 2e6, Loss: 2}}}
	if err := Write(&both, []Run{runs[0], unmeasured}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(both.String(), ">unmeasured<"); n != 1 {
		t.Errorf("a run without accuracy is named %d times, want with its loss alone", n)
	}
	// Without validation questions there is no accuracy, not one of 0.
	var loss bytes.Buffer
	if err := Write(&loss, []Run{{"unmeasured", []model.Metric{{Words: 1e6, Loss: 3}, {Words: 2e6, Loss: 2}}}}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(loss.String(), "accuracy") || !strings.Contains(loss.String(), "loss") {
		t.Errorf("the picture of a training without validation:\n%s", loss.String())
	}
	if err := Write(io.Discard, []Run{{Name: "none"}}); err == nil {
		t.Error("a run without metrics was drawn")
	}
}
