// Package onnx writes trained networks in the Open Neural Network Exchange format
// (https://onnx.ai), IR version 8, operator set 17: what onnxruntime and many other
// engines run, without any program of this project.
//
// # The network pointer
//
// Inputs, all int32, where batch, left_time and right_time are free:
//
//	left           [batch, left_time]   word ids left of the blank, in reading order, then zeros
//	right          [batch, right_time]  word ids right of the blank, likewise
//	left_lengths   [batch]              real words of left, at least 1
//	right_lengths  [batch]              real words of right, at least 1
//
// An id is a word's line, from 1, in the vocabulary; 0 stands for words that it
// lacks and for padding. An empty context is the single id 0.
//
// Outputs, both float:
//
//	scores         [batch, left_time+right_time]  -1e12 at padding
//	probabilities  [batch, left_time+right_time]  softmax of the scores
//
// The answer is the word whose places have the largest sum of probabilities. Words
// that the vocabulary lacks have one id but are different words: the caller, who
// has their spelling, adds up.
//
// # The network reader
//
// Inputs, all int32, for one passage with one blank; time, width and candidates are
// free. [reader.Network.Inputs] makes them of an example, docs/interop/answer_reader.js
// of words.
//
//	words       [time]                word ids, 0 for the blank and for unknown words
//	characters  [time, width]         numbers of each word's characters, then zeros
//	letters     [time]                characters of each word, at least 1
//	blank       [1]                   position of the blank
//	states      [candidates, 3]       positions whose states make the key, its own first
//	kinds       [candidates]          number of the key's map
//	features    [candidates, groups]  one feature of each group
//	same        [candidates]          number of the first candidate that is the same word;
//	                                  only of networks with a second reading
//
// Outputs, both float:
//
//	scores         [candidates]
//	probabilities  [candidates]  softmax of the scores
//
// The answer is the word whose places have the largest sum of squared probabilities.
// Its own probability is the root of that sum, divided by the sum of all words' roots.
package onnx
