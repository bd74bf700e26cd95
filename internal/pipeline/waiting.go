package pipeline

import (
	"context"
	"io"
)

// untilDone calls f, which may wait for another process for ever, and does not
// wait for it any longer than ctx. The call itself goes on then, in a program
// that is about to end.
func untilDone(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// untilDoneReader reads from r, whose Read may wait for ever, as long as ctx is
// not done. Close it; r itself is left to the end of the program, since its Read
// may still be waiting.
func untilDoneReader(ctx context.Context, r io.Reader) io.ReadCloser {
	in, out := io.Pipe()
	go func() {
		_, err := io.Copy(out, r)
		out.CloseWithError(err)
	}()
	stop := context.AfterFunc(ctx, func() { out.CloseWithError(ctx.Err()) })
	return pipeReader{in, stop}
}

type pipeReader struct {
	*io.PipeReader
	stop func() bool
}

func (r pipeReader) Close() error {
	r.stop()
	return r.PipeReader.Close()
}
