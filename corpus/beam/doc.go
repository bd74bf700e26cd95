// Package beam does the work of the stages segment and build on Apache Beam, on
// one machine or on many: reading, cleaning, leaks, exact and near copies,
// sentences, words, the vocabulary, and examples to train on. What is done to a
// text is done by the packages corpus, vocab and model; here stands how it is
// spread and brought together. The result is that of the stages to the byte, in
// parts (see [Join]).
//
// # The order of things
//
// Documents keep the place that they have in the input: the number of their shard,
// which is some files, and their number within it. Neighbours in a shard make a
// unit, which is segmented, named and written together; the name of its files is
// the place of its first document. So the parts in the order of their names are
// the whole.
//
// # Glossary
//
//   - Shard: files that are read by one worker, one after the other.
//   - Unit: neighbouring documents of a shard, some megabytes of text.
//   - Place: what an item is chosen by among its copies: rank, id, position.
//   - Content: all items with the same letters, digits and Chinese characters.
package beam
