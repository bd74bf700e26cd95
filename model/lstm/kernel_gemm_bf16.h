// Matrix products in bfloat16 with sums in float, for AVX-512 BF16: operands
// are float outside and are rounded to bfloat16 while they are packed, two
// along K to an element. Each instruction adds two products to each sum.

#define COLUMNS(N, n) ((N) - (n) < NR ? (N) - (n) : NR)

#define ELEMENT uint32_t
#define OPERAND __m512i
#define OPERAND_LOAD(p) _mm512_loadu_si512(p)
#define OPERAND_SPLAT(x) _mm512_set1_epi32((int)(x))
#define MULTIPLY_ADD(a, b, sum) \
  ((VEC)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)(a), (__m512bh)(b)))
#include "kernel_block.h"

// Rows of A that are converted at a time, and pairs of a row among them.
enum { NAME(band) = 48, NAME(half) = LSTM_DEEP / 2 };

TARGET static int64_t NAME(packed_len)(int64_t K, int64_t N) {
  return (N + NR - 1) / NR * NR * ((K + 1) / 2);
}

ALWAYS __m512 NAME(load)(const float *p, int64_t n) {
  return _mm512_maskz_loadu_ps(n < VL ? (__mmask16)((1u << n) - 1) : 0xffff, p);
}

// The pairs (low[j], high[j]).
ALWAYS __m512i NAME(pairs)(__m512 low, __m512 high) {
  __m512i l = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(low));
  __m512i h = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(high));
  return _mm512_or_si512(l, _mm512_slli_epi32(h, 16));
}

// n pairs of two rows (NULL: zeros) to out, with zeros up to all.
ALWAYS void NAME(interleave)(const float *low, const float *high, int64_t n,
                             int64_t all, uint32_t *out) {
  for (int64_t j = 0; j < all; j += VL) {
    int64_t m = n - j < 0 ? 0 : n - j < VL ? n - j : VL;
    __m512 l = _mm512_setzero_ps(), h = l;
    if (low && m > 0) l = NAME(load)(low + j, m);
    if (high && m > 0) h = NAME(load)(high + j, m);
    _mm512_storeu_si512(out + j, NAME(pairs)(l, h));
  }
}

TARGET static void NAME(pack)(int64_t K, int64_t N, const void *B_, int64_t rs,
                              int64_t cs, void *out_) {
  const float *B = B_;
  uint32_t *out = out_;
  float low[NR], high[NR];
  for (int64_t n = 0; n < N; n += NR) {
    int64_t w = COLUMNS(N, n);
    for (int64_t k = 0; k < K; k += 2, out += NR) {
      const float *b = B + k * rs + n * cs;
      for (int64_t j = 0; j < w; j++) {
        low[j] = b[j * cs];
        high[j] = k + 1 < K ? b[j * cs + rs] : 0;
      }
      NAME(interleave)(low, high, w, NR, out);
    }
  }
}

// A's elements (m,k) of a band of rows, along k, as pairs [m][half].
TARGET static void NAME(band_rows)(int64_t m, int64_t kk, const float *A,
                                   int64_t lda, uint32_t *out) {
  for (int64_t i = 0; i < m; i++)
    for (int64_t k = 0; k < kk; k += 2 * VL) {
      const float *a = A + i * lda + k;
      __m512 first = NAME(load)(a, kk - k), second = _mm512_setzero_ps();
      if (kk - k > VL) second = NAME(load)(a + VL, kk - k - VL);
      _mm512_storeu_si512(out + i * NAME(half) + k / 2,
                          (__m512i)_mm512_cvtne2ps_pbh(second, first));
    }
}

// The same where A lies along m, as pairs [k][band].
TARGET static void NAME(band_columns)(int64_t m, int64_t kk, const float *A,
                                      int64_t lda, uint32_t *out) {
  for (int64_t k = 0; k < kk; k += 2, out += NAME(band)) {
    // Rows lie far apart: no hardware guesses which comes next.
    for (int64_t r = k + 16; r < k + 18 && r < kk; r++)
      for (int64_t j = 0; j < m; j += 16) __builtin_prefetch(A + r * lda + j);
    NAME(interleave)(A + k * lda, k + 1 < kk ? A + (k + 1) * lda : NULL, m, m,
                     out);
  }
}

