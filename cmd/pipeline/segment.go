package main

import "github.com/spf13/cobra"

func newSegmentCommand(a *app) *cobra.Command {
	return stageCommand(a, "segment", "Clean documents and cut them into sentences of words",
		`Reads the documents of the crawl and the files under segment.sources, cleans
them, drops copies, removes what shares text with the validation questions, and
cuts sentences into words. Text that is segmented already stays as it is unless
its source asks for resegment. segment.steps names the steps of cleaning; report.json
counts what each did, with examples. jieba's dictionaries are unpacked at first use
into the user's cache folder (XDG_CACHE_HOME), or else that for temporary files.

The stage's folder holds documents.jsonl (segmented), sentences.txt (a sentence a
line, words separated by a space), report.json and leaks.json. Runs the crawl
first where it is not up to date.`,
		`  pipeline segment
  pipeline segment --quiet && wc -l work/cache/segment/*/sentences.txt`)
}
