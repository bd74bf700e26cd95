// Runs every kernel that the CPU has over odd shapes and holds the results
// against plain loops in double. Built with the sanitizers by
// TestSanitizers: all buffers are of the exact size that kernel.h promises to
// touch, so that one element too far is an error.
//
// With the argument "overrun" the output of a product is one element short,
// which the address sanitizer must catch: it shows that the check checks.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

static int kernel;
static uint64_t state = 1;

static uint64_t draw(void) {  // splitmix64
  uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}
static int64_t below(int64_t n) { return (int64_t)(draw() % (uint64_t)n); }
static int64_t between(int64_t a, int64_t b) { return a + below(b - a + 1); }

static void *take(int64_t bytes) {
  void *p = malloc((size_t)bytes);  // 0 bytes: none may be touched
  if (!p) abort();
  return p;
}

// A tested buffer and the doubles it was filled from, n elements each.
typedef struct {
  void *real;
  double *want;
  int64_t n;
} buffer;

static int64_t width(void) { return kernel == LSTM_DOUBLE ? 8 : 4; }

static double get(const void *real, int64_t i) {
  return kernel == LSTM_DOUBLE ? ((const double *)real)[i]
                               : ((const float *)real)[i];
}

static buffer make(int64_t n) {
  buffer b = {take(n * width()), take(n * 8), n};
  for (int64_t i = 0; i < n; i++) {
    float v = (float)(below(2001) - 1000) / 1024;
    b.want[i] = v;
    if (kernel == LSTM_DOUBLE)
      ((double *)b.real)[i] = v;
    else
      ((float *)b.real)[i] = v;
  }
  return b;
}

static void drop(buffer b) {
  free(b.real);
  free(b.want);
}

// A matrix of rows at a stride of ld, cut off behind its last element.
static buffer matrix(int64_t rows, int64_t columns, int64_t ld) {
  return make(rows == 0 ? 0 : (rows - 1) * ld + columns);
}

static void *packed(int64_t K, int64_t N, buffer B, int64_t rs, int64_t cs) {
  void *p = take(lstm_packed_len(kernel, K, N) * width());
  lstm_pack(kernel, K, N, B.real, rs, cs, p);
  return p;
}

// The whole buffer, gaps between rows included, is as expected.
static void compare(const char *what, buffer b) {
  double tolerance = kernel == LSTM_DOUBLE ? 1e-11
                     : kernel == LSTM_BF16 ? 0.1  // 8 bits, sums of hundreds
                                           : 1e-4;
  for (int64_t i = 0; i < b.n; i++) {
    double got = get(b.real, i), want = b.want[i];
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want)))) {
      fprintf(stderr, "kernel %d: %s: element %lld is %g, expected %g\n",
              kernel, what, (long long)i, got, want);
      exit(1);
    }
  }
}

static void gemm(int overrun) {
  int64_t M = between(1, 40), N = between(1, 150), K = between(1, 70);
  if (below(8) == 0) K += LSTM_DEEP;
  if (below(8) == 0) M += 100;
  int along = (int)below(2), accumulate = (int)below(2);
  int with_bias = !accumulate && below(2);
  int64_t lda = (along ? K : M) + below(3), ldc = N + below(3);
  buffer A = along ? matrix(M, K, lda) : matrix(K, M, lda);
  int transposed = (int)below(2);
  int64_t rs = transposed ? 1 : N, cs = transposed ? K : 1;
  buffer B = make(K * N), C = matrix(M, N, ldc), bias = make(N);
  if (overrun) C.real = realloc(C.real, (size_t)((C.n - 1) * width()));
  void *p = packed(K, N, B, rs, cs);
  for (int64_t m = 0; m < M; m++)
    for (int64_t n = 0; n < N; n++) {
      double s = accumulate ? C.want[m * ldc + n] : with_bias ? bias.want[n] : 0;
      for (int64_t k = 0; k < K; k++)
        s += A.want[along ? m * lda + k : k * lda + m] * B.want[k * rs + n * cs];
      C.want[m * ldc + n] = s;
    }
  lstm_gemm(kernel, M, N, K, A.real, lda, along, p, C.real, ldc,
            with_bias ? bias.real : NULL, accumulate);
  compare("gemm", C);
  free(p), drop(A), drop(B), drop(C), drop(bias);
}

