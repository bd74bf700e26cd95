// The register block of a matrix product. What one step along K multiplies is
// an ELEMENT: a REAL, or a pair of bfloat16.

// One register block: C[m,nv*VL] (+)= A[m,K] panel[K,NR], m <= MR, nv <= NV. A lies
// along k (acs is 1), or along m (ars is 1): constants, so that the loop needs no
// index arithmetic.
ALWAYS void NAME(block)(const int m, const int nv, const int along_k, int64_t K,
                        const ELEMENT *A, int64_t lda, const ELEMENT *panel, REAL *C,
                        int64_t ldc, const REAL *bias, int accumulate) {
  const int64_t ars = along_k ? lda : 1, acs = along_k ? 1 : lda;
  VEC sum[MR][NV];
#pragma GCC unroll 16
  for (int i = 0; i < m; i++)
#pragma GCC unroll 4
    for (int v = 0; v < nv; v++)
      sum[i][v] = accumulate ? LOAD(C + i * ldc + v * VL)
                  : bias     ? LOAD(bias + v * VL)
                             : (VEC){0};
  for (int64_t k = 0; k < K; k++) {
    OPERAND b[NV];
#pragma GCC unroll 4
    for (int v = 0; v < nv; v++) b[v] = OPERAND_LOAD(panel + k * NR + v * VL);
#pragma GCC unroll 16
    for (int i = 0; i < m; i++) {
      OPERAND a = OPERAND_SPLAT(A[i * ars + k * acs]);
#pragma GCC unroll 4
      for (int v = 0; v < nv; v++) sum[i][v] = MULTIPLY_ADD(a, b[v], sum[i][v]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < m; i++)
#pragma GCC unroll 4
    for (int v = 0; v < nv; v++) STORE(C + i * ldc + v * VL, sum[i][v]);
}

// Blocks of nv vectors, a constant: the last panel of a matrix may fill a part of its
// own only, and what is not there is not computed.
ALWAYS void NAME(vectors)(int64_t m, const int nv, int along_k, int64_t K,
                          const ELEMENT *A, int64_t lda, const ELEMENT *panel,
                          REAL *C, int64_t ldc, const REAL *bias, int accumulate) {
  // The block size must be a constant for the sums to stay in registers.
  switch (m) {
#define CASE(n)                                                              \
  case n:                                                                    \
    if (along_k)                                                             \
      NAME(block)(n, nv, 1, K, A, lda, panel, C, ldc, bias, accumulate);     \
    else                                                                     \
      NAME(block)(n, nv, 0, K, A, lda, panel, C, ldc, bias, accumulate);     \
    break;
    CASE(1) CASE(2) CASE(3) CASE(4)
#if MR > 4
    CASE(5) CASE(6)
#endif
#if MR > 6
    CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#endif
#undef CASE
  }
}

// Of each row w columns are computed, up to the next whole vector.
TARGET static void NAME(rows)(int64_t m, int64_t w, int along_k, int64_t K,
                              const ELEMENT *A, int64_t lda, const ELEMENT *panel,
                              REAL *C, int64_t ldc, const REAL *bias, int accumulate) {
  switch ((w + VL - 1) / VL) {
#define CASE(nv)                                                              \
  case nv:                                                                    \
    NAME(vectors)(m, nv, along_k, K, A, lda, panel, C, ldc, bias, accumulate); \
    break;
    CASE(1) CASE(2)
#if NV > 2
    CASE(3) CASE(4)
#endif
#undef CASE
  }
}
