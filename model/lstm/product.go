package lstm

// A Product multiplies small matrices, with the scratch that this needs. It
// serves one goroutine at a time; a [Product.Times] may be shared.
type Product[T Float] struct {
	Kernel   Kernel
	depth, n int
	packed   []T
}

// Right sets the right operand to b [depth, n].
func (p *Product[T]) Right(depth, n int, b []T) {
	p.depth, p.n = depth, n
	p.packed = resize(p.packed, packedLen[T](p.Kernel, depth, n))
	pack(p.Kernel, depth, n, b, n, 1, p.packed)
}

// RightTransposed sets the right operand to the transpose of b [n, depth].
func (p *Product[T]) RightTransposed(n, depth int, b []T) {
	p.depth, p.n = depth, n
	p.packed = resize(p.packed, packedLen[T](p.Kernel, depth, n))
	pack(p.Kernel, depth, n, b, 1, depth, p.packed)
}

// Times computes c [m, n] = a [m, depth] times the right operand. Several
// goroutines may call it at once.
func (p *Product[T]) Times(m int, a, c []T) {
	gemm(p.Kernel, m, p.n, p.depth, a, p.depth, p.packed, c, p.n, nil, false)
}

// TransposedTimes adds the columns from..to of a [count, m], transposed, times
// b [count, n] to the rows from..to of c [m, n].
func (p *Product[T]) TransposedTimes(m, from, to, n, count int, a, b, c []T) {
	p.packed = resize(p.packed, scratchLen[T](p.Kernel, n))
	gemmTN(p.Kernel, to-from, n, count, a[from:], m, b, n, nil, c[from*n:], n, p.packed)
}
