// The arithmetic of skip-gram training, compiled for several instruction sets.
#ifndef WAKONG_EMBED_KERNEL_H
#define WAKONG_EMBED_KERNEL_H

#include <stdint.h>

enum { SKIPGRAM_PORTABLE = 1, SKIPGRAM_AVX2 = 2, SKIPGRAM_AVX512 = 3 };

// Parts of a row are whole multiples of this many floats.
#define SKIPGRAM_UNIT 16

// One list of updates. A run is the updates of one input row; a round is runs
// whose scores are all taken from the weights as they were before the round.
// Rows lie stride floats apart and are cut into `parts` parts of `width`
// floats; each thread owns the parts [first, last) of every row.
#define SKIPGRAM_ARGUMENTS                                                     \
  int64_t width, int64_t stride, int parts, int first, int last, int threads,  \
      int thread, uint32_t *clocks, uint32_t clock, float *in, float *out,     \
      const int32_t *inputs, const float *alphas, const int32_t *ends,         \
      const int32_t *rounds, int64_t n_rounds, const int32_t *targets,         \
      float *partial, int64_t ld, float *gradient

// Whether this CPU runs the kernel.
int skipgram_available(int kernel);

// Trains rounds 0..n_rounds-1:
//
//   inputs[r], alphas[r], ends[r]  input row and learning rate of run r; its
//             targets end before ends[r] and begin where run r-1's end
//   rounds[i] the run before which round i ends
//   targets   output rows; a positive sample is stored negated
//   partial   [2, parts, ld] parts of the scores, shared by the threads; ld is
//             at least 16 above the targets of the largest round, in whole
//             units of 16
//   gradient  [ld], this thread's own
//   clocks    [threads, 16] rounds done, shared by the threads, clock before
//             the first round
void skipgram_train(int kernel, SKIPGRAM_ARGUMENTS);

#endif
