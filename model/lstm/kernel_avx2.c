// The kernel for CPUs with AVX2 and FMA.
#include "kernel.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define REAL float
#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define VL 8
#define MR 6
#define NV 2
#define FMA(a, b, c) ((VEC)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define SPLAT(x) ((VEC)_mm256_set1_ps(x))
// Where an operand is NaN these give b.
#define MIN(a, b) ((VEC)_mm256_min_ps((__m256)(a), (__m256)(b)))
#define MAX(a, b) ((VEC)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define SQRT(x) ((VEC)_mm256_sqrt_ps((__m256)(x)))
#include "kernel_impl.h"
#include "kernel_table.h"
#endif
