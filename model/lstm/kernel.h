// Kernels of the LSTM layer: matrix products with a packed right operand, the
// recurrence forward and backward through time, the row gathers around them, and
// Adam's step. All functions work on memory of the caller, keep no state and do not
// allocate; the caller (calls.go) has checked every length.
//
// Names of sizes: M, N, K as in C[M,N] = A[M,K] B[K,N]; h = units of one
// direction; a gate block is 4h wide, gates in the order i, f, g, o. REAL is
// double for LSTM_DOUBLE and float for all other kernels; pointers to REAL are
// void here, so that one declaration serves both.
#ifndef WAKONG_LSTM_KERNEL_H
#define WAKONG_LSTM_KERNEL_H

#include <stddef.h>
#include <stdint.h>

// Instruction sets a kernel may be built for; LSTM_DOUBLE is portable too.
enum {
  LSTM_PORTABLE = 1,
  LSTM_AVX2 = 2,
  LSTM_AVX512 = 3,
  LSTM_DOUBLE = 4,
  LSTM_BF16 = 5
};

// Depth (rows of K) of the blocks in which long sums are added: LSTM_DEPTH in
// weight gradients, whose left operand needs room in the first-level cache
// beside the packed one, LSTM_DEEP elsewhere and in bfloat16. A sum's order is the same for any
// depth.
enum { LSTM_DEPTH = 128, LSTM_DEEP = 256 };

// lstm_kernel_available tells whether this CPU and system run the kernel.
int lstm_kernel_available(int kernel);

// Length, in elements, of a packed [K,N] operand.
int64_t lstm_packed_len(int kernel, int64_t K, int64_t N);

// Packs B, whose element (k,n) is B[k*rs + n*cs].
void lstm_pack(int kernel, int64_t K, int64_t N, const void *B, int64_t rs,
               int64_t cs, void *out);

// C[M,N] = A B (+ bias[N] when not NULL), or C += A B when accumulate. A's
// element (m,k) is A[m*lda + k] when along_k, else A[k*lda + m]; C has rows of
// ldc elements.
void lstm_gemm(int kernel, int64_t M, int64_t N, int64_t K, const void *A,
               int64_t lda, int along_k, const void *packed, void *C,
               int64_t ldc, const void *bias, int accumulate);

// C[M,N] += A^T B: A is [K,M] with rows of lda, B has rows of ldb; row k of the
// product takes B's row rows[k] (-1: a row of zeros), or row k when rows is
// NULL. scratch holds lstm_packed_len(kernel, LSTM_DEEP, N) elements.
void lstm_gemm_tn(int kernel, int64_t M, int64_t N, int64_t K, const void *A,
                  int64_t lda, const void *B, int64_t ldb, const int32_t *rows,
                  void *C, int64_t ldc, void *scratch);

// One direction over one shard of sequences. Step t holds active[t] rows
// (never more than the step before) from row offset[t] on; reverse reads from
// the last step to the first.
//
// gates [rows,4h]: in, the input's part of the pre-activations (or, with a
// table, nothing: row r starts as the table's row index[r]); out, the
// activated gates. cells [rows,h] and out [rows,ld_out] are written.
void lstm_forward(int kernel, int64_t steps, const int32_t *active,
                  const int32_t *offset, int64_t h, int reverse,
                  const void *packed, const void *table, const int32_t *index,
                  void *gates, void *cells, void *out, int64_t ld_out);

// The same direction backward: gates holds the activated gates on entry and
// the gradient of the pre-activations on return. packed is the recurrent
// matrix [4h,h]; dout [rows,ld_dout] the gradient of out; carry 2*active[0]*h
// elements of scratch.
void lstm_backward(int kernel, int64_t steps, const int32_t *active,
                   const int32_t *offset, int64_t h, int reverse,
                   const void *packed, void *gates, const void *cells,
                   const void *dout, int64_t ld_dout, void *carry);

// scores[r] = Y[rows[r]] . q over width columns.
void lstm_row_dots(int kernel, int64_t count, const int32_t *rows,
                   int64_t width, const void *Y, int64_t ld, const void *q,
                   void *scores);

// Its gradient: dY[rows[r]] = d[r] q, and dq += d[r] Y[rows[r]].
void lstm_row_dots_backward(int kernel, int64_t count, const int32_t *rows,
                            int64_t width, const void *Y, int64_t ld,
                            const void *q, const void *d, void *dY, void *dq);

// out[rows[r]] += the sum over g of table[index[r,g]], in the order of g; rows
// below 0 are left out. lstm_gather_sum_backward adds dout[rows[r]] to each of
// those rows of dtable, in the order of r.
void lstm_gather_sum(int kernel, int64_t count, const int32_t *rows,
                     int64_t groups, const uint16_t *index, int64_t width,
                     const void *table, void *out);
void lstm_gather_sum_backward(int kernel, int64_t count, const int32_t *rows,
                              int64_t groups, const uint16_t *index,
                              int64_t width, const void *dout, void *dtable);

// dst[index[r]] += src[r] for r in order, width columns.
void lstm_scatter_add(int kernel, int64_t rows, int64_t width,
                      const int32_t *index, const void *src, int64_t ld_src,
                      void *dst, int64_t ld_dst);

// dst[c] += the sum over r, in order, of src[r,c].
void lstm_column_sum(int kernel, int64_t rows, int64_t width, const void *src,
                     int64_t ld_src, void *dst);

// For each row of X [rows,width]: out = e^(x + offset[width] - the largest such
// exponent), and sums[r] their sum. out may be X.
void lstm_exp_rows(int kernel, int64_t rows, int64_t width, const void *X,
                   const void *offset, void *out, void *sums);

// A step of Adam: weights w, first and second moments m and v, all [n], along
// gradients g, which become 0. step holds eight REALs: beta1, beta2, 1 - beta1,
// 1 - beta2, the inverses of 1 - beta1^t and 1 - beta2^t, the negative learning rate and
// epsilon. No product is fused into a sum: every kernel gives the same bits.
void lstm_adam(int kernel, int64_t n, const void *step, void *w, void *g,
               void *m, void *v);

#endif
