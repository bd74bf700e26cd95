package pipeline

import (
	"io"
	"iter"
	"os"

	"wakong/internal/ui"
)

// work shows the progress of what may take long and is no stage. f is given what
// to call with the units done and in all.
func work(r *ui.Reporter, name, unit string, f func(progress func(done, total int64)) error) error {
	t := r.StartAs(ui.TaskOptions{Unit: unit, Silent: true}, name, "")
	if err := f(t.Progress); err != nil {
		t.Stop(err)
		return err
	}
	t.Done("done in %s", t.Took())
	return nil
}

// work is the function of this name, whose progress the methods of p show too.
func (p *Pipeline) work(name, unit string, f func() error) error {
	p.task = p.ui.StartAs(ui.TaskOptions{Unit: unit, Silent: true}, name, "")
	defer func() { p.task = nil }()
	if err := f(); err != nil {
		p.task.Stop(err)
		return err
	}
	p.task.Done("done in %s", p.task.Took())
	return nil
}

// countedReader tells how much of a file is read.
type countedReader struct {
	io.Reader
	done, total, told int64
	progress          func(done, total int64)
}

// countReads reads f, telling about each hundredth of it.
func countReads(f *os.File, progress func(done, total int64)) io.Reader {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || progress == nil {
		return f // of a pipe nobody knows the end
	}
	return &countedReader{Reader: f, total: info.Size(), progress: progress}
}

func (r *countedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.done += int64(n)
	if r.done-r.told > r.total/100 || err == io.EOF && r.done > r.told {
		r.told = r.done
		r.progress(r.done, r.total)
	}
	return n, err
}

// counting tells how many values have passed, of which nobody knows how many
// come.
func counting[T any](values iter.Seq2[T, error], progress func(done, total int64)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		n := int64(0)
		for v, err := range values {
			if n++; n%256 == 0 {
				progress(n, 0)
			}
			if !yield(v, err) {
				return
			}
		}
	}
}
