// Package corpus turns raw Chinese text into a clean, segmented corpus without
// repetitions, and into cloze questions.
//
// The way of a text through it:
//
//	Source.Samples   files -> documents as they were read
//	Prepare          -> without leaks and duplicates, clean, cut into sentences and words
//	Deduplicate      -> without copies, and nothing else done to them
//	WriteDocuments   -> JSON Lines; WriteSentences -> text for word2vec
//	Statistics       -> lengths, growth of the vocabulary, frequencies
//	Generator        -> cloze questions; AnswerMatch -> those whose answers are
//	                 distributed as in a reference set
//	QuestionSource   files of ready questions -> questions
//
// Everything streams (iter.Seq2 of values and errors): a corpus larger than
// memory passes through. What a stream reads is read while it is ranged over,
// and the reports handed out beside it are complete at its end. Except where
// said otherwise a stream ends with its first error.
//
// # Glossary
//
//   - Document: one text with its id; what is read, prepared and written.
//   - Passage: the text that a question asks about.
//   - Blank: the place of the missing word, [Blank] in files.
//   - Question: a passage with one blank and, where known, its answer.
//   - Sample: one question as it stands in a contest's file, with its passage,
//     query and perhaps answer. Several samples can share a passage.
//   - Leak: a document that shares text with a question that models will be
//     judged by: a run of 16 Chinese characters, or all of a shorter passage.
//   - Step: one transformation in the cleaning of text, a character filter; it
//     tells its changes, so that [Offsets] lead back to the original bytes.
//   - Token: a word with its place in the original text, from an [Analyzer]:
//     character filters, then a tokenizer ([Segmenter]), then token filters.
//   - Mojibake: text that was once decoded wrongly.
//   - Gold standard: text that was segmented by people, to judge segmenters by.
//
// # Formats
//
// cmrc2017 (CMRC 2017, Cui et al., https://arxiv.org/abs/1709.08299): a sample
// is lines "n ||| sentence", words separated by spaces, numbered from 1, one
// of which holds the blank, and ends with "<qid_k> ||| query". Answers stand
// in a file of their own, "<qid_k> ||| word"; ids may have gaps.
//
// pdcft (PD&CFT, Cui et al., https://arxiv.org/abs/1607.02250): the same
// lines, but the last one is "n ||| query ||| answer" and holds the blank.
//
// jsonl: a JSON object a line. text: a file, or all .txt and .md files of a
// folder but those that describe it (README, LICENSE); Markdown is reduced to
// its words, its first heading becoming the title. documents: JSON Lines of
// [Document]. warc: an archive of web pages, from which [Source.Pages] takes stories.
//
// A path may be a pattern (*, **, ?, {a,b}); files that end in .gz or .zst are
// unpacked while they are read.
//
// In all of them a byte order mark and "\r\n" are taken, lines of white space
// in the first three are passed over, and a line of more than 16 MiB is an
// error (256 MiB in format documents, where a line holds a whole book). Words of
// more than [MaxWord] characters are dropped and counted, longer ids than [MaxID]
// are errors. Text that is no UTF-8 is an error unless the encoding is named; NUL
// is one in the contest formats. Errors about input are [*InputError]s.
//
// # The dictionary's place
//
// jieba reads its dictionary from files. They are packed in the program (see
// internal/jiebadict/data/LICENSE for whose they are), unpacked when [NewJieba]
// is first called into the folder wakong of [os.UserCacheDir] or, where that
// cannot be written, the folder wakong-UID of [os.TempDir], and verified by their hashes at each
// start. Where neither can be written NewJieba returns an error that names
// both; an unpacked folder may be read-only.
package corpus
