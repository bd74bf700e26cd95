package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"

	"wakong/corpus"
	"wakong/internal/config"
	"wakong/internal/ui"
	"wakong/model"
)

// EvaluateOptions say what is compared.
type EvaluateOptions struct {
	Predictions, Answers string // files
	Questions            string // file of the questions, for scores by what they are like; "": without
	JSON                 bool
	Reporter             *ui.Reporter
}

// Evaluate compares a file of predictions with one of answers and prints the
// score.
func Evaluate(ctx context.Context, o EvaluateOptions) error {
	var result struct {
		model.Evaluation
		Breakdown []breakdown `json:"breakdown,omitempty"`
	}
	if err := work(o.Reporter, "evaluate", "bytes", func(progress func(done, total int64)) error {
		count := ofFiles(progress, o.Predictions, o.Answers, o.Questions)
		predicted, err := readPredictions(ctx, o.Predictions, count)
		if err != nil {
			return err
		}
		answers, err := readAnswers(ctx, o.Answers, count)
		if err != nil {
			return err
		}
		right := labeled(answers)
		if result.Evaluation, err = model.Evaluate(predicted, right); err != nil || o.Questions == "" {
			return err
		}
		p := &Pipeline{config: config.Default(), ui: o.Reporter}
		result.Breakdown, err = p.breakDown(ctx, o.Questions, predicted, right, count)
		return err
	}); err != nil {
		return err
	}
	if o.JSON {
		return json.NewEncoder(o.Reporter.Out()).Encode(result)
	}
	o.Reporter.Printf("%d of %d correct: accuracy %.4f (%.2f %%)\n", result.Correct, result.Questions, result.Accuracy, 100*result.Accuracy)
	return writeBreakdown(o.Reporter.Out(), result.Breakdown)
}

// readPredictions reads what predict writes, in either format. An empty file has
// answered nothing, and nothing rightly.
func readPredictions(ctx context.Context, name string, count *readBytes) (out []model.Labeled, err error) {
	err = openFile(ctx, name, func(in io.Reader) error {
		buffered := bufio.NewReader(count.reader(in))
		first, err := firstByte(buffered)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if first == '{' {
			out, err = jsonPredictions(buffered, name)
			return err
		}
		a, err := corpus.ReadAnswers(buffered, name)
		if err == nil {
			out = labeled(a)
		}
		return err
	})
	return out, err
}

// firstByte looks at the first byte that is no white space, without taking what
// is before it: lines must be counted.
func firstByte(in *bufio.Reader) (byte, error) {
	for n := 1; ; n++ {
		start, err := in.Peek(n)
		if len(start) == n {
			if c := start[n-1]; !strings.ContainsRune(" \t\r\n", rune(c)) {
				return c, nil
			}
			continue
		}
		if err == bufio.ErrBufferFull {
			return 0, nil // somewhere behind a page of white space
		}
		return 0, err
	}
}

// jsonPredictions reads the lines of "predict --format jsonl".
func jsonPredictions(in io.Reader, name string) (out []model.Labeled, err error) {
	err = eachPrediction(in, name, func(line int, p model.Prediction) error {
		word := ""
		if len(p.Answers) > 0 {
			word = p.Answers[0].Word
		}
		out = append(out, model.Labeled{ID: "<" + p.ID + ">", Word: word, File: name, Line: line})
		return nil
	})
	return out, err
}

// eachPrediction gives the predictions of a file of JSON Lines with their lines.
func eachPrediction(in io.Reader, name string, use func(line int, p model.Prediction) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	n := 0
	for lines.Scan() {
		n++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var prediction model.Prediction
		if err := json.Unmarshal(lines.Bytes(), &prediction); err != nil {
			return &corpus.InputError{File: name, Line: n, Found: "no prediction", Want: `{"id","answers"}`, Err: err}
		}
		if err := use(n, prediction); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return &corpus.InputError{File: name, Line: n + 1, Err: err}
	}
	return nil
}

// openFile is open for a file that a user has named, which may be a named pipe: it is
// waited for as long as ctx is not done.
func openFile(ctx context.Context, name string, read func(io.Reader) error) error {
	f, err := openStream(ctx, name, name, true)
	if err != nil {
		return err
	}
	defer f.Close()
	return read(bufio.NewReaderSize(f, 1<<18))
}

func readAnswers(ctx context.Context, name string, count *readBytes) (a *corpus.Answers, err error) {
	err = openFile(ctx, name, func(in io.Reader) error {
		a, err = corpus.ReadAnswers(count.reader(in), name)
		return err
	})
	return a, err
}

// labeled gives the answers their places in the file, for messages.
func labeled(a *corpus.Answers) []model.Labeled {
	var out []model.Labeled
	for id, word := range a.All() {
		out = append(out, model.Labeled{ID: "<" + id + ">", Word: word, File: a.Name(), Line: a.Line(id)})
	}
	return out
}
