// The sums over the lanes of eight or four vectors at once, as one tree of
// horizontal additions: a third of the instructions of sums one by one. For
// kernels that define HALVES(x), x folded to eight lanes.
#define SUM8(sum, p)                                                           \
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

#define SUM4(sum, p)                                                           \
  do {                                                                         \
    __m256 s01 = _mm256_hadd_ps(HALVES(sum[0]), HALVES(sum[1]));               \
    __m256 s23 = _mm256_hadd_ps(HALVES(sum[2]), HALVES(sum[3]));               \
    __m256 s03 = _mm256_hadd_ps(s01, s23);                                     \
    _mm_storeu_ps((p), _mm_add_ps(_mm256_castps256_ps128(s03),                 \
                                  _mm256_extractf128_ps(s03, 1)));             \
  } while (0)
