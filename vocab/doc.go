// Package vocab numbers the words of a corpus.
//
// A [Vocabulary] maps words to ids and back and knows how often each word was
// counted. Ids start at 1 in the order of falling frequency; words of equal
// frequency stand in the order of their bytes, so that the same counts give
// the same ids whatever the order of counting. Id 0, [UNK], is both the
// unknown word and padding: it has no word and no count.
//
// A vocabulary is kept as lines "word<TAB>count", the word with id 1 first.
package vocab
