// The kernels' one body, included once per instruction set with these macros:
//
//   REAL    float or double
//   NAME(x) x with the suffix of type and instruction set
//   TARGET  function attribute that selects the instruction set, or nothing
//   VL      REALs in one vector register
//   MR, NV  rows and vectors of the register block of the matrix product
//   FMA(a,b,c)  a*b+c on vectors, fused where the instruction set fuses it
//   SPLAT(x)  a vector of x alone; from memory it has to be one load, or products
//           take half as long again
//   MIN(a,b), MAX(a,b)  on vectors; b where either is NaN; optional
//   SQRT(x)  the square root of a vector; optional
//   BF16    defined where products are of bfloat16
//
// No macro here may change the order of a sum: each element of a product is
// added up over k from 0 on, whatever M, N, the blocks and the thread, so that
// a result depends on the instruction set alone.

#define NR (NV * VL)
#define ALWAYS static inline __attribute__((always_inline)) TARGET

// A vector that may stand at any element's address.
typedef REAL NAME(vec) __attribute__((vector_size(VL * sizeof(REAL))));
typedef REAL NAME(uvec)
    __attribute__((vector_size(VL * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));

#define VEC NAME(vec)
#define LOAD(p) ((VEC)(*(const NAME(uvec) *)(p)))
#define STORE(p, v) (*(NAME(uvec) *)(p) = (v))

#include "kernel_math.h"

#if defined(BF16)
#include "kernel_gemm_bf16.h"
#else
#include "kernel_gemm.h"
#endif

// Activates the gates of one row and steps cell and output.
ALWAYS void NAME(cell_forward)(int64_t n, int64_t h, REAL *gates,
                               const REAL *before, REAL *cell, REAL *out) {
  VEC i = NAME(sigmoid)(PART_LOAD(gates, n));
  VEC f = NAME(sigmoid)(PART_LOAD(gates + h, n));
  VEC g = VTANH(PART_LOAD(gates + 2 * h, n));
  VEC o = NAME(sigmoid)(PART_LOAD(gates + 3 * h, n));
  VEC c = i * g;
  if (before) c = FMA(f, PART_LOAD(before, n), c);
  PART_STORE(gates, i, n);
  PART_STORE(gates + h, f, n);
  PART_STORE(gates + 2 * h, g, n);
  PART_STORE(gates + 3 * h, o, n);
  PART_STORE(cell, c, n);
  PART_STORE(out, o * VTANH(c), n);
}

TARGET static void NAME(forward)(int64_t steps, const int32_t *active,
                                 const int32_t *offset, int64_t h, int reverse,
                                 const void *packed_, const void *table_,
                                 const int32_t *index, void *gates_,
                                 void *cells_, void *out_, int64_t ld_out) {
  const REAL *packed = packed_;
  const REAL *table = table_;
  REAL *gates = gates_;
  REAL *cells = cells_;
  REAL *out = out_;
  for (int64_t s = 0; s < steps; s++) {
    int64_t t = reverse ? steps - 1 - s : s;
    int64_t n = active[t], row = offset[t];
    // Contexts that have a state before this step: all forward, but only
    // those that are longer than t+1 when reading from the end.
    int64_t old = s == 0 ? 0 : reverse ? active[t + 1] : n;
    int64_t from = s == 0 ? 0 : offset[reverse ? t + 1 : t - 1];
    if (table)
      for (int64_t i = 0; i < n; i++)
        memcpy(gates + (row + i) * 4 * h, table + (int64_t)index[row + i] * 4 * h,
               4 * h * sizeof(REAL));
    NAME(gemm)(old, 4 * h, h, out + from * ld_out, ld_out, 1, packed,
               gates + row * 4 * h, 4 * h, NULL, 1);
    for (int64_t i = 0; i < n; i++) {
      REAL *a = gates + (row + i) * 4 * h, *c = cells + (row + i) * h,
           *y = out + (row + i) * ld_out;
      const REAL *b = i < old ? cells + (from + i) * h : NULL;
      int64_t j = 0;
      for (; j + VL <= h; j += VL)
        NAME(cell_forward)(VL, h, a + j, b ? b + j : NULL, c + j, y + j);
      if (j < h)
        NAME(cell_forward)(h - j, h, a + j, b ? b + j : NULL, c + j, y + j);
    }
  }
}

// Turns one row's activated gates into the gradient of its pre-activations.
// dh and dc carry the gradient from the following step in; dc goes on out.
ALWAYS void NAME(cell_backward)(int64_t n, int64_t h, REAL *gates,
                                const REAL *before, const REAL *cell,
                                const REAL *dout, const REAL *dh, REAL *dc,
                                int carried) {
  VEC one = SPLAT((REAL)1);
  VEC i = PART_LOAD(gates, n), f = PART_LOAD(gates + h, n);
  VEC g = PART_LOAD(gates + 2 * h, n), o = PART_LOAD(gates + 3 * h, n);
  VEC y = PART_LOAD(dout, n), c = (VEC){0};
  if (carried) {
    y = y + PART_LOAD(dh, n);
    c = PART_LOAD(dc, n);
  }
  VEC tc = VTANH(PART_LOAD(cell, n));
  c = FMA(y * o, one - tc * tc, c);
  PART_STORE(gates, c * g * i * (one - i), n);
  PART_STORE(gates + h,
             before ? c * PART_LOAD(before, n) * f * (one - f) : (VEC){0}, n);
  PART_STORE(gates + 2 * h, c * i * (one - g * g), n);
  PART_STORE(gates + 3 * h, y * tc * o * (one - o), n);
  PART_STORE(dc, c * f, n);
}

TARGET static void NAME(backward)(int64_t steps, const int32_t *active,
                                  const int32_t *offset, int64_t h,
                                  int reverse, const void *packed_, void *gates_,
                                  const void *cells_, const void *dout_,
                                  int64_t ld_dout, void *carry_) {
  const REAL *packed = packed_;
  REAL *gates = gates_;
  const REAL *cells = cells_;
  const REAL *dout = dout_;
  REAL *carry = carry_;
  if (steps == 0) return;
  REAL *dh = carry, *dc = carry + (int64_t)active[0] * h;
  for (int64_t s = steps - 1; s >= 0; s--) {
    int64_t t = reverse ? steps - 1 - s : s;
    int64_t n = active[t], row = offset[t];
    int64_t old = s == 0 ? 0 : reverse ? active[t + 1] : n;
    int64_t from = s == 0 ? 0 : offset[reverse ? t + 1 : t - 1];
    // Contexts to which the step just undone has carried a gradient.
    int64_t carried = s == steps - 1 ? 0 : reverse ? n : active[t + 1];
    for (int64_t i = 0; i < n; i++) {
      REAL *a = gates + (row + i) * 4 * h;
      const REAL *c = cells + (row + i) * h, *y = dout + (row + i) * ld_dout;
      const REAL *b = i < old ? cells + (from + i) * h : NULL;
      REAL *ch = dh + i * h, *cc = dc + i * h;
      int64_t j = 0;
      for (; j + VL <= h; j += VL)
        NAME(cell_backward)(VL, h, a + j, b ? b + j : NULL, c + j, y + j,
                            ch + j, cc + j, i < carried);
      if (j < h)
        NAME(cell_backward)(h - j, h, a + j, b ? b + j : NULL, c + j, y + j,
                            ch + j, cc + j, i < carried);
    }
    NAME(gemm)(old, h, 4 * h, gates + row * 4 * h, 4 * h, 1, packed, dh, h,
               NULL, 0);
  }
}

// scores[r] = Y[rows[r]] . q, the inner products of a list of rows.
TARGET static void NAME(row_dots)(int64_t count, const int32_t *rows,
                                  int64_t width, const void *Y_, int64_t ld,
                                  const void *q_, void *scores_) {
  const REAL *Y = Y_;
  const REAL *q = q_;
  REAL *scores = scores_;
  for (int64_t r = 0; r < count; r++) {
    const REAL *y = Y + rows[r] * ld;
    VEC sum = (VEC){0};
    int64_t j = 0;
    for (; j + VL <= width; j += VL) sum = FMA(LOAD(y + j), LOAD(q + j), sum);
    if (j < width) {
      VEC a = NAME(part_load)(y + j, width - j);
      sum = FMA(a, NAME(part_load)(q + j, width - j), sum);
    }
    REAL total = 0;
    for (int v = 0; v < VL; v++) total += sum[v];
    scores[r] = total;
  }
}

// The gradient of row_dots: dY[rows[r]] = d[r] q, and dq += d[r] Y[rows[r]].
TARGET static void NAME(row_dots_backward)(int64_t count, const int32_t *rows,
                                           int64_t width, const void *Y_,
                                           int64_t ld, const void *q_,
                                           const void *d_, void *dY_, void *dq_) {
  const REAL *Y = Y_;
  const REAL *q = q_;
  const REAL *d = d_;
  REAL *dY = dY_;
  REAL *dq = dq_;
  for (int64_t r = 0; r < count; r++) {
    const REAL *y = Y + rows[r] * ld;
    REAL *dy = dY + rows[r] * ld;
    VEC w = SPLAT(d[r]);
    int64_t j = 0;
    for (; j + VL <= width; j += VL) {
      STORE(dy + j, w * LOAD(q + j));
      STORE(dq + j, FMA(w, LOAD(y + j), LOAD(dq + j)));
    }
    if (j < width) {
      int64_t n = width - j;
      NAME(part_store)(dy + j, w * NAME(part_load)(q + j, n), n);
      VEC sum = FMA(w, NAME(part_load)(y + j, n), NAME(part_load)(dq + j, n));
      NAME(part_store)(dq + j, sum, n);
    }
  }
}

TARGET static void NAME(gather_sum)(int64_t count, const int32_t *rows,
                                    int64_t groups, const uint16_t *index,
                                    int64_t width, const void *table_,
                                    void *out_) {
  const REAL *table = table_;
  for (int64_t r = 0; r < count; r++, index += groups) {
    if (rows[r] < 0) continue;
    REAL *out = (REAL *)out_ + rows[r] * width;
    for (int64_t c = 0; c < width; c += VL) {
      int64_t n = width - c < VL ? width - c : VL;
      VEC sum = PART_LOAD(out + c, n);
      if (n == VL)
        for (int64_t g = 0; g < groups; g++)
          sum = sum + LOAD(table + index[g] * width + c);
      else
        for (int64_t g = 0; g < groups; g++)
          sum = sum + PART_LOAD(table + index[g] * width + c, n);
      PART_STORE(out + c, sum, n);
    }
  }
}

TARGET static void NAME(gather_sum_backward)(int64_t count, const int32_t *rows,
                                             int64_t groups,
                                             const uint16_t *index,
                                             int64_t width, const void *dout_,
                                             void *dtable_) {
  REAL *dtable = dtable_;
  for (int64_t r = 0; r < count; r++, index += groups) {
    if (rows[r] < 0) continue;
    const REAL *dout = (const REAL *)dout_ + rows[r] * width;
    for (int64_t g = 0; g < groups; g++) {
      REAL *d = dtable + index[g] * width;
      int64_t c = 0;
      for (; c + VL <= width; c += VL) STORE(d + c, LOAD(d + c) + LOAD(dout + c));
      for (; c < width; c++) d[c] += dout[c];
    }
  }
}

// dst[index[r]] += src[r], in the order of r.
TARGET static void NAME(scatter_add)(int64_t rows, int64_t width,
                                     const int32_t *index, const void *src,
                                     int64_t ld_src, void *dst,
                                     int64_t ld_dst) {
  for (int64_t r = 0; r < rows; r++) {
    const REAL *s = (const REAL *)src + r * ld_src;
    REAL *d = (REAL *)dst + index[r] * ld_dst;
    int64_t c = 0;
    for (; c + VL <= width; c += VL) STORE(d + c, LOAD(d + c) + LOAD(s + c));
    for (; c < width; c++) d[c] += s[c];
  }
}

// dst[c] += the sum over r of src[r,c], in the order of r.
TARGET static void NAME(column_sum)(int64_t rows, int64_t width,
                                    const void *src, int64_t ld_src,
                                    void *dst) {
  for (int64_t r = 0; r < rows; r++) {
    const REAL *s = (const REAL *)src + r * ld_src;
    REAL *d = dst;
    int64_t c = 0;
    for (; c + VL <= width; c += VL) STORE(d + c, LOAD(d + c) + LOAD(s + c));
    for (; c < width; c++) d[c] += s[c];
  }
}

// out[r] = e^(X[r] + offset - the largest of them), sums[r] their sum, first
// lane by lane, then over the lanes in order.
TARGET static void NAME(exp_rows)(int64_t rows, int64_t width, const void *X_,
                                  const void *offset_, void *out_,
                                  void *sums_) {
  const REAL *offset = offset_;
  REAL *sums = sums_;
  for (int64_t r = 0; r < rows; r++) {
    const REAL *x = (const REAL *)X_ + r * width;
    REAL *out = (REAL *)out_ + r * width;
    REAL top = x[0] + offset[0];
    for (int64_t c = 1; c < width; c++) {
      REAL v = x[c] + offset[c];
      top = v > top ? v : top;
    }
    VEC sum = SPLAT(0), high = SPLAT(top);
    int64_t c = 0;
    for (; c + VL <= width; c += VL) {
      VEC e = VEXP(LOAD(x + c) + LOAD(offset + c) - high);
      STORE(out + c, e);
      sum += e;
    }
    REAL total = 0;
    for (int j = 0; j < VL; j++) total += sum[j];
    if (c < width) {
      int64_t n = width - c;
      VEC e = VEXP(NAME(part_load)(x + c, n) +
                   NAME(part_load)(offset + c, n) - high);
      NAME(part_store)(out + c, e, n);
      for (int64_t j = 0; j < n; j++) total += out[c + j];
    }
    sums[r] = total;
  }
}

// A product is a variable of its own, since compilers may fuse within an expression.
ALWAYS void NAME(adam_part)(int64_t n, const REAL *step, REAL *w, REAL *g,
                            REAL *m, REAL *v) {
  VEC d = PART_LOAD(g, n), square = d * d;
  VEC kept = PART_LOAD(m, n) * SPLAT(step[0]), taken = d * SPLAT(step[2]);
  VEC first = kept + taken;
  kept = PART_LOAD(v, n) * SPLAT(step[1]), taken = square * SPLAT(step[3]);
  VEC second = kept + taken;
  VEC unbiased = second * SPLAT(step[5]), move = first * SPLAT(step[4]);
  move = move * SPLAT(step[6]);
  PART_STORE(m, first, n);
  PART_STORE(v, second, n);
  PART_STORE(g, (VEC){0}, n);
  PART_STORE(w, PART_LOAD(w, n) + move / (SQRT(unbiased) + SPLAT(step[7])), n);
}

TARGET static void NAME(adam)(int64_t n, const void *step, void *w_, void *g_,
                              void *m_, void *v_) {
  REAL *w = w_, *g = g_, *m = m_, *v = v_;
  int64_t i = 0;
  for (; i + VL <= n; i += VL) NAME(adam_part)(VL, step, w + i, g + i, m + i, v + i);
  if (i < n) NAME(adam_part)(n - i, step, w + i, g + i, m + i, v + i);
}
