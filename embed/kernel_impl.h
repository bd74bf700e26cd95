// The kernels' one body, included once per instruction set with these macros:
//
//   NAME(x)  x with the suffix of the instruction set
//   TARGET   function attribute that selects the instruction set, or nothing
//   VL       floats in one vector register
//   STRIP    vectors of a row updated at once: two registers are held for each
//   FMA(a,b,c)   a*b+c on vectors, fused where the instruction set fuses it
//   SUM8(sum,p)  p[k] = sum of the lanes of sum[k], k < 8; SUM4 likewise
//
// Nothing here may let a sum's order depend on the thread: each part of a row
// is added up alone, and the parts in one fixed tree, so that a result depends
// on the instruction set alone.

#include <sched.h>

#define ALWAYS static inline __attribute__((always_inline)) TARGET

typedef float NAME(vec) __attribute__((vector_size(VL * 4)));
typedef int32_t NAME(ivec) __attribute__((vector_size(VL * 4)));
typedef float NAME(uvec)
    __attribute__((vector_size(VL * 4), aligned(4), may_alias));

#define VEC NAME(vec)
#define IVEC NAME(ivec)
#define LOAD(p) ((VEC)(*(const NAME(uvec) *)(p)))
#define STORE(p, v) (*(NAME(uvec) *)(p) = (v))
#define ALL(x) ((x) - (VEC){0})

// The row of a target, positive or negative.
#define ROW(out, target, stride)                                               \
  ((out) + (int64_t)((target) < 0 ? -(target) : (target)) * (stride))

// 1/(1+exp(-x)), to some 2e-7. Beyond 30 it is 0 or 1 in single precision.
// exp is 2^n times its Taylor polynomial on [-ln2/2, ln2/2].
ALWAYS VEC NAME(sigmoid)(VEC x) {
  const float magic = 12582912.0f; // 1.5 * 2^23: adding it rounds to whole n
  IVEC low = x < ALL(-30.0f), high = x > ALL(30.0f);
  x = (VEC)(((IVEC)x & ~low & ~high) | ((IVEC)ALL(-30.0f) & low) |
            ((IVEC)ALL(30.0f) & high));
  VEC t = FMA(x, ALL(-1.44269504f), ALL(magic)), n = t - magic;
  VEC r = FMA(n, ALL(-0.693359375f), -x);
  r = FMA(n, ALL(2.12194440e-4f), r);
  VEC p = FMA(r, ALL(1.0f / 720), ALL(1.0f / 120));
  p = FMA(p, r, ALL(1.0f / 24));
  p = FMA(p, r, ALL(1.0f / 6));
  p = FMA(p, r, ALL(0.5f));
  p = FMA(p, r, ALL(1.0f));
  p = FMA(p, r, ALL(1.0f));
  p = (VEC)((IVEC)p + (((IVEC)t - (IVEC)ALL(magic)) << 23));
  return 1.0f / (1.0f + p);
}

// scores[p*ld + k] = sum over part p of x * row of targets[k], k < m (4 or 8),
// first <= p < last. Of fewer than m targets the last counts for the missing
// ones too.
ALWAYS void NAME(dots)(const int m, int64_t width, int64_t stride, int first,
                       int last, const float *x, const float *out,
                       const int32_t *targets, int64_t n, float *scores,
                       int64_t ld) {
  const float *row[8];
  for (int k = 0; k < m; k++)
    row[k] = ROW(out, targets[k < n ? k : n - 1], stride);
  for (int64_t p = first; p < last; p++) {
    VEC sum[8];
    for (int k = 0; k < m; k++) sum[k] = (VEC){0};
    for (int64_t j = p * width; j < (p + 1) * width; j += VL) {
      VEC a = LOAD(x + j);
      for (int k = 0; k < m; k++) sum[k] = FMA(a, LOAD(row[k] + j), sum[k]);
    }
    if (m == 8) {
      SUM8(sum, scores + p * ld);
    } else {
      SUM4(sum, scores + p * ld);
    }
  }
}

// The scores of n targets. Writes up to seven more.
TARGET static void NAME(scores)(int64_t width, int64_t stride, int first,
                                int last, const float *x, const float *out,
                                const int32_t *targets, int64_t n,
                                float *scores, int64_t ld) {
  int64_t t = 0;
  for (; n - t > 4; t += 8)
    NAME(dots)(8, width, stride, first, last, x, out, targets + t, n - t, scores + t, ld);
  if (t < n)
    NAME(dots)(4, width, stride, first, last, x, out, targets + t, n - t, scores + t, ld);
}

