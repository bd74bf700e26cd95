// Package perceptron cuts Chinese text into words as a segmented text does that
// it has learned from. Standards of what a word is differ (一个 is one word to some
// and two to others), and a text that is to be read together with another one
// should be cut alike.
//
// Each character is tagged as the beginning, middle or end of a word, or a word by
// itself (Xue, "Chinese word segmentation as character tagging", 2003). The tags of
// a sentence are those with the largest sum of weights, found by the Viterbi
// algorithm; the weights are learned by an averaged structured perceptron (Collins,
// "Discriminative training methods for hidden Markov models", 2002). What weights
// are looked up by, are the characters around, and how another segmenter,
// the guide, cuts the text: what its dictionary knows of words that the text lacks
// (guide features; Jiang, Huang and Liu, "Automatic adaptation of annotation
// standards", 2009).
// Weights stand in a table by the hash of what they are looked up by (Shi et al.,
// "Hash kernels for structured data", 2009); two that share a place are one.
//
// All arithmetic is in integers: the same sentences, options and guide give the
// same weights on every machine.
package perceptron
