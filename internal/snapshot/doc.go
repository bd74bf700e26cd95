// Package snapshot packs results of a workspace into one file, checks such a
// file, and makes a workspace of it.
//
// A snapshot is a tar archive in one zstd frame, followed by a skippable zstd
// frame (RFC 8878, 3.1.2) that holds the SHA-256 of all bytes before it. Any
// program that reads tar.zst reads it. The archive holds, in this order,
// pipeline.lock, card.md, and for each result of the lock its manifest.json and
// its files, sorted by path. Times, owners and modes are fixed, and compression
// runs in one thread: the same results and card give the same bytes. Logs hold
// times and are left out.
//
// A reader takes the lock for a list of what must follow: each entry must be a
// regular file of the next name and size, with the hash that the lock has for
// it. No other name, link or device is ever made, and nothing larger than the
// lock announces.
package snapshot
