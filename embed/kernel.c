// Choice of the kernel at run time.
#include "kernel.h"

void skipgram_train_portable(SKIPGRAM_ARGUMENTS);
#if defined(__x86_64__)
void skipgram_train_avx2(SKIPGRAM_ARGUMENTS);
void skipgram_train_avx512(SKIPGRAM_ARGUMENTS);
#endif

int skipgram_available(int kernel) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (kernel == SKIPGRAM_AVX2) return avx2;
  if (kernel == SKIPGRAM_AVX512)
    return avx2 && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512dq");
#endif
  return kernel == SKIPGRAM_PORTABLE;
}

#define PASS                                                                   \
  width, stride, parts, first, last, threads, thread, clocks, clock, in, out,  \
      inputs, alphas, ends, rounds, n_rounds, targets, partial, ld, gradient

void skipgram_train(int kernel, SKIPGRAM_ARGUMENTS) {
#if defined(__x86_64__)
  if (kernel == SKIPGRAM_AVX512) {
    skipgram_train_avx512(PASS);
    return;
  }
  if (kernel == SKIPGRAM_AVX2) {
    skipgram_train_avx2(PASS);
    return;
  }
#endif
  skipgram_train_portable(PASS);
}
