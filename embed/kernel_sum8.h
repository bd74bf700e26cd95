// The sums over the lanes of eight vectors at once, as one tree of horizontal
// additions: a third of the instructions of eight sums one by one.
#define SUM8_OF_HALVES(sum, p)                                                 \
  do {                                                                         \
    __m256 s01 = _mm256_hadd_ps(HALVES(sum[0]), HALVES(sum[1]));               \
    __m256 s23 = _mm256_hadd_ps(HALVES(sum[2]), HALVES(sum[3]));               \
    __m256 s45 = _mm256_hadd_ps(HALVES(sum[4]), HALVES(sum[5]));               \
    __m256 s67 = _mm256_hadd_ps(HALVES(sum[6]), HALVES(sum[7]));               \
    __m256 s03 = _mm256_hadd_ps(s01, s23), s47 = _mm256_hadd_ps(s45, s67);     \
    _mm256_storeu_ps((p),                                                      \
                     _mm256_add_ps(_mm256_permute2f128_ps(s03, s47, 0x20),     \
                                   _mm256_permute2f128_ps(s03, s47, 0x31)));   \
  } while (0)