TARGET static void NAME(gemm)(int64_t M, int64_t N, int64_t K, const void *A_,
                              int64_t lda, int along_k, const void *packed_,
                              void *C_, int64_t ldc, const void *bias_,
                              int accumulate) {
  const float *A = A_, *bias = bias_;
  const uint32_t *packed = packed_;
  float *C = C_;
  float edge[MR * NR], edge_bias[NR];
  uint32_t a[NAME(band) * NAME(half)];
  const int64_t ars = along_k ? NAME(half) : 1;
  const int ahead = accumulate && along_k;  // as in kernel_gemm.h
  for (int64_t m0 = 0; m0 < M; m0 += NAME(band)) {
    int64_t m1 = M - m0 < NAME(band) ? M - m0 : NAME(band);
    for (int64_t k0 = 0; k0 < K || k0 == 0; k0 += LSTM_DEEP) {
      int64_t kk = K - k0 < LSTM_DEEP ? K - k0 : LSTM_DEEP;
      int add = accumulate || k0 > 0;
      if (along_k)
        NAME(band_rows)(m1, kk, A + m0 * lda + k0, lda, a);
      else
        NAME(band_columns)(m1, kk, A + k0 * lda + m0, lda, a);
      for (int64_t n = 0; n < N; n += NR) {
        int64_t w = COLUMNS(N, n);
        const uint32_t *panel = packed + n * ((K + 1) / 2) + k0 / 2 * NR;
        const float *b = bias ? bias + n : NULL;
        if (w < NR && bias) {
          for (int64_t j = 0; j < NR; j++) edge_bias[j] = j < w ? b[j] : 0;
          b = edge_bias;
        }
        for (int64_t m = 0; m < m1; m += MR) {
          int64_t mm = m1 - m < MR ? m1 - m : MR;
          float *c = C + (m0 + m) * ldc + n;
          if (ahead && m + MR < m1)
            for (int64_t i = 0; i < MR; i++)
              for (int64_t j = 0; j < w; j += 16)
                __builtin_prefetch(c + (MR + i) * ldc + j, 1);
          float *to = c;
          int64_t ld = ldc;
          if (w % VL) {  // through a full block, as in kernel_gemm.h
            to = edge, ld = NR;
            for (int64_t i = 0; i < mm; i++)
              for (int64_t j = 0; j < NR; j++)
                edge[i * NR + j] = j < w && add ? c[i * ldc + j] : 0;
          }
          NAME(rows)(mm, w, along_k, (kk + 1) / 2, a + m * ars,
                     along_k ? NAME(half) : NAME(band), panel, to, ld, b, add);
          if (w % VL)
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
  const float *A = A_, *B = B_;
  uint32_t *scratch = scratch_;
  for (int64_t k0 = 0; k0 < K; k0 += LSTM_DEEP) {
    int64_t kk = K - k0 < LSTM_DEEP ? K - k0 : LSTM_DEEP;
    for (int64_t k = 0; k < kk; k += 2) {
      const float *row[2];
      for (int i = 0; i < 2; i++) {
        int64_t r = k + i >= kk ? -1 : rows ? rows[k0 + k + i] : k0 + k + i;
        row[i] = r < 0 ? NULL : B + r * ldb;
      }
      for (int64_t n = 0; n < N; n += NR)
        NAME(interleave)(row[0] ? row[0] + n : NULL, row[1] ? row[1] + n : NULL,
                         COLUMNS(N, n), NR,
                         scratch + n * ((kk + 1) / 2) + k / 2 * NR);
    }
    NAME(gemm)(M, N, kk, A + k0 * lda, lda, 0, scratch, C_, ldc, NULL, 1);
  }
}
