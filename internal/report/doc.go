// Package report writes one HTML page about a workspace: its stages, the corpus,
// the word vectors, the trainings, and how questions were answered.
//
// The page stands alone: it loads nothing, runs no script, and follows the
// reader's choice of a dark or light screen. Text of stories goes through
// html/template and is never markup. The same [Page] gives the same bytes.
//
// Curves and histograms are drawn by gonum.org/v1/plot as SVG, whose colours are
// then replaced by those of the page's style, so that they change with it. Their
// labels are numbers; words, which may be Chinese, stand in the page around them.
package report
