// Matrix products with operands of type REAL.

// Width of C columns [n, n+NR) that exist.
#define COLUMNS(N, n) ((N) - (n) < NR ? (N) - (n) : NR)

TARGET static int64_t NAME(packed_len)(int64_t K, int64_t N) {
  return (N + NR - 1) / NR * NR * K;
}

// Panels of NR columns, each [K,NR], padded with zeros on the right: the
// inner loop reads it in one straight line.
TARGET static void NAME(pack)(int64_t K, int64_t N, const void *B_, int64_t rs,
                              int64_t cs, void *out_) {
  const REAL *B = B_;
  REAL *out = out_;
  for (int64_t n = 0; n < N; n += NR) {
    int64_t w = COLUMNS(N, n);
    for (int64_t k = 0; k < K; k++, out += NR) {
      const REAL *b = B + k * rs + n * cs;
      int64_t j = 0;
      for (; j < w; j++) out[j] = b[j * cs];
      for (; j < NR; j++) out[j] = 0;
    }
  }
}

#define ELEMENT REAL
#define OPERAND VEC
#define OPERAND_LOAD(p) LOAD(p)
#define OPERAND_SPLAT(x) SPLAT(x)
#define MULTIPLY_ADD(a, b, sum) FMA(a, b, sum)
#include "kernel_block.h"

// Rows of A that stay in the second-level cache while the panels pass by.
enum { NAME(band) = 96 };

TARGET static void NAME(gemm)(int64_t M, int64_t N, int64_t K, const void *A_,
                              int64_t lda, int along_k, const void *packed_,
                              void *C_, int64_t ldc, const void *bias_,
                              int accumulate) {
  const REAL *A = A_;
  const REAL *packed = packed_;
  REAL *C = C_;
  const REAL *bias = bias_;
  const int64_t ars = along_k ? lda : 1, acs = along_k ? 1 : lda;
  REAL edge[MR * NR], edge_bias[NR];
  // The recurrence's products are short and add to rows that no cache holds
  // any more: fetch those of the next block while this one is computed.
  const int ahead = accumulate && along_k;
  for (int64_t m0 = 0; m0 < M; m0 += NAME(band)) {
    int64_t m1 = m0 + NAME(band) < M ? m0 + NAME(band) : M;
    for (int64_t n = 0; n < N; n += NR) {
      int64_t w = COLUMNS(N, n);
      const REAL *panel = packed + n * K;
      const REAL *b = bias ? bias + n : NULL;
      if (w < NR && bias) {
        for (int64_t j = 0; j < NR; j++) edge_bias[j] = j < w ? bias[n + j] : 0;
        b = edge_bias;
      }
      for (int64_t k0 = 0; k0 < K || k0 == 0; k0 += LSTM_DEEP) {
        int64_t kk = K - k0 < LSTM_DEEP ? K - k0 : LSTM_DEEP;
        int add = accumulate || k0 > 0;
        for (int64_t m = m0; m < m1; m += MR) {
          int64_t mm = m1 - m < MR ? m1 - m : MR;
          const REAL *a = A + m * ars + k0 * acs;
          REAL *c = C + m * ldc + n;
          if (ahead && m + MR < m1)
            for (int64_t i = 0; i < MR; i++)
              for (int64_t j = 0; j < w; j += 16)
                __builtin_prefetch(c + (MR + i) * ldc + j, 1);
          if (w % VL == 0) {
            NAME(rows)(mm, w, along_k, kk, a, lda, panel + k0 * NR, c, ldc, b, add);
            continue;
          }
          // The last panel ends within a vector: go through a
          // full block beside it, so that nothing outside C is touched.
          for (int64_t i = 0; i < mm; i++)
            for (int64_t j = 0; j < NR; j++)
              edge[i * NR + j] = j < w && add ? c[i * ldc + j] : 0;
          NAME(rows)(mm, w, along_k, kk, a, lda, panel + k0 * NR, edge, NR, b, add);
          for (int64_t i = 0; i < mm; i++)
            for (int64_t j = 0; j < w; j++) c[i * ldc + j] = edge[i * NR + j];
        }
      }
    }
  }
}

TARGET static void NAME(gemm_tn)(int64_t M, int64_t N, int64_t K,
                                 const void *A_, int64_t lda, const void *B_,
                                 int64_t ldb, const int32_t *rows, void *C_,
                                 int64_t ldc, void *scratch_) {
  const REAL *A = A_;
  const REAL *B = B_;
  REAL *C = C_;
  REAL *scratch = scratch_;
  for (int64_t k0 = 0; k0 < K; k0 += LSTM_DEPTH) {
    int64_t kk = K - k0 < LSTM_DEPTH ? K - k0 : LSTM_DEPTH;
    for (int64_t n = 0; n < N; n += NR) {
      int64_t w = COLUMNS(N, n);
      REAL *out = scratch + n * kk;
      for (int64_t k = 0; k < kk; k++, out += NR) {
        int64_t r = rows ? rows[k0 + k] : k0 + k;
        const REAL *b = B + r * ldb + n;
        int64_t j = 0;
        if (r >= 0)
          for (; j < w; j++) out[j] = b[j];
        for (; j < NR; j++) out[j] = 0;
      }
    }
    NAME(gemm)(M, N, kk, A + k0 * lda, lda, 0, scratch, C, ldc, NULL, 1);
  }
}