// Updates m vectors of the input row and of the targets' rows, target by
// target in their order: a target may come twice.
ALWAYS void NAME(strip)(const int m, int64_t stride, float *x, float *out,
                        const int32_t *targets, int64_t n, const float *g) {
  VEC a[STRIP], sum[STRIP];
  for (int k = 0; k < m; k++) {
    a[k] = LOAD(x + k * VL);
    sum[k] = (VEC){0};
  }
  for (int64_t t = 0; t < n; t++) {
    float *row = ROW(out, targets[t], stride);
    VEC gt = ALL(g[t]);
    for (int k = 0; k < m; k++) {
      VEC o = LOAD(row + k * VL);
      sum[k] = FMA(gt, o, sum[k]);
      STORE(row + k * VL, FMA(gt, a[k], o));
    }
  }
  for (int k = 0; k < m; k++) STORE(x + k * VL, a[k] + sum[k]);
}

TARGET static void NAME(update)(int64_t width, int64_t stride, float *x,
                                float *out, const int32_t *targets, int64_t n,
                                const float *g) {
  int64_t j = 0;
  for (; j + STRIP * VL <= width; j += STRIP * VL)
    NAME(strip)(STRIP, stride, x + j, out + j, targets, n, g);
#if STRIP > 4
  for (; j + 4 * VL <= width; j += 4 * VL)
    NAME(strip)(4, stride, x + j, out + j, targets, n, g);
#endif
  for (; j < width; j += VL)
    NAME(strip)(1, stride, x + j, out + j, targets, n, g);
}

// Waits until every thread has come to the clock. A thread that another
// program has pushed aside must not be waited for at full speed for long.
static void NAME(wait)(const uint32_t *clocks, int threads, uint32_t clock) {
  for (int i = 0; i < threads; i++) {
    for (int spin = 0;; spin++) {
      uint32_t at = __atomic_load_n(clocks + i * 16, __ATOMIC_ACQUIRE);
      if ((int32_t)(at - clock) >= 0) break;
      if (spin > 2000) sched_yield();
#if defined(__x86_64__)
      else __builtin_ia32_pause();
#endif
    }
  }
}

// gradient[t] = (label - sigmoid(score)) * learning rate, for one round.
TARGET static void NAME(gradients)(int parts, const float *partial, int64_t ld,
                                   int64_t n, float *gradient) {
  for (int64_t t = 0; t < n; t += VL) {
    const float *p = partial + t;
    VEC s = LOAD(p);
    if (parts == 2) s = s + LOAD(p + ld);
    if (parts == 4) s = (s + LOAD(p + ld)) + (LOAD(p + 2 * ld) + LOAD(p + 3 * ld));
    STORE(gradient + t, NAME(sigmoid)(s));
  }
}

TARGET void NAME(skipgram_train)(SKIPGRAM_ARGUMENTS) {
  int64_t begin = 0; // of the round, in targets
  int64_t run = 0;
  for (int64_t round = 0; round < n_rounds; round++) {
    // Two sets of scores in turn: a thread may be one round ahead.
    float *scores = partial + (clock++ & 1) * parts * ld;
    int64_t t = begin;
    for (int64_t r = run; r < rounds[round]; t = ends[r++])
      NAME(scores)(width, stride, first, last, in + inputs[r] * stride, out,
                   targets + t, ends[r] - t, scores + (t - begin), ld);
    if (threads > 1) {
      __atomic_store_n(clocks + thread * 16, clock, __ATOMIC_RELEASE);
      NAME(wait)(clocks, threads, clock);
    }
    NAME(gradients)(parts, scores, ld, t - begin, gradient);
    t = begin;
    for (; run < rounds[round]; t = ends[run++]) {
      int64_t n = ends[run] - t;
      float *g = gradient + (t - begin), alpha = alphas[run];
      for (int64_t k = 0; k < n; k++)
        g[k] = ((float)(targets[t + k] < 0) - g[k]) * alpha;
      NAME(update)((last - first) * width, stride,
                   in + inputs[run] * stride + first * width,
                   out + first * width, targets + t, n, g);
    }
    begin = t;
  }
}
