package lstm

// #include "kernel.h"
import "C"

import (
	"fmt"
	"unsafe"
)

// depth is that of gemmTN's scratch.
const depth = C.LSTM_DEEP

// code is the kernel's number in C for elements of type T: double precision
// has a kernel of its own, whatever k says.
func code[T Float](k Kernel) C.int {
	if unsafe.Sizeof(T(0)) == 8 {
		return C.LSTM_DOUBLE
	}
	return C.int(k)
}

// C cannot see how long a slice is: every function below checks that before
// the call. A failed check is a mistake of this package, not of its user,
// whose input has been refused before; hence a panic.
func need(what string, have, want int) {
	if have < want {
		panic(fmt.Sprintf("lstm: %s has %d elements, the kernel touches %d", what, have, want))
	}
}

func ptr[E any](s []E) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }

func int32s(s []int32) *C.int32_t { return (*C.int32_t)(ptr(s)) }

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// extent is the number of elements that rows of width take at a stride of ld.
func extent(rows, width, ld int) int {
	if rows == 0 {
		return 0
	}
	if width > ld {
		panic(fmt.Sprintf("lstm: rows of %d elements at a stride of %d", width, ld))
	}
	return (rows-1)*ld + width
}

func packedLen[T Float](k Kernel, depth, n int) int {
	return int(C.lstm_packed_len(code[T](k), C.int64_t(depth), C.int64_t(n)))
}

// pack packs the right operand [depth, n] whose element (i, j) is b[i*rs+j*cs].
func pack[T Float](k Kernel, depth, n int, b []T, rs, cs int, out []T) {
	need("the operand to pack", len(b), (depth-1)*rs+(n-1)*cs+1)
	need("the packed operand", len(out), packedLen[T](k, depth, n))
	C.lstm_pack(code[T](k), C.int64_t(depth), C.int64_t(n), ptr(b), C.int64_t(rs), C.int64_t(cs), ptr(out))
}

// gemm computes c[m,n] = a[m,depth] packed, plus bias if given, or adds it to c.
func gemm[T Float](k Kernel, m, n, depth int, a []T, lda int, packed, c []T, ldc int, bias []T, accumulate bool) {
	need("A", len(a), extent(m, depth, lda))
	need("the packed operand", len(packed), packedLen[T](k, depth, n))
	need("C", len(c), extent(m, n, ldc))
	if bias != nil {
		need("the bias", len(bias), n)
	}
	C.lstm_gemm(code[T](k), C.int64_t(m), C.int64_t(n), C.int64_t(depth), ptr(a), C.int64_t(lda), 1, ptr(packed), ptr(c), C.int64_t(ldc), ptr(bias), flag(accumulate))
}

// scratchLen is the length of gemmTN's scratch for n columns.
func scratchLen[T Float](k Kernel, n int) int { return packedLen[T](k, depth, n) }

// gemmTN adds to c[m,n] the product of a [rows,m] transposed and the rows of
// b [.,n] that rows names (nil: the first count ones in order).
func gemmTN[T Float](k Kernel, m, n, count int, a []T, lda int, b []T, ldb int, rows []int32, c []T, ldc int, scratch []T) {
	need("A", len(a), extent(count, m, lda))
	if rows == nil {
		need("B", len(b), extent(count, n, ldb))
	} else {
		need("the row index", len(rows), count)
		top := -1
		for _, r := range rows[:count] {
			top = max(top, int(r))
		}
		need("B", len(b), extent(top+1, n, ldb))
	}
	need("C", len(c), extent(m, n, ldc))
	need("the scratch", len(scratch), scratchLen[T](k, n))
	C.lstm_gemm_tn(code[T](k), C.int64_t(m), C.int64_t(n), C.int64_t(count), ptr(a), C.int64_t(lda), ptr(b), C.int64_t(ldb), int32s(rows), ptr(c), C.int64_t(ldc), ptr(scratch))
}

