package lstm

import "math"

// reference is the layer written straight from the formulas of the package
// document, one sequence and one unit at a time: what the kernels are held
// against.
func reference(z Size, theta []float64, x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for t := range out {
		out[t] = make([]float64, 2*z.Units)
	}
	for d, w := range Split(z, theta) {
		h, c := make([]float64, z.Units), make([]float64, z.Units)
		for s := range x {
			t := s
			if d == 1 {
				t = len(x) - 1 - s
			}
			pre := func(gate, u int) float64 {
				j := gate*z.Units + u
				sum := w.Bias[j]
				for k, v := range x[t] {
					sum += w.Input[j*z.In+k] * v
				}
				for k, v := range h {
					sum += w.Recurrent[j*z.Units+k] * v
				}
				return sum
			}
			sigmoid := func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }
			nextH, nextC := make([]float64, z.Units), make([]float64, z.Units)
			for u := range nextH {
				nextC[u] = sigmoid(pre(1, u))*c[u] + sigmoid(pre(0, u))*math.Tanh(pre(2, u))
				nextH[u] = sigmoid(pre(3, u)) * math.Tanh(nextC[u])
				out[t][d*z.Units+u] = nextH[u]
			}
			h, c = nextH, nextC
		}
	}
	return out
}
