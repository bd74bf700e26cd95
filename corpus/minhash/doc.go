// Package minhash finds texts that are nearly the same among very many, by
// MinHash signatures and locality-sensitive hashing (Broder, "On the
// resemblance and containment of documents", 1997; Leskovec, Rajaraman and
// Ullman, "Mining of Massive Datasets", chapter 3).
//
// The pieces can be used one by one:
//
//	Sketcher    characters -> Signature, a byte for each permutation
//	Similarity  two signatures -> their estimated Jaccard similarity
//	Params.Key  a signature's bands -> keys; texts that share one are candidates
//	Components  pairs -> groups
//	Index       all of it: items -> groups of exact and verified near copies
//
// # Glossary
//
//   - Shingle: a run of characters of fixed length; a text is the set of its
//     shingles.
//   - Jaccard similarity of two sets: what they have in common, divided by what
//     they have together; 1 for equal sets.
//   - Signature: k values, each of which is the same for two sets with a
//     probability that is their Jaccard similarity.
//   - Band: some rows (values) of a signature. Two texts are candidates where a
//     whole band is the same, for which the chance is steep in the similarity:
//     [Params.Recall].
package minhash
