// Package embed trains word vectors by skip-gram with negative sampling, finds
// neighbours and analogies among them, and reads and writes the file formats of
// word2vec, fastText, GloVe and NumPy.
//
// [CountWords] makes a vocabulary of a text, [Train] the vectors. The text is
// a [Sentences]: a function that gives the sentences anew each time, so that
// it need not fit into memory. The same text, vocabulary, parameters and
// [Kernel] give the same bytes, whatever the number of threads, and a training
// that was killed goes on from its [Checkpoint] to the same bytes. [Params] with
// Asynchronous set, or with the engine wego, give up both.
//
// # Terms
//
//   - Skip-gram: a word's vector is trained to tell which words stand near it.
//   - Window: how far "near" reaches; drawn anew for each word.
//   - Negative sample: a word drawn at random, by count^0.75, which the vector
//     is trained to tell from the words that do stand near.
//   - Subsampling: frequent words are dropped at random from sentences.
//   - Input and output vectors: each word has two; the input vectors are the
//     result, the output vectors are what their scores are taken against.
//   - Learning rate (alpha): the step of an update. It falls in one line from
//     the start of the training to its end.
//   - Epoch: one pass over the text.
//
// # Method
//
// T. Mikolov, K. Chen, G. Corrado, J. Dean, "Efficient estimation of word
// representations in vector space", 2013, and T. Mikolov, I. Sutskever, K.
// Chen, G. Corrado, J. Dean, "Distributed representations of words and phrases
// and their compositionality", 2013; where these leave a choice, as
// word2vec.c has it.
package embed
