// Choice of the kernel at run time.
#include "kernel_ops.h"

extern const embed_ops embed_ops_portable;
#if defined(__x86_64__)
extern const embed_ops embed_ops_avx2, embed_ops_avx512;
#endif

int embed_kernel_available(int kernel) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (kernel == EMBED_AVX2) return avx2;
  if (kernel == EMBED_AVX512)
    return avx2 && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#endif
  return kernel == EMBED_PORTABLE;
}

static const embed_ops *ops(int kernel) {
#if defined(__x86_64__)
  if (kernel == EMBED_AVX512) return &embed_ops_avx512;
  if (kernel == EMBED_AVX2) return &embed_ops_avx2;
#endif
  (void)kernel;
  return &embed_ops_portable;
}

void embed_train(int kernel, const embed_shape *shape, int64_t sentences,
                 const int32_t *ids, const int64_t *ends, const float *alpha,
                 const uint32_t *keep, const uint32_t *threshold,
                 const int32_t *alias, uint64_t *state, int32_t *kept,
                 float *input, float *output) {
  ops(kernel)->train(shape, sentences, ids, ends, alpha, keep, threshold, alias,
                     state, kept, input, output);
}

void embed_pair(int kernel, int64_t stride, int64_t center, int64_t count,
                const int32_t *rows, float alpha, float *input, float *output) {
  ops(kernel)->pair(stride, count, rows, alpha, input + center * stride, output);
}
