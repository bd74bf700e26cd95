// A table of one kernel's functions, with kernel.h's arguments less the kernel.
#ifndef WAKONG_LSTM_KERNEL_OPS_H
#define WAKONG_LSTM_KERNEL_OPS_H

#include "kernel.h"

// Compilers that know AVX-512 BF16.
#if defined(__x86_64__) && \
    ((defined(__clang__) && __clang_major__ >= 12) || \
     (!defined(__clang__) && __GNUC__ >= 11))
#define LSTM_HAS_BF16
#endif

typedef struct {
  int64_t (*packed_len)(int64_t, int64_t);
  void (*pack)(int64_t, int64_t, const void *, int64_t, int64_t, void *);
  void (*gemm)(int64_t, int64_t, int64_t, const void *, int64_t, int,
               const void *, void *, int64_t, const void *, int);
  void (*gemm_tn)(int64_t, int64_t, int64_t, const void *, int64_t,
                  const void *, int64_t, const int32_t *, void *, int64_t,
                  void *);
  void (*forward)(int64_t, const int32_t *, const int32_t *, int64_t, int,
                  const void *, const void *, const int32_t *, void *, void *,
                  void *, int64_t);
  void (*backward)(int64_t, const int32_t *, const int32_t *, int64_t, int,
                   const void *, void *, const void *, const void *, int64_t,
                   void *);
  void (*row_dots)(int64_t, const int32_t *, int64_t, const void *, int64_t,
                   const void *, void *);
  void (*row_dots_backward)(int64_t, const int32_t *, int64_t, const void *,
                            int64_t, const void *, const void *, void *,
                            void *);
  void (*gather_sum)(int64_t, const int32_t *, int64_t, const uint16_t *,
                     int64_t, const void *, void *);
  void (*gather_sum_backward)(int64_t, const int32_t *, int64_t,
                              const uint16_t *, int64_t, const void *, void *);
  void (*scatter_add)(int64_t, int64_t, const int32_t *, const void *, int64_t,
                      void *, int64_t);
  void (*column_sum)(int64_t, int64_t, const void *, int64_t, void *);
  void (*exp_rows)(int64_t, int64_t, const void *, const void *, void *,
                   void *);
  void (*adam)(int64_t, const void *, void *, void *, void *, void *);
} lstm_ops;

#endif
