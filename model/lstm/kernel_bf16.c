// The kernel for CPUs with AVX-512 BF16: as kernel_avx512.c, but products are
// of operands rounded to bfloat16, which have 8 significant bits.
#include "kernel_ops.h"

#include <string.h>

#if defined(LSTM_HAS_BF16)
#include <immintrin.h>

#define BF16
#define REAL float
#define NAME(x) x##_bf16
#define TARGET \
  __attribute__((target("avx512bf16,avx512bw,avx512f,avx512dq,avx512vl,avx2,fma")))
#define VL 16
#define MR 6
#define NV 4
#define FMA(a, b, c) ((VEC)_mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c)))
#define SPLAT(x) ((VEC)_mm512_set1_ps(x))
// Where an operand is NaN these give b.
#define MIN(a, b) ((VEC)_mm512_min_ps((__m512)(a), (__m512)(b)))
#define MAX(a, b) ((VEC)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define SQRT(x) ((VEC)_mm512_sqrt_ps((__m512)(x)))
#include "kernel_impl.h"
#include "kernel_table.h"
#endif
