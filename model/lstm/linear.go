package lstm

import "fmt"

// A Linear is an affine map of rows, y = x W^T + b, with the buffers that its
// passes need. It serves one goroutine at a time.
type Linear[T Float] struct {
	In, Out int
	Kernel  Kernel
	Threads int // no influence on results

	packed, packedBack []T
	work               [][]T
}

// Params is the length of the map's parameter vector: W [Out, In], then b [Out].
func (l *Linear[T]) Params() int { return l.Out * (l.In + 1) }

func (l *Linear[T]) check(theta, x, y []T, rows int) error {
	if len(theta) != l.Params() || len(x) < rows*l.In || len(y) < rows*l.Out {
		return fmt.Errorf("lstm: a linear map from %d to %d got %d parameters, %d inputs and %d outputs for %d rows", l.In, l.Out, len(theta), len(x), len(y), rows)
	}
	return nil
}

// Forward computes y [rows, Out] of x [rows, In]. There may be no rows.
func (l *Linear[T]) Forward(theta, x, y []T, rows int) error {
	if err := l.check(theta, x, y, rows); err != nil || rows == 0 {
		return err
	}
	l.packed = resize(l.packed, packedLen[T](l.Kernel, l.In, l.Out))
	pack(l.Kernel, l.In, l.Out, theta, 1, l.In, l.packed)
	bias := theta[l.Out*l.In:]
	parallel(l.Threads, chunks(rows), func(i int) {
		from, to := chunk(i, rows)
		gemm(l.Kernel, to-from, l.Out, l.In, x[from*l.In:], l.In, l.packed, y[from*l.Out:], l.Out, bias, false)
	})
	return nil
}

// Backward takes the gradient dy [rows, Out] of the outputs for the inputs x
// and adds the parameters' gradient to dtheta. Where dx [rows, In] is not nil it
// receives the inputs' gradient; it must share no memory with the others. No rows add nothing.
func (l *Linear[T]) Backward(theta, x, dy, dtheta, dx []T, rows int) error {
	if err := l.check(theta, x, dy, rows); err != nil {
		return err
	}
	if len(dtheta) != len(theta) || (dx != nil && len(dx) < rows*l.In) {
		return fmt.Errorf("lstm: a linear map's gradients have %d and %d elements", len(dtheta), len(dx))
	}
	if rows == 0 {
		return nil // there is no column to begin at
	}
	weightTasks, rowTasks := columns(l.In), 0
	l.work = resize(l.work, weightTasks)
	for i := range l.work {
		l.work[i] = resize(l.work[i], scratchLen[T](l.Kernel, columnChunk))
	}
	if dx != nil {
		rowTasks = chunks(rows)
		l.packedBack = resize(l.packedBack, packedLen[T](l.Kernel, l.Out, l.In))
		pack(l.Kernel, l.Out, l.In, theta, l.In, 1, l.packedBack)
	}
	parallel(l.Threads, weightTasks+rowTasks, func(i int) {
		if i >= weightTasks {
			from, to := chunk(i-weightTasks, rows)
			gemm(l.Kernel, to-from, l.In, l.Out, dy[from*l.Out:], l.Out, l.packedBack, dx[from*l.In:], l.In, nil, false)
			return
		}
		from, to := i*columnChunk, min((i+1)*columnChunk, l.In)
		gemmTN(l.Kernel, l.Out, to-from, rows, dy, l.Out, x[from:], l.In, nil, dtheta[from:l.Out*l.In], l.In, l.work[i])
		if i == 0 {
			columnSum(l.Kernel, rows, l.Out, dy, l.Out, dtheta[l.Out*l.In:])
		}
	})
	return nil
}
