// Package warc writes and reads WARC 1.1 archives (ISO 28500:2017), the format
// in which web archives keep what a crawler saw, byte for byte.
//
// Glossary:
//
//   - record: a version line, named fields, an empty line, a block of
//     Content-Length bytes, two line ends.
//   - block: the body of a record. Of a response record it is the whole HTTP
//     message, head and body.
//   - payload: the body of the HTTP message inside the block, still in its
//     content encoding (gzip), without the transfer encoding (chunked).
//   - member: one gzip stream. In a .warc.gz each record is a member of its own,
//     so that a reader can jump to a record, and archives are joined by joining
//     their files.
//
// The writer is our own and small because the archive of a crawl must be the
// same bytes for the same exchanges: record ids are derived from the content
// (see [NewRecord]) and the compressor is one whose version go.sum fixes. The
// general libraries draw random ids and pull in a monitoring system or a TLS
// stack.
package warc
