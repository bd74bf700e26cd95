// The double-precision kernel: the reference that the others are held against
// and the path of gradient checks; built for exactness, not for speed.
#include "kernel.h"

#include <math.h>
#include <string.h>

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

#define LIBM
#define REAL double
#define NAME(x) x##_double
#define TARGET
#define VL 2
#define MR 4
#define NV 2
#define FMA(a, b, c) ((a) * (b) + (c))
#define SPLAT(x) ((VEC){(x), (x)})
#include "kernel_impl.h"
#include "kernel_table.h"