static void gemm_tn(void) {
  int64_t M = between(1, 70), N = between(1, 130), K = between(1, 60);
  if (below(4) == 0) K += LSTM_DEEP;
  int64_t lda = M + below(3), ldb = N + below(3), ldc = N + below(3);
  int64_t of_b = below(2) ? K : between(1, K);
  int named = of_b < K || below(2);
  buffer A = matrix(K, M, lda), B = matrix(of_b, N, ldb), C = matrix(M, N, ldc);
  int32_t *rows = take(K * 4);
  for (int64_t k = 0; k < K; k++) rows[k] = (int32_t)between(-1, of_b - 1);
  void *scratch = take(lstm_packed_len(kernel, LSTM_DEEP, N) * width());
  for (int64_t k = 0; k < K; k++) {
    int64_t r = named ? rows[k] : k;
    for (int64_t m = 0; m < M && r >= 0; m++)
      for (int64_t n = 0; n < N; n++)
        C.want[m * ldc + n] += A.want[k * lda + m] * B.want[r * ldb + n];
  }
  lstm_gemm_tn(kernel, M, N, K, A.real, lda, B.real, ldb, named ? rows : NULL,
               C.real, ldc, scratch);
  compare("gemm_tn", C);
  free(rows), free(scratch), drop(A), drop(B), drop(C);
}

