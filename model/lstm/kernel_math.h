// Vector helpers of kernel_impl.h: loads and stores of part of a vector,
// sigmoid and tanh, square roots.

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
#if !defined(MIN)
#define SELECT(mask, a, b) \
  ((VEC)(((IVEC)(mask) & (IVEC)(a)) | (~(IVEC)(mask) & (IVEC)(b))))
#define MIN(a, b) SELECT((a) < (b), a, b)
#define MAX(a, b) SELECT((a) > (b), a, b)
#endif

// e^x = s (1 + p) for x within [-87, 88]: x = k ln 2 + r with |r| <= ln 2 / 2,
// s = 2^k and p = e^r - 1 = r + r^2 q(r), q a minimax fit (relative error of
// e^r 3e-9 before rounding).
ALWAYS void NAME(exp_parts)(VEC x, VEC *s, VEC *p) {
  VEC magic = SPLAT(12582912.0f);  // 1.5 * 2^23: adding it rounds to integer
  VEC t = FMA(x, SPLAT(1.44269504f), magic);
  VEC k = t - magic;
  VEC r = FMA(k, SPLAT(-0.693359375f), x);       // ln 2 in two parts: the
  r = FMA(k, SPLAT(2.12194440e-4f), r);          // first has few bits
  VEC q = SPLAT(1.381446475e-03f);
  q = FMA(q, r, SPLAT(8.368780622e-03f));
  q = FMA(q, r, SPLAT(4.166839426e-02f));
  q = FMA(q, r, SPLAT(1.666652011e-01f));
  q = FMA(q, r, SPLAT(4.999999341e-01f));
  *p = FMA(q, r * r, r);
  // t has k in its low mantissa bits: shift it into the exponent.
  *s = (VEC)(((IVEC)t << 23) + (IVEC)SPLAT(1.0f));
}

// tanh x = (e^2x - 1) / (e^2x + 1), where e^2x - 1 = s p + (s - 1) does not
// cancel near 0: s is 1 there. Beyond 15 it is 1 in single precision.
ALWAYS VEC NAME(vtanh)(VEC x) {
  VEC s, p, one = SPLAT(1.0f);
  x = MAX(SPLAT(-30.0f), MIN(SPLAT(30.0f), x + x));
  NAME(exp_parts)(x, &s, &p);
  p = s * p;
  return (p + (s - one)) / (p + (s + one));
}
// sigmoid x = 1 / (1 + e^-x), in the range where neither e^-x nor its inverse
// leaves the normal numbers.
ALWAYS VEC NAME(sigmoid)(VEC x) {
  VEC s, p, one = SPLAT(1.0f);
  x = MAX(SPLAT(-87.0f), MIN(SPLAT(88.0f), -x));
  NAME(exp_parts)(x, &s, &p);
  return one / FMA(s, p, s + one);
}
// e^x for x up to 0; below -87 it is next to nothing instead of nothing.
ALWAYS VEC NAME(vexp)(VEC x) {
  VEC s, p;
  x = MAX(SPLAT(-87.0f), MIN(SPLAT(0.0f), x));
  NAME(exp_parts)(x, &s, &p);
  return FMA(s, p, s);
}
#else
ALWAYS VEC NAME(vexp)(VEC x) {
  for (int j = 0; j < VL; j++) x[j] = exp(x[j]);
  return x;
}
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
#if !defined(SQRT)
ALWAYS VEC NAME(vsqrt)(VEC x) {
  for (int j = 0; j < VL; j++) x[j] = sizeof(REAL) == 8 ? sqrt(x[j]) : sqrtf(x[j]);
  return x;
}
#define SQRT(x) NAME(vsqrt)(x)
#endif
#define VEXP(x) NAME(vexp)(x)
#define VTANH(x) NAME(vtanh)(x)
