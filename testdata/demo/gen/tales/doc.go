// Package tales turns the plain text of the demonstration's tales into what
// the demonstration needs: a web site to crawl and cloze questions to answer.
//
//   - tale: a file NNN.txt, its first line the title, every further line a
//     paragraph.
//   - training tale: a tale that stands on the site.
//   - held-out tale: a tale of the same world that stands on no page; the
//     questions are asked about these.
//   - question list: the hand-made file questions.txt, one question a line.
//
// Everything made here is a function of those files alone, so that a test can
// make it again and compare.
package tales
