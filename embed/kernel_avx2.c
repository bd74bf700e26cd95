// The kernel for CPUs with AVX2 and FMA.
#include "kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define VL 8
#define STRIP 4
#define FMA(a, b, c) ((VEC)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define HALVES(x) ((__m256)(x))
#include "kernel_sums.h"
#include "kernel_impl.h"
#endif
