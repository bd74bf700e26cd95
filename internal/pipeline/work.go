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

// readBytes counts what is read of several files together. A nil one counts
// nothing.
type readBytes struct {
	done, total, told int64
	progress          func(done, total int64)
}

// ofFiles counts the bytes of files, each once. Those whose size is not known, as
// that of a pipe, are not in the total until they are read.
func ofFiles(progress func(done, total int64), names ...string) *readBytes {
	b := &readBytes{progress: progress}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			b.total += info.Size()
		}
	}
	return b
}

// reader counts what is read from r.
func (b *readBytes) reader(r io.Reader) io.Reader {
	if b == nil {
		return r
	}
	return countedBytes{r, b}
}

// add tells about each hundredth.
func (b *readBytes) add(n int64) {
	b.done += n
	if b.total = max(b.total, b.done); b.done-b.told > b.total/100 {
		b.told = b.done
		b.progress(b.done, b.total)
	}
}

type countedBytes struct {
	io.Reader
	*readBytes
}

func (c countedBytes) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.add(int64(n))
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
