// Package demo holds the data of the built-in demonstration: a small web site
// of tales and forty cloze questions on further tales of the same world, all
// written for this project.
//
//   - site/: the site as static files, to be served at its root. One page,
//     site/tales/042.html, is GBK and says so in its meta element only: serve
//     .html files as "text/html" without a charset.
//   - questions.doc_query, questions.answer: the questions in the format of the
//     CMRC 2017 contest.
//
// tales/, heldout/ and questions.txt are the sources, which gen turns into
// these files.
package demo

import "embed"

//go:generate go run ./gen

// FS holds site/, questions.doc_query and questions.answer.
//
//go:embed site questions.doc_query questions.answer
var FS embed.FS
