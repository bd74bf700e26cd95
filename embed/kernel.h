// The inner loop of skip-gram training with negative sampling. Functions keep
// no state and do not allocate; the caller (kernel.go) has checked every
// length.
#ifndef WAKONG_EMBED_KERNEL_H
#define WAKONG_EMBED_KERNEL_H

#include <stdint.h>

// Instruction sets a kernel may be built for.
enum { EMBED_PORTABLE = 1, EMBED_AVX2 = 2, EMBED_AVX512 = 3 };

// Rows of the matrices stand at a multiple of so many floats, zero beyond the
// vector's size, so that no kernel needs a special end.
enum { EMBED_ALIGN = 16 };

// Negatives of one pair at most; with the target they fill whole vectors.
enum { EMBED_NEGATIVES = 63 };

// embed_kernel_available tells whether this CPU and system run the kernel.
int embed_kernel_available(int kernel);

// What stays the same during a training.
typedef struct {
  int64_t words;          // rows of both matrices
  int64_t stride;         // floats from row to row, a multiple of EMBED_ALIGN
  int64_t window;         // largest distance of a context word
  int64_t negative;       // negatives drawn for a pair
} embed_shape;

// Trains on sentences in order: sentence s holds ids[ends[s-1]] up to
// ids[ends[s]-1] (the first begins at 0) and has learning rate alpha[s].
//
// keep[w] is the chance, in 2^-32, that an occurrence of w survives
// subsampling. Negatives come by the alias method from threshold and alias.
// state is the generator's, kept scratch for the longest sentence.
void embed_train(int kernel, const embed_shape *shape, int64_t sentences,
                 const int32_t *ids, const int64_t *ends, const float *alpha,
                 const uint32_t *keep, const uint32_t *threshold,
                 const int32_t *alias, uint64_t *state, int32_t *kept,
                 float *input, float *output);

// One pair: input row "center" against output rows[0] (the target, label 1)
// and rows[1..count-1] (negatives, label 0).
void embed_pair(int kernel, int64_t stride, int64_t center, int64_t count,
                const int32_t *rows, float alpha, float *input, float *output);

#endif
