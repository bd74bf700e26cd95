// Package embed trains word vectors by skip-gram with negative sampling
// (Mikolov et al. 2013, "Distributed Representations of Words and Phrases and
// their Compositionality"), and reads, writes and compares vectors.
//
// # Terms
//
// Skip-gram: each word of a sentence is predicted from each word near it. The
// window is how near: for each word a reach is drawn evenly from 1 to the
// window, so that near words count more often than distant ones. Sentences
// are apart: no pair crosses their border.
//
// Negative sampling: for each such pair some words are drawn at random,
// proportional to count^0.75, which the model learns to tell from the real
// one.
//
// Subsampling: occurrences of frequent words are passed over at random, before
// windows are formed.
//
// Learning rate: alpha at the start, falling in one line over all epochs to a
// ten-thousandth of it.
//
// # Results
//
// The engine is deterministic: the same text, vocabulary, parameters and
// kernel give the same vectors to the bit.
package embed
