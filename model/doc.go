// Package model answers cloze questions: which word of this passage fits the
// blank? It turns questions into examples and padded batches with multi-hot
// targets, trains a pointer network on them, predicts, and scores predictions.
//
// # Terms
//
// Example: a question as word ids, the context left of the blank and the
// context right of it apart. Id 0 is the unknown word of a [vocab.Vocabulary];
// ids from the vocabulary's length on are unknown words of this one example,
// kept apart so that they, too, can be the answer.
//
// Batch: examples side by side, padded to [B, L] and [B, R], with the target
// [B, L+R] in which each occurrence of the answer has 1/occurrences (multi-hot).
//
// Pointer network: one stack of bidirectional LSTM layers (package lstm) reads
// left and right context apart. The query is the mean of both contexts' final
// states; a position's score is the inner product of the query and the last
// layer's output there; the softmax over all positions of both contexts is the
// probability that the blank's word stands there too. Word vectors are
// constants, but for the unknown word's, which is learned. The loss is the
// cross-entropy with the multi-hot target, averaged over the batch. After
// Vinyals et al. (2015), Pointer Networks, and Kadlec et al. (2016), Text
// Understanding with the Attention Sum Reader.
//
// Prediction: the passage's words by probability; the probabilities of a word
// that stands in several places are added up.
//
// # Reproducibility
//
// Given the same examples, vectors, options and kernel, training gives the
// same weights to the bit, whatever the number of threads and however often it
// was interrupted and resumed.
package model