static void rows_and_columns(void) {
  int64_t count = between(1, 20), all = between(1, 20), w = between(1, 70);
  buffer Y = make(all * w), q = make(w), d = make(count), scores = make(count);
  buffer dY = make(all * w), dq = make(w), sum = make(w);
  int32_t *rows = take(count * 4);
  for (int64_t r = 0; r < count; r++) rows[r] = (int32_t)below(all);
  for (int64_t r = 0; r < count; r++) {
    scores.want[r] = 0;
    for (int64_t c = 0; c < w; c++) {
      int64_t y = rows[r] * w + c;
      scores.want[r] += Y.want[y] * q.want[c];
      dY.want[y] = d.want[r] * q.want[c];
      dq.want[c] += d.want[r] * Y.want[y];
    }
  }
  lstm_row_dots(kernel, count, rows, w, Y.real, w, q.real, scores.real);
  compare("row_dots", scores);
  lstm_row_dots_backward(kernel, count, rows, w, Y.real, w, q.real, d.real,
                         dY.real, dq.real);
  compare("row_dots_backward dY", dY);
  compare("row_dots_backward dq", dq);

  int64_t ld = w + below(3);
  buffer src = matrix(count, w, ld), dst = matrix(all, w, ld);
  for (int64_t r = 0; r < count; r++)
    for (int64_t c = 0; c < w; c++) {
      dst.want[rows[r] * ld + c] += src.want[r * ld + c];
      sum.want[c] += src.want[r * ld + c];
    }
  lstm_scatter_add(kernel, count, w, rows, src.real, ld, dst.real, ld);
  compare("scatter_add", dst);
  lstm_column_sum(kernel, count, w, src.real, ld, sum.real);
  compare("column_sum", sum);
  free(rows), drop(Y), drop(q), drop(d), drop(scores), drop(dY), drop(dq);
  drop(sum), drop(src), drop(dst);
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

// One direction of a layer, forward and backward, through the input's product
// and that product's gradient.
static void layer(void) {
  int64_t h = between(1, 40), in = between(1, 70), steps = between(1, 9);
  int64_t n0 = between(1, 12), rows = 0, ld = h + below(2) * h;
  int reverse = (int)below(2), tabular = (int)below(2);
  int32_t *active = take(steps * 4), *offset = take(steps * 4);
  int64_t n = n0;
  for (int64_t t = 0; t < steps; t++) {
    if (t > 0) n = between(1, n);
    active[t] = (int32_t)n, offset[t] = (int32_t)rows;
    rows += n;
  }
  int64_t words = tabular ? between(1, rows) : rows;
  int32_t *index = take(rows * 4);
  for (int64_t r = 0; r < rows; r++)
    index[r] = (int32_t)(tabular ? below(words) : r);
  buffer x = make(words * in), W = make(4 * h * in), U = make(4 * h * h);
  buffer bias = make(4 * h), product = make(words * 4 * h);
  for (int64_t i = 0; i < W.n + U.n; i++) {  // tame sums
    buffer b = i < W.n ? W : U;
    int64_t j = i < W.n ? i : i - W.n;
    b.want[j] /= 4;
    if (kernel == LSTM_DOUBLE)
      ((double *)b.real)[j] = b.want[j];
    else
      ((float *)b.real)[j] = (float)b.want[j];
  }
  void *pW = packed(in, 4 * h, W, 1, in), *pU = packed(h, 4 * h, U, 1, h);
  void *pB = packed(4 * h, h, U, h, 1);
  lstm_gemm(kernel, words, 4 * h, in, x.real, in, 1, pW, product.real, 4 * h,
            bias.real, 0);
  buffer gates = make(rows * 4 * h), cells = make(rows * h);
  buffer out = matrix(rows, h, ld), dout = matrix(rows, h, ld);
  buffer carry = make(2 * n0 * h);
  if (!tabular) memcpy(gates.real, product.real, (size_t)(rows * 4 * h * width()));

  for (int64_t i = 0; i < n0; i++) {
    int64_t length = 0;
    while (length < steps && active[length] > i) length++;
    for (int64_t s = 0; s < length; s++) {
      int64_t t = reverse ? length - 1 - s : s, r = offset[t] + i;
      int64_t p = s == 0 ? -1 : offset[reverse ? t + 1 : t - 1] + i;
      double *g = gates.want + r * 4 * h;
      for (int64_t j = 0; j < 4 * h; j++) {
        g[j] = bias.want[j];
        for (int64_t k = 0; k < in; k++)
          g[j] += x.want[index[r] * in + k] * W.want[j * in + k];
        for (int64_t k = 0; k < h && p >= 0; k++)
          g[j] += out.want[p * ld + k] * U.want[j * h + k];
        g[j] = j / h == 2 ? tanh(g[j]) : sigmoid(g[j]);
      }
      for (int64_t j = 0; j < h; j++) {
        double c = g[j] * g[2 * h + j];
        if (p >= 0) c += g[h + j] * cells.want[p * h + j];
        cells.want[r * h + j] = c;
        out.want[r * ld + j] = g[3 * h + j] * tanh(c);
      }
    }
  }
  lstm_forward(kernel, steps, active, offset, h, reverse, pU,
               tabular ? product.real : NULL, tabular ? index : NULL,
               gates.real, cells.real, out.real, ld);
  compare("forward: gates", gates);
  compare("forward: cells", cells);
  compare("forward: output", out);

  double *dh = take(h * 8), *dc = take(h * 8), *next = take(h * 8);
  for (int64_t i = 0; i < n0; i++) {
    int64_t length = 0;
    while (length < steps && active[length] > i) length++;
    memset(dh, 0, (size_t)h * 8), memset(dc, 0, (size_t)h * 8);
    for (int64_t s = length - 1; s >= 0; s--) {
      int64_t t = reverse ? length - 1 - s : s, r = offset[t] + i;
      int64_t p = s == 0 ? -1 : offset[reverse ? t + 1 : t - 1] + i;
      double *a = gates.want + r * 4 * h;
      for (int64_t j = 0; j < h; j++) {
        double gi = a[j], f = a[h + j], g = a[2 * h + j], o = a[3 * h + j];
        double y = dout.want[r * ld + j] + dh[j];
        double tc = tanh(cells.want[r * h + j]);
        double c = dc[j] + y * o * (1 - tc * tc);
        a[j] = c * g * gi * (1 - gi);
        a[h + j] = p < 0 ? 0 : c * cells.want[p * h + j] * f * (1 - f);
        a[2 * h + j] = c * gi * (1 - g * g);
        a[3 * h + j] = y * tc * o * (1 - o);
        dc[j] = c * f;
      }
      for (int64_t k = 0; k < h; k++) {
        next[k] = 0;
        for (int64_t j = 0; j < 4 * h; j++) next[k] += a[j] * U.want[j * h + k];
      }
      memcpy(dh, next, (size_t)h * 8);
    }
  }
  lstm_backward(kernel, steps, active, offset, h, reverse, pB, gates.real,
                cells.real, dout.real, ld, carry.real);
  compare("backward", gates);
  free(dh), free(dc), free(next), free(active), free(offset), free(index);
  free(pW), free(pU), free(pB), drop(x), drop(W), drop(U), drop(bias);
  drop(product), drop(gates), drop(cells), drop(out), drop(dout), drop(carry);
}

int main(int argc, char **argv) {
  int overrun = argc > 1 && strcmp(argv[1], "overrun") == 0;
  for (kernel = LSTM_PORTABLE; kernel <= LSTM_BF16; kernel++) {
    if (!lstm_kernel_available(kernel)) continue;
    for (int i = 0; i < 100; i++) gemm(overrun);
    for (int i = 0; i < 100; i++) gemm_tn();
    for (int i = 0; i < 100; i++) rows_and_columns();
    for (int i = 0; i < 120; i++) layer();
    printf("kernel %d: clean\n", kernel);
  }
}
