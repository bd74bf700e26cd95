package lstm

import "testing"

// TestNoRows: a linear map of no rows adds nothing, however wide it is.
func TestNoRows(t *testing.T) {
	l := Linear[float32]{In: 3*columnChunk + 1, Out: 5, Kernel: Portable, Threads: 2}
	theta, dtheta := make([]float32, l.Params()), make([]float32, l.Params())
	dtheta[7] = 2
	if err := l.Forward(theta, nil, nil, 0); err != nil {
		t.Error(err)
	}
	if err := l.Backward(theta, nil, nil, dtheta, []float32{}, 0); err != nil || dtheta[7] != 2 {
		t.Errorf("%v, %g", err, dtheta[7])
	}
	if err := l.Backward(theta, nil, nil, dtheta[1:], nil, 0); err == nil {
		t.Error("a gradient of another length was taken")
	}
}
