// Choice of the kernel at run time.
#include "kernel_ops.h"

extern const lstm_ops lstm_ops_portable, lstm_ops_double;
#if defined(__x86_64__)
extern const lstm_ops lstm_ops_avx2, lstm_ops_avx512;
#endif
#if defined(LSTM_HAS_BF16)
extern const lstm_ops lstm_ops_bf16;
#endif

int lstm_kernel_available(int kernel) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (kernel == LSTM_AVX2) return avx2;
  int avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
  if (kernel == LSTM_AVX512) return avx512;
#if defined(LSTM_HAS_BF16)
  if (kernel == LSTM_BF16)
    return avx512 && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512bf16");
#endif
#endif
  return kernel == LSTM_PORTABLE || kernel == LSTM_DOUBLE;
}

static const lstm_ops *ops(int kernel) {
#if defined(LSTM_HAS_BF16)
  if (kernel == LSTM_BF16) return &lstm_ops_bf16;
#endif
#if defined(__x86_64__)
  if (kernel == LSTM_AVX512) return &lstm_ops_avx512;
  if (kernel == LSTM_AVX2) return &lstm_ops_avx2;
#endif
  return kernel == LSTM_DOUBLE ? &lstm_ops_double : &lstm_ops_portable;
}

int64_t lstm_packed_len(int kernel, int64_t K, int64_t N) {
  return ops(kernel)->packed_len(K, N);
}

void lstm_pack(int kernel, int64_t K, int64_t N, const void *B, int64_t rs,
               int64_t cs, void *out) {
  ops(kernel)->pack(K, N, B, rs, cs, out);
}

void lstm_gemm(int kernel, int64_t M, int64_t N, int64_t K, const void *A,
               int64_t lda, int along_k, const void *packed, void *C,
               int64_t ldc, const void *bias, int accumulate) {
  ops(kernel)->gemm(M, N, K, A, lda, along_k, packed, C, ldc, bias, accumulate);
}

void lstm_gemm_tn(int kernel, int64_t M, int64_t N, int64_t K, const void *A,
                  int64_t lda, const void *B, int64_t ldb, const int32_t *rows,
                  void *C, int64_t ldc, void *scratch) {
  ops(kernel)->gemm_tn(M, N, K, A, lda, B, ldb, rows, C, ldc, scratch);
}

void lstm_forward(int kernel, int64_t steps, const int32_t *active,
                  const int32_t *offset, int64_t h, int reverse,
                  const void *packed, const void *table, const int32_t *index,
                  void *gates, void *cells, void *out, int64_t ld_out) {
  ops(kernel)->forward(steps, active, offset, h, reverse, packed, table, index,
                       gates, cells, out, ld_out);
}

void lstm_backward(int kernel, int64_t steps, const int32_t *active,
                   const int32_t *offset, int64_t h, int reverse,
                   const void *packed, void *gates, const void *cells,
                   const void *dout, int64_t ld_dout, void *carry) {
  ops(kernel)->backward(steps, active, offset, h, reverse, packed, gates, cells,
                        dout, ld_dout, carry);
}

void lstm_row_dots(int kernel, int64_t count, const int32_t *rows,
                   int64_t width, const void *Y, int64_t ld, const void *q,
                   void *scores) {
  ops(kernel)->row_dots(count, rows, width, Y, ld, q, scores);
}

void lstm_row_dots_backward(int kernel, int64_t count, const int32_t *rows,
                            int64_t width, const void *Y, int64_t ld,
                            const void *q, const void *d, void *dY, void *dq) {
  ops(kernel)->row_dots_backward(count, rows, width, Y, ld, q, d, dY, dq);
}

void lstm_gather_sum(int kernel, int64_t count, const int32_t *rows,
                     int64_t groups, const uint16_t *index, int64_t width,
                     const void *table, void *out) {
  ops(kernel)->gather_sum(count, rows, groups, index, width, table, out);
}

void lstm_gather_sum_backward(int kernel, int64_t count, const int32_t *rows,
                              int64_t groups, const uint16_t *index,
                              int64_t width, const void *dout, void *dtable) {
  ops(kernel)->gather_sum_backward(count, rows, groups, index, width, dout,
                                   dtable);
}

void lstm_scatter_add(int kernel, int64_t rows, int64_t width,
                      const int32_t *index, const void *src, int64_t ld_src,
                      void *dst, int64_t ld_dst) {
  ops(kernel)->scatter_add(rows, width, index, src, ld_src, dst, ld_dst);
}

void lstm_column_sum(int kernel, int64_t rows, int64_t width, const void *src,
                     int64_t ld_src, void *dst) {
  ops(kernel)->column_sum(rows, width, src, ld_src, dst);
}

void lstm_exp_rows(int kernel, int64_t rows, int64_t width, const void *X,
                   const void *offset, void *out, void *sums) {
  ops(kernel)->exp_rows(rows, width, X, offset, out, sums);
}

void lstm_adam(int kernel, int64_t n, const void *step, void *w, void *g,
               void *m, void *v) {
  ops(kernel)->adam(n, step, w, g, m, v);
}
