// Package ui tells a person, or a program, how a pipeline gets on: progress bars
// on a terminal, a plain line every few seconds where there is none, JSON lines
// on demand, nothing but errors and results when quiet.
//
// Progress and messages go to the standard error stream, results to the standard
// output, so that "pipeline predict >answers" holds only answers.
package ui
