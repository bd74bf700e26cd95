// Package pipeline binds the libraries to the cache of wakong/internal/stage:
// which stages there are, what each reads and writes, and which of the
// configuration's settings can change its result.
//
// The stages, each a folder WORKSPACE/cache/STAGE/FINGERPRINT:
//
//	crawl    sites                       -> documents.jsonl report.json *.warc.gz
//	segment  crawl, files                -> documents.jsonl sentences.txt report.json leaks.json [segmenter.bin]
//	embed    segment                     -> vocab.tsv vectors.bin [vectors.txt output.bin] metrics.jsonl report.json
//	build    segment, embed, files       -> train.bin valid.bin text.json report.json
//	train    build, embed                -> model.safetensors model.json metrics.jsonl text.json
//	predict  train, embed, a file        -> predictions.txt or predictions.jsonl
//
// A stage's parameters are a struct of this package that embeds the Params
// struct of its section of the configuration, and nothing of its Runtime struct:
// what cannot change the result cannot get into the fingerprint.
//
// Paths of input files are known in three forms: as written in the
// configuration, which goes into reports and fingerprints; resolved, which is
// opened; and as shown to the user in errors, relative to the working folder.
package pipeline
