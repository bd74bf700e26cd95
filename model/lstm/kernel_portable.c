// The portable kernel: plain C vectors of 16 bytes, which every compiler turns
// into what its target has, with multiplication and addition rounded apart
// (-std=c11 forbids fusing them), so that it gives the same bits on every CPU.
#include "kernel.h"

#include <math.h>
#include <string.h>

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

#define REAL float
#define NAME(x) x##_portable
#define TARGET
#define VL 4
#define MR 4
#define NV 2
#define FMA(a, b, c) ((a) * (b) + (c))
#define SPLAT(x) ((VEC){(x), (x), (x), (x)})
#include "kernel_impl.h"
#include "kernel_table.h"
