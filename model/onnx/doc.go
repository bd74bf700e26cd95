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
package onnx