// checkShard makes sure that every row of the shard lies within rows.
func checkShard(s *shard, rows int) {
	need("the steps' offsets", len(s.offset), len(s.active))
	for t, n := range s.active {
		if t > 0 && n > s.active[t-1] {
			panic(fmt.Sprintf("lstm: step %d has %d rows, the step before %d", t, n, s.active[t-1]))
		}
		need("the packed matrix", rows, int(s.offset[t])+int(n))
	}
}

// forward runs one direction over a shard; see lstm_forward in kernel.h.
// Without an index gates holds the input's part, and no table is read.
func forward[T Float](k Kernel, s *shard, rows, h int, reverse bool, packed, table []T, index []int32, gates, cells, out []T, ldOut int) {
	checkShard(s, rows)
	need("the recurrent matrix", len(packed), packedLen[T](k, h, 4*h))
	need("the gates", len(gates), rows*4*h)
	need("the cells", len(cells), rows*h)
	need("the output", len(out), extent(rows, h, ldOut))
	if index != nil {
		need("the index", len(index), rows)
		for _, i := range index {
			need("the table", len(table), (int(i)+1)*4*h)
		}
	}
	if index == nil {
		table = nil // what an earlier batch left has room, and so an address
	}
	C.lstm_forward(code[T](k), C.int64_t(len(s.active)), int32s(s.active), int32s(s.offset), C.int64_t(h), flag(reverse), ptr(packed), ptr(table), int32s(index), ptr(gates), ptr(cells), ptr(out), C.int64_t(ldOut))
}

// backward undoes forward; carry is scratch of 2*active[0]*h elements.
func backward[T Float](k Kernel, s *shard, rows, h int, reverse bool, packed, gates, cells, dout []T, ldOut int, carry []T) {
	if len(s.active) == 0 {
		return
	}
	checkShard(s, rows)
	need("the recurrent matrix", len(packed), packedLen[T](k, 4*h, h))
	need("the gates", len(gates), rows*4*h)
	need("the cells", len(cells), rows*h)
	need("the output's gradient", len(dout), extent(rows, h, ldOut))
	need("the carry", len(carry), 2*int(s.active[0])*h)
	C.lstm_backward(code[T](k), C.int64_t(len(s.active)), int32s(s.active), int32s(s.offset), C.int64_t(h), flag(reverse), ptr(packed), ptr(gates), ptr(cells), ptr(dout), C.int64_t(ldOut), ptr(carry))
}

// scatterAdd adds row r of src to row index[r] of dst, in the order of r.
func scatterAdd[T Float](k Kernel, width int, index []int32, src []T, ldSrc int, dst []T, ldDst int) {
	need("the source", len(src), extent(len(index), width, ldSrc))
	top := -1
	for _, i := range index {
		top = max(top, int(i))
	}
	need("the destination", len(dst), extent(top+1, width, ldDst))
	C.lstm_scatter_add(code[T](k), C.int64_t(len(index)), C.int64_t(width), int32s(index), ptr(src), C.int64_t(ldSrc), ptr(dst), C.int64_t(ldDst))
}

// columnSum adds the sum of src's rows to dst.
func columnSum[T Float](k Kernel, rows, width int, src []T, ldSrc int, dst []T) {
	need("the source", len(src), extent(rows, width, ldSrc))
	need("the sum", len(dst), width)
	C.lstm_column_sum(code[T](k), C.int64_t(rows), C.int64_t(width), ptr(src), C.int64_t(ldSrc), ptr(dst))
}

// RowDots writes the inner products of query and the rows of y that rows
// names: scores[i] = y[rows[i]] · query. Rows of y are as wide as query and
// stand width apart. It reports rows outside y and slices of unequal length.
func RowDots[T Float](k Kernel, rows []int32, y, query, scores []T) error {
	if err := checkRows(rows, len(y), len(query)); err != nil {
		return err
	}
	if len(scores) != len(rows) {
		return fmt.Errorf("lstm: %d scores for %d rows", len(scores), len(rows))
	}
	w := C.int64_t(len(query))
	C.lstm_row_dots(code[T](k), C.int64_t(len(rows)), int32s(rows), w, ptr(y), w, ptr(query), ptr(scores))
	return nil
}

