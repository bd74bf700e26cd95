// Package jiebadict carries jieba's dictionary and HMM model inside the binary
// and unpacks them for cppjieba, which reads nothing but files.
//
// The library gojieba finds its dictionaries in the module cache of the
// machine it was built on; a binary that is moved, or built with -trimpath,
// aborts. Hence this copy: the dictionary as columns (the length of the prefix
// that a word shares with the word before it, the rest of the word, its
// frequency, its part of speech), each compressed with zstd, some 1.5 MB
// instead of 5.6 MB. Unpacked it is the original, byte for byte, which
// manifest.json's hashes tell.
//
// The data in data/ is made by `go generate` from the version of gojieba that
// go.mod names. Its licence (MIT) stands in data/LICENSE.
package jiebadict

//go:generate go run ./gen data
