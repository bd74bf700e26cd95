// Package lstm is a fused bidirectional LSTM layer for gorgonia graphs, on the
// CPU, over sequences of different lengths.
//
// An LSTM unrolled from gorgonia's own operations needs a graph per length and
// compiles in superlinear time. Here the whole layer is one operation whose
// length may vary from run to run: sequences are packed without padding, the
// matrix products and gates run in C kernels that are chosen for the CPU when
// the program starts, and the gradients of all weights and of the input come
// from one fused backward operation.
//
// # Terms
//
// Layout: the places of a batch's sequences in a packed matrix. Rows are
// grouped by shard, then by time step; a step holds one row for each sequence
// that is longer than the step, longest sequences first. Nothing is computed
// for padding, and the backward direction starts at each sequence's last row.
//
// Shard: a part of the batch's sequences that steps through time on its own.
// How a batch is sharded depends on its number of sequences alone, never on
// the number of threads, so that results are the same for any number.
//
// Parameters: one flat vector θ for a layer, for each direction (forward, then
// backward) the input matrix [4h, in], the recurrent matrix [4h, h] and the
// bias [4h], with gates in the order i, f, g, o (PyTorch's); [Size.Split]
// gives the parts.
//
// Table: the distinct rows of an input, of which an index picks one for each
// packed row. The product of input and weights is then computed once for each
// distinct word instead of once for each position.
//
// # The layer
//
// For each direction, with x_t the input row and h_0 = c_0 = 0:
//
//	i, f, o = σ(W x_t + U h_{t-1} + b)    input, forget and output gates
//	g       = tanh(W x_t + U h_{t-1} + b) candidate
//	c_t     = f c_{t-1} + i g
//	h_t     = o tanh(c_t)
//
// after Hochreiter and Schmidhuber (1997) and Gers et al. (2000), without
// peepholes. The output row is [forward h_t, backward h_t], 2h wide.
//
// # Determinism
//
// On one [Kernel], results are the same to the bit for any number of threads.
// The portable kernel gives the same bits on every CPU; the others differ from
// it by rounding. [BF16] rounds the operands of all matrix products to
// bfloat16 and gives results within some thousandths of the others'; it is
// never chosen unasked. [Exp] and [Log] let a loss keep the same bits, too.
package lstm
