// The kernel for CPUs with AVX-512.
#include "kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define NAME(x) x##_avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx2,fma")))
#define VL 16
#define STRIP 8
#define FMA(a, b, c) ((VEC)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define HALVES(x)                                                              \
  _mm256_add_ps(_mm512_castps512_ps256((__m512)(x)),                           \
                _mm512_extractf32x8_ps((__m512)(x), 1))
#include "kernel_sums.h"
#include "kernel_impl.h"
#endif
