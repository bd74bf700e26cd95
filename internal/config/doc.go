// Package config reads pipeline.yaml, the file that says which sites are
// crawled, which texts are segmented, and with which parameters vectors and
// network are trained.
//
// A file has one section per stage:
//
//	crawl:   {sites: [{name: tales, start: ["http://example.com/"], story: {title: "h1", body: ".story"}}]}
//	segment: {sources: [{format: text, path: stories/}]}
//	embed:   {size: 128, window: 5}
//	build:   {train: [{format: generate, per_passage: 20}]}
//	train:   {units: 128, layers: 2, epochs: 3}
//	predict: {input: questions.jsonl, format: jsonl, top: 5}
//
// What names an input (crawl.sites, segment.sources, build.train, build.valid,
// predict.input) is absent when left out; everything else has a documented
// default, see [Default].
//
// # Two kinds of settings
//
// Every section is a struct of two embedded structs: the Params, all fields of
// which go into the fingerprint of the stage because they can change what it
// writes, and the Runtime, no field of which does (threads, kernels). A setting
// belongs to the fingerprint because of the struct it stands in; there is no
// list to keep up to date.
//
// # Glossary
//
//   - section: the top-level key of a stage.
//   - key path: where a value stands, as in "segment.sources[1].path".
//   - written path: a path as it stands in the file, "${DATA}/a.jsonl"; it goes
//     into fingerprints and reports, so that a workspace does not depend on
//     where a project was cloned to.
//   - resolved path: the same with the environment put in, relative to the
//     folder of the configuration file; it is what gets opened.
//
// # Errors
//
// All that is wrong with a file is reported at once, as [Errors]; each [Error]
// reads "FILE:LINE:COLUMN: KEY PATH: what is wrong". Columns count characters
// from 1.
package config
