// The portable kernel: plain C vectors of 16 bytes, which every compiler turns
// into what its target has, with multiplication and addition rounded apart
// (-std=c11 forbids fusing them), so that it gives the same bits on every CPU.
#include "kernel.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

#define NAME(x) x##_portable
#define TARGET
#define VL 4
#define STRIP 4
#define FMA(a, b, c) ((a) * (b) + (c))
#define SUMS(n, sum, p)                                                        \
  for (int k = 0; k < n; k++)                                                  \
  (p)[k] = (sum[k][0] + sum[k][2]) + (sum[k][1] + sum[k][3])
#define SUM8(sum, p) SUMS(8, sum, p)
#define SUM4(sum, p) SUMS(4, sum, p)
#include "kernel_impl.h"
