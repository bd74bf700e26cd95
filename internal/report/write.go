package report

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"

	"gonum.org/v1/plot/plotter"

	"wakong/internal/wordplot"
	"wakong/model"
)

//go:embed page
var files embed.FS

var pageTemplate = template.Must(template.New("").Funcs(template.FuncMap{
	"t": both, "label": label, "size": size, "took": took, "n": grouped, "percent": percent, "of": of,
	"share":  func(v float64) string { return fmt.Sprintf("%.3f", v) },
	"width":  func(v float64) string { return fmt.Sprintf("%.1f%%", 100*min(max(v, 0), 1)) },
	"colour": func(i int) int { return i % seriesColours },
	"add":    func(a, b int) int { return a + b },
	"add64":  func(a, b int64) int64 { return a + b },
	"rank":   func(i int) template.HTML { return label(rankGroups[i].name) },
	"drawn":  drawn, "accuracyBy": accuracyBy, "indented": indented, "visible": visible, "sum": sum, "firstCases": firstCases,
}).ParseFS(files, "page/*.html"))

// view is what the template sees.
type view struct {
	Page
	Style     template.CSS
	Graph     graph
	Text      *textView
	Map       template.HTML
	Losses    template.HTML // of the vectors
	Training  trainingView
	Different *differentView
	Samples   []sampleView
}

// textView is the corpus with its charts.
type textView struct {
	*Corpus
	Middle, Longest int // words of a document
	Charts          []chart
}

type chart struct {
	Zh, En  string
	Picture template.HTML
}

type trainingView struct{ Charts []chart }

// HasCurrent tells whether the workspace's network is among the runs. Where only
// earlier results are left, none is.
func (v view) HasCurrent() bool {
	return slices.ContainsFunc(v.Runs, func(r Run) bool { return r.Current })
}

// differentView is the table of what the runs differ in.
type differentView struct {
	Runs []Run
	Keys []Setting
}

// sampleView is an answered question, shaded.
type sampleView struct {
	Answered
	Correct bool
	Rank    int // of the right word among those shown, 0 if it is not
	Pieces  []piece
}

// A piece is a run of words that have the same shading.
type piece struct {
	Text  string
	Kind  string // left, right, blank, or "" without shading
	Share float64
	Title string
}

// Write writes the page.
func Write(w io.Writer, p Page) error {
	style, err := files.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	v := view{Page: p, Style: template.CSS(style), Graph: newGraph(p.Stages)}
	err = errors.Join(v.drawCorpus(), v.drawVectors(), v.drawTraining())
	if err != nil {
		return err
	}
	if len(p.Settings) > 0 {
		v.Different = &differentView{p.Runs, p.Settings}
	}
	if p.Answers != nil {
		for _, a := range p.Answers.Wrong {
			v.Samples = append(v.Samples, newSample(a))
		}
		for _, a := range p.Answers.Right {
			v.Samples = append(v.Samples, newSample(a))
		}
	}
	// Whole or not at all.
	var out bytes.Buffer
	if err := pageTemplate.ExecuteTemplate(&out, "page.html", v); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

func (v *view) drawCorpus() (err error) {
	c := v.Corpus
	if c == nil {
		return nil
	}
	quantiles := c.lengths("documents").Quantiles // LengthShares are 0, ..., 0.5, ..., 1
	t := &textView{Corpus: c, Middle: quantiles[3], Longest: quantiles[6]}
	add := func(zh, en string, picture template.HTML, drawn error) {
		err = errors.Join(err, drawn)
		if picture != "" {
			t.Charts = append(t.Charts, chart{zh, en, picture})
		}
	}
	for _, h := range []struct{ of, zh, en string }{
		{"documents", "文档长度：横轴词数，纵轴篇数", "Length of documents: words across, documents upwards"},
		{"sentences", "句子长度：横轴词数，纵轴句数", "Length of sentences: words across, sentences upwards"},
		{"words", "词的长度：横轴字数，纵轴词次", "Length of words: characters across, occurrences upwards"},
	} {
		picture, drawn := histogram(h.en, c.lengths(h.of).Groups)
		add(h.zh+"；最后一条包括更长的。", h.en+"; the last bar has the longer ones too.", picture, drawn)
	}
	for _, l := range []struct {
		zh, en string
		points plotter.XYs
	}{
		{"词频：横轴名次，纵轴次数，均为对数", "Frequency of words: rank across, occurrences upwards, both logarithmic", c.frequencies()},
		{"词汇增长：横轴词数，纵轴不同的词，均为对数", "Growth of the vocabulary: words across, distinct words upwards, both logarithmic", c.growth()},
	} {
		picture, drawn := logChart(l.en, l.points)
		add(l.zh, l.en, picture, drawn)
	}
	v.Text = t
	return err
}

func (v *view) drawVectors() (err error) {
	if v.Vectors == nil {
		return nil
	}
	if len(v.Vectors.Map) > 0 {
		var picture bytes.Buffer
		if _, err := wordplot.Write(&picture, v.Vectors.Map, wordplot.Options{Width: 900, Height: 620}); err != nil {
			return err
		}
		v.Map = template.HTML(picture.String()) // escapes its words
	}
	var points plotter.XYs
	for _, l := range v.Vectors.Losses {
		points = append(points, plotter.XY{X: float64(l.Words), Y: l.Loss})
	}
	v.Losses, err = lineChart("Loss of the vectors: words trained on across, loss of a pair upwards", []curve{{0, points}})
	return err
}

func (v *view) drawTraining() (err error) {
	for _, c := range []struct {
		zh, en string
		value  func(Run, model.Metric) (float64, bool)
	}{
		{"损失：横轴步数，纵轴损失", "Loss: steps across, loss upwards", func(_ Run, m model.Metric) (float64, bool) { return m.Loss, true }},
		{"验证准确率：横轴步数，纵轴 %", "Validation accuracy: steps across, % upwards", func(r Run, m model.Metric) (float64, bool) { return 100 * m.Accuracy, r.Questions > 0 }},
		{"预测词的损失：横轴步数，纵轴损失", "Loss of predicting words: steps across, loss upwards", func(_ Run, m model.Metric) (float64, bool) { return m.WordLoss, m.WordLoss != 0 }},
		{"速度：横轴步数，纵轴每秒词数（含验证）", "Speed: steps across, words a second upwards, validation included", nil},
	} {
		var curves []curve
		for i, r := range v.Runs {
			line := curve{colour: i}
			if c.value == nil {
				for _, s := range r.Speed {
					line.points = append(line.points, plotter.XY{X: float64(s.Step), Y: s.Words})
				}
			}
			for _, m := range r.Metrics {
				if c.value == nil {
					break
				}
				if y, ok := c.value(r, m); ok {
					line.points = append(line.points, plotter.XY{X: float64(m.Step), Y: y})
				}
			}
			curves = append(curves, line)
		}
		picture, drawn := lineChart(c.en, curves)
		err = errors.Join(err, drawn)
		if picture != "" {
			v.Training.Charts = append(v.Training.Charts, chart{c.zh, c.en, picture})
		}
	}
	return err
}
