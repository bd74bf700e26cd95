// Vector helpers of kernel_impl.h: splat, loads and stores of part of a
// vector, sigmoid and tanh.

ALWAYS VEC NAME(splat)(REAL x) {
  VEC v = {0};
  return v + x;
}
#define SPLAT(x) NAME(splat)(x)

// n is VL, a constant after inlining, everywhere but at the end of a row.
ALWAYS VEC NAME(part_load)(const REAL *p, int64_t n) {
  if (n == VL) return LOAD(p);
  VEC v = (VEC){0};
  memcpy(&v, p, n * sizeof(REAL));
  return v;
}
ALWAYS void NAME(part_store)(REAL *p, VEC v, int64_t n) {
  if (n == VL)
    STORE(p, v);
  else
    memcpy(p, &v, n * sizeof(REAL));
}
#define PART_LOAD(p, n) NAME(part_load)(p, n)
#define PART_STORE(p, v, n) NAME(part_store)(p, v, n)

#if !defined(LIBM)
typedef uint32_t NAME(ivec) __attribute__((vector_size(VL * sizeof(REAL))));
#define IVEC NAME(ivec)
#define SELECT(mask, a, b) \
  ((VEC)(((IVEC)(mask) & (IVEC)(a)) | (~(IVEC)(mask) & (IVEC)(b))))

// e^x by x = k ln 2 + r, |r| <= ln 2 / 2, and e^r = 1 + r + r^2 q(r), q a
// weighted least-squares fit (relative error 5e-11 before rounding). x is held
// within [-87, 88], where neither e^x nor its inverse leaves the normal range.
ALWAYS VEC NAME(vexp)(VEC x) {
  VEC lo = SPLAT(-87.0f), hi = SPLAT(88.0f);
  x = SELECT(x < lo, lo, x);
  x = SELECT(x > hi, hi, x);
  VEC magic = SPLAT(12582912.0f);  // 1.5 * 2^23: adding it rounds to integer
  VEC k = FMA(x, SPLAT(1.44269504f), magic) - magic;
  VEC r = FMA(k, SPLAT(-0.693359375f), x);       // ln 2 in two parts: the
  r = FMA(k, SPLAT(2.12194440e-4f), r);          // first has few bits
  VEC q = SPLAT(1.979034181e-04f);
  q = FMA(q, r, SPLAT(1.394465968e-03f));
  q = FMA(q, r, SPLAT(8.333497075e-03f));
  q = FMA(q, r, SPLAT(4.166629495e-02f));
  q = FMA(q, r, SPLAT(1.666666587e-01f));
  q = FMA(q, r, SPLAT(5.000000068e-01f));
  VEC e = FMA(q, r * r, r) + SPLAT(1.0f);
  // k + magic has k in its low mantissa bits: shift it into the exponent.
  IVEC bits = ((IVEC)(k + magic) << 23) + (IVEC)e;
  return (VEC)bits;
}

// tanh x = x + x^3 p(x^2) near 0, where 1 - 2/(e^2x + 1) would cancel.
ALWAYS VEC NAME(vtanh)(VEC x) {
  VEC s = x * x;
  VEC p = SPLAT(-5.666977360e-03f);
  p = FMA(p, s, SPLAT(2.060617686e-02f));
  p = FMA(p, s, SPLAT(-5.373000721e-02f));
  p = FMA(p, s, SPLAT(1.333133100e-01f));
  p = FMA(p, s, SPLAT(-3.333327806e-01f));
  VEC near = FMA(p * s, x, x);
  VEC far = SPLAT(1.0f) - SPLAT(2.0f) / (NAME(vexp)(x + x) + SPLAT(1.0f));
  return SELECT((x < SPLAT(0.625f)) & (x > SPLAT(-0.625f)), near, far);
}
ALWAYS VEC NAME(sigmoid)(VEC x) {
  return SPLAT(1.0f) / (SPLAT(1.0f) + NAME(vexp)(-x));
}
#else
// Double precision serves as the reference: the C library's functions.
ALWAYS VEC NAME(vtanh)(VEC x) {
  for (int j = 0; j < VL; j++) x[j] = tanh(x[j]);
  return x;
}
ALWAYS VEC NAME(sigmoid)(VEC x) {
  for (int j = 0; j < VL; j++) x[j] = 1 / (1 + exp(-x[j]));
  return x;
}
#endif
#define VTANH(x) NAME(vtanh)(x)
