// A table of one kernel's functions, and the random numbers that all share.
#ifndef WAKONG_EMBED_KERNEL_OPS_H
#define WAKONG_EMBED_KERNEL_OPS_H

#include "kernel.h"

typedef struct {
  void (*train)(const embed_shape *, int64_t, const int32_t *, const int64_t *,
                const float *, const uint32_t *, const uint32_t *,
                const int32_t *, uint64_t *, int32_t *, float *, float *);
  void (*pair)(int64_t, int64_t, const int32_t *, float, float *, float *);
} embed_ops;

// SplitMix64 (Steele, Lea and Flood 2014): fast, and any state is a good one.
static inline uint64_t embed_next(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// A number from 0 to n-1, by multiplication (Lemire 2019); its bias is below
// n / 2^32.
static inline int64_t embed_below(uint64_t *state, int64_t n) {
  return (int64_t)(((embed_next(state) >> 32) * (uint64_t)n) >> 32);
}

#endif