// RowDotsBackward is the gradient of [RowDots]: given the gradient d of the
// scores it sets dy[rows[i]] = d[i] query and adds d[i] y[rows[i]] to dquery.
func RowDotsBackward[T Float](k Kernel, rows []int32, y, query, d, dy, dquery []T) error {
	if err := checkRows(rows, min(len(y), len(dy)), len(query)); err != nil {
		return err
	}
	if len(d) != len(rows) || len(dquery) != len(query) {
		return fmt.Errorf("lstm: %d gradients for %d rows, %d columns for %d", len(d), len(rows), len(dquery), len(query))
	}
	w := C.int64_t(len(query))
	C.lstm_row_dots_backward(code[T](k), C.int64_t(len(rows)), int32s(rows), w, ptr(y), w, ptr(query), ptr(d), ptr(dy), ptr(dquery))
	return nil
}

func checkRows(rows []int32, elements, width int) error {
	for i, r := range rows {
		if r < 0 || (int(r)+1)*width > elements {
			return fmt.Errorf("lstm: row %d of the list is %d; the matrix has %d rows", i, r, elements/max(width, 1))
		}
	}
	return nil
}

// ExpRows computes, for each row of x [rows, width], out = e^(x + offset - m),
// where m is the row's largest sum, and sums, the sum of each row of out. out
// may be x.
func ExpRows[T Float](k Kernel, rows, width int, x, offset, out, sums []T) {
	need("the rows", len(x), rows*width)
	need("the offsets", len(offset), width)
	need("the result", len(out), rows*width)
	need("the sums", len(sums), rows)
	if width == 0 {
		return
	}
	C.lstm_exp_rows(code[T](k), C.int64_t(rows), C.int64_t(width), ptr(x), ptr(offset), ptr(out), ptr(sums))
}

// GatherSum adds to row rows[r] of out [., width] those rows of table [., width]
// that index [len(rows), groups] names for r, in their order. Rows below 0 are left
// out.
func GatherSum[T Float](k Kernel, rows []int32, groups int, index []uint16, width int, table, out []T) {
	checkGather(rows, groups, index, width, len(table), len(out))
	C.lstm_gather_sum(code[T](k), C.int64_t(len(rows)), int32s(rows), C.int64_t(groups), (*C.uint16_t)(ptr(index)), C.int64_t(width), ptr(table), ptr(out))
}

// GatherSumBackward is the gradient of [GatherSum]: it adds row rows[r] of dout to
// each row of dtable that index names for r, in the order of r.
func GatherSumBackward[T Float](k Kernel, rows []int32, groups int, index []uint16, width int, dout, dtable []T) {
	checkGather(rows, groups, index, width, len(dtable), len(dout))
	C.lstm_gather_sum_backward(code[T](k), C.int64_t(len(rows)), int32s(rows), C.int64_t(groups), (*C.uint16_t)(ptr(index)), C.int64_t(width), ptr(dout), ptr(dtable))
}

func checkGather(rows []int32, groups int, index []uint16, width, table, out int) {
	need("the index", len(index), len(rows)*groups)
	top := int32(-1)
	for _, r := range rows {
		top = max(top, r)
	}
	need("the rows", out, (int(top)+1)*width)
	last := -1
	for _, i := range index[:len(rows)*groups] {
		last = max(last, int(i))
	}
	need("the table", table, (last+1)*width)
}

// Adam takes a step of the optimizer of that name: weights w, first and second moments m
// and v, along gradients g, which become 0; all of one length. step holds beta1, beta2,
// 1 - beta1, 1 - beta2, the inverses of 1 - beta1^t and 1 - beta2^t, the negative learning
// rate and epsilon. Every kernel gives the same bits.
func Adam[T Float](k Kernel, step *[8]T, w, g, m, v []T) {
	need("the gradients", len(g), len(w))
	need("the first moments", len(m), len(w))
	need("the second moments", len(v), len(w))
	C.lstm_adam(code[T](k), C.int64_t(len(w)), unsafe.Pointer(step), ptr(w), ptr(g), ptr(m), ptr(v))
}
