// The kernel's one body, included once per instruction set with these macros:
//
//   NAME(x)     x with the instruction set's suffix
//   TARGET      function attribute that selects the instruction set, or nothing
//   VL          floats in one vector register
//   FMA(a,b,c)  a*b+c on vectors, fused where the instruction set fuses it

#define ALWAYS static inline __attribute__((always_inline)) TARGET

typedef float NAME(vec) __attribute__((vector_size(VL * 4)));
typedef float NAME(uvec) __attribute__((vector_size(VL * 4), aligned(4), may_alias));
typedef uint32_t NAME(bits) __attribute__((vector_size(VL * 4)));

#define VEC NAME(vec)
#define BITS NAME(bits)
#define LOAD(p) ((VEC)(*(const NAME(uvec) *)(p)))
#define STORE(p, v) (*(NAME(uvec) *)(p) = (v))

ALWAYS VEC NAME(splat)(float x) { return (VEC){0} + x; }
#define SPLAT(x) NAME(splat)(x)

// 1 / (1 + e^-x). e^y is 2^k e^r with |r| <= ln 2 / 2; x is held within
// [-30, 30], beyond which nothing is learned in single precision.
ALWAYS VEC NAME(sigmoid)(VEC x) {
  BITS low = (BITS)(x < SPLAT(-30.0f)), high = (BITS)(x > SPLAT(30.0f));
  x = (VEC)((low & (BITS)SPLAT(-30.0f)) | (~low & (BITS)x));
  x = (VEC)((high & (BITS)SPLAT(30.0f)) | (~high & (BITS)x));
  VEC round = SPLAT(12582912.0f);
  VEC k = FMA(x, SPLAT(-1.44269504f), round) - round;
  VEC r = FMA(k, SPLAT(-0.693359375f), -x);
  r = FMA(k, SPLAT(2.12194440e-4f), r);
  VEC q = SPLAT(1.381459837e-03f);
  q = FMA(q, r, SPLAT(8.368716898e-03f));
  q = FMA(q, r, SPLAT(4.166838805e-02f));
  q = FMA(q, r, SPLAT(1.666652063e-01f));
  q = FMA(q, r, SPLAT(4.999999345e-01f));
  VEC e = FMA(q, r * r, r) + SPLAT(1.0f);
  e = (VEC)(((BITS)(k + round) << 23) + (BITS)e);
  return SPLAT(1.0f) / (SPLAT(1.0f) + e);
}

ALWAYS float NAME(dot)(const float *a, const float *b, int64_t stride) {
  VEC sum = (VEC){0};
  for (int64_t j = 0; j < stride; j += VL) sum = FMA(LOAD(a + j), LOAD(b + j), sum);
  // Halve the vector until one number is left: a fixed order of the sum.
  float part[VL];
  STORE(part, sum);
  for (int w = VL / 2; w > 0; w /= 2)
    for (int j = 0; j < w; j++) part[j] += part[j + w];
  return part[0];
}

// The gradient of one pair's loss -log s(t.x) - sum log s(-n.x), taken at one
// point: all inner products come before all updates.
TARGET static void NAME(pair)(int64_t stride, int64_t count,
                              const int32_t *rows, float alpha, float *x,
                              float *output) {
  float g[EMBED_NEGATIVES + 1 + VL];
  for (int64_t k = 0; k < count; k++) g[k] = NAME(dot)(x, output + rows[k] * stride, stride);
  for (int64_t k = count; k % VL; k++) g[k] = 0;
  for (int64_t k = 0; k < count; k += VL) STORE(g + k, NAME(sigmoid)(LOAD(g + k)));
  for (int64_t k = 0; k < count; k++) g[k] = ((k == 0 ? 1.0f : 0.0f) - g[k]) * alpha;
  for (int64_t j = 0; j < stride; j += VL) {
    VEC a = LOAD(x + j), d = a;
    for (int64_t k = 0; k < count; k++) {
      float *o = output + rows[k] * stride + j;
      VEC b = LOAD(o), s = SPLAT(g[k]);
      d = FMA(s, b, d);
      STORE(o, FMA(s, a, b));
    }
    STORE(x + j, d);
  }
}

TARGET static void NAME(train)(const embed_shape *shape, int64_t sentences,
                               const int32_t *ids, const int64_t *ends,
                               const float *alpha, const uint32_t *keep,
                               const uint32_t *threshold, const int32_t *alias,
                               uint64_t *state, int32_t *kept, float *input,
                               float *output) {
  const embed_shape z = *shape;
  uint64_t random = *state;
  int64_t from = 0;
  for (int64_t s = 0; s < sentences; s++) {
    int64_t n = 0;
    for (int64_t i = from; i < ends[s]; i++) {
      int32_t w = ids[i];
      if ((uint32_t)(embed_next(&random) >> 32) <= keep[w]) kept[n++] = w;
    }
    from = ends[s];
    for (int64_t i = 0; i < n; i++) {
      // A nearer word is a context more often: its weight falls with distance.
      int64_t reach = 1 + embed_below(&random, z.window);
      int64_t first = i - reach < 0 ? 0 : i - reach;
      int64_t last = i + reach >= n ? n - 1 : i + reach;
      for (int64_t c = first; c <= last; c++) {
        if (c == i) continue;
        int32_t rows[EMBED_NEGATIVES + 1];
        int64_t count = 1;
        rows[0] = kept[i];
        for (int64_t k = 0; k < z.negative; k++) {
          int64_t w = 1 + embed_below(&random, z.words - 1);
          if ((uint32_t)(embed_next(&random) >> 32) > threshold[w]) w = alias[w];
          if (w == kept[i]) continue;
          __builtin_prefetch(output + w * z.stride, 1);
          rows[count++] = w;
        }
        NAME(pair)(z.stride, count, rows, alpha[s], input + kept[c] * z.stride, output);
      }
    }
  }
  *state = random;
}

const embed_ops NAME(embed_ops) = {NAME(train), NAME(pair)};
