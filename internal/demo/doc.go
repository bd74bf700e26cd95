// Package demo is the demonstration that runs where there is no configuration:
// the tales of wakong/testdata/demo, which are built into the program, served as
// a web site on a loopback port while they are crawled, and the questions on
// further tales, answered at the end.
//
// The site has the fixed virtual address http://tales.example/, which the
// crawler dials on the loopback port, and a fixed capture time, so that all that
// is written is the same in every run.
//
// All parameters of the demonstration stand in demo.yaml.
package demo
